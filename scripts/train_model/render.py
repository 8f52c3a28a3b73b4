"""Renders speech with Kokoro, Piper, eSpeak NG and flite into 16 kHz FLAC files. Resumable."""

import json
import re
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import astuple, fields
from functools import cache
from pathlib import Path

import numpy as np
import soundfile
import soxr

from assistant.errors import SoundError
from scripts.train_model.jobs import Job

RATE = 16000
SEED = 1
"""Of Piper's voice, in which there is chance: the same clips in the same order are the same."""
EDGE_SECONDS = 0.25
"""Silence that is left before and after the voice."""

# ---------------------------------------------------------------- Kokoro

KOKORO_SYMBOLS = {
    symbol: number
    for number, symbol in {
        1: ";", 2: ":", 3: ",", 4: ".", 5: "!", 6: "?", 9: "—", 10: "…", 16: " ", 24: "A", 25: "I", 31: "O", 33: "Q",
        36: "T", 39: "W", 41: "Y", 42: "ᵊ", 43: "a", 44: "b", 46: "d", 47: "e", 48: "f", 50: "h", 51: "i", 52: "j",
        53: "k", 54: "l", 55: "m", 56: "n", 57: "o", 58: "p", 60: "r", 61: "s", 62: "t", 63: "u", 64: "v", 65: "w",
        66: "x", 68: "z", 69: "ɑ", 70: "ɐ", 71: "ɒ", 72: "æ", 76: "ɔ", 81: "ð", 82: "ʤ", 83: "ə", 85: "ɚ", 86: "ɛ",
        87: "ɜ", 92: "ɡ", 102: "ɪ", 112: "ŋ", 119: "θ", 123: "ɹ", 125: "ɾ", 131: "ʃ", 133: "ʧ", 135: "ʊ", 138: "ʌ",
        147: "ʒ", 148: "ʔ", 156: "ˈ", 157: "ˌ", 158: "ː", 177: "ᵻ",
    }.items()
}  # fmt: skip
"""The symbols of Kokoro-82M that English needs, and their numbers."""

_BOTH = (("ʔˌn\u0329", "tᵊn"), ("ʔn", "tᵊn"), ("a^ɪ", "I"), ("a^ʊ", "W"), ("d^ʒ", "ʤ"), ("e^ɪ", "A"), ("t^ʃ", "ʧ"),
         ("ɔ^ɪ", "Y"), ("ə^l", "ᵊl"), ("ɚ", "əɹ"), ("r", "ɹ"), ("x", "k"), ("ɐ", "ə"), ("ʲ", ""),
         ("\u0303", ""))  # fmt: skip
_AMERICAN = (("o^ʊ", "O"), ("ɜːɹ", "ɜɹ"), ("ɜː", "ɜɹ"), ("ɪə", "iə"), ("ː", ""), ("ʔ", "t"))
_BRITISH = (("e^ə", "ɛː"), ("iə", "ɪə"), ("ə^ʊ", "Q"), ("ʔ", "t"))


@cache
def kokoro_phonemes(text: str, british: bool) -> str:
    """eSpeak NG's phonemes in Kokoro's symbols, with a full stop after each sentence."""
    spoken = []
    for sentence in re.split(r"(?<=[.,?!])\s+", text):
        ipa = _ipa(sentence, "--tie=^", "-v", "en-gb" if british else "en-us")
        for old, new in (*_BOTH, *(_BRITISH if british else _AMERICAN)):
            ipa = ipa.replace(old, new)
        ipa = re.sub("(\\S)\u0329", "ᵊ\\1", ipa).replace("^", "")
        spoken.append(ipa + ("," if sentence.endswith(",") else "."))
    return " ".join(spoken)


class Kokoro:
    """Kokoro-82M in onnxruntime, on one thread."""

    def __init__(self, folder: Path) -> None:
        """`folder` holds kokoro.onnx and voices/*.bin."""
        self._run = _on_one_thread(folder / "kokoro.onnx")
        self._styles = cache(lambda name: np.fromfile(folder / f"voices/{name}.bin", "<f4").reshape(-1, 1, 256))

    def __call__(self, job: Job) -> tuple[np.ndarray, int]:
        """Returns (float samples, rate)."""
        first, _, second = job.voice.partition("+")
        name, _, share = first.partition("*")
        phonemes = kokoro_phonemes(job.text, name[0] == "b")
        tokens = [KOKORO_SYMBOLS[symbol] for symbol in phonemes if symbol in KOKORO_SYMBOLS]
        style = self._styles(name)[len(tokens) - 1]
        if second:
            style = float(share) * style + (1 - float(share)) * self._styles(second)[len(tokens) - 1]
        inputs = {
            "tokens": np.array([[0, *tokens, 0]]),
            "style": style.astype(np.float32),
            "speed": np.array([job.speed], np.float32),
        }
        return self._run(None, inputs)[0].ravel(), 24000


