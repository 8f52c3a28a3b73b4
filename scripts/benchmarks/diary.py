"""How long the diary takes with ten years in it: 3,650 sessions, 150,000 rows of one leg's part of a set."""

import argparse
import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from assistant import dates, looking_back, plan, report
from assistant.app import Record
from assistant.diary import Diary, exchange, statements
from assistant.diary.database import Database
from assistant.parts import Parts
from scripts.benchmarks import years

SESSIONS, ROWS = 3650, 150_000

TIMES = 5


def add_options(parser: argparse.ArgumentParser) -> None:
    """How much."""
    parser.add_argument("--sessions", type=int, default=SESSIONS, metavar="N", help=f"{SESSIONS}")
    parser.add_argument("--rows", type=int, default=ROWS, metavar="N", help=f"{ROWS}")


def run(options: argparse.Namespace) -> int:
    """Prints a table; the diary is made for it and thrown away."""
    now = dates.now()
    packed = Parts.load().pack
    exercise = next(iter(packed.exercises.values()))
    with tempfile.TemporaryDirectory() as folder:
        short, long = Path(folder) / "short.sqlite", Path(folder) / "diary.sqlite"
        years.fill(short, exercise, now, sessions=12, rows=12 * options.rows // options.sessions)
        began = time.perf_counter()
        years.fill(long, exercise, now, sessions=options.sessions, rows=options.rows)
        size = long.stat().st_size / 1e6
        print(f"{options.sessions} sessions, {options.rows} rows: {size:.1f} MB, made in {_since(began):.1f} s\n")
        diary = Diary(long, now)
        began_short = _best(lambda: Diary(short, now).past(exercise))
        rows = [
            ("open, past and suggestion, 12 sessions", began_short),
            (f"open, past and suggestion, {options.sessions} sessions", _best(lambda: diary.past(exercise))),
            ("quick check (beside the greeting)", _best(lambda: _checked(long))),
            ("daily backup (beside the greeting)", _best(lambda: diary.back_up_to(Path(folder) / "copy.sqlite"))),
            ("history, 15 sessions", _best(lambda: looking_back.table(diary.sessions(15)))),
            ("history, all sessions", _best(lambda: looking_back.table(diary.sessions()))),
            ("report", _best(lambda: report.page(diary.sessions(), exercise.programming, exercise.name, now))),
            ("export, CSV", _best(lambda: exchange.write(diary.work(), "csv", io.StringIO()))),
        ]
        commits, reps = _commits(long), _reps(diary, plan.make(exercise, plan.Wishes(), packed.reader))
        rows += [
            ("a commit that reaches the disk, median", median(commits)),
            ("a commit that reaches the disk, worst of 200", max(commits)),
            ("a rep, as the loop feels it, median", median(reps)),
            ("a rep, as the loop feels it, worst of 200", max(reps)),
        ]
    for name, seconds in rows:
        print(f"{name:45} {1000 * seconds:9.1f} ms")
    return 0


def _commits(file: Path) -> list[float]:
    """Seconds for each of 200 transactions of a rep's size."""
    found = []
    with Database(file) as database:
        for n in range(200):
            began = time.perf_counter()
            database.write([statements.setting(float(n), "benchmark", str(n))])
            found.append(_since(began))
    return found


def _reps(diary: Diary, planned: plan.Plan) -> list[float]:
    """Seconds that the workout's loop spends on telling the diary of a rep, with 50 of them a second."""
    recorder = diary.recorder(planned, {})
    found = []
    for n in range(200):
        began = time.perf_counter()
        recorder(Record(n * 1600, "rep", {"set": 1, "side": "left", "rep": n % 12 + 1, "of": 12}))
        found.append(_since(began))
        time.sleep(0.02)
    recorder.close()
    return found


def _checked(file: Path) -> None:
    with Database(file) as database:
        assert database.is_whole()


def _best(work: Callable[[], object], times: int = TIMES) -> float:
    """Seconds, the best of some: what else the machine does is not the diary's."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(_since(began))
    return min(found)


def _since(began: float) -> float:
    return time.perf_counter() - began
