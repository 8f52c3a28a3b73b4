"""What the diary gives back: plain frozen rows."""

from dataclasses import dataclass

from assistant.dates import Moment


@dataclass(frozen=True, slots=True)
class WorkDone:
    """One leg's part of one set: a row of the export."""

    session: int
    started: Moment
    exercise: str
    variation: str
    set: int
    side: str
    reps: int
    reps_planned: int
    load_kg: float
    tempo: str
    tempo_kept: bool
    ended: str
    """complete, early, skipped, stopped, pain, interrupted"""
    pain_score: int | None
    """The worst score reported on this side, or without a side, from this set on until the next one that was done."""
    pain_level: str
    """The worst level of these reports; "" for none."""


@dataclass(frozen=True, slots=True)
class SideOfSession:
    """One leg's part of a session."""

    sets: int
    """With at least one rep."""
    reps: int
    reps_planned: int
    load_kg: float
    """The heaviest of its sets."""
    volume_kg: float
    """Reps times load, summed; 0 without a weight."""
    tempo_kept: bool


@dataclass(frozen=True, slots=True)
class SessionDone:
    """A session, with both legs."""

    id: int
    started: Moment
    exercise: str
    variation: str
    reason: str
    """Why it ended; "" while it has not."""
    left: SideOfSession
    right: SideOfSession
    pain_left: int | None
    """The worst score, 0 to 10; None: none was given."""
    pain_right: int | None
    hurt: bool
    """Whether pain was reported at all."""


@dataclass(frozen=True, slots=True)
class PainReport:
    """One report of pain, with its answers."""

    id: int
    at: Moment
    session: int
    exercise: str
    phase: str
    side: str
    """left, right, or "" for both or unknown"""
    set: int
    rep: int
    load_kg: float | None
    words: str
    place: str
    kind: str
    score: int | None
    sudden: str
    """yes, no, or "" """
    numb: str
    chest: str
    row: str
    """Of the triage table."""
    level: str
    """ "": the questions were never finished"""
    advice: str
    next_morning: int | None
    """The score of the morning after, where it was asked."""
