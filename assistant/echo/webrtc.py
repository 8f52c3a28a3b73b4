"""The only user of pywebrtc-audio: WebRTC's AEC3, a linear filter and a suppressor of what the filter leaves.

No echo is audible behind it, from the first word on. But the suppressor also takes the beginnings of a user's
words while we are speaking ourselves ("stop" becomes "top").
"""

import numpy as np
from pywebrtc_audio import EchoCanceller as Aec3

from assistant.room import RATE


class WebRtcCanceller:
    """Finds the loop delay by itself."""

    measures = True
    somebody = True

    def __init__(self) -> None:
        self._aec = Aec3(RATE)

    def process(self, near: np.ndarray, far: np.ndarray) -> np.ndarray:
        """See EchoCanceller."""
        return self._aec.process(np.ascontiguousarray(near), np.ascontiguousarray(far))

    def reset(self) -> None:
        """See EchoCanceller."""
        self._aec.reset()
