"""Echo cancellation: takes our own voice out of what the microphone hears."""

from typing import Literal, Protocol

import numpy as np

from assistant.errors import AssistantError
from assistant.room import RATE

Mode = Literal["software", "device", "off"]


class EchoCanceller(Protocol):
    """Something that removes the far end (what we play) from the near end (what the microphone hears)."""

    measures: bool
    """Whether near minus result tells how much of our own voice was in it."""

    def process(self, near: np.ndarray, far: np.ndarray) -> np.ndarray:
        """float32 (n,) each, n a multiple of 10 ms, aligned by the clock -> near without echo, float32 (n,)."""
        ...

    def reset(self) -> None:
        """Forgets what it has learned, after samples were lost."""
        ...


class Bypass:
    """No cancellation: the speakerphone does it itself, or the user wears headphones."""

    measures = False

    def process(self, near: np.ndarray, far: np.ndarray) -> np.ndarray:
        """`near`, as it is."""
        return near

    def reset(self) -> None:
        """Nothing to forget."""


class WebRtcCanceller:
    """WebRTC's AEC3 (package pywebrtc-audio). Finds the loop delay by itself."""

    measures = True

    def __init__(self) -> None:
        from pywebrtc_audio import EchoCanceller as Aec3

        self._aec = Aec3(RATE)

    def process(self, near: np.ndarray, far: np.ndarray) -> np.ndarray:
        """See EchoCanceller."""
        return self._aec.process(np.ascontiguousarray(near), np.ascontiguousarray(far))

    def reset(self) -> None:
        """See EchoCanceller."""
        self._aec.reset()


def make(mode: Mode) -> EchoCanceller:
    """The canceller for a setting. Raises AssistantError where the software one is not installed."""
    if mode != "software":
        return Bypass()
    try:
        return WebRtcCanceller()
    except ImportError:
        raise AssistantError(
            "no echo canceller for this machine (pywebrtc-audio has no wheel for it); use a speakerphone that "
            'cancels its own echo and set echo = "device" in the settings'
        ) from None
