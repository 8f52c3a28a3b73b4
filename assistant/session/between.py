"""Between the sets: the switch of sides, and the rest."""

from assistant.events import Heard
from assistant.room import samples
from assistant.session.phase import GO_ON, Phase, is_talking
from assistant.session.state import Draft
from assistant.session.train import SCHEDULE_AHEAD, STARTS, count_down, longer_rest, tell_fix, where_in_sets

COUNT_SAMPLES = samples(3) + SCHEDULE_AHEAD
"""Before the end of a rest its "three, two, one" is handed to the mouth."""

TALK_REST_SECONDS = 45
"""Rests at least this long leave room for a word about a common mistake."""


class Switch(Phase):
    """From one leg to the other: a short pause of its own."""

    name = "switch"

    def enter(self, draft: Draft) -> None:
        draft.set(ends_at=draft.at + samples(draft.plan.switch_seconds))
        self.resume(draft)
        tell_fix(draft)

    def resume(self, draft: Draft) -> None:
        self.repeat(draft)
        draft.timer("over", max(draft.state.ends_at, draft.at))

    def repeat(self, draft: Draft) -> None:
        draft.say("switch", side=draft.state.side, seconds=draft.remaining_seconds())

    def hear(self, draft: Draft, heard: Heard) -> bool:
        if heard.intent == "more_rest":
            longer_rest(draft)
        elif heard.intent == "resume" and is_talking(draft):  # said twice, after a pause
            draft.hush()
            self.repeat(draft)
        elif heard.intent in STARTS - {"yes"}:
            draft.hush()
            draft.go("set")
        elif heard.intent in {"skip", "skip_rest", "next", "next_set"}:
            draft.hush()
            draft.go("ready")
        elif heard.intent in GO_ON:  # "done" with the other leg, "okay" to "fifteen seconds"
            draft.hush()
            self.repeat(draft)
        else:
            return False
        return True

    def due(self, draft: Draft, timer: str) -> None:
        if timer == "over":
            draft.go("ready")

    def spoken(self, draft: Draft) -> None:
        pass  # the clock leads on

    def where(self, draft: Draft) -> None:
        where_in_sets(draft)


class Rest(Phase):
    """Rest between sets: half-time, ten seconds, three, two, one."""

    name = "rest"

    def enter(self, draft: Draft) -> None:
        plan, state = draft.plan, draft.state
        draft.set(began_at=draft.at, ends_at=draft.at + samples(plan.rest_seconds))
        self.repeat(draft)
        if state.chatter == "full" and plan.rest_seconds >= TALK_REST_SECONDS:
            turn = state.named[0] if state.named else (state.set - 2) % len(plan.exercise.mistakes)
            mistake = plan.exercise.mistakes[turn]
            draft.set(fresh=False)
            draft.say("mistake", name=mistake.name, because=mistake.because, fix=mistake.fix)
        else:
            tell_fix(draft)
        self._set_timers(draft)

    def resume(self, draft: Draft) -> None:
        draft.say("rest_left", seconds=draft.remaining_seconds())
        self._set_timers(draft)

    def repeat(self, draft: Draft) -> None:
        draft.say("rest", seconds=draft.remaining_seconds(), set=draft.state.set, side=draft.state.side)

    def _set_timers(self, draft: Draft) -> None:
        state = draft.state
        length = state.ends_at - state.began_at
        draft.tell_time_left()
        for name, at, least in (
            ("half", state.began_at + length // 2, 30),
            ("ten", state.ends_at - samples(10), 15),
            ("count", state.ends_at - COUNT_SAMPLES, 5),
        ):
            if at > draft.at and length >= samples(least):
                draft.timer(name, at)
            else:
                draft.cancel(name)
        draft.timer("over", state.ends_at)

    def hear(self, draft: Draft, heard: Heard) -> bool:
        match heard.intent:
            case "more_rest":
                longer_rest(draft)
                self._set_timers(draft)
            case "ready" | "start":
                draft.hush()
                draft.go("set")
            case "skip_rest" | "skip" | "next" | "next_set" | "done" | "resume":
                draft.hush()
                draft.go("ready")
            case intent:
                if draft.state.ends_at - draft.at <= COUNT_SAMPLES:
                    draft.hush()  # the count gives way: an answer would sound together with it
                if intent not in {"okay", "yes"}:
                    return False
                # As often "I have heard you" as "go on": a rest is not cut short by it.
                draft.say("rest_left", seconds=draft.remaining_seconds())
        return True

    def due(self, draft: Draft, timer: str) -> None:
        match timer:
            case "left":
                draft.tell_time_left()
            case "half":
                draft.say("rest_left", seconds=draft.remaining_seconds())
            case "ten":
                draft.hush()
                draft.say("rest_ten")
            case "count":
                draft.hush()
                count_down(draft, draft.state.ends_at - samples(3))
            case "over":
                draft.go("ready")

    def spoken(self, draft: Draft) -> None:
        pass  # the clock leads on

    def where(self, draft: Draft) -> None:
        draft.say("where_rest", seconds=draft.remaining_seconds(), set=draft.state.set, sets=draft.plan.sets)

    def why(self, draft: Draft) -> None:
        draft.say("why_rest")
