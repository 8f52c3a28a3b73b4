"""The rules of a pack that go beyond types. Each raises PackError naming file and key."""

import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from assistant.errors import AssistantError, PackError
from assistant.exercise import Exercise, Range
from assistant.interpret import Interpreter
from assistant.pack import Command, Commands, Line, Pack, Voice
from assistant.plan import MOST_REPS, MOST_REST_SECONDS, MOST_SETS, MOST_WARMUP_SECONDS
from assistant.reading import Reader
from assistant.red_flags import RedFlags, wrong
from assistant.session.intents import INTENTS, URGENT
from assistant.session.lines import LINES
from assistant.tempo import Tempo
from assistant.triage import Report, added, decide, is_live

SLOWEST_RATE, FASTEST_RATE = 80, 450
"""Words a minute that eSpeak NG can speak."""

MOST = {
    "reps": MOST_REPS,
    "sets": MOST_SETS,
    "rest_seconds": MOST_REST_SECONDS,
    "warmup_minutes": MOST_WARMUP_SECONDS // 60,
    "recovery_hours": 168,
    "days_a_week.beginner": 7,
    "days_a_week.experienced": 7,
    "progress_percent_a_week": 25,
}
"""Of the keys of an exercise's [programming]: what is above is a slip of the keys."""

MOST_STRETCH_SECONDS = 300


def check_voice(file: Path, voice: Voice) -> None:
    """Words that the lines' slots need, and number words that make sense."""
    for key in ("rate", "brisk_rate"):
        if not SLOWEST_RATE <= getattr(voice, key) <= FASTEST_RATE:
            raise PackError(f"{file}: {key}: choose {SLOWEST_RATE} to {FASTEST_RATE} words a minute")
    for word in ("left", "right", "left_leg", "right_leg", "both_legs", "no_weight", "kilos"):
        if word not in voice.words:
            raise PackError(f"{file}: words.{word}: missing; the lines need it")
    if slots(voice.words["kilos"]) != {"n"}:
        raise PackError(f"{file}: words.kilos: must hold the slot {{n}} and no other")
    for value in (*range(21), 30, 40, 50, 60, 70, 80, 90):
        if value not in voice.numbers.words.values():
            raise PackError(f"{file}: numbers.words: no word for {value}; every number is built from these")


def check_commands(file: Path, commands: Commands, reader: Reader) -> None:
    """Every intent can be reached, and no phrase means two things. `reader` knows the red flags."""
    for intent in sorted(INTENTS - {"mistake"} - set(commands.commands)):
        raise PackError(f"{file}: commands.{intent}: missing; nobody could say it")
    for intent in sorted(set(commands.commands) - (INTENTS - {"mistake"})):
        raise PackError(f"{file}: commands.{intent}: unknown command; known are {', '.join(sorted(INTENTS))}")
    owner = dict.fromkeys(commands.decoys.phrases, "decoys")
    for key, phrases in (("decoys", commands.decoys.phrases), ("fillers", commands.fillers.phrases)):
        for phrase in phrases:
            if phrase != normal(phrase) or not phrase:
                raise PackError(f"{file}: {key}.phrases: write {phrase!r} as it is heard: {normal(phrase)!r}")
    for intent, command in commands.commands.items():
        key = f"commands.{intent}"
        if not command.phrases:
            raise PackError(f"{file}: {key}.phrases: empty; nobody could say it")
        if command.unless and command.trust != "urgent":
            raise PackError(f'{file}: {key}.unless: only a command with trust = "urgent" may have it')
        for phrase in (*command.phrases, *command.unless):
            if phrase != normal(phrase) or not phrase:
                raise PackError(
                    f"{file}: {key}: write {phrase!r} in small letters, without punctuation: {normal(phrase)!r}"
                )
        for phrase in command.phrases:
            if phrase in owner:
                raise PackError(
                    f"{file}: {key}.phrases: {phrase!r} cannot be reached, {owner[phrase]} has it already"
                )
            owner[phrase] = key
    for filler in commands.fillers.phrases:
        if filler in owner:
            raise PackError(f"{file}: fillers.phrases: {filler!r} is a phrase of {owner[filler]}")
    for written, meant in commands.homophones.items():
        if written in owner and owner[written] != "decoys":
            raise PackError(f"{file}: homophones.{written}: {owner[written]} has this phrase already")
        if owner.get(meant, "decoys") == "decoys":
            raise PackError(f"{file}: homophones.{written}: {meant!r} is no phrase of any command")
    _check_shadows(file, commands)
    for intent, command in commands.commands.items():
        for phrase in command.phrases:
            if is_live(phrase, reader) != (intent == "pain"):
                how = "does not read as a report of pain" if intent == "pain" else "reads as a report of pain"
                raise PackError(f"{file}: commands.{intent}.phrases: {phrase!r} {how}; see red_flags.toml")


