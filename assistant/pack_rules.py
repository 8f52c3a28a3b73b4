"""The rules of a pack that go beyond types. Each raises PackError naming file and key."""

import re
import string
from collections.abc import Iterable, Mapping
from pathlib import Path

from assistant.errors import PackError
from assistant.pack import Command, Commands, Line, Voice
from assistant.reading import Reader
from assistant.red_flag_rules import wrong
from assistant.red_flags import RedFlags
from assistant.session.intents import INTENTS, URGENT
from assistant.session.lines import LINES
from assistant.triage import Report, added, decide, is_live
from assistant.words import WORD

SLOWEST_RATE, FASTEST_RATE = 80, 450
"""Words a minute that eSpeak NG can speak."""

_WORDS_AND_SLOTS = re.compile(rf"{WORD}|\|")


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
    for cry in table.cries:
        if not any(cry in phrase.split() for phrase in commands.commands["help"].phrases):
            raise PackError(f"{file}: cries: {cry!r} is no word of commands.help; nobody would be heard by it")
    if not table.cries:
        raise PackError(f"{file}: cries: empty; a call for help must be told from a question")
    for row in table.rows:
        for phrase in row.phrases:
            report = added(Report(), phrase, reader.read(phrase), table, before=row.only_before)
            reached = decide(report, table).row
            if reached is None or reached.id != row.id:
                other = f"row {reached.id}" if reached else "no row"
                raise PackError(f"{file}: rows.{row.id}.phrases: {phrase!r} reaches {other}; mend `when` or `signs`")
    check_declared(file, "says_commands", table.spoken(), table.says_commands, commands.commands)


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
        check_declared(file, f"{name}.says_commands", [line.text], line.says_commands, commands.commands)


def check_declared(
    file: Path, key: str, texts: Iterable[str], declared: Iterable[str], commands: Mapping[str, Command]
) -> None:
    """A spoken text may hold a command only knowingly: heard back from the speaker, it is our own voice."""
    texts = list(texts)
    words = [_spoken(text) for text in texts]
    phrases = {p for command in commands.values() for p in command.phrases}
    found = {phrase for phrase in phrases if any(contains(text, phrase) for text in words)}
    # A longer phrase declares the shorter ones inside it.
    for phrase in sorted(found - set(declared)):
        if not any(contains(longer, phrase) for longer in declared if longer in found):
            text = next(said for said in texts if contains(_spoken(said), phrase))
            raise PackError(
                f"{file}: {key}: a text says the live command {phrase!r}; declare it here or reword: {text[:80]!r}"
            )
    for phrase in sorted(set(declared) - found):
        raise PackError(f"{file}: {key}: declares {phrase!r}, but no text says that command")


def _spoken(text: str) -> str:
    return normal(re.sub(r"\{\w+\}", " | ", text))


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
    """Text as a recogniser writes it: small letters, words and apostrophes only; and "|", for a slot."""
    return " ".join(_WORDS_AND_SLOTS.findall(text.lower().replace("’", "'")))


def contains(text: str, phrase: str) -> bool:
    """Whether a phrase stands in a text, as whole words."""
    return f" {phrase} " in f" {text} "
