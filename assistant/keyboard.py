"""Typed lines in the place of heard words: for a room where nobody may speak, and for scripts."""

import queue
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TextIO

from assistant.events import Closed, Event, Heard
from assistant.interpret import Interpreter
from assistant.pack_rules import normal
from assistant.room import Block, samples

_NUMBER = re.compile(r"(?<![\w.,+-])\d{1,4}(?:[.,]\d+)?(?![\w.,])")

_AFTER = re.compile(r"\+(\d+(?:\.\d+)?)\s+(.*)")


class Keyboard:
    """Someone who types. Every line is taken at once."""

    def __init__(
        self,
        interpreter: Interpreter,
        lines: TextIO,
        complain: Callable[[str], None],
        asks: Callable[[], bool] = lambda: False,
    ) -> None:
        """`complain` is told of each line that is no command; `asks` tells whether any words may be an answer."""
        self._interpreter = interpreter
        self._asks = asks
        self._complain = complain
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, args=(lines,), daemon=True).start()

    def _read(self, lines: TextIO) -> None:
        with suppress(OSError, ValueError):  # no text, or a terminal that has gone: the same as its end
            for line in lines:
                self._lines.put(line)
        self._lines.put(None)

    def hear(self, block: Block) -> Iterator[Event]:
        """See Listener."""
        while not self._lines.empty():
            line = self._lines.get()
            if line is None:
                yield Closed(block.end)
            else:
                yield from heard(self._interpreter, line, block.end, self._complain, asks=self._asks())


class Script:
    """Lines written beforehand. The next one is taken once the coach has finished talking, but not during a
    counted set; a line "+5 pause" is taken five seconds after the one before it, whatever the coach does."""

    def __init__(
        self,
        interpreter: Interpreter,
        lines: TextIO,
        complain: Callable[[str], None],
        may_answer: Callable[[int], bool],
        asks: Callable[[], bool] = lambda: False,
    ) -> None:
        """`may_answer(now)` tells whether the coach has finished talking; `asks` whether any words may be an
        answer."""
        self._interpreter = interpreter
        self._asks = asks
        self._complain = complain
        self._may_answer = may_answer
        self._lines = (line for line in map(str.strip, lines) if line and not line.startswith("#"))
        self._next = next(self._lines, None)
        self._last_at = 0
        self._closed = False

    def hear(self, block: Block) -> Iterator[Event]:
        """See Listener."""
        if self._closed:
            return
        timed = _AFTER.fullmatch(self._next) if self._next else None
        if timed:
            if block.end < self._last_at + samples(float(timed[1])):
                return
        elif not self._may_answer(block.end):
            return
        line, self._last_at = self._next, block.end
        if line is None:
            self._closed = True
            yield Closed(block.end)
            return
        self._next = next(self._lines, None)
        yield from heard(self._interpreter, timed[2] if timed else line, block.end, self._complain, asks=self._asks())


def heard(
    interpreter: Interpreter, line: str, at: int, complain: Callable[[str], None], *, asks: bool = False
) -> Iterator[Heard]:
    """A typed line as the event that the same spoken words would be; `asks`: any words may be an answer now."""
    words = normal(line)
    if not words:
        return
    spelled = _digits_spelled(interpreter, line)
    meaning = interpreter.meaning_at_end(words, asks=asks) or interpreter.meaning_at_end(spelled, asks=asks)
    if not meaning:
        meaning = interpreter.answer(words) if asks else interpreter.named_place(words)
    if meaning:
        yield Heard(at, meaning.intent, line.strip(), meaning.value)
    else:
        complain(f"{line.strip()!r} is no command; type: help")


def _digits_spelled(interpreter: Interpreter, line: str) -> str:
    """ "42.5 kilos" as it would be said."""
    return normal(_NUMBER.sub(lambda number: interpreter.spell(float(number[0].replace(",", "."))), line))


def is_typed_live() -> bool:
    """Whether somebody sits at the keyboard (a terminal), or a script was piped in."""
    return sys.stdin.isatty()
