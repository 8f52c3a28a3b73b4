"""Triage: what a report of pain says, what to ask next, and which row of the table it comes to. Pure.

A `Report` gathers what the reader understood, `decide` finds the first row that fits, and `next_question` what is
still worth asking.
"""

from dataclasses import dataclass, replace

from assistant.reading import Reader, Reading, says
from assistant.red_flags import DERIVED, LEVELS, Level, Question, RedFlags, Row, matches, rank
from assistant.words import UNKNOWN

MOST_QUESTIONS = 3
"""Somebody in pain is not interviewed."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report of pain, as far as it is known."""

    words: tuple[str, ...] = ()
    """The utterances, in order."""
    families: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()
    score: float | None = None
    """The worst number that was said."""
    asked: tuple[str, ...] = ()
    """Ids of the questions so far."""
    unclear: frozenset[str] = frozenset()
    """Questions that got no clear answer."""
    least: Level = "normal"
    """The level of the worst thing said so far: nothing that is said later leads below it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a report leads."""

    row: Row | None
    """None: nothing of the table was said."""
    level: Level
    raised: bool = False
    """Whether it stands higher than its row: an answer was unclear, or something worse was said before."""

    @property
    def provisional(self) -> bool:
        """Whether an answer may still lead below it."""
        return self.row is None or (self.row.provisional and not self.raised)


def added(report: Report, words: str, reading: Reading, table: RedFlags, *, before: bool = False) -> Report:
    """A report with one more utterance in it. `before`: it was said before the first rep."""
    score = max((value for value in (report.score, reading.score) if value is not None), default=None)
    families = (report.families - {"score_low", "score_middle", "score_high"}) | reading.families
    if before and reading.families & {"hurt", "dull", "sharp", "burning", "tear"}:
        families |= {"before"}
    if score is not None:
        families |= {_score_family(score, table)}
    more = replace(
        report,
        words=(*report.words, words),
        families=families,
        denied=(report.denied | reading.denied) - families,
        score=score,
    )
    decision = decide(more, table)
    if decision.row and not decision.row.provisional:
        more = replace(more, least=max(more.least, decision.row.level, key=rank))
    return more


def score_in(words: str, reading: Reading, table: RedFlags) -> float | None:
    """The number from 0 to 10 in the answer to a question that asks for one; "it's gone" is worth a zero."""
    if reading.numbers:
        return max(reading.numbers)
    is_nothing = reading.painless and "hurt" not in reading.families  # "it doesn't hurt here, it hurts in my hip"
    return 0.0 if is_nothing or words in table.score.zero else None


def answered(report: Report, question: Question, words: str, reading: Reading, table: RedFlags) -> Report | None:
    """A report with the answer to a question in it, or None when the words do not answer it."""
    if " ".join(words.lower().split()) in question.unclear_words:  # it would be no other when asked again
        return replace(report, words=(*report.words, words), unclear=report.unclear | {question.id})
    if "score" in question.about:
        reading = replace(reading, score=score_in(words, reading, table))
    said_yes, said_no = yes_or_no(words, table)
    if says(question.no_words, words):
        said_yes, said_no = False, True
    if matches(question.means_yes, reading.families):
        said_yes, said_no = True, False
    # "Yes, barely" may be heard as "yes [unk]".
    is_half = says(table.answers.hedged, words) or (said_yes and UNKNOWN in words.split())
    if is_half and not said_no:  # half a yes is the stricter answer
        said_yes, said_no = bool(question.yes), bool(question.no)
    if said_no and (question.yes or question.no):  # "no chest pain" tells of no chest
        left = reading.families - reading.denied_places
        reading = replace(reading, families=left if left & table.places.keys() else left - DERIVED)
    if said_yes and question.yes:
        reading = replace(reading, families=reading.families | {question.yes})
    if said_no and question.no:
        reading = replace(reading, families=reading.families | {question.no})
    more = added(report, words, reading, table)
    if said_no and (question.yes or question.no):
        more = replace(more, denied=(more.denied | set(question.about)) - more.families)
    if (said_yes or said_no) and (question.yes or question.no):
        return more
    return more if _is_known(question, more, table) else None


