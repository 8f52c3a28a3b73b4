"""What earlier workouts say to this one: plain frozen data that the diary fills and the session reads. Pure."""

from dataclasses import dataclass


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


@dataclass(frozen=True, slots=True)
class Past:
    """All that a session may know of the ones before it."""

    first_use: bool = True
    pains: tuple[PainMemory, ...] = ()


@dataclass(frozen=True, slots=True)
class PainRow:
    """One report of pain, as a doctor may want to read it."""

    date: str
    """Day and time, local, as "2026-01-31 18:05"."""
    exercise: str
    side: str
    """ "left", "right", or "" for both or unknown."""
    set: int
    rep: int
    load_kg: float | None
    """None: it was not known yet; 0: body weight."""
    words: str
    """What was said, the answers after " / "."""
    place: str
    kind: str
    score: int | None
    """0 to 10."""
    sudden: bool | None
    """None: not asked, or not answered."""
    numb: bool | None
    row: str
    """Of red_flags.toml."""
    level: str
    advice: str
    next_morning: int | None
    """0 to 10, as told before the next session."""
