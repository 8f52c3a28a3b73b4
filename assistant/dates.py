"""The wall clock and the calendar. A workout has no use for them, its only clock is the samples; a diary does.

`now()` is the only place in the program that asks what time it is, and only the command line calls it: a date is
handed on from there.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time, as it stood on the clock on the wall."""

    at: float
    """Seconds since 1970, UTC."""
    utc_offset_seconds: int

    def plus(self, seconds: float) -> "Moment":
        """Later, on the same clock."""
        return Moment(self.at + seconds, self.utc_offset_seconds)

    def day(self) -> str:
        """ "2026-11-25" """
        return _local(self).strftime("%Y-%m-%d")

    def time(self) -> str:
        """ "18:05" """
        return _local(self).strftime("%H:%M")

    def iso(self) -> str:
        """ "2026-11-25T18:05:30+01:00" """
        return _local(self).isoformat(timespec="seconds")

    def compact(self) -> str:
        """ "20261125-180530", for names of files."""
        return _local(self).strftime("%Y%m%d-%H%M%S")

    def week(self) -> str:
        """The Monday of its week, as a day."""
        local = _local(self)
        return (local - timedelta(days=local.weekday())).strftime("%Y-%m-%d")


def now() -> Moment:
    """What time it is."""
    local = datetime.now().astimezone()
    offset = local.utcoffset()
    return Moment(local.timestamp(), round(offset.total_seconds()) if offset else 0)


def parse(text: str) -> Moment:
    """Reads "2026-11-25T18:05:30+01:00"; without an offset it is UTC. Raises ValueError for anything else."""
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        read = read.replace(tzinfo=timezone.utc)  # noqa: UP017
    offset = read.utcoffset()
    return Moment(read.timestamp(), round(offset.total_seconds()) if offset else 0)


@lru_cache(maxsize=16)  # the rows of a session come one after the other
def _local(moment: Moment) -> datetime:
    return datetime.fromtimestamp(moment.at, timezone(timedelta(seconds=moment.utc_offset_seconds)))
