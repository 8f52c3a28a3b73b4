"""The studio: text into clips. Rendered by pyttsx3 in a child process, checked, trimmed, levelled, cached."""

import hashlib
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np

from assistant import soundfiles
from assistant.errors import SoundError, SpeechError
from assistant.room import RATE, samples

SYNTHESISER = Path(__file__).with_name("synthesiser.py")

TREATMENT = 3
"""Counts up when trimming or levelling changes, so that cached clips are made anew."""

SPEECH_RMS = 0.08
"""Level of every clip (-22 dB full scale): the same loudness whatever the voice."""

PEAK = 0.7
"""No sample louder than this, so that "louder" has room."""

ANSWER_SECONDS = 30.0
"""A text takes some 40 ms here; a child that says nothing for so long hangs."""

HURRIED_SECONDS = 3.0
"""The same while somebody is training: nobody hears them meanwhile."""
HURRIED_TRIES = 2
"""A child that was killed shows it at once, and a new one speaks; twice in a row, an alarm has to do."""

MOST_KEPT_BYTES = 250_000_000
"""Of rendered speech on the disk: some five workouts, of 50 MB each, that share nothing. Another voice, rate or
version of eSpeak NG makes all clips anew, and nothing else would ever delete those before."""

MOST_SHOWN = 60
"""Letters of a text that a message repeats."""

TRIES = 3
"""A child may be ended by the system (out of memory, say); three in a row means that something is wrong."""


@dataclass(frozen=True, eq=False)
class Clip:
    """A spoken text or a tone."""

    text: str
    """What is said; "" for a tone."""
    samples: np.ndarray
    """float32 (n,), mono at RATE; starts with its first audible sample."""

    @property
    def seconds(self) -> float:
        """Its length."""
        return len(self.samples) / RATE


class Studio:
    """Renders with one voice. A child process starts with the first text that is not cached."""

    def __init__(self, voice: str, rate: int, cache_folder: Path, brisk_rate: int = 0) -> None:
        """Rates in words a minute; `brisk_rate`, if any, is for words that must fit a beat."""
        self.voice = voice
        self._rates = {False: rate, True: brisk_rate or rate}
        self._folder = cache_folder
        self._clips: dict[tuple[str, int], Clip] = {}
        self.trouble = ""
        """Why rendered speech cannot be kept, if so."""
        self.is_hurried = False
        """Whether somebody is training, who is not heard while a voice is waited for."""
        self._child: subprocess.Popen[str] | None = None

    @contextmanager
    def hurried(self) -> Iterator[None]:
        """Meanwhile somebody is training. Before and after, a slow machine gets its time."""
        self.is_hurried = True
        try:
            yield
        finally:
            self.is_hurried = False

    def clip(self, text: str, *, brisk: bool = False) -> Clip:
        """The clip of a text, from memory, from the cache, or rendered now. Raises SpeechError."""
        rate = self._rates[brisk]
        if (text, rate) not in self._clips:
            path = self._folder / f"{self._key(text, rate)}.wav"
            sound = self._cached(path)
            if sound is None:
                sound = self._kept(path, self._rendered(text, rate))
            self._clips[text, rate] = Clip(text, sound)
        return self._clips[text, rate]

    def prepare(self, texts: Iterable[tuple[str, bool]], progress: Callable[[int, int], None] | None = None) -> None:
        """Makes sure that all (text, brisk) are ready, and that the cache is not too big: in a workout nobody should
        wait for either. `progress` is told (done, of). Raises SpeechError."""
        wanted = list(dict.fromkeys(texts))
        for n, (text, brisk) in enumerate(wanted, 1):
            self.clip(text, brisk=brisk)
            if progress:
                progress(n, len(wanted))
        with suppress(OSError):  # a disk that refuses keeps nobody from training
            self._shrink()

    def close(self) -> None:
        """Ends the child process."""
        if self._child:
            with self._child:  # closes its input, which ends it, and waits
                pass
        self._child = None

    def __enter__(self) -> "Studio":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- cache

    def _key(self, text: str, rate: int) -> str:
        parts = (version("pyttsx3"), espeak_version(), self.voice, str(rate), str(TREATMENT), text)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]

    def _cached(self, path: Path) -> np.ndarray | None:
        """None when it is not there, or is broken: then it is rendered again."""
        if not path.is_file():
            return None
        try:
            sound = soundfiles.read(path)
        except SoundError:
            return None
        with suppress(OSError):
            os.utime(path)  # that it was used: disks are often mounted not to write that down
        return sound if is_voiced(sound) else None

    def _shrink(self) -> None:
        """Deletes what was not used for the longest time, until the cache is no bigger than it may be. May raise
        OSError; what another program has deleted meanwhile is none."""
        found = []
        for file in self._folder.glob("*.wav"):
            with suppress(FileNotFoundError):
                about = file.stat()
                found.append((about.st_mtime_ns, about.st_size, file))
        too_much = sum(size for _, size, _ in found) - MOST_KEPT_BYTES
        for _, size, file in sorted(found):
            if too_much <= 0:
                break
            file.unlink(missing_ok=True)
            too_much -= size

    def _kept(self, path: Path, sound: np.ndarray) -> np.ndarray:
        """Into the cache; returns it with the file's 16 bits, so that the first run equals all others.

        A disk that is full or read-only is no reason to fall silent in the middle of a workout: then the sound is
        made anew each time, and `trouble` says why.
        """
        made = soundfiles.encoded(sound)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._folder) as beside:  # renamed when it is whole
                (Path(beside) / path.name).write_bytes(made)
                (Path(beside) / path.name).replace(path)
        except OSError as error:
            self.trouble = (
                f"{self._folder}: cannot keep rendered speech ({error.strerror or error}), so it is made anew each "
                "time; free some space or set another cache with XDG_CACHE_HOME"
            )
        return soundfiles.decoded(made)

    # ---- rendering

    def _rendered(self, text: str, rate: int) -> np.ndarray:
        for _ in range(HURRIED_TRIES if self.is_hurried else TRIES):
            with _scratch() as folder:
                path = Path(folder) / "clip.wav"
                self._ask(text, rate, path)
                if path.is_file() and path.stat().st_size > 100:
                    sound = trimmed(soundfiles.read(path))
                    if is_voiced(sound):
                        return levelled(sound)
        shown = _shown(text)
        raise SpeechError(f"the speech engine renders {shown} as silence; check it with: espeak-ng {shown}")

    def _ask(self, text: str, rate: int, path: Path) -> None:
        child = self._child or self._start()
        assert child.stdin and child.stdout
        try:
            child.stdin.write(json.dumps({"text": text, "rate": rate, "path": str(path)}) + "\n")
            child.stdin.flush()
            answer = self._answer(child)
        except BrokenPipeError:
            answer = ""
        if not answer:  # it crashed or hangs: the next try gets a new one
            _end(child)
            self._child = None
        elif not json.loads(answer)["ok"]:
            raise SpeechError(f"cannot speak {_shown(text)}: {json.loads(answer)['why']}")

    def _answer(self, child: subprocess.Popen[str]) -> str:
        """The child's next line; "" if it has ended, or says nothing for too long."""
        assert child.stdout
        patience_seconds = HURRIED_SECONDS if self.is_hurried else ANSWER_SECONDS
        ready, _, _ = select.select([child.stdout], [], [], patience_seconds)
        return child.stdout.readline() if ready else ""

    def _start(self) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            # By its path and with -P: neither a json.py where we were started nor our own numbers.py is meant.
            [sys.executable, "-P", SYNTHESISER, self.voice],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        answer = self._answer(child)
        started = json.loads(answer) if answer else {"ok": False, "why": "it did not start"}
        if not started["ok"]:
            _end(child)
            raise SpeechError(f"speech engine: {started['why']}")
        self._child = child
        return child


