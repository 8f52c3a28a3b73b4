"""From words to word families: what an utterance says about a body, with negation and the past taken out. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from assistant.red_flags import (
    ADDS_TO_A_HEART,
    ADDS_TO_A_PLACE,
    COUNTS_WHEN_GONE,
    COUNTS_WHEN_RECENT,
    DERIVED,
    WARNS_WHEN_PAST,
    RedFlags,
    matches,
)
from assistant.scores import Scores
from assistant.words import words as split

_OUT_OF_TEN = re.compile(r" ?/ ?10\b| out of 10\b")

SCOPE_WORDS = 5
"""How many words behind "not" may still be taken back by it."""


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
    past: frozenset[str] = frozenset()
    """Word families that are reported of another time."""
    retracts: bool = False
    """Whether it takes back a report that nobody meant: "false alarm", "no pain"."""
    painless: bool = False
    """Whether it says that nothing hurts, with no "unless" and no "when": it is worth a zero."""
    denied_places: frozenset[str] = frozenset()
    """Of the families those parts of the body that are named for what is denied alone: "no chest pain"."""


@dataclass(slots=True)
class _Found:
    """A word family's entry in an utterance."""

    start: int
    end: int
    families: frozenset[str]
    clause: int
    negated: bool = False
    gone: bool = False
    """Whether it is said to have gone away."""


