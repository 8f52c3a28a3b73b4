"""Pains that were allowed to stay, and what they were told to be since: each place is followed on its own. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from assistant.red_flags import RedFlags
from assistant.triage import Report

MOST_RISES = 2
"""A pain that has become worse so many times without becoming less may not stay, whenever it was told."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A pain that was allowed to stay: it is asked about after every set."""

    score: float
    """0 to 10, as it was said last."""
    rises: int = 0
    """How many times it was worse than before, since it was less."""
    report: Report = field(default_factory=Report)
    """What was said about it."""
    also: "tuple[Watch, ...]" = ()
    """Pains in other places that stay as well, the latest first."""


def each(watch: Watch | None) -> Iterator[Watch]:
    """All that are watched, one by one."""
    if watch:
        yield replace(watch, also=())
        yield from watch.also


def told(watch: Watch | None, report: Report, table: RedFlags) -> Watch:
    """What is watched once a report may stay. To tell of the same pain again begins nothing anew."""
    score, same = report.score or 0.0, [one for one in each(watch) if _is_same(one.report, report, table)]
    where = frozenset[str]().union(*(one.report.families for one in same)) & {*table.places, *table.sides}
    rises = max((_rises(one, score) for one in same), default=0)
    return beside(watch, Watch(score, rises, replace(report, families=report.families | where)), table)


def beside(watch: Watch | None, new: Watch, table: RedFlags) -> Watch:
    """A pain in the place of what was watched there, beside those in other places."""
    return replace(new, also=tuple(one for one in each(watch) if not _is_same(one.report, new.report, table)))


def meant(watch: Watch, said: frozenset[str], table: RedFlags) -> list[Watch]:
    """Those that somebody speaks of who names a place or a side, or "both"; none where it may be any of them."""
    where = said & {*table.places, *table.sides} - {"both"}
    if not where:
        return list(each(watch)) if "both" in said and len(watch.also) == 1 else []
    new = Report(families=said)
    found = [one for one in each(watch) if one.report.families & where and _is_same(one.report, new, table)]
    return found if len(found) == 1 or "both" in said else []


def first(watch: Watch, named: list[Watch]) -> Watch:
    """The same, with those that were named before the others."""
    latest, *others = (*named, *(one for one in each(watch) if one not in named))
    return replace(latest, also=tuple(others))


def checked(watch: Watch, score: float, named: list[Watch]) -> Watch | None:
    """After a number at the check, which asks how it is and not where. It is that of those that were named with it;
    else each may have risen to it, and a zero ends only the one told of last."""
    ones = list(each(watch))
    about = named or (ones if score else ones[:1])
    rest = [
        replace(one, score=score, rises=_rises(one, score)) if one in about else one
        for one in ones
        if score or one not in about
    ]
    return replace(rest[0], also=tuple(rest[1:])) if rest else None


def left(watch: Watch) -> Watch | None:
    """What is still watched without the one told of last."""
    return replace(watch.also[0], also=watch.also[1:]) if watch.also else None


def may_stay(watch: Watch | None) -> bool:
    """Whether none of them rises again and again."""
    return all(one.rises < MOST_RISES for one in each(watch))


def _rises(one: Watch, score: float) -> int:
    return one.rises + (score > one.score) if score >= one.score else 0


def _is_same(old: Report, new: Report, table: RedFlags) -> bool:
    """Whether two reports may be about one pain: a place or a side that was not said may be any."""
    if "other_one" in new.families:
        return False
    for kinds in (table.places.keys(), table.sides.keys() - {"both"}):
        was, is_now = old.families & kinds, new.families & kinds
        if was and is_now and not was & is_now:
            return False
    return True
