"""Is hearing alive? A dead microphone, a recogniser that died, sound that gets lost: all of it is being deaf."""

from collections import deque

import numpy as np

from assistant.room import Block, samples

DEAD_BLOCKS = 15
"""If so many blocks of a window (1.5 of 2 s) are dead, it is no quiet room: even a good microphone has noise. A click
now and then makes it no better."""

DEAD_STEPS = 3
"""What wavers by no more of a 16-bit converter's steps than this is no sound: a capture level turned down, a muted
microphone that dithers, an input that is stuck."""

ALIVE_SECONDS = 0.5
"""Sound for this long, and all is well again."""

WINDOW = 20
"""Blocks (2 s) in which lost sound is counted."""

MOST_LOST_SECONDS = 0.5
"""If more of a window went missing, words go missing with it. A single hiccup is shorter."""


def is_dead(sound: np.ndarray) -> bool:
    """Whether nothing is in this block, float32 (n,), that a microphone could have heard."""
    return float(np.ptp(sound)) <= DEAD_STEPS / 32768


class Health:
    """Looks at every block, and remembers for how long things have been good or bad."""

    def __init__(self) -> None:
        self.deaf = False
        """What the latest block decided."""
        self._dead: deque[bool] = deque(maxlen=WINDOW)
        self._good_samples = 0
        self._lost: deque[int] = deque(maxlen=WINDOW)

    def look(self, block: Block, *, understands: bool) -> bool:
        """Whether we are deaf after this block. `understands`: the recogniser took it."""
        self._lost.append(block.lost)
        self._dead.append(is_dead(block.heard))
        broken = not understands or sum(self._lost) > samples(MOST_LOST_SECONDS)
        bad = broken or self._dead[-1]
        self._good_samples = 0 if bad else self._good_samples + len(block.heard)
        if self.deaf:
            self.deaf = self._good_samples < samples(ALIVE_SECONDS)
        else:
            self.deaf = broken or sum(self._dead) >= DEAD_BLOCKS
        return self.deaf
