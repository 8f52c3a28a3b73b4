"""What is wrong with a triage table beyond its types. Pure."""

from collections.abc import Iterator

from assistant.red_flags import ANSWERS, DERIVED, KNOWN_FAMILIES, KNOWN_ROWS, RedFlags, combination, rank


def wrong(table: RedFlags) -> Iterator[tuple[str, str]]:
    """What is wrong with a table beyond its types: (key, what to do)."""
    families = table.families()
    known = set(families) | DERIVED
    for group in ("places", "sides", "kinds", "signs"):
        for name in getattr(table, group):
            if sum(name in getattr(table, other) for other in ("places", "sides", "kinds", "signs")) > 1:
                yield f"{group}.{name}", "two groups have a family of this name; rename one"
    for name in ("left", "right", "both"):
        if name not in table.sides:
            yield f"sides.{name}", "missing; a report has a side"
    if not 0 <= table.score.low_to < table.score.middle_to < 10:
        yield "score", "must be 0 <= low_to < middle_to < 10"
    for n, row in enumerate(table.rows):
        key = f"rows.{row.id}"
        if n and rank(row.level) > rank(table.rows[n - 1].level):
            yield f"{key}.level", f"{row.level} is worse than the row before it; the worst rows come first"
        if [other.id for other in table.rows].count(row.id) > 1:
            yield key, "two rows have this id"
        if not row.sources or set(row.sources) - set(table.sources):
            yield f"{key}.sources", f"every row names its sources; known are {', '.join(table.sources)}"
        if len(row.phrases) < 5:
            yield f"{key}.phrases", "write at least five ways to say it"
        if set(row.needs) - {question.id for question in table.questions}:
            yield f"{key}.needs", "no question has this id"
        if not row.say or not all(map(str.strip, row.say)):
            yield f"{key}.say", "empty; what is to be done must be said"
        if not row.why.strip():
            yield f"{key}.why", "empty; it is said when somebody asks why"
        yield from _unknown(f"{key}.when", (*row.when, *row.unless), known)
    for question in table.questions:
        key = f"questions.{question.id}"
        if [other.id for other in table.questions].count(question.id) > 1:
            yield key, "two questions have this id"
        if not question.text.strip():
            yield f"{key}.text", "empty; nobody would hear the question"
        yield from _unknown(f"{key}.when", question.when, known)
        yield from _unknown(f"{key}.means_yes", question.means_yes, known)
        yield from _unknown(f"{key}.about", question.about, known | set(ANSWERS))
        yield from _unknown(f"{key}.yes", filter(None, (question.yes, question.no)), known)
    if not table.rows or not any(row.provisional for row in table.rows):
        yield "rows", "one row must be provisional: it stands while nothing is known but that it hurts"
    for digits in table.emergency_numbers:
        if not (digits.isascii() and digits.isdigit()):
            yield f"emergency_numbers.{digits}", "must be digits"
    by_name = "missing; the program knows it by this name, which stays in every language: translate only its words"
    for name in sorted(KNOWN_FAMILIES - set(families)):
        yield name, f"a word family that is {by_name}"
    for name in sorted(KNOWN_ROWS - {row.id for row in table.rows}):
        yield f"rows.{name}", by_name


def _unknown(key: str, combinations: object, known: set[str]) -> Iterator[tuple[str, str]]:
    for written in combinations:  # type: ignore[attr-defined]
        for part in combination(written):
            if part.removeprefix("!") not in known:
                yield key, f"{part!r} is no word family"
