"""A linear echo canceller: subtracts an estimate of the echo and touches nothing else.

A partitioned-block frequency-domain Kalman filter. It weighs each new observation of the echo path by how sure it
is of the path and by how loud everything else is, so that it needs no detector to stop adapting while the user
speaks. After Enzner and Vary, "Frequency-domain adaptive Kalman filter for acoustic echo control in hands-free
telephones", Signal Processing 86 (2006), and Kuech, Mabande and Enzner, "State-space architecture of the
partitioned-block-based acoustic echo controller", ICASSP 2014.
"""

import numpy as np

from assistant.room import RATE

HOP = RATE // 50
"""Samples a step, 20 ms."""

PARTITIONS = 30
"""Steps that the echo path may be long, its delay included: 600 ms."""

FORGETTING = 0.9995
"""How much of the path is believed to be the same one step later; less follows a drifting clock faster."""

SMOOTHING = 0.9
"""Of the level of all that is not echo, a step."""

FIRST_UNCERTAINTY = 1.0
"""Of the unknown path, as a power gain: an echo as loud as what we play."""


class LinearCanceller:
    """About 25 dB after a few seconds of speech; the user's voice passes untouched."""

    measures = True
    somebody = True

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """See EchoCanceller."""
        bins = HOP + 1
        self._far = np.zeros((PARTITIONS, bins), dtype=np.complex64)  # spectra of what was played, newest first
        self._path = np.zeros((PARTITIONS, bins), dtype=np.complex64)
        self._uncertainty = np.full((PARTITIONS, bins), FIRST_UNCERTAINTY, dtype=np.float32)
        self._other = np.full(bins, 1e-3, dtype=np.float32)  # power of all that is not echo
        self._played = np.zeros(HOP, dtype=np.float32)

    @property
    def hears_us(self) -> bool:
        """Whether anything was played so lately that its echo may still arrive."""
        return bool(np.any(self._far))

    def process(self, near: np.ndarray, far: np.ndarray) -> np.ndarray:
        """See EchoCanceller."""
        clean = np.empty_like(near)
        for at in range(0, len(near), HOP):
            clean[at : at + HOP] = self._step(near[at : at + HOP], far[at : at + HOP])
        return clean

    def _step(self, near: np.ndarray, far: np.ndarray) -> np.ndarray:
        self._far = np.roll(self._far, 1, axis=0)
        self._far[0] = np.fft.rfft(np.concatenate([self._played, far]))
        self._played = far
        echo = np.fft.irfft((self._far * self._path).sum(axis=0))[HOP:]
        clean = (near - echo).astype(np.float32)
        error = np.fft.rfft(np.concatenate([np.zeros(HOP, dtype=np.float32), clean]))
        now = np.abs(error) ** 2
        self._other = SMOOTHING * self._other + (1 - SMOOTHING) * now
        if self.hears_us:
            # A word that begins is louder at once than the average tells, and must not be learned as echo.
            self._adapt(error, np.abs(self._far) ** 2, np.maximum(self._other, now))
        return clean

    def _adapt(self, error: np.ndarray, powers: np.ndarray, other: np.ndarray) -> None:
        # The half: of each window of two steps only one carries the error.
        expected = 0.5 * (powers * self._uncertainty).sum(axis=0) + other + 1e-6
        step = self._uncertainty / expected
        change = np.fft.irfft(step * np.conj(self._far) * error, axis=1)
        change[:, HOP:] = 0  # a partition is one step long
        self._path += np.fft.rfft(change, axis=1).astype(np.complex64)
        kept = FORGETTING**2
        learned = kept * (1 - 0.5 * step * powers) * self._uncertainty + (1 - kept) * np.abs(self._path) ** 2
        self._uncertainty = np.maximum(learned, 1e-10).astype(np.float32)
