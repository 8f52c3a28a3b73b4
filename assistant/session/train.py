"""The work: ready, and the counted set."""

from assistant.events import Heard
from assistant.room import samples
from assistant.session.phase import GO_ON, Phase, is_talking
from assistant.session.state import Draft, State, kilos, other
from assistant.tempo import Beat, Cue, beats, fitting, ticks

SCHEDULE_AHEAD = samples(0.5)
"""A rep is handed to the mouth this long before it starts; longer than any block or sound card delay."""

MORE_REST_SECONDS = 30

TWICE_SECONDS = 1.5
"""A word that is said again within this time is the same one."""

STARTS = frozenset({"ready", "start", "resume", "yes"})
"""What begins a count. A weight is about to be lifted, so nothing that may mean "I have heard you" does."""


class Ready(Phase):
    """The set is announced; it starts when the lifter says so, never by itself."""

    name = "ready"

    def enter(self, draft: Draft) -> None:
        draft.set(began_at=draft.at)
        state, plan = draft.state, draft.plan
        load = kilos(state.load_kg)
        goal = draft.goal()
        draft.ask("set_intro", set=state.set, sets=plan.sets, side=state.side, reps=goal, load=load)
        if goal < plan.reps_in(state.set):
            draft.say("as_the_other", side=other(state.side))
        if not state.results and not state.reps:
            tempo = state.tempo
            draft.ask("tempo", lift=tempo.lift, hold=tempo.hold, lower=tempo.lower)
            if state.chatter == "full":
                for text in _settled(draft):
                    draft.say("text", text=text)
        if state.named and state.results:
            draft.set(fresh=False)
            draft.say("mistake_again", fix=plan.exercise.mistakes[state.named[0]].fix)
        draft.ask("ask_ready")

    def resume(self, draft: Draft) -> None:
        draft.ask("set_short", set=draft.state.set, side=draft.state.side)
        draft.ask("ask_ready")

    def hear(self, draft: Draft, heard: Heard) -> bool:
        match heard.intent:
            case "yes" | "resume" if is_talking(draft):  # said before it was asked, or twice
                draft.hush()
                draft.repeat_prompt()
            case "skip" if draft.at - draft.state.began_at < samples(TWICE_SECONDS):
                pass  # of the rest; a leg is not left out by the second one
            case intent if intent in STARTS:
                draft.hush()
                draft.go("set")
            case "done" if any(done.reps for done in draft.state.results):
                draft.interrupt("confirm", question="finish", asking=self.name)
            case intent if intent in GO_ON:  # as often "I have heard you", "I have finished", "I'm fine"
                draft.hush()
                draft.repeat_prompt()
            case "no":
                draft.hush()
                draft.say("take_your_time")
            case "switch_sides" if other(draft.state.side) in draft.state.locked:
                draft.hush()
                draft.say("side_locked", side=other(draft.state.side))
            case "switch_sides":
                draft.hush()
                self._swap(draft)
            case "more_rest":
                if not self._rests(draft):
                    draft.set(ends_at=draft.at)
                longer_rest(draft)
            case "skip":
                draft.hush()
                draft.close_side("skipped")
                after_side(draft)
            case "back":
                draft.hush()
                draft.go("steps", item=0)
            case _:
                return False
        return True

    def spoken(self, draft: Draft) -> None:
        if not self._rests(draft):
            super().spoken(draft)

    def due(self, draft: Draft, timer: str) -> None:
        if timer == "over":  # of the rest that was asked for
            draft.repeat_prompt()

    def _rests(self, draft: Draft) -> bool:
        return any(name == "over" for _, name in draft.state.timers)

    def silence(self, draft: Draft) -> None:
        # After a loaded set, or a pain that was let go on, nobody's answer is a reason to worry.
        state = draft.state
        loaded = state.loaded or any(done.load_kg and done.reps for done in state.results)
        draft.interrupt("ladder" if loaded or state.watch else "paused")

    def _swap(self, draft: Draft) -> None:
        state = draft.state
        if any((done.set, done.side) == (state.set, other(state.side)) for done in state.results):
            draft.say("side_done", side=other(state.side))
            draft.repeat_prompt()
        else:
            if state.reps:  # of a set that was to be gone on with
                draft.close_side("early")
            draft.set(side=other(state.side), reps=0, prompt=())
            self.resume(draft)

    def where(self, draft: Draft) -> None:
        where_in_sets(draft)


