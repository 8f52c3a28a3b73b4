"""Copies of the diary: one a day, seven kept; and what happens when the file turns out to be damaged."""

from contextlib import suppress
from pathlib import Path

from assistant.dates import Moment
from assistant.diary.database import Database
from assistant.errors import DamagedError, DiaryError

KEPT = 7


def folder(file: Path) -> Path:
    """Where the backups of a diary are."""
    return file.parent / "backups"


def all_of(file: Path) -> list[Path]:
    """The backups, by their names, which are dates: the latest first."""
    return sorted(folder(file).glob("diary-*.sqlite"), reverse=True)


def is_lost(file: Path) -> bool:
    """Whether there was a diary, and there is none or an empty file: that cannot have happened by itself."""
    return bool(all_of(file)) and (not file.is_file() or not file.stat().st_size)


def newest_first(file: Path) -> list[Path]:
    """The backups that can be read, by the highest number that a session in them ever had: the clock that gave a
    backup its name may have been wrong. One without a session is left out: what a sick card has emptied looks like
    that."""
    highest: dict[Path, int] = {}
    for backup in all_of(file):
        with suppress(DiaryError), Database(backup, create=False) as copy:
            highest.update((backup, row["seq"]) for row in copy.rows(_HIGHEST_NUMBER))
    return sorted(highest, key=lambda backup: highest[backup], reverse=True)


_HIGHEST_NUMBER = "SELECT seq FROM sqlite_sequence WHERE name = 'session'"


def set_aside_files(file: Path) -> list[Path]:
    """Damaged diaries that were put away."""
    return sorted(file.parent.glob("damaged-*"))


def make(database: Database, day: str) -> None:
    """Today's backup, made or made anew, and kept, whatever the clock says; of the others only the latest six are.
    Raises DiaryError."""
    copy = folder(database.file) / f"diary-{day}.sqlite"
    database.copy_to(copy)
    others = [backup for backup in all_of(database.file) if backup != copy]
    for old in others[KEPT - 1 :]:
        with suppress(OSError):
            old.unlink()


def has_one(file: Path, day: str) -> bool:
    """Whether there is a backup of this day."""
    return (folder(file) / f"diary-{day}.sqlite").is_file()


def put_away(file: Path, moment: Moment) -> Path:
    """Sets a damaged diary aside, with the log beside it.

    Returns where the damaged one is. Raises DiaryError when the disk does not let it.
    """
    aside = file.with_name(f"damaged-{moment.compact()}.sqlite")
    try:
        for part in ("", "-wal", "-shm"):
            piece = file.with_name(file.name + part)
            if piece.exists():
                piece.replace(aside.with_name(aside.name + part))
    except OSError as error:
        raise DiaryError(f"{file}: is damaged and cannot be set aside ({error.strerror or error})") from None
    return aside


def restore(file: Path) -> Path | None:
    """Puts the newest backup that is whole in the diary's place; returns which. None: there is none.

    Raises DiaryError where there is one and the disk does not take it: an empty diary must not stand in its place.
    """
    for backup in newest_first(file):
        if _is_whole(backup):
            with suppress(DamagedError), Database(backup, create=False) as copy:
                copy.copy_to(file)
                return backup
    return None


def _is_whole(backup: Path) -> bool:
    try:
        with Database(backup, create=False) as copy:
            return copy.is_whole()
    except DiaryError:
        return False
