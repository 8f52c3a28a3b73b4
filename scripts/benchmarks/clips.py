"""Clips to recognise, from a list or from folders, and what is mixed into them."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant import soundfiles
from assistant.errors import SoundError
from scripts.train_model import noise

RATE = 16000
PAD_SECONDS = 0.5
"""Before and after each clip, so that a recogniser has what a microphone gives it: a room before the word."""

VOICES = 4
"""People in the babble."""


@dataclass(frozen=True)
class Clip:
    """Something said."""

    file: str
    text: str
    sound: np.ndarray
    """float32 (n,) at 16 kHz, between -1 and 1."""


def read(manifest: Path) -> list[Clip]:
    """From a CSV with the columns file and text (files relative to it), or a folder of folders: word/*.wav.

    Raises SoundError.
    """
    if manifest.is_dir():
        files = sorted(f for f in manifest.glob("*/*") if f.suffix.lower() in (".wav", ".flac", ".ogg", ".opus"))
        rows = [(file, file.parent.name.replace("_", " ")) for file in files]
    else:
        rows = _rows(manifest)
    if not rows:
        raise SoundError(
            f"{manifest}: no clips; a manifest is a CSV with the columns file,text or folders word/*.wav"
        )
    return [Clip(str(file), text.strip().lower(), _sound(file)) for file, text in rows]


def _rows(manifest: Path) -> list[tuple[Path, str]]:
    try:
        with manifest.open(encoding="utf-8", newline="") as file:
            table = csv.DictReader(file)
            if not {"file", "text"} <= set(table.fieldnames or ()):
                raise SoundError(f"{manifest}: the first line must name the columns file and text")
            rows = [(row["file"], row["text"]) for row in table]
    except (OSError, UnicodeDecodeError) as error:
        raise SoundError(f"{manifest}: cannot be read ({error})") from None
    if empty := next((number for number, row in enumerate(rows, 2) if not all(row)), None):
        raise SoundError(f"{manifest}: line {empty} lacks a file or what is said in it")
    return [(manifest.parent / file, text) for file, text in rows]


def _sound(file: Path) -> np.ndarray:
    """A file as mono at RATE. Raises SoundError."""
    sound = soundfiles.read(file)
    if not np.any(sound):
        raise SoundError(f"{file}: nothing but silence; leave it out")
    return sound


class Noises:
    """White noise, babble, made-up music, or recordings of your own: the same on every run."""

    def __init__(self, talk: list[Clip], folder: Path | None) -> None:
        """`talk` is what the people in the babble say. Raises SoundError when the folder holds no sound."""
        self._talk = talk
        files = sorted(folder.glob("*")) if folder else []
        self._own = {file.stem: _sound(file) for file in files if file.is_file()}
        if folder and not self._own:
            raise SoundError(f"{folder}: no recordings of noise in it")
        self.kinds = list(self._own) or ["white", "babble", "music"]

    def mixed(self, clip: Clip, kind: str, snr_db: float | None, number: int) -> np.ndarray:
        """The clip with silence around it and, with `snr_db`, in noise. `number` is the clip's, and its seed."""
        padded = np.pad(clip.sound, int(PAD_SECONDS * RATE))
        loud = clip.sound[np.abs(clip.sound) > 0.05 * np.abs(clip.sound).max()]
        power = float((loud**2).mean()) if loud.size else 1e-6
        rng = np.random.default_rng([number, sum(kind.encode())])
        if snr_db is None:
            return padded + rng.standard_normal(len(padded)).astype(np.float32) * np.sqrt(power) * 1e-2
        other = self._noise(kind, len(padded), rng)
        other = other * np.sqrt(power / ((other**2).mean() + 1e-12) * 10 ** (-snr_db / 10))
        mixed = padded + other.astype(np.float32)
        return mixed / max(1.0, float(np.abs(mixed).max()))

    def _noise(self, kind: str, n: int, rng: np.random.Generator) -> np.ndarray:
        if kind in self._own:
            whole = np.resize(self._own[kind], len(self._own[kind]) + n)
            start = int(rng.integers(len(self._own[kind])))
            return whole[start : start + n]
        match kind:
            case "white":
                return rng.standard_normal(n)
            case "music":
                return noise.music(rng, n)
        return noise.babble(rng, n, lambda r: self._talk[int(r.integers(len(self._talk)))].sound * 32768, VOICES)
