"""What earlier workouts say to this one: plain frozen data that the diary fills and the session reads. Pure."""

from dataclasses import dataclass
from typing import Literal

from assistant.progress import Suggestion


@dataclass(frozen=True, slots=True)
class PainMemory:
    """The last report of pain on one side."""

    side: str
    """ "left", "right", or "" for both or unknown."""
    days_ago: float
    level: str
    """A level of red_flags.toml."""
    place: str
    score: int | None
    sessions_in_a_row: int
    """Sessions with pain on this side, up to the last one."""
    worsening: bool
    locked: bool
    """Loaded work on this side is locked until an explicit check."""
    morning_asked: bool
    """Whether the next-morning score is known."""
    morning_score: int | None = None
    """That score, where it is written down."""


@dataclass(frozen=True, slots=True)
class LastTime:
    """The workout before this one, with the same exercise."""

    days_ago: float
    """By the calendar."""
    sets: int
    """Full sets: both legs."""
    left: int
    """Reps."""
    right: int
    load_kg: float


@dataclass(frozen=True, slots=True)
class SideDone:
    """One leg's part of a set of the unfinished workout."""

    set: int
    side: Literal["left", "right"]
    reps: int
    load_kg: float
    tempo: str
    ended: str


@dataclass(frozen=True, slots=True)
class Told:
    """A report of pain in the unfinished workout that let it go on."""

    words: str
    """All that was said, with " / " between."""
    score: float
    eased: bool
    """Whether it took the weight away."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A workout that was cut off: the power went, or the program died."""

    session: int
    """Its number in the diary."""
    hours_ago: float
    set: int
    side: Literal["left", "right"]
    reps: int
    """Done on this side of this set."""
    load_kg: float
    tempo: str
    """As it was at the end."""
    done: tuple[SideDone, ...]
    # Its plan, which may be another one than today's.
    sets: int
    reps_planned: int
    more_sets: int
    tempo_planned: str
    rest_seconds: int
    first_side: Literal["left", "right"]
    leads: Literal["left", "right"] | None
    variation: str
    watched: tuple[Told, ...] = ()
    """Pains that were allowed to stay, in order."""


@dataclass(frozen=True, slots=True)
class Past:
    """Everything that the session may know about before."""

    first_use: bool = True
    """Whether the question of the first time has no answer yet."""
    pains: tuple[PainMemory, ...] = ()
    # --- the diary's part
    last: LastTime | None = None
    suggestion: Suggestion | None = None
    """None: there is nothing to go by yet."""
    unlocked: Suggestion | None = None
    """The same for when no leg is locked any more."""
    most_kg: float | None = None
    """Where this variation has had no weight yet: how much of one is not too much after the other variations, in
    kilograms; None: nothing to go by. A heavier wish is warned about."""
    hours_since_intense: float | None = None
    """Since the end of the last hard workout; None: none within the guide's hours of recovery."""
    days_trained: int = 0
    """Workouts in the last seven days."""
    days_a_week: int = 0
    """How many the guide advises at most, with this much experience; 0: not known."""
    unfinished: Unfinished | None = None
