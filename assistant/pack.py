"""The pack: every spoken word and every rule of a language, read strictly from voices/<language>/.

One error (PackError) names the first file and key that is wrong. `pack_rules` holds the rules that go
beyond types.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from assistant.errors import PackError
from assistant.exercise import Exercise
from assistant.numbers import NumberWords
from assistant.reading import Reader
from assistant.red_flags import RedFlags
from assistant.tables import Table, read

# ---------------------------------------------------------------- voice.toml


class Numbers(Table, frozen=True):
    """Number words, for writing and for hearing."""

    point: str
    half: str
    hundred: str
    hundred_and: str
    units: tuple[str, ...]
    words: dict[str, int]


class Voice(Table, frozen=True):
    """How the language sounds."""

    language: str
    locale: str
    first_exercise: str
    """The id of the exercise that is trained when nobody names one."""
    voice: str
    """A pyttsx3 voice id."""
    rate: int
    """Words a minute."""
    brisk_rate: int
    """Words a minute for what must fit a beat."""
    words: dict[str, str]
    singulars: dict[str, str]
    """What follows a slot that holds 1: {"minutes": "minute"}."""
    numbers: Numbers

    @property
    def is_english(self) -> bool:
        """Whether the speech models that can be fetched and built are of this language."""
        return self.locale.replace("_", "-").partition("-")[0] == "en"


# ---------------------------------------------------------------- lines.toml, commands.toml, heard.toml


class Line(Table, frozen=True):
    """Something the coach says."""

    text: str
    """With {slots}."""
    says_commands: tuple[str, ...] = ()
    """Live command phrases that stand in the text: declared, so that nobody adds one by accident."""
    safety: bool = False
    """Not hushed by anything but stop and pain."""
    brisk: bool = False
    """Said at the voice's brisk rate: it has to fit a beat."""


Trust = Literal["urgent", "partial", "final"]


class Command(Table, frozen=True):
    """One intent and the ways to say it."""

    trust: Trust
    phrases: tuple[str, ...]
    unless: tuple[str, ...] = ()


class Phrases(Table, frozen=True):
    """Phrases that are in the grammar and command nothing."""

    phrases: tuple[str, ...]


class Commands(Table, frozen=True):
    """commands.toml."""

    commands: dict[str, Command]
    decoys: Phrases
    fillers: Phrases
    """Words that may stand before or after a command and change nothing: "please"."""
    homophones: dict[str, str]
    """What may be written for a phrase that sounds the same: {"weight": "wait"}."""


# ---------------------------------------------------------------- the pack

WRITTEN = frozenset({"name", "text", "because", "fix", "let_go", "address", "phrase"})
"""Slots that take a text as somebody has written it, "A dumbbell of 10 kg" among them."""


@dataclass(frozen=True)
class Pack:
    """A language: voice, lines, commands, exercises."""

    folder: Path
    voice: Voice
    lines: Mapping[str, Line]
    commands: Mapping[str, Command]
    decoys: tuple[str, ...]
    fillers: tuple[str, ...]
    homophones: Mapping[str, str]
    exercises: Mapping[str, Exercise]
    numbers: NumberWords
    red_flags: RedFlags
    reader: Reader
    """Understands reports of pain."""
    left_out: Mapping[str, PackError] = field(default_factory=dict)
    """What is wrong with the exercises that cannot be used, by the names of their files."""

    def text(self, line: str, slots: Mapping[str, object]) -> str:
        """What is said for a line; numbers and sides become words, and one of a thing is singular."""
        template = self.lines[line].text
        for name, value in slots.items():
            if value == 1:
                for plural, singular in self.voice.singulars.items():
                    template = template.replace(f"{{{name}}} {plural}", f"{{{name}}} {singular}")
        filled = {name: value if name in WRITTEN else self.spoken(value) for name, value in slots.items()}
        text = template.format(**filled)
        return text[:1].upper() + text[1:]

    def spoken(self, value: object) -> str:
        """A slot's value in words: 42.5 -> "forty two point five", "left" -> "left", "10 kg" -> "ten kilos",
        "112" -> "one one two"."""
        match value:
            case int() | float():
                return self.numbers.spell(value)
            case str() if value.isascii() and value.isdigit():  # a telephone number
                return " ".join(self.numbers.spell(int(digit)) for digit in value)
            case str() if value.endswith(" kg"):
                kilos = float(value[:-3])
                words = self.voice.words["kilos"]
                if kilos == 1:
                    for plural, singular in self.voice.singulars.items():
                        words = words.replace(plural, singular)
                return words.format(n=self.numbers.spell(kilos))
            case str():
                return self.voice.words.get(value, value)
        raise TypeError(f"a slot takes a number or a text, not {value!r}")

    def phrases(self) -> tuple[str, ...]:
        """All command phrases, for the grammar."""
        commands = tuple(p for command in self.commands.values() for p in (*command.phrases, *command.unless))
        return (*commands, *self.mistake_phrases())

    def mistake_phrases(self) -> tuple[str, ...]:
        """How lifters name what they do wrong, in any exercise."""
        mistakes = (mistake for exercise in self.exercises.values() for mistake in exercise.mistakes)
        return tuple(dict.fromkeys(phrase for mistake in mistakes for phrase in mistake.phrases))


