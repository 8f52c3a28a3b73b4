"""Copies of the diary: one a day, seven kept; and what happens when the file turns out to be damaged."""

from contextlib import suppress
from pathlib import Path

from assistant.dates import Moment
from assistant.diary.database import Database
from assistant.errors import DiaryError

KEPT = 7


def folder(file: Path) -> Path:
    """Where the backups of a diary are."""
    return file.parent / "backups"


def all_of(file: Path) -> list[Path]:
    """The backups, the newest first: their names are dates."""
    return sorted(folder(file).glob("diary-*.sqlite"), reverse=True)


def set_aside_files(file: Path) -> list[Path]:
    """Damaged diaries that were put away."""
    return sorted(file.parent.glob("damaged-*"))


def make(database: Database, day: str) -> None:
    """Today's backup, made or made anew; older ones than the newest seven are deleted. Raises DiaryError."""
    copy = folder(database.file) / f"diary-{day}.sqlite"
    database.copy_to(copy)
    for old in all_of(database.file)[KEPT:]:
        with suppress(OSError):
            old.unlink()


def has_one(file: Path, day: str) -> bool:
    """Whether there is a backup of this day."""
    return (folder(file) / f"diary-{day}.sqlite").is_file()


def put_away(file: Path, moment: Moment) -> Path:
    """Sets a damaged diary aside, with the log beside it, and puts the newest good backup in its place.

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

    One without a session is passed over: what a sick card has emptied looks like that.
    """
    for backup in all_of(file):
        with suppress(DiaryError), Database(backup, create=False) as copy:
            if copy.is_whole() and copy.rows("SELECT 1 FROM session LIMIT 1"):
                copy.copy_to(file)
                return backup
    return None
