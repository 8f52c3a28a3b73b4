"""Echo cancellation: takes our own voice out of what the microphone hears."""

from typing import Literal, Protocol

import numpy as np

Mode = Literal["software", "device", "off"]


class EchoCanceller(Protocol):
    """Something that removes the far end (what we play) from the near end (what the microphone hears)."""

    measures: bool
    """Whether near minus result tells how much of our own voice was in it."""
    somebody: bool
    """Whether somebody else may be in what was processed last; True where that cannot be told."""

    def process(self, near: np.ndarray, far: np.ndarray) -> np.ndarray:
        """float32 (n,) each, n a multiple of 20 ms, aligned by the clock -> near without echo, float32 (n,)."""
        ...

    def reset(self) -> None:
        """Forgets what it has learned, after samples were lost."""
        ...


class Bypass:
    """No cancellation: the speakerphone does it itself, or the user wears headphones."""

    measures = False
    somebody = True

    def process(self, near: np.ndarray, far: np.ndarray) -> np.ndarray:
        """`near`, as it is."""
        return near

    def reset(self) -> None:
        """Nothing to forget."""


def make(mode: Mode) -> EchoCanceller:
    """The canceller for a setting; for "software" the best that this machine can have."""
    if mode != "software":
        return Bypass()
    from assistant.echo.double_talk import DoubleTalkCanceller
    from assistant.echo.linear import LinearCanceller

    try:
        return DoubleTalkCanceller()
    except ImportError:  # pywebrtc-audio has no wheel for 32-bit Arm
        return LinearCanceller()


__all__ = ["Bypass", "EchoCanceller", "Mode", "make"]