def _shown(text: str) -> str:
    """A text in a message: in quotes, and of a long one the beginning."""
    return repr(text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}...")


def _scratch() -> "tempfile.TemporaryDirectory[str]":
    """A folder for a moment: in memory where there is such a place, so that a full disk does not matter."""
    memory = Path("/dev/shm")
    return tempfile.TemporaryDirectory(prefix="assistant-", dir=memory if os.access(memory, os.W_OK) else None)


def _end(child: subprocess.Popen[str]) -> None:
    """Ends a child that cannot be asked to, and closes its pipes."""
    child.kill()
    with suppress(BrokenPipeError), child:  # what was written and not read is lost, as it may be
        pass


@cache
def espeak_version() -> str:
    """What `espeak-ng --version` says, part of the cache's key; "" where it is not installed as a program."""
    program = shutil.which("espeak-ng")
    if not program:
        return ""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return said.stdout.partition("  Data")[0].strip()


def is_voiced(sound: np.ndarray) -> bool:
    """Whether a clip holds speech: at least 50 ms, and not all near silence."""
    return len(sound) >= samples(0.05) and float(np.abs(sound).max()) > 0.01


def trimmed(sound: np.ndarray) -> np.ndarray:
    """Without the silence around it, so that its first sample can stand on a beat; ends with a 5 ms fade."""
    if not len(sound):
        return sound
    loud = np.flatnonzero(np.abs(sound) > 0.02 * np.abs(sound).max())
    if not len(loud):
        return sound[:0]
    # The quiet end of a consonant still carries the word: keep 30 ms more at the end.
    kept = sound[loud[0] : loud[-1] + samples(0.03)].copy()
    fade = min(len(kept), samples(0.005))
    kept[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return kept


def levelled(sound: np.ndarray) -> np.ndarray:
    """At SPEECH_RMS over its louder half, but no sample above PEAK."""
    loud = np.abs(sound) > 0.1 * np.abs(sound).max()
    gain = SPEECH_RMS / max(float(np.sqrt(np.mean(sound[loud] ** 2))), 1e-6)
    return (sound * min(gain, PEAK / float(np.abs(sound).max()))).astype(np.float32)


@cache
def tone(name: str) -> Clip:
    """A short tone: "tick" (each second), "start", "end" (falling), "alarm" (cannot be missed) or
    "siren" (for the whole house)."""
    pitches, part_seconds, level = {
        "tick": ((1000.0,), 0.03, 0.15),
        "start": ((660.0, 880.0), 0.12, 0.15),
        "end": ((880.0, 660.0), 0.12, 0.15),
        "alarm": ((880.0, 1175.0, 880.0, 1175.0), 0.15, 0.35),
        "siren": ((700.0, 1000.0, 1400.0, 1000.0) * 3, 0.2, 0.5),
    }[name]
    n = samples(part_seconds)
    ramp = np.minimum(1, np.minimum(np.arange(n), np.arange(n)[::-1]) / samples(0.005))
    parts = [level * ramp * np.sin(2 * np.pi * pitch * np.arange(n) / RATE) for pitch in pitches]
    return Clip("", np.concatenate(parts).astype(np.float32))
