"""The diary's rows out and in, as CSV or JSON lines: one row for each leg's part of a set. docs/DIARY.md has the
columns."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TextIO

import msgspec

from assistant.dates import Moment, parse
from assistant.diary import statements
from assistant.diary.database import Database, Statement
from assistant.diary.rows import WorkDone
from assistant.errors import AssistantError, DiaryError
from assistant.plan import LIGHTEST_KG
from assistant.red_flags import LEVELS, rank
from assistant.tempo import Tempo


class ExportRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of the export. The names are the columns."""

    session: int
    started: str
    """ISO 8601, local time with its offset from UTC."""
    exercise: str
    variation: str
    set: int
    side: str
    reps: int
    reps_planned: int
    load_kg: float
    tempo: str
    """Seconds to lift, hold, lower, wait."""
    tempo_kept: bool
    ended: str
    pain_score: int | None = None
    pain_level: str = ""


COLUMNS = tuple(field.name for field in msgspec.structs.fields(ExportRow))

FORMATS = ("csv", "jsonl")

ENDED = ("complete", "early", "skipped", "stopped", "pain", "interrupted")

PAIN_LEVELS = {"", statements.IMPORTED, *LEVELS}

FIRST, LAST = parse("1970-01-01T00:00:00+00:00"), parse("9999-01-01T00:00:00+00:00")
"""Between these a workout can begin: what lies outside cannot be shown in every zone."""

GRACE_SECONDS = 86_400
"""How much later than now a workout may begin: where clocks and zones are set wrong, today may be tomorrow."""


def write(rows: Iterable[WorkDone], form: str, out: TextIO) -> int:
    """Writes all rows; returns how many."""
    count = 0
    table = csv.DictWriter(out, COLUMNS, lineterminator="\n") if form == "csv" else None
    if table:
        table.writeheader()
    for row in rows:
        values = {name: getattr(row, name) for name in COLUMNS} | {"started": row.started.iso()}
        if table:
            table.writerow(values | {"tempo_kept": int(row.tempo_kept), "load_kg": f"{row.load_kg:g}"})
        else:
            out.write(json.dumps(values, ensure_ascii=False) + "\n")
        count += 1
    return count


def read(text: str, name: str, now: Moment = LAST) -> list[ExportRow]:
    """Reads what `write` wrote, in either format, until `now`. Raises DiaryError naming the line and the column."""
    found: list[ExportRow] = []
    if not text.strip():
        raise DiaryError(f"{name}: holds no rows; give a file that `assistant export` wrote")
    for number, values in _lines(text, name):
        try:
            row = msgspec.convert(values, ExportRow, strict=False)
            _check(row, now)
        except (msgspec.ValidationError, ValueError, AssistantError) as error:
            raise DiaryError(f"{name}: line {number}: {error}; nothing was imported") from None
        found.append(row)
    if not found:
        raise DiaryError(f"{name}: holds no rows; give a file that `assistant export` wrote")
    return found


