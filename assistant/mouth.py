"""The mouth: what we play, as a timeline of clips at absolute samples. A beat cannot drift.

The main thread changes the timeline by replacing it whole; the audio thread only ever reads it. That needs
no lock, and a reader sees either the old timeline or the new one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from assistant.room import samples
from assistant.studio import Clip

FADE = samples(0.010)
"""Length of the fade with which a clip is cut off."""

GAP = samples(0.25)
"""Silence between lines that follow each other."""

LEAD = samples(0.04)
"""Earliest start of a new clip after what was read last: the audio thread may be about to read on."""

DUCK_DB = -20.0
SLOPE_DB_PER_SAMPLE = 20.0 / samples(0.03)
"""How fast the gain moves: a duck is down within 30 ms, without a click."""

REMEMBERED = samples(3.0)
"""How long after its end a line still counts as audible somewhere: echo, loudspeaker, recogniser."""


@dataclass(frozen=True, eq=False, slots=True)
class Spot:
    """A clip on the timeline."""

    serial: int
    """Its number, the same however the spot is changed."""
    start: int
    clip: Clip
    line: str = ""
    """The id of the line in the pack."""
    token: int = 0
    safety: bool = False
    queued: bool = True
    """Whether it waited for its turn; False: it has a fixed place."""
    cut: int | None = None
    """Where it was cut off."""

    @property
    def end(self) -> int:
        """First sample after it."""
        full = self.start + len(self.clip.samples)
        return full if self.cut is None else min(full, self.cut + FADE)


class Mouth:
    """Says, hushes, ducks; and is read by the room, block by block."""

    def __init__(self) -> None:
        self._timeline: tuple[Spot, ...] = ()
        self._said = 0
        self._begun: set[int] = set()
        self.position = 0
        """The next sample that will be read."""
        self.volume_db = 0.0
        self.ducked = False
        self._gain_db = 0.0  # the reader's: where the gain stands now

    # ---- the main thread

    def say(self, clip: Clip, *, line: str = "", at: int | None = None, token: int = 0, safety: bool = False) -> Spot:
        """Puts a clip on the timeline, at `at` or after what is queued; returns where it stands."""
        earliest = self.position + LEAD
        self._said += 1
        if at is None:
            ends = [spot.end + GAP for spot in self._timeline if spot.queued and spot.cut is None]
            spot = Spot(self._said, max(earliest, *ends) if ends else earliest, clip, line, token, safety)
        else:
            spot = Spot(self._said, at, clip, line, token, safety, queued=False)
        self._timeline = (*self._timeline, spot)
        return spot

    def hush(self, *, urgent: bool = False) -> None:
        """Silence within FADE, and nothing follows. Safety lines stay, unless it is urgent (stop, pain)."""
        now = self.position
        kept = []
        for spot in self._timeline:
            if (spot.safety and not urgent) or spot.end <= now:
                kept.append(spot)
            elif spot.start < now:
                kept.append(spot if spot.cut is not None else replace(spot, cut=now, token=0))
        self._timeline = tuple(kept)

    def begun(self, now: int) -> Iterator[Spot]:
        """The clips that started since the last call."""
        for spot in self._timeline:
            if spot.start < now and spot.serial not in self._begun and spot.cut is None:
                self._begun.add(spot.serial)
                yield spot

    def finished(self, now: int) -> Iterator[Spot]:
        """The clips with a token that were played to their end since the last call; forgets what is long over."""
        for spot in self._timeline:
            if spot.token and spot.end <= now and spot.cut is None:
                told = replace(spot, token=0)
                self._timeline = tuple(told if other is spot else other for other in self._timeline)
                yield spot
        old = [spot for spot in self._timeline if spot.end + REMEMBERED <= now]
        if old:
            self._begun -= {spot.serial for spot in old}
            self._timeline = tuple(spot for spot in self._timeline if spot.end + REMEMBERED > now)

    def audible(self, since: int, until: int) -> list[str]:
        """The texts that sound anywhere in [since, until)."""
        return [s.clip.text for s in self._timeline if s.clip.text and s.start < until and s.end > since]

    @property
    def silent_from(self) -> int:
        """Where the last clip on the timeline ends; at most the current position when nothing is to be said."""
        return max((spot.end for spot in self._timeline), default=0)

    # ---- the audio thread

    def read(self, at: int, count: int) -> np.ndarray:
        """What to play in [at, at + count): float32 (count,), never louder than full scale."""
        mix = np.zeros(count, dtype=np.float32)
        for spot in self._timeline:
            if spot.start < at + count and spot.end > at:
                _add(mix, at, spot)
        self.position = at + count
        gain = self._gains(count)
        return np.clip(mix * gain, -1.0, 1.0)

    def _gains(self, count: int) -> np.ndarray | np.float32:
        target = self.volume_db + (DUCK_DB if self.ducked else 0.0)
        if self._gain_db == target:
            return np.float32(10 ** (target / 20))
        steps = SLOPE_DB_PER_SAMPLE * np.arange(1, count + 1)
        way = np.sign(target - self._gain_db)
        decibels = self._gain_db + way * np.minimum(steps, abs(target - self._gain_db))
        self._gain_db = float(decibels[-1])
        if abs(self._gain_db - target) < 1e-9:
            self._gain_db = target
        return (10 ** (decibels / 20)).astype(np.float32)


def _add(mix: np.ndarray, at: int, spot: Spot) -> None:
    """Adds the part of a clip that falls into the block starting at `at`."""
    begin, end = max(spot.start, at), min(spot.end, at + len(mix))
    part = spot.clip.samples[begin - spot.start : end - spot.start]
    if spot.cut is not None:
        fade = np.clip((spot.cut + FADE - np.arange(begin, end)) / FADE, 0, 1)
        part = part * fade.astype(np.float32)
    mix[begin - at : end - at] += part
