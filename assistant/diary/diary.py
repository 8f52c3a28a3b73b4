"""The diary as the rest of the program uses it: open, remember, look back, own."""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from assistant.dates import Moment
from assistant.diary import backups, exchange, queries, remembering, statements
from assistant.diary.alone import alone
from assistant.diary.database import Database, Row
from assistant.diary.opening import mended, opened, untold
from assistant.diary.order import in_order
from assistant.diary.recorder import PATIENCE_SECONDS, Recorder
from assistant.diary.rows import PainReport, SessionDone, SideOfSession, WorkDone
from assistant.diary.writer import Writer
from assistant.errors import DamagedError, DiaryError
from assistant.exercise import Exercise
from assistant.past import Past
from assistant.plan import Plan

EVERYTHING = -1
"""As a limit: none."""

MOST_SESSIONS = 2**31
"""No diary has more, and SQLite takes no number above 2**63."""

_NOTHING = SideOfSession(0, 0, 0, 0.0, 0.0, True)


class Diary:
    """A diary file. Nothing is opened before it is needed, and nothing stays open."""

    def __init__(self, file: Path, now: Moment) -> None:
        self.file = file
        self._now = now
        self._notices: list[str] = []
        self.trouble = ""
        """Why the past could not be read, for the screen."""

    # ---- for a workout

    def past(self, exercise: Exercise, variation: str = "") -> Past:
        """What was before. A diary that cannot be read is told by the coach, and does not keep anybody from
        training: then there is no past."""

        def read(database: Database) -> Past:
            with database:
                self._notices += [line for line in untold(database) if line not in self._notices]
                return remembering.past(database, exercise, variation, self._now.at)

        try:
            try:
                return read(opened(self.file, self._now, self._notices))
            except DamagedError:  # in a page that opening it does not touch
                return read(mended(self.file, self._now, self._notices))
        except DiaryError as error:
            self.trouble = str(error)
        # A disk that is read-only may still be read. If nothing better is left, a backup knows of a lock after pain.
        for file in (self.file, *backups.newest_first(self.file)):
            with suppress(DiaryError):
                return read(Database(file, create=False))
        return Past()

    def recorder(
        self, plan: Plan, settings: dict[str, object], patience_seconds: float = PATIENCE_SECONDS
    ) -> Recorder:
        """An observer that writes the workout down, in a thread of its own from now on."""
        return Recorder(
            Writer(self.file, self._now),
            plan,
            self._now,
            settings,
            notices=self._notices,
            patience_seconds=patience_seconds,
        )

    # ---- looking back

    def sessions(self, newest: int = EVERYTHING) -> list[SessionDone]:
        """Sessions, the oldest first; only the newest so many. Raises DiaryError."""
        with self._read() as database:
            placed = in_order(database.rows(queries.SESSIONS), self._now.at)
            wanted = placed[: newest if newest >= 0 else None]
            return [_session(database, int(one.row["id"])) for one in reversed(wanted)]

    def work(self) -> Iterator[WorkDone]:
        """One leg's part of every set, in order. Raises DiaryError."""
        with self._read() as database:
            for row in database.each(queries.ALL_WORK):
                yield WorkDone(
                    session=row["session"],
                    started=Moment(row["started"], row["utc_offset_seconds"]),
                    exercise=row["exercise"],
                    variation=row["variation"],
                    set=row["set_number"],
                    side=row["side"],
                    reps=row["reps"],
                    reps_planned=row["reps_planned"],
                    load_kg=row["load_kg"],
                    tempo=row["tempo"],
                    tempo_kept=bool(row["tempo_kept"]),
                    ended=row["ended"],
                    pain_score=row["pain_score"],
                    pain_level=row["pain_level"] or "",
                )

    def pain_reports(self) -> list[PainReport]:
        """Every report of pain, the oldest first; a muscle's burn is in it with the level "normal".

        Raises DiaryError.
        """
        with self._read() as database:
            return [
                PainReport(
                    id=row["id"],
                    at=Moment(row["at"], row["utc_offset_seconds"]),
                    session=row["session"],
                    exercise=row["exercise"],
                    phase=row["phase"],
                    side=row["side"],
                    set=row["set_number"],
                    rep=row["rep"],
                    load_kg=row["load_kg"],
                    words=row["words"],
                    place=row["place"],
                    kind=row["kind"],
                    score=row["score"],
                    sudden=row["sudden"],
                    numb=row["numb"],
                    chest=row["chest"],
                    row=row["triage_row"],
                    level=row["level"],
                    advice=row["advice"],
                    next_morning=row["next_morning"],
                )
                for row in database.each(queries.PAIN_REPORTS)
            ]

    # ---- what is yours

    def setting(self, name: str) -> str:
        """A setting that was spoken, "emergency_number" say; "" where it is not known or cannot be read now."""
        try:
            with self._read() as database:
                found = database.rows(queries.SETTING, name=name)
        except DiaryError:
            return ""
        return str(found[0]["value"]) if found else ""

    def weights(self) -> tuple[float, ...]:
        """The weights that the user owns, in kilograms. Raises DiaryError."""
        if not self.file.is_file():
            return ()
        with self._read() as database:
            return remembering.weights(database)

    def set_weights(self, weights: Sequence[float]) -> None:
        """Stores them. Raises DiaryError."""
        kept = " ".join(f"{kg:g}" for kg in sorted(set(weights)))
        with self._opened() as database:
            database.write([statements.setting(self._now.at, "weights_kg", kept)])

    def add(self, rows: Sequence[exchange.ExportRow]) -> tuple[int, int]:
        """Adds workouts of an export; returns how many, and how many were there already. Raises DiaryError."""
        with self._opened() as database:
            return exchange.merge(rows, database)

    def back_up_to(self, file: Path) -> None:
        """A whole copy. Raises DiaryError."""
        with self._read() as database:
            database.copy_to(file)

    def delete(self, session: int) -> list[Path]:
        """Deletes a session from the diary and from all its backups. Returns damaged diaries and backups, in which it
        may still be. Raises DiaryError, also when there is no such session."""
        with Database(self.file, create=False) as database:
            if session > MOST_SESSIONS or not database.rows("SELECT 1 FROM session WHERE id = :id", id=session):
                raise DiaryError(f"there is no session {session}; see the numbers with: assistant history")
        unreadable = []
        for file in (*backups.all_of(self.file), self.file):
            try:
                with Database(file, create=False) as database:
                    database.write([("DELETE FROM session WHERE id = :id", {"id": session})])
                    database.forget()
            except DamagedError:
                if file == self.file:
                    raise
                unreadable.append(file)
        return [*unreadable, *backups.set_aside_files(self.file)]

    def delete_all(self) -> int:
        """Deletes the diary, its backups and what was set aside; returns how many files. Raises DiaryError."""
        beside = [self.file.with_name(self.file.name + part) for part in ("-wal", "-shm", ".part")]
        files = [self.file, *beside, *backups.folder(self.file).glob("*"), *backups.set_aside_files(self.file)]
        gone = 0
        for file in files:
            try:
                if file.is_file():
                    _overwrite(file)
                    file.unlink()
                    gone += 1
            except OSError as error:
                raise DiaryError(f"{file}: cannot be deleted ({error.strerror or error})") from None
        return gone

    def _opened(self) -> Database:
        """To be written: a diary that was lost is first put back, for what is new must not hide that; but not under a
        coach that is training."""
        if backups.is_lost(self.file):
            with alone(self.file.parent):
                return opened(self.file, self._now, self._notices)
        return Database(self.file)

    def _read(self) -> Database:
        return Database(self.file, create=False)