def _is_insisting_no(heard: Heard) -> bool:
    """ "No, no!" in a count; a single "no" is heard too often of what others say."""
    words = heard.words.split()
    return heard.intent == "no" and len(words) > 1 and len(set(words)) == 1


class CountedSet(Phase):
    """Three, two, one, and every rep on its beat. Positions are computed from the first, so nothing drifts."""

    name = "set"
    counting = True
    early = frozenset({"done", "next_set", "skip", "switch_sides"})

    def enter(self, draft: Draft) -> None:
        draft.set(rep_start=None, pending="")
        if draft.state.reps >= draft.goal():  # interrupted on the last way down
            end_side(draft, "complete")
        elif draft.state.reps:
            draft.ask("set_resume", side=draft.state.side, rep=draft.state.reps + 1)
        else:
            draft.ask("set_go", side=draft.state.side)

    def spoken(self, draft: Draft) -> None:
        if draft.state.rep_start is None:
            self._count_down(draft)

    def _count_down(self, draft: Draft) -> None:
        draft.cancel("stall")
        first = draft.at + SCHEDULE_AHEAD
        count_down(draft, first)
        start = first + samples(3)
        draft.set(rep_start=start, loaded=draft.state.loaded or bool(draft.state.load_kg))
        draft.timer("rep", start - SCHEDULE_AHEAD)
        draft.note("count_in", set=draft.state.set, side=draft.state.side, starts_at=start)

    def hear(self, draft: Draft, heard: Heard) -> bool:
        if heard.intent == "switch_sides" and not other_side_waits(draft):
            draft.set(pending="no_other_side")
        elif heard.intent == "switch_sides" and not draft.state.reps:  # the other leg first
            draft.hush()
            draft.go("ready", side=other(draft.state.side))
        elif heard.intent == "more_rest" or _is_insisting_no(heard):
            draft.interrupt("paused")
        elif heard.intent in self.early:
            draft.hush()
            draft.tone("end")
            end_side(draft, "early")
        else:
            return False
        return True

    def due(self, draft: Draft, timer: str) -> None:
        state = draft.state
        start, rep, rep_tempo = state.rep_start, state.reps + 1, state.rep_tempo or state.tempo
        match timer:
            case "stall":
                self._count_down(draft)
            case "rep" if start is not None:
                draft.set(rep_tempo=state.tempo)  # what was said "slower" to counts from the next rep
                self._schedule(draft, start, rep)
                draft.timer("top", start + state.tempo.top_samples)
            case "top" if start is not None:
                top = start + rep_tempo.top_samples
                draft.set(reps=rep, lifted_kg=state.lifted_kg if state.reps else state.load_kg or 0.0)
                draft.note("rep", at=top, set=state.set, side=state.side, rep=rep, of=draft.goal())
                end = start + rep_tempo.rep_samples
                if rep < draft.goal():
                    draft.set(rep_start=end)
                    draft.timer("rep", end - SCHEDULE_AHEAD)
                else:
                    draft.timer("over", end)
            case "over":
                draft.tone("end")
                end_side(draft, "complete")

    def _schedule(self, draft: Draft, start: int, rep: int) -> None:
        state, plan = draft.state, draft.plan
        cue = None if state.pending else cue_for(draft, rep)
        if state.chatter == "beeps":
            found = ticks(state.tempo, rep, cue)
        else:
            found = beats(state.tempo, rep, cue, plan.seconds_of)
        pending = state.pending
        for beat in found:
            if pending and beat.offset == 0:
                left = {"number": draft.goal() - state.reps} if pending == "reps_left" else {}
                draft.say(pending, at=start, **left)
                draft.set(pending="")
            else:
                self._play(draft, beat, start)

    def _play(self, draft: Draft, beat: Beat, start: int) -> None:
        at = start + beat.offset
        match beat.kind:
            case "tick":
                draft.tone("tick", at)
            case "number" | "count":
                draft.say("number", at=at, number=beat.value)
            case "cue":
                draft.say("text", at=at, text=beat.value)
            case kind:
                draft.say(f"beat_{kind}", at=at)

    def where(self, draft: Draft) -> None:
        if draft.phase is self:
            # Said in the place of the next "lift", so that the beat stays whole.
            draft.set(pending="reps_left")
        else:  # interrupted
            where_in_sets(draft)


