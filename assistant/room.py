"""The room: where blocks of sound come from. Its blocks are the program's only clock."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

RATE = 16_000
"""Samples a second, everywhere in the program."""

BLOCK = 1_600
"""Samples a block: 100 ms, the step in which we listen and decide."""

Play = Callable[[int, int], np.ndarray]
"""`play(at_samples, count)` -> float32 (count,), what to play from that position on. Must be quick and must
not block: a sound card calls it from its audio thread. Positions only grow, and no sample is asked for twice."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of time in the room."""

    at: int
    """Position of the first sample, counted since the session began."""
    heard: np.ndarray
    """What the microphone delivered: float32 (BLOCK,), full scale is 1.0."""
    played: np.ndarray
    """What the speaker was given in the same samples: float32 (BLOCK,); the echo canceller's reference."""
    lost: int = 0
    """Samples that went missing before this block (an overflow); the clock `at` already counts them."""

    @property
    def end(self) -> int:
        """Position of the first sample after the block."""
        return self.at + len(self.heard)


class Room(Protocol):
    """A place with a speaker and a microphone: a sound card, or a simulation."""

    def blocks(self, play: Play) -> Iterator[Block]:
        """Yields what is heard and played, in order, BLOCK samples each, until the room closes.

        Raises SoundError when there is no way to go on.
        """
        ...


def seconds(at_samples: int) -> float:
    """A position on the sample clock in seconds, to the millisecond."""
    return round(at_samples / RATE, 3)


def samples(duration_seconds: float) -> int:
    """A duration in samples."""
    return round(duration_seconds * RATE)


def mean_square(sound: np.ndarray) -> float:
    """The power of a piece of sound: 1.0 is 0 dB full scale."""
    return float(np.mean(sound**2))
