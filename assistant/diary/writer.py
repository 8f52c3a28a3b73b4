"""Writes the diary in a thread of its own: a slow disk must never hold up the beat.

A commit waits for the disk (synchronous = FULL), which takes a few milliseconds here and may take a tenth of a
second and more on an SD card. In the loop that listens and schedules beats that would be felt, so entries are handed
over and written one by one, each in a transaction. `wait` bounds how far the disk may be behind.
"""

import queue
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from assistant.dates import Moment
from assistant.diary import backups
from assistant.diary.database import Database, Statement
from assistant.diary.opening import mended, opened
from assistant.errors import DamagedError, DiaryError

RETRY_SECONDS = 5.0
"""How often a disk that refuses is tried again, besides with every new entry."""

CLOSE_SECONDS = 30.0
"""The longest that the end of a workout waits for the disk."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What belongs into one transaction. `:session` is filled in by the writer."""

    statements: tuple[Statement, ...]
    begins: bool = False
    """Whether it inserts the session, whose id all others need."""
    session: int | None = None
    """The session that goes on, whose id it is from here on."""


class Writer:
    """The thread, and what it was handed."""

    def __init__(self, file: Path, moment: Moment) -> None:
        """`moment` dates the backup, and what may have to be set aside."""
        self._file = file
        self._moment = moment
        self._session = -1
        self._queue: queue.SimpleQueue[Entry | None] = queue.SimpleQueue()
        self._waiting: deque[Entry] = deque()
        self._written: list[Entry] = []
        """All of this workout, in case a backup has to take the file's place."""
        self._database: Database | None = None
        self._is_failing = False
        self._notices: list[str] = []
        self._changed = threading.Condition()
        self._behind = 0
        self._thread = threading.Thread(target=self._run, name="diary", daemon=True)
        self._thread.start()

    # ---- called by the workout

    def put(self, entry: Entry) -> None:
        """Hands an entry over; returns at once."""
        with self._changed:
            self._behind += 1
        self._queue.put(entry)

    def wait(self, behind: int, patience_seconds: float) -> bool:
        """Waits until at most so many entries are not on the disk yet; False if that did not happen in time, or
        the disk refuses (then there is nothing to wait for)."""
        with self._changed:
            done = self._changed.wait_for(lambda: self._behind <= behind or self._is_failing, patience_seconds)
            return done and not self._is_failing

    def notices(self) -> list[str]:
        """Lines that the coach should say; each is given once."""
        if not self._notices:
            return []
        with self._changed:
            found, self._notices = self._notices, []
        return found

    def close(self) -> int:
        """Writes what is left, and makes today's backup. Returns how many entries could not be written."""
        self._queue.put(None)
        self._thread.join(CLOSE_SECONDS)
        return self._behind

    # ---- in the thread

    def _run(self) -> None:
        self._check_first()
        while True:
            try:
                entry = self._queue.get(timeout=RETRY_SECONDS if self._waiting else None)
            except queue.Empty:
                self._write_waiting()
                continue
            if entry is None:
                break
            self._waiting.append(entry)
            self._write_waiting()
        if self._waiting:
            self._write_waiting()
        with suppress(DiaryError):
            if self._database:
                if not self._waiting and self._written:
                    backups.make(self._database, self._moment.day())
                self._database.close()

    def _check_first(self) -> None:
        """The whole file is read here, beside the greeting, and not before it. Only a checked file is copied."""
        try:
            database = self._opened()
            if not database.is_whole():
                self._mend()
            elif not backups.has_one(self._file, self._moment.day()) and database.rows(
                "SELECT 1 FROM session LIMIT 1"
            ):
                backups.make(database, self._moment.day())
        except DamagedError:
            self._mend()
        except DiaryError:
            self._close()  # the first entry will find out and tell

    def _opened(self) -> Database:
        if self._database is None:
            found: list[str] = []
            self._database = opened(self._file, self._moment, found)
            self._tell(*found)
        return self._database

    def _mend(self) -> None:
        """A backup takes the file's place, and what was written in this workout is written again."""
        self._close()
        found: list[str] = []
        try:
            self._database = mended(self._file, self._moment, found)
        except DiaryError:
            return  # it cannot be mended now, so it cannot be written either: that is told with the next entry
        self._tell(*found)
        self._waiting.extendleft(reversed(self._written))
        with self._changed:
            self._behind += len(self._written)
        self._written.clear()

    def _write_waiting(self) -> None:
        """Writes what waits, in order, until the disk refuses."""
        try:
            while self._waiting:
                try:
                    self._write(self._waiting[0])
                except DamagedError:
                    self._mend()
                    self._write(self._waiting[0])
                except DiaryError:  # closing the file empties its log, which may be all the space that lacks
                    self._close()
                    self._write(self._waiting[0])
                self._written.append(self._waiting.popleft())
                with self._changed:
                    self._behind -= 1
                    self._changed.notify_all()
        except DiaryError:
            self._close()  # opened anew for the next try: the disk may be another one by then
            self._failing(True)
        else:
            self._failing(False)

    def _write(self, entry: Entry) -> None:
        database = self._opened()
        self._session = entry.session or self._session
        last_id = database.write([(sql, {**values, "session": self._session}) for sql, values in entry.statements])
        if entry.begins:
            self._session = last_id

    def _failing(self, fails: bool) -> None:
        if fails != self._is_failing:
            self._tell("diary_cannot_write" if fails else "diary_writes_again")
        with self._changed:
            self._is_failing = fails
            self._changed.notify_all()

    def _tell(self, *lines: str) -> None:
        with self._changed:
            self._notices.extend(lines)

    def _close(self) -> None:
        if self._database:
            with suppress(DiaryError):
                self._database.close()
            self._database = None
