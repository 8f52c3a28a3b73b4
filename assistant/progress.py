"""Progress by the guide: at most ten percent a week, per side, and only after work that was done well. Pure.

What the guide says: eight to twelve reps, ten percent of weight or volume a week at most, 48 to 72 hours between
hard sessions, twice a week for beginners. What it leaves open is decided here, by the stricter choice, in the
constants below. Every suggestion carries its reasons: lines of the pack, spoken on "why?".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import floor
from typing import Literal

from assistant.exercise import Programming
from assistant.red_flags import rank

Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")

WEEK_DAYS = 6.5
"""What counts as a week ago: whoever trains every Monday does not always come at the same minute."""

MOST_PAIN = 3
"""Of ten. Above it, with a report that has no number, or with one that ended the exercise whatever its number,
nothing grows and the load goes down."""

HOLD_DAYS, LIGHTER_DAYS = 14, 28
"""After so long a break nothing grows; after so long the load goes down a step. The guide does not say."""

LIGHTER = 0.9
"""A step down: to the heaviest weight of at most this share."""

MOST_REPS = 15
"""Where the next weight is too heavy a step, reps may grow past the guide's range up to here. Our choice."""

EXPERIENCED_SESSIONS, EXPERIENCED_DAYS = 16, 56
"""A beginner is who has trained less often than this, or for a shorter time (twice a week for eight weeks)."""

Reason = tuple[str, tuple[tuple[str, object], ...]]
"""(line of the pack, its slots)"""


