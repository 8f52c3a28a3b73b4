"""A coach that waits to be asked: what begins a workout, what does not, and that each one knows of those before."""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant import cli, waiting, workout
from assistant.app import Record
from assistant.diary import Diary
from assistant.mouth import Mouth
from assistant.parts import Parts
from assistant.plan import Plan
from assistant.room import Block, Play, samples
from assistant.simulation import Acoustics, SimulatedRoom
from assistant.studio import Studio
from tests.test_diary import PAIN, REPORT

LONGEST = samples(60)


class Evening:
    """A simulated room that is left after a minute, and remembers when it was left."""

    def __init__(self, room: SimulatedRoom) -> None:
        self._room = room
        self.ended = 0
        self.played: list[np.ndarray] = []

    def blocks(self, play: Play) -> Iterator[Block]:
        for block in self._room.blocks(play):
            self.ended = block.end
            self.played.append(block.played)
            yield block
            if block.end >= LONGEST:
                return


@pytest.fixture
def evening(parts: Parts, studio: Studio, person: Studio) -> Callable[..., tuple[Evening, list[str]]]:
    """Says these words, five seconds apart, to a coach that waits; returns the room, and what was told."""

    def run(*words: str, announced: bool = False, unplugged: bool = False) -> tuple[Evening, list[str]]:
        room = SimulatedRoom(Acoustics(echo_db=0.0))
        room.unplugged = unplugged
        for n, said in enumerate(words, 1):
            room.say(samples(5.0 * n), person.clip(said).samples)
        mouth = Mouth()
        if announced:
            mouth.say(studio.clip(waiting.how_to_begin(parts.pack)))
        seen, told = Evening(room), []
        waiting.wait(seen, parts.recogniser(parts.choose_model().path), parts.interpreter, mouth, told.append)
        return seen, told

    return run


@pytest.mark.parametrize("words", ["start", "start workout", "ready", "i'm ready"])
def test_a_workout_begins_when_somebody_asks_for_it(evening, words):
    seen, _ = evening("the paint is dry", words)
    assert samples(10) < seen.ended < samples(13)


def test_nothing_else_begins_one_not_even_the_coach_itself(evening, parts):
    talk = ("stop", "my knee hurts", "i am ready when you are", "repeat", "i can't breathe", "start the car please")
    seen, told = evening(*talk, announced=True)
    assert seen.ended == LONGEST
    assert told == []
    sound = np.concatenate(seen.played)
    last = np.flatnonzero(sound)[-1]
    assert samples(1) < last < samples(3)  # how to begin is said once, and nothing more
    assert waiting.how_to_begin(parts.pack) == "Say: start workout."


def test_a_dead_microphone_is_told_once(evening):
    seen, told = evening("start workout", unplugged=True)
    assert seen.ended == LONGEST
    assert len(told) == 1
    assert "not muted" in told[0]


def test_each_workout_knows_of_those_before_it(
    parts: Parts, studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Among it is what locks a leg after pain."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    options = cli.parser().parse_args(["run", "--wait", "--load", "5"])
    exercise = next(iter(parts.pack.exercises.values()))
    waited: list[bool] = []
    plans: list[Plan] = []

    def train(
        _options: argparse.Namespace, _parts: Parts, diary: Diary, wanted: Plan, _card: object, _studio: Studio
    ) -> None:
        plans.append(wanted)
        if len(plans) == 2:
            raise KeyboardInterrupt
        recorder = diary.recorder(wanted, {})
        events = (PAIN, ("pain_report", REPORT), ("locked", {"side": "left", "reason": "sharp"}))
        for event, data in (*events, ("ended", {"reason": "pain"})):
            recorder(Record(16_000, event, data))
        recorder.close()

    monkeypatch.setattr(waiting, "wait", lambda *_: waited.append(True))
    monkeypatch.setattr(workout, "prepare", lambda *_: None)
    monkeypatch.setattr(workout, "train", train)
    with pytest.raises(KeyboardInterrupt):
        workout.train_when_asked(options, parts, exercise, None, studio)  # type: ignore[arg-type]
    assert len(waited) == 2
    assert [[memory.locked for memory in plan.past.pains] for plan in plans] == [[], [True]]


def test_after_a_workout_the_next_one_is_prepared_without_hurry(parts: Parts, studio: Studio) -> None:
    """A slow machine may need longer for a line than anybody can be left unheard in a set."""
    exercise = next(iter(parts.pack.exercises.values()))
    options = cli.parser().parse_args(["run", "--guest", "--wait"])
    wanted = workout.planned(options, parts, exercise, None)
    hurried = []

    class Card(SimulatedRoom):
        def blocks(self, play: Play) -> Iterator[Block]:
            hurried.append(studio.is_hurried)
            yield next(super().blocks(play))

    workout.train(options, parts.training(exercise), None, wanted, Card(Acoustics()), studio)  # type: ignore[arg-type]
    assert (hurried, studio.is_hurried) == ([True], False)
