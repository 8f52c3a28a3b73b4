"""The rules of an exercise that go beyond types. Each raises PackError naming file and key."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec

from assistant.errors import AssistantError, PackError
from assistant.exercise import Exercise, Range
from assistant.interpret import Interpreter
from assistant.pack import Pack
from assistant.pack_rules import check_declared, contains, normal
from assistant.plan import MOST_REPS, MOST_REST_SECONDS, MOST_SETS, MOST_WARMUP_SECONDS
from assistant.tempo import Tempo

MOST = {
    "reps": MOST_REPS,
    "sets": MOST_SETS,
    "rest_seconds": MOST_REST_SECONDS,
    "warmup_minutes": MOST_WARMUP_SECONDS // 60,
    "recovery_hours": 168,
    "days_a_week.beginner": 7,
    "days_a_week.experienced": 7,
    "progress_percent_a_week": 10,
}
"""Of the keys of an exercise's [programming]: what is above is a slip of the keys."""

MOST_STRETCH_SECONDS = 300

MOST_LETTERS = 1000
"""Of one text: some seventy seconds of speech. A session takes a line that lasts ninety to be lost, and goes on."""

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

_OWN_TEMPO = re.compile(r"variations\[\d+\]\.tempo")
"""The one text of an exercise that may be empty: then a variation has the tempo of the exercise."""


def check_exercise(file: Path, exercise: Exercise, language: Pack) -> None:
    """Doses in order, every topic there, a tempo that can be counted, commands in the texts declared."""
    if file.stem != exercise.id:
        raise PackError(f"{file}: id: must be the file's name, {file.stem!r}")
    ids = [variation.id for variation in exercise.variations]
    topics = [check.topic for check in exercise.checklist]
    for topic in ("screen", "warmup", "equipment", "space"):
        if topics.count(topic) != 1:
            raise PackError(f"{file}: checklist: needs exactly one entry with topic = {topic!r}")
    dose = exercise.programming
    for key in ("reps", "sets", "rest_seconds", "warmup_minutes"):
        span: Range = getattr(dose, key)
        if not 0 < span.low <= span.default <= span.high <= MOST[key]:
            raise PackError(f"{file}: programming.{key}: must be 0 < low <= default <= high <= {MOST[key]}")
    for key, tempo in (
        ("programming.tempo", dose.tempo),
        *((f"variations.{v.id}.tempo", v.tempo) for v in exercise.variations if v.tempo),
    ):
        try:
            Tempo.parse(tempo)
        except AssistantError as error:
            raise PackError(f"{file}: {key}: {error}") from None
    for key in ("steps", "cues", "mistakes", "benefits"):
        if not getattr(exercise, key):
            raise PackError(f"{file}: {key}: empty; the session needs at least one")
    if not exercise.cooldown.items or not exercise.warmup.items or not exercise.take_home.points:
        raise PackError(f"{file}: cooldown, warmup and take_home each need at least one entry")
    if not exercise.safety.seek_advice:
        raise PackError(f"{file}: safety.seek_advice: empty; whoever ends in pain is told what to ask a doctor about")
    if len(set(ids)) < len(ids):
        raise PackError(f"{file}: variations: two have the same id")
    for key, (low, high) in (
        ("recovery_hours", dose.recovery_hours),
        ("days_a_week.beginner", dose.days_a_week.beginner),
        ("days_a_week.experienced", dose.days_a_week.experienced),
    ):
        if not 0 < low <= high <= MOST[key]:
            raise PackError(f"{file}: programming.{key}: must be [from, to], both 1 to {MOST[key]}")
    if not 0 < dose.progress_percent_a_week <= MOST["progress_percent_a_week"]:
        most = MOST["progress_percent_a_week"]
        raise PackError(f"{file}: programming.progress_percent_a_week: must be 1 to {most}")
    for key, text in _texts(msgspec.to_builtins(exercise)):
        if not normal(text) and not _OWN_TEMPO.fullmatch(key):
            raise PackError(f"{file}: {key}: empty; write what is to be said or shown")
        if set(text) & set("{}") or any(map(_is_control, text)):
            raise PackError(f"{file}: {key}: holds braces or control characters; only the lines of a pack have slots")
        if len(text) > MOST_LETTERS:
            raise PackError(f"{file}: {key}: {len(text)} letters long; write at most {MOST_LETTERS}")
    for key, id in (("id", exercise.id), *((f"variations.{id}.id", id) for id in ids)):
        if not _ID.fullmatch(id):
            raise PackError(f"{file}: {key}: {id!r}: write small letters, digits and hyphens only")
    for n, stretch in enumerate(exercise.cooldown.items):
        if not 0 < stretch.seconds <= MOST_STRETCH_SECONDS:
            raise PackError(f"{file}: cooldown.items[{n}].seconds: must be 1 to {MOST_STRETCH_SECONDS}")
    percents = [item.at_percent for item in exercise.warmup.items]
    if percents[0] != 0 or percents != sorted(set(percents)) or percents[-1] >= 100:
        raise PackError(f"{file}: warmup.items: at_percent must start at 0, grow, and stay below 100")
    _check_mistakes(file, exercise, language)
    check_declared(file, "says_commands", spoken_texts(exercise), exercise.says_commands, language.commands)


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) == "Cc" and letter not in "\n\t"


