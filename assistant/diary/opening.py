"""Opens the diary's file, and mends what can be mended: a damaged file is set aside for the newest backup."""

from pathlib import Path

from assistant.dates import Moment
from assistant.diary import backups
from assistant.diary.database import Database
from assistant.errors import DamagedError


def opened(file: Path, moment: Moment, notices: list[str]) -> Database:
    """The diary, whole as far as opening it shows. Adds the lines that the coach should say about what was done.

    Raises DiaryError when it cannot be opened or mended.
    """
    is_lost = backups.all_of(file) and (not file.is_file() or not file.stat().st_size)
    if is_lost:  # the file cannot have become empty by itself
        return mended(file, moment, notices)
    try:
        return Database(file)
    except DamagedError:
        return mended(file, moment, notices)


def mended(file: Path, moment: Moment, notices: list[str]) -> Database:
    """Sets a damaged diary aside and opens the newest good backup in its place, or else an empty one."""
    backups.put_away(file, moment)
    notices.append("diary_restored" if backups.restore(file) else "diary_set_aside")
    return Database(file)
