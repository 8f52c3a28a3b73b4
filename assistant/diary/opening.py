"""Opens the diary's file, and mends what can be mended: a damaged file is set aside for the newest backup."""

from contextlib import suppress
from pathlib import Path

from assistant.dates import Moment
from assistant.diary import backups, queries, statements
from assistant.diary.database import Database
from assistant.errors import DamagedError, DiaryError


def opened(file: Path, moment: Moment, notices: list[str]) -> Database:
    """The diary, whole as far as opening it shows. Adds the lines that the coach should say about what was done.

    Raises DiaryError when it cannot be opened or mended.
    """
    if backups.is_lost(file):
        return mended(file, moment, notices)
    try:
        return Database(file)
    except DamagedError:
        return mended(file, moment, notices)


def mended(file: Path, moment: Moment, notices: list[str]) -> Database:
    """Sets a damaged diary aside and opens the newest good backup in its place, or else an empty one.

    That is written down, too: until a workout begins, in which it can be said, this program may have ended.
    """
    backups.put_away(file, moment)
    line = "diary_restored" if backups.restore(file) else "diary_set_aside"
    notices.append(line)
    database = Database(file)
    with suppress(DiaryError):  # a disk that is full: whoever is here now is told all the same
        database.write([statements.setting(moment.at, statements.UNTOLD, line)])
    return database


def untold(database: Database) -> list[str]:
    """The lines about what was done to this diary, if no coach has said them to the end yet."""
    found = [str(row["value"]) for row in database.rows(queries.SETTING, name=statements.UNTOLD)]
    return [line for line in found if line in statements.ABOUT_THE_FILE]
