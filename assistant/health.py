"""Is hearing alive? A dead microphone, a recogniser that died, sound that gets lost: all of it is being deaf."""

from collections import deque

import numpy as np

from assistant.room import Block, samples

DEAD_SECONDS = 1.5
"""Digital silence for this long is no quiet room, it is a dead microphone: even a good one has noise."""

ALIVE_SECONDS = 0.5
"""Sound for this long, and all is well again."""

WINDOW = 20
"""Blocks (2 s) in which lost sound is counted."""

MOST_LOST_SECONDS = 0.5
"""If more of a window went missing, words go missing with it. A single hiccup is shorter."""


class Health:
    """Looks at every block, and remembers for how long things have been good or bad."""

    def __init__(self) -> None:
        self.deaf = False
        """What the latest block decided."""
        self._silent_samples = 0
        self._good_samples = 0
        self._lost: deque[int] = deque(maxlen=WINDOW)

    def look(self, block: Block, *, understands: bool) -> bool:
        """Whether we are deaf after this block. `understands`: the recogniser took it."""
        self._lost.append(block.lost)
        self._silent_samples = 0 if np.any(block.heard) else self._silent_samples + len(block.heard)
        bad = bool(self._silent_samples) or not understands or sum(self._lost) > samples(MOST_LOST_SECONDS)
        self._good_samples = 0 if bad else self._good_samples + len(block.heard)
        if self.deaf:
            self.deaf = self._good_samples < samples(ALIVE_SECONDS)
        else:
            silent = self._silent_samples >= samples(DEAD_SECONDS)
            self.deaf = silent or (bad and not self._silent_samples)
        return self.deaf
