"""The state of a session, and the draft in which one step writes down what it changes and what it wants done."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from assistant.events import Action, End, Hush, Loudness, Note, Say, Tone
from assistant.plan import Plan
from assistant.room import samples, seconds
from assistant.session.lines import LINES
from assistant.session.watch import Watch
from assistant.tempo import Tempo
from assistant.triage import Report

if TYPE_CHECKING:
    from assistant.session.phase import Phase

Chatter = Literal["full", "short", "beeps"]
Side = Literal["left", "right"]

STALL_SECONDS = 90
"""If nothing else moves a phase that is speaking, this timer does: no phase may wait for ever on a clip's end."""

TELL_SECONDS = 10
MAX_GAIN_DB = 6.0
"""The loudest that the voice becomes: clips peak 3 dB below full scale."""


def kilos(kg: float | None) -> str:
    """A load, as a line's slot takes it."""
    return f"{kg:g} kg" if kg else "no_weight"


def other(side: Side) -> Side:
    """The other leg."""
    return "right" if side == "left" else "left"


@dataclass(frozen=True, slots=True)
class SideResult:
    """What was done on one side of one set."""

    set: int
    side: Side
    reps: int
    load_kg: float
    tempo: str
    ended: Literal["complete", "early", "skipped", "stopped", "pain", "interrupted"]


@dataclass(frozen=True, slots=True)
class State:
    """Everything the session knows. Positions are samples since the session began."""

    tempo: Tempo
    side: Side
    load_kg: float | None
    """Kilograms; 0 is body weight, None is not yet known."""
    phase: str = "new"
    at: int = 0
    """Position of the latest event."""
    timers: tuple[tuple[int, str], ...] = ()
    """(due at, name)"""
    token: int = 0
    """Of the line said last; a phase goes on when this one was spoken."""
    prompt: tuple[tuple[str, tuple[tuple[str, object], ...]], ...] = ()
    """(line, slots): what "repeat" says again."""
    asked: int = 0
    """How often silence was the answer in this phase."""
    item: int = 0
    """Which question, step or stretch of the phase."""
    other_side: bool = False
    """Whether a stretch has come to its second side."""
    set: int = 1
    reps: int = 0
    """Reps whose top was reached on this side of this set."""
    lifted_kg: float = 0.0
    """The heaviest load of these reps: after pain the last of them may be without weight."""
    loaded: bool = False
    eased: bool = False
    """Whether a count with a weight has begun in this workout; whether a pain took the weight away for today."""
    rep_start: int | None = None
    """Where the rep in hand starts; None: not counting yet."""
    rep_tempo: Tempo | None = None
    """The tempo of the rep in hand, as it was handed to the mouth."""
    began_at: int = 0
    ends_at: int = 0
    """Of a timed phase: warm-up, rest."""
    pending: str = ""
    """A line that takes the place of the next "lift" (an answer that must not disturb the count)."""
    results: tuple[SideResult, ...] = ()
    chatter: Chatter = "full"
    gain_db: float = 0.0
    question: str = ""
    """What a "yes" in the phase "confirm" means."""
    offered_kg: float = 0.0
    """The load that waits for a "yes"."""
    back_to: "State | None" = None
    """What an interruption (pause, stop, pain, question) came from."""
    report: Report = field(default_factory=Report)
    """What was said about pain, until something else is trained."""
    reported: str = ""
    """The level with which the report was noted; "": not yet."""
    asking: str = ""
    """Which question about it is open."""
    watch: Watch | None = None
    locked: frozenset[str] = frozenset()
    """Sides that must not be trained."""
    shut: frozenset[str] = frozenset()
    """Those whose lock was noted in this workout, as the note has them: "" is both."""
    number: str = ""
    """The emergency number, if it was chosen in this session."""
    screened: tuple[tuple[str, float], ...] = ()
    """Numbers that were said in the screen, by question; "first": a sentence answered nothing there."""
    named: tuple[int, ...] = ()
    """Mistakes that the lifter named, as positions in the exercise's list, the latest first."""
    fresh: bool = False
    """Whether the latest of them waits for its cue in the set that is going on, or for what helps after it."""
    reason: str = ""
    """Why the session is ending, from the moment it is."""
    resumed: bool = False
    """Whether this is the unfinished workout of the past, gone on with: then its plan counts."""
    notices: tuple[str, ...] = ()
    """Lines from outside (the diary, say) that wait until nothing is disturbed by them."""
    notice_token: int = 0
    """Of the last of them, while they are being said."""