def _session(database: Database, number: int) -> SessionDone:
    rows = database.rows(queries.SIDES_OF_SESSION, session=number)
    sides = {row["side"]: _side(row) for row in rows}
    scores = {row["side"]: row["score"] for row in database.rows(queries.PAIN_SCORES, session=number)}
    return SessionDone(
        id=number,
        started=Moment(rows[0]["started"], rows[0]["utc_offset_seconds"]),
        exercise=rows[0]["exercise"],
        variation=rows[0]["variation"],
        reason=rows[0]["reason"],
        left=sides.get("left", _NOTHING),
        right=sides.get("right", _NOTHING),
        pain_left=_worst(scores, "left"),
        pain_right=_worst(scores, "right"),
        hurt=bool(scores),
    )


def _side(row: Row) -> SideOfSession:
    return SideOfSession(
        row["sets"], row["reps"], row["reps_planned"], row["load_kg"], row["volume_kg"], bool(row["tempo_kept"])
    )


def _worst(scores: dict[str, int | None], side: str) -> int | None:
    return max((score for where, score in scores.items() if where in {side, ""} and score is not None), default=None)


def _overwrite(file: Path) -> None:
    """Zeros over what was there: a disk frees the blocks of a deleted file without touching them.

    They must be on the disk before the file is deleted: what the kernel has not written by then it never writes.
    """
    size = file.stat().st_size
    with file.open("r+b") as out:
        for at in range(0, size, 1 << 20):
            out.write(b"\0" * min(1 << 20, size - at))
        out.flush()
        os.fsync(out.fileno())
