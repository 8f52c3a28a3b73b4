"""Training examples without end: a few clips after one another, at any speed, in a room, in noise, with labels."""

from dataclasses import dataclass

import numpy as np

from assistant.acoustic.network import SUBSAMPLING
from assistant.acoustic.phones import GARBAGE_CLASS, SILENCE_CLASS
from scripts.train_model import noise
from scripts.train_model.corpus import Alignment

SHIFT = 160
"""Samples an input frame."""
EXTRA = 240
"""Samples that the window of the last frame reaches beyond it."""

SHARES = {"so762": 0.21, "gsc": 0.14, "kokoro": 0.31, "piper": 0.04, "espeak": 0.19, "flite": 0.01, "over": 0.10}
"""How often each source is heard."""

GARBAGE_SHARE = 0.4
"""How often a word that is no command is learned as garbage instead of as its phones: a word of a command never
is, and a word that is added to the graph later can still be heard."""
ALIKE = 1.6
"""How much more often so a word that sounds like a command: "paint"."""

STRANGE_SHARE = 0.65
"""How often a whole sentence that nobody says to the coach is garbage, "no" and "one" in it too: talk that goes on is
not for us, and the layers that look back can tell."""
SENTENCE_WORDS = 4

FAINT_SHARE = 0.3
"""How often a stranger's sentence comes from further away than the command before or after it."""

SPEECH_DB = (-42.0, -12.0)
"""Levels of speech, dB full scale."""
NOISE_ALONE_DB = -65.0
"""Where nobody speaks to us, noise and voices in the background may be fainter than that."""
NOISE_ALONE_SHARE = 0.07


@dataclass(frozen=True)
class Spoken:
    """An aligned clip."""

    sound: np.ndarray
    source: str
    segments: Alignment
    ordinary: np.ndarray
    """float, a word: times GARBAGE_SHARE, how often it is learned as garbage; 0 for a word of a command."""
    strange: bool = False
    """A whole sentence that nobody says to the coach."""


@dataclass(frozen=True)
class Recipe:
    """What is done to the examples; the default is for training, others make development data."""

    seconds: float = 3.0
    noise_share: float = 0.9
    snr_db: tuple[float, float] = (-3.0, 22.0)
    kind: str = ""
    """One kind of noise, or any."""
    room_share: float = 0.5
    colour: bool = True
    """Random microphones, speeds, levels, breath, clipping."""
    garbage_share: float = GARBAGE_SHARE
    strange_share: float = STRANGE_SHARE


