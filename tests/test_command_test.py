"""The test of the commands, with a person in a simulated room who says what is asked for, or does not."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.command_test import CommandTest, Tried, advice, phrases
from assistant.mouth import Mouth
from assistant.room import Block, Play, samples
from assistant.session.intents import INTENTS, URGENT
from assistant.simulation import Acoustics, SimulatedRoom
from assistant.studio import Studio


class Obliging:
    """A room with somebody in it who repeats what the coach names, in a voice of their own."""

    def __init__(self, room: SimulatedRoom, mouth: Mouth, voice: Studio, answers: dict[str, str]) -> None:
        self._room, self._mouth, self._voice, self._answers = room, mouth, voice, answers

    def blocks(self, play: Play) -> Iterator[Block]:
        for block in self._room.blocks(play):
            yield block
            for spot in self._mouth.begun(block.end):
                named = spot.clip.text.removeprefix("Say: ").removesuffix(".")
                if self._answers.get(named):
                    self._room.say(spot.end + samples(0.4), self._voice.clip(self._answers[named]).samples)


@pytest.fixture
def tested(parts, pack, studio, person):
    def run(answers: dict[str, str], **acoustics) -> list[Tried]:
        mouth = Mouth()
        room = Obliging(SimulatedRoom(Acoustics(**acoustics)), mouth, person, answers)
        test = CommandTest(room=room, ear=parts.ear(mouth), mouth=mouth, studio=studio, pack=pack)
        asked = [(phrase, intent) for phrase, intent in phrases(pack) if phrase in answers]
        tried = list(test.run(dict(asked).items()))
        test.close()
        return tried

    return run


def test_hits_misses_and_delays_are_measured(tested):
    tried = tested({"stop": "stop", "pain": "pain", "ready": "", "yes": "repeat"}, echo_db=-6.0)
    assert {one.phrase: one.heard for one in tried} == {"stop": "stop", "pain": "pain", "ready": "", "yes": "repeat"}
    assert [one.phrase for one in tried if one.hit] == ["pain", "stop"]
    for one in tried:
        assert (one.level_db is None) == (one.phrase == "ready")
        assert (one.delay_seconds is None) == (one.phrase == "ready")
        if one.delay_seconds is not None:
            assert 0 <= one.delay_seconds < 1.5
        assert one.room_db < -70


def test_every_command_is_asked_for_and_what_is_urgent_twice(pack):
    asked = [intent for _, intent in phrases(pack)]
    assert set(asked) == INTENTS - {"mistake"}  # what the lifter notices has no phrase that everybody says
    assert all(asked.count(intent) == (2 if intent in URGENT else 1) for intent in set(asked))


FINE = Tried("stop", "stop", "stop", 0.4, -25.0, -60.0, -20.0)


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({}, ["test_good"]),
        ({"level_db": None, "heard": ""}, ["test_nobody"]),
        ({"level_db": -55.0, "echo_db": -50.0}, ["test_gain"]),
        ({"room_db": -32.0}, ["test_closer"]),
        ({"echo_db": -5.0}, ["test_quieter"]),
        ({"heard": "skip"}, ["test_words"]),
        ({"room_db": -32.0, "heard": ""}, ["test_closer", "test_words"]),
    ],
)
def test_the_advice_follows_from_what_was_measured(changes, lines, pack):
    given = advice([replace(FINE, **changes)] * 3)
    assert [line for line, _ in given] == lines
    for line, slots in given:
        assert "{" not in pack.text(line, slots)
