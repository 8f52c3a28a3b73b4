"""One coach at a time: two would talk over each other, and both would count the same reps. And nothing is deleted
while it trains: what it writes on would be gone, and what it has written would come back."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from assistant.errors import DiaryError


@contextmanager
def alone(diary_folder: Path, or_else: str = "") -> Iterator[None]:
    """Holds a lock on the folder of the diary; the kernel lets go of it however the program ends.

    The folder and not a file in it: nothing is left behind, and SQLite's own locks stay as they are. Where there is
    no folder or no locking (a full disk, a network drive), nobody is kept from training.

    Raises DiaryError while another program holds it; `or_else` is added to what can be done then.
    """
    folder = None
    try:
        with suppress(OSError):
            folder = os.open(diary_folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise DiaryError(
                    f"the coach is running already, with the diary in {diary_folder}; say “stop” to it or end its "
                    f"program first (the service: systemctl --user stop bench-voice){or_else}"
                ) from None
        yield
    finally:
        if folder is not None:
            os.close(folder)
