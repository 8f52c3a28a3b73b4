"""The command line: what can be asked, and its help."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from assistant import commands, diary_cli, model_commands

DESCRIPTION = """\
A voice at your bench: reads an exercise to you, counts every rep on the beat, and listens all the time.
Everything happens on this machine; no sound and no word leaves it."""

EPILOG = """\
while you train, say at any moment:
  pause, resume, stop, repeat, why, help, where am I, how many left, louder, quieter, end workout
  and "pain", or what hurts: silence at once, and then we look after you.

examples:
  assistant run                         train the first exercise
  assistant run --sets 2 --reps 8 --load 10
  assistant run --keyboard              type instead of speaking
  assistant rehearse --wav out.wav      hear a whole session without a microphone
  assistant listen                      see what it hears
  assistant listen --test               how well does it hear you? what should change?

exit codes: 0 all well, 1 a rehearsal or check failed, 2 something must be put right first (it says what),
  70 a mistake of the program itself, 130 Ctrl-C."""

RUN_EPILOG = """\
with --keyboard, lines that are piped in are taken one by one, each when the coach has finished talking and
counts no rep; a line "+5 pause" is taken five seconds after the one before it, whatever the coach does;
lines that start with # are notes. At the end of the input the workout is closed, with its summary. Without a
sound card, time passes as fast as lines are there, and as it does while one may still come."""


def run(arguments: Sequence[str]) -> int:
    """Parses and runs; returns the exit code. Raises AssistantError."""
    options = parser().parse_args(arguments)
    return int(options.command(options))


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = _Parser(prog="assistant", description=DESCRIPTION, epilog=EPILOG)
    top.set_defaults(command=lambda _: top.print_help() or 0)
    subs = top.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)

    run = subs.add_parser("run", help="train, by voice", description="Train, by voice.", epilog=RUN_EPILOG)
    run.set_defaults(command=commands.run)
    run.add_argument("exercise", nargs="?", metavar="EXERCISE", help="which one (see: assistant exercises)")
    run.add_argument("--sets", type=int, metavar="N", help="sets; left and right together are one")
    run.add_argument("--reps", type=int, metavar="N", help="reps a side")
    run.add_argument("--tempo", metavar="U-H-D-H", help="seconds to lift, hold, lower, wait: 2-1-3-0")
    run.add_argument("--rest", type=int, metavar="S", help="seconds of rest between sets")
    run.add_argument("--load", type=float, metavar="KG", help="kilos; 0 is body weight; without it, you are asked")
    run.add_argument("--warmup", type=int, metavar="S", help="seconds of warm-up")
    run.add_argument("--variation", metavar="NAME", help="a variation of the exercise: band, tempo, ...")
    run.add_argument("--first", choices=["left", "right"], help="the side that begins")
    how = run.add_mutually_exclusive_group()
    how.add_argument("--keyboard", action="store_true", help="type commands instead of speaking them")
    how.add_argument(
        "--wait", action="store_true", help="train whenever somebody says “start workout”, for a service"
    )
    run.add_argument("--guest", action="store_true", help="without the diary: nothing is read, nothing written")
    run.add_argument(
        "--no-rehearsal", action="store_true", help="end with code 2 where there is no sound card, for a service"
    )
    run.add_argument("--json", action="store_true", help="print events, one JSON object a line")

    rehearse = subs.add_parser(
        "rehearse",
        help="a whole session in a simulated room",
        description="Plays a session in a simulated room, faster than real time, with the real voice and the "
        "real recogniser.",
    )
    rehearse.set_defaults(command=commands.rehearse)
    rehearse.add_argument("scenario", nargs="?", type=Path, metavar="SCENARIO.toml", help="who says what when")
    rehearse.add_argument(
        "--wav", type=Path, metavar="OUT.wav", help="write the sound: left what we play, right what we hear"
    )
    rehearse.add_argument("--json", action="store_true", help="print events, one JSON object a line")

    listen = subs.add_parser(
        "listen", help="show what it hears", description="Shows what it hears, from the microphone or a file."
    )
    listen.set_defaults(command=commands.listen)
    listen.add_argument("--file", type=Path, metavar="WAV", help="a WAV or FLAC instead of the microphone")
    listen.add_argument("--test", action="store_true", help="test the commands on your own voice, in your own room")
    listen.add_argument("--json", action="store_true", help="print one JSON object a line (always so for a file)")

    exercises = subs.add_parser(
        "exercises",
        help="list exercises, or show one",
        description="Lists exercises, or shows all about one.",
    )
    exercises.set_defaults(command=commands.exercises)
    exercises.add_argument("exercise", nargs="?", metavar="EXERCISE", help="show this one in full")

    say = subs.add_parser("say", help="speak a text", description="Speaks a text with the coach's voice.")
    say.set_defaults(command=commands.say)
    say.add_argument("text", metavar="TEXT", help="what to say")
    say.add_argument("--wav", type=Path, metavar="F", help="write it to a file instead of playing it")

    diary_cli.add(subs)

    validate = subs.add_parser(
        "validate",
        help="check a pack or an exercise you wrote",
        description="Checks a pack (a folder), an exercise or a scenario (a .toml file), down to the words that "
        "the speech model must know.",
    )
    validate.set_defaults(command=commands.validate)
    validate.add_argument("path", type=Path, metavar="PATH")

    model = subs.add_parser(
        "model",
        help="which speech model is used; add words, fetch a bigger one",
        description="Tells which speech model is used and why. `fetch` downloads the official small English model. "
        "`build` teaches the shipped model more words: those of the pack, its exercises, and a list of your own.",
    )
    model.set_defaults(command=model_commands.model)
    model.add_argument("what", nargs="?", choices=["fetch", "build"], help="download a model, or add words to ours")
    model.add_argument("--words", type=Path, metavar="FILE", help="build: more words, any number a line")
    model.add_argument("--to", type=Path, metavar="DIR", help="build: which folder becomes the model")
    return top


class _Parser(argparse.ArgumentParser):
    """With help that keeps its line breaks, and errors of one line."""

    def __init__(self, **options: object) -> None:
        super().__init__(**{"formatter_class": argparse.RawDescriptionHelpFormatter, **options})  # type: ignore[arg-type]

    def error(self, message: str) -> None:  # type: ignore[override]
        """One line and exit code 2."""
        self.exit(2, f"{self.prog}: {message}; see: {self.prog} --help\n")
