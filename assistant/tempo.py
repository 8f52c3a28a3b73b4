"""Tempo: where the beats of a rep stand, and what is said on each. Pure arithmetic on the sample clock."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from assistant.errors import AssistantError
from assistant.room import samples

Phase = Literal["lift", "hold", "lower", "wait"]

SLOWEST_LOWER, FASTEST_LOWER = 5, 2
"""Seconds. The guide asks for two to three seconds down, so "faster" never goes below two."""

SLACK_SECONDS = 0.05
"""Silence kept between a word and the next beat."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """Seconds for each part of a rep, written lift-hold-lower-wait as in "2-1-3-0"."""

    lift: int
    hold: int
    lower: int
    wait: int

    @classmethod
    def parse(cls, text: str) -> "Tempo":
        """Reads "2-1-3-0". Raises AssistantError for anything else."""
        parts = text.strip().split("-")
        if len(parts) != 4 or not all(part.isascii() and part.isdigit() and len(part) < 3 for part in parts):
            raise AssistantError(
                f"tempo {text!r}: write four whole numbers of seconds, lift-hold-lower-wait, as in 2-1-3-0"
            )
        tempo = cls(*map(int, parts))
        if not (1 <= tempo.lift <= 10 and tempo.hold <= 10 and 1 <= tempo.lower <= 10 and tempo.wait <= 10):
            raise AssistantError(
                f"tempo {text!r}: lift and lower take 1 to 10 seconds, hold and wait 0 to 10; try 2-1-3-0"
            )
        return tempo

    def __str__(self) -> str:
        return f"{self.lift}-{self.hold}-{self.lower}-{self.wait}"

    @property
    def rep_samples(self) -> int:
        """Length of one rep."""
        return samples(self.lift + self.hold + self.lower + self.wait)

    @property
    def top_samples(self) -> int:
        """From the start of a rep to its top, where it counts."""
        return samples(self.lift)

    def slower(self) -> "Tempo":
        """One second more on the way down, up to SLOWEST_LOWER."""
        return replace(self, lower=max(self.lower, min(self.lower + 1, SLOWEST_LOWER)))

    def faster(self) -> "Tempo":
        """One second less on the way down, but never below FASTEST_LOWER."""
        return replace(self, lower=min(self.lower, max(self.lower - 1, FASTEST_LOWER)))


@dataclass(frozen=True, slots=True)
class Beat:
    """One word or tick of a rep."""

    offset: int
    """Samples after the rep's start."""
    kind: Literal["lift", "number", "hold", "lower", "count", "cue", "tick"]
    value: int | str | None = None
    """The number to say, or a cue's text."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A coaching cue and the phase in which it is said."""

    phase: Literal["lift", "lower"]
    text: str


def beats(tempo: Tempo, rep: int, cue: Cue | None, seconds_of: Mapping[str, float]) -> tuple[Beat, ...]:
    """The beats of one rep, in order, with everything that cannot fit left out.

    `seconds_of` gives the spoken length of a cue, and of a number or word by its key ("3", "hold").
    A cue takes the place of its phase's words when it fits in the phase, else the words are said: a count
    that is late is worse than a cue that is missing. The number stands on the top of the lift; where the
    tempo has no hold there is no free beat for it, and it takes the place of "lift".
    """
    top, down = tempo.lift, tempo.lift + tempo.hold
    if cue and not has_room(cue, tempo, seconds_of):
        cue = None
    lift_cue = cue if cue and cue.phase == "lift" else None
    lower_cue = cue if cue and cue.phase == "lower" else None

    found: list[Beat] = []
    if not tempo.hold:
        found.append(Beat(0, "number", rep))
    elif lift_cue:
        found.append(Beat(0, "cue", lift_cue.text))
    else:
        found.append(Beat(0, "lift"))
    if tempo.hold:
        found.append(Beat(samples(top), "number", rep))
        # With one second to hold, "hold" has the half second after the number, if the number leaves it free.
        after = 1.0 if tempo.hold > 1 else 0.5
        if _fits(str(rep), after, seconds_of) and _fits("hold", tempo.hold - after, seconds_of):
            found.append(Beat(samples(top + after), "hold"))
    if lower_cue:
        found.append(Beat(samples(down), "cue", lower_cue.text))
    else:
        found.append(Beat(samples(down), "lower"))
        found += [Beat(samples(down + s), "count", s + 1) for s in range(1, tempo.lower)]
    return tuple(found)


def ticks(tempo: Tempo, rep: int, cue: Cue | None = None) -> tuple[Beat, ...]:
    """The beats of one rep for someone who wants less talk: a tick each second and the number at the top.

    A cue, which must have room as `fitting` makes sure, takes the place of its phase's ticks.
    """
    whole = tempo.lift + tempo.hold + tempo.lower + tempo.wait
    top = tempo.lift if tempo.hold else 0
    cue_at, cue_ends = 0, 0
    if cue and cue.phase == "lift":
        cue_ends = tempo.lift
    elif cue:
        cue_at = tempo.lift + tempo.hold
        cue_ends = cue_at + tempo.lower
    found: list[Beat] = []
    for s in range(whole):
        if s == top:
            found.append(Beat(samples(s), "number", rep))
        elif cue and s == cue_at:
            found.append(Beat(samples(s), "cue", cue.text))
        elif not cue_at <= s < cue_ends:
            found.append(Beat(samples(s), "tick"))
    return tuple(found)


def fitting(cue: Cue, tempo: Tempo, seconds_of: Mapping[str, float]) -> Cue | None:
    """The cue in its own phase of the rep or else in the other, for one that somebody waits for; None if it fits in
    neither."""
    elsewhere = replace(cue, phase="lower" if cue.phase == "lift" else "lift")
    return next((placed for placed in (cue, elsewhere) if has_room(placed, tempo, seconds_of)), None)


def has_room(cue: Cue, tempo: Tempo, seconds_of: Mapping[str, float]) -> bool:
    """Whether a cue fits in its phase; without a hold the number has the place of the lift's words."""
    if cue.phase == "lift":
        return tempo.hold > 0 and _fits(cue.text, tempo.lift, seconds_of)
    return _fits(cue.text, tempo.lower, seconds_of)


def _fits(key: str, room_seconds: float, seconds_of: Mapping[str, float]) -> bool:
    """Unknown lengths never fit: better silent than late."""
    return seconds_of.get(key, float("inf")) <= room_seconds - SLACK_SECONDS
