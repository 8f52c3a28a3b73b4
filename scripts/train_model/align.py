"""Finds out when each phone is said: a Viterbi search with an acoustic network along the known words."""

import multiprocessing
import pickle
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch

from assistant.acoustic.lexicon import Lexicon
from assistant.acoustic.network import SUBSAMPLING
from assistant.acoustic.phones import ARPABET, SILENCE_CLASS, first_class
from scripts.train_model.corpus import Alignment, Clip
from scripts.train_model.network import SHIFT, Features, TorchNetwork

PRIOR_WEIGHT = 0.8
HISS = 20.0
"""Noise that is added to a clip, as a standard deviation of int16 samples. A voice's clip is digital silence at its
ends, and one of eSpeak NG's also between its sounds, and after that a network which has heard microphones takes loud
speech for silence."""
CLEAN = frozenset({"kokoro", "piper", "espeak", "flite"})
"""Sources without any noise."""
SPEECH_DB = -30.0
"""In them, what is no further below the loudest frame of a clip is speech: a network that has once learned some of it
as silence would find it so again, and teach it to the next."""
LOUD_SILENCE_COST = 8.0
"""What it costs to call such a frame silence, nats."""
KEEP_EVERY = 2000
"""Clips: whoever stops it loses no more."""
DROP_SHARE = 0.015
"""The worst clips are left out: wrong transcripts, cut-off words."""


class Sentence:
    """The states that a sentence may pass through, each with its predecessors."""

    def __init__(self, words: Sequence[str], lexicon: Lexicon) -> None:
        self.classes = [SILENCE_CLASS]
        self.before: list[list[int]] = [[0]]
        self.meaning = [(-1, -1, -1)]
        """(phone, word, place in the pronunciation) of each state"""
        self.starts, ends = [0], [0]
        for number, word in enumerate(words):
            if number:  # a short silence may stand between words
                pause = self._state(SILENCE_CLASS, (-1, -1, -1), ends, loop=True)
                ends = [*ends, pause]
            leaving = []
            for phones in lexicon.pronunciations(word):
                last = ends
                for place, phone in enumerate(phones):
                    meaning = (ARPABET.index(phone), number, place)
                    first = self._state(first_class(phone), meaning, last)
                    rest = self._state(first_class(phone) + 1, meaning, [first], loop=True)
                    if number == place == 0:
                        self.starts.append(first)
                    last = [first, rest]
                leaving += last
            ends = leaving
        self.ends = [*ends, self._state(SILENCE_CLASS, (-1, -1, -1), ends, loop=True)]

    def _state(self, output: int, meaning: tuple[int, int, int], before: list[int], loop: bool = False) -> int:
        number = len(self.classes)
        self.classes.append(output)
        self.meaning.append(meaning)
        self.before.append([*before, number] if loop else list(before))
        return number

    def best(self, scores: np.ndarray) -> tuple[list[int], float]:
        """The best way through (frames, classes) log scores, and its score a frame."""
        frames, states = len(scores), len(self.classes)
        table = np.full((states, max(map(len, self.before))), states)
        for state, before in enumerate(self.before):
            table[state, : len(before)] = before
        score = np.full(states + 1, -1e30)
        score[self.starts] = scores[0, np.array(self.classes)[self.starts]]
        back = np.zeros((frames, states), np.int32)
        every = np.arange(states)
        for frame in range(1, frames):
            options = score[table]
            chosen = options.argmax(1)
            back[frame] = table[every, chosen]
            score[:states] = options[every, chosen] + scores[frame, self.classes]
        state = self.ends[int(np.argmax(score[self.ends]))]
        total, way = score[state] / frames, [state]
        for frame in range(frames - 1, 0, -1):
            way.append(back[frame, way[-1]])
        return way[::-1], total


def align(clip: Clip, score: Callable[[np.ndarray], np.ndarray], lexicon: Lexicon) -> tuple[Alignment, float] | None:
    """The phones of a clip and the score a frame, or None when the words do not fit into it."""
    words, sound = clip.text.split(), clip.sound()
    hiss = np.random.default_rng(0).normal(0, HISS, len(sound))
    scores = score((sound + hiss).clip(-32768, 32767).astype(np.int16))
    if clip.source in CLEAN:
        scores[_loud(sound, len(scores)), SILENCE_CLASS] -= LOUD_SILENCE_COST
    if not words or len(scores) < sum(len(lexicon.pronunciations(word)[0]) for word in words):
        return None
    states = Sentence(words, lexicon)
    way, total = states.best(scores)
    if total < -1e20:
        return None
    segments: list[list[int]] = []
    previous = None
    for frame, state in enumerate(way):
        phone, word, place = states.meaning[state]
        enters = phone >= 0 and states.classes[state] % 2 == 0
        if enters or (phone, word, place) != previous:
            segments.append([SUBSAMPLING * frame, 0, phone, word])
        segments[-1][1] += SUBSAMPLING
        previous = phone, word, place
    return np.array(segments, np.int16), total


def _loud(sound: np.ndarray, frames: int) -> np.ndarray:
    """(frames,) bool: which output frames hold sound that is speech, if there is no noise."""
    size = SUBSAMPLING * SHIFT
    padded = np.zeros(frames * size)
    padded[: len(sound)] = sound[: len(padded)]
    power = (padded.reshape(frames, size) ** 2).mean(1)
    return power > power.max() * 10 ** (SPEECH_DB / 10)


def scorer(network: TorchNetwork, log_prior: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """int16 samples to (frames, classes) log scores."""
    features = Features()
    network.eval()

    def score(sound: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            logits = network(features(torch.from_numpy(sound.astype(np.float32))[None]))[0]
            return torch.log_softmax(logits, 1).numpy() - PRIOR_WEIGHT * log_prior

    return score


_worker: list = []


def _start(network: TorchNetwork, log_prior: np.ndarray, lexicon: Lexicon) -> None:
    torch.set_num_threads(1)
    _worker[:] = [scorer(network, log_prior), lexicon]


def _align(clip: Clip) -> tuple[str, tuple[Alignment, float] | None]:
    return clip.id, align(clip, *_worker)


def align_all(
    clips: list[Clip],
    network: TorchNetwork,
    log_prior: np.ndarray,
    lexicon: Lexicon,
    target: Path,
    progress: Callable[[int, int], None],
) -> dict[str, Alignment]:
    """Aligns what `target` does not hold yet, and keeps everything there; the worst of each source are dropped."""
    done: dict[str, tuple[Alignment, float] | None] = pickle.loads(target.read_bytes()) if target.exists() else {}
    missing = [clip for clip in clips if clip.id not in done]
    with multiprocessing.get_context("fork").Pool(2, _start, (network, log_prior, lexicon)) as pool:
        for number, (name, result) in enumerate(pool.imap_unordered(_align, missing, 16), 1):
            done[name] = result
            progress(number, len(missing))
            if number % KEEP_EVERY == 0 or number == len(missing):
                part = target.with_suffix(".part")
                part.write_bytes(pickle.dumps(done))
                part.rename(target)
    kept = {}
    for source in sorted({clip.source for clip in clips}):
        found = [(clip.id, done[clip.id]) for clip in clips if clip.source == source and done[clip.id]]
        least = np.quantile([result[1] for _, result in found], DROP_SHARE) if found else 0
        kept |= {name: result[0] for name, result in found if result[1] >= least}
    return kept
