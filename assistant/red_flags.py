"""The triage table of a pack: its word families, questions, rows and sources, as red_flags.toml holds them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Literal

from assistant.tables import Table

Level = Literal["normal", "continue", "lighten", "stop", "doctor", "urgent", "emergency"]

LEVELS: tuple[Level, ...] = ("normal", "continue", "lighten", "stop", "doctor", "urgent", "emergency")
"""From what is harmless to what is worst."""

ANSWERS = ("place", "side", "kind", "score")
"""What a question can be about besides a word family."""

OF_A_PLACE = frozenset({"somewhere", "joint", "sided"})
DERIVED = OF_A_PLACE | {"score_low", "score_middle", "score_high"}
"""Families that nobody says: they follow from a place or a number."""

WARNS_WHEN_PAST = ("chest", "fainted", "breath", "face_arm_speech", "back_nerves")
"""Rows whose signs matter also when they are long over: they become the family "warned"."""
COUNTS_WHEN_RECENT = ("breath", "face_arm_speech", "back_nerves", "one_leg", "dark_urine")
"""Rows whose signs of yesterday are signs of today."""
ADDS_TO_A_PLACE = {"went"}
"""Families that say something only of a part of the body that is named with them: "my back went"; "it's gone" is good
news."""
ADDS_TO_A_HEART = {"fast"}
"""The same of a heart: "my pulse is too high"; of a volume or a bench it is no sign."""
COUNTS_WHEN_GONE = ("chest", "fainted", "face_arm_speech")
"""Rows that stay what they are when the sign goes away again."""

KNOWN_ROWS = frozenset({*WARNS_WHEN_PAST, *COUNTS_WHEN_RECENT, *COUNTS_WHEN_GONE})
KNOWN_FAMILIES = frozenset(
    {*("reported", "hurt", "dull", "sharp", "burning", "tear", "sudden", "numb", "nerve_signs", "weak"), "chest"}
    | {"chest_signs", "cry", "cannot", "not_passed", "other_one", "before", "warned"}
    | {"heart", "dizzy", "worse"}
    | ADDS_TO_A_PLACE
    | ADDS_TO_A_HEART
)
"""Rows and families that the program knows by these names, the same in every language."""

Combination = tuple[str, ...]
"""Families that must all be there; "!x": x must not."""


def rank(level: str) -> int:
    """How bad a level is; "none" is below all."""
    return LEVELS.index(level) if level in LEVELS else -1  # type: ignore[arg-type]


class Place(Table, frozen=True):
    """A part of the body."""

    words: tuple[str, ...]
    sided: bool
    """Whether there is a left and a right one."""
    joint: bool


class NotNow(Table, frozen=True):
    """What makes words mean less: negation, the past, and phrases that only look like a report."""

    next: tuple[str, ...]
    next_may_skip: tuple[str, ...]
    scope: tuple[str, ...]
    as_bad: tuple[str, ...]
    """Behind "never" or "not", it was only never as bad as now."""
    adverbs: tuple[str, ...]
    """Left out behind "not": "I can't really feel my legs"."""
    exact: tuple[str, ...]
    """Left out before one of `exact_before`, where it is no side: "right on my chest"."""
    exact_before: tuple[str, ...]
    shortened: tuple[str, ...]
    """Words besides those of places whose "'s" is written out: "the pain's in my chest"."""
    has_before: tuple[str, ...]
    """Before these, "'s" is short for "has"."""
    clauses: tuple[str, ...]
    """What a clause begins with: a time counts for its own clause only."""
    relative: tuple[str, ...]
    """Words behind which no new clause begins: "the pain that I had"."""
    but: tuple[str, ...]
    anew: tuple[str, ...]
    """Say that it hurts whatever was denied before: "not yet, it hurts"."""
    thought: tuple[str, ...]
    """Words before them with which they are only what somebody thinks, or does not: "I don't think it hurts"."""
    beside: tuple[str, ...]
    """What may stand between a sign and its place."""
    well: tuple[str, ...]
    """Behind a part of the body: there is nothing with it."""
    after: tuple[str, ...]
    firm: tuple[str, ...]
    """Families that no "no" takes back."""
    firm_words: tuple[str, ...]
    """The same, by entry."""
    cried: tuple[str, ...]
    """Entries that are a cry, whatever stands before them."""
    subjects: tuple[str, ...]
    """An entry that begins with one of these is a sentence of its own, of which no denial before it speaks."""
    interjections: tuple[str, ...]
    """Words that say nothing, before whatever else is said."""
    past: tuple[str, ...]
    recent: tuple[str, ...]
    """The past that some signs do not care about."""
    present: tuple[str, ...]
    excuses: tuple[str, ...]
    retract: tuple[str, ...]
    painless: tuple[str, ...]
    qualified: tuple[str, ...]
    """With one of these, it hurts at another moment: "no pain unless I bend it"."""


class YesNo(Table, frozen=True):
    """The words of a plain answer; both at once answer nothing."""

    yes: tuple[str, ...]
    yes_alone: tuple[str, ...]
    """Count only when nothing else is said: "I am" is a yes, "I am still dizzy" is none."""
    no: tuple[str, ...]
    hedged: tuple[str, ...]
    """Half a yes, which is taken for the stricter answer."""
    unclear: tuple[str, ...]
    """What only sounds like an answer: "no idea"."""
    passed: tuple[str, ...]
    """Whole answers that say, without a yes, that it has passed."""
    not_quite: tuple[str, ...]
    """With one of these, a "yes" does not say so either: "yes, almost"."""


class Score(Table, frozen=True):
    """The scale of pain, 0 to 10."""

    out_of: tuple[str, ...]
    more: tuple[str, ...]
    """Before a number: it is more than that."""
    half: tuple[str, ...]
    """Behind a number: the same."""
    units: tuple[str, ...]
    """Behind a number: it is no score, "one second"."""
    single: tuple[str, ...]
    """The same behind a one: "one leg", but "zero hip, two knee" tells two scores."""
    pointing: tuple[str, ...]
    """Numbers that only point at something, with the word before them: "the left one"."""
    joined: tuple[str, ...]
    """Between two numbers of one unit: "one or two days"."""
    durations: tuple[str, ...]
    """Units before which an entry has `any_number` for a number: "for some weeks"."""
    any_number: str
    zero: tuple[str, ...]
    """Whole answers that are worth a zero."""
    low_to: int
    middle_to: int


class Question(Table, frozen=True):
    """One short question."""

    id: str
    text: str
    about: tuple[str, ...]
    """Families or ANSWERS; one that is known, or was denied, answers it."""
    worth: Level
    """The worst level that an answer can lead to: below that it is worth asking."""
    when: tuple[str, ...]
    """Combinations; one must be there."""
    yes: str = ""
    """The family that a "yes" adds."""
    no: str = ""
    no_words: tuple[str, ...] = ()
    """What is a "no" to this question besides."""
    unclear_words: tuple[str, ...] = ()
    """Whole answers that leave this question open, and would be a sign anywhere else: "I can't see it" is said of a
    leg here, and of failing eyes in a set."""
    means_yes: tuple[str, ...] = ()
    """Combinations of families that are a "yes" to it, even behind a "no": "no, it's only tight"."""
    for_the_lock: bool = False
    """Asked not for the level but for what is locked, once it is clear that something is."""


class Row(Table, frozen=True):
    """One row of the table."""

    id: str
    level: Level
    title: str
    when: tuple[str, ...]
    unless: tuple[str, ...]
    say: tuple[str, ...]
    """Short sentences, said one after the other."""
    why: str
    sources: tuple[str, ...]
    phrases: tuple[str, ...]
    """Ways to say it: each reaches this row, and all are in the recogniser's grammar."""
    calls: bool = False
    """Calls out loud at once, without a question."""
    needs: tuple[str, ...] = ()
    """Questions, by id. Unless one of them is answered, it stands one level higher."""
    provisional: bool = False
    """Stands only as long as nothing better is known: an answer may lead below it."""
    rest_then_ask: bool = False
    """Asks after a few minutes whether it has passed."""
    only_before: bool = False
    """Counts only before the first rep."""


