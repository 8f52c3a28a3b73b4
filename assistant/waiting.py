"""Between the workouts of a coach that runs all day: silence, until somebody asks for one."""

from collections.abc import Callable

from assistant.health import Health
from assistant.interpret import Interpreter
from assistant.mouth import Mouth
from assistant.pack import Pack
from assistant.recogniser import Recogniser, certain
from assistant.room import Room, samples

BEGINS = frozenset({"start", "ready"})
"""Commands that ask for a workout."""

OWN_ECHO = samples(1.0)
"""How long after our last word the room and the recogniser may still hold it. In it stands how to begin."""


def how_to_begin(pack: Pack) -> str:
    """What to say, in words: the first way of more than one word, which is less easily mistaken for another."""
    ways = pack.commands["start"].phrases
    return pack.text("test_say", {"phrase": next((way for way in ways if " " in way), ways[0])})


def wait(
    room: Room, recogniser: Recogniser, interpreter: Interpreter, mouth: Mouth, tell: Callable[[str], None]
) -> None:
    """Comes back when somebody has asked for a workout. What `mouth` has to say before is said first, unheard.

    The command must be all of an utterance: nobody trains, so nothing is urgent, and in talk beside the bench the
    same words stand among others ("let's go to the shop"). `tell` is told, in a line, when no sound comes in.
    """
    health = Health()
    for block in room.blocks(mouth.read):
        was_deaf = health.deaf
        if health.look(block, understands=True) and not was_deaf:
            tell("The microphone delivers no sound: check that it is plugged in and not muted.")
        if block.at < mouth.silent_from + OWN_ECHO:
            continue
        result = recogniser.accept(block.heard)
        meaning = interpreter.meaning(certain(result.spoken)) if result.final else None
        if meaning and meaning.intent in BEGINS:
            return