def load(folder: Path, *, leave_out: bool = False) -> Pack:
    """Reads and checks a whole pack. Raises PackError naming the first file and key that is wrong.

    With `leave_out`, an exercise that is wrong is left out, as long as one is left.
    """
    language = load_language(folder)
    exercises, left_out = {}, {}
    for file in _exercise_files(folder / "exercises"):
        try:
            exercises[file.stem] = load_exercise(file, language)
        except PackError as error:
            if not leave_out:
                raise
            left_out[file.stem] = error
    if not exercises:
        raise next(iter(left_out.values()))
    first = language.voice.first_exercise
    if first not in {*exercises, *left_out}:
        known = ", ".join(exercises)
        raise PackError(
            f"{folder / 'voice.toml'}: first_exercise: there is no exercise {first!r}; there are: {known}"
        )
    return replace(language, exercises=exercises, left_out=left_out)


def _exercise_files(folder: Path) -> list[Path]:
    """What an editor or another system puts beside them (".#calf-raise.toml") is none."""
    found = [file for file in sorted(folder.glob("*.toml")) if file.is_file() and not file.name.startswith(".")]
    if not found:
        raise PackError(f"{folder}: no exercise found; write at least one .toml there")
    return found


def load_language(folder: Path) -> Pack:
    """Reads and checks a pack without its exercises. Raises PackError naming the first file and key that is wrong."""
    from assistant import pack_rules  # the rules read this module's types

    if not folder.is_dir():
        raise PackError(f"{folder}: there is no such pack; a pack is a folder like voices/en")
    voice = read(folder / "voice.toml", Voice)
    lines = read(folder / "lines.toml", dict[str, Line])
    commands = read(folder / "commands.toml", Commands)
    red_flags = read(folder / "red_flags.toml", RedFlags)
    pack_rules.check_voice(folder / "voice.toml", voice)
    reader = Reader(red_flags, voice.numbers.words)
    pack_rules.check_commands(folder / "commands.toml", commands, reader)
    pack_rules.check_red_flags(folder / "red_flags.toml", red_flags, reader, commands)
    pack_rules.check_lines(folder / "lines.toml", lines, commands)
    return Pack(
        folder,
        voice,
        lines,
        commands.commands,
        commands.decoys.phrases,
        commands.fillers.phrases,
        commands.homophones,
        {},
        _number_words(voice),
        red_flags,
        reader,
    )


def load_exercise(file: Path, language: Pack) -> Exercise:
    """Reads one exercise and checks it against the language's pack. Raises PackError."""
    from assistant import exercise_rules

    exercise = read(file, Exercise)
    exercise_rules.check_exercise(file, exercise, language)
    return exercise


def _number_words(voice: Voice) -> NumberWords:
    numbers = voice.numbers
    return NumberWords(
        numbers.words, numbers.point, numbers.half, numbers.hundred, numbers.hundred_and, numbers.units
    )
