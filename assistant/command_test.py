"""A test of the commands, on somebody's own voice in their own room: what is heard, how soon, and what to change.

The coach names commands one by one and the person repeats each. Levels are measured on the way, so that the advice
rests on this room: how loud the person is, how loud the room, how loud the coach at the microphone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from assistant.ear import Ear
from assistant.events import Heard
from assistant.mouth import Mouth
from assistant.pack import Pack
from assistant.room import Block, Room, samples, seconds
from assistant.session.intents import URGENT
from assistant.studio import Studio

QUIET_SECONDS = 1.5
"""Of silence first, in which the room is measured."""

ANSWER_SECONDS = 4.0
"""How long we wait for a command, once we have named it."""

LOUD_DB = 6.0
"""A block this much above the room is somebody speaking."""

LEAST_SNR_DB, LEAST_LEVEL_DB, MOST_ECHO_DB = 12.0, -50.0, 12.0
"""Below, below, above: the advice speaks of the room's noise, the microphone's gain, the coach's loudness."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One command that was asked for."""

    phrase: str
    intent: str
    heard: str
    """The intent that was heard; "" for none."""
    delay_seconds: float | None
    """From the end of the word to the command, on the sample clock; None if it was not heard."""
    level_db: float | None
    """The loudest block of the answer, relative to full scale; None if nobody spoke."""
    room_db: float
    """The room when nobody speaks."""
    echo_db: float
    """The loudest block of the coach at the microphone."""

    @property
    def hit(self) -> bool:
        """Whether the right command was heard."""
        return self.heard == self.intent


def phrases(pack: Pack) -> list[tuple[str, str]]:
    """(phrase, intent): the first way to say each command, and what is urgent once more at the end."""
    urgent = [(pack.commands[intent].phrases[0], intent) for intent in URGENT]
    others = [(c.phrases[0], intent) for intent, c in pack.commands.items() if intent not in URGENT]
    return [*urgent, *others, *urgent]


class CommandTest:
    """Leads through the test, in any room."""

    def __init__(self, *, room: Room, ear: Ear, mouth: Mouth, studio: Studio, pack: Pack) -> None:
        self._blocks = room.blocks(mouth.read)
        self._ear = ear
        self._mouth = mouth
        self._studio = studio
        self._pack = pack
        self._heard: list[Heard] = []
        self._powers: list[tuple[int, float]] = []

    def run(self, asked: Iterable[tuple[str, str]]) -> Iterator[Tried]:
        """Asks for each (phrase, intent) and yields what came of it."""
        for _ in self._listen(QUIET_SECONDS):
            pass
        room_db = float(np.median([power for _, power in self._powers]))
        self.say("test_intro")
        for phrase, intent in asked:
            echo_db = self.say("test_say", phrase=phrase)
            yield self._answer(phrase, intent, room_db, echo_db)

    def close(self) -> None:
        """Closes the room."""
        self._blocks.close()  # type: ignore[attr-defined]

    def say(self, line: str, **slots: object) -> float:
        """Says a line to its end; returns the loudest block meanwhile, in dB."""
        spot = self._mouth.say(self._studio.clip(self._pack.text(line, slots)), line=line)
        for block in self._listen(60.0):
            if block.end >= spot.end:
                break
        return max((power for at, power in self._powers if at > spot.start), default=-120.0)

    def _answer(self, phrase: str, intent: str, room_db: float, echo_db: float) -> Tried:
        began = self._mouth.position + samples(0.3)  # what the room still holds of our own words
        self._heard.clear()
        for _ in self._listen(ANSWER_SECONDS):
            if self._heard:
                break
        loud = [(at, power) for at, power in self._powers if at > began and power > room_db + LOUD_DB]
        heard = self._heard[0] if self._heard else None
        ended = max((at for at, _ in loud), default=None)
        return Tried(
            phrase,
            intent,
            heard.intent if heard else "",
            max(0.0, seconds(heard.at - ended)) if heard and ended is not None else None,
            max((power for _, power in loud), default=None),
            room_db,
            echo_db,
        )

    def _listen(self, at_most_seconds: float) -> Iterator[Block]:
        self._powers.clear()
        ends = self._mouth.position + samples(at_most_seconds)
        for block in self._blocks:
            self._powers.append((block.end, float(10 * np.log10(np.mean(block.heard**2) + 1e-12))))
            self._heard += [event for event in self._ear.hear(block) if isinstance(event, Heard)]
            yield block
            if block.end >= ends:
                return


def advice(tried: list[Tried]) -> list[tuple[str, dict[str, object]]]:
    """What to change, as (line, slots) of the pack, most important first; "test_good" when there is nothing."""
    spoken = [one for one in tried if one.level_db is not None]
    if not spoken:
        return [("test_nobody", {})]
    level = float(np.median([one.level_db for one in spoken if one.level_db is not None]))
    found: list[tuple[str, dict[str, object]]] = []
    if level < LEAST_LEVEL_DB:
        found.append(("test_gain", {}))
    elif level - spoken[0].room_db < LEAST_SNR_DB:
        found.append(("test_closer", {}))
    if float(np.median([one.echo_db for one in spoken])) - level > MOST_ECHO_DB:
        found.append(("test_quieter", {}))
    missed = dict.fromkeys(one.phrase for one in tried if not one.hit)
    found += [("test_words", {"phrase": phrase}) for phrase in missed]
    return found or [("test_good", {})]
