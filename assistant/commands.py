"""What each command of the command line does. Every function returns an exit code."""

import argparse
import dataclasses
import json
import signal
import sys
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path

from assistant import captions, command_test, ear, parts, plan, sheet, soundcard, soundfiles, workout
from assistant import rehearsal as rehearsals
from assistant import scenario as scenarios
from assistant.command_test import CommandTest
from assistant.diary import Diary
from assistant.diary.alone import alone
from assistant.errors import AssistantError, SoundError
from assistant.events import Heard
from assistant.mouth import Mouth
from assistant.pack import Pack
from assistant.parts import Parts
from assistant.room import BLOCK, seconds
from assistant.session.intents import URGENT
from assistant.soundcard import SoundCard
from assistant.studio import Clip
from assistant.telling import tell


def run(options: argparse.Namespace) -> int:
    """A workout, or with --wait one whenever somebody asks. Without a sound card: by keyboard in silence, or else a
    rehearsal."""
    if hasattr(signal, "SIGHUP"):
        # A terminal that is closed, or a connection to it that is lost, must not leave anybody alone under a weight:
        # whoever speaks needs no terminal, and for whoever types its end closes the workout with a summary.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    loaded = Parts.load()
    exercise = parts.find_exercise(loaded.pack, options.exercise or loaded.settings.exercise or None)
    plan.find_variation(exercise, options.variation)
    parts.tell_left_out(loaded.pack)
    diary = workout.diary(options)
    # First of all: who is there already has the sound card, and a rehearsal instead would only hide that. Nor is a
    # diary that is damaged set aside under somebody who trains.
    with _alone(diary) if diary else nullcontext():
        wanted = workout.planned(options, loaded, exercise, diary)
        try:
            card = _sound_card(loaded)
        except SoundError as error:
            if options.no_rehearsal:
                raise
            tell(str(error))
            card = None
        if not card and not options.keyboard:
            shown = parts.find_exercise(loaded.pack, scenarios.load(_shipped_rehearsal(loaded)).exercise or None)
            tell(
                f"Here is a rehearsal instead: a whole session of the {shown.name} in a simulated room, which you "
                "can read along."
            )
            return _rehearse(loaded, None, None, options.json)
        loaded = loaded.training(exercise)
        with loaded.studio() as studio:
            workout.prepare(loaded, wanted, studio)
            if card and options.wait:
                workout.train_when_asked(options, loaded, exercise, card, studio)
            workout.train(options, loaded, diary, wanted, card, studio)
    return 0


def rehearse(options: argparse.Namespace) -> int:
    """A session in the simulated room."""
    return _rehearse(_loaded(), options.scenario, options.wav, options.json)


def listen(options: argparse.Namespace) -> int:
    """What is heard, from a file or the microphone."""
    loaded = _loaded()
    mouth = Mouth()
    hears = loaded.ear(mouth)
    if options.file:
        for event in ear.hear_file(hears, soundfiles.read(options.file)):
            if isinstance(event, Heard):
                print(json.dumps(_heard(event), ensure_ascii=False), flush=True)
        return 0
    for kind, found in soundcard.names().items():
        tell(f"{kind}s: {', '.join(map(repr, found)) or 'none'}")
    card = _sound_card(loaded)
    if options.test:
        with loaded.studio() as studio:
            test = CommandTest(room=card, ear=hears, mouth=mouth, studio=studio, pack=loaded.pack)
            return _test_commands(test, loaded.pack, options.json)
    tell("Speak a command; Ctrl-C ends.")
    for block in card.blocks(mouth.read):
        for event in hears.hear(block):
            if isinstance(event, Heard):
                shown = json.dumps(_heard(event), ensure_ascii=False)
                print(shown if options.json else f"{event.intent:14} {event.words}", flush=True)
            elif not options.json:
                print(f"!! {type(event).__name__.lower()}", flush=True)
    return 0


def exercises(options: argparse.Namespace) -> int:
    """All exercises, or all about one."""
    packed = Parts.load().pack
    wanted = parts.find_exercise(packed, options.exercise) if options.exercise else None
    parts.tell_left_out(packed)
    print(sheet.full(wanted) if wanted else sheet.overview(packed.exercises.values()))
    return 0


