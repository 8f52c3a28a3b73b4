"""What goes into the session (events) and what comes out (actions). Plain frozen data, no behaviour."""

from dataclasses import dataclass, field
from typing import Literal

# ---------------------------------------------------------------- events


@dataclass(frozen=True, slots=True)
class Started:
    """The session begins."""

    at: int


@dataclass(frozen=True, slots=True)
class Heard:
    """A command was understood (or typed)."""

    at: int
    intent: str
    """A command of the pack, or "number"."""
    words: str
    value: float | None = None
    """The number, for the intent "number"."""
    final: bool = True


@dataclass(frozen=True, slots=True)
class Spoken:
    """The line with this token was played to its end (a line that was hushed never reports)."""

    at: int
    token: int


@dataclass(frozen=True, slots=True)
class Due:
    """A timer of the session ran out."""

    at: int
    """When it was due, which is at most one block before now."""
    timer: str


@dataclass(frozen=True, slots=True)
class Deaf:
    """The microphone or the recogniser is dead."""

    at: int


@dataclass(frozen=True, slots=True)
class Hearing:
    """Hearing came back."""

    at: int


@dataclass(frozen=True, slots=True)
class Closed:
    """Whoever gave the commands has left (end of typed input)."""

    at: int


@dataclass(frozen=True, slots=True)
class Notice:
    """Something beside the workout that the lifter should know: the diary cannot be written, say."""

    at: int
    line: str
    """A line of the pack without slots; said as soon as it disturbs nothing."""


Event = Started | Heard | Spoken | Due | Deaf | Hearing | Closed | Notice

# ---------------------------------------------------------------- actions


@dataclass(frozen=True, slots=True)
class Say:
    """Speak a line of the pack."""

    line: str
    slots: tuple[tuple[str, object], ...] = ()
    """Values for the {slots} of the line."""
    at: int | None = None
    """Exact position of the first sample; None: after what is already being said."""
    token: int = 0
    """Comes back in Spoken; 0: nobody waits for it."""


@dataclass(frozen=True, slots=True)
class Tone:
    """Play a short tone: "tick", "start", "end", "alarm" or "siren"."""

    name: str
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Hush:
    """Silence now: fades out what is playing and forgets what was to follow."""

    urgent: bool = False
    """True for stop and pain: then even a safety line falls silent."""


@dataclass(frozen=True, slots=True)
class Loudness:
    """Set the coach's volume."""

    db: float
    """Gain in dB relative to the voice as rendered."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth recording: goes to captions, to `--json` and to whoever else listens."""

    event: str
    """One of the names in docs/EVENTS.md."""
    data: dict[str, object] = field(default_factory=dict)
    at: int | None = None
    """Exact position, where it is not the moment of the event that caused it."""


@dataclass(frozen=True, slots=True)
class End:
    """The session is over; the room may close when all is said."""

    reason: Literal["complete", "finished", "pain", "screened", "silence", "deaf", "closed"]


Action = Say | Tone | Hush | Loudness | Note | End
