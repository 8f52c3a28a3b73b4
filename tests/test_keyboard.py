"""Typed commands: by somebody at the keyboard, and from a script."""

import io
import os
import time
from collections.abc import Callable

import numpy as np
import pytest

from assistant.events import Closed, Event, Heard
from assistant.keyboard import Keyboard, Script
from assistant.room import BLOCK, Block, samples, seconds
from assistant.silent_room import SilentRoom

SILENCE = np.zeros(BLOCK, dtype=np.float32)


def block(number: int) -> Block:
    return Block(number * BLOCK, SILENCE, SILENCE)


def short(event: Event) -> str:
    """An event as "1.2 pause", with the second of its block's end."""
    match event:
        case Heard(value=None):
            return f"{seconds(event.at):g} {event.intent}"
        case Heard():
            return f"{seconds(event.at):g} {event.intent} {event.value:g}"
    return f"{seconds(event.at):g} {type(event).__name__}"


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def play(parts, complaints) -> Callable[..., list[str]]:
    """Runs a script for some seconds; `talks` are the stretches of seconds in which the coach talks."""

    def run(text: str, until: float = 10.0, talks: tuple[tuple[float, float], ...] = ()) -> list[str]:
        def may_answer(now: int) -> bool:
            return not any(samples(start) <= now < samples(end) for start, end in talks)

        script = Script(parts.interpreter, io.StringIO(text), complaints.append, may_answer)
        return [short(event) for number in range(samples(until) // BLOCK) for event in script.hear(block(number))]

    return run


def test_a_byte_that_is_no_text_ends_the_typing_and_says_so(parts, complaints):
    lines = io.TextIOWrapper(io.BytesIO(b"ready\n" + b"\xf8\n" * 5000), encoding="utf-8")
    typed = Keyboard(parts.interpreter, lines, complaints.append)
    found: list[Event] = []
    deadline = time.monotonic() + 10
    while not any(isinstance(event, Closed) for event in found) and time.monotonic() < deadline:
        found += typed.hear(block(0))
    assert isinstance(found[-1], Closed)


# ---- a script


def test_a_line_is_taken_a_block_and_the_end_closes_once(play):
    assert play("ready\nnext\nskip rest\n") == ["0.1 ready", "0.2 next", "0.3 skip_rest", "0.4 Closed"]


def test_a_line_waits_until_the_coach_has_finished(play):
    found = play("ready\nnext\n", talks=((0, 2.0), (2.05, 3.0)))
    assert found == ["2 ready", "3 next", "3.1 Closed"]


def test_a_timed_line_counts_from_the_line_before_it_and_does_not_wait(play):
    found = play("ready\n+5 pause\n+0.5 resume\nnext\n", talks=((1.5, 8.0),))
    assert found == ["0.1 ready", "5.1 pause", "5.6 resume", "8 next", "8.1 Closed"]


def test_a_script_may_begin_with_a_time(play):
    assert play("+1.5 stop", talks=((0, 4),)) == ["1.5 stop", "4 Closed"]


def test_the_end_waits_too(play):
    assert play("", talks=((0, 3.0),)) == ["3 Closed"]
    assert play("+9 stop\n", until=8.0) == []


def test_comments_and_empty_lines_take_no_turn(play, complaints):
    assert play("# hello\n\n   \nready\n  # more\nnext") == ["0.1 ready", "0.2 next", "0.3 Closed"]
    assert complaints == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("  Hold on!  ", "pause"),
        ("I'm ready.", "ready"),
        ("It doesn’t hurt", "no"),
        ("I said STOP!", "stop"),
        ("my left knee", "pain"),
        ("No, keep going!", "resume"),
        ("42.5", "number 42.5"),
        ("42,5 kilos", "number 42.5"),
        ("12", "number 12"),
        ("0", "number 0"),
        ("forty two point five", "number 42.5"),
        ("100 kilos please", "number 100"),
    ],
)
def test_a_typed_line_means_what_the_spoken_words_mean(play, complaints, line, expected):
    assert play(line) == [f"0.1 {expected}", "0.2 Closed"]
    assert complaints == []


@pytest.mark.parametrize("line", ["dance", "the paint is dry", "pause the music 3 times", "next 7"])
def test_nonsense_is_told_and_the_script_goes_on(play, complaints, line):
    assert play(f"{line}\nready") == ["0.2 ready", "0.3 Closed"]
    assert complaints == [f"{line!r} is no command; type: help"]


@pytest.mark.parametrize("line", ["12345", "-5", "+5", "42.5.3"])
def test_numbers_that_cannot_be_are_nonsense(play, complaints, line):
    assert play(f"{line}\nready") == ["0.2 ready", "0.3 Closed"]
    assert len(complaints) == 1


