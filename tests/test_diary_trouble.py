"""Damaged files, torn logs, full and read-only disks: real ones. The workout goes on, and nothing is lost quietly."""

import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from assistant.app import Record
from assistant.dates import Moment, parse
from assistant.diary import Diary, backups, database
from assistant.diary.alone import alone
from assistant.diary.database import Database
from assistant.diary.recorder import Recorder
from assistant.errors import DamagedError, DiaryError
from assistant.exercise import Exercise
from assistant.pack import Pack
from assistant.plan import Plan, Wishes
from assistant.room import BLOCK, Block
from tests.talk import make_plan
from tests.test_pulled_plug import NEW, ON_AND_ON, OPTIONS, REPS, Workout, diary_file, home, written  # noqa: F401

BEGIN = parse("2026-03-02T18:00:00+01:00")
DAY = 86_400.0


@pytest.fixture
def exercise(pack: Pack) -> Exercise:
    return pack.exercises["single-leg-hip-thrust"]


@pytest.fixture
def plan(exercise: Exercise) -> Plan:
    return make_plan(exercise, Wishes(sets=2, reps=3, load_kg=10))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bench-voice" / "diary.sqlite"


def record(recorder: Recorder, sets: int = 1, until_rep: int = 3) -> None:
    """So many sets of three reps on the left."""
    for number in range(1, sets + 1):
        recorder(Record(0, "state", {"state": "set", "set": number, "side": "left", "rep": 0, "item": 0}))
        for rep in range(1, until_rep + 1):
            recorder(Record(rep * 16_000, "rep", {"set": number, "side": "left", "rep": rep, "of": 3}))
        done = {"set": number, "side": "left", "reps": 3, "of": 3, "load_kg": 10.0, "tempo": "2-1-3-0"}
        recorder(Record(99_000, "side_done", {**done, "ended": "complete"}))


def session(file: Path, plan: Plan, moment: Moment, sets: int = 1) -> list[str]:
    """A short workout in the diary; returns what the coach was asked to say about it."""
    recorder = Diary(file, moment).recorder(plan, {}, patience_seconds=10)
    recorder(Record(0, "screen", {"question": "ask_first", "answer": "no"}))
    record(recorder, sets)
    recorder(Record(200_000, "ended", {"reason": "complete"}))
    recorder.close()
    return told(recorder)


def told(recorder: Recorder) -> list[str]:
    silence = [0.0] * BLOCK
    return [event.line for event in recorder.hear(Block(0, silence, silence))]  # type: ignore[union-attr,arg-type]


# ---- a file that is damaged


def no_database(data: bytes) -> bytes:
    return b"this is a text" + data[14:]


def garbage(data: bytes) -> bytes:
    return random.Random(0).randbytes(len(data))