def _check_shadows(file: Path, commands: Commands) -> None:
    """An urgent phrase counts anywhere in what is said, so a longer phrase that holds it is never reached."""
    for intent, command in commands.commands.items():
        higher = URGENT[: URGENT.index(intent)] if intent in URGENT else URGENT
        if (command.trust == "urgent") != (intent in URGENT):
            raise PackError(f"{file}: commands.{intent}.trust: exactly {', '.join(URGENT)} are urgent")
        for phrase in command.phrases:
            for owner in higher:
                if owner == "pain":
                    continue  # whether words report pain is for red_flags.toml to say
                other = commands.commands[owner]
                for inner in other.phrases:
                    if contains(phrase, inner) and not any(contains(phrase, excuse) for excuse in other.unless):
                        raise PackError(
                            f"{file}: commands.{intent}.phrases: {phrase!r} cannot be reached, it holds "
                            f"{inner!r} of commands.{owner}; add it to commands.{owner}.unless"
                        )


def check_red_flags(file: Path, table: RedFlags, reader: Reader, commands: Commands) -> None:
    """A table that holds together, whose rows are reached by their own phrases, said in declared words."""
    for key, what in wrong(table):
        raise PackError(f"{file}: {key}: {what}")
    for phrase in table.written():
        if phrase != normal(phrase) or not phrase:
            raise PackError(f"{file}: write {phrase!r} as it is heard: {normal(phrase)!r}")
    for row in table.rows:
        for phrase in row.phrases:
            report = added(Report(), phrase, reader.read(phrase), table, before=row.only_before)
            reached = decide(report, table).row
            if reached is None or reached.id != row.id:
                other = f"row {reached.id}" if reached else "no row"
                raise PackError(f"{file}: rows.{row.id}.phrases: {phrase!r} reaches {other}; mend `when` or `signs`")
    _check_declared(file, "says_commands", table.spoken(), table.says_commands, commands.commands)


def check_lines(file: Path, lines: dict[str, Line], commands: Commands) -> None:
    """Exactly the lines that the session says, with its slots; commands in them declared; nothing unsafe."""
    for name in sorted(set(LINES) - set(lines)):
        raise PackError(f"{file}: {name}: missing; the session says this line")
    for name, line in lines.items():
        if name not in LINES:
            raise PackError(f"{file}: {name}: unused; the session never says it")
        found = slots(line.text)
        if found is None:
            raise PackError(f"{file}: {name}.text: unbalanced braces, or more than a name in them")
        if not normal(line.text).strip():
            raise PackError(f"{file}: {name}.text: empty; write what is to be said")
        if found != LINES[name]:
            want = ", ".join(sorted(LINES[name])) or "none"
            raise PackError(
                f"{file}: {name}.text: slots must be: {want}; found: {', '.join(sorted(found)) or 'none'}"
            )
        _check_declared(file, f"{name}.says_commands", [line.text], line.says_commands, commands.commands)


def check_exercise(file: Path, exercise: Exercise, language: Pack) -> None:
    """Doses in order, every topic there, a tempo that can be counted, commands in the texts declared."""
    if file.stem != exercise.id:
        raise PackError(f"{file}: id: must be the file's name, {file.stem!r}")
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
    ids = [variation.id for variation in exercise.variations]
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
    if any(not normal(text) for text in spoken_texts(exercise)):
        raise PackError(f"{file}: one of its texts is empty; everything in it is spoken")
    for n, stretch in enumerate(exercise.cooldown.items):
        if not 0 < stretch.seconds <= MOST_STRETCH_SECONDS:
            raise PackError(f"{file}: cooldown.items[{n}].seconds: must be 1 to {MOST_STRETCH_SECONDS}")
    percents = [item.at_percent for item in exercise.warmup.items]
    if percents[0] != 0 or percents != sorted(set(percents)) or percents[-1] >= 100:
        raise PackError(f"{file}: warmup.items: at_percent must start at 0, grow, and stay below 100")
    _check_mistakes(file, exercise, language)
    _check_declared(file, "says_commands", spoken_texts(exercise), exercise.says_commands, language.commands)


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


def _check_declared(
    file: Path, key: str, texts: Iterable[str], declared: Iterable[str], commands: Mapping[str, Command]
) -> None:
    """A spoken text may hold a command only knowingly: heard back from the speaker, it is our own voice."""
    words = [normal(re.sub(r"\{\w+\}", " | ", text)) for text in texts]
    phrases = {p for command in commands.values() for p in command.phrases}
    found = {phrase for phrase in phrases if any(contains(text, phrase) for text in words)}
    # A longer phrase declares the shorter ones inside it.
    for phrase in sorted(found - set(declared)):
        if not any(contains(longer, phrase) for longer in declared if longer in found):
            raise PackError(f"{file}: {key}: a text says the live command {phrase!r}; declare it here or reword")
    for phrase in sorted(set(declared) - found):
        raise PackError(f"{file}: {key}: declares {phrase!r}, but no text says that command")


def slots(text: str) -> set[str] | None:
    """The {slots} of a text; None when its braces do not match or hold more than a name."""
    try:
        parts = [part[1:] for part in string.Formatter().parse(text) if part[1] is not None]
    except ValueError:
        return None
    if any(spec or conversion or not name.isidentifier() for name, spec, conversion in parts):
        return None
    return {name for name, _, _ in parts}


def normal(text: str) -> str:
    """Text as a recogniser writes it: small letters, words and apostrophes only."""
    return " ".join(re.findall(r"[a-z0-9']+|\|", text.lower().replace("’", "'")))


def contains(text: str, phrase: str) -> bool:
    """Whether a phrase stands in a text, as whole words."""
    return f" {phrase} " in f" {text} "
