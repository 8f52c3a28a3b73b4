"""An exercise: all there is to say about it, as its file in voices/<language>/exercises/ holds it."""

from typing import Literal

from assistant.tables import Table
from assistant.tempo import Cue as CueBeat
from assistant.tempo import Tempo
from assistant.words import words as words_of


class Range(Table, frozen=True):
    """A dose: from, to, and where we start."""

    low: int
    high: int
    default: int


class DaysAWeek(Table, frozen=True):
    """(from, to) days a week."""

    beginner: tuple[int, int]
    experienced: tuple[int, int]


class Programming(Table, frozen=True):
    """How much, how often."""

    reps: Range
    sets: Range
    rest_seconds: Range
    days_a_week: DaysAWeek
    recovery_hours: tuple[int, int]
    progress_percent_a_week: int
    tempo: str
    warmup_minutes: Range
    advice: tuple[str, ...]


class Settled(Table, frozen=True):
    """What the source leaves open and this file decides; spoken once."""

    lift: str
    lower: str
    rest: str
    rest_length: str
    head: str

    def texts(self) -> tuple[str, ...]:
        """All of them, in order."""
        return (self.lift, self.lower, self.rest, self.rest_length, self.head)


class Check(Table, frozen=True):
    """A line of the checklist before the exercise."""

    topic: Literal["screen", "warmup", "equipment", "space"]
    text: str
    why: str


class WarmUpItem(Table, frozen=True):
    """What to do from this share of the warm-up on."""

    at_percent: int
    text: str


class WarmUp(Table, frozen=True):
    """The warm-up."""

    items: tuple[WarmUpItem, ...]


class Step(Table, frozen=True):
    """A step of the set-up."""

    name: str
    text: str
    why: str


class Cue(Table, frozen=True):
    """A coaching cue, and the part of a rep where it belongs."""

    phase: Literal["lift", "lower"]
    text: str
    why: str

    def as_beat(self) -> CueBeat:
        """As the tempo takes it."""
        return CueBeat(self.phase, self.text)


class Mistake(Table, frozen=True):
    """A common mistake, why it happens and what helps."""

    name: str
    because: str
    fix: str
    phase: Literal["lift", "lower"]
    """The part of a rep in which the cue is said."""
    cue: str
    """The fix in a few words, to fit a beat."""
    phrases: tuple[str, ...]
    """How the lifter names it: nobody watches, so they tell us."""
    slows: bool = False
    """Whether naming it also slows the count down."""

    def as_beat(self) -> CueBeat:
        """Its cue, as the tempo takes it."""
        return CueBeat(self.phase, self.cue)


class Variation(Table, frozen=True):
    """Another way to do the exercise."""

    id: str
    name: str
    text: str
    tempo: str = ""
    """Empty: the exercise's own."""


class Stretch(Table, frozen=True):
    """A stretch of the cool-down."""

    seconds: int
    """Of each side, if it is sided."""
    text: str
    sided: bool = True
    """Whether one side follows the other; False: both at once."""


class CoolDown(Table, frozen=True):
    """Mobility after the last set."""

    items: tuple[Stretch, ...]
    why: str


class Safety(Table, frozen=True):
    """What is normal, when to ask a doctor, what prevents trouble."""

    let_go: str
    """How to get out from under the weight, at once: said after "stop" when something hurts."""
    normal: str
    seek_advice: tuple[str, ...]
    before_you_start: str
    prevention: tuple[str, ...]


class TakeHome(Table, frozen=True):
    """What to remember."""

    points: tuple[str, ...]


class Source(Table, frozen=True):
    """Where the facts come from."""

    title: str
    publisher: str
    published: str


class Exercise(Table, frozen=True):
    """All there is to say about an exercise."""

    id: str
    name: str
    summary: str
    source: Source
    benefits: tuple[str, ...]
    programming: Programming
    settled: Settled
    checklist: tuple[Check, ...]
    warmup: WarmUp
    steps: tuple[Step, ...]
    cues: tuple[Cue, ...]
    mistakes: tuple[Mistake, ...]
    cooldown: CoolDown
    safety: Safety
    take_home: TakeHome
    variations: tuple[Variation, ...] = ()
    says_commands: tuple[str, ...] = ()
    """Commands in its texts, declared."""

    def check(self, topic: str) -> Check:
        """The checklist's line on a topic (the loader has made sure that it is there)."""
        return next(check for check in self.checklist if check.topic == topic)

    def mistake_named(self, words: str) -> int | None:
        """Which mistake somebody names, as a position in the list; the longest phrase that stands in the words."""
        said = f" {' '.join(words_of(words))} "
        found = [
            (len(phrase), n)
            for n, mistake in enumerate(self.mistakes)
            for phrase in mistake.phrases
            if f" {phrase} " in said
        ]
        return max(found)[1] if found else None

    def facts(self) -> dict[str, object]:
        """What lines about any exercise say of this one, by the names of their slots."""
        warmup, rest = self.programming.warmup_minutes, self.programming.rest_seconds
        return {
            "let_go": self.safety.let_go,
            "warmup_low": warmup.low,
            "warmup_high": warmup.high,
            "rest_low": rest.low,
            "rest_high": rest.high,
        }

    def default_tempo(self) -> Tempo:
        """The tempo of the plain exercise."""
        return Tempo.parse(self.programming.tempo)