@dataclass(frozen=True, slots=True)
class Done:
    """What one leg did in one past session."""

    days_ago: float
    side: Side
    load_kg: float
    """The lightest of its sets: what was shown to be possible in all of them."""
    reps: int
    """In all sets together."""
    sets: int
    """Planned."""
    reps_planned: int
    """In all sets together."""
    tempo_kept: bool
    hurt: bool = False
    """Whether pain was reported on this side, in this session or, after the last one, since (a muscle's burn is
    none)."""
    pain: int | None = None
    """The worst score of it, 0 to 10; None: no number was given."""
    level: str = ""
    """The worst level of it, as in red_flags.toml; "" for none."""
    heaviest_kg: float = 0.0
    """The heaviest of its sets, where they were not all alike."""

    @property
    def complete(self) -> bool:
        """Whether all that was planned was done."""
        return self.reps >= self.reps_planned

    @property
    def top_kg(self) -> float:
        """The heaviest load of all its sets."""
        return max(self.load_kg, self.heaviest_kg)

    @property
    def volume(self) -> float:
        """Reps, times the load if there was one."""
        return self.reps * (self.load_kg or 1.0)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to train today. Both legs do the same, which is what the weaker or painful one may do."""

    load_kg: float
    sets: int
    reps: int
    """A side and set."""
    more_sets: int
    """In so many sets, the first ones, one rep more: ten percent of thirty reps is three."""
    leads: Side | None
    """The weaker or painful side: it goes first, and the other never does more."""
    most_kg: float | None
    """Ten percent over the heaviest load of a week ago, and after pain or a break no more than is suggested; None:
    there was none. A heavier wish is warned about."""
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """What one side may do."""

    load_kg: float
    reps: int
    """In all sets together."""
    why: tuple[Reason, ...]
    is_held: bool = False
    """Whether pain, a lock or a break says that more would be too much."""


def suggest(
    done: Sequence[Done], dose: Programming, weights: Sequence[float], locked: frozenset[str] = frozenset()
) -> Suggestion | None:
    """What to train today, from what was done with this exercise, the newest first; None without any.

    `weights` are the weights that the user owns, in kilograms; what was lifted before counts as owned.
    `locked` holds the sides on which loaded work is locked after pain.
    """
    by_side = {side: [one for one in done if one.side == side] for side in SIDES}
    if not any(by_side.values()):
        return None
    owned = sorted({*weights, *(one.load_kg for one in done)} - {0.0})
    newest = max((past[0] for past in by_side.values() if past), key=lambda one: -one.days_ago)
    steps = {side: _step(by_side[side], newest, dose, owned, side in locked) for side in SIDES}
    leads = _leader(by_side, steps)
    # The lighter load first: reps of different loads cannot be compared.
    first, second = SIDES if leads != "right" else ("right", "left")
    step = min((steps[first], steps[second]), key=lambda one: (one.load_kg, one.reps))
    sets = newest.sets
    if not any(one.is_held for one in steps.values()):
        # A workout that was shorter than the guide's shortest is no measure for the next one.
        sets = max(newest.sets, dose.sets.low)
        least = dose.reps.low * sets
        if newest.sets < sets and step.reps < least:
            step = replace(
                step, reps=least, why=step.why if step.load_kg < newest.load_kg else (("why_default", ()),)
            )
    why = step.why
    if leads and steps[first] != steps[second]:
        why = (*why, ("why_leads", (("side", leads),)))
    most = [kg for side in SIDES for kg in _most_kg(by_side[side], steps[side], dose)]
    return Suggestion(
        load_kg=step.load_kg,
        sets=sets,
        reps=max(1, step.reps // sets),
        more_sets=step.reps % sets if step.reps >= sets else 0,
        leads=leads,
        most_kg=min(most, default=None),
        why=why,
    )


def _step(past: list[Done], newest: Done, dose: Programming, owned: list[float], locked: bool) -> _Step:
    """What one side may do; the first rule that fits."""
    if not past or past[0].days_ago > newest.days_ago:  # the last session left this side out
        reps = min(newest.reps_planned, past[0].reps if past else newest.reps_planned)
        load = min([newest.load_kg, *(one.load_kg for one in past[:1])])
        held = _held_back(past[0], dose, owned) if past and not locked else None
        step = _Step(0.0 if locked else load, reps, (("why_side_missing", ()),), locked or held is not None)
        return held if held and held.load_kg <= load else step
    last = past[0]
    before = past[1] if len(past) > 1 else None
    lowest = dose.reps.low * last.sets
    planned = max(last.reps_planned, 1)
    if locked:
        return _Step(0.0, min(planned, lowest), (("why_locked", (("side", last.side),)),), is_held=True)
    if held := _held_back(last, dose, owned):
        return held
    if not last.complete:
        twice = before is not None and not before.complete and before.load_kg == last.load_kg
        if twice and last.reps < lowest:
            return _lighter(last, owned, lowest, ("why_too_heavy", ()))
        return _Step(last.load_kg, planned, (("why_not_finished", ()),))
    if not last.tempo_kept:
        return _Step(last.load_kg, planned, (("why_tempo", ()),))
    if last.hurt and (before is None or not before.hurt or (last.pain or 0) > (before.pain or 0)):
        return _Step(last.load_kg, planned, (("why_pain_watch", ()),), is_held=True)
    return _grow(past, dose, owned)


def _held_back(last: Done, dose: Programming, owned: list[float]) -> _Step | None:
    """After pain, or a break: no more than last time, whatever was done well."""
    lowest = dose.reps.low * last.sets
    if last.hurt and (last.pain is None or last.pain > MOST_PAIN or rank(last.level) >= rank("stop")):
        return replace(_lighter(last, owned, lowest, ("why_pain_before", (("side", last.side),))), is_held=True)
    days = (("days", round(last.days_ago)),)
    if last.days_ago >= LIGHTER_DAYS:
        return replace(_lighter(last, owned, lowest, ("why_long_break", days)), is_held=True)
    if last.days_ago >= HOLD_DAYS:
        return _Step(last.load_kg, max(last.reps_planned, 1), (("why_break", days),), is_held=True)
    return None


def _grow(past: list[Done], dose: Programming, owned: list[float]) -> _Step:
    """The work was done well: what ten percent a week allows, in reps up to the range's top, then in weight."""
    last, sets = past[0], max(past[0].sets, dose.sets.low)
    top, most = dose.reps.high * sets, max(MOST_REPS, dose.reps.high) * sets
    if last.reps < top:
        return _more_reps(past, dose, top, (("why_more_reps", (("percent", dose.progress_percent_a_week),)),))
    heavier = [kg for kg in owned if kg > last.load_kg]
    lowest = dose.reps.low * sets
    if not last.load_kg:
        if heavier:
            return _Step(heavier[0], lowest, (("why_first_weight", (("kg", heavier[0]),)),))
        return _Step(0.0, last.reps_planned, (("why_no_weights", ()),))
    fits = [kg for kg in heavier if kg <= _cap(past, dose) * _a_week_ago(past).load_kg]
    if fits:
        return _Step(fits[-1], lowest, (("why_more_load", (("percent", dose.progress_percent_a_week),)),))
    if not heavier and last.reps >= most:
        return _Step(last.load_kg, last.reps_planned, (("why_smaller_step", ()),))
    if not heavier:
        return _more_reps(past, dose, most, (("why_no_next_weight", ()),))
    percent = round(100 * (heavier[0] / last.load_kg - 1))
    if percent <= dose.progress_percent_a_week:  # it would do, but this week has had its share
        return _Step(last.load_kg, last.reps_planned, (("why_week", (("percent", dose.progress_percent_a_week),)),))
    too_heavy = ("why_next_too_heavy", (("kg", heavier[0]), ("percent", percent)))
    if last.reps >= most:
        return _Step(last.load_kg, last.reps_planned, (too_heavy, ("why_smaller_step", ())))
    return _more_reps(past, dose, most, (too_heavy, ("why_rep_instead", ())))


