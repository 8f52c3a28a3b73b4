"""The only user of Vosk: blocks of sound in, words out, with one grammar for everything."""

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import numpy as np

from assistant.errors import ModelError
from assistant.room import RATE, samples
from assistant.words import UNKNOWN


def _vosk() -> ModuleType:
    """Vosk, without the HTTP client that it would download models with.

    Importing that client already opens an IPv6 socket, to see whether it could. This program opens none, and starts
    sooner without it; so Vosk gets an empty module in its place.
    """
    own = sys.modules.get("requests")
    sys.modules["requests"] = ModuleType("requests")
    try:
        import vosk

        return vosk
    except OSError as error:
        raise ModelError(f"Vosk's library does not load ({error}): apt install libatomic1") from None
    finally:
        del sys.modules["requests"]
        if own:
            sys.modules["requests"] = own


vosk = _vosk()
vosk.SetLogLevel(-2)  # with -1 its warnings are still printed

_loaded: dict[Path, vosk.Model] = {}


UNKNOWN_WEIGHT = 80
"""How often "none of these words" stands in the grammar, which is how likely it is thought. With 1 there are some
five times as many false commands in other people's speech; with 300, commands in noise begin to be lost."""


SURE = 0.5
"""Words of which the recogniser is less confident count as none that it knows. With more of it fewer words are
mistaken for others, and more have to be said again (docs/MODEL.md)."""


HISS = 6.0
"""Noise under all that it hears, as a standard deviation of int16 samples: 75 dB below full scale. A speakerphone
that shuts its microphone where nobody speaks delivers zeros, whose logarithm is like nothing that the model was
trained on: for half a second after them words in the clear were lost, and a "stop" was a "rest"."""


class Spoken(NamedTuple):
    """A word, when it was said, in samples since the recogniser was made, and how likely it is that word, 0 to 1."""

    word: str
    start: int
    end: int
    confidence: float = 1.0


class Result(NamedTuple):
    """What the recogniser makes of the utterance so far."""

    words: str
    final: bool
    """True once, when the utterance has ended."""
    spoken: tuple[Spoken, ...] = ()
    """More of each word: at the end of an utterance, and before it if that was asked for, when the latest may be
    missing and the confidence is worth little."""


def certain(spoken: Iterable[Spoken]) -> str:
    """The words, and UNKNOWN for each that is doubtful."""
    return " ".join(one.word if one.confidence >= SURE else UNKNOWN for one in spoken)


class Recogniser:
    """One recogniser with one grammar, for one thread."""

    def __init__(self, model_folder: Path, phrases: Iterable[str], more: Iterable[str] = ()) -> None:
        """`phrases` and `more` are the whole grammar; the more often one stands in `phrases`, the likelier it is
        thought. Every word of `phrases` must be in the model; what is in `more` is left out where a word of it is
        not. Raises ModelError."""
        grammar = vosk_grammar(model_folder, phrases, more)
        # Kept, so that it is freed after the recogniser that uses it.
        self._model = load(model_folder)
        self._recogniser = vosk.KaldiRecognizer(self._model, RATE, json.dumps(grammar))
        self._recogniser.SetWords(True)
        self._hiss, self._heard = np.random.default_rng(0).normal(0, HISS, RATE), 0

    def accept(self, sound: np.ndarray, wants_times: Callable[[str], bool] = lambda words: False) -> Result:
        """Takes float32 (n,) and returns the words of the utterance that is going on, or has just ended.

        Times cost more than the words alone, so `wants_times` is asked for which words they are wanted before the
        end.
        """
        hiss = self._hiss.take(np.arange(self._heard, self._heard + len(sound)), mode="wrap")
        self._heard += len(sound)
        heard = np.clip(sound, -1, 1) * 32767 + hiss
        data = heard.clip(-32768, 32767).astype("<i2").tobytes()
        if self._recogniser.AcceptWaveform(data):
            return _ended(self._recogniser.Result())
        words = json.loads(self._recogniser.PartialResult())["partial"]
        if not wants_times(words):
            return Result(words, False)
        self._recogniser.SetPartialWords(True)
        found = json.loads(self._recogniser.PartialResult())
        self._recogniser.SetPartialWords(False)
        return Result(words, False, spoken_of(found.get("partial_result", [])))

    def finish(self) -> Result:
        """Ends the utterance."""
        return _ended(self._recogniser.FinalResult())


def _ended(result: str) -> Result:
    found = json.loads(result)
    return Result(found["text"], True, spoken_of(found.get("result", [])))


def spoken_of(found: list[dict]) -> tuple[Spoken, ...]:
    """The words of a result of Vosk's."""
    return tuple(Spoken(one["word"], samples(one["start"]), samples(one["end"]), one["conf"]) for one in found)


def vosk_grammar(model_folder: Path, phrases: Iterable[str], more: Iterable[str] = ()) -> list[str]:
    """The grammar of a `Recogniser`, as Vosk takes it, with how likely none of the phrases is. Raises ModelError."""
    grammar = list(phrases)
    missing = lacking(model_folder, grammar)
    if missing:
        raise ModelError(
            f"{model_folder}: the speech model does not know: {', '.join(missing)}; run "
            "`assistant model build`, or say it in other words in the pack"
        )
    more = list(dict.fromkeys(more))
    unknown = set(lacking(model_folder, more))
    grammar += [phrase for phrase in more if not unknown & set(phrase.split())]
    return [*grammar, *[UNKNOWN] * UNKNOWN_WEIGHT]


def load(model_folder: Path) -> vosk.Model:
    """A model, loaded once a process. Raises ModelError."""
    folder = model_folder.resolve()
    if folder not in _loaded:
        try:
            # Always by path: by name or language Vosk would download, or end the process.
            _loaded[folder] = vosk.Model(str(folder))
        except Exception as error:
            raise ModelError(f"{model_folder}: not a speech model that can be loaded ({error})") from None
    return _loaded[folder]


def lacking(model_folder: Path, phrases: Iterable[str]) -> list[str]:
    """The words of the phrases that the model does not know. Vosk itself would drop them without a word."""
    model = load(model_folder)
    words = dict.fromkeys(word for phrase in phrases for word in phrase.split())
    return [word for word in words if model.vosk_model_find_word(word) < 0]
