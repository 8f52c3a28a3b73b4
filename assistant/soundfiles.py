"""Sound files: any WAV or FLAC in, 16-bit WAV out, always at RATE."""

import io
import wave
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile
import soxr

from assistant.errors import SoundError
from assistant.room import RATE, samples

AT_ONCE = samples(10)
"""How much sound is written together."""


def read(path: Path) -> np.ndarray:
    """A file as mono float32 (n,) at RATE, whatever its rate and channels. Raises SoundError."""
    try:
        sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (OSError, soundfile.SoundFileError):
        reason = "not a sound file that can be read; use a WAV or FLAC" if path.exists() else "no such file"
        raise SoundError(f"{path}: {reason}") from None
    mono = sound.mean(axis=1)
    return mono if rate == RATE else soxr.resample(mono, rate, RATE).astype(np.float32)


def encoded(sound: np.ndarray) -> bytes:
    """float32 (n,) at RATE as the bytes of a 16-bit WAV."""
    out = io.BytesIO()
    soundfile.write(out, np.clip(sound, -1, 1), RATE, subtype="PCM_16", format="WAV")
    return out.getvalue()


def decoded(data: bytes) -> np.ndarray:
    """What `encoded` made, as it will be read from a file."""
    return soundfile.read(io.BytesIO(data), dtype="float32")[0]


def write(path: Path, sound: np.ndarray) -> None:
    """Writes float32 (n,) or (n, channels) at RATE as a 16-bit WAV; on a full disk no part of it is left.

    Raises SoundError.
    """
    wav = Growing(path)
    wav.add(sound)
    wav.close()


class Growing:
    """A 16-bit WAV at RATE that is written as it goes, and is a whole file each time: whoever ends a program by force
    has what was written. On a full disk no part of it is left."""

    def __init__(self, path: Path) -> None:
        """`path` is opened with the first of the sound."""
        self._path = path
        self._kept: list[np.ndarray] = []
        self._length = 0
        self._file: BinaryIO | None = None
        self._wav: wave.Wave_write | None = None

    def add(self, sound: np.ndarray) -> None:
        """More of it, float32 (n,) or (n, channels). Raises SoundError."""
        self._kept.append(sound)
        self._length += len(sound)
        if self._length >= AT_ONCE:
            self._write()

    def close(self) -> None:
        """Writes what is not written yet. Raises SoundError."""
        if self._kept:
            self._write()
        if self._wav and self._file:
            try:
                self._wav.close()
            finally:
                self._file.close()

    def _write(self) -> None:
        sound = np.concatenate(self._kept)
        self._kept, self._length = [], 0  # what could not be written is not tried again
        try:
            if self._file is None or self._wav is None:
                self._file = self._path.open("wb")
                self._wav = wave.open(self._file, "wb")  # noqa: SIM115
                self._wav.setparams((1 if sound.ndim == 1 else sound.shape[1], 2, RATE, 0, "NONE", ""))
            whole = np.rint(sound * 32768).clip(-32768, 32767).astype("<i2")
            self._wav.writeframes(whole.tobytes())  # and mends the head
            self._file.flush()
        except OSError as error:
            if self._wav:  # else, what is there is somebody else's
                with suppress(OSError):
                    self.close()
                if self._path.is_file():
                    with suppress(OSError):
                        self._path.unlink()
            why = error.strerror or error
            raise SoundError(f"{self._path}: cannot be written ({why}); choose another place") from None
