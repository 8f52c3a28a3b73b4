"""Who speaks to us and who speaks in the background, by level; and what the recogniser is not sure of.

To the recogniser a television that can just be heard is talk that goes on: it takes it for the beginning of every
command, lets no command end, and loses a "stop" in the middle. So a much louder voice begins a new utterance, in
which what is much fainter is lowered; words that are much fainter than the command beside them are left out; and an
utterance of which only the background goes on has ended.

At the end of an utterance words of a command of which the recogniser is not confident are unknown ones, save of an
urgent one: that is better heard once too often, unless it is a word of talk that only the end brought. So an answer
that is also a command is asked for again rather than guessed; and of "no pain" a doubtful "no" leaves the pain.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import numpy as np

from assistant.recogniser import Recogniser, Result, Spoken, certain
from assistant.room import RATE, mean_square, samples
from assistant.session.intents import URGENT
from assistant.words import UNKNOWN

FAINT_DB = 7.0
"""So much fainter than the command is the background. What one person says differs by less, over some words."""

FAINT_WORD_DB = 10.0
"""So much fainter must words be that the recogniser knows: they may be the person's "it's in my" before "left"."""

LOUD_SHARE = 0.8
"""Of what was said the louder moments are compared, so that a gap makes no voice fainter."""

JUMP_DB = 6.0
"""So much louder than all of the utterance is somebody else."""

ONSET_SECONDS = 0.1
"""So much of what was before the first loud block is given to the recogniser again, rising from nothing: a word may
begin in it, for an "s" is faint; but with more of the talk it would go on with the talk."""

GATE = 0.1
"""What is faint after a voice over talk is given to the recogniser 20 dB lower still: else the talk would be taken
for the rest of the command, "stop" and "part" for "start"."""

END_BLOCKS = 5
"""If all of these are faint, the person has ended. The recogniser takes as long where the background is silent."""

MOST_WORDS = 11
"""No command is longer."""

STEP = RATE // 100
KEPT_STEPS = 3000
"""Half a minute: no utterance is longer."""


