"""A report of pain in the session: opened, added to, noted, and what it locks. Several phases use it."""

from collections.abc import Iterable
from dataclasses import replace

from assistant import triage
from assistant.events import Heard
from assistant.reading import Reader, Reading
from assistant.red_flags import OF_A_PLACE, RedFlags, rank
from assistant.session import watch
from assistant.session.state import Draft

BARE = frozenset({"reported", "hurt"})
"""What a report knows that tells nothing more than that something hurts."""

CALL = 2
"""The step of the ladder that calls out loud; see ladder.py."""

SAME_FRIGHT_SECONDS = 4
"""Neither pain nor a stop is often said once and calmly: what follows within this time belongs to it, it answers
nothing."""


def is_cry(draft: Draft, heard: Heard) -> bool:
    """A bare "help" from somebody who has just reported pain asks for no list of commands."""
    return heard.intent == "help" and not set(draft.plan.reader.table.cries).isdisjoint(heard.words.lower().split())


def call_out(draft: Draft, heard: Heard) -> None:
    """Straight to the loud call."""
    report = draft.state.report
    draft.set(report=replace(report, words=(*report.words, heard.words), families=report.families | {"cry"}))
    draft.hush(urgent=True)
    draft.go("ladder", item=CALL)


def read(draft: Draft, heard: Heard) -> Reading:
    """What was heard, as an addition to a report that is open."""
    reading = draft.plan.reader.read(heard.words)
    if heard.intent == "number" and heard.value is not None:
        is_score = 0 <= heard.value <= 10 and bool(reading.numbers)  # "ten kilos" is none
        return replace(reading, numbers=(heard.value,) if is_score else ())
    return reading


def is_open(draft: Draft) -> bool:
    """Whether anything was reported that was not taken back."""
    return bool(draft.state.report.families - {"reported"})


def add(draft: Draft, heard: Heard) -> None:
    """Adds what was heard to the report."""
    draft.set(report=triage.added(draft.state.report, heard.words, read(draft, heard), draft.plan.reader.table))


def says_more(draft: Draft, heard: Heard) -> bool:
    """Whether a "stop" comes with something that the report must have: a part of the body, a "yes"."""
    yes, _ = triage.yes_or_no(heard.words, draft.plan.reader.table)
    return bool(read(draft, heard).families) or (yes and draft.state.asking not in {"", "go on"})


def open_report(draft: Draft, heard: Heard, *, before: bool = False) -> None:
    """A new report, or more of one that is still open."""
    table = draft.plan.reader.table
    reading = as_report(draft.plan.reader.read(heard.words), draft.plan.reader)
    draft.set(report=triage.added(draft.state.report, heard.words, reading, table, before=before), reported="")


def is_elsewhere(known: Iterable[triage.Report], reading: Reading, draft: Draft) -> bool:
    """Whether something else hurts now than all that is known."""
    table, said, sides = draft.plan.reader.table, reading.families, {"left", "right"}
    if reading.numbers and draft.plan.reader.is_only_where(said):
        return False  # "two, my back is fine"
    olds = [old.families for old in known]
    is_new = (said & set(table.places) - old or (old & sides and said & sides - old) for old in olds)
    return all(is_new) or "other_one" in said


def where(known: triage.Report, table: RedFlags) -> frozenset[str]:
    """What a report tells of the place alone."""
    return known.families & {*table.places, *table.sides, *OF_A_PLACE}


def reopen(draft: Draft, heard: Heard) -> None:
    """More of a pain that was decided on, or another one: what is known but of the place is asked again, and nothing
    leads below what was decided."""
    reader, old = draft.plan.reader, draft.state.report
    reading = read(draft, heard)
    if is_elsewhere([old], reading, draft):
        known, reading = frozenset[str](), as_report(reading, reader)
    else:
        known = where(old, reader.table)
    begun = triage.Report(families=known | BARE, least=old.least)
    draft.set(report=triage.added(begun, heard.words, reading, reader.table), reported="")
    note_opened(draft, heard.words)


