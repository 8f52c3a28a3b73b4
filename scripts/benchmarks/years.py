"""A diary of many years that never were: for the benchmark, and for tests of what a long history does."""

import random
from collections.abc import Iterator
from pathlib import Path

from assistant.dates import Moment
from assistant.diary import statements
from assistant.diary.database import Database, Statement
from assistant.exercise import Exercise

DAY_SECONDS = 86_400
WEIGHTS = (0.0, 5.0, 7.5, 10.0, 12.5, 15.0, 17.5, 20.0)


def fill(
    file: Path, exercise: Exercise, now: Moment, *, sessions: int, rows: int, every_days: float = 1.0, seed: int = 1
) -> None:
    """Writes so many sessions, the last one a while before now, with so many rows of work in all of them."""
    chance = random.Random(seed)
    with Database(file) as database:
        for begin in range(0, sessions, 100):
            batch: list[Statement] = []
            for number in range(begin, min(begin + 100, sessions)):
                first, last = rows * number // sessions, rows * (number + 1) // sessions
                # The hour is not the same every day, which days of training never are.
                ago = (sessions - number) * every_days * DAY_SECONDS + chance.uniform(-2, 2) * 3600
                batch += _session(exercise, now.plus(-ago), number, last - first, number / sessions, chance)
            database.write(batch)
        database.write([statements.setting(now.at, "weights_kg", " ".join(f"{kg:g}" for kg in WEIGHTS[1:]))])


def _session(
    exercise: Exercise, begin: Moment, number: int, rows: int, grown: float, chance: random.Random
) -> Iterator[Statement]:
    id, sets = number + 1, max(1, (rows + 1) // 2)
    load = WEIGHTS[min(len(WEIGHTS) - 1, int(grown * len(WEIGHTS)))]
    reps = 8 + int(grown * len(WEIGHTS) % 1 * 5)
    hurts = chance.random() < 0.03
    yield statements.imported_session(
        id,
        begin,
        exercise=exercise.id,
        variation="",
        sets=sets,
        reps=reps,
        tempo="2-1-3-0",
        first_side="left",
    )
    yield (
        "UPDATE session SET reason = 'complete', ended = started + 2400, rest_seconds = 90 WHERE id = :id",
        {"id": id},
    )
    for n in range(rows):
        side = ("left", "right")[n % 2]
        short = chance.random() < 0.05
        done = {
            "set": n // 2 + 1,
            "side": side,
            "reps": reps - chance.randrange(1, 4) if short else reps,
            "of": reps,
            "load_kg": load,
            "tempo": "2-1-3-0",
            "ended": "early" if short else "complete",
        }
        sql, values = statements.work(begin.at + 600 + 60 * n, done, chance.random() > 0.02)
        yield sql, {**values, "session": id}
    for event in ("screen", "load"):
        (sql, values), *_ = statements.happening(begin.at + 60, event, {"answer": "no"})
        yield sql, {**values, "session": id}
    if hurts:
        side = chance.choice(("left", "right"))
        yield statements.imported_pain(id, begin.at + 900, 1, side, chance.randrange(1, 8), "continue")
