"""A room without a sound card, for typed sessions: nothing is heard, and what is played is only counted."""

import time
from collections.abc import Iterator

import numpy as np

from assistant.room import BLOCK, RATE, Block, Play


class SilentRoom:
    """Blocks of silence: in real time for somebody who types, or as fast as they are asked for."""

    def __init__(self, *, paced: bool) -> None:
        self._paced = paced

    def blocks(self, play: Play) -> Iterator[Block]:
        """See Room."""
        silence = np.zeros(BLOCK, dtype=np.float32)
        began = time.monotonic()
        at = 0
        while True:
            played = play(at, BLOCK)
            if self._paced:
                time.sleep(max(0.0, began + (at + BLOCK) / RATE - time.monotonic()))
            yield Block(at, silence, played)
            at += BLOCK
