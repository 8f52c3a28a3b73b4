"""Sound files: any WAV or FLAC in, 16-bit WAV out, always at RATE."""

import io
from contextlib import suppress
from pathlib import Path

import numpy as np
import soundfile
import soxr

from assistant.errors import SoundError
from assistant.room import RATE


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
    begun = False
    try:
        channels = 1 if sound.ndim == 1 else sound.shape[1]
        with soundfile.SoundFile(path, "w", RATE, channels, subtype="PCM_16", format="WAV") as out:
            begun = True  # before, what is there is somebody else's
            out.write(np.clip(sound, -1, 1))
    except soundfile.SoundFileError as error:
        if begun and path.is_file():
            with suppress(OSError):
                path.unlink()
        raise SoundError(f"{path}: cannot be written ({error}); choose another place") from None
