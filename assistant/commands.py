"""What each command of the command line does. Every function returns an exit code."""

import argparse
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from assistant import ear, keyboard, parts, plan, sheet, soundfiles
from assistant import model as models
from assistant import rehearsal as rehearsals
from assistant import scenario as scenarios
from assistant.app import App, Listener, Observer
from assistant.captions import Captions, JsonLines
from assistant.errors import AssistantError, ModelError, SoundError
from assistant.events import Heard
from assistant.mouth import Mouth
from assistant.parts import Parts
from assistant.room import BLOCK, Room, samples, seconds
from assistant.session import Session
from assistant.silent_room import SilentRoom
from assistant.soundcard import SoundCard
from assistant.studio import Clip, Studio

PAUSE_SECONDS = 0.5
"""Between the coach's last word and a piped line: longer than the gap between two of its lines."""


def run(options: argparse.Namespace) -> int:
    """A workout. Without a sound card: by keyboard in silence, or else a rehearsal."""
    loaded = Parts.load()
    exercise = parts.find_exercise(loaded.pack, options.exercise)
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
    )
    for remark in plan.remarks(wanted):
        _tell(remark)
    try:
        room: Room = _sound_card(loaded)
    except SoundError as error:
        _tell(str(error))
        room = SilentRoom(paced=keyboard.is_typed_live())
    if isinstance(room, SilentRoom) and not options.keyboard:
        _tell("Here is a rehearsal instead: a whole session in a simulated room, which you can read along.")
        return _rehearse(loaded, None, None, options.json)
    with loaded.studio() as studio:
        _prepare(loaded, wanted, studio)
        mouth = Mouth()
        session = Session(parts.with_lengths(loaded.pack, wanted, studio))
        listener = _listener(loaded, options.keyboard, mouth, session)
        app = App(room=room, ear=listener, mouth=mouth, session=session, studio=studio, pack=loaded.pack)
        app.tell(_observer(options.json))
        app.run()
    return 0


def rehearse(options: argparse.Namespace) -> int:
    """A session in the simulated room."""
    return _rehearse(Parts.load(), options.scenario, options.wav, options.json)


def listen(options: argparse.Namespace) -> int:
    """What is heard, from a file or the microphone."""
    loaded = Parts.load()
    mouth = Mouth()
    hears = loaded.ear(mouth)
    if options.file:
        for event in ear.hear_file(hears, soundfiles.read(options.file)):
            if isinstance(event, Heard):
                print(json.dumps(_heard(event), ensure_ascii=False), flush=True)
        return 0
    card = _sound_card(loaded)
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
    if options.exercise:
        print(sheet.full(parts.find_exercise(packed, options.exercise)))
    else:
        print(sheet.overview(packed.exercises.values()))
    return 0


def say(options: argparse.Namespace) -> int:
    """A text, spoken or written to a file."""
    loaded = Parts.load()
    if not options.text.strip():
        raise AssistantError("there is nothing to say; give a text")
    with loaded.studio() as studio:
        clip = studio.clip(options.text)
    if options.wav:
        _write(options.wav, lambda: soundfiles.write(options.wav, clip.samples))
        _tell(f"{options.wav}: {clip.seconds:.2f} s")
        return 0
    _play(_sound_card(loaded), clip)
    return 0


def validate(options: argparse.Namespace) -> int:
    """Checks what somebody wrote."""
    from assistant import validation

    for line in validation.check(options.path, Parts.load()):
        print(line)
    return 0


def model(options: argparse.Namespace) -> int:
    """Which model is used and why, the download of the official one, or more words for the shipped one."""
    loaded = Parts.load()
    if options.what != "build" and (options.words or options.to):
        raise ModelError("--words and --to belong to: assistant model build")
    if options.what == "build":
        return _build_model(loaded, options.words, options.to or models.built_model())
    if options.what == "fetch":
        path = models.fetch(models.OFFICIAL, models.models_folder(), _progress("downloading"))
        print(f"{path}: ready")
    choice = loaded.choose_model()
    for note in choice.notes:
        print(note)
    print(f"using {choice.why}")
    if choice.kind == "shipped" and not options.what:
        print(f"a bigger one ({models.OFFICIAL.size / 1e6:.0f} MB) can be had with: assistant model fetch")
    return 0


