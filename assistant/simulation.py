"""A simulated room: an echo path, noise, and a person whose voice is any sound. Faster than real time.

Everything is a function of the seed and of what is played and said, so two runs are the same to the sample.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from assistant.room import BLOCK, RATE, Block, Play, samples

SPEECH_RMS = 0.05
"""Level of the person's voice at the microphone (-26 dB full scale); noise and echo are set against it."""

FLOOR_RMS = 1e-4
"""The quietest room there is (-80 dB full scale): a microphone that delivers zeros is a dead one."""

REVERB_SECONDS = 0.15


@dataclass(frozen=True)
class Acoustics:
    """What the room does to sound."""

    echo_db: float = -6.0
    """Level of our own voice at the microphone, relative to the person's voice."""
    delay_ms: float = 80.0
    """From the sample we play to its arrival at the microphone."""
    snr_db: float | None = None
    """The person's voice relative to the noise; None: a quiet room."""
    seed: int = 1


class SimulatedRoom:
    """A room that exists only as arithmetic."""

    def __init__(self, acoustics: Acoustics, noise: np.ndarray | None = None) -> None:
        """`noise` is float32 (n,) at RATE, repeated for ever; without it, noise is white."""
        self.acoustics = acoustics
        self.open = True
        """Set to False to end the session's sound after the block in hand."""
        self._random = np.random.default_rng(acoustics.seed)
        self._noise = _at_rms(noise, 1.0) if noise is not None else None
        self._path = _echo_path(acoustics, np.random.default_rng(acoustics.seed + 1))
        self._speech: list[tuple[int, np.ndarray]] = []
        self.unplugged = False
        """While True the microphone delivers zeros, as one does whose cable was pulled."""

    def say(self, at: int, sound: np.ndarray, gain_db: float = 0.0) -> int:
        """The person speaks from sample `at` on; returns where they end. `gain_db` is relative to normal."""
        voice = _at_rms(sound, SPEECH_RMS * 10 ** (gain_db / 20))
        self._speech.append((at, voice))
        return at + len(voice)

    @property
    def speaks_until(self) -> int:
        """Where the person's last words end."""
        return max((at + len(voice) for at, voice in self._speech), default=0)

    def blocks(self, play: Play) -> Iterator[Block]:
        """See Room."""
        at = 0
        tail = np.zeros(len(self._path) - 1, dtype=np.float32)
        while self.open:
            played = play(at, BLOCK)
            history = np.concatenate([tail, played])
            # What was played without a pause of its own is silent for long stretches: skip the arithmetic then.
            echo = np.convolve(history, self._path, "valid") if np.any(history) else np.zeros(BLOCK)
            tail = history[-len(tail) :]
            heard = echo + self._spoken(at) + self._noise_at(at)
            if self.unplugged:
                heard = np.zeros(BLOCK)
            yield Block(at, np.clip(heard, -1, 1).astype(np.float32), played)
            at += BLOCK

    def _spoken(self, at: int) -> np.ndarray:
        mix = np.zeros(BLOCK, dtype=np.float32)
        for start, voice in self._speech:
            begin, end = max(start, at), min(start + len(voice), at + BLOCK)
            if begin < end:
                mix[begin - at : end - at] += voice[begin - start : end - start]
        self._speech = [(start, voice) for start, voice in self._speech if start + len(voice) > at + BLOCK]
        return mix

    def _noise_at(self, at: int) -> np.ndarray:
        white = self._random.standard_normal(BLOCK, dtype=np.float32)
        floor = FLOOR_RMS * white
        if self.acoustics.snr_db is None:
            return floor
        rms = SPEECH_RMS * 10 ** (-self.acoustics.snr_db / 20)
        if self._noise is None:
            return floor + rms * white
        return floor + rms * np.take(self._noise, np.arange(at, at + BLOCK), mode="wrap")


def _echo_path(acoustics: Acoustics, random: np.random.Generator) -> np.ndarray:
    """Impulse response from loudspeaker to microphone: the direct sound, then a decaying tail."""
    from assistant.studio import SPEECH_RMS as PLAYED_RMS

    tail = random.standard_normal(samples(REVERB_SECONDS)) * np.exp(
        -6.9 * np.arange(samples(REVERB_SECONDS)) / samples(REVERB_SECONDS)
    )
    tail *= 0.5 / np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    tail /= np.sqrt(np.sum(tail**2))
    gain = SPEECH_RMS / PLAYED_RMS * 10 ** (acoustics.echo_db / 20)
    delay = np.zeros(round(acoustics.delay_ms * RATE / 1000))
    return (gain * np.concatenate([delay, tail])).astype(np.float32)


def _at_rms(sound: np.ndarray, rms: float) -> np.ndarray:
    """At a level, measured over its louder parts, so that pauses do not count."""
    loud = np.abs(sound) > 0.1 * np.max(np.abs(sound), initial=1e-9)
    return (sound * (rms / max(float(np.sqrt(np.mean(sound[loud] ** 2))), 1e-9))).astype(np.float32)
