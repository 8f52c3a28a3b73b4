"""From words to word families: what an utterance says about a body, with negation and the past taken out. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from assistant.red_flags import DERIVED, RedFlags, matches

_WORD = re.compile(r"[a-z0-9']+")

SCOPE_WORDS = 5
"""How many words behind "not" may still be taken back by it."""

WARNS_WHEN_PAST = ("chest", "fainted", "breath", "face_arm_speech", "back_nerves")
"""Rows whose signs matter also when they are long over: they become the family "warned"."""
COUNTS_WHEN_RECENT = ("breath", "face_arm_speech", "back_nerves", "one_leg", "dark_urine")
"""Rows whose signs of yesterday are signs of today."""
COUNTS_WHEN_GONE = ("chest", "fainted", "face_arm_speech")
"""Rows that stay what they are when the sign goes away again."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one utterance says about a body."""

    families: frozenset[str] = frozenset()
    """Word families that are reported as true, now."""
    denied: frozenset[str] = frozenset()
    """Word families that were named and taken back: "not numb"."""
    score: float | None = None
    """0 to 10, where "out of ten" was said; several: the worst."""
    numbers: tuple[float, ...] = ()
    """All number words from 0 to 10, for when a number was asked for."""
    retracts: bool = False
    """Whether it takes back a report that nobody meant: "no pain"."""


@dataclass(slots=True)
class _Found:
    """A word family's entry in an utterance."""

    start: int
    end: int
    families: frozenset[str]
    negated: bool = False
    gone: bool = False
    """Whether it is said to have gone away."""


