"""The only user of Vosk: blocks of sound in, words out, with one grammar for everything."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import vosk

from assistant.errors import ModelError
from assistant.room import RATE

vosk.SetLogLevel(-1)

_loaded: dict[Path, vosk.Model] = {}


class Result(NamedTuple):
    """What the recogniser makes of the utterance so far."""

    words: str
    final: bool
    """True once, when the utterance has ended."""


class Recogniser:
    """One recogniser with one grammar, for one thread."""

    def __init__(self, model_folder: Path, phrases: Iterable[str]) -> None:
        """`phrases` is the whole grammar; every word must be in the model. Raises ModelError."""
        grammar = list(dict.fromkeys(phrases))
        missing = lacking(model_folder, grammar)
        if missing:
            raise ModelError(
                f"{model_folder}: the speech model does not know: {', '.join(missing)}; run "
                "`assistant model build`, or say it in other words in the pack"
            )
        # Kept, so that it is freed after the recogniser that uses it.
        self._model = load(model_folder)
        self._recogniser = vosk.KaldiRecognizer(self._model, RATE, json.dumps([*grammar, "[unk]"]))

    def accept(self, sound: np.ndarray) -> Result:
        """Takes float32 (n,) and returns the words of the utterance that is going on, or has just ended."""
        data = (np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes()
        if self._recogniser.AcceptWaveform(data):
            return Result(json.loads(self._recogniser.Result())["text"], True)
        return Result(json.loads(self._recogniser.PartialResult())["partial"], False)

    def finish(self) -> Result:
        """Ends the utterance, at the end of a file."""
        return Result(json.loads(self._recogniser.FinalResult())["text"], True)


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
