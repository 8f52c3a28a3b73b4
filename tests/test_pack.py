"""The pack that ships is right, and whatever is wrong with a pack is told with its file and its key."""

import json
import os
import re
import shutil
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import cli, ear, recogniser, validation
from assistant.errors import AssistantError, ModelError, PackError
from assistant.interpret import Interpreter
from assistant.keyboard import heard
from assistant.mouth import Mouth
from assistant.pack import Pack, load
from assistant.pack_rules import normal
from assistant.parts import Parts, find_exercise
from assistant.session.intents import INTENTS
from assistant.session.lines import LINES

FLAGS = "red_flags.toml"
VOICE, SPOKEN, COMMANDS = "voice.toml", "lines.toml", "commands.toml"
EXERCISE = "exercises/single-leg-hip-thrust.toml"
GONE = object()
"""As a new value: takes the key away."""


@pytest.fixture
def folder(pack: Pack, tmp_path: Path) -> Path:
    """A copy to break."""
    return shutil.copytree(pack.folder, tmp_path / "en", ignore=shutil.ignore_patterns("model"))


def toml(value: object) -> str:
    """A value as TOML."""
    match value:
        case dict():
            return "{" + ", ".join(f"{json.dumps(key)} = {toml(inner)}" for key, inner in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def change(file: Path, key: str, value: object) -> None:
    """Sets one key, written as in "steps/0/name"; a function is given the old value."""
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    *way, last = (int(part) if part.isdigit() else part for part in key.split("/"))
    table = data
    for part in way:
        table = table[part]
    if value is GONE:
        del table[last]
    else:
        table[last] = value(table[last]) if isinstance(value, Callable) else value
    file.write_text("".join(f"{json.dumps(k)} = {toml(v)}\n" for k, v in data.items()), encoding="utf-8")


def plus(*more: object) -> Callable[[list], list]:
    return lambda old: [*old, *more]


def without(gone: object) -> Callable[[list], list]:
    return lambda old: [item for item in old if item != gone]


def complaint(folder: Path) -> str:
    with pytest.raises(PackError) as caught:
        load(folder)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# ---- the pack that ships


def test_the_shipped_pack_is_whole(pack):
    assert set(pack.lines) == set(LINES)
    assert set(pack.commands) == INTENTS - {"mistake"}  # its words belong to each exercise
    assert "single-leg-hip-thrust" in pack.exercises


def test_writing_a_pack_anew_changes_nothing(folder, pack):
    for file in (VOICE, SPOKEN, COMMANDS, FLAGS, EXERCISE):
        change(folder / file, "nothing", 0)
        change(folder / file, "nothing", GONE)
    again = load(folder)
    assert (again.voice, again.lines) == (pack.voice, pack.lines)
    assert (again.commands, again.exercises) == (pack.commands, pack.exercises)
    assert again.red_flags == pack.red_flags


def test_the_shipped_model_knows_every_word_that_may_be_heard(pack):
    assert recogniser.lacking(pack.folder / "model", ear.grammar(pack)) == []


def test_a_word_that_the_model_lacks_is_named(pack):
    with pytest.raises(ModelError, match=r"en/model: .*does not know: flibberty, gibbet;"):
        recogniser.Recogniser(pack.folder / "model", ["pause", "flibberty gibbet", "stop gibbet"])


def test_what_is_no_model_is_named(tmp_path):
    with pytest.raises(ModelError, match="nowhere: not a speech model"):
        recogniser.Recogniser(tmp_path / "nowhere", ["pause"])


@pytest.mark.parametrize(
    ("line", "slots", "text"),
    [
        ("number", {"number": 12}, "Twelve"),
        ("confirm_load", {"kg": 1}, "One kilo. Is that right? Yes or no?"),
        (
            "set_intro",
            {"set": 1, "sets": 3, "side": "left", "reps": 2, "load": "1 kg"},
            "Set one of three. Your left leg works. Two reps, one kilo.",
        ),
        ("load_range", {"limit": 42.5}, "I can count up to forty two point five kilos. Say the kilos once more."),
        ("warmup", {"minutes": 1}, "Now one minute of warm up. Go easy, and breathe."),
        ("warmup", {"minutes": 2}, "Now two minutes of warm up. Go easy, and breathe."),
        (
            "set_intro",
            {"set": 1, "sets": 3, "side": "left", "reps": 1, "load": "10 kg"},
            "Set one of three. Your left leg works. One rep, ten kilos.",
        ),
        ("set_go", {"side": "right"}, "Right leg. Here we count."),
    ],
)
def test_slots_become_words(pack, line, slots, text):
    assert pack.text(line, slots).lower() == text.lower()
    assert pack.text(line, slots)[0].isupper()


@pytest.mark.parametrize("written", ["A dumbbell of 10 kg", "10 kg", "kg", "112", "left_leg"])
def test_what_somebody_has_written_is_said_as_it_is(pack, written):
    assert pack.text("ask_equipment", {"text": written}) == f"You need: {written} Is everything there?"


# ---- a pack that is wrong


def test_a_language_may_have_letters_of_its_own(folder):
    change(folder / COMMANDS, "commands/back/phrases", plus("zurück", "шаг назад"))
    change(folder / EXERCISE, "mistakes/0/phrases", plus("ich hüpfe"))
    change(folder / SPOKEN, "bye/text", "Пока")
    other = load(folder)
    interpreter = Interpreter(other)
    for says in ("Zurück!", "Шаг назад."):
        assert [event.intent for event in heard(interpreter, says, 0, pytest.fail)] == ["back"]
    assert other.exercises["single-leg-hip-thrust"].mistake_named("Ich hüpfe schon wieder.") == 0
    assert normal("L’été, {n} | rock'n'roll 'n' _x_") == "l'été n | rock'n'roll n x"


@pytest.mark.parametrize("what", ["fetch", "build"])
def test_a_model_of_another_language_is_put_into_its_folder(folder, monkeypatch, what):
    change(folder / VOICE, "locale", "de-AT")
    change(folder / VOICE, "language", "Deutsch")
    monkeypatch.setattr("assistant.parts.voices_folder", lambda: folder.parent)
    with pytest.raises(ModelError) as caught:
        cli.run(["model", what])
    assert str(caught.value).endswith(f"for Deutsch put a Vosk model into {folder / 'model'}")
    with pytest.raises(ModelError, match=r"no such folder\)\. Put a Vosk model into"):
        cli.run(["validate", str(folder)])


@pytest.mark.parametrize(
    ("file", "key", "value", "expected"),
    [
        # Types and keys.
        (VOICE, "volume", 3, "unknown field `volume`"),
        (VOICE, "rate", GONE, "missing required field `rate`"),
        (VOICE, "rate", "fast", "rate: expected `int`, got `str`"),
        (
            EXERCISE,
            "steps/2/picture",
            "x.png",
            "steps[2]: object contains unknown field `picture`; known are: name, text, why",
        ),
        (EXERCISE, "steps", {"name": "Sit"}, "steps: expected `array`, got `object`; write its header in double"),
        (EXERCISE, "cooldown/items/1/seconds", GONE, "cooldown.items[1]: object missing required field `seconds`"),
        (EXERCISE, "programming/reps/low", "8", "programming.reps.low: expected `int`, got `str`"),
        (EXERCISE, "cues/0/phase", "up", "cues[0].phase: invalid enum value 'up'; write one of: lift, lower"),
        (EXERCISE, "cues/0/phase", 3, "cues[0].phase: expected `str`, got `int`; write one of: lift, lower"),
        (EXERCISE, "checklist/1/topic", "weather", "checklist[1].topic: invalid enum value 'weather'"),
        (SPOKEN, "bye/loud", True, "bye"),
        (SPOKEN, "bye/text", GONE, "bye"),
        (SPOKEN, "bye/safety", "very", "bye.safety"),
        (
            COMMANDS,
            "commands/why/trust",
            "blind",
            "commands.why.trust: invalid enum value 'blind'; write one of",
        ),
        (SPOKEN, "bye/says_commands", ["no", 3], "bye.says_commands[1]: expected `str`, got `int`"),
        # The voice.
        (VOICE, "words/no_weight", GONE, "words.no_weight: missing"),
        (VOICE, "words/kilos", "kilos", "words.kilos: must hold the slot {n} and no other"),
        (VOICE, "words/kilos", "{n} {unit}", "words.kilos: must hold the slot {n} and no other"),
        (VOICE, "first_exercise", "squat", "first_exercise: there is no exercise 'squat'; there are: single-leg-hip"),
        (VOICE, "numbers/words/seventy", GONE, "numbers.words: no word for 70"),
        # The lines.
        (SPOKEN, "bye", GONE, "bye: missing"),
        (SPOKEN, "joke", {"text": "Ha ha."}, "joke: unused"),
        (SPOKEN, "where_set/text", "Set {set}, {side}.", "where_set.text: slots must be: set, sets, side; found: "),
        (SPOKEN, "bye/text", "Bye, {name}.", "bye.text: slots must be: none; found: name"),
        (SPOKEN, "set_go/text", "{side leg.", "set_go.text: unbalanced braces"),
        (SPOKEN, "set_go/text", "side} leg.", "set_go.text: unbalanced braces"),
        (SPOKEN, "bye/text", "Now stop.", "bye.says_commands: a text says the live command 'stop'"),
        (SPOKEN, "bye/text", "I’m Ready!", 'bye.says_commands: a text says the live command "i\'m ready"'),
        (SPOKEN, "bye/says_commands", ["pause"], "bye.says_commands: declares 'pause', but no text says"),
        # The commands.
        (COMMANDS, "commands/why", GONE, "commands.why: missing"),
        (COMMANDS, "commands/sing", {"trust": "final", "phrases": ["sing"]}, "commands.sing: unknown command"),
        (COMMANDS, "commands/why/phrases", [], "commands.why.phrases: empty"),
        (COMMANDS, "commands/why/phrases", ["Why"], "commands.why: write 'Why' in small letters"),
        (COMMANDS, "commands/why/phrases", ["why?"], "commands.why: write 'why?' in small letters"),
        (COMMANDS, "commands/why/phrases", [""], "commands.why: write ''"),
        (COMMANDS, "commands/stop/unless", ["Don't stop"], 'commands.stop: write "Don\'t stop" in small'),
        (COMMANDS, "commands/why/unless", ["why not"], "commands.why.unless: only a command with trust"),
        (
            COMMANDS,
            "commands/why/trust",
            "urgent",
            "commands.why.trust: exactly pain, stop, help, too_much are urgent",
        ),
        (COMMANDS, "commands/stop/trust", "partial", "commands.stop."),
        (
            COMMANDS,
            "commands/why/phrases",
            ["louder"],
            "commands.louder.phrases: 'louder' cannot be reached, commands.why has it",
        ),
        (COMMANDS, "commands/why/phrases", plus("why"), "commands.why.phrases: 'why' cannot be reached"),
        (COMMANDS, "decoys/phrases", plus("why"), "'why' cannot be reached, decoys has it"),
        (
            COMMANDS,
            "commands/why/phrases",
            ["why stop now"],
            "commands.why.phrases: 'why stop now' cannot be reached, it holds",
        ),
        (COMMANDS, "commands/stop/phrases", plus("stop the pain"), "'stop the pain' reads as a report of pain"),
        (COMMANDS, "commands/pain/phrases", plus("my shoe hums"), "'my shoe hums' does not read as a report of"),
        # The red flags.
        (FLAGS, "rows/0/level", "mild", "rows[0].level: invalid enum value 'mild'"),
        (FLAGS, "rows/3/level", "stop", "rows.face_arm_speech.level: emergency is worse than the row before it"),
        (FLAGS, "rows/1/id", "trapped", "rows.trapped: two rows have this id"),
        (FLAGS, "rows/1/sources", [], "rows.chest.sources: every row names its sources"),
        (FLAGS, "rows/1/sources", ["my aunt"], "rows.chest.sources: every row names its sources"),
        (FLAGS, "rows/1/phrases", ["chest pain"], "rows.chest.phrases: write at least five ways to say it"),
        (FLAGS, "rows/1/phrases", plus("my knee is swollen"), "'my knee is swollen' reaches row swollen_joint"),
        (FLAGS, "rows/1/phrases", plus("nice weather"), "rows.chest.phrases: 'nice weather' reaches no row"),
        (FLAGS, "rows/1/say", [], "rows.chest.say: empty"),
        (FLAGS, "rows/1/say", ["Stop.", " "], "rows.chest.say: empty"),
        (FLAGS, "rows/1/why", "", "rows.chest.why: empty"),
        (FLAGS, "questions/0/text", " ", ".text: empty; nobody would hear the question"),
        (FLAGS, "rows/1/say", ["Pardon?"], "says_commands: a text says the live command 'pardon'"),
        (FLAGS, "rows/1/when", plus("chset + hurt"), "rows.chest.when: 'chset' is no word family"),
        (FLAGS, "rows/1/unless", plus("chset"), "rows.chest.when: 'chset' is no word family"),
        (FLAGS, "questions/0/when", ["hurtt"], "questions.where.when: 'hurtt' is no word family"),
        (FLAGS, "questions/0/about", ["plaice"], "questions.where.about: 'plaice' is no word family"),
        (FLAGS, "questions/2/yes", "back_sign", "questions.back.yes: 'back_sign' is no word family"),
        (FLAGS, "questions/1/id", "where", "questions.where: two questions have this id"),
        (FLAGS, "signs/knee", ["kneeling"], "places.knee: two groups have a family of this name"),
        (FLAGS, "sides/both", GONE, "sides.both: missing"),
        (FLAGS, "signs/other_one", GONE, "other_one: a word family that is missing; the program knows it by this"),
        (FLAGS, "rows/3/id", "breathless", "rows.breath: missing; the program knows it by this name"),
        (FLAGS, "cries", [], "cries: empty"),
        (FLAGS, "cries", ["hilfe"], "cries: 'hilfe' is no word of commands.help"),
        (FLAGS, "score/low_to", 6, "score: must be 0 <= low_to < middle_to < 10"),
        (FLAGS, "signs/hurt", plus("Ouch!"), "write 'Ouch!' as it is heard: 'ouch'"),
        (FLAGS, "emergency_numbers/one", ["one"], "emergency_numbers.one: must be digits"),
        (FLAGS, "rows/0/sauce", "x", "object contains unknown field `sauce`"),
        (COMMANDS, "homophones/yes", "no", "homophones.yes: commands.yes has this phrase already"),
        (COMMANDS, "homophones/gnome", "nome", "homophones.gnome: 'nome' is no phrase of any command"),
        # The exercise.
        (EXERCISE, "id", "hip-thrust", "id: must be the file's name, 'single-leg-hip-thrust'"),
        (EXERCISE, "checklist/0/topic", "space", "checklist: needs exactly one entry with topic = 'screen'"),
        (EXERCISE, "checklist", lambda old: old[:-1], "checklist: needs exactly one entry with topic = 'space'"),
        (
            EXERCISE,
            "checklist",
            lambda old: [*old, old[0]],
            "checklist: needs exactly one entry with topic = 'screen'",
        ),
        (EXERCISE, "programming/reps/low", 11, "programming.reps: must be 0 < low <= default <= high"),
        (EXERCISE, "programming/sets/high", 2, "programming.sets: must be 0 < low <= default <= high"),
        (EXERCISE, "programming/rest_seconds/low", 0, "programming.rest_seconds: must be 0 < low"),
        (EXERCISE, "programming/warmup_minutes/default", 11, "programming.warmup_minutes: must be"),
        (EXERCISE, "programming/reps/high", 31, "programming.reps: must be 0 < low <= default <= high <= 30"),
        (EXERCISE, "programming/sets/high", 11, "programming.sets: must be 0 < low <= default <= high <= 10"),
        (EXERCISE, "programming/rest_seconds/high", 601, "programming.rest_seconds: must be 0 < low <= default <="),
        (EXERCISE, "programming/warmup_minutes/high", 31, "programming.warmup_minutes: must be 0 < low <= default"),
        (EXERCISE, "programming/recovery_hours", [48, 72000], "recovery_hours: must be [from, to], both 1 to 168"),
        (EXERCISE, "programming/recovery_hours", [48, 10**30], "recovery_hours: must be [from, to], both 1 to 168"),
        (
            EXERCISE,
            "programming/days_a_week/beginner",
            [8, 8],
            "beginner: must be [from, to], both 1 to 7",
        ),
        (EXERCISE, "programming/days_a_week/experienced", [3, 8], "programming.days_a_week.experienced: must be"),
        (EXERCISE, "programming/progress_percent_a_week", 100, "progress_percent_a_week: must be 1 to 10"),
        (EXERCISE, "cooldown/items/1/seconds", 20_000, "cooldown.items[1].seconds: must be 1 to 300"),
        (EXERCISE, "programming/tempo", "2-1-3", "programming.tempo: tempo '2-1-3': write four whole numbers"),
        (EXERCISE, "variations/2/tempo", "2-1-30-0", "variations.isometric.tempo: tempo '2-1-30-0'"),
        (EXERCISE, "steps", [], "steps: empty"),
        (EXERCISE, "steps/0/text", "Push up {reps} times.", "steps[0].text: holds braces or control characters"),
        (EXERCISE, "cues/0/text", "Now\x1b[31m lift.", "cues[0].text: holds braces or control characters"),
        (EXERCISE, "variations/0/id", "Two Legs", "variations.Two Legs.id: 'Two Legs': write small letters"),
        (EXERCISE, "cooldown/items", [], "cooldown, warmup and take_home each need at least one entry"),
        (EXERCISE, "warmup/items/0/at_percent", 1, "warmup.items: at_percent must start at 0, grow"),
        (EXERCISE, "warmup/items/1/at_percent", 90, "warmup.items: at_percent must start at 0, grow"),
        (EXERCISE, "steps/0/why", "Or we pardon you.", "says_commands: a text says the live command 'pardon'"),
        (EXERCISE, "safety/let_go", GONE, "safety: object missing required field `let_go`"),
        (EXERCISE, "safety/let_go", "Pardon.", "says_commands: a text says the live command 'pardon'"),
        (EXERCISE, "says_commands", plus("pardon"), "says_commands: declares 'pardon', but no text"),
        (EXERCISE, "mistakes/0/phrases", plus("I arch!"), "mistakes[0].phrases: write 'I arch!' as it is heard"),
        (
            EXERCISE,
            "mistakes/0/phrases",
            plus("my knee"),
            "mistakes[0].phrases: 'my knee' would hide 'my knee', which",
        ),
        (EXERCISE, "mistakes/0/phrases", plus("left knee"), "'left knee' would hide 'my left knee', which reports"),
        (EXERCISE, "mistakes/0/phrases", plus("my knee hurts"), "'my knee hurts' reads as a report of pain"),
        (EXERCISE, "mistakes/0/phrases", plus("slower"), "'slower' cannot be reached, commands.slower has it"),
        (EXERCISE, "mistakes/0/phrases", plus("i stop at the top"), "cannot be reached, commands.stop has it"),
        (EXERCISE, "mistakes/0/phrases", plus("know"), "'know' cannot be reached, commands.no has it already"),
        (EXERCISE, "mistakes/0/phrases", plus("ten"), "mistakes[0].phrases: 'ten' is a number"),
        (EXERCISE, "mistakes/0/phrases", plus("please"), "mistakes[0].phrases: 'please' is a filler"),
        (EXERCISE, "mistakes/0/phrases", plus("music"), "'music' would be heard in 'music', which is a decoy"),
        (EXERCISE, "mistakes/0/phrases", plus("what time"), "would be heard in 'what time is it', which is a decoy"),
        (
            EXERCISE,
            "mistakes/1/phrases",
            plus("i'm arching"),
            "cannot be reached, mistakes[0].phrases has it already",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_file_and_key(folder, file, key, value, expected):
    change(folder / file, key, value)
    told = complaint(folder)
    assert told.startswith(f"{folder / file}: ")
    assert expected in told


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"text = ", "not valid TOML: "),
        (b"[bye]\ntext = 'a'\n[bye]\ntext = 'b'", "not valid TOML: "),
        (b"n = " + b"9" * 5000, "not valid TOML: "),
        (b"n = " + b"[" * 5000, "not valid TOML: "),
        ("name = 'Übung'".encode("latin-1"), "not UTF-8 text; save it as UTF-8"),
        (None, "the file is missing"),
    ],
)
@pytest.mark.parametrize("file", [VOICE, SPOKEN, COMMANDS])
def test_a_file_that_cannot_be_read_is_named(folder, file, content, expected):
    (folder / file).unlink()
    if content is not None:
        (folder / file).write_bytes(content)
    assert complaint(folder).startswith(f"{folder / file}: {expected}")


def test_a_byte_order_mark_before_the_first_key_is_no_part_of_it(folder, parts: Parts):
    for file in (folder / VOICE, folder / EXERCISE, folder / "rehearsal.toml"):
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert load(folder).exercises
    for name in (EXERCISE, "rehearsal.toml"):
        [told, *_] = validation.check(folder / name, parts)
        assert ": ok: " in told


def test_a_folder_in_the_place_of_a_file_is_named(folder):
    (folder / SPOKEN).unlink()
    (folder / SPOKEN).mkdir()
    assert complaint(folder).startswith(f"{folder / SPOKEN}: cannot be read (Is a directory)")


def test_a_pack_that_is_not_there_is_named(tmp_path):
    assert complaint(tmp_path / "xx").startswith(f"{tmp_path / 'xx'}: there is no such pack")


def test_a_pack_needs_an_exercise(folder):
    (folder / EXERCISE).unlink()
    assert complaint(folder).startswith(f"{folder / 'exercises'}: no exercise found")


def test_a_new_exercise_is_not_trained_unless_it_is_named(folder):
    file = shutil.copy(folder / EXERCISE, folder / "exercises" / "arm-raise.toml")
    change(file, "id", "arm-raise")
    assert find_exercise(load(folder), None).id == "single-leg-hip-thrust"
    assert find_exercise(load(folder), "arm").id == "arm-raise"
    with pytest.raises(AssistantError, match="'r' fits more than one exercise: arm-raise, single-leg-hip-thrust"):
        find_exercise(load(folder), "r")


@pytest.fixture
def broken(folder: Path, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A second exercise, which is wrong, in the pack that the program uses."""
    file = shutil.copy(folder / EXERCISE, folder / "exercises" / "calf-raise.toml")
    change(file, "id", "calf-raise")
    change(file, "steps/0/why", GONE)
    (folder / "model").symlink_to(parts.pack.folder / "model")
    monkeypatch.setattr("assistant.parts.voices_folder", lambda: folder.parent)
    return file


WRONG = "steps[0]: object missing required field `why`"


@pytest.mark.parametrize("command", [["exercises"], ["exercises", "thrust"], ["model"]], ids=" ".join)
def test_an_exercise_that_is_wrong_is_left_out_with_one_line(broken, capsys, command):
    assert cli.run(command) == 0
    told = capsys.readouterr()
    assert told.err == f"{broken}: {WRONG}; this exercise is left out\n"
    assert "calf" not in told.out


@pytest.mark.parametrize("command", [["exercises", "calf-raise"], ["run", "calf"], ["report", "calf"]], ids=" ".join)
def test_an_exercise_that_is_asked_for_says_what_is_wrong_with_it(broken, capsys, command):
    with pytest.raises(PackError) as caught:
        cli.run(command)
    assert str(caught.value) == f"{broken}: {WRONG}"
    assert capsys.readouterr().err == ""


def test_without_an_exercise_that_is_right_there_is_none_to_train(folder, broken):
    change(folder / EXERCISE, "steps", [])
    with pytest.raises(PackError, match=r"calf-raise\.toml: steps"):
        cli.run(["exercises"])


def test_the_check_of_a_pack_leaves_nothing_out_and_that_of_a_file_looks_at_no_other(folder, broken, capsys):
    with pytest.raises(PackError, match=r"calf-raise\.toml: steps"):
        cli.run(["validate", str(folder)])
    assert cli.run(["validate", str(folder / EXERCISE)]) == 0
    assert capsys.readouterr().err == ""


def test_what_is_no_file_of_an_exercise_is_passed_over(folder):
    exercises = folder / "exercises"
    (exercises / ".#calf-raise.toml").symlink_to("somebody@here.4711:1764230000")  # an editor's lock
    (exercises / "._calf-raise.toml").write_bytes(b"\0\5\x16\7")  # what macOS leaves on a stick
    (exercises / "old.toml").mkdir()
    os.mkfifo(exercises / "pipe.toml")
    assert set(load(folder).exercises) == {"single-leg-hip-thrust"}


def test_a_second_exercise_has_its_own_name(folder):
    shutil.copy(folder / EXERCISE, folder / "exercises" / "step-up.toml")
    assert complaint(folder).startswith(f"{folder / 'exercises' / 'step-up.toml'}: id: must be the file's name")
    change(folder / "exercises" / "step-up.toml", "id", "step-up")
    assert set(load(folder).exercises) == {"single-leg-hip-thrust", "step-up"}


def with_step_up(folder: Path) -> Path:
    """A second exercise, whose lifters name mistakes in words of their own; one of them no speech model knows."""
    file = shutil.copy(folder / EXERCISE, folder / "exercises" / "step-up.toml")
    change(file, "id", "step-up")
    for n in range(5):
        change(file, f"mistakes/{n}/phrases", [])
    change(file, "mistakes/2/phrases", ["i'm pushing off", "my knee flibbers"])
    return file


def test_what_names_a_mistake_counts_in_its_own_exercise_alone(folder, parts: Parts):
    with_step_up(folder)
    both = replace(load(folder), folder=parts.pack.folder)
    whole = replace(parts, pack=both, interpreter=Interpreter(both))
    thrust, step_up = (whole.training(both.exercises[id]) for id in ("single-leg-hip-thrust", "step-up"))
    for trained, own, other in ((thrust, "i look up", "i'm pushing off"), (step_up, "i'm pushing off", "i look up")):
        assert trained.interpreter.meaning(own).intent == "mistake"
        assert trained.interpreter.meaning(other) is None
    assert thrust.choose_model().kind == "shipped"
    assert thrust.ear(Mouth())
    assert whole.ear(Mouth())  # `assistant listen`, which is for no exercise
    with pytest.raises(ModelError, match="lacks flibbers"):
        step_up.ear(Mouth())


def test_a_word_that_the_model_lacks_is_told_with_the_exercise_and_key(folder, parts: Parts):
    file = with_step_up(folder)
    for path in (file, folder):
        with pytest.raises(PackError) as caught:
            list(validation.check(path, parts))
        assert str(caught.value).startswith(f"{file}: mistakes[2].phrases: the speech model does not know flibbers;")


@pytest.mark.parametrize(
    ("file", "key", "value", "expected"),
    [
        (EXERCISE, "variations/1/id", "band", "variations"),
        (EXERCISE, "programming/recovery_hours", [72, 48], "programming.recovery_hours"),
        (EXERCISE, "cooldown/items/0/seconds", -30, "cooldown"),
        (EXERCISE, "programming/progress_percent_a_week", -10, "programming.progress_percent_a_week"),
        (EXERCISE, "safety/let_go", " ", "safety.let_go: empty"),
        (EXERCISE, "cues/0/text", "...", "cues[0].text: empty; write what is to be said"),
        (EXERCISE, "cues/1/why", "💪", "cues[1].why: empty"),
        (EXERCISE, "summary", "", "summary: empty"),
        (EXERCISE, "benefits", plus(""), "benefits[3]: empty"),
        (EXERCISE, "source/title", "", "source.title: empty"),
        (EXERCISE, "programming/advice", [""], "programming.advice[0]: empty"),
        (EXERCISE, "steps/0/text", "Lift. " * 15_000, "steps[0].text: 90000 letters long; write at most 1000"),
        (EXERCISE, "safety/seek_advice", [], "safety.seek_advice: empty"),
        (EXERCISE, "variations/0/id", "", "variations[0].id: empty"),
        (COMMANDS, "decoys/phrases", ["Top"], "decoys.phrases"),
        (COMMANDS, "fillers/phrases", ["please?"], "fillers.phrases"),
        (COMMANDS, "fillers/phrases", ["stop"], "fillers.phrases"),
        (EXERCISE, "programming/tempo", "2-²-3-0", "programming.tempo"),
        (COMMANDS, "homophones/know", "top", "homophones.know"),
        (SPOKEN, "set_go/text", "{side!x} leg.", "set_go.text"),
        (SPOKEN, "rest_left/text", "{seconds:q} of rest left.", "rest_left.text"),
        (SPOKEN, "bye/text", "", "bye.text"),
        (VOICE, "rate", 0, "rate"),
    ],
)
def test_what_cannot_be_said_or_done_is_told(folder, file, key, value, expected):
    change(folder / file, key, value)
    assert complaint(folder).startswith(f"{folder / file}: {expected}")


def hints(told: Iterable[str]) -> list[str]:
    return [line for line in told if line.startswith("hint: ")]


def test_a_cue_that_is_never_said_is_told(folder, parts: Parts):
    assert hints(validation.check(folder / EXERCISE, parts)) == []
    slow = "Push the whole of your weight through the very middle of your heel, all the way up."
    change(folder / EXERCISE, "mistakes/0/cue", slow)
    assert [slow in hint and "shorten it" in hint for hint in hints(validation.check(folder / EXERCISE, parts))] == [
        True
    ]
    change(folder / EXERCISE, "programming/tempo", "2-0-3-0")
    exercise = load(folder).exercises["single-leg-hip-thrust"]
    lifts = {cue.text for cue in exercise.cues if cue.phase == "lift"}
    told = hints(validation.check(folder / EXERCISE, parts))
    assert lifts
    for text in lifts:
        assert [f"hint: the cue {text!r} has no place in the lift at 2-0-3-0" in hint for hint in told].count(
            True
        ) == 1


def test_an_exercise_is_checked_by_the_words_of_its_own_pack(folder, parts: Parts):
    change(folder / COMMANDS, "commands/slower/phrases", ["slower", "i arch my back"])
    with pytest.raises(PackError, match="'i arch my back' cannot be reached"):
        list(validation.check(folder / EXERCISE, parts))


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("turns/0/when", {"state": "greting"}, "turn 1: when.state: no such state; known are "),
        ("turns/0/when", {"line": "helo"}, "turn 1: when: there is no line 'helo'"),
        ("turns/0/when", {"during": "helo"}, "turn 1: when: there is no line 'helo'"),
        ("turns/0/says", "", "turn 1: needs one of says, wav, unplug_seconds"),
        ("turns/0", {"when": {"seconds": 1}, "wav": "me.wav"}, "me.wav: the file is missing"),
        ("room", {"noise": "rain.wav"}, "rain.wav: the file is missing"),
        ("exercise", "arm-raise", "no exercise 'arm-raise'; there are: single-leg-hip-thrust"),
        ("plan", {"tempo": "banana"}, "tempo 'banana'"),
        ("plan", {"reps": 5000}, "1 to 30"),
        ("plan", {"first_side": "middle"}, "plan.first_side"),
        ("turns/0/when", {"rep": 2, "line": "greeting"}, "turn 1: when: rep and line are two moments"),
        ("turns/0/when", {"seconds": 2, "state": "set"}, "turn 1: when: seconds stands alone"),
        ("turns/0/when", {"seconds": 1e9}, "turn 1: when.seconds: 1e+09 is out of range"),
        ("turns/0/after_s", -1, "turn 1: after_s: -1 is out of range"),
        ("turns/0/rate", 7, "turn 1: rate: 7 is out of range; choose 80 to 450"),
        ("person/rate", -7, "person.rate: -7 is out of range"),
        ("room", {"seed": -1}, "room.seed: -1 is out of range"),
        ("room", {"delay_ms": -5.0}, "room.delay_ms: -5 is out of range"),
        ("room", {"echo_db": 1e9}, "room.echo_db: 1e+09 is out of range"),
        ("past", {"pains": [{"side": "middle"}]}, "past.pains[0].side"),
        ("past", {"pains": [{"level": "bad"}]}, "past.pains[0].level"),
    ],
)
def test_a_scenario_that_cannot_be_played_is_told_before_it_is_played(folder, parts: Parts, key, value, expected):
    for path in (folder / "rehearsal.toml", folder):
        assert any(": ok: " in told for told in validation.check(path, parts))
    change(folder / "rehearsal.toml", key, value)
    for path in (folder / "rehearsal.toml", folder):
        with pytest.raises(AssistantError) as caught:
            list(validation.check(path, parts))
        assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("name", "expected"), [(SPOKEN, "a part of a pack; check the whole"), ("nowhere.toml", "there is no such file")]
)
def test_what_cannot_be_checked_by_itself_is_told(folder, parts: Parts, name, expected):
    with pytest.raises(PackError, match=expected):
        list(validation.check(folder / name, parts))


def test_a_pack_without_a_rehearsal_is_told(folder, parts: Parts):
    (folder / "rehearsal.toml").unlink()
    [hint] = hints(validation.check(folder, parts))
    assert "rehearsal.toml is missing" in hint


def test_a_date_without_quotes_is_told(folder):
    file = folder / EXERCISE
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub('published = "(.*)"', r"published = \1", text), encoding="utf-8")
    assert "source.published: expected `str`, got `date`; put it in quotes" in complaint(folder)


def test_an_exercise_may_have_no_variations(folder):
    change(folder / EXERCISE, "variations", GONE)
    for command in ("one second", "pause"):  # it was they that said these
        change(folder / EXERCISE, "says_commands", without(command))
    assert load(folder).exercises["single-leg-hip-thrust"].variations == ()
