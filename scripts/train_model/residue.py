"""Clips that are said over the coach's own voice, as the product's echo canceller lets them through.

What is left is no noise that could be mixed in: the canceller takes a part of the words away together with the coach.
"""

import multiprocessing
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from assistant.echo.double_talk import DoubleTalkCanceller
from assistant.mouth import DUCK_DB
from assistant.room import BLOCK, mean_square
from scripts.train_model import noise
from scripts.train_model.augment import SHIFT, Spoken

SOURCE = "over"
COUNT, SHORT_COUNT = 3000, 800
"""Clips that are made, of everything that may be said to the coach and of what is soon over (jobs.SHORT)."""
SESSION = 25
"""Clips that are said in one room, to one canceller."""
SETTLE_SECONDS = 6.0
"""What the canceller needs at first to learn the room."""
BEFORE, AFTER = 80, 80
"""Frames that are kept before and after a clip, fewer than between two: the coach alone is silence."""
GAP_SECONDS = (0.9, 2.5)
"""Between two clips: after a second the canceller takes it that only the coach speaks."""

ECHO_DB = (-20.0, 4.0)
"""Level of the coach at the microphone, relative to the clips."""
NOISE_DB = (-50.0, -15.0)
DUCKED_SHARE = 0.5
"""How often the coach lowers its voice for a clip, as the product does where it can tell in time."""
DUCK_AFTER_SECONDS = (0.1, 0.5)
DRIVE = (0.03, 0.5)
"""How far a small loudspeaker is driven into its limits: what it adds, no linear filter takes away."""
MOST_LEFT_DB = -6.0
"""Clips are dropped where more of the coach is left than this, relative to the clip: it would be heard as speech."""


def residues(clips: Sequence[Spoken], coach: Sequence[np.ndarray], seed: int) -> list[Spoken]:
    """The clips over talk of the coach (int16 each), in other rooms by turns."""
    sessions = [clips[start : start + SESSION] for start in range(0, len(clips), SESSION)]
    seeds = np.random.SeedSequence(seed).spawn(len(sessions))
    with multiprocessing.get_context("fork").Pool(2) as pool:
        made = pool.starmap(partial(_session, coach), zip(sessions, seeds, strict=True), 1)
    return [clip for session in made for clip in session]


def _session(coach: Sequence[np.ndarray], clips: Sequence[Spoken], seed: np.random.SeedSequence) -> list[Spoken]:
    rng = np.random.default_rng(seed)
    at, starts = int(SETTLE_SECONDS * noise.RATE), []
    for clip in clips:
        at += int(rng.uniform(*GAP_SECONDS) * noise.RATE)
        at -= at % SHIFT
        starts.append(at)
        at += len(clip.sound)
    length = at + 2 * noise.RATE
    length -= length % BLOCK
    far, person = _talk(coach, length, rng), np.zeros(length)
    for clip, start in zip(clips, starts, strict=True):
        end = start + len(clip.sound)
        person[start:end] += _levelled(clip.sound) * 10 ** (rng.uniform(-6, 3) / 20)
        if rng.random() < DUCKED_SHARE:
            far[start + int(rng.uniform(*DUCK_AFTER_SECONDS) * noise.RATE) : end] *= 10 ** (DUCK_DB / 20)
    room = np.concatenate([np.zeros(int(rng.uniform(0.02, 0.15) * noise.RATE)), noise.room(rng)])
    echo = noise.convolve(np.tanh(rng.uniform(*DRIVE) * far / 0.1), room)
    echo *= np.sqrt(mean_square(person[person != 0])) * 10 ** (rng.uniform(*ECHO_DB) / 20) / (echo.std() + 1e-9)
    hiss = rng.standard_normal(length) * 0.05 * 10 ** (rng.uniform(*NOISE_DB) / 20)
    near, far = ((0.5 * x).clip(-1, 1).astype(np.float32) for x in (person + echo + hiss, far))
    canceller = DoubleTalkCanceller()
    blocks = [canceller.process(near[n : n + BLOCK], far[n : n + BLOCK]) for n in range(0, length, BLOCK)]
    clean = (np.concatenate(blocks) * 32767).clip(-32767, 32767).astype(np.int16)
    left = clean / 32767 - 0.5 * person
    return [
        _cut(clean, clip, start)
        for clip, start in zip(clips, starts, strict=True)
        if _db(left[start:][: len(clip.sound)]) - _db(0.5 * person[start:][: len(clip.sound)]) < MOST_LEFT_DB
    ]


def _talk(coach: Sequence[np.ndarray], length: int, rng: noise.Rng) -> np.ndarray:
    """The coach, line after line with short pauses."""
    talk, at = np.zeros(length), 0
    while at < length:
        line = _levelled(coach[int(rng.integers(len(coach)))])[: length - at]
        talk[at : at + len(line)] = line
        at += len(line) + int(rng.uniform(0, 0.4) * noise.RATE)
    return talk


def _db(sound: np.ndarray) -> float:
    return float(10 * np.log10(mean_square(sound) + 1e-12))


def _levelled(sound: np.ndarray) -> np.ndarray:
    return sound * (0.1 / (sound.std() + 1))


def _cut(clean: np.ndarray, clip: Spoken, start: int) -> Spoken:
    segments = clip.segments.copy()
    segments[:, 0] += BEFORE
    piece = clean[start - BEFORE * SHIFT : start + len(clip.sound) + AFTER * SHIFT]
    return replace(clip, sound=piece, source=SOURCE, segments=segments)
