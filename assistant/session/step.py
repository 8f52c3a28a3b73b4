"""One step of the session, and the object that holds the state between steps."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from assistant.events import Action, Closed, Deaf, Due, Event, Heard, Hearing, Hush, Loudness, Notice, Spoken, Started
from assistant.plan import Plan
from assistant.room import samples
from assistant.session import (  # noqa: F401  (each adds its phases)
    between,
    finish,
    interrupt,
    ladder,
    load,
    pain,
    pain_check,
    prepare,
    report,
    resume,
    screen,
    train,
)
from assistant.session.interrupt import DeafPhase
from assistant.session.phase import GAIN_STEP_DB, MIN_GAIN_DB, PHASES, follows_a_loaded_count, is_talking
from assistant.session.state import MAX_GAIN_DB, Draft, State

IN_PAIN = frozenset({"pain", "pain_check", "ladder", "emergency"})
"""Phases in which a report is open, and that read all words themselves."""

ENDING = frozenset({"summary", "farewell", "ended"})
MAY_BE_TOLD = frozenset(
    {"greeting", "warmup", "equipment", "load", "steps", "ready", "switch", "rest", "cooldown", "summary"}
)
"""Phases in which a notice from outside disturbs neither a count nor a question of safety."""
CAN_CHANGE_LOAD = frozenset({"steps", "ready", "switch", "rest", "paused", "stopped"})
NOTICE_SECONDS = 12
"""A rest that is shorter has no room for a notice: its end is counted down."""
CRY_AGAIN_SECONDS = 30
"""So soon after a "help" another one asks for no list of commands."""
CHATTER = ("beeps", "short", "full")


def step(state: State, event: Event, plan: Plan) -> tuple[State, tuple[Action, ...]]:
    """The next state and what to do about it. Pure: same input, same output, nothing else is touched."""
    draft = Draft(state, plan.as_it_was() if state.resumed else plan, event.at, PHASES)
    match event:
        case Started() if state.phase == "new":
            draft.go("unfinished" if plan.past.unfinished else "greeting")
        case _ if state.phase in {"new", "ended"}:
            pass
        case Due(timer=timer):
            draft.cancel(timer)
            _due(draft, timer)
        case Spoken(token=token):
            if token == state.token:
                draft.cancel("stall")
                draft.phase.spoken(draft)
        case Heard():
            _heard(draft, event)
        case Deaf():
            if state.phase not in {"deaf", "ladder", "emergency", *ENDING}:  # those call for others to hear
                draft.interrupt("deaf", question=state.phase)
        case Hearing():
            if isinstance(draft.phase, DeafPhase):
                draft.phase.hearing(draft)
        case Closed():
            _closed(draft)
        case Notice(line=line):
            draft.set(notices=(*draft.state.notices, line), notice_token=0)
    _tell_notices(draft, event)
    return draft.state, tuple(draft.actions)


def _tell_notices(draft: Draft, event: Event) -> None:
    """Says what waits to be told, when it may; what is hushed before its end is told once more, later."""
    if isinstance(event, Spoken) and event.token == draft.state.notice_token:
        draft.set(notices=(), notice_token=0)
    elif any(isinstance(action, Hush) for action in draft.actions):
        draft.set(notice_token=0)
    state = draft.state
    is_short = state.phase in {"switch", "rest"} and draft.remaining_seconds() < NOTICE_SECONDS
    if state.notices and not state.notice_token and state.phase in MAY_BE_TOLD and not is_short:
        for line in state.notices:
            draft.say(line)
        draft.set(notice_token=draft.state.token)


def _closed(draft: Draft) -> None:
    if draft.state.phase not in ENDING:
        draft.phase.closed(draft)


def _due(draft: Draft, timer: str) -> None:
    if timer == "silence":
        draft.phase.silent(draft)
    elif timer == "stall" and not draft.phase.counting and draft.state.phase not in {"summary", "farewell"}:
        # The clip's end never came (a broken clip, say): carry on as if it had.
        draft.phase.spoken(draft)
    else:
        draft.phase.due(draft, timer)


def _heard(draft: Draft, heard: Heard) -> None:
    """What stops comes first, then what means something in this phase, then what means the same everywhere."""
    phase = draft.phase
    if heard.intent == "too_much":
        heard = replace(heard, intent="answer" if phase.name in ENDING else phase.too_much(draft))
    was_waiting = any(name == "silence" for _, name in draft.state.timers)
    draft.cancel("silence")  # somebody is there; the wait begins anew after our answer
    if not phase.asks:  # there, an answer that answers nothing counts as silence
        draft.set(asked=0)
    if heard.intent == "answer" and not phase.asks:
        pass  # no question is open: small talk
    elif heard.intent == "pain" and phase.name not in IN_PAIN | {"screen"}:
        report.note_opened(draft, heard.words)
        report.open_report(draft, heard)
        draft.interrupt("pain", urgent=True)
    elif heard.intent == "stop" and phase.name not in {"stopped", *IN_PAIN, *ENDING}:
        draft.note("stop", state=phase.name, **report.at_which_rep(draft))
        draft.interrupt("stopped", urgent=True)
    elif phase.name in ENDING and draft.state.reason == "pain" and report.is_cry(draft, heard):
        report.call_out(draft, heard)
    elif not phase.hear(draft, heard) and not _anywhere(draft, heard):
        draft.note("not_now", intent=heard.intent, state=phase.name)
        if not phase.counting and phase.name not in ENDING:
            draft.say("not_now")
    if was_waiting and draft.phase is phase and not is_talking(draft):
        phase.spoken(draft)  # nothing was said in answer, so nothing will tell us to wait again


def _anywhere(draft: Draft, heard: Heard) -> bool:
    """Commands that mean the same in every phase; False when this one does not fit here."""
    phase = draft.phase
    if phase.name in ENDING and heard.intent not in {"repeat", "louder", "quieter", "stop"}:
        return True  # nothing left to command, nothing worth an answer
    match heard.intent:
        case "pause" if phase.name not in {"paused", "stopped", *IN_PAIN}:
            draft.interrupt("paused")
        case "no_weight" if phase.counting:  # "no, wait" sounds the same, and nobody chooses a weight in a set
            draft.interrupt("paused")
        case "finish":
            draft.interrupt("confirm", question="finish", asking=phase.name)
        case "stop":  # in a phase that is ending anyway
            draft.hush(urgent=True)
            draft.end(draft.state.reason)
        case "repeat" if not phase.counting:
            draft.hush()
            phase.repeat(draft)
        case "help":
            _help(draft, heard)
        case "where":
            PHASES[(draft.state.back_to or draft.state).phase].where(draft)
        case "why" if not phase.counting:
            draft.hush()
            phase.why(draft)
        case "last_time" if not phase.counting:
            draft.hush()
            load.tell_last_time(draft)
        case "louder" | "quieter":
            _louder(draft, GAIN_STEP_DB if heard.intent == "louder" else -GAIN_STEP_DB)
        case "slower" | "faster":
            _pace(draft, heard.intent)
        case "mistake":
            return _mistake(draft, heard)
        case "change_load" if phase.counting:  # first the weight is put down
            draft.interrupt("paused")
        case "change_load" if phase.name in CAN_CHANGE_LOAD:
            return load.change(draft)
        case "weight_off":
            pass  # nothing to do about it
        case "less_talk" | "more_talk":
            _talk(draft, 1 if heard.intent == "more_talk" else -1)
        case _:
            return False
    return True


def _help(draft: Draft, heard: Heard) -> None:
    if draft.phase.counting:  # whoever needs help in a set should not have to hold a weight meanwhile
        draft.interrupt("paused")
        draft.set(item=1)  # a second one is a cry
    elif follows_a_loaded_count(draft.state) and report.is_cry(draft, heard):
        if any(name == "help" for _, name in draft.state.timers):  # so is it soon after a loaded count
            draft.interrupt("ladder", urgent=True)
            return
        draft.hush()
        draft.timer("help", draft.at + samples(CRY_AGAIN_SECONDS))
    else:
        draft.hush()
    draft.say(f"help_{draft.phase.name}")
    draft.say("help_always")


def _louder(draft: Draft, change_db: float) -> None:
    gain = min(MAX_GAIN_DB, max(MIN_GAIN_DB, draft.state.gain_db + change_db))
    draft.note("loudness", db=gain)
    if gain == draft.state.gain_db and not draft.phase.counting:
        draft.say("loudness_limit")
    draft.set(gain_db=gain)
    draft.actions.append(Loudness(gain))
    draft.tone("tick")


def _pace(draft: Draft, way: str) -> None:
    old = draft.state.tempo
    new = old.slower() if way == "slower" else old.faster()
    draft.set(tempo=new)
    draft.note("tempo", tempo=str(new))
    if draft.phase.counting:
        draft.set(pending="tempo_limit" if new == old else f"tempo_{way}")
    elif new == old:
        draft.say("tempo_limit")
    else:
        draft.say("tempo", lift=new.lift, hold=new.hold, lower=new.lower)


def _mistake(draft: Draft, heard: Heard) -> bool:
    """What the lifter notices about their own form: the fix in one line, or in a set its cue on the next rep."""
    exercise, state = draft.plan.exercise, draft.state
    named = exercise.mistake_named(heard.words)
    if named is None:  # of another exercise
        return False
    mistake = exercise.mistakes[named]
    draft.note("mistake_named", mistake=mistake.name, words=heard.words, set=state.set, side=state.side)
    draft.set(named=(named, *(one for one in state.named if one != named)))
    if draft.phase.counting:
        draft.set(fresh=True)
        if mistake.slows:
            _pace(draft, "slower")
    else:
        draft.hush()
        draft.say("mistake_fix", fix=mistake.fix)
    return True


def _talk(draft: Draft, change: int) -> None:
    level = CHATTER[max(0, min(2, CHATTER.index(draft.state.chatter) + change))]
    draft.set(chatter=level)
    draft.note("chatter", level=level)
    if not draft.phase.counting:
        draft.say(f"chatter_{level}")


class Session:
    """Holds the state between steps."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        locked = screen.locked_at_start(plan)
        self.state = State(tempo=plan.tempo, side=plan.first_side, load_kg=plan.load_kg, locked=locked)

    def handle(self, event: Event) -> Iterable[Action]:
        """Steps, and returns what is to be done."""
        self.state, actions = step(self.state, event, self.plan)
        return actions

    def due(self, now: int) -> Iterator[Due]:
        """The timers that have run out by `now`, in order; each is read afresh, as handling one may move others."""
        while self.state.timers and self.state.timers[0][0] <= now:
            at, name = self.state.timers[0]
            yield Due(at, name)
            if self.state.timers and self.state.timers[0] == (
                at,
                name,
            ):  # nobody handled it: never loop on it
                self.state = replace(self.state, timers=self.state.timers[1:])

    @property
    def counting(self) -> bool:
        """Whether reps are being counted."""
        return self.state.phase in PHASES and PHASES[self.state.phase].counting

    @property
    def asks(self) -> bool:
        """Whether any words may be an answer now."""
        return self.state.phase in PHASES and PHASES[self.state.phase].asks

    @property
    def ended(self) -> bool:
        """Whether the session is over."""
        return self.state.phase == "ended"