def cut_short(data: bytes) -> bytes:
    return data[: len(data) // 3]


def empty(data: bytes) -> bytes:
    return b""


def pages_overwritten(data: bytes) -> bytes:
    """All pages but the first, so that it opens well and breaks when it is read."""
    return data[:4096] + b"\x55" * (len(data) - 4096)


DAMAGES = [no_database, garbage, cut_short, empty, pages_overwritten]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_diary_is_set_aside_for_the_newest_backup(
    file: Path, plan: Plan, exercise: Exercise, damage: Callable[[bytes], bytes]
) -> None:
    for day in range(3):
        assert session(file, plan, BEGIN.plus(day * DAY)) == []
    broken = damage(file.read_bytes())
    file.write_bytes(broken)

    later = BEGIN.plus(3 * DAY)
    diary = Diary(file, later)
    past = diary.past(exercise)
    recorder = diary.recorder(plan, {})
    record(recorder)
    assert recorder.close() == 0

    assert told(recorder) == ["diary_restored"]
    assert past.last is not None
    assert past.last.left == 3
    (aside,) = [path for path in backups.set_aside_files(file) if path.suffix == ".sqlite"]
    assert aside.read_bytes() == broken
    assert len(Diary(file, later).sessions()) == 4


def test_what_was_done_to_a_damaged_diary_is_told_in_the_next_workout_and_once(
    file: Path, plan: Plan, exercise: Exercise
) -> None:
    """A coach that waits to be asked opens it long before that, and may be switched off meanwhile."""
    session(file, plan, BEGIN)
    file.write_bytes(garbage(file.read_bytes()))
    later = BEGIN.plus(DAY)
    Diary(file, later).past(exercise)

    def workout(*said: str) -> list[str]:
        diary = Diary(file, later)
        diary.past(exercise)
        recorder = diary.recorder(plan, {})
        lines = told(recorder)
        for line in said:
            recorder(Record(16_000, "said", {"line": line}))
        assert recorder.close() == 0
        return lines

    assert workout("greeting") == ["diary_restored"]  # it was left before that was said
    assert workout("greeting", "diary_restored") == ["diary_restored"]
    assert workout() == []
    assert len(Diary(file, later).sessions()) == 1  # a mere hello still leaves nothing


def lock_after_pain(file: Path) -> None:
    """The newest session locks the left leg, also in the backups."""
    for path in (file, *backups.all_of(file)):
        with Database(path) as database:
            lock = "INSERT INTO pain_lock (session, at, side, reason) SELECT max(id), 0, 'left', 'sharp' FROM session"
            database.write([(lock, {})])


def test_a_lock_after_pain_survives_damage_to_any_single_page(file: Path, plan: Plan, exercise: Exercise) -> None:
    for day in range(3):
        session(file, plan, BEGIN.plus(day * DAY))
    lock_after_pain(file)
    later = BEGIN.plus(3 * DAY)
    assert [memory.locked for memory in Diary(file, later).past(exercise).pains] == [True]
    data, pages = file.read_bytes(), file.stat().st_size // 4096
    assert pages > 5
    for page in range(1, pages):
        for path in file.parent.glob("diary.sqlite*"):
            path.unlink()
        file.write_bytes(data[: page * 4096] + b"\x55" * 4096 + data[(page + 1) * 4096 :])
        past = Diary(file, later).past(exercise)
        assert [memory.locked for memory in past.pains] == [True], f"page {page + 1} of {pages}"


def test_a_lock_after_pain_is_read_from_a_backup_where_nothing_can_be_mended(
    file: Path, plan: Plan, exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    session(file, plan, BEGIN)
    lock_after_pain(file)
    file.write_bytes(garbage(file.read_bytes()))

    def refuse(file: Path, moment: Moment) -> Path:
        raise DiaryError(f"{file}: is damaged and cannot be set aside")

    monkeypatch.setattr(backups, "put_away", refuse)
    diary = Diary(file, BEGIN.plus(DAY))
    assert [memory.locked for memory in diary.past(exercise).pains] == [True]
    assert "cannot be set aside" in diary.trouble


def test_an_emptied_backup_is_passed_over(file: Path, plan: Plan, exercise: Exercise) -> None:
    for day in range(3):
        session(file, plan, BEGIN.plus(day * DAY))
    backups.all_of(file)[0].write_bytes(b"")
    file.write_bytes(garbage(file.read_bytes()))
    diary = Diary(file, BEGIN.plus(3 * DAY))
    assert not diary.past(exercise).first_use
    assert len(diary.sessions()) == 2


def test_a_damaged_backup_does_not_keep_a_session_from_being_deleted(file: Path, plan: Plan) -> None:
    for day in range(2):
        session(file, plan, BEGIN.plus(day * DAY))
    diary = Diary(file, BEGIN.plus(2 * DAY))
    broken = backups.all_of(file)[0]
    broken.write_bytes(garbage(broken.read_bytes()))
    first, second = (one.id for one in diary.sessions())
    assert diary.delete(first) == [broken]
    assert [one.id for one in diary.sessions()] == [second]


def test_without_a_good_backup_a_new_diary_begins(file: Path, plan: Plan, exercise: Exercise) -> None:
    session(file, plan, BEGIN)
    for path in (file, *backups.all_of(file)):
        path.write_bytes(garbage(path.read_bytes()))
    diary = Diary(file, BEGIN.plus(DAY))
    assert diary.past(exercise).first_use
    assert told(diary.recorder(plan, {})) == ["diary_set_aside"]


def test_a_damaged_backup_is_passed_over(file: Path, plan: Plan, exercise: Exercise) -> None:
    for day in range(3):
        session(file, plan, BEGIN.plus(day * DAY))
    for path in (file, backups.all_of(file)[0]):
        path.write_bytes(garbage(path.read_bytes()))
    diary = Diary(file, BEGIN.plus(3 * DAY))
    diary.past(exercise)
    assert len(diary.sessions()) == 2


def test_damage_that_does_not_show_at_once_is_found_while_training(file: Path, plan: Plan) -> None:
    """A page that the start does not read. The check beside the greeting finds it, or else the first write does;
    what this workout had written by then is written once more, into the backup."""
    for day in range(40):
        session(file, plan, BEGIN.plus(day * DAY), sets=5)
    with Database(file) as database:
        (row,) = database.rows("SELECT rootpage FROM sqlite_schema WHERE name = 'work'")
    data = bytearray(file.read_bytes())
    at = (row["rootpage"] - 1) * 4096
    data[at : at + 4096] = b"\xaa" * 4096
    file.write_bytes(bytes(data))

    lines = session(file, plan, BEGIN.plus(41 * DAY))
    assert lines == ["diary_restored"]
    sessions = Diary(file, BEGIN).sessions()
    assert len(sessions) == 41
    assert sessions[-1].left.reps == 3


def test_a_reader_is_told_what_to_do_about_damage(file: Path, plan: Plan) -> None:
    session(file, plan, BEGIN)
    file.write_bytes(garbage(file.read_bytes()))
    with pytest.raises(DamagedError, match="the next workout takes the newest backup"):
        Diary(file, BEGIN).sessions()


# ---- a log that is torn


def test_a_log_that_is_torn_anywhere_loses_only_what_came_after(file: Path, plan: Plan, tmp_path: Path) -> None:
    """What power loss leaves: the log cut at any byte, or with zeros or old data where it was just written."""
    recorder = Diary(file, BEGIN).recorder(plan, {}, patience_seconds=10)
    for _ in range(3):
        record(recorder, sets=2)
    torn = tmp_path / "torn" / "diary.sqlite"
    torn.parent.mkdir()
    while True:  # until the thread has written all of it
        if recorder._writer.wait(0, 10):
            break
    data, log = file.read_bytes(), file.with_name(file.name + "-wal").read_bytes()
    recorder.close()
    assert len(log) > 10 * 4096

    chance = random.Random(1)
    cuts = sorted({*range(0, len(log), 4120 * 3), *(chance.randrange(len(log)) for _ in range(25)), len(log)})
    shown = []
    for cut in cuts:
        for tail in (b"", b"\0" * 5000, chance.randbytes(5000)):
            for path in torn.parent.iterdir():
                path.unlink()
            torn.write_bytes(data)
            torn.with_name(torn.name + "-wal").write_bytes(log[:cut] + tail)
            try:
                with Database(torn) as database:
                    assert database.is_whole()
                    shown.append(sum(row["reps"] for row in database.rows("SELECT reps FROM work")))
            except DamagedError:  # nothing of it had reached the disk, so there was no diary yet
                assert cut < 4120
    assert shown == sorted(shown)
    assert shown[-1] == 6


# ---- a disk that is slow


def test_a_disk_that_hangs_holds_nobody_up(file: Path, plan: Plan) -> None:
    """Another process keeps the file to itself. The workout goes on meanwhile, and all of it is written after."""
    session(file, plan, BEGIN)
    recorder = Diary(file, BEGIN.plus(DAY)).recorder(plan, {}, patience_seconds=0.01)
    record(recorder)
    assert recorder._writer.wait(0, 10)
    with Database(file) as other:
        other._connection.execute("BEGIN EXCLUSIVE")
        record(recorder, sets=3)  # comes back, though nothing can be written
        assert not recorder._writer.wait(0, 0.01)
        other._connection.execute("COMMIT")
    assert recorder._writer.wait(0, 10)
    assert recorder.close() == 0
    assert told(recorder) == []
    assert Diary(file, BEGIN).sessions()[-1].left.sets == 3


# ---- disks that refuse


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB that can be made read-only."""
    if os.geteuid() != 0:
        pytest.skip("mounting a disk takes root")
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", disk], check=False).returncode:
        pytest.skip("this machine does not let root mount")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


def fill(disk: Path) -> Path:
    """Leaves no byte free; returns the file to delete."""
    ballast = disk / "ballast"
    with pytest.raises(OSError, match="No space left"), ballast.open("wb", buffering=0) as out:
        while out.write(b"\0" * 4096):
            pass
    return ballast


def test_a_full_disk_is_told_and_written_later(home: dict[str, str], tiny_disk: Path) -> None:  # noqa: F811
    """In the middle of a workout the diary's disk is full; then somebody frees it."""
    workout = Stepwise({**home, "XDG_DATA_HOME": str(tiny_disk)})
    workout.type(NEW + "ready\n")
    workout.until("state", state="ready")
    time.sleep(0.5)  # what is on its way to the disk still gets there
    ballast = fill(tiny_disk)
    workout.type("ready\n")
    workout.until("state", state="switch")
    workout.until("said", line="diary_cannot_write")
    ballast.unlink()
    workout.type("ready\n")
    workout.finish()

    lines = [event.get("line") for event in workout.events if event["event"] == "said"]
    assert "diary_writes_again" in lines
    assert workout.events[-1]["event"] == "ended"
    assert written(diary_file({"XDG_DATA_HOME": str(tiny_disk)}))[0] == workout.told()
    assert {(1, "left"), (1, "right")} <= set(workout.told())


def test_a_tiny_disk_fills_up_and_is_freed(tiny_disk: Path, plan: Plan) -> None:
    file = tiny_disk / "diary.sqlite"
    session(file, plan, BEGIN)
    recorder = Diary(file, BEGIN.plus(DAY)).recorder(plan, {}, patience_seconds=10)
    record(recorder)
    assert recorder._writer.wait(0, 10)
    ballast = fill(tiny_disk)
    record(recorder, sets=30)
    assert not recorder._writer.wait(0, 10)
    assert told(recorder)[0] == "diary_cannot_write"
    ballast.unlink()
    recorder(Record(200_000, "ended", {"reason": "complete"}))
    assert recorder.close() == 0
    assert told(recorder)[-1] == "diary_writes_again"
    assert Diary(file, BEGIN).sessions()[-1].left.sets == 30


def test_a_disk_that_is_full_before_the_start_is_still_remembered_from(
    tiny_disk: Path, plan: Plan, exercise: Exercise
) -> None:
    file = tiny_disk / "diary.sqlite"
    session(file, plan, BEGIN)
    lock_after_pain(file)
    fill(tiny_disk)
    diary = Diary(file, BEGIN.plus(DAY))
    past = diary.past(exercise)
    assert "free some space" in diary.trouble or "check its space" in diary.trouble
    assert (past.first_use, [memory.locked for memory in past.pains]) == (False, [True])


def test_a_diary_that_is_being_written_is_not_read_as_one_that_will_not_change(
    file: Path, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    session(file, plan, BEGIN)
    monkeypatch.setattr(database, "BUSY_MS", 10)
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("PRAGMA locking_mode = EXCLUSIVE")
        writer.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DiaryError, match="another program is busy"):
            Database(file, create=False)


def test_a_backup_that_finds_no_room_is_put_back_later_and_never_an_empty_diary(
    tiny_disk: Path, plan: Plan, exercise: Exercise
) -> None:
    file = tiny_disk / "diary.sqlite"
    session(file, plan, BEGIN)
    lock_after_pain(file)
    file.write_bytes(garbage(file.read_bytes()))
    ballast = fill(tiny_disk)
    for _ in range(2):
        past = Diary(file, BEGIN.plus(DAY)).past(exercise)
        assert (past.first_use, [memory.locked for memory in past.pains]) == (False, [True])
    assert not file.exists() or not file.stat().st_size
    ballast.unlink()
    assert [memory.locked for memory in Diary(file, BEGIN.plus(DAY)).past(exercise).pains] == [True]
    assert len(Diary(file, BEGIN.plus(DAY)).sessions()) == 1


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Callable[[Path], None]]:
    """Makes a folder read-only: for root by a mount, which it cannot walk past, for anybody else by its mode."""
    mounted: list[Path] = []

    def make(folder: Path) -> None:
        if os.geteuid() != 0:
            folder.chmod(0o500)
            return
        for step in (["mount", "--bind", folder, folder], ["mount", "-o", "remount,bind,ro", folder]):
            if subprocess.run(step, check=False).returncode:
                pytest.skip("this machine does not let root mount")
            mounted.append(folder)

    yield make
    for folder in mounted[:1]:
        subprocess.run(["umount", "--lazy", folder], check=True)


def test_a_read_only_disk_is_still_remembered_from(
    file: Path, plan: Plan, exercise: Exercise, read_only: Callable[[Path], None]
) -> None:
    session(file, plan, BEGIN)
    read_only(file.parent)
    diary = Diary(file, BEGIN.plus(DAY))
    past = diary.past(exercise)
    assert past.last is not None
    assert past.last.left == 3
    assert "writable" in diary.trouble
    assert len(diary.sessions()) == 1
    recorder = diary.recorder(plan, {})
    record(recorder)
    assert recorder.close() > 0
    assert told(recorder) == ["diary_cannot_write"]
    with pytest.raises(DiaryError, match="writable"):
        diary.set_weights([5])
    if os.geteuid() != 0:
        file.parent.chmod(0o700)


def test_what_could_not_be_written_is_told_at_the_end_too(
    home: dict[str, str],  # noqa: F811
    read_only: Callable[[Path], None],
) -> None:
    file = diary_file(home)
    file.parent.mkdir(parents=True)
    read_only(file.parent)
    workout = Stepwise(home)
    workout.type(NEW + "ready\nready\n")
    stderr = workout.finish()
    assert workout.events[-1]["event"] == "ended"
    assert workout.told()[1, "left"] == REPS
    assert "diary_cannot_write" in [event.get("line") for event in workout.events if event["event"] == "said"]
    assert "entries of this workout could not be written; check the disk's space" in stderr
    if os.geteuid() != 0:
        file.parent.chmod(0o700)


class Stepwise(Workout):
    """A workout that is typed line by line. While it has no line, time passes as it does for whoever types."""

    def __init__(self, home: dict[str, str]) -> None:  # noqa: F811
        super().__init__(home, None, OPTIONS)
        self._lines = self.lines()

    def type(self, text: str) -> None:
        """Types more."""
        assert self._process.stdin
        self._process.stdin.write(text)
        self._process.stdin.flush()

    def until(self, event: str, **where: object) -> None:
        """Follows it to a record."""
        for found in self._lines:
            if found["event"] == event and all(found.get(key) == value for key, value in where.items()):
                return
        raise AssertionError(f"it ended without {event} {where}")

    def finish(self) -> str:
        """To its end; returns what it wrote to stderr."""
        assert self._process.stdin and self._process.stderr
        self._process.stdin.close()
        for _ in self._lines:
            pass
        said = self._process.stderr.read()
        self._end()
        return said


LOOKS = {
    "history": lambda diary: diary.sessions(),
    "doctor-sheet": lambda diary: list(diary.pain_reports()),
    "weights": lambda diary: diary.set_weights([5.0, 10.0]),
    "backup": lambda diary: diary.back_up_to(diary.file.with_name("copy.sqlite")),
    "delete": lambda diary: diary.delete(1),
}


@pytest.mark.parametrize("gone", ["emptied", "deleted"])
@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_looking_at_a_lost_diary_does_not_hide_that_it_was_lost(
    file: Path, plan: Plan, exercise: Exercise, look: Callable[[Diary], object], gone: str
) -> None:
    for day in range(2):
        session(file, plan, BEGIN.plus(day * DAY))
    if gone == "emptied":
        file.write_bytes(b"")
    else:
        file.unlink()
    later = BEGIN.plus(2 * DAY)
    with suppress(DiaryError):
        look(Diary(file, later))
    assert Diary(file, later).past(exercise).last is not None


def another(home: dict[str, str]) -> subprocess.CompletedProcess[str]:  # noqa: F811
    """A second coach."""
    command = [sys.executable, "-m", "assistant", *OPTIONS]
    return subprocess.run(command, input=NEW, capture_output=True, text=True, env=home, check=False, timeout=120)


def test_a_second_coach_does_not_set_the_diary_of_the_first_aside(home: dict[str, str]) -> None:  # noqa: F811
    file = diary_file(home)
    file.parent.mkdir(parents=True)
    file.write_bytes(b"no diary at all" * 1000)
    with alone(file.parent):
        second = another(home)
    assert second.returncode == 2
    assert "running already" in second.stderr
    assert file.read_bytes() == b"no diary at all" * 1000
    assert backups.set_aside_files(file) == []


def test_two_first_workouts_do_not_run_at_once(home: dict[str, str]) -> None:  # noqa: F811
    """Before the first one there is no folder of the diary yet."""
    first = Workout(home, NEW + ON_AND_ON)
    next(first.lines())
    first.stand_still()
    second = another(home)
    first.kill()
    assert (second.returncode, "running already" in second.stderr) == (2, True)
