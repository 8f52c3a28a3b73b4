"""A pain that was allowed to stay, and what it was told to be since then. Pure."""

from dataclasses import dataclass, field

from assistant.triage import Report


@dataclass(frozen=True, slots=True)
class Watch:
    """A pain that was allowed to stay: it is asked about after every set."""

    score: float
    """0 to 10, as it was said last."""
    rises: int = 0
    """How many times in a row it was worse than before."""
    report: Report = field(default_factory=Report)
    """What was said about it."""
