"""What each command of the command line does. Every function returns an exit code."""

import argparse
import dataclasses
import io
import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from assistant import command_test, dates, ear, keyboard, parts, plan, progress_line, sheet, soundcard, soundfiles
from assistant import rehearsal as rehearsals
from assistant import scenario as scenarios
from assistant.app import App, Observer
from assistant.captions import Captions, JsonLines
from assistant.command_test import CommandTest
from assistant.diary import Diary
from assistant.diary.alone import alone
from assistant.diary.recorder import PATIENCE_SECONDS
from assistant.errors import AssistantError, SoundError
from assistant.events import Heard
from assistant.exercise import Exercise
from assistant.mouth import Mouth
from assistant.pack import Pack
from assistant.parts import Parts
from assistant.past import Past
from assistant.room import BLOCK, Room, samples, seconds
from assistant.session import Session
from assistant.session.intents import URGENT
from assistant.settings import diary_file
from assistant.silent_room import SilentRoom
from assistant.soundcard import SoundCard
from assistant.studio import Clip, Studio

TYPED_PATIENCE_SECONDS = 5.0

PAUSE_SECONDS = 0.5
"""Between the coach's last word and a piped line: longer than the gap between two of its lines."""


def run(options: argparse.Namespace) -> int:
    """A workout. Without a sound card: by keyboard in silence, or else a rehearsal."""
    if hasattr(signal, "SIGHUP"):
        # A terminal that is closed, or a connection to it that is lost, must not leave anybody alone under a weight:
        # whoever speaks needs no terminal, and for whoever types its end closes the workout with a summary.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    loaded = Parts.load()
    exercise = parts.find_exercise(loaded.pack, options.exercise)
    plan.find_variation(exercise, options.variation)
    parts.tell_left_out(loaded.pack)
    diary = None if options.guest else Diary(diary_file(), dates.now())
    wanted = _planned(options, loaded, exercise, diary)
    # First of all: who is there already has the sound card, and a rehearsal instead would only hide that.
    with alone(diary.file.parent, ", or train without the diary: --guest") if diary else nullcontext():
        try:
            card = _sound_card(loaded)
        except SoundError as error:
            if options.no_rehearsal:
                raise
            _tell(str(error))
            card = None
        if not card and not options.keyboard:
            shown = parts.find_exercise(loaded.pack, scenarios.load(_shipped_rehearsal(loaded)).exercise or None)
            _tell(
                f"Here is a rehearsal instead: a whole session of the {shown.name} in a simulated room, which you "
                "can read along."
            )
            return _rehearse(loaded, None, None, options.json)
        loaded = loaded.training(exercise)
        with loaded.studio() as studio:
            _train(options, loaded, diary, wanted, card, studio)
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
        _tell(f"{kind}s: {', '.join(map(repr, found)) or 'none'}")
    card = _sound_card(loaded)
    if options.test:
        with loaded.studio() as studio:
            test = CommandTest(room=card, ear=hears, mouth=mouth, studio=studio, pack=loaded.pack)
            return _test_commands(test, loaded.pack, options.json)
    _tell("Speak a command; Ctrl-C ends.")
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
    with loaded.studio() as studio:
        clip = studio.clip(options.text)
    if options.wav:
        soundfiles.write(options.wav, clip.samples)
        _tell(f"{options.wav}: {clip.seconds:.2f} s")
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


def _loaded() -> Parts:
    """For what concerns no exercise by name."""
    loaded = Parts.load()
    parts.tell_left_out(loaded.pack)
    return loaded


def _planned(options: argparse.Namespace, loaded: Parts, exercise: Exercise, diary: Diary | None) -> plan.Plan:
    """What to train now, by what was asked for and what was before. Raises AssistantError."""
    past = diary.past(exercise, options.variation or "") if diary else Past()
    if diary and diary.trouble:
        _tell(diary.trouble)
    wanted = plan.make(
        exercise,
        plan.Wishes(
            sets=options.sets,
            reps=options.reps,
            tempo=options.tempo,
            rest_seconds=options.rest,
            load_kg=options.load,
            variation=options.variation,
            warmup_seconds=options.warmup,
            first_side=options.first,
        ),
        loaded.pack.reader,
        past,
    )
    chosen = loaded.settings.emergency_number or (diary.setting("emergency_number") if diary else "")
    wanted = replace(wanted, emergency_number=chosen, address=loaded.settings.address.strip())
    for remark in plan.remarks(wanted):
        _tell(remark)
    return wanted


