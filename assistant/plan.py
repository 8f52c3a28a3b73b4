"""What to train today: an exercise with its numbers, made from the pack and what the user asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from assistant.errors import AssistantError
from assistant.exercise import Exercise, Variation
from assistant.past import Past
from assistant.reading import Reader
from assistant.tempo import FASTEST_LOWER, Tempo

DEFAULT_EMERGENCY_NUMBER = "112"
"""Works from every mobile telephone in Europe and in many other countries."""

SWITCH_SECONDS = 15
"""From leg to leg. The guide does not say; this is enough to move the pad and the other foot."""

LIGHTEST_KG = 0.1
"""Less than this is a slip of the keys too."""
MOST_SETS, MOST_REPS = 10, 30
MOST_REST_SECONDS, MOST_WARMUP_SECONDS = 600, 1800
"""More than this is a slip of the keys, whoever asks for it: the user or the file of an exercise."""


@dataclass(frozen=True)
class Plan:
    """A workout, decided."""

    exercise: Exercise
    sets: int
    reps: int
    """Per side and set."""
    tempo: Tempo
    rest_seconds: int
    warmup_seconds: int
    reader: Reader
    """Understands reports of pain, by the pack's table."""
    more_sets: int = 0
    """In so many sets, the first ones, one rep more."""
    load_kg: float | None = None
    """Kilograms; 0 is body weight, None: the session asks."""
    first_side: Literal["left", "right"] = "left"
    leads: Literal["left", "right"] | None = None
    """The weaker or painful side, if one is: the other never does more reps in a set than it did."""
    variation: Variation | None = None
    switch_seconds: int = SWITCH_SECONDS
    seconds_of: Mapping[str, float] = field(default_factory=dict)
    """Spoken lengths of cues and beat words, by text or number; what is missing is taken not to fit."""
    past: Past = field(default_factory=Past)
    """What was before."""
    emergency_number: str = ""
    """Digits; "": nobody has chosen yet, and DEFAULT_EMERGENCY_NUMBER is told."""
    address: str = ""
    """Where the bench is, for whoever calls for help; "": nobody has written it down."""

    @property
    def number_to_call(self) -> str:
        """The emergency number, in digits."""
        return self.emergency_number or DEFAULT_EMERGENCY_NUMBER

    def reps_in(self, set_number: int) -> int:
        """Reps a side in one set, counted from 1."""
        return self.reps + (1 if set_number <= self.more_sets else 0)

    def as_it_was(self) -> "Plan":
        """The plan of the unfinished workout in its past, to go on with it."""
        was = self.past.unfinished
        if was is None:
            return self
        return replace(
            self,
            past=replace(self.past, last=None),  # the last time was this one
            sets=was.sets,
            reps=was.reps_planned,
            more_sets=was.more_sets,
            tempo=Tempo.parse(was.tempo_planned),
            rest_seconds=was.rest_seconds,
            first_side=was.first_side,
            leads=was.leads,
            variation=next((v for v in self.exercise.variations if v.id == was.variation), None),
        )


@dataclass(frozen=True)
class Wishes:
    """What the user asked for; None: as the exercise says."""

    sets: int | None = None
    reps: int | None = None
    tempo: str | None = None
    rest_seconds: int | None = None
    load_kg: float | None = None
    variation: str | None = None
    warmup_seconds: int | None = None
    first_side: Literal["left", "right"] | None = None


def make(exercise: Exercise, wishes: Wishes, reader: Reader, past: Past | None = None) -> Plan:
    """A plan from an exercise, wishes and the past, in which a wish counts more than what the past suggests.

    `reader` is the pack's. Raises AssistantError for a wish that cannot be.
    """
    dose = exercise.programming
    variation = find_variation(exercise, wishes.variation)
    past = past or Past()
    suggested = past.suggestion
    sets = _within("sets", wishes.sets, suggested.sets if suggested else dose.sets.default, 1, MOST_SETS)
    own_reps = wishes.reps is not None or suggested is None
    return Plan(
        exercise=exercise,
        sets=sets,
        reps=_within("reps", wishes.reps, suggested.reps if suggested else dose.reps.default, 1, MOST_REPS),
        more_sets=0 if own_reps or not suggested else min(suggested.more_sets, sets),
        tempo=Tempo.parse(wishes.tempo) if wishes.tempo else _own_tempo(exercise, variation),
        rest_seconds=_within("rest", wishes.rest_seconds, dose.rest_seconds.default, 0, MOST_REST_SECONDS),
        warmup_seconds=_within(
            "warm-up", wishes.warmup_seconds, dose.warmup_minutes.default * 60, 0, MOST_WARMUP_SECONDS
        ),
        reader=reader,
        load_kg=None if wishes.load_kg is None else _load(wishes.load_kg),
        first_side=wishes.first_side or (suggested.leads if suggested else None) or "left",
        leads=suggested.leads if suggested else None,
        variation=variation,
        past=past,
    )


def remarks(plan: Plan) -> list[str]:
    """Where a plan leaves what the exercise's source advises, one sentence each."""
    dose = plan.exercise.programming
    found = []
    for name, value, span in (
        ("sets", plan.sets, dose.sets),
        ("reps a leg", plan.reps, dose.reps),
        ("seconds of rest", plan.rest_seconds, dose.rest_seconds),
    ):
        if not span.low <= value <= span.high:
            found.append(f"The guide advises {span.low} to {span.high} {name}; this plan has {value}.")
    own = _own_tempo(plan.exercise, plan.variation)
    if plan.tempo.lower < min(own.lower, FASTEST_LOWER):
        found.append(f"The way down takes {own.lower} seconds in this exercise; you chose {plan.tempo.lower}.")
    return found


def _own_tempo(exercise: Exercise, variation: Variation | None) -> Tempo:
    """The tempo of an exercise, or of a variation that has one."""
    return Tempo.parse(variation.tempo) if variation and variation.tempo else exercise.default_tempo()


def find_variation(exercise: Exercise, wanted: str | None) -> Variation | None:
    """A variation by its id; None for none. Raises AssistantError."""
    if wanted is None:
        return None
    for variation in exercise.variations:
        if variation.id == wanted:
            return variation
    known = ", ".join(variation.id for variation in exercise.variations)
    raise AssistantError(f"{exercise.id} has no variation {wanted!r}; it has: {known}")


def _within(name: str, wished: int | None, default: int, low: int, high: int) -> int:
    if wished is None:
        return default
    if not low <= wished <= high:
        raise AssistantError(f"{name}: {wished} is out of range; choose {low} to {high}")
    return wished


def _load(kg: float) -> float:
    if kg != 0 and not LIGHTEST_KG <= kg <= 300:
        raise AssistantError(f"load: {kg:g} kg is out of range; choose 0 (body weight), or {LIGHTEST_KG:g} to 300")
    return float(kg)
