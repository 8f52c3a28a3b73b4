"""Checks what somebody wrote: a pack, an exercise, a scenario; down to its words and the beat."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from assistant import ear, pack, recogniser, scenario
from assistant.errors import ModelError, PackError
from assistant.exercise import Exercise
from assistant.interpret import Interpreter
from assistant.parts import Parts


def check(path: Path, with_parts: Parts) -> Iterator[str]:
    """Yields what was found to be right, and hints. Raises AssistantError at the first thing that is wrong."""
    if path.is_dir():
        packed = pack.load(path)
        with_model = packed.folder if (packed.folder / "model").is_dir() else with_parts.pack.folder
        own = replace(with_parts, pack=replace(packed, folder=with_model), interpreter=Interpreter(packed))
        chosen = own.choose_model()
        for exercise in packed.exercises.values():
            _check_words(path / "exercises" / f"{exercise.id}.toml", exercise, own)
        yield (
            f"{path}: ok: {len(packed.lines)} lines, {len(packed.phrases())} phrases, "
            f"{len(packed.exercises)} exercise(s)"
        )
        unheard = recogniser.lacking(chosen.path, ear.reports(packed))
        if unheard:
            yield (
                f"{path / 'red_flags.toml'}: hint: the speech model does not know {', '.join(unheard)}; ways to say "
                "that something is wrong with these words can only be typed"
            )
        for exercise in packed.exercises.values():
            yield from _hints(exercise, own)
    elif path.suffix == ".toml" and path.is_file():
        yield from _check_file(path, with_parts)
    else:
        raise PackError(f"{path}: give a pack (a folder) or a .toml file of an exercise or a scenario")


def _check_file(path: Path, with_parts: Parts) -> Iterator[str]:
    try:
        keys = tomllib.loads(path.read_text(encoding="utf-8")).keys()
    except (OSError, ValueError):
        keys = {}.keys()  # the strict reader below says what is wrong
    if "turns" in keys:
        loaded = scenario.load(path)
        yield f"{path}: ok: a scenario with {len(loaded.turns)} turns"
        return
    exercise = pack.load_exercise(path, with_parts.pack)
    _check_words(path, exercise, with_parts)
    yield f"{path}: ok: {exercise.name}, {len(exercise.steps)} steps, {len(exercise.cues)} cues"
    yield from _hints(exercise, with_parts)


def _check_words(path: Path, exercise: Exercise, with_parts: Parts) -> None:
    """Whether there is a speech model that knows how the lifter names a mistake: without one, no set could begin."""
    try:
        with_parts.training(exercise).choose_model()
    except ModelError:
        known = with_parts.choose_model().path  # or it is the commands that no model knows
        for n, mistake in enumerate(exercise.mistakes):
            if unheard := recogniser.lacking(known, mistake.phrases):
                raise PackError(
                    f"{path}: mistakes[{n}].phrases: the speech model does not know {', '.join(unheard)}; say it in "
                    "other words, or put the file into the pack and run `assistant model build`"
                ) from None
        raise


def _hints(exercise: Exercise, with_parts: Parts) -> Iterator[str]:
    """What is allowed but will disappoint: a cue that is too long for its part of the rep is never said."""
    tempo = exercise.default_tempo()
    with with_parts.studio() as studio:
        for cue in exercise.cues:
            room = tempo.lift if cue.phase == "lift" else tempo.lower
            length = studio.clip(cue.text).seconds
            if length > room - 0.05:
                yield (
                    f"hint: the cue {cue.text!r} takes {length:.1f} s, the {cue.phase} at {tempo} has {room} s; "
                    "shorten it, or it is not said"
                )