def _train(
    options: argparse.Namespace,
    loaded: Parts,
    diary: Diary | None,
    wanted: plan.Plan,
    card: SoundCard | None,
    studio: Studio,
) -> None:
    """One workout, to its end. Without a card it is typed."""
    _prepare(loaded, wanted, studio)
    if card:
        studio.hurry()
    mouth = Mouth()
    session = Session(parts.with_lengths(loaded.pack, wanted, studio))
    if options.keyboard:
        listener = typed = _typed(loaded, mouth, session)
        room = card or SilentRoom(paced=typed.waits)
    else:
        listener, room = _ear(loaded, mouth, session), card
    app = App(room=room, ear=listener, mouth=mouth, session=session, studio=studio, pack=loaded.pack)
    with _kept(diary, app, wanted, loaded, room) if diary else nullcontext():
        app.tell(_observer(options.json))
        app.run()


@contextmanager
def _kept(diary: Diary, app: App, wanted: plan.Plan, loaded: Parts, room: Room) -> Iterator[None]:
    """Has the diary follow the workout, and finish writing at its end, however that comes."""
    mattered = {"program": version("bench-voice"), "warmup_seconds": wanted.warmup_seconds}
    mattered |= {name: getattr(loaded.settings, name) for name in ("language", "voice", "rate", "echo", "model")}
    # Where no sound is played, nothing is held up by waiting for the disk.
    patience = PATIENCE_SECONDS if isinstance(room, SoundCard) else TYPED_PATIENCE_SECONDS
    recorder = diary.recorder(wanted, mattered, patience)
    app.tell(recorder)
    app.listen(recorder)
    try:
        yield
    finally:
        unwritten = recorder.close()
        if unwritten:
            _tell(f"{diary.file}: {unwritten} entries of this workout could not be written; check the disk's space")


def _rehearse(loaded: Parts, scenario_file: Path | None, wav: Path | None, as_json: bool) -> int:
    file = scenario_file or _shipped_rehearsal(loaded)
    scenario = scenarios.load(file)
    if wav is not None:
        _try(wav)
    with loaded.studio() as studio:
        report = rehearsals.rehearse(scenario, file.parent, loaded, studio, wav, (_observer(as_json),))
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
        _tell(packed.text(line, slots))
        test.say(line, **slots)
    test.close()
    return int(hits < 0.9 * len(tried) or not all(one.hit for one in tried if one.intent in URGENT))


def _sound_card(loaded: Parts) -> SoundCard:
    """The card of the settings, found to work. Raises SoundError."""
    card = SoundCard(loaded.settings.microphone or None, loaded.settings.speaker or None)
    _tell(card.report())
    return card


def _ear(loaded: Parts, mouth: Mouth, session: Session) -> ear.Ear:
    for note in loaded.choose_model().notes:
        _tell(note)
    return loaded.ear(mouth, lambda: session.asks)


def _typed(loaded: Parts, mouth: Mouth, session: Session) -> keyboard.Keyboard | keyboard.Script:
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # a byte that is no text must not be the last thing that is heard
    if keyboard.is_typed_live():
        return keyboard.Keyboard(loaded.interpreter, sys.stdin, _tell, lambda: session.asks)

    def may_answer(now: int) -> bool:
        return not session.counting and mouth.silent_from + samples(PAUSE_SECONDS) <= now

    return keyboard.Script(loaded.interpreter, sys.stdin, _tell, may_answer, lambda: session.asks)


def _prepare(loaded: Parts, wanted: plan.Plan, studio: Studio) -> None:
    """Renders everything that is known beforehand: a session should not have to wait for a voice."""
    studio.prepare(parts.texts(loaded.pack, wanted), progress_line.line("preparing the voice"))
    if studio.trouble:
        _tell(studio.trouble)


def _observer(as_json: bool) -> Observer:
    return JsonLines(sys.stdout) if as_json else Captions(sys.stdout, colour=sys.stdout.isatty())


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
        wav.touch()
    except OSError as error:
        raise SoundError(f"{wav}: cannot be written ({error.strerror or error}); choose another place") from None


def _tell(text: str) -> None:
    """One line for the user; where it can go nowhere (a log on a full disk), training matters more than the line."""
    with suppress(OSError):
        print(text, file=sys.stderr, flush=True)
