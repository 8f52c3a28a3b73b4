"""Numbers in words: spelled for speech, and understood when heard."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class NumberWords:
    """A language's number words, for languages that say tens before units as English does."""

    words: Mapping[str, int]
    """0 to 20 and the tens."""
    point: str
    half: str
    """"and a half": adds 0.5."""
    hundred: str
    hundred_and: str
    """A word that may follow it: "one hundred and twenty"; "" where nobody says one."""
    units: tuple[str, ...]
    """Words that may follow a number and change nothing: "kilos"."""

    def spell(self, number: float) -> str:
        """Digits into words, for 0 to 9999 with up to two decimals: 42.5 -> "forty two point five".

        Raises ValueError outside that range.
        """
        text = f"{number:.2f}".rstrip("0").rstrip(".")
        whole, _, decimals = text.partition(".")
        if not 0 <= number < 10_000:
            raise ValueError(f"no words for {number}")
        spelled = self._spell_whole(int(whole))
        if decimals:
            spelled += f" {self.point} " + " ".join(self._word(int(digit)) for digit in decimals)
        return spelled

    def parse(self, words: str) -> float | None:
        """Words into a number: "forty two point five kilos" -> 42.5; None for anything that is not just that."""
        tokens = words.split()
        while tokens and tokens[-1] in self.units:
            tokens.pop()
        half = self.half.split()
        extra = 0.0
        if len(tokens) > len(half) and tokens[-len(half) :] == half:
            tokens, extra = tokens[: -len(half)], 0.5
        if self.point in tokens:
            cut = tokens.index(self.point)
            whole, decimals = self._parse_whole(tokens[:cut]), self._parse_digits(tokens[cut + 1 :])
            return None if whole is None or decimals is None or extra else round(whole + decimals, 2)
        whole = self._parse_whole(tokens)
        return None if whole is None else whole + extra

    def vocabulary(self) -> tuple[str, ...]:
        """Every word that a number may hold."""
        return tuple(
            dict.fromkeys(
                word
                for phrase in (*self.words, self.point, self.half, self.hundred, self.hundred_and, *self.units)
                for word in phrase.split()
            )
        )

    def examples(self) -> tuple[str, ...]:
        """Phrases for a grammar: its word pairs are how a recogniser learns that numbers are put together."""
        tens = [word for word, value in self.words.items() if value >= 20 and value % 10 == 0]
        ones = [word for word, value in self.words.items() if 1 <= value <= 9]
        return (
            *self.words,
            *(f"{ten} {one}" for ten in tens for one in ones),
            *(f"{one} {self.hundred}" for one in ones[:3]),
            *(f"{one} {self.hundred} {self.hundred_and}".strip() for one in ones[:3]),
            *(f"{word} {self.point}" for word in self.words),
            *(f"{self.point} {word}" for word in self.words),
            *(f"{word} {self.half}" for word in self.words),
            *(f"{word} {unit}" for word in self.words for unit in self.units),
        )

    def _word(self, number: int) -> str:
        return next(word for word, value in self.words.items() if value == number)

    def _spell_whole(self, number: int) -> str:
        if number >= 1000:  # "ten fifty" would be shorter, "one zero five zero" is never misheard
            return " ".join(self._word(int(digit)) for digit in str(number))
        if number >= 100:
            rest = number % 100
            spelled = f"{self._word(number // 100)} {self.hundred}"
            return f"{spelled} {self._spell_whole(rest)}" if rest else spelled
        if number <= 20 or number % 10 == 0:
            return self._word(number)
        return f"{self._word(number // 10 * 10)} {self._word(number % 10)}"

    def _parse_whole(self, tokens: list[str]) -> float | None:
        if not tokens:
            return None
        if self.hundred in tokens:
            cut = tokens.index(self.hundred)
            hundreds = self._parse_whole(tokens[:cut]) if cut else 1.0
            behind = tokens[cut + 1 :]
            if len(behind) > 1 and behind[0] == self.hundred_and:
                behind = behind[1:]
            rest = self._parse_whole(behind) if behind else 0.0
            if hundreds is None or rest is None or not 1 <= hundreds <= 9 or rest >= 100:
                return None
            return hundreds * 100 + rest
        values = [self.words.get(token) for token in tokens]
        match values:
            case [int(one)]:
                return float(one)
            case [int(ten), int(one)] if ten >= 20 and ten % 10 == 0 and 1 <= one <= 9:
                return float(ten + one)
        return None

    def _parse_digits(self, tokens: list[str]) -> float | None:
        values = [self.words.get(token) for token in tokens]
        if not 1 <= len(values) <= 2:
            return None
        if len(values) == 1 and values[0] in (25, 75, 50):
            return values[0] / 100
        if any(value is None or value > 9 for value in values):
            twice = self._parse_whole(tokens)  # "point seventy five"
            return None if twice is None or not 10 <= twice < 100 else twice / 100
        return sum(value / 10 ** (place + 1) for place, value in enumerate(values) if value is not None)
