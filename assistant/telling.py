"""What the program has to say about itself, beside a workout."""

import sys
from contextlib import suppress


def tell(text: str) -> None:
    """One line for the user; where it can go nowhere (a log on a full disk), training matters more than the line."""
    with suppress(OSError):
        print(text, file=sys.stderr, flush=True)