def _check_mistakes(file: Path, exercise: Exercise, language: Pack) -> None:
    """What names a mistake names only that: it hides no report of pain, and is nothing that means something else."""
    interpreter = Interpreter(replace(language, exercises={}))
    owner: dict[str, str] = {}
    for n, mistake in enumerate(exercise.mistakes):
        key = f"mistakes[{n}].phrases"
        for phrase in mistake.phrases:
            if phrase != normal(phrase) or not phrase:
                raise PackError(f"{file}: {key}: write {phrase!r} as it is heard: {normal(phrase)!r}")
            if phrase in owner:
                raise PackError(f"{file}: {key}: {phrase!r} cannot be reached, {owner[phrase]} has it already")
            if why := _taken(phrase, language, interpreter):
                raise PackError(f"{file}: {key}: {phrase!r} {why}")
            owner[phrase] = key


def _taken(phrase: str, language: Pack, interpreter: Interpreter) -> str:
    """Why a phrase is not free to name a mistake; "" when it is. `interpreter` knows no mistakes."""
    meaning = interpreter.meaning(phrase)
    if meaning and meaning.intent == "pain":
        return "reads as a report of pain; see red_flags.toml"
    if meaning and meaning.intent == "number":
        return "is a number"
    if meaning:
        return f"cannot be reached, commands.{meaning.intent} has it already"
    # A mistake is also found in the middle of other words, so that it would hide what holds its phrase.
    for report in filter(language.reader.is_place, language.red_flags.expect):
        if contains(report, phrase):
            return f"would hide {report!r}, which reports pain; say what is wrong with it"
    for decoy in language.decoys:
        if contains(decoy, phrase):
            return f"would be heard in {decoy!r}, which is a decoy and means nothing"
    return "is a filler and means nothing" if set(phrase.split()) <= set(language.fillers) else ""


def _texts(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    """(key, text) of every text below a value, "steps[0].why" say."""
    match value:
        case str():
            yield key, value
        case dict():
            for name, inner in value.items():
                yield from _texts(inner, f"{key}.{name}" if key else name)
        case list() | tuple():
            for n, inner in enumerate(value):
                yield from _texts(inner, f"{key}[{n}]")


def spoken_texts(exercise: Exercise) -> list[str]:
    """Every text of an exercise that is spoken."""
    return [
        exercise.name,
        *(text for check in exercise.checklist for text in (check.text, check.why)),
        *(item.text for item in exercise.warmup.items),
        *(text for step in exercise.steps for text in (step.name, step.text, step.why)),
        *(cue.text for cue in exercise.cues),
        *(
            text
            for mistake in exercise.mistakes
            for text in (mistake.name, mistake.because, mistake.fix, mistake.cue)
        ),
        *(text for variation in exercise.variations for text in (variation.name, variation.text)),
        *exercise.settled.texts(),
        *(stretch.text for stretch in exercise.cooldown.items),
        exercise.cooldown.why,
        exercise.safety.let_go,
        exercise.safety.normal,
        exercise.safety.before_you_start,
        *exercise.safety.seek_advice,
        *exercise.take_home.points,
    ]
