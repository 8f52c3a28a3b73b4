"""A workout, put together from what was asked for and what was before: its plan, its listener, its diary."""

import argparse
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from importlib.metadata import version
from typing import NoReturn

from assistant import captions, dates, ear, keyboard, parts, plan, progress_line, waiting
from assistant.app import App
from assistant.diary import Diary
from assistant.diary.recorder import PATIENCE_SECONDS
from assistant.exercise import Exercise
from assistant.mouth import Mouth
from assistant.parts import Parts
from assistant.past import Past
from assistant.room import Room, samples
from assistant.session import Session
from assistant.settings import diary_file
from assistant.silent_room import SilentRoom
from assistant.soundcard import SoundCard
from assistant.studio import Studio
from assistant.telling import tell

TYPED_PATIENCE_SECONDS = 5.0

PAUSE_SECONDS = 0.5
"""Between the coach's last word and a piped line: longer than the gap between two of its lines."""


def diary(options: argparse.Namespace) -> Diary | None:
    """The diary as of now; None for a guest."""
    return None if options.guest else Diary(diary_file(), dates.now())


def planned(options: argparse.Namespace, loaded: Parts, exercise: Exercise, diary: Diary | None) -> plan.Plan:
    """What to train now, by what was asked for and what was before. Raises AssistantError."""
    past = diary.past(exercise, options.variation or "") if diary else Past()
    if diary and diary.trouble:
        tell(diary.trouble)
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
        tell(remark)
    return wanted


def prepare(loaded: Parts, wanted: plan.Plan, studio: Studio) -> None:
    """Renders everything that is known beforehand: a session should not have to wait for a voice."""
    studio.prepare(parts.texts(loaded.pack, wanted), progress_line.line("preparing the voice"))
    if studio.trouble:
        tell(studio.trouble)


def train_when_asked(
    options: argparse.Namespace, loaded: Parts, exercise: Exercise, card: SoundCard, studio: Studio
) -> NoReturn:
    """Workout after workout, each when somebody asks for it, for as long as the program runs."""
    model_folder = loaded.choose_model().path
    how = waiting.how_to_begin(loaded.pack)
    mouth = Mouth()
    mouth.say(studio.clip(how))  # once: from then on nobody is spoken to who has not asked
    while True:
        tell(how)
        waiting.wait(card, loaded.recogniser(model_folder), loaded.interpreter, mouth, tell)
        kept = diary(options)  # with what was since, and so with any lock after pain
        wanted = planned(options, loaded, exercise, kept)
        prepare(loaded, wanted, studio)
        train(options, loaded, kept, wanted, card, studio)
        mouth = Mouth()


def train(
    options: argparse.Namespace,
    loaded: Parts,
    diary: Diary | None,
    wanted: plan.Plan,
    card: SoundCard | None,
    studio: Studio,
) -> None:
    """One workout, prepared before, to its end. Without a card it is typed."""
    mouth = Mouth()
    session = Session(parts.with_lengths(loaded.pack, wanted, studio))
    if options.keyboard:
        listener = typed = _typed(loaded, mouth, session)
        room = card or SilentRoom(paced=typed.waits)
    else:
        listener, room = _ear(loaded, mouth, session), card
    app = App(room=room, ear=listener, mouth=mouth, session=session, studio=studio, pack=loaded.pack)
    with (
        studio.hurried() if card else nullcontext(),
        _kept(diary, app, wanted, loaded, room) if diary else nullcontext(),
    ):
        app.tell(captions.observer(options.json))
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
            tell(f"{diary.file}: {unwritten} entries of this workout could not be written; check the disk's space")


def _ear(loaded: Parts, mouth: Mouth, session: Session) -> ear.Ear:
    for note in loaded.choose_model().notes:
        tell(note)
    return loaded.ear(mouth, lambda: session.asks)


def _typed(loaded: Parts, mouth: Mouth, session: Session) -> keyboard.Keyboard | keyboard.Script:
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # a byte that is no text must not be the last thing that is heard
    if keyboard.is_typed_live():
        return keyboard.Keyboard(loaded.interpreter, sys.stdin, tell, lambda: session.asks)

    def may_answer(now: int) -> bool:
        return not session.counting and mouth.silent_from + samples(PAUSE_SECONDS) <= now

    return keyboard.Script(loaded.interpreter, sys.stdin, tell, may_answer, lambda: session.asks)