def say(options: argparse.Namespace) -> int:
    """A text, spoken or written to a file."""
    loaded = _loaded()
    if not options.text.strip():
        raise AssistantError("there is nothing to say; give a text")
    if any("\ud800" <= letter <= "\udfff" for letter in options.text):  # what Python makes of bytes that are no text
        raise AssistantError("this is no UTF-8 text, so it cannot be spoken; give it in UTF-8")
    with loaded.studio() as studio:
        clip = studio.clip(options.text)
    if options.wav:
        soundfiles.write(options.wav, clip.samples)
        tell(f"{options.wav}: {clip.seconds:.2f} s")
        return 0
    _play(_sound_card(loaded), clip)
    return 0


def validate(options: argparse.Namespace) -> int:
    """Checks what somebody wrote."""
    from assistant import validation

    for line in validation.check(options.path, Parts.load_without_exercises()):
        print(line)
    return 0


# ---------------------------------------------------------------- parts of the above


def _alone(diary: Diary) -> AbstractContextManager[None]:
    """See alone: also at the first workout, before which there is no folder."""
    with suppress(OSError):  # a disk that cannot be written keeps nobody from training
        diary.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return alone(diary.file.parent, ", or train without the diary: --guest")


def _loaded() -> Parts:
    """For what concerns no exercise by name."""
    loaded = Parts.load()
    parts.tell_left_out(loaded.pack)
    return loaded


def _rehearse(loaded: Parts, scenario_file: Path | None, wav: Path | None, as_json: bool) -> int:
    file = scenario_file or _shipped_rehearsal(loaded)
    scenario = scenarios.load(file)
    if wav is not None:
        _try(wav)
    with loaded.studio() as studio:
        report = rehearsals.rehearse(scenario, file.parent, loaded, studio, wav, (captions.observer(as_json),))
    out = sys.stderr if as_json else sys.stdout
    for line in rehearsals.told(report):
        print(line, file=out)
    return 0 if report.ok else 1


def _shipped_rehearsal(loaded: Parts) -> Path:
    return loaded.pack.folder / "rehearsal.toml"


def _test_commands(test: CommandTest, packed: Pack, as_json: bool) -> int:
    """Runs the test and tells what to change; 1 if something urgent was missed, or more than a tenth of all."""
    tried = []
    for one in test.run(command_test.phrases(packed)):
        tried.append(one)
        if as_json:
            print(json.dumps(dataclasses.asdict(one), ensure_ascii=False), flush=True)
        else:
            soon = "" if one.delay_seconds is None else f"after {one.delay_seconds:.1f} s"
            print(f"{'ok' if one.hit else 'MISSED':7} {one.phrase:16} {one.heard or 'nothing':14} {soon}", flush=True)
    hits = sum(one.hit for one in tried)
    for line, slots in [("test_over", {"hits": hits, "count": len(tried)}), *command_test.advice(tried)]:
        tell(packed.text(line, slots))
        test.say(line, **slots)
    test.close()
    return int(hits < 0.9 * len(tried) or not all(one.hit for one in tried if one.intent in URGENT))


def _sound_card(loaded: Parts) -> SoundCard:
    """The card of the settings, found to work. Raises SoundError."""
    card = SoundCard(loaded.settings.microphone or None, loaded.settings.speaker or None)
    tell(card.report())
    return card


def _heard(event: Heard) -> dict[str, object]:
    found: dict[str, object] = {
        "at_s": seconds(event.at),
        "intent": event.intent,
        "words": event.words,
        "final": event.final,
    }
    return found if event.value is None else {**found, "value": event.value}


def _play(card: SoundCard, clip: Clip) -> None:
    mouth = Mouth()
    ends = mouth.say(clip).end
    for block in card.blocks(mouth.read):
        if block.at > ends + 2 * BLOCK:
            break


def _try(wav: Path) -> None:
    """Finds out before a rehearsal whether its sound can be written. Raises SoundError."""
    try:
        is_new = not wav.exists()
        wav.touch()
        if is_new:
            wav.resolve().unlink()  # an empty file is no sound, and the first of it takes a while
    except OSError as error:
        raise SoundError(f"{wav}: cannot be written ({error.strerror or error}); choose another place") from None
