"""A room without a sound card, for typed sessions: nothing is heard, and what is played is only counted."""

import time
from collections.abc import Callable, Iterator

import numpy as np

from assistant.room import BLOCK, RATE, Block, Play


class SilentRoom:
    """Blocks of silence: in real time while somebody takes their time to type, else as fast as they are asked for."""

    def __init__(self, *, paced: Callable[[], bool]) -> None:
        """`paced` tells, before each block, whether it takes as long as it is."""
        self._paced = paced

    def blocks(self, play: Play) -> Iterator[Block]:
        """See Room."""
        silence = np.zeros(BLOCK, dtype=np.float32)
        due_seconds = time.monotonic()
        at = 0
        while True:
            played = play(at, BLOCK)
            if self._paced():
                due_seconds += BLOCK / RATE
                time.sleep(max(0.0, due_seconds - time.monotonic()))
            else:
                due_seconds = time.monotonic()
            yield Block(at, silence, played)
            at += BLOCK