def decide(report: Report, table: RedFlags) -> Decision:
    """The first row that fits, one level up for what stayed unclear, never below the worst thing said."""
    row = next((row for row in table.rows if _fits(row, report)), None)
    if row is None:
        return Decision(None, "normal")
    level = row.level
    # Not to know the side locks both; it makes nothing more dangerous.
    for_the_lock = {question.id for question in table.questions if question.for_the_lock}
    needed = [question for question in table.questions if question.id in row.needs]
    is_left_out = bool(needed) and not any(_is_known(question, report, table) for question in needed)
    if (report.unclear - for_the_lock or is_left_out) and rank(level) >= rank("continue"):
        level = LEVELS[min(rank(level) + 1, rank("emergency"))]
    level = max(level, report.least, key=rank)
    return Decision(row, level, raised=level != row.level)


def next_question(report: Report, table: RedFlags, *, no_more_than: int = MOST_QUESTIONS) -> Question | None:
    """What is still worth asking, or None."""
    if len(report.asked) >= no_more_than:
        return None
    decision = decide(report, table)
    if decision.row and (decision.row.calls or decision.level == "emergency"):
        return None
    reached = -1 if decision.provisional else rank(decision.level)
    for question in table.questions:
        if (
            question.id in report.asked
            or _is_known(question, report, table)
            or not matches(question.when, report.families)
        ):
            continue
        if question.for_the_lock and reached >= rank("stop"):
            return question
        if not question.for_the_lock and reached < rank(question.worth) and reached < rank("urgent"):
            return question
    return None


def is_live(words: str, reader: Reader) -> bool:
    """Whether an utterance reports something that must stop a set."""
    reading = reader.read(words)
    if not reading.families:
        return False
    decision = decide(added(Report(), words, reading, reader.table), reader.table)
    return decision.row is not None and rank(decision.level) > rank("normal")


def place_of(report: Report, table: RedFlags) -> str:
    """The places of a report, worst known first, "" when none was said."""
    return " ".join(name for name in table.places if name in report.families)


def side_of(report: Report, table: RedFlags) -> str:
    """ "left", "right", or "" for both, or when nobody said; of a back or a chest both, on whichever side it is."""
    if any(name in report.families and not place.sided for name, place in table.places.items()):
        return ""
    left, right = "left" in report.families, "right" in report.families
    return "left" if left and not right else "right" if right and not left else ""


def kind_of(report: Report, table: RedFlags) -> str:
    """The kind that was said, the sharpest first; "" when none was."""
    return next((name for name in table.kinds if name in report.families), "")


def _fits(row: Row, report: Report) -> bool:
    if row.only_before and "before" not in report.families:
        return False
    return matches(row.when, report.families) and not matches(row.unless, report.families)


def _is_known(question: Question, report: Report, table: RedFlags) -> bool:
    return any(_known(about, report, table) for about in question.about)


def _known(about: str, report: Report, table: RedFlags) -> bool:
    match about:
        case "place":
            return bool(place_of(report, table))
        case "kind":
            return bool(kind_of(report, table))
        case "side":
            return bool({"left", "right", "both"} & report.families)
        case "score":
            return report.score is not None
    return about in report.families or about in report.denied


def _score_family(score: float, table: RedFlags) -> str:
    if score <= table.score.low_to:
        return "score_low"
    return "score_middle" if score <= table.score.middle_to else "score_high"


def yes_or_no(words: str, table: RedFlags) -> tuple[bool, bool]:
    """(yes, no): whether words are a plain answer; both at once are none."""
    answers, words = table.answers, " ".join(words.lower().split())
    for unclear in answers.unclear:
        words = f" {words} ".replace(f" {unclear} ", " ").strip()
    yes = says(answers.yes, words) or words in answers.yes_alone
    no = says(answers.no, words)
    return (yes, no) if yes != no else (False, False)