class Source(Table, frozen=True):
    """Where a rule comes from."""

    title: str
    kind: Literal["guide", "public", "own"]


class RedFlags(Table, frozen=True):
    """red_flags.toml."""

    says_commands: tuple[str, ...]
    """Command phrases in the spoken texts, declared."""
    expect: tuple[str, ...]
    """What people answer, and say besides: for the recogniser."""
    cries: tuple[str, ...]
    """Words by which the command "help" calls for somebody, once something was reported."""
    sources: dict[str, Source]
    places: dict[str, Place]
    sides: dict[str, tuple[str, ...]]
    kinds: dict[str, tuple[str, ...]]
    signs: dict[str, tuple[str, ...]]
    not_now: NotNow
    answers: YesNo
    score: Score
    questions: tuple[Question, ...]
    rows: tuple[Row, ...]
    emergency_numbers: dict[str, tuple[str, ...]]
    """Digits -> the words that choose them."""

    def families(self) -> Mapping[str, tuple[str, ...]]:
        """Every word family with its entries."""
        places = {name: place.words for name, place in self.places.items()}
        return {**places, **self.sides, **self.kinds, **self.signs}

    def row(self, id: str) -> Row:
        """A row by its id."""
        return next(row for row in self.rows if row.id == id)

    def grammar(self) -> Iterator[str]:
        """What the recogniser should expect: whole reports, and what answers a question. Single words
        stay out of it where they can: a short word more is what a short command is mistaken for."""
        for row in self.rows:
            yield from row.phrases
        yield from self.expect
        yield from (way for ways in self.emergency_numbers.values() for way in ways)
        yield from (*self.not_now.retract, *self.not_now.painless)

    def written(self) -> Iterator[str]:
        """Every word or phrase that is looked for in what was heard."""
        yield from self.grammar()
        yield from (words for entries in self.families().values() for words in entries)
        for part in (self.not_now, self.answers):
            for name in part.__struct_fields__:
                yield from getattr(part, name)
        asked = (way for question in self.questions for way in (*question.no_words, *question.unclear_words))
        yield from (*self.score.out_of, *self.score.more, *self.score.half, *asked)

    def spoken(self) -> Iterator[str]:
        """Every text of the table that is said aloud."""
        for question in self.questions:
            yield question.text
        for row in self.rows:
            yield from row.say
            yield row.why


@cache
def combination(written: str) -> Combination:
    """ "chest + !hurt" as its parts."""
    return tuple(part.strip() for part in written.split("+"))


def matches(written: Iterable[str], families: Collection[str]) -> bool:
    """Whether one of these combinations is there."""
    return any(
        all((part[1:] not in families) if part.startswith("!") else (part in families) for part in combination(one))
        for one in written
    )