class Draft:
    """One step in the making: the new state, and the actions in order."""

    def __init__(self, state: State, plan: Plan, at: int, phases: "dict[str, Phase]") -> None:
        self.plan = plan
        self.state = replace(state, at=max(state.at, at))
        self.actions: list[Action] = []
        self._phases = phases

    @property
    def at(self) -> int:
        """Now."""
        return self.state.at

    @property
    def number_to_call(self) -> str:
        """The emergency number, in digits."""
        return self.state.number or self.plan.number_to_call

    @property
    def phase(self) -> "Phase":
        """The phase we are in."""
        return self._phases[self.state.phase]

    def set(self, **changes: Any) -> None:
        """Changes fields of the state."""
        self.state = replace(self.state, **changes)

    def be_as_it_was(self) -> None:
        """Goes on with the unfinished workout: from here on its plan counts."""
        self.plan = self.plan.as_it_was()
        self.set(resumed=True)

    def goal(self) -> int:
        """Reps for the side in hand: as planned, but no more than the weaker side did before it in this set."""
        state, plan = self.state, self.plan
        planned = plan.reps_in(state.set)
        if plan.leads in {None, state.side}:
            return planned
        led = [r.reps for r in state.results if (r.set, r.side) == (state.set, plan.leads) and r.reps]
        return min([planned, *led])

    # ---- speech

    def say(self, line: str, *, at: int | None = None, **slots: object) -> None:
        """Says a line; with `at`, exactly there (then nobody waits for its end). What it says of the exercise is
        filled in."""
        facts = {name: fact for name, fact in self.plan.exercise.facts().items() if name in LINES[line]}
        pairs = tuple({**facts, **slots}.items())
        if at is None:
            self.set(token=self.state.token + 1)
            self.actions.append(Say(line, pairs, None, self.state.token))
            self.timer("stall", self.at + samples(STALL_SECONDS))
        else:
            self.actions.append(Say(line, pairs, at))

    def ask(self, line: str, **slots: object) -> None:
        """Says a line that "repeat" and a silence say again."""
        self.say(line, **slots)
        self.set(prompt=(*self.state.prompt, (line, tuple(slots.items()))))

    def new_prompt(self) -> None:
        """Forgets what "repeat" would say; what follows takes its place."""
        self.set(prompt=())

    def repeat_prompt(self) -> None:
        """Says the phase's prompt again."""
        for line, slots in self.state.prompt:
            self.say(line, **dict(slots))

    def tone(self, name: str, at: int | None = None) -> None:
        """Plays a tone."""
        self.actions.append(Tone(name, at))

    def hush(self, *, urgent: bool = False) -> None:
        """Silence, now. A phase that waited for the end of a line is not told of it any more."""
        self.actions.append(Hush(urgent))
        self.set(token=self.state.token + 1)

    def louder(self) -> None:
        """As loud as it goes, for somebody who may not have heard."""
        self.actions.append(Loudness(MAX_GAIN_DB))

    def back_to_loudness(self) -> None:
        """As loud as the lifter wants it."""
        self.actions.append(Loudness(self.state.gain_db))

    # ---- time

    def timer(self, name: str, at: int) -> None:
        """Sets a timer, in place of one of the same name."""
        self.cancel(name)
        self.set(timers=tuple(sorted((*self.state.timers, (at, name)))))

    def cancel(self, name: str) -> None:
        """Forgets a timer, if it is set."""
        self.set(timers=tuple(timer for timer in self.state.timers if timer[1] != name))

    # ---- moves

    def note(self, event: str, *, at: int | None = None, **data: object) -> None:
        """Records something for captions, `--json` and the like."""
        self.actions.append(Note(event, data, at))

    def go(self, phase: str, **changes: Any) -> None:
        """Enters a phase."""
        self.set(phase=phase, timers=(), asked=0, prompt=(), **changes)
        self._note_state()
        self.phase.enter(self)

    def interrupt(self, phase: str, *, urgent: bool = False, **changes: Any) -> None:
        """Falls silent and enters a phase that can be left with `resume`."""
        state = self.state
        back = state if state.back_to is None else state.back_to
        self.hush(urgent=urgent)
        self.go(phase, back_to=replace(back, timers=(), rep_start=None, pending=""), item=0, **changes)

    def resume(self) -> None:
        """Goes back to what was interrupted; the time in between does not count."""
        now, back = self.state, self.state.back_to
        assert back is not None, "resume without an interruption"
        gap = now.at - back.at
        self.state = replace(
            back,
            at=now.at,
            token=now.token,
            tempo=now.tempo,
            chatter=now.chatter,
            gain_db=now.gain_db,
            load_kg=now.load_kg,
            results=now.results,
            report=now.report,
            reported=now.reported,
            watch=now.watch,
            eased=now.eased,
            locked=now.locked,
            shut=now.shut,
            named=now.named,
            notices=now.notices,
            notice_token=now.notice_token,
            began_at=back.began_at + gap,
            ends_at=back.ends_at + gap,
            asked=0,
            prompt=(),
        )
        self._note_state()
        self.phase.resume(self)

    def end(self, reason: str) -> None:
        """The session is over."""
        self.set(phase="ended", timers=(), reason=reason)
        self._note_state()
        self.actions.append(End(reason))  # type: ignore[arg-type]

    def close_side(self, ended: str) -> None:
        """Records what was done on the side in hand."""
        state = self.state
        if any((done.set, done.side) == (state.set, state.side) for done in state.results):
            return
        load_kg = state.lifted_kg if state.reps else state.load_kg or 0.0
        result = SideResult(state.set, state.side, state.reps, load_kg, str(state.tempo), ended)  # type: ignore[arg-type]
        self.set(results=(*state.results, result))
        self.note(
            "side_done",
            set=result.set,
            side=result.side,
            reps=result.reps,
            load_kg=result.load_kg,
            tempo=result.tempo,
            ended=ended,
            of=self.goal(),
        )

    def _note_state(self) -> None:
        state = self.state
        back = state.back_to
        self.note(
            "state",
            state=state.phase,
            set=(back or state).set,
            side=(back or state).side,
            rep=(back or state).reps,
            item=state.item,
            **({"question": state.question} if state.phase == "confirm" else {}),
        )

    def remaining_seconds(self) -> int:
        """Whole seconds until a timed phase ends; it stands still during an interruption."""
        now = self.at if self.state.back_to is None else self.state.back_to.at
        return max(0, round(seconds(self.state.ends_at - now)))

    def tell_time_left(self) -> None:
        """Notes how much of a timed phase is left, now and every ten seconds."""
        self.note("time_left", state=self.state.phase, seconds=self.remaining_seconds())
        self.timer("left", self.at + samples(TELL_SECONDS))