def note_opened(draft: Draft, words: str) -> None:
    """Tells of a report before anything is asked about it: if the power goes now, it is not forgotten."""
    draft.note("pain", words=words, state=draft.state.phase, **at_which_rep(draft))


def at_which_rep(draft: Draft) -> dict[str, object]:
    """Where the workout stands, for a note."""
    at = draft.state.back_to or draft.state
    return {"set": at.set, "side": at.side, "rep": at.reps}


def as_report(reading: Reading, reader: Reader) -> Reading:
    """What was read, where it opens a report: whoever names no more than a part of the body means that it hurts."""
    hurt = {"hurt"} if reader.is_only_where(reading.families) else set()
    return replace(reading, families=reading.families | {"reported"} | hurt)


def note_report(draft: Draft, *, taken_back: bool = False) -> None:
    """Tells what was reported and where it led: once a report, and again only if it has become worse."""
    state, table = draft.state, draft.plan.reader.table
    report, at = state.report, state.back_to or state
    decision = triage.Decision(None, "normal") if taken_back else triage.decide(report, table)
    if rank(decision.level) <= rank(state.reported):
        return
    families, denied = report.families, report.denied

    def known(*names: str) -> bool | None:
        return True if families & set(names) else False if denied & set(names) else None

    draft.note(
        "pain_report",
        words=" / ".join(report.words),
        place=triage.place_of(report, table),
        side=triage.side_of(report, table),
        kind=triage.kind_of(report, table),
        score=None if report.score is None else round(report.score),
        sudden=known("sudden", "tear"),
        numb=known("numb", "nerve_signs", "weak"),
        chest=known("chest", "chest_signs"),
        row=decision.row.id if decision.row else "",
        level=decision.level,
        advice=" ".join(decision.row.say) if decision.row else "",
        set=at.set,
        rep=at.reps,
        load_kg=at.load_kg,
    )
    draft.set(reported=decision.level)


def decided(draft: Draft) -> triage.Decision:
    """Where a report leads that nothing more is asked about. What may stay is watched; what has become worse twice
    may not, whether it was told at the check or in a set."""
    so_far, table = draft.state.report, draft.plan.reader.table
    decision = triage.decide(so_far, table)
    if decision.level == "continue":
        seen = watch.told(draft.state.watch, so_far, table)
        if watch.may_stay(seen):
            draft.set(watch=seen)
        else:
            risen = Reading(frozenset({"hurt", "dull"}), score=table.score.low_to + 1.0)
            draft.set(report=replace(triage.added(so_far, "", risen, table), words=so_far.words))
            decision = triage.decide(draft.state.report, table)
    return decision


def lock(draft: Draft) -> None:
    """No loaded work on the side that hurt; on both where nobody said which. It is noted once."""
    report = draft.state.report
    side = triage.side_of(report, draft.plan.reader.table)
    decision = triage.decide(report, draft.plan.reader.table)
    shut(draft, side, decision.row.id if decision.row else "unclear")


def shut(draft: Draft, side: str, reason: str) -> None:
    """No loaded work on a side, "" is both: today, and until a check before a later workout opens it."""
    draft.set(locked=draft.state.locked | ({side} if side else {"left", "right"}))
    if not draft.state.shut & {side, ""}:
        draft.set(shut=draft.state.shut | {side})
        draft.note("locked", side=side, reason=reason)


def close_side(draft: Draft, ended: str = "pain") -> None:
    """What was done in the set that was broken off, or that waited to be gone on with."""
    back = draft.state.back_to
    if back is not None and (back.phase == "set" or back.reps):
        draft.set(set=back.set, side=back.side, reps=back.reps)
        draft.close_side(ended)


def end(draft: Draft) -> None:
    """The end of the session by its table: the report, the lock, the guidance."""
    note_report(draft)
    lock(draft)
    close_side(draft)
    draft.go("farewell", reason="pain", question="pain_end")