def _lines(text: str, name: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    """(line number, its values)"""
    text = text.removeprefix("\ufeff")
    if text.lstrip().startswith("{"):
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                try:
                    yield number, json.loads(line)
                except (ValueError, RecursionError):
                    raise DiaryError(f"{name}: line {number}: is no JSON object; nothing was imported") from None
        return
    table = csv.DictReader(io.StringIO(text), strict=True)
    given = tuple(table.fieldnames or ())
    needed = {field.name for field in msgspec.structs.fields(ExportRow) if field.required}
    missing = [column for column in COLUMNS if column in needed and column not in given]
    if missing:
        raise DiaryError(f"{name}: line 1: lacks the column(s) {', '.join(missing)}; nothing was imported")
    try:
        for values in table:
            if None in values:
                raise DiaryError(f"{name}: line {table.line_num}: has too many values; nothing was imported")
            yield (
                table.line_num,
                {key: value for key, value in values.items() if value not in {"", None} or key in _TEXTS},
            )
    except csv.Error as error:
        raise DiaryError(f"{name}: line {table.line_num}: {error}; nothing was imported") from None


_TEXTS = {"variation", "pain_level"}


def _check(row: ExportRow, now: Moment) -> None:
    """What types do not say. Raises ValueError naming the column, or AssistantError for a tempo."""
    begin = parse(row.started)
    if begin.at < FIRST.at:
        raise ValueError(f"started: {row.started} is before {FIRST.day()}")
    if begin.at > now.at + GRACE_SECONDS:  # it would count as the newest workout until then
        raise ValueError(f"started: {row.started} is later than now, which is {now.iso()} by this machine's clock")
    Tempo.parse(row.tempo)
    if row.side not in {"left", "right"}:
        raise ValueError(f"side: {row.side!r} must be left or right")
    if row.ended not in ENDED:
        raise ValueError(f"ended: {row.ended!r} must be one of {', '.join(ENDED)}")
    for name, value, low, high in (
        ("set", row.set, 1, 1000),
        ("reps", row.reps, 0, 1000),
        ("reps_planned", row.reps_planned, 0, 1000),
        ("load_kg", row.load_kg, 0, 1000),
        ("pain_score", row.pain_score or 0, 0, 10),
    ):
        if not low <= value <= high:
            raise ValueError(f"{name}: {value:g} is out of range; it must be {low} to {high}")
    if 0 < row.load_kg < LIGHTEST_KG:
        raise ValueError(f"load_kg: {row.load_kg:g} is out of range; it must be 0, or {LIGHTEST_KG:g} or more")
    if row.pain_level not in PAIN_LEVELS:
        raise ValueError(f"pain_level: {row.pain_level!r} must be empty or one of {', '.join(LEVELS)}")
    if not row.exercise.strip():
        raise ValueError("exercise: is empty")


def merge(rows: list[ExportRow], database: Database) -> tuple[int, int]:
    """Adds the sessions that are not there yet, all of them or none. Returns (added, already there).

    A session is the same when its exercise, its variation and its beginning are; numbers are given anew. Raises
    DiaryError.
    """
    workouts: dict[tuple[float, str, str], dict[int, list[ExportRow]]] = {}
    for row in rows:
        numbered = workouts.setdefault((parse(row.started).at, row.exercise, row.variation), {})
        numbered.setdefault(row.session, []).append(row)
    trained = sorted({(parse(row.started).at, row.side) for row in rows if row.reps})
    next_id = 1 + max(int(row[0] or 0) for row in database.rows(_HIGHEST_ID))
    batch: list[Statement] = []
    added = 0
    for (at, exercise, variation), numbered in workouts.items():
        there = database.rows(
            "SELECT 1 FROM session WHERE exercise = :exercise AND variation = :variation AND "
            "started BETWEEN :begin - 1 AND :begin + 1",
            exercise=exercise,
            variation=variation,
            begin=at,
        )
        if there:
            continue
        for number, work in numbered.items():
            if len({(row.set, row.side) for row in work}) < len(work):
                raise DiaryError(f"session {number}: has a set and side twice; nothing was imported")
        added += 1
        # Two exports in one file may both have it, by different numbers, and one may have been made in the middle.
        batch.extend(_session(next_id, max(numbered.values(), key=len), trained))
        next_id += 1
    database.write(batch)
    return added, len(workouts) - added


_HIGHEST_ID = "SELECT seq FROM sqlite_sequence WHERE name = 'session' UNION ALL SELECT 0"


def _session(id: int, work: list[ExportRow], trained: list[tuple[float, str]]) -> Iterator[Statement]:
    """`trained` says when which side was trained, in order: a locked one never is, so then it had been opened."""
    first = work[0]
    begin = parse(first.started)
    yield statements.imported_session(
        id,
        begin,
        exercise=first.exercise,
        variation=first.variation,
        sets=max(row.set for row in work),
        reps=max(row.reps_planned for row in work),
        tempo=first.tempo,
        first_side=first.side,
    )
    for row in work:
        # The export has no times within a session; a minute a row keeps the order.
        at = begin.at + 60 * (1 + work.index(row))
        done = msgspec.structs.asdict(row) | {"of": row.reps_planned}
        sql, values = statements.work(at, done, row.tempo_kept)
        yield sql, {**values, "session": id}
        if row.pain_level or row.pain_score is not None:
            yield statements.imported_pain(id, at, row.set, row.side, row.pain_score, row.pain_level)
        if rank(row.pain_level) >= rank("stop"):
            unlocked_at = next((later for later, side in trained if later > begin.at and side == row.side), None)
            yield statements.imported_lock(id, at, row.side, unlocked_at)
