"""The only user of pyttsx3: a child process that renders texts into WAV files, each in a process of its own.

Run as `python -P .../assistant/synthesiser.py VOICE`, and so without anything else of this project. It reads one JSON
object a line, {"text", "rate", "path"}, and answers one a line, {"ok": true} or {"ok": false, "why": ...}.

An engine that has spoken before speaks a little differently (eSpeak NG carries the state of its noise and its
intonation along), and now and then it writes an empty file. So each text gets a fresh engine in a fork of this
process, in which all is imported and no engine was ever started: the same text gives the same samples on every
machine with the same eSpeak NG, for some 20 ms more. What pyttsx3 2.99 needs besides: an engine held in a module
global, because a local one crashes, and a process that may print.
"""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import TextIO

LONGEST_SECONDS = 20
"""An engine that takes longer hangs; its process is ended."""

BREATH_SECONDS = 0.01
"""eSpeak takes its settings in a thread of its own, and does not tell when it has them."""

engine = None
"""Must outlive every call: pyttsx3 crashes when a local engine is collected."""


def main() -> None:
    """Answers requests until its input ends."""
    voice = sys.argv[1]
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")  # pyttsx3 prints; the answers need a way of their own
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _apart(answers, lambda: _start(voice))
    for request in sys.stdin:
        asked = json.loads(request)
        _apart(answers, lambda asked=asked: _render(voice, **asked))
    os._exit(0)


def _apart(answers: TextIO, work: Callable[[], str]) -> None:
    """Does work in a process of its own, which answers for itself; if it crashes, so do we: we get replaced."""
    child = os.fork()
    if child == 0:
        signal.alarm(LONGEST_SECONDS)
        try:
            why = work()
        except Exception as error:  # whatever an engine raises, the parent should hear it rather than wait
            why = str(error) or type(error).__name__
        answers.write(json.dumps({"ok": not why, "why": why}) + "\n")
        answers.flush()
        os._exit(0)  # espeak's own clean-up aborts now and then
    if os.waitpid(child, 0)[1]:
        os._exit(1)


def _start(voice: str) -> str:
    """Why there can be no speech with this voice, or nothing."""
    try:
        started = _engine()
    except Exception as error:
        return f"no speech engine ({error}); on Debian: sudo apt-get install espeak-ng"
    known = [found.id for found in started.getProperty("voices")]
    if sys.platform == "linux" and voice.partition("+")[0].lower() not in known:
        english = ", ".join(name for name in known if "en" in name)
        return f"there is no voice {voice!r}; English ones are: {english}"
    return ""


def _render(voice: str, text: str, rate: int, path: str) -> str:
    speaker = _engine()
    speaker.setProperty("voice", voice)
    speaker.setProperty("volume", 1.0)
    for _ in range(2):  # of 100 that start, 3 forget the first time
        speaker.setProperty("rate", rate)
        time.sleep(BREATH_SECONDS)
    finished = threading.Event()
    speaker.connect("finished-utterance", lambda **_: finished.set())
    speaker.save_to_file(text, path)
    speaker.runAndWait()  # may come back while eSpeak's thread has not written the file yet
    finished.wait()  # the alarm limits it
    return ""


def _engine():
    global engine  # noqa: PLW0603  (see its docstring)
    import pyttsx3

    engine = pyttsx3.init()
    return engine


if __name__ == "__main__":
    with suppress(Exception):  # _start says what is missing
        import_module("pyttsx3.drivers.espeak")  # here, once, and not in each of the forks
    main()