# ---------------------------------------------------------------- parts of the above


def _build_model(loaded: Parts, words_file: Path | None, target: Path) -> int:
    from assistant.acoustic import folder  # only here: no session builds a model
    from assistant.acoustic.lexicon import Lexicon

    lexicon = Lexicon.load(loaded.pack.folder)
    names = " ".join(exercise.name for exercise in loaded.pack.exercises.values())
    texts = [*ear.grammar(loaded.pack), re.sub(r"[^a-z' ]+", " ", names.lower())]
    if words_file:
        texts.append(_read_text(words_file))
    wanted = dict.fromkeys(word for text in texts for word in text.split())
    guessed = lexicon.guessed(wanted)
    count = folder.with_words(loaded.pack.folder / "model", target, wanted, lexicon)
    for word in guessed:
        print(f"{word}: pronounced by rule, {' '.join(lexicon.pronunciations(word)[0])}")
    print(f"{target}: ready, {count} words")
    return 0


def _read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{file}: cannot be read ({error}); a word list is a plain text file") from None


def _rehearse(loaded: Parts, scenario_file: Path | None, wav: Path | None, as_json: bool) -> int:
    file = scenario_file or loaded.pack.folder / "rehearsal.toml"
    scenario = scenarios.load(file)
    if wav is not None:
        _write(wav, wav.touch)
    with loaded.studio() as studio:
        report = rehearsals.rehearse(scenario, file.parent, loaded, studio, wav, (_observer(as_json),))
    out = sys.stderr if as_json else sys.stdout
    for line in rehearsals.told(report):
        print(line, file=out)
    return 0 if report.ok else 1


def _sound_card(loaded: Parts) -> SoundCard:
    """The card of the settings, found to work. Raises SoundError."""
    card = SoundCard(loaded.settings.microphone or None, loaded.settings.speaker or None)
    _tell(card.report())
    return card


def _listener(loaded: Parts, by_keyboard: bool, mouth: Mouth, session: Session) -> Listener:
    if not by_keyboard:
        for note in loaded.choose_model().notes:
            _tell(note)
        return loaded.ear(mouth)
    if keyboard.is_typed_live():
        return keyboard.Keyboard(loaded.interpreter, sys.stdin, _tell)

    def may_answer(now: int) -> bool:
        return not session.counting and mouth.silent_from + samples(PAUSE_SECONDS) <= now

    return keyboard.Script(loaded.interpreter, sys.stdin, _tell, may_answer)


def _prepare(loaded: Parts, wanted: plan.Plan, studio: Studio) -> None:
    """Renders everything that is known beforehand: a session should not have to wait for a voice."""
    studio.prepare(parts.texts(loaded.pack, wanted), _progress("preparing the voice"))


def _observer(as_json: bool) -> Observer:
    return JsonLines(sys.stdout) if as_json else Captions(sys.stdout, colour=sys.stdout.isatty())


def _progress(what: str, out: TextIO | None = None) -> Callable[[int, int], None]:
    """A progress line on a terminal; nothing at all in a log."""
    to = out or sys.stderr

    def show(done: int, of: int) -> None:
        if to.isatty() and of:
            end = "\r\033[K" if done >= of else ""
            to.write(f"\r{what} {100 * done // of:3d} %{end}")
            to.flush()

    return show


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


def _write(file: Path, write: Callable[[], None]) -> None:
    try:
        write()
    except OSError as error:
        raise SoundError(f"{file}: cannot be written ({error.strerror or error}); choose another place") from None


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