class Foreground:
    """Listens with a recogniser to the loudest voice."""

    def __init__(self, recogniser: Recogniser, intent: Callable[[str], str | None]) -> None:
        """`intent` tells what these words command, if anything."""
        self._recogniser = recogniser
        # A result grows by a word at a time, so that nearly all that is asked was asked before.
        self._intent = lru_cache(maxsize=2048)(intent)
        self._words = ""
        self._powers: deque[float] = deque(maxlen=KEPT_STEPS)
        """Of every 10 ms that the recogniser was given."""
        self._steps = 0
        self._before = np.zeros(0, np.float32)
        self._blocks: list[float] = []
        """The power of each block of this utterance."""
        self._over_talk = False
        """Whether the utterance began over talk in the background, which goes on after it."""
        self._gain = 1.0

    def accept(self, sound: np.ndarray) -> Iterator[Result]:
        """Takes a block, float32 (n,), n a multiple of 10 ms. See Recogniser.accept."""
        if self._is_somebody_else(mean_square(sound)):
            yield self._heard(self._recogniser.finish())
            self._over_talk = True
            self._give(self._before * np.linspace(0, 1, len(self._before)))
        result = self._give(self._gated(sound))
        if not result.final and self._has_ended(result.words):
            result = self._recogniser.finish()
        self._before = sound[-samples(ONSET_SECONDS) :]
        yield self._heard(result)

    def finish(self) -> Result:
        """Ends the utterance, at the end of a file."""
        return self._heard(self._recogniser.finish())

    def _gated(self, sound: np.ndarray) -> np.ndarray:
        """The sound, lowered if it is faint after a voice that spoke over talk."""
        was, self._gain = self._gain, 1.0
        if self._over_talk and mean_square(sound) < max(self._blocks) * _faint(UNKNOWN):
            self._gain = GATE
        return sound if self._gain == 1.0 else sound * np.linspace(was, self._gain, len(sound))

    def _give(self, sound: np.ndarray) -> Result:
        steps = np.square(sound).reshape(-1, STEP).mean(1).tolist()
        self._powers.extend(steps)
        self._steps += len(steps)
        self._blocks.append(mean_square(sound))
        return self._recogniser.accept(sound, self._is_mixed)

    def _heard(self, result: Result) -> Result:
        before, self._words = self._words, "" if result.final else result.words
        if result.final:
            self._blocks.clear()
            self._over_talk = False
        loud = () if self._is_command(result.words) else self._loud(result.spoken)
        words = _joined(loud) or result.words
        # What commands nothing stays whole: most ways to tell where and how it hurts.
        if result.final and self._intent(words) not in (None, *URGENT):
            words = certain(loud or result.spoken)
        elif result.final and UNKNOWN in words and not self._is_command(before):
            words = self._surely_urgent(words, result.spoken)
        return Result(words, result.final)

    def _surely_urgent(self, words: str, spoken: Sequence[Spoken]) -> str:
        """The words of talk, without what is urgent only by a doubtful word: an "ow" for the end of "cold"."""
        sure = certain(spoken)
        return sure if self._intent(words) in URGENT and not self._is_command(sure) else words

    def _is_somebody_else(self, power: float) -> bool:
        """Whether a voice begins that is much louder than the talk so far, in which nothing was understood."""
        is_talk = UNKNOWN in self._words and not self._is_command(self._words) and not self._is_mixed(self._words)
        return is_talk and power > max(self._blocks) * 10 ** (JUMP_DB / 10)

    def _has_ended(self, words: str) -> bool:
        """Whether only the background goes on after a command, or after what was said over it."""
        is_over_talk = UNKNOWN in words and self._is_command(words)
        if not (self._over_talk or is_over_talk or self._is_mixed(words)):
            return False
        return max(self._blocks[-END_BLOCKS:]) < max(self._blocks) * _faint(UNKNOWN)

    def _is_command(self, words: str) -> bool:
        return self._intent(words) is not None

    def _is_mixed(self, words: str) -> bool:
        """Whether these words are no command, but some of them in a row are."""
        if self._is_command(words):
            return False
        tokens = words.split()
        return any(self._is_command(" ".join(tokens[first:last])) for first, last in _ranges(len(tokens)))

    def _loud(self, spoken: Sequence[Spoken]) -> Sequence[Spoken]:
        """The command among these words, if all words around it are faint; or nothing."""
        for first, last in _ranges(len(spoken)):
            inside, outside = spoken[first:last], (*spoken[:first], *spoken[last:])
            if self._is_command(_joined(inside)):
                loud = self._level(inside[0].start, inside[-1].end)
                if all(self._level(one.start, one.end) < loud * _faint(one.word) for one in outside):
                    return inside
        return ()

    def _level(self, start: int, end: int) -> float:
        """Power of the louder moments from sample to sample; infinite where the sound is not kept."""
        before = self._steps - len(self._powers)
        first, last = start // STEP - before, min(end // STEP - before, len(self._powers))
        if first < 0 or last <= first:
            return float("inf")
        return float(np.quantile([self._powers[n] for n in range(first, last)], LOUD_SHARE))


def _joined(spoken: Sequence[Spoken]) -> str:
    return " ".join(one.word for one in spoken)


def _faint(word: str) -> float:
    """The greatest ratio of powers at which a word is the background's."""
    return 10 ** (-(FAINT_DB if word == UNKNOWN else FAINT_WORD_DB) / 10)


def _ranges(count: int) -> Iterator[tuple[int, int]]:
    """(first, one after the last) of words in a row that may be a command beside others, the longest first."""
    for size in range(min(count - 1, MOST_WORDS), 0, -1):
        for first in range(count - size + 1):
            yield first, first + size