def _more_reps(past: list[Done], dose: Programming, top: int, why: tuple[Reason, ...]) -> _Step:
    """As many reps more as the week allows, at most one a set, and at most up to `top`."""
    last = past[0]
    before = min(_a_week_ago(past).volume, last.volume) / (last.load_kg or 1.0)
    if _a_week_ago(past).load_kg == 0 < last.load_kg:  # reps with and without weight cannot be compared
        before = last.reps
    # Ten percent of nine reps is less than one, and there is no smaller step than one.
    budget = max(_cap(past, dose) * before, floor(before) + 1)
    reps = min(floor(budget + 1e-9), last.reps + last.sets, top)
    if reps <= last.reps:
        return _Step(last.load_kg, last.reps, (("why_week", (("percent", dose.progress_percent_a_week),)),))
    return _Step(last.load_kg, reps, why)


def _lighter(last: Done, owned: list[float], lowest: int, why: Reason) -> _Step:
    """A step down: less weight, or no weight; without any, the fewest reps."""
    below = [kg for kg in owned if kg <= LIGHTER * last.load_kg]
    reps = min(max(last.reps_planned, 1), lowest)
    return _Step(below[-1] if below else 0.0, reps, (why,))


def _leader(by_side: dict[Side, list[Done]], steps: dict[Side, _Step]) -> Side | None:
    """The painful side, or else the weaker one."""
    hurt = [side for side in SIDES if by_side[side] and by_side[side][0].hurt]
    if len(hurt) == 1:
        return hurt[0]
    left, right = ((steps[side].load_kg, steps[side].reps, _shown(by_side[side])) for side in SIDES)
    if left == right:
        return None
    return "left" if left < right else "right"


def _shown(past: list[Done]) -> float:
    """What a side did last, to tell the weaker one."""
    return past[0].volume if past else 0.0


def _a_week_ago(past: list[Done]) -> Done:
    """What this week is compared with: the last session that is a week old, or else the first one. What was before a
    long break is no measure any more: after it the load was to begin lighter."""
    since = [past[0]]
    for one in past[1:]:
        if one.days_ago - since[-1].days_ago >= LIGHTER_DAYS:
            break
        since.append(one)
    return next((one for one in since if one.days_ago >= WEEK_DAYS), since[-1])


def _most_kg(past: list[Done], step: _Step, dose: Programming) -> Iterator[float]:
    """What a wish for one side is measured by, in kilograms; the least of it counts."""
    if past and _a_week_ago(past).top_kg:
        yield _cap(past, dose) * _a_week_ago(past).top_kg
    if step.is_held:
        yield step.load_kg


def _cap(past: list[Done], dose: Programming) -> float:
    return 1 + dose.progress_percent_a_week / 100 if past else 1.0


# ---------------------------------------------------------------- recovery


def is_intense(load_kg: float, reps: int, dose: Programming) -> bool:
    """Whether one leg's work in a session asks for the guide's recovery: any weight, or its least dose without."""
    return (load_kg > 0 and reps > 0) or reps >= dose.reps.low * dose.sets.low


def too_soon(hours: float | None, dose: Programming) -> bool:
    """Whether loaded work needs a spoken yes: the last hard session is less than the guide's least hours ago."""
    return hours is not None and hours < dose.recovery_hours[0]


def days_a_week(sessions: int, days_since_first: float, dose: Programming) -> int:
    """How often a week the guide advises at most. `sessions` may stop counting at EXPERIENCED_SESSIONS."""
    beginner = sessions < EXPERIENCED_SESSIONS or days_since_first < EXPERIENCED_DAYS
    return (dose.days_a_week.beginner if beginner else dose.days_a_week.experienced)[1]


def heads_up(hours: float | None, days_trained: int, most_days: int, dose: Programming) -> tuple[Reason, ...]:
    """What to announce before a workout begins."""
    found: list[Reason] = []
    low, high = dose.recovery_hours
    if hours is not None and hours < high:
        found.append(("recovery_now", (("hours", max(1, round(hours))), ("low", low), ("high", high))))
    if most_days and days_trained >= most_days:
        found.append(("often_enough", (("count", days_trained), ("days", most_days))))
    return tuple(found)