class Reader:
    """Understands the words of one table."""

    def __init__(self, table: RedFlags, numbers: Mapping[str, int]) -> None:
        """`numbers` are the language's number words."""
        self.table = table
        entries: dict[tuple[str, ...], set[str]] = {}
        not_now = table.not_now
        marks = {
            "<next>": not_now.next,
            "<scope>": not_now.scope,
            "<but>": not_now.but,
            "<after>": not_now.after,
            "<past>": not_now.past,
            "<recent>": not_now.recent,
            "<present>": not_now.present,
            "<excuse>": not_now.excuses,
            "<out of>": table.score.out_of,
            "<more>": table.score.more,
            "<half>": table.score.half,
        }
        for name, phrases in (*table.families().items(), *marks.items()):
            for phrase in phrases:
                entries.setdefault(tuple(phrase.split()), set()).add(name)
        self._entries = {words: frozenset(names) for words, names in entries.items()}
        self._longest = max(map(len, self._entries))
        self._numbers = {word: float(value) for word, value in numbers.items() if 0 <= value <= 10}
        self._skips = frozenset(not_now.next_may_skip)
        self._parts_of_a_body = frozenset((*table.places, *table.sides))
        self._firm, self._firm_words = frozenset(not_now.firm), frozenset(not_now.firm_words)
        self._rows = {row.id: row for row in table.rows}
        parts = "|".join(word for place in table.places.values() for word in place.words)
        self._short = re.compile(rf"\b({parts})'s\b")
        """ "My chest's tight": the place is to be found."""

    def read(self, words: str) -> Reading:
        """What an utterance says, heard or typed."""
        tokens = _WORD.findall(self._short.sub(r"\1 is", words.lower().replace("’", "'")))
        words = " ".join(tokens)
        found = self._found(tokens)
        self._negate(tokens, found)
        self._take_away(found)
        true = {name for one in found if not one.negated for name in one.families}
        denied = {name for one in found if one.negated for name in one.families}
        marks = {name for name in true if name.startswith("<")}
        here = self._derived(true - marks)
        is_over = marks & {"<past>", "<recent>"} and "<present>" not in marks
        if is_over and not ("<recent>" in marks and self._is_one_of(COUNTS_WHEN_RECENT, here)):
            warned = self._is_one_of(WARNS_WHEN_PAST, here)
            here = (here & self._parts_of_a_body) | ({"warned"} if warned else set())
        numbers = tuple(self._numbers_in(tokens, found))
        score = max(numbers, default=None) if "<out of>" in marks else None
        return Reading(
            frozenset(here),
            frozenset(name for name in denied - true if not name.startswith("<")),
            score,
            numbers,
            any(f" {phrase} " in f" {words} " for phrase in self.table.not_now.retract),
        )

    def _numbers_in(self, tokens: list[str], found: list[_Found]) -> Iterator[float]:
        """Number words, without the "ten" of "out of ten". "More than five" is no five, and "three and a half" no
        three: they are the next number up."""
        marks = {name: [one for one in found if name in one.families] for name in ("<out of>", "<more>", "<half>")}
        inside = {at for ones in marks.values() for one in ones for at in range(one.start, one.end)}
        for at, token in enumerate(tokens):
            number = self._number_of(token)
            if number < 0 or at in inside:
                continue
            up = any(at - 2 < one.end <= at for one in marks["<more>"]) or any(
                one.start == at + 1 for one in marks["<half>"]
            )
            yield min(10.0, number + up)

    def _number_of(self, token: str) -> float:
        """A number word, or digits that were typed; -1 for what is none from 0 to 10."""
        typed = float(token) if token.isascii() and token.isdigit() else -1.0
        return self._numbers.get(token, typed if typed <= 10 else -1.0)

    def _found(self, tokens: list[str]) -> list[_Found]:
        """The entries in an utterance, the longest first wherever two begin."""
        found, at = [], 0
        while at < len(tokens):
            for length in range(min(self._longest, len(tokens) - at), 0, -1):
                families = self._entries.get(tuple(tokens[at : at + length]))
                if families:
                    found.append(_Found(at, at + length, families))
                    at += length
                    break
            else:
                at += 1
        return found

    def _negate(self, tokens: list[str], found: list[_Found]) -> None:
        for n, mark in enumerate(found):
            if "<next>" in mark.families:
                end = mark.end
                for one in found[n + 1 :]:
                    if self._is_firm(one, tokens):
                        break  # "no, help me", "oh no, I can't breathe"
                    between = [token for token in tokens[end : one.start] if token not in self._skips]
                    if between and between != ["or"]:
                        break
                    if not self._is_sign(one) and not one.families <= self._parts_of_a_body:
                        break  # "no chest pain" takes back the pain, "no my chest hurts" nothing
                    one.negated, end = self._is_sign(one), one.end
            if "<scope>" in mark.families:
                for one in found[n + 1 :]:
                    if "<but>" in one.families or one.start >= mark.end + SCOPE_WORDS:
                        break
                    if one.start > mark.end and self._is_firm(one, tokens):
                        break  # "I'm not okay, help me"; but "I don't need help" takes it back
                    one.negated = one.negated or self._is_sign(one)
            if "<after>" in mark.families:
                for one in reversed(found[:n]):
                    if "<but>" in one.families and not {"my", "i", "it's"} & set(tokens[one.start : one.end]):
                        break
                    if self._is_sign(one):
                        one.gone = True
                        break  # one thing that is gone takes nothing else with it

    def _take_away(self, found: list[_Found]) -> None:
        """What is said to be gone, unless it counts all the same."""
        still = {name for one in found if not one.negated for name in one.families}
        for one in found:
            if one.gone and not self._is_one_of(COUNTS_WHEN_GONE, self._derived(still)):
                one.negated = True

    def _is_firm(self, one: _Found, tokens: list[str]) -> bool:
        """Whether a "no" before it is an exclamation: a cry, or words that are a negation themselves."""
        return bool(one.families & self._firm) or " ".join(tokens[one.start : one.end]) in self._firm_words

    def _is_one_of(self, rows: Iterable[str], families: set[str]) -> bool:
        return any(matches(self._rows[id].when, families) for id in rows if id in self._rows)

    def is_place(self, words: str) -> bool:
        """Whether words name a part of the body, perhaps with its side, and say nothing of it."""
        families = self.read(words).families - DERIVED
        return bool(families & set(self.table.places)) and families <= self._parts_of_a_body

    def _is_sign(self, one: _Found) -> bool:
        """Whether it can be denied: a sensation, and neither a place nor a side."""
        plain = {name for name in one.families if not name.startswith("<")}
        return bool(plain - self._parts_of_a_body)

    def _derived(self, families: set[str]) -> set[str]:
        places = [self.table.places[name] for name in families if name in self.table.places]
        more = {key for key in ("joint", "sided") if any(getattr(place, key) for place in places)}
        return families | more | ({"somewhere"} if places else set())
