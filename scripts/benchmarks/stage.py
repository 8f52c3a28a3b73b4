"""A simulated room in which a person says one thing after the other, while the coach talks or is silent."""

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from assistant.events import Heard
from assistant.mouth import FADE, Mouth
from assistant.parts import Parts
from assistant.room import BLOCK, RATE, Block, samples
from assistant.simulation import Acoustics, SimulatedRoom
from assistant.studio import Clip

FIRST_SECONDS = 8.0
"""Of coaching before the first word: the canceller learns the room, as it does during the greeting."""

GAP_SECONDS = 3.0
"""Between what the person says."""

COUNTS_SECONDS = 2.5
"""After its end a word may still be understood for so long."""

PERSONS = 40
"""Sayings after which a fresh room, mouth and ear take over: no result may hang on what was long ago."""


@dataclass(frozen=True, eq=False)
class Said:
    """Something to say."""

    text: str
    intent: str
    sound: np.ndarray
    """float32 (n,) at RATE."""


@dataclass(frozen=True, eq=False)
class Result:
    """What came of it."""

    said: Said
    heard: tuple[str, ...]
    """Intents, in order."""
    delay_seconds: float
    """From the end of the sound to the right command."""
    silence_seconds: float | None
    """From the end of the sound to the coach's silence; None if it was not talking."""

    @property
    def right(self) -> bool:
        """The right command was heard."""
        return self.said.intent in self.heard

    @property
    def wrong(self) -> bool:
        """Another command was heard."""
        return any(intent != self.said.intent for intent in self.heard)


class Stage:
    """Says things in rooms, and keeps the time that the ear takes."""

    def __init__(self, parts: Parts, coaching: list[Clip]) -> None:
        self._parts = parts
        self._coaching = itertools.cycle(coaching)
        self.ear_seconds = 0.0
        self.heard_seconds = 0.0

    def say(
        self, said: list[Said], acoustics: Acoustics, *, coaching: bool, noise: np.ndarray | None = None
    ) -> Iterator[Result]:
        """Says everything, one after the other; a command hushes the coach for a second."""
        for first in range(0, len(said), PERSONS):
            yield from self._one_room(said[first : first + PERSONS], acoustics, coaching, noise)

    def listen(
        self, length_seconds: float, acoustics: Acoustics, *, coaching: bool, noise: np.ndarray | None = None
    ) -> list[Heard]:
        """Listens to a room in which nobody commands anything; returns what was heard all the same."""
        mouth, found = Mouth(), []
        for block, heard in self._blocks(SimulatedRoom(acoustics, noise), mouth):
            found += heard
            if coaching and mouth.silent_from <= block.end + BLOCK:
                mouth.say(next(self._coaching))
            if block.end >= samples(length_seconds):
                break
        return found

    def _one_room(
        self, said: list[Said], acoustics: Acoustics, coaching: bool, noise: np.ndarray | None
    ) -> Iterator[Result]:
        random = np.random.default_rng(acoustics.seed)
        room, mouth = SimulatedRoom(acoustics, noise), Mouth()
        events: list[tuple[int, str, int | None]] = []  # (at, intent, silent at)
        placed: list[tuple[Said, int]] = []
        waiting, next_at, talks_from = list(said), samples(FIRST_SECONDS if coaching else 1.0), 0
        for block, heard in self._blocks(room, mouth):
            for event in heard:
                spoke = mouth.silent_from > mouth.position
                mouth.hush(urgent=True)
                events.append((event.at, event.intent, mouth.position + FADE if spoke else None))
                talks_from = block.end + samples(1.0)
            if coaching and block.end >= talks_from and mouth.silent_from <= block.end + samples(1.0):
                mouth.say(next(self._coaching))
            if block.end >= next_at:
                if not waiting:
                    break
                one = waiting.pop(0)
                ends = room.say(block.end + int(random.integers(0, BLOCK * 4)), one.sound)
                placed.append((one, ends))
                next_at = ends + samples(GAP_SECONDS)
        for one, ends in placed:
            counts = [e for e in events if ends - len(one.sound) < e[0] <= ends + samples(COUNTS_SECONDS)]
            right = next((e for e in counts if e[1] == one.intent), None)
            yield Result(
                one,
                tuple(intent for _, intent, _ in counts),
                (right[0] - ends) / RATE if right else 0.0,
                (right[2] - ends) / RATE if right and right[2] is not None else None,
            )

    def _blocks(self, room: SimulatedRoom, mouth: Mouth) -> Iterator[tuple[Block, list[Heard]]]:
        ear = self._parts.ear(mouth)
        for block in room.blocks(mouth.read):
            began = time.process_time()
            heard = [event for event in ear.hear(block) if isinstance(event, Heard)]
            self.ear_seconds += time.process_time() - began
            self.heard_seconds += len(block.heard) / RATE
            yield block, heard
