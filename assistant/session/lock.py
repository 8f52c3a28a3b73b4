"""Which legs the past has locked, what locks and opens them, what is asked for that, and how a lock is spoken of.
Pure."""

from collections.abc import Iterable

from assistant import triage
from assistant.past import PainMemory
from assistant.plan import Plan
from assistant.reading import Reading
from assistant.red_flags import RedFlags, rank

MORNING_DAYS = 14
"""Nobody remembers a morning that is longer ago."""

SAME_DAY = 0.6
"""Days. Sooner there was perhaps no night in between, and no morning after."""

SIDES = frozenset({"left", "right"})


def needs_doctor(memory: PainMemory) -> bool:
    """Whether only a doctor's word opens the lock: the row said so, or the pain persists or gets worse."""
    return rank(memory.level) >= rank("doctor") or memory.sessions_in_a_row >= 2 or memory.worsening


def questions(plan: Plan) -> tuple[str, ...]:
    """What is asked today, in order: "morning 0" is about the first report of pain that the past remembers."""
    found = []
    if plan.past.first_use:
        found += [] if plan.emergency_number else ["number"]
        found += ["first"]
    for n, memory in enumerate(plan.past.pains):
        if not memory.morning_asked and SAME_DAY <= memory.days_ago <= MORNING_DAYS:
            found.append(f"morning {n}")
        if memory.locked:
            found.append(f"{'doctor' if needs_doctor(memory) else 'today'} {n}")
    return (*found, "pain", "injury")


def warns(words: str, reading: Reading, table: RedFlags) -> bool:
    """Whether a sentence tells of what the question of the first time is about: something of the past, or what is a
    row of the table. One word of it alone, as in "I dropped my phone", may have been about anything."""
    row = triage.decide(triage.added(triage.Report(), words, reading, table), table).row
    return bool(reading.past) or (row is not None and not row.provisional)


def locked_sides(memories: Iterable[PainMemory]) -> frozenset[str]:
    """The sides that these have locked."""
    sides = (({memory.side} if is_of_a_leg(memory) else SIDES) for memory in memories if memory.locked)
    return frozenset[str]().union(*sides)


def is_of_a_leg(memory: PainMemory) -> bool:
    """Whether it can be told and asked about as the pain of one leg. A chest, a heart, a head cannot, wherever it was
    felt: nobody shall think of their legs, or of a physiotherapist, when asked about that. And whoever was told that
    it is over for today does not come back with the other leg on the same day."""
    return bool(memory.side) and rank(memory.level) < rank("urgent") and memory.days_ago >= SAME_DAY


def about(line: str, memory: PainMemory) -> tuple[str, dict[str, str]]:
    """The line of this kind that fits a report of the past, and its slots."""
    return (line, {"where": where(memory.side)}) if is_of_a_leg(memory) else (f"{line}_whole", {})


def where(side: str) -> str:
    """A side as a line's slot takes it."""
    return f"{side}_leg" if side else "both_legs"
