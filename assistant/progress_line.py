"""A line that tells how far something is, on a terminal; nothing at all in a log."""

import sys
from collections.abc import Callable
from typing import TextIO


def line(what: str, out: TextIO | None = None) -> Callable[[int, int], None]:
    """A progress line on a terminal; nothing at all in a log."""
    to = out or sys.stderr

    def show(done: int, of: int) -> None:
        if to.isatty() and of:
            end = "\r\033[K" if done >= of else ""
            to.write(f"\r{what} {100 * done // of:3d} %{end}")
            to.flush()

    return show