def test_an_event_holds_the_line_as_it_was_typed(parts):
    script = Script(parts.interpreter, io.StringIO("  42.5 Kilos \n"), print, lambda now: True)
    [event] = script.hear(block(3))
    assert event == Heard(4 * BLOCK, "number", "42.5 Kilos", 42.5)


def test_a_line_of_a_pipe_is_taken_before_the_next_one_comes_and_nobody_waits_for_it(parts, complaints):
    reading, writing = os.pipe()
    with os.fdopen(reading) as lines:
        script = Script(parts.interpreter, lines, complaints.append, lambda now: True)
        with os.fdopen(writing, "w") as pipe:
            assert list(script.hear(block(0))) == []
            for number, line in enumerate(("# now\n\nready\n", "ready\n", "+0.5 I'm ready\n")):
                pipe.write(line)
                pipe.flush()
                assert [event.intent for event in arrived(script, 1, block(5 * number))] == ["ready"]
                assert script.waits()
                assert list(script.hear(block(5 * number))) == []
            pipe.write("sto")
            pipe.flush()
            assert list(script.hear(block(19))) == []
            pipe.write("p")
        assert [short(event) for event in arrived(script, 2, block(19))] == ["2 stop", "2 Closed"]
        assert not script.waits()


def test_a_script_in_a_file_is_all_there_at_once(parts, tmp_path):
    file = tmp_path / "script"
    file.write_text("ready\n" * 50_000)
    with file.open() as lines:
        script = Script(parts.interpreter, lines, print, lambda now: True)
        for number in range(50_000):
            assert not script.waits()
            assert len(list(script.hear(block(number)))) == 1


def test_time_passes_as_it_does_while_a_line_may_still_come_and_as_fast_as_it_can_else(parts):
    reading, writing = os.pipe()
    with os.fdopen(reading) as lines:
        script = Script(parts.interpreter, lines, print, lambda now: now > BLOCK)
        blocks = SilentRoom(paced=script.waits).blocks(lambda at, count: SILENCE)
        with os.fdopen(writing, "w") as pipe:
            began = time.monotonic()
            for _ in range(5):
                next(blocks)
            assert time.monotonic() - began > 0.49
            pipe.write("ready\n")
        while script.waits():
            time.sleep(0.001)
        began = time.monotonic()
        for _ in range(600):
            next(blocks)
        assert time.monotonic() - began < 30  # of a minute
        assert [short(event) for event in arrived(script, 2, block(1))] == ["0.2 ready", "0.2 Closed"]


# ---- somebody who types


def arrived(keyboard: Keyboard | Script, count: int, now: Block | None = None) -> list[Event]:
    """So many events, as soon as the thread that reads has taken them; fewer if they never come."""
    events = []
    for _ in range(10_000):
        events += keyboard.hear(now or block(0))
        if len(events) >= count:
            break
        time.sleep(0.001)
    return events


def test_every_line_is_taken_at_once_whoever_talks(parts, complaints):
    keyboard = Keyboard(parts.interpreter, io.StringIO("ready\n\ndance\n42.5\n"), complaints.append)
    assert [short(event) for event in arrived(keyboard, 3)] == ["0.1 ready", "0.1 number 42.5", "0.1 Closed"]
    assert complaints == ["'dance' is no command; type: help"]
    assert list(keyboard.hear(block(1))) == []


def test_nobody_waits_for_a_line_that_is_not_typed_yet(parts, complaints):
    reading, writing = os.pipe()
    with os.fdopen(reading) as lines:
        keyboard = Keyboard(parts.interpreter, lines, complaints.append)
        with os.fdopen(writing, "w") as typing:
            assert list(keyboard.hear(block(0))) == []
            for line, intent in (("pause\n", "pause"), ("I'm ready\n", "ready")):
                typing.write(line)
                typing.flush()
                assert [event.intent for event in arrived(keyboard, 1)] == [intent]
            typing.write("sto")
            typing.flush()
            assert list(keyboard.hear(block(0))) == []
            typing.write("p")
        assert [short(event) for event in arrived(keyboard, 2)] == ["0.1 stop", "0.1 Closed"]


def test_the_end_of_input_is_told_as_an_event(parts):
    assert arrived(Keyboard(parts.interpreter, io.StringIO(""), print), 1) == [Closed(BLOCK)]


def test_a_time_that_never_comes_is_no_time(play, complaints):
    assert play(f"ready\n+{'9' * 400} pause\nnext\n") == ["0.1 ready", "0.3 next", "0.4 Closed"]
    assert len(complaints) == 1
