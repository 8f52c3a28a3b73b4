"""The ear: what we understood. Echo canceller -> level -> recogniser -> trust -> "was that my own voice?"."""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np

from assistant import voice_activity
from assistant.echo import EchoCanceller
from assistant.events import Deaf, Event, Heard, Hearing
from assistant.foreground import Foreground
from assistant.health import Health, is_dead
from assistant.interpret import Interpreter, Meaning, Trust
from assistant.pack import Pack
from assistant.pack_rules import contains, normal
from assistant.recogniser import Recogniser, Result
from assistant.room import BLOCK, RATE, Block, mean_square, samples
from assistant.words import UNKNOWN

RETRY = samples(1.0)
"""How long after its death a recogniser is made anew."""

OWN_VOICE_WINDOW = samples(1.8)
"""How far back the words of a result may lie: an utterance, the echo's delay and the recogniser's."""

OWN_VOICE_DB = 15.0
"""If cancellation took away this much where the window is loudest afterwards, that sound was ours. A user who
speaks is not cancelled, so where they speak the level hardly falls."""

SURELY_OWN_DB = 20.0
"""If it took away this much, it was ours whatever words the recogniser makes of the rest ("eight" of "weight")."""

SPOKEN_BLOCKS, BRIEF_DB = 2, 10.0
"""What is left of a sudden word of ours, which may sound like "stop", is one block of the window that is so much
louder than all others, and the canceller finds somebody else in fewer blocks than the shortest word is in."""

NOBODY_POWER = 2.5e-7
"""-66 dB full scale: if nothing in the window was louder, nobody spoke, and the words are made of what is left of
our own voice, or of nothing at all."""

OWN_VOICE_TAIL = samples(0.7)
"""How far back our own words may lie where nothing measures them: they are recognised within this time. An answer to
our question, which often ends with the same words, is not that quick."""

COMMAND_WEIGHT = 3
"""How often a command stands in the grammar, beside once for numbers and for each rare way to report pain: with 1 a
"next" over our own voice is "neck". UNKNOWN_WEIGHT counts beside all of that."""

UNDUCK_SECONDS = 2.0
DUCK_AGAIN_SECONDS = 5.0
"""After a lowering that no command followed: whoever talks on must not keep us from being heard."""

SPEAKS_PROBABILITY = 0.5
SPEAKS_POWER = 1e-6
"""-60 dB full scale: quieter than this nobody speaks, it is what is left of our own echo."""


