"""A session without sound: every line takes a second, and time is moved by hand. For fast tests of the logic."""

from collections.abc import Callable
from functools import cache
from typing import Any

from assistant import pack as packs
from assistant import plan as plans
from assistant.app import Record
from assistant.events import Closed, Deaf, End, Event, Heard, Hearing, Hush, Note, Notice, Say, Spoken, Started
from assistant.exercise import Exercise
from assistant.interpret import Interpreter
from assistant.keyboard import heard
from assistant.pack import Pack
from assistant.parts import voices_folder
from assistant.past import Past
from assistant.plan import Plan, Wishes
from assistant.room import BLOCK, RATE, samples
from assistant.session import Session

LINE = samples(1.0)


@cache
def _pack() -> Pack:
    return packs.load(voices_folder() / "en")


@cache
def _interpreter() -> Interpreter:
    return Interpreter(_pack())


class Talk:
    """Drives a session as the app does, block by block."""

    def __init__(self, plan: Plan, observer: Callable[[Record], object] = lambda record: None) -> None:
        self._observer = observer
        self.session = Session(plan)
        self.interpreter = _interpreter()
        self.now = 0
        self.says: list[Say] = []
        self.notes: list[Note] = []
        self.ended: str | None = None
        self.hushed_at: list[int] = []
        self.hushed_urgently = False
        self._queue: list[tuple[int, int]] = []  # (ends at, token)
        self._busy_until = 0
        self._send(Started(0))

    @property
    def state(self) -> str:
        """The phase."""
        return self.session.state.phase

    @property
    def lines(self) -> list[str]:
        """Everything said so far, by id."""
        return [say.line for say in self.says]

    def events(self, name: str) -> list[Note]:
        """The notes of one kind."""
        return [note for note in self.notes if note.event == name]

    def say(self, *intents: str, value: float | None = None) -> "Talk":
        """The person says commands, each once the coach has finished talking (in a set: at once)."""
        for intent in intents:
            if not self.session.counting:
                self.listen()
            self._send(Heard(self.now, intent, intent, value))
        return self

    def interrupt(self, intent: str, words: str = "") -> "Talk":
        """The person says a command right now."""
        self._send(Heard(self.now, intent, words or intent))
        return self

    def words(self, *utterances: str) -> "Talk":
        """The person says words, each once the coach has finished talking, and is understood by the pack's rules."""
        for words in utterances:
            if not self.session.counting:
                self.listen()
            self.utter(words)
        return self

    def utter(self, words: str) -> "Talk":
        """The person says words right now."""
        complaints: list[str] = []
        for event in heard(self.interpreter, words, self.now, complaints.append, asks=self.session.asks):
            self._send(event)
        return self

    def listen(self) -> "Talk":
        """Until the coach has finished talking."""
        while self._busy_until > self.now:
            self._block()
        return self

    def wait(self, seconds: float) -> "Talk":
        """Time passes."""
        end = self.now + samples(seconds)
        while self.now < end and self.ended is None:
            self._block()
        return self

    def until(self, state: str, at_most_seconds: float = 600) -> "Talk":
        """Time passes until a phase is entered."""
        end = self.now + samples(at_most_seconds)
        while self.state != state:
            assert self.now < end, f"still in {self.state}, not in {state}"
            self._block()
        return self

    def deaf(self) -> "Talk":
        """The microphone dies."""
        self._send(Deaf(self.now))
        return self

    def hearing(self) -> "Talk":
        """The microphone comes back."""
        self._send(Hearing(self.now))
        return self

    def notice(self, line: str) -> "Talk":
        """Something outside has to be told."""
        self._send(Notice(self.now, line))
        return self

    def close(self) -> "Talk":
        """The input ends."""
        self._send(Closed(self.now))
        return self

    def _block(self) -> None:
        self.now += BLOCK
        for ends, token in list(self._queue):
            if ends <= self.now and (ends, token) in self._queue:
                self._queue.remove((ends, token))
                self._send(Spoken(ends, token))
        for due in self.session.due(self.now):
            self._send(due)

    def _send(self, event: Event) -> None:
        for action in self.session.handle(event):
            match action:
                case Say(at=None, token=token):
                    self.says.append(action)
                    self._busy_until = max(self._busy_until, self.now) + LINE
                    self._queue.append((self._busy_until, token))
                case Say():
                    self.says.append(action)
                case Hush(urgent=urgent):
                    self.hushed_at.append(self.now)
                    self.hushed_urgently = urgent
                    self._queue.clear()
                    self._busy_until = self.now
                case Note():
                    self.notes.append(action)
                    self._observer(Record(self.now if action.at is None else action.at, action.event, action.data))
                case End(reason=reason):
                    self.ended = reason
                    self._observer(Record(self.now, "ended", {"reason": reason}))


def make_plan(exercise: Exercise, wishes: Wishes, past: Past | None = None) -> Plan:
    """A plan, without a past for somebody who has trained here before and has no pain."""
    return plans.make(exercise, wishes, _pack().reader, past or Past(first_use=False))


def plan_of(pack: Pack, past: Past | None = None, **wishes: Any) -> Plan:
    """The same for the exercise that ships."""
    return make_plan(pack.exercises["single-leg-hip-thrust"], Wishes(**wishes), past)


def to_ready(talk: Talk) -> Talk:
    """Through everything before the first set."""
    talk.say("ready", "no", "no", "skip", "yes", "yes", "yes")
    if talk.state == "load":
        talk.say("no_weight")
    return talk.say("skip").listen()


def in_a_set(talk: Talk) -> Talk:
    """At the work, with one rep done."""
    to_ready(talk).say("ready")
    while not talk.events("rep"):
        talk.wait(0.1)
    return talk


def seconds_of(at_samples: int) -> float:
    """A position in seconds."""
    return at_samples / RATE