def _ipa(text: str, *options: str) -> str:
    """How eSpeak NG pronounces it."""
    command = ["espeak-ng", "-q", "--ipa", *options, text]
    return " ".join(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def _on_one_thread(model: Path) -> Callable[..., list[np.ndarray]]:
    """What runs an ONNX model; the cores are for several processes."""
    import onnxruntime

    onnxruntime.set_seed(SEED)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(model), options).run


class Piper:
    """A Piper voice in onnxruntime, on one thread."""

    def __init__(self, model: Path) -> None:
        """`model` lies beside its .onnx.json."""
        settings = json.loads(Path(f"{model}.json").read_text(encoding="utf-8"))
        self._numbers: dict[str, list[int]] = settings["phoneme_id_map"]
        self._rate: int = settings["audio"]["sample_rate"]
        self._run = _on_one_thread(model)

    def __call__(self, job: Job) -> tuple[np.ndarray, int]:
        """Returns (float samples, rate)."""
        numbers = [0]  # every symbol is followed by a pad
        for symbol in f"^{_ipa(job.text, '-v', 'en-us')}.$":
            if symbol in self._numbers:
                numbers += [*self._numbers[symbol], 0]
        numbers = numbers[1:-1]
        inputs = {
            "input": np.array([numbers]),
            "input_lengths": np.array([len(numbers)]),
            "scales": np.array([job.pitch / 90, 1 / job.speed, job.pitch / 75], np.float32),
        }
        return self._run(None, inputs)[0].ravel(), self._rate


# ---------------------------------------------------------------- the others


def espeak(job: Job) -> tuple[np.ndarray, int]:
    """eSpeak NG; speed 1 is 165 words a minute."""
    options = ["-v", job.voice, "-s", str(round(165 * job.speed)), "-p", str(job.pitch)]
    return _by_command(lambda wav: ["espeak-ng", *options, "-w", wav, job.text])


def flite(job: Job) -> tuple[np.ndarray, int]:
    """flite's voices."""
    stretch = f"duration_stretch={1 / job.speed:.3f}"
    return _by_command(lambda wav: ["flite", "-voice", job.voice, "--setf", stretch, "-t", job.text, "-o", wav])


def _by_command(command: Callable[[str], list[str]]) -> tuple[np.ndarray, int]:
    with tempfile.TemporaryDirectory() as folder:
        wav = f"{folder}/clip.wav"
        subprocess.run(command(wav), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return soundfile.read(wav, dtype="float32")


# ---------------------------------------------------------------- to files


def finish(sound: np.ndarray, rate: int) -> np.ndarray:
    """Resamples to 16 kHz, trims the silence at the ends and scales to a peak of one half: int16.

    Raises SoundError.
    """
    sound = soxr.resample(sound.astype(np.float32), rate, RATE)
    loud = np.flatnonzero(np.abs(sound) > 0.01 * np.abs(sound).max() + 1e-5)
    if not loud.size:
        raise SoundError("the engine made a silent clip")
    edge = int(EDGE_SECONDS * RATE)
    sound = np.pad(sound[loud[0] : loud[-1] + 1], edge)
    return (sound / np.abs(sound).max() * 16000).astype(np.int16)


INDEX = "index.tsv"
"""What was rendered: a line a clip, the fields of its job. The list of what can be rendered grows with the pack; what
is there stays of use."""


def render(job: Job, synthesise: Callable[[Job], tuple[np.ndarray, int]], folder: Path) -> Path:
    """Renders one clip, unless it is there already; the file is complete or absent. Raises SoundError."""
    target = file_of(job, folder)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        soundfile.write(part, finish(*synthesise(job)), RATE, format="FLAC")
        with (folder / INDEX).open("a", encoding="utf-8") as index:
            # On a line of its own even behind a line that a power cut left half.
            index.write("\n" + "\t".join(map(str, astuple(job))) + "\n")
        part.rename(target)
    return target


def file_of(job: Job, folder: Path) -> Path:
    """Where a clip lies."""
    return folder / job.set / job.engine / f"{job.id}.flac"


def done(folder: Path) -> list[Job]:
    """What was rendered into a folder."""
    index = folder / INDEX
    rows = index.read_text(encoding="utf-8").splitlines() if index.exists() else []
    jobs = []
    for row in dict.fromkeys(rows):
        values = row.split("\t")
        if len(values) == len(fields(Job)):
            kind, engine, voice, speed, pitch, text = values
            jobs.append(Job(kind, engine, voice, float(speed), int(pitch), text))
    return [job for job in jobs if file_of(job, folder).exists()]
