"""Checks what somebody wrote: a pack, an exercise, a scenario; down to its words and the beat."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from assistant import ear, pack, recogniser, rehearsal, scenario
from assistant.errors import ModelError, PackError
from assistant.exercise import Exercise
from assistant.interpret import Interpreter
from assistant.pack import Pack
from assistant.parts import Parts
from assistant.tempo import fitting, has_room

REHEARSAL = "rehearsal.toml"


def check(path: Path, with_parts: Parts) -> Iterator[str]:
    """Yields what was found to be right, and hints. Raises AssistantError at the first thing that is wrong."""
    if path.is_dir():
        own = _with_pack(with_parts, pack.load(path))
        yield from _check_pack(path, own)
    elif not path.exists():
        raise PackError(f"{path}: there is no such file or folder")
    elif path.suffix != ".toml" or not path.is_file():
        raise PackError(f"{path}: give a pack (a folder) or a .toml file of an exercise or a scenario")
    elif path.name != REHEARSAL and (path.resolve().parent / "voice.toml").is_file():
        raise PackError(f"{path}: a part of a pack; check the whole: assistant validate {path.parent}")
    else:
        above = path.resolve().parent.parent
        if (above / "voice.toml").is_file():  # an exercise of another language
            with_parts = _with_pack(with_parts, pack.load_language(above))
        yield from _check_file(path, with_parts)


def _with_pack(with_parts: Parts, packed: Pack) -> Parts:
    """The parts for another pack."""
    has_model = (packed.folder / "model").is_dir() or not packed.voice.is_english  # ours is an English one
    with_model = packed.folder if has_model else with_parts.pack.folder
    return replace(with_parts, pack=replace(packed, folder=with_model), interpreter=Interpreter(packed))


def _check_pack(path: Path, own: Parts) -> Iterator[str]:
    packed = own.pack
    chosen = own.choose_model()
    for exercise in packed.exercises.values():
        _check_words(path / "exercises" / f"{exercise.id}.toml", exercise, own)
    if (path / REHEARSAL).exists():
        rehearsal.check(scenario.load(path / REHEARSAL), path, own)
    yield (
        f"{path}: ok: {len(packed.lines)} lines, {len(packed.phrases())} phrases, {len(packed.exercises)} exercise(s)"
    )
    if not (path / REHEARSAL).exists():
        yield f"hint: {path / REHEARSAL} is missing: `assistant rehearse` has nothing to play"
    unheard = recogniser.lacking(chosen.path, ear.reports(packed))
    if unheard:
        yield (
            f"{path / 'red_flags.toml'}: hint: the speech model does not know {', '.join(unheard)}; ways to say "
            "that something is wrong with these words can only be typed"
        )
    for exercise in packed.exercises.values():
        yield from _hints(exercise, own)


def _check_file(path: Path, with_parts: Parts) -> Iterator[str]:
    try:
        keys = tomllib.loads(path.read_text(encoding="utf-8-sig")).keys()
    except (OSError, ValueError):
        keys = {}.keys()  # the strict reader below says what is wrong
    if "turns" in keys:
        loaded = scenario.load(path)
        beside = path.resolve().parent
        language = beside if (beside / "voice.toml").is_file() else with_parts.pack.folder
        rehearsal.check(loaded, path.parent, _with_pack(with_parts, pack.load(language, leave_out=True)))
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
                built = ", or put the file into the pack and run `assistant model build`"
                raise PackError(
                    f"{path}: mistakes[{n}].phrases: the speech model does not know {', '.join(unheard)}; say it in "
                    f"other words{built if with_parts.pack.voice.is_english else ''}"
                ) from None
        raise


def _hints(exercise: Exercise, with_parts: Parts) -> Iterator[str]:
    """What is allowed but will disappoint: a cue that has no room in a rep of the usual tempo is never said there."""
    tempo = exercise.default_tempo()
    said = [cue.as_beat() for cue in exercise.cues]
    asked = [mistake.as_beat() for mistake in exercise.mistakes]
    with with_parts.studio() as studio:
        seconds_of = {cue.text: studio.clip(cue.text).seconds for cue in (*said, *asked)}
    missing = [cue for cue in said if not has_room(cue, tempo, seconds_of)]
    missing += [cue for cue in asked if not fitting(cue, tempo, seconds_of)]  # that one may change its place
    for cue in missing:
        if cue.phase == "lift" and not tempo.hold:
            why = f"has no place in the lift at {tempo}, where the number is said; give it to the way down"
        else:
            room = tempo.lift if cue.phase == "lift" else tempo.lower
            why = f"takes {seconds_of[cue.text]:.1f} s, the {cue.phase} at {tempo} has {room} s; shorten it"
        yield f"hint: the cue {cue.text!r} {why}, or it is not said"
