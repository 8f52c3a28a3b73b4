"""What is said after the guidance: whether dizziness has passed, how a pain is after a rest, whether to go on."""

from dataclasses import replace

from assistant import triage
from assistant.events import Heard
from assistant.reading import Reading, says
from assistant.red_flags import RedFlags, rank
from assistant.session import report
from assistant.session.state import Draft
from assistant.session.train import wait_after_pain
from assistant.session.watch import Watch, beside
from assistant.words import words as split


def has_answered_passed(draft: Draft, heard: Heard, reading: Reading) -> bool:
    """Puts what "has it passed?" brought into the report; False when it was no answer."""
    report.add(draft, heard)
    table = draft.plan.reader.table
    yes, no = triage.yes_or_no(heard.words, table)
    is_sure = yes and not says((*table.answers.hedged, *table.answers.not_quite), heard.words.lower())
    is_well = is_sure or heard.intent == "okay" or _is_well(heard.words, table) or _is_sign(reading.denied, table)
    has_passed = is_well and not reading.families  # "no, I'm fine" and "no, not dizzy" are a yes
    is_there = _is_sign(reading.families, table) or (no and not has_passed)
    if is_there:
        so_far = draft.state.report
        draft.set(report=replace(so_far, families=so_far.families | {"not_passed"}))
    return is_there or has_passed


def _is_well(words: str, table: RedFlags) -> bool:
    """ "It has passed", "yes, gone", "no, I'm fine now"; whatever else is said with it may take it back: "gone, but
    I'm shaky". Behind a "no" it is a sentence of its own: "no better" is none."""
    answers, tokens = table.answers, split(words)
    is_denied = False
    while tokens and tokens[0] in {*answers.yes, *answers.no}:
        is_denied = is_denied or tokens[0] in answers.no
        tokens = tokens[1:]
    is_sentence = bool(tokens) and tokens[0].partition("'")[0] in table.not_now.subjects
    return " ".join(tokens) in answers.passed and (is_sentence or not is_denied)


def _is_sign(families: frozenset[str], table: RedFlags) -> bool:
    """Whether families tell of a body by themselves. Many count only together with others ("too tight" with a chest),
    and are said of a band as well: they answer nothing, and the question comes again."""
    alone = {*table.places, "hurt", "dizzy", "weak", "worse"}
    return bool(families & alone) or triage.decide(triage.Report(families=families), table).row is not None


def has_answered_score(draft: Draft, heard: Heard, reading: Reading) -> bool:
    """Puts the second number into the report, and into what is watched; False when none was said."""
    table = draft.plan.reader.table
    score = triage.score_in(heard.words, reading, table)
    so_far = triage.added(draft.state.report, heard.words, replace(reading, score=score), table)
    draft.set(report=so_far)
    if score is not None and score > table.score.low_to:
        draft.set(report=replace(so_far, least=max(so_far.least, "stop", key=rank)))
    elif score:
        draft.set(watch=beside(draft.state.watch, Watch(score, report=so_far), table))
    return score is not None or rank(so_far.least) >= rank("stop")


def without_pain(draft: Draft, heard: Heard, reading: Reading) -> triage.Report | None:
    """The report, where what it is like is answered with that it hurts no more, "never mind", "zero"; else None. That
    is worth a zero, but what it was like stays open."""
    table = draft.plan.reader.table
    is_zero = reading.retracts or triage.score_in(heard.words, reading, table) == 0
    return triage.added(draft.state.report, heard.words, replace(reading, score=0.0), table) if is_zero else None


def tells_of_more(draft: Draft, heard: Heard, reading: Reading) -> bool:
    """Whether somebody who may go on tells of a pain that is not decided on yet: another, or a higher number."""
    watch, so_far, table = draft.state.watch, draft.state.report, draft.plan.reader.table
    known = watch.score if watch else table.score.low_to if so_far.score is None else so_far.score
    is_higher = heard.intent in {"number", "answer"} and max(reading.numbers, default=0.0) > known
    return is_higher or names_a_pain(draft, heard, reading)


def names_a_pain(draft: Draft, heard: Heard, reading: Reading) -> bool:
    """Whether words say that something hurts: plainly, by a sign of the table, or by a part of the body. Somebody who
    is about to go on also speaks of legs and sides otherwise: "the left one first", "my left leg is ready"."""
    reader, table = draft.plan.reader, draft.plan.reader.table
    if heard.intent != "answer" or reading.retracts:
        return heard.intent == "pain"
    places = reading.families & table.places.keys() - reading.denied_places
    if places and reader.is_only_where(reading.families):
        ends = any(f" {heard.words}".endswith(f" {phrase}") for phrase in reader.expected_places)
        return ends or not all(table.places[name].sided for name in places)
    known = report.BARE | report.where(draft.state.report, table)
    before, now = (triage.decide(triage.Report(families=ones), table) for ones in (known, known | reading.families))
    return now.row is not before.row


def go_on(draft: Draft) -> None:
    """Back to the workout, watched; a set waits for a word."""
    draft.note("pain_answer", question="go on", answer="clear", words="")
    draft.say("pain_watch")
    back = draft.state.back_to
    draft.set(report=triage.Report())
    if back is not None and back.phase in {"set", "switch", "rest"}:
        wait_after_pain(draft, back)
    else:
        draft.resume()
