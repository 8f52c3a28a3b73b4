"""The only user of SQLite: opens the diary's file, migrates it, reads rows, writes transactions."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from assistant.diary.schema import MIGRATIONS
from assistant.errors import DamagedError, DiaryError

Statement = tuple[str, Mapping[str, object]]
"""(SQL, its :parameters)"""

Row = sqlite3.Row

BUSY_MS = 5000
"""How long to wait for another process that is just writing."""

_WHAT_TO_DO = {
    sqlite3.SQLITE_FULL: "the disk is full; free some space",
    sqlite3.SQLITE_READONLY: "it is read-only; make the disk and the file writable",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check that its folder is there and may be written",
    sqlite3.SQLITE_BUSY: "another program is busy with it; close that one, then try again",
    sqlite3.SQLITE_IOERR: "the disk does not do what it should; check its space and its health",
}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_NO_ROOM = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
"""What a full disk answers, on which there is no room even for the log's index. A file that is busy is none of these:
it is being written, and must not be read as one that will not change."""


class Database:
    """An open diary file. For one thread."""

    def __init__(self, file: Path, *, create: bool = True) -> None:
        """Opens and migrates. Without `create`, a file that is not there or empty is an error, and a disk that cannot
        be written will do. Raises DiaryError; DamagedError when the file is no whole diary."""
        self.file = file
        with _told(file):
            if create:
                _private(file)
            elif not file.is_file():
                raise DiaryError(f"{file}: there is no diary yet; it begins with your first workout")
            elif not file.stat().st_size:  # what SQLite would make of it would hide that it was lost
                raise DamagedError(_damaged(file, "it is empty"))
            may_write = create or os.access(file.parent, os.W_OK)
            try:
                self._connection = _connected(file, read_only=not may_write)
            except sqlite3.OperationalError as error:
                if create or not may_write or _code(error) not in _NO_ROOM:
                    raise
                self._connection = _connected(file, read_only=True)
            try:
                self._migrate()
            except BaseException:
                self._connection.close()
                raise

    def _migrate(self) -> None:
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version > len(MIGRATIONS):
            raise DiaryError(f"{self.file}: was written by a newer version of this program; please update")
        for number in range(version, len(MIGRATIONS)):
            try:
                self._connection.executescript(
                    f"BEGIN IMMEDIATE; {MIGRATIONS[number]}; PRAGMA user_version = {number + 1}; COMMIT;"
                )
            except sqlite3.Error:
                self._roll_back()
                raise

    def rows(self, sql: str, **values: object) -> list[Row]:
        """What a query finds."""
        with _told(self.file):
            return self._connection.execute(sql, values).fetchall()

    def each(self, sql: str, **values: object) -> Iterator[Row]:
        """What a query finds, row by row, where it may be much."""
        with _told(self.file):
            yield from self._connection.execute(sql, values)

    def write(self, statements: Iterable[Statement]) -> int:
        """One transaction: all of it or nothing. Returns the id of the last row that was inserted."""
        with _told(self.file):
            cursor = self._connection.cursor()
            cursor.execute("BEGIN IMMEDIATE")
            try:
                for sql, values in statements:
                    cursor.execute(sql, values)
                cursor.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise
            return int(cursor.lastrowid or 0)

    def is_whole(self) -> bool:
        """SQLite's quick check. It reads the whole file, so it has no place on the way to the first word."""
        try:
            return self._connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
        except sqlite3.DatabaseError as error:
            if _code(error) in _DAMAGED:
                return False
            raise DiaryError(_message(self.file, error)) from None

    def copy_to(self, file: Path) -> None:
        """A whole, compact copy, only for the user's eyes. Overwrites."""
        beside = file.with_name(file.name + ".part")
        with _told(file):
            beside.unlink(missing_ok=True)
            _private(beside)
            try:
                self._connection.execute("VACUUM INTO ?", (str(beside),))
                beside.replace(file)
            finally:
                beside.unlink(missing_ok=True)

    def forget(self) -> None:
        """Writes the file anew and empties the log beside it, so that what was deleted is in neither."""
        with _told(self.file):
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def plan_of(self, sql: str) -> list[str]:
        """How SQLite would run a statement, step by step."""
        return [str(row[3]) for row in self.rows(f"EXPLAIN QUERY PLAN {sql}")]

    def trace(self, told: list[str]) -> None:
        """Adds every statement that runs from now on to a list."""
        self._connection.set_trace_callback(told.append)

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def __enter__(self) -> "Database":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")


def _connected(file: Path, *, read_only: bool) -> sqlite3.Connection:
    if read_only:  # without a log to write, SQLite only reads a file that it is told will not change
        connection = sqlite3.connect(f"{file.absolute().as_uri()}?immutable=1", uri=True, isolation_level=None)
    else:
        connection = sqlite3.connect(file, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten: this is health data
        if not read_only:
            # A write-ahead log, and a sync with every commit: with NORMAL a commit may be lost with the power,
            # and then more than the rep in hand is gone. One sync every few seconds is little, even for an SD card.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
    except BaseException:
        connection.close()
        raise
    return connection


def _private(file: Path) -> None:
    """Makes sure that only the user can read a file, before anything is in it."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    if file.stat().st_mode & 0o077:
        file.chmod(0o600)


@contextmanager
def _told(file: Path) -> Iterator[None]:
    """Errors of SQLite and the system as ours."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        damaged = _code(error) in _DAMAGED
        raise (DamagedError if damaged else DiaryError)(_message(file, error)) from None
    except OSError as error:
        raise DiaryError(f"{file}: {error.strerror or error}; make the place writable, or free some space") from None


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code; an error of Python's own module has none."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _message(file: Path, error: sqlite3.Error) -> str:
    if _code(error) in _DAMAGED:
        return _damaged(file, str(error))
    return f"{file}: {_WHAT_TO_DO.get(_code(error), str(error))}"


def _damaged(file: Path, why: str) -> str:
    return f"{file}: the diary is damaged ({why}); the next workout takes the newest backup instead"
