"""The only user of pyttsx3: a child process that renders one text at a time into a WAV file.

Run as `python -m assistant.synthesiser VOICE RATE`. It reads one JSON object a line, {"text", "path"}, and
answers one a line, {"ok": true} or {"ok": false, "why": ...}. What pyttsx3 2.99 needs, learned the hard way:
one engine for the life of the process, held in a module global; properties set once, first; one text, one
`runAndWait`, then a short breath; and a process of its own, because it may crash or print.
"""

import json
import os
import sys
import time
from importlib.metadata import version
from typing import TextIO

BREATH_SECONDS = 0.02
"""After each text: without it pyttsx3 now and then writes the next one empty."""

engine = None
"""Must outlive every call: pyttsx3 crashes when a local engine is collected."""


def main() -> None:
    """Answers requests until its input ends."""
    voice, rate = sys.argv[1], int(sys.argv[2])
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")  # pyttsx3 prints; the answers need a way of their own
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _answer(answers, **_start(voice, rate))
    for request in sys.stdin:
        asked = json.loads(request)
        try:
            _render(asked["text"], asked["path"])
            _answer(answers, ok=True)
        except Exception as error:  # whatever an engine raises, the parent should hear it rather than wait
            _answer(answers, ok=False, why=str(error) or type(error).__name__)
    os._exit(0)  # espeak's own clean-up aborts now and then


def _start(voice: str, rate: int) -> dict[str, object]:
    global engine  # noqa: PLW0603  (see its docstring)
    try:
        import pyttsx3

        engine = pyttsx3.init()
    except Exception as error:
        return {
            "ok": False,
            "why": f"no speech engine ({error}); on Debian: sudo apt-get install espeak-ng",
        }
    known = [found.id for found in engine.getProperty("voices")]
    if sys.platform == "linux" and voice.partition("+")[0].lower() not in known:
        english = ", ".join(name for name in known if "en" in name)
        return {"ok": False, "why": f"there is no voice {voice!r}; English ones are: {english}"}
    engine.setProperty("voice", voice)
    for _ in range(2):  # eSpeak takes them in a thread of its own; of 100 that start, 3 forget the first time
        engine.setProperty("rate", rate)
        engine.setProperty("volume", 1.0)
        time.sleep(BREATH_SECONDS)
    return {"ok": True, "engine": f"pyttsx3 {version('pyttsx3')}"}


def _render(text: str, path: str) -> None:
    assert engine is not None
    engine.save_to_file(text, path)
    engine.runAndWait()
    time.sleep(BREATH_SECONDS)


def _answer(answers: TextIO, **answer: object) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
