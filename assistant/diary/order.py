"""What came after what. A Raspberry Pi has no clock of its own and may wake up in any year, so a time in the diary
may be wrong. The numbers of sessions are not: each is greater than all before it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.diary.database import Row
from assistant.diary.statements import IMPORTED


@dataclass(frozen=True, slots=True)
class Placed:
    """A session in its place."""

    row: Row
    began: float
    """Seconds since 1970. Where its own time cannot be right, the latest that can, of those recorded before it."""

    def time(self, at: float) -> float:
        """A time of this session, in seconds since 1970, put right as its beginning was."""
        return self.began + at - float(self.row["started"])


def in_order(sessions: Iterable[Row], now: float) -> list[Placed]:
    """Sessions, the newest first; `now` is in seconds since 1970. Rows need id, started and reason.

    What was recorded here stands in the order of its numbers. An import has its number from the day of the import,
    so it stands where its time puts it. A time is wrong when it is later than now, or, of what was recorded here,
    earlier than one that was recorded before it.
    """
    by_number = sorted({int(row["id"]): row for row in sessions}.items())
    right = [row["started"] for _, row in by_number if row["reason"] != IMPORTED and row["started"] <= now]
    latest = float(right[0] if right else now)
    placed = []
    for _, row in by_number:
        began = float(row["started"] if row["started"] <= now else latest)
        if row["reason"] != IMPORTED:
            began = latest = max(began, latest)
        placed.append(Placed(row, began))
    return sorted(placed, key=lambda one: (one.began, one.row["id"]), reverse=True)