def _settled(draft: Draft) -> tuple[str, ...]:
    """What the file decided where the guide leaves something open, as far as this workout keeps to it."""
    plan, settled = draft.plan, draft.plan.exercise.settled
    dose = plan.exercise.programming
    tempo = (settled.lift, settled.lower) if str(plan.tempo) == dose.tempo else ()
    length = (settled.rest_length,) if plan.rest_seconds == dose.rest_seconds.default else ()
    return (*tempo, settled.rest, *length, settled.head)


def end_side(draft: Draft, ended: str) -> None:
    """Records the side in hand, and leads on; without a rep it counts as skipped."""
    if draft.state.reps == 0 and ended == "early":
        ended = "skipped"
    draft.close_side(ended)
    after_side(draft)


def wait_after_pain(draft: Draft, back: State) -> None:
    """A counted set never starts again by itself after pain: the lifter has to say "ready". One that was interrupted
    on its last way down is over. `back`: what was interrupted."""
    draft.set(phase="ready", timers=(), asked=0, prompt=(), back_to=None)
    draft.set(set=back.set, side=back.side, reps=back.reps)
    if back.phase == "set" and back.reps >= draft.goal():
        end_side(draft, "complete")
    else:
        draft.go("ready")


def after_side(draft: Draft) -> None:
    """Where a finished side leads: the other leg, the rest, or the cool-down."""
    state, plan = draft.state, draft.plan
    if other_side_waits(draft):
        draft.go("switch", side=other(state.side), reps=0)
        return
    draft.note("set_done", set=state.set)
    if state.set >= plan.sets:
        last = state.results[-1]
        if last.reps and last.load_kg:
            draft.go("unload", item=0)  # a pain that is watched is asked about once the weight is off
            return
        draft.go("cooldown", item=0)
    else:
        first = other(plan.first_side) if plan.first_side in state.locked else plan.first_side
        draft.set(set=state.set + 1, side=first, reps=0)
        draft.go("rest" if plan.rest_seconds else "ready")
    if draft.state.watch:
        draft.interrupt("pain_check")


def other_side_waits(draft: Draft) -> bool:
    """Whether the other leg still has its turn in this set."""
    state = draft.state
    done = {result.side for result in state.results if result.set == state.set}
    return other(state.side) not in done | state.locked


def longer_rest(draft: Draft) -> None:
    """Half a minute more until the timer "over", told at once."""
    draft.set(ends_at=draft.state.ends_at + samples(MORE_REST_SECONDS))
    draft.hush()
    draft.say("rest_longer", seconds=draft.remaining_seconds())
    draft.timer("over", draft.state.ends_at)
    draft.note("more_rest", seconds=MORE_REST_SECONDS)


def count_down(draft: Draft, first: int) -> None:
    """Three, two, one, a second apart, from the position `first`."""
    for n in (3, 2, 1):
        draft.say("number", at=first + samples(3 - n), number=n)


def cue_for(draft: Draft, rep: int) -> Cue | None:
    """What the lifter has just named, at once, if it fits; else one cue on every second rep, in turn, and the first
    of them for the mistake that was named last. The second side and later sets start with another one."""
    state, exercise = draft.state, draft.plan.exercise
    if state.fresh:
        cue = fitting(exercise.mistakes[state.named[0]].as_beat(), state.tempo, draft.plan.seconds_of)
        if cue:
            draft.set(fresh=False)
            return cue
    if rep % 2 or state.chatter != "full":
        return None
    if rep == 2 and state.named:
        return exercise.mistakes[state.named[0]].as_beat()
    turn = rep // 2 - 1 + len(state.results)
    return exercise.cues[turn % len(exercise.cues)].as_beat()


def tell_fix(draft: Draft) -> None:
    """What helps, after a set in which a mistake was named and its cue fitted no rep, or none was left."""
    state = draft.state
    if state.fresh:
        draft.set(fresh=False)
        draft.say("mistake_fix", fix=draft.plan.exercise.mistakes[state.named[0]].fix)


def where_in_sets(draft: Draft) -> None:
    """Set and side."""
    draft.say("where_set", set=draft.state.set, sets=draft.plan.sets, side=draft.state.side)
