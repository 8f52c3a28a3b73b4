"""An exercise as a page to read: everything its file holds."""

import textwrap
from collections.abc import Iterable

from assistant.exercise import Exercise

WIDTH = 90


def overview(exercises: Iterable[Exercise]) -> str:
    """One entry an exercise."""
    return "\n\n".join(
        f"{exercise.id}\n{_filled(exercise.summary)}\n{_filled(_dose(exercise))}" for exercise in exercises
    )


def full(exercise: Exercise) -> str:
    """All that is known about an exercise."""
    dose, safety = exercise.programming, exercise.safety
    source = exercise.source
    sections = [
        ("Why", exercise.benefits),
        ("Before you begin", [f"{check.text} ({check.why})" for check in exercise.checklist]),
        ("Warm-up", [item.text for item in exercise.warmup.items]),
        ("Steps", [f"{step.name}. {step.text} Why: {step.why}" for step in exercise.steps]),
        ("Cues", [f"{cue.text} ({cue.phase}) {cue.why}" for cue in exercise.cues]),
        (
            "Common mistakes",
            [f"{mistake.name}. {mistake.because} Fix: {mistake.fix}" for mistake in exercise.mistakes],
        ),
        ("Variations (assistant run --variation NAME)", [f"{v.id}: {v.text}" for v in exercise.variations]),
        ("How much", [_dose(exercise), *dose.advice]),
        ("What the guide leaves open, and what we chose", exercise.settled.texts()),
        ("Cool-down", [stretch.text for stretch in exercise.cooldown.items]),
        ("Look after yourself", [safety.normal, safety.before_you_start, *safety.prevention]),
        ("See a doctor about", safety.seek_advice),
        ("Take home", exercise.take_home.points),
    ]
    body = "\n\n".join(f"{title}\n{_listed(items)}" for title, items in sections)
    cited = f"Source: {source.title}. {source.publisher}, {source.published}. In words of our own."
    return f"{exercise.name}\n{_filled(exercise.summary)}\n\n{body}\n\n{_filled(cited)}"


def _dose(exercise: Exercise) -> str:
    dose = exercise.programming
    return (
        f"{dose.reps.low} to {dose.reps.high} reps a leg, {dose.sets.low} to {dose.sets.high} sets, "
        f"{dose.rest_seconds.low} to {dose.rest_seconds.high} s rest, "
        f"{dose.days_a_week.beginner[0]} times a week for beginners, "
        f"{dose.days_a_week.experienced[0]} to {dose.days_a_week.experienced[1]} with experience, "
        f"{dose.recovery_hours[0]} to {dose.recovery_hours[1]} h recovery, "
        f"at most {dose.progress_percent_a_week} % more a week, tempo {dose.tempo}."
    )


def _listed(items: Iterable[str]) -> str:
    return "\n".join(textwrap.fill(item, WIDTH, initial_indent="  - ", subsequent_indent="    ") for item in items)


def _filled(text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="  ")