class Ear:
    """Hears blocks and yields events."""

    def __init__(
        self,
        make_recogniser: Callable[[], Recogniser],
        canceller: EchoCanceller,
        interpreter: Interpreter,
        audible: Callable[[int, int], list[str]],
        duck: Callable[[bool], None] = lambda ducked: None,
        asks: Callable[[], bool] = lambda: False,
    ) -> None:
        """A recogniser that dies is made anew; making the first one may raise ModelError.

        `audible(since, until)` gives the texts that we play there; `duck` lowers our voice and raises it again;
        `asks` tells whether any words may be an answer now.
        """
        self._listen = lambda: Foreground(make_recogniser(), interpreter.intent)
        self._recogniser: Foreground | None = self._listen()
        self._retry_at = 0
        self._health = Health()
        self._canceller = canceller
        self._trust = Trust(interpreter, self._is_nobodys, asks)
        self._voice = voice_activity.make()
        self._audible = audible
        self._duck = duck
        self._ducked_until: int | None = None
        self._duck_from = 0
        self._powers: deque[tuple[float, float]] = deque(maxlen=OWN_VOICE_WINDOW // BLOCK)
        self._others: deque[bool] = deque(maxlen=OWN_VOICE_WINDOW // BLOCK)
        """Whether somebody else may be in each block of the window."""
        self._at = 0

    def hear(self, block: Block) -> Iterator[Event]:
        """What this block adds to what was understood."""
        # One sample that is no number would stay in the cancellers' filters for good, and nothing be heard any more.
        if not np.isfinite(block.heard).all():
            block = replace(block, heard=np.nan_to_num(block.heard, posinf=0.0, neginf=0.0))
        if block.lost:
            self._canceller.reset()
        clean = self._canceller.process(block.heard, block.played)
        if is_dead(block.heard):
            clean = block.heard  # from a dead microphone the echo would be subtracted all the same, and be heard
        self._powers.append((mean_square(block.heard), mean_square(clean)))
        self._others.append(self._canceller.somebody)
        self._duck_for(clean, block)
        results = self._recognised(clean, block.end)
        was_deaf = self._health.deaf
        if self._health.look(block, understands=results is not None) != was_deaf:
            self._canceller.reset()  # it may have learned that nothing we play comes back
            yield Hearing(block.end) if was_deaf else Deaf(block.end)
        for result in results or ():
            yield from self._events(block.end, result)

    def finish(self, at: int) -> Iterator[Event]:
        """The end of a file: what was still being said."""
        if self._recogniser:
            yield from self._events(at, self._recogniser.finish())

    def _recognised(self, clean: np.ndarray, now: int) -> list[Result] | None:
        """None while there is no recogniser: then we are deaf, and must not fall silent about it."""
        try:
            if self._recogniser is None and now >= self._retry_at:
                self._recogniser = self._listen()
            return list(self._recogniser.accept(clean)) if self._recogniser else None
        except Exception:  # whatever killed it (Vosk raises plain ones), the lifter has to hear of it
            self._recogniser, self._retry_at = None, now + RETRY
            self._trust.forget()
            return None

    def _events(self, at: int, result: Result) -> Iterator[Event]:
        self._at = at
        for understood in self._trust.look(result.words, final=result.final):
            self._unduck()
            meaning = understood.meaning
            yield Heard(at, meaning.intent, meaning.words, meaning.value, understood.final)

    # ---- our own voice

    def _is_nobodys(self, meaning: Meaning) -> bool:
        """Whether these words are not the user's: too quiet to be anybody's, or our own."""
        return max(clean for _, clean in self._powers) < NOBODY_POWER or self._is_own_voice(meaning)

    def _is_own_voice(self, meaning: Meaning) -> bool:
        """Whether it was us who said these words. A real "stop" over our own "stop" must still be obeyed."""
        words = meaning.words.replace(UNKNOWN, " ").split()
        window = OWN_VOICE_WINDOW if self._canceller.measures else OWN_VOICE_TAIL
        texts = [normal(text) for text in self._audible(self._at - window, self._at)]
        if not texts:
            return False
        if not self._canceller.measures:
            return any(contains(text, " ".join(words)) for text in texts)
        if self._is_brief() and sum(self._others) < SPOKEN_BLOCKS:
            return True
        is_said = any(contains(text, word) for text in texts for word in words)
        return self._cancelled_db() > (OWN_VOICE_DB if is_said else SURELY_OWN_DB)

    def _is_brief(self) -> bool:
        """Whether the sound of the window is all in one block."""
        *_, second, loudest = sorted([0.0, *(clean for _, clean in self._powers)])  # the first block is alone
        return second < loudest * 10 ** (-BRIEF_DB / 10)

    def _cancelled_db(self) -> float:
        """How much the canceller took from those blocks of the window in which most was left, in dB."""
        near, clean = zip(*sorted(self._powers, key=lambda powers: powers[1])[-5:], strict=True)
        return float(10 * np.log10((sum(near) + 1e-12) / (sum(clean) + 1e-12)))

    # ---- ducking

    def _duck_for(self, clean: np.ndarray, block: Block) -> None:
        """Somebody speaks over us: lower our voice at once, for their words to be heard; carry on if no command
        follows. Without it the canceller takes the ends of their words away together with ours."""
        if self._ducked_until is not None:
            if block.end >= self._ducked_until:
                self._unduck()
                self._duck_from = block.end + samples(DUCK_AGAIN_SECONDS)
        elif block.end >= self._duck_from and (  # the detector costs more than most of the ear, so it comes last
            self._canceller.somebody
            and mean_square(clean) > SPEAKS_POWER
            and self._audible(block.at, block.end)
            and self._voice.probability(clean) > SPEAKS_PROBABILITY
        ):
            self._ducked_until = block.end + samples(UNDUCK_SECONDS)
            self._duck(True)

    def _unduck(self) -> None:
        self._ducked_until = None
        self._duck(False)


def grammar(pack: Pack) -> tuple[str, ...]:
    """All that the recogniser may hear: commands, what is like them but none, and numbers. Commands stand there more
    often, and so are thought likelier."""
    commands = (phrase for command in pack.commands.values() for phrase in command.phrases)
    everything = dict.fromkeys((*pack.phrases(), *pack.decoys, *pack.fillers, *pack.numbers.examples()))
    return (*everything, *[phrase for phrase in dict.fromkeys(commands) for _ in range(COMMAND_WEIGHT - 1)])


def reports(pack: Pack) -> tuple[str, ...]:
    """What it should hear besides, as far as its model knows the words: all ways to say that something is wrong."""
    return tuple(pack.red_flags.grammar())


def words(pack: Pack) -> list[str]:
    """Every word that a speech model for this pack should know: of the grammar, of reports, of exercises' names."""
    names = (re.sub(r"[^a-z' ]+", " ", exercise.name.lower()) for exercise in pack.exercises.values())
    return list(dict.fromkeys(word for text in (*grammar(pack), *reports(pack), *names) for word in text.split()))


def hear_file(ear: Ear, sound: np.ndarray) -> Iterable[Event]:
    """Runs a recording, float32 (n,), through an ear, with a second of silence after it."""
    padded = np.concatenate([sound, np.zeros(RATE + (-len(sound)) % BLOCK, dtype=np.float32)])
    # A trace of noise, so that the silence around the words is a quiet room and not a dead microphone.
    padded += np.random.default_rng(0).normal(0, 1e-4, len(padded)).astype(np.float32)
    silence = np.zeros(BLOCK, dtype=np.float32)
    for at in range(0, len(padded), BLOCK):
        yield from ear.hear(Block(at, padded[at : at + BLOCK], silence))
    yield from ear.finish(len(padded))
