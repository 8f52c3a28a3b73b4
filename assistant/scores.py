"""Numbers in an utterance: which of them tell how bad a pain is, on the scale from 0 to 10. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from assistant.red_flags import Score

Span = tuple[int, int]
"""First word, and one after the last."""


class Scores:
    """Knows a language's number words, and what else they may count."""

    def __init__(self, score: Score, numbers: Mapping[str, int]) -> None:
        """`numbers` are the language's number words."""
        self._score = score
        self._units, self._durations, self._joined = map(frozenset, (score.units, score.durations, score.joined))
        self._single = frozenset(score.single)
        self._words = frozenset(numbers)
        self._numbers = {word: float(value) for word, value in numbers.items() if 0 <= value <= 10}
        self._tens = frozenset(word for word, value in numbers.items() if value > 10 and value % 10 == 0)

    def told(
        self, tokens: Sequence[str], out_of: Sequence[Span], more: Sequence[Span], half: Sequence[Span]
    ) -> Iterator[float]:
        """The scores, without the "ten" of "out of ten". "More than five" is no five, and "three and a half" no
        three: they are the next number up. The spans are of the words that say so."""
        inside = {at for spans in (out_of, more, half) for start, end in spans for at in range(start, end)}
        for at, token in enumerate(tokens):
            number = self._number_of(token)
            if number < 0 or at in inside:
                continue
            behind = next((end for start, end in half if start == at + 1), at + 1)
            is_of = behind < len(tokens) and behind not in inside  # "one of ten" is a score, "one of the worst" none
            if self._counts_else(tokens, at, behind if is_of else len(tokens)):
                continue
            up = behind > at + 1 or any(at - 2 < end <= at for _, end in more)
            yield min(10.0, number + up)

    def with_durations(self, tokens: Sequence[str]) -> list[str]:
        """The words, with a number of days or weeks as the table writes it: "for two weeks" is "for some weeks"."""
        return [
            self._score.any_number if self._is_number(token) and after in self._durations else token
            for token, after in zip_longest(tokens, tokens[1:])
        ]

    def _counts_else(self, tokens: Sequence[str], at: int, behind: int) -> bool:
        """Whether a number is no score: "one second", "one or two days", "twenty one", "this one"."""
        if at and tokens[at - 1] in self._tens:
            return True
        if " ".join(tokens[max(0, at - 1) : at + 1]) in self._score.pointing:
            return True
        if (
            tokens[behind : behind + 1]
            and tokens[behind] in self._joined
            and self._is_number(*tokens[behind + 1 :][:1])
        ):
            return self._counts_else(tokens, behind + 1, behind + 2)
        if self._number_of(tokens[at]) == 1 and tokens[behind : behind + 1] and tokens[behind] in self._single:
            return True
        return bool(self._units.intersection(tokens[behind : behind + 1]))

    def _is_number(self, token: str = "") -> bool:
        return token in self._words or (token.isascii() and token.isdigit())

    def _number_of(self, token: str) -> float:
        """A number word, or digits that were typed; -1 for what is none from 0 to 10."""
        typed = float(token) if token.isascii() and token.isdigit() else -1.0
        return self._numbers.get(token, typed if typed <= 10 else -1.0)
