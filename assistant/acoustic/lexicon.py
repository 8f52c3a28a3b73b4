"""How words are pronounced: CMUdict as the pack ships it, and eSpeak NG's rules for words that are not in it."""

import gzip
import re
import subprocess
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from assistant.acoustic.phones import ARPABET
from assistant.errors import ModelError

Pronunciation = tuple[str, ...]
"""ARPAbet phones without stress."""

FILE = "pronunciations.txt.gz"
"""In the pack's folder: a line a pronunciation, "word AA B ..."; a word may have several."""

_WORD = re.compile(r"[a-z]+(?:['.-][a-z]+)*'?|'[a-z]+")

_IPA = (
    ("t^ʃ", "CH"), ("d^ʒ", "JH"), ("a^ɪ", "AY"), ("a^ʊ", "AW"), ("e^ɪ", "EY"), ("ɔ^ɪ", "OY"), ("o^ʊ", "OW"),
    ("ə^ʊ", "OW"), ("ə^l", "AH L"), ("ɑːɹ", "AA R"), ("ɔːɹ", "AO R"), ("ɔː^ɹ", "AO R"), ("oːɹ", "AO R"),
    ("oː^ɹ", "AO R"), ("ɛɹ", "EH R"), ("ɚɹ", "ER"),
    ("ɪɹ", "IH R"), ("ʊɹ", "UH R"), ("ɜː", "ER"), ("ɚ", "ER"), ("iə", "IY AH"), ("aɪə", "AY ER"), ("i", "IY"),
    ("ɪ", "IH"), ("ᵻ", "IH"), ("ɛ", "EH"), ("æ", "AE"), ("a", "AE"), ("ɑ", "AA"), ("ɒ", "AA"), ("ɔ", "AO"),
    ("o", "OW"), ("ʊ", "UH"), ("u", "UW"), ("ʌ", "AH"), ("ə", "AH"), ("ɐ", "AH"), ("e", "EH"), ("b", "B"),
    ("d", "D"), ("ð", "DH"), ("f", "F"), ("ɡ", "G"), ("h", "HH"), ("j", "Y"), ("k", "K"), ("l", "L"),
    ("m", "M"), ("n", "N"), ("ŋ", "NG"), ("p", "P"), ("ɹ", "R"), ("r", "R"), ("s", "S"), ("ʃ", "SH"),
    ("t", "T"), ("ɾ", "T"), ("ʔ", "T"), ("θ", "TH"), ("v", "V"), ("w", "W"), ("x", "K"), ("z", "Z"),
    ("ʒ", "ZH"), ("ː", ""), ("^", ""), ("\u0329", ""),
)  # fmt: skip
"""eSpeak NG's American English in ARPAbet, longest first where one begins another."""


class Lexicon:
    """Pronunciations of any English word."""

    def __init__(self, known: Mapping[str, tuple[Pronunciation, ...]]) -> None:
        self._known = known

    @classmethod
    def load(cls, language_folder: Path) -> "Lexicon":
        """The lexicon of a pack. Raises ModelError when the file is missing or damaged."""
        return cls(_read(language_folder / FILE))

    def __contains__(self, word: str) -> bool:
        return word in self._known

    def pronunciations(self, word: str) -> tuple[Pronunciation, ...]:
        """All ways to say a word, the commonest first; by eSpeak NG's rules when it is not in the list.

        Raises ModelError for what is no English word in small letters, or when the rules are not at hand.
        """
        return self._known.get(word) or (by_rule(word),)

    def every(self) -> Iterable[str]:
        """All words of the list."""
        return self._known

    def guessed(self, words: Iterable[str]) -> list[str]:
        """Those of the words that are not in the list."""
        return [word for word in words if word not in self._known]


@cache
def _read(file: Path) -> Mapping[str, tuple[Pronunciation, ...]]:
    found: dict[str, list[Pronunciation]] = {}
    try:
        with gzip.open(file, "rt", encoding="ascii") as lines:
            for line in lines:
                word, *phones = line.split()
                found.setdefault(word, []).append(tuple(phones))
    except (OSError, EOFError, ValueError) as error:
        raise ModelError(
            f"{file}: the pronunciations cannot be read ({error}); put the file of the program back"
        ) from None
    return {word: tuple(all_ways) for word, all_ways in found.items()}


@cache
def by_rule(word: str) -> Pronunciation:
    """A word as eSpeak NG would say it. Raises ModelError."""
    if not _WORD.fullmatch(word):
        raise ModelError(
            f"cannot tell how {word!r} is pronounced: write words in small English letters, and numbers as words"
        )
    command = ["espeak-ng", "-q", "--ipa", "--tie=^", "-v", "en-us", word]
    try:
        ipa = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        raise ModelError(
            f"{word!r} is not in the pronunciations, and eSpeak NG, which would guess it, cannot be run; "
            "install espeak-ng"
        ) from None
    phones = to_arpabet(ipa)
    if not phones:
        raise ModelError(f"cannot tell how {word!r} is pronounced: use another word")
    return phones


def to_arpabet(ipa: str) -> Pronunciation:
    """eSpeak NG's IPA, with ^ as tie, as phones; stress and what is unknown are left out."""
    rest, phones = re.sub(r"[\sˈˌ]", "", ipa), []
    while rest:
        for symbol, spelled in _IPA:
            if rest.startswith(symbol):
                phones += spelled.split()
                rest = rest[len(symbol) :]
                break
        else:
            rest = rest[1:]
    assert set(phones) <= set(ARPABET)
    return tuple(phones)
