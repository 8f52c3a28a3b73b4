"""The loop itself: what happens to a workout when something around it breaks."""

import io
from collections.abc import Callable

import pytest

from assistant.app import App, Record
from assistant.errors import SpeechError
from assistant.keyboard import Script
from assistant.mouth import Mouth
from assistant.pack import Pack
from assistant.parts import Parts
from assistant.room import samples
from assistant.session import Session
from assistant.silent_room import SilentRoom
from assistant.studio import Clip
from tests.talk import plan_of

TYPED = "ready\nno\nno\nskip\nyes\nyes\nyes\nskip\nready\nready\nskip\n"


class Voiceless:
    """A studio whose voice has died."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def clip(self, text: str, *, brisk: bool = False) -> Clip:
        raise self._error


@pytest.fixture
def workout(parts: Parts, pack: Pack) -> Callable[..., list[Record]]:
    """A typed workout of one set without a sound card, with this studio; returns what was recorded."""

    def run(studio: object, *observers: Callable[[Record], None]) -> list[Record]:
        mouth = Mouth()

        def may_answer(now: int) -> bool:
            return not session.counting and mouth.silent_from + samples(0.5) <= now

        session = Session(plan_of(pack, sets=1, reps=2, load_kg=5))
        script = Script(parts.interpreter, io.StringIO(TYPED), lambda text: None, may_answer)
        room = SilentRoom(paced=script.waits)
        app = App(room=room, ear=script, mouth=mouth, session=session, studio=studio, pack=pack)  # type: ignore[arg-type]
        records: list[Record] = []
        for observer in observers:
            app.tell(observer)
        app.tell(records.append)
        app.run()
        return records

    return run


@pytest.mark.parametrize(
    "error", [SpeechError("speech engine: it did not start"), OSError(12, "Cannot allocate memory")]
)
def test_a_voice_that_dies_leaves_an_alarm_and_the_workout_goes_on(
    workout: Callable[..., list[Record]], error: Exception
) -> None:
    records = workout(Voiceless(error))
    speechless = [record for record in records if record.event == "speechless"]
    assert {"set_intro", "set_go"} <= {record.data["line"] for record in speechless}
    assert all(record.data["text"] and record.data["why"] == str(error) for record in speechless)
    assert [record.data["side"] for record in records if record.event == "rep"] == ["left"] * 2 + ["right"] * 2
    assert records[-1].event == "ended"
    alarms = [record for record in records if record.event == "say"]
    assert len(alarms) > 10


def test_a_screen_that_breaks_is_left_alone_and_the_workout_goes_on(workout: Callable[..., list[Record]]) -> None:
    told: list[Record] = []

    def screen(record: Record) -> None:
        told.append(record)
        raise OSError(28, "No space left on device")

    records = workout(Voiceless(SpeechError("none")), screen)
    assert len(told) == 1
    assert records[-1].event == "ended"