class Reader:
    """Understands the words of one table."""

    def __init__(self, table: RedFlags, numbers: Mapping[str, int]) -> None:
        """`numbers` are the language's number words."""
        self.table = table
        not_now = table.not_now
        short = (*not_now.shortened, *(word for place in table.places.values() for word in place.words))
        self._short = re.compile(rf"\b({'|'.join(short)})'s\b(?= ({'|'.join(not_now.has_before)})\b)?")
        adverbs = "|".join(not_now.adverbs)
        self._adverbs = re.compile(rf"\b(\S+n't|cannot|not|never) (?:{adverbs})\b(?! bad)")
        exact = "|".join(not_now.exact)
        self._exact = re.compile(rf"\b(?:{exact}) (?=(?:{'|'.join(not_now.exact_before)})\b)")
        self._retract, self._painless, self._qualified = (
            # As the words of an utterance are read, in which "it's" is "it is".
            tuple(" ".join(self._tokens(phrase)) for phrase in phrases)
            for phrases in (not_now.retract, not_now.painless, not_now.qualified)
        )
        entries: dict[tuple[str, ...], set[str]] = {}
        marks = {
            "<next>": not_now.next,
            "<scope>": not_now.scope,
            "<as bad>": not_now.as_bad,
            "<but>": not_now.but,
            "<after>": not_now.after,
            "<well>": not_now.well,
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
                entries.setdefault(tuple(self._tokens(phrase)), set()).add(name)
        self._entries = {words: frozenset(names) for words, names in entries.items()}
        self._longest = max(map(len, self._entries))
        self._clauses, self._relative = frozenset(not_now.clauses), frozenset(not_now.relative)
        self._scores = Scores(table.score, numbers)
        self._anew, self._thought = {tuple(phrase.split()) for phrase in not_now.anew}, frozenset(not_now.thought)
        self._beside = frozenset(not_now.beside)
        self._skips = frozenset(not_now.next_may_skip)
        self._places, self._sides = frozenset(table.places), frozenset(table.sides)
        self._parts_of_a_body = self._places | self._sides
        self._firm, self._firm_words = frozenset(not_now.firm), frozenset(not_now.firm_words)
        self._cried, self._subjects = {tuple(words.split()) for words in not_now.cried}, frozenset(not_now.subjects)
        self._rows = {row.id: row for row in table.rows}

    def read(self, words: str) -> Reading:
        """What an utterance says, heard or typed."""
        tokens = self._tokens(words)
        words = " ".join(tokens)
        found = self._found(tokens)
        self._negate(tokens, found)
        self._take_away(found)
        true = {name for one in found if not one.negated for name in one.families}
        denied = {name for one in found if one.negated for name in one.families}
        here, past = self._by_time(found)
        if not here & self._places:
            here -= ADDS_TO_A_PLACE
        if "heart" not in here:
            here -= ADDS_TO_A_HEART
        marks = ("<out of>", "<more>", "<half>")
        spans = [[(one.start, one.end) for one in found if mark in one.families] for mark in marks]
        numbers = tuple(self._scores.told(tokens, *spans))
        is_painless = says(self._painless, words) and not says(self._qualified, words)
        return Reading(
            self._derived(here),
            frozenset(name for name in denied - true if not name.startswith("<")) - self._sides,
            max(numbers, default=None) if "<out of>" in true else None,
            numbers,
            past,
            is_painless or says(self._retract, words),
            is_painless,
            self._denied_places(tokens, found),
        )

    def _denied_places(self, tokens: list[str], found: list[_Found]) -> frozenset[str]:
        """Parts of the body that stand beside a denied sign wherever they stand."""
        denied = [one for one in found if one.negated]
        places = [one for one in found if one.families <= self._parts_of_a_body] if denied else []
        beside = [one for one in places if any(self._is_beside(tokens, sign, one) for sign in denied)]
        elsewhere = {name for one in places if one not in beside for name in one.families}
        return frozenset(name for one in beside for name in one.families) - elsewhere

    def _is_beside(self, tokens: list[str], sign: _Found, place: _Found) -> bool:
        between = tokens[sign.end : place.start]
        return place.end == sign.start or (sign.end <= place.start and self._beside.issuperset(between))

    def _tokens(self, words: str) -> list[str]:
        """The words, with what is shortened written out: "my chest's tight", "three/10"."""
        words = _OUT_OF_TEN.sub(r" out of ten", words.lower().replace("’", "'"))
        if "'" in words:
            words = self._short.sub(lambda short: f"{short[1]} {'has' if short[2] else 'is'}", words)
        return split(self._exact.sub("", self._adverbs.sub(r"\1", words)))

    def _by_time(self, found: list[_Found]) -> tuple[set[str], frozenset[str]]:
        """What is true now, and what is told of another time. A time belongs to its own clause: "I can't get up, I
        had an operation last year"."""
        here: set[str] = set()
        past: set[str] = set()
        for clause in self._clauses_of(found):
            true = {name for one in self._unwell(clause, found) if not one.negated for name in one.families}
            marks = {name for name in true if name.startswith("<")}
            families = true - marks
            is_over = marks & {"<past>", "<recent>"} and "<present>" not in marks
            derived = self._derived(families)
            if is_over and not ("<recent>" in marks and self._is_one_of(COUNTS_WHEN_RECENT, derived)):
                past |= families
                here |= families & self._parts_of_a_body
                here |= {"warned"} if self._is_one_of(WARNS_WHEN_PAST, derived) else set()
            else:
                here |= families
        return here, frozenset(past)

    def _unwell(self, clause: list[_Found], found: list[_Found]) -> list[_Found]:
        """The entries of a clause, without the parts of the body of which it only says that they are well: "my leg is
        fine, it's my chest". What is told behind it of no other part is of these: "my chest is fine but tight"."""
        well = max((one.start for one in clause if "<well>" in one.families), default=-1)
        if well < 0:
            return clause
        before = [one for one in clause if one.start < well]
        behind = [one for one in found if one.start > well and any(not name.startswith("<") for name in one.families)]
        is_of_others = not behind or any(one.families & self._parts_of_a_body for one in behind)
        is_denied = any("<scope>" in one.families for one in before)  # "my chest doesn't feel good"
        told = {name for one in before for name in one.families if not name.startswith("<")}
        is_well = is_of_others and not is_denied and told <= self._parts_of_a_body
        return [one for one in clause if one.start > well] if is_well else clause

    def _clauses_of(self, found: list[_Found]) -> list[list[_Found]]:
        """The entries by clause. A time that stands first alone is that of the clause behind it ("yesterday I
        fainted"), a "now" that of the clause before."""
        clauses: list[list[_Found]] = []
        waiting: list[_Found] = []
        for number in sorted({one.clause for one in found}):
            clause = [one for one in found if one.clause == number]
            names = {name for one in clause for name in one.families}
            if any(not name.startswith("<") for name in names):
                clauses.append(waiting + clause)
                waiting = []
            elif not clauses:
                waiting += clause
            elif "<present>" in names:
                clauses[-1] += clause
        return clauses or [waiting]

    def _found(self, tokens: list[str]) -> list[_Found]:
        """The entries in an utterance, the longest first wherever two begin."""
        found, at, clause = [], 0, 0
        lasting = self._scores.with_durations(tokens)
        while at < len(tokens):
            begins = tokens[at] in self._clauses and not (at and tokens[at - 1] in self._relative)
            clause += begins
            for length in range(min(self._longest, len(tokens) - at), 0, -1):
                ways = (tuple(words[at : at + length]) for words in (tokens, lasting))
                families = next(filter(None, map(self._entries.get, ways)), None)
                if families:
                    found.append(_Found(at, at + length, families, clause))
                    at += 1 if families == {"<but>"} else length  # "it is" may go on as "is over"
                    break
            else:
                at += 1
        return found

    def _negate(self, tokens: list[str], found: list[_Found]) -> None:
        for n, mark in enumerate(found):
            if "<next>" in mark.families:
                end = mark.end
                for one in found[n + 1 :]:
                    if self._is_firm(one, tokens) or self._is_told_anew(one, tokens, mark.end):
                        break  # "no, help me", "oh no, I can't breathe", "no, it's my heart"
                    between = [token for token in tokens[end : one.start] if token not in self._skips]
                    if between and between != ["or"]:
                        break
                    if not self._is_sign(one) and not one.families <= self._parts_of_a_body:
                        break  # "no chest pain" takes back the pain, "no my chest hurts" nothing
                    one.negated, end = self._is_sign(one), one.end
            if "<scope>" in mark.families:
                if any("<as bad>" in one.families for one in found[n + 1 :]):
                    continue  # "I never had chest pain like this"
                for one in found[n + 1 :]:
                    is_thought = one.end - one.start > 1 and self._thought & set(tokens[mark.end : one.start])
                    if ("<but>" in one.families and not is_thought) or one.start >= mark.end + SCOPE_WORDS:
                        break  # "it's" is none in "I don't think it's numb"
                    if one.start > mark.end and self._is_firm(one, tokens):
                        break  # "I'm not okay, help me"; but "I don't need help" takes it back
                    if self._is_told_anew(one, tokens, mark.end):
                        break  # "I'm not ready, ow", "don't count, I'm bleeding"
                    if self._is_said_anew(tokens, mark.end, one):
                        break  # "not yet, it hurts"
                    is_side = one.families <= self._sides and one.start <= mark.end + 1
                    one.negated = one.negated or self._is_sign(one) or is_side  # "not the left one"
            if "<after>" in mark.families:
                for one in reversed(found[:n]):
                    if "<but>" in one.families and not {"my", "i", "it"} & set(tokens[one.start : one.end]):
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

    def _is_told_anew(self, one: _Found, tokens: list[str], behind: int) -> bool:
        """Whether it is a cry, or a sentence of its own that nobody says that they only think: "it's my heart"."""
        words = tuple(tokens[one.start : one.end])
        begins = words[0] in self._subjects and self._is_sign(one)
        return words in self._cried or (begins and self._thought.isdisjoint(tokens[behind : one.start]))

    def _is_said_anew(self, tokens: list[str], behind: int, one: _Found) -> bool:
        """Whether it has a subject of its own, and is not what somebody says or thinks that it is not."""
        begins = next(
            (at for at in (one.start - 1, one.start - 2) if tuple(tokens[at : one.start + 1]) in self._anew), -1
        )
        return begins >= behind and self._thought.isdisjoint(tokens[behind:begins])

    def _is_one_of(self, rows: Iterable[str], families: Collection[str]) -> bool:
        return any(matches(self._rows[id].when, families) for id in rows if id in self._rows)

    def is_place(self, words: str) -> bool:
        """Whether words name a part of the body, perhaps with its side, and say nothing of it."""
        reading = self.read(words)
        named = reading.families & self._places
        return not named <= reading.denied_places and self.is_only_where(reading.families)

    @cached_property
    def expected_places(self) -> frozenset[str]:
        """The phrases that the table expects which name a part of the body and nothing else."""
        return frozenset(filter(self.is_place, self.table.expect))

    def is_only_where(self, families: Collection[str]) -> bool:
        """Whether families say at most where something is, and not what."""
        return self._parts_of_a_body >= set(families) - DERIVED

    def _is_sign(self, one: _Found) -> bool:
        """Whether it can be denied: a sensation, and neither a place nor a side."""
        plain = {name for name in one.families if not name.startswith("<")}
        return bool(plain - self._parts_of_a_body)

    def _derived(self, families: set[str]) -> frozenset[str]:
        places = [self.table.places[name] for name in families if name in self.table.places]
        more = {key for key in ("joint", "sided") if any(getattr(place, key) for place in places)}
        return frozenset(families | more | ({"somewhere"} if places else set()))


def says(phrases: Iterable[str], words: str) -> bool:
    """Whether one of these phrases stands in these words, whole."""
    return any(f" {phrase} " in f" {words} " for phrase in phrases)