class Examples:
    """Makes examples from clips."""

    def __init__(self, clips: list[Spoken], stock: noise.Stock, recipe: Recipe, seed: int) -> None:
        self._clips, self._stock, self._recipe = clips, stock, recipe
        self._rng = np.random.default_rng(seed)
        self._frames = int(recipe.seconds * 100)
        self._samples = self._frames * SHIFT + EXTRA
        weights = np.zeros(len(clips))
        for source, share in SHARES.items():
            chosen = np.array([clip.source == source for clip in clips])
            if chosen.any():
                # A long clip is cut, so it's drawn more often; but a short phrase is worth more than its length.
                lengths = np.array([len(clip.sound) for clip in clips])[chosen] ** 0.5
                weights[chosen] = share * lengths / lengths.sum()
        self._cumulated = np.cumsum(weights / weights.sum())

    def one(self) -> tuple[np.ndarray, np.ndarray]:
        """Samples, scaled like int16, and a class for every third frame."""
        rng, recipe = self._rng, self._recipe
        loudest = SPEECH_DB[1]
        if recipe.colour and rng.random() < NOISE_ALONE_SHARE:
            sound = self._stock.noise(rng, self._samples)
            labels = np.full(self._frames, SILENCE_CLASS)
            power = (sound**2).mean()
            quietest = NOISE_ALONE_DB
        else:
            quietest = SPEECH_DB[0]
            sound, labels, active = self._speech()
            power = (sound[active] ** 2).mean() if active.any() else (sound**2).mean() + 1
            sound = self._disturbed(sound, power)
        level = 10 ** (rng.uniform(quietest, loudest) / 20) * 32768 if recipe.colour else 1500.0
        sound = sound * (level / np.sqrt(power + 1e-6))
        if recipe.colour and rng.random() < 0.08:
            ceiling = np.abs(sound).max() * rng.uniform(0.15, 0.7)
            sound = sound.clip(-ceiling, ceiling)
        if recipe.colour and rng.random() < 0.12:
            sound[: int(rng.integers(1, self._samples // 6))] = 0
        return sound.clip(-32768, 32767).round().astype(np.float32), labels[::SUBSAMPLING]

    def batch(self, size: int) -> tuple[np.ndarray, np.ndarray]:
        """(size, samples) float32 and (size, outputs) int64"""
        sounds, labels = zip(*(self.one() for _ in range(size)), strict=True)
        return np.stack(sounds), np.stack(labels)

    # ---------------------------------------------------------------- speech

    def _speech(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Sound, a class a frame, and which samples are speech."""
        rng = self._rng
        sound = np.zeros(self._samples, np.float32)
        labels = np.full(self._frames, SILENCE_CLASS)
        active = np.zeros(self._samples, bool)
        frame = int(rng.integers(0, 110)) if rng.random() < 0.7 else -1
        while True:
            clip = self._clips[min(int(np.searchsorted(self._cumulated, rng.random())), len(self._clips) - 1)]
            speed = rng.uniform(0.86, 1.18) if self._recipe.colour and rng.random() < 0.7 else 1.0
            piece, segments = _at_speed(clip, speed)
            skip = 0
            if frame < 0:  # begins in the middle of a long clip
                skip = int(rng.integers(0, max(1, len(piece) // SHIFT - 100)))
                frame = 0
            self._place(sound, piece[skip * SHIFT :] * self._loudness(clip), frame, fade=not skip)
            self._label(labels, active, segments, frame - skip, self._as_garbage(clip))
            frame += len(piece) // SHIFT - skip + int(rng.integers(0, 40))
            if frame > self._frames - 55 or rng.random() < 0.25:
                return sound, labels, active

    def _loudness(self, clip: Spoken) -> float:
        if clip.strange and self._recipe.colour and self._rng.random() < FAINT_SHARE:
            return 10 ** (self._rng.uniform(-25, -3) / 20)
        return self._rng.uniform(0.7, 1.3)

    def _place(self, sound: np.ndarray, piece: np.ndarray, frame: int, fade: bool) -> None:
        length = min(len(piece), len(sound) - frame * SHIFT)
        piece = piece[:length]
        if fade and length:
            edge = min(320, length)
            piece[:edge] *= np.linspace(0, 1, edge)
        sound[frame * SHIFT : frame * SHIFT + length] += piece

    def _as_garbage(self, clip: Spoken) -> np.ndarray:
        """bool, a word."""
        if clip.strange and self._rng.random() < self._recipe.strange_share:
            return np.ones(len(clip.ordinary), bool)
        often = clip.ordinary * self._recipe.garbage_share
        if self._rng.random() < 0.5:  # each by itself, or all alike: a stranger talking
            return self._rng.random(len(often)) < often
        return self._rng.random() < often

    def _label(
        self, labels: np.ndarray, active: np.ndarray, segments: np.ndarray, shift: int, garbage: np.ndarray
    ) -> None:
        """The first output frame that lies in a phone is its first class; outputs are at every third frame."""
        for start, length, phone, word in segments:
            low, high = max(start + shift, 0), min(start + shift + length, len(labels))
            if phone < 0 or low >= high:
                continue
            active[low * SHIFT : high * SHIFT] = True
            if garbage[word]:
                labels[low:high] = GARBAGE_CLASS
                continue
            first = -(-(start + shift) // SUBSAMPLING) * SUBSAMPLING
            labels[low:high] = 2 * phone + 1
            labels[low : max(low, min(first + SUBSAMPLING, high))] = 2 * phone

    # ---------------------------------------------------------------- the world

    def _disturbed(self, sound: np.ndarray, power: float) -> np.ndarray:
        rng, recipe, stock = self._rng, self._recipe, self._stock
        if recipe.colour:
            if rng.random() < 0.15:  # out of breath: a voice that trembles, and air
                time = np.arange(len(sound)) / noise.RATE
                sound = sound * (1 + rng.uniform(0.1, 0.5) * np.sin(2 * np.pi * rng.uniform(3, 9) * time))
                air = stock.noise(rng, len(sound), "breath")
                sound = sound + air * np.sqrt(power / (air**2).mean()) * 10 ** (-rng.uniform(5, 25) / 20)
            filter_ = noise.muffled(rng) if rng.random() < 0.15 else noise.equaliser(rng)
            if rng.random() < 0.75:
                sound = np.convolve(sound, filter_, "same")
        if rng.random() < recipe.room_share:
            sound = noise.convolve(sound, stock.rooms[int(rng.integers(len(stock.rooms)))])
        if rng.random() < recipe.noise_share:
            for n in range(2 if recipe.colour and rng.random() < 0.2 else 1):
                other = stock.noise(rng, len(sound), recipe.kind)
                loud = np.sqrt(power / ((other**2).mean() + 1)) * 10 ** (-(rng.uniform(*recipe.snr_db) + 6 * n) / 20)
                sound = sound + other * loud
        return sound + rng.standard_normal(len(sound)) * np.sqrt(power) * 10 ** (-rng.uniform(35, 60) / 20)


def _at_speed(clip: Spoken, speed: float) -> tuple[np.ndarray, np.ndarray]:
    """Sound of unit power and segments of a clip, played faster or slower: pitch and all."""
    sound = clip.sound.astype(np.float32)
    segments = clip.segments.astype(np.int64)
    if speed != 1:
        count = int(len(sound) / speed)
        sound = np.interp(np.arange(count) * speed, np.arange(len(sound)), sound).astype(np.float32)
        starts = np.round(segments[:, 0] / speed).astype(np.int64)
        ends = np.round((segments[:, 0] + segments[:, 1]) / speed).astype(np.int64)
        segments[:, 0], segments[:, 1] = starts, np.maximum(ends - starts, 1)
    return sound / (sound.std() + 1), segments
