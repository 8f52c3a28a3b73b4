"""Whether commands are heard: in noise, over the coach's own voice, and what is heard that nobody said.

A simulated room with the real voice, the real ear and everything in between. The person speaks with voices that
the coach does not use, or with your own recordings.
"""

import argparse
import resource
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from assistant import parts, plan
from assistant.events import Heard
from assistant.parts import Parts
from assistant.room import RATE, samples
from assistant.session.intents import URGENT
from assistant.simulation import Acoustics
from assistant.studio import Clip
from scripts.benchmarks import clips as recordings
from scripts.benchmarks.stage import Said, Stage
from scripts.train_model import noise

VOICES = (("gmw/en-us+f3", 150), ("gmw/en+m3", 160), ("gmw/en-gb-scotland", 150), ("gmw/en-us+m7", 145))
"""pyttsx3 voices (and words a minute) of the person; the coach's is another."""

NOISES = ("white", "babble", "music")
LEVELS_DB = (20.0, 10.0, 5.0)
ECHOES_DB = (0.0, 5.0, 10.0, 15.0)
OVER_OURSELVES = ("stop", "pain", "pause")
TALK = Path(__file__).parent / "talk.txt"
NOISE_SECONDS = 60

HEARING = Path(__file__).parents[2] / "docs" / "HEARING.md"
BEGIN, END = "<!-- scripts/benchmark hearing --write: begin -->\n", "<!-- end -->"


def add_options(parser: argparse.ArgumentParser) -> None:
    """What to measure, how much of it, and with whose voice."""
    parser.add_argument("--clips", type=Path, metavar="CSV", help="your recordings: columns file,text; or word/*.wav")
    parser.add_argument("--speech", type=Path, metavar="CSV", help="speech that holds no command, likewise")
    parser.add_argument("--voices", type=int, default=len(VOICES), metavar="N", help="so many voices (%(default)s)")
    parser.add_argument(
        "--minutes", type=float, default=60, metavar="M", help="of coaching, for what it hears of itself"
    )
    parser.add_argument(
        "--write", action="store_true", help=f"put the tables into {HEARING.parent.name}/{HEARING.name}"
    )
    parser.add_argument(
        "--only",
        choices=["noise", "over", "self", "false"],
        action="append",
        help="one part: commands in noise, over the coach's voice, self-triggers, false commands",
    )


def run(options: argparse.Namespace) -> int:
    """Prints the tables."""
    loaded = Parts.load()
    wanted = options.only or ["noise", "over", "self", "false"]
    with loaded.studio() as coach:
        stage = Stage(loaded, _coaching(loaded, coach))
        said = _recorded(options.clips, loaded) if options.clips else _rendered(loaded, options.voices)
        made: list[str] = [f"Speech model: {loaded.choose_model().path.name}. {len(said)} clips."]
        if "noise" in wanted:
            made += _in_noise(stage, said)
        if "over" in wanted:
            made += _over_ourselves(stage, said)
        if "self" in wanted:
            made += _self_triggers(stage, options.minutes)
        if "false" in wanted:
            made += _false_commands(stage, _speech(options.speech, loaded, options.voices))
        made += _cost(stage)
    text = "\n".join(made) + "\n"
    print(text)
    if options.write:
        head, _, rest = HEARING.read_text(encoding="utf-8").partition(BEGIN)
        HEARING.write_text(f"{head}{BEGIN}{text}{END}{rest.partition(END)[2]}", encoding="utf-8")
    return 0


# ---------------------------------------------------------------- what is said


def _coaching(loaded: Parts, coach: object) -> list[Clip]:
    """An hour's worth of what the coach says, in a mixed order."""
    exercise = parts.find_exercise(loaded.pack, None)
    texts = sorted(set(parts.texts(loaded.pack, plan.make(exercise, plan.Wishes(), loaded.pack.reader))))
    np.random.default_rng(1).shuffle(texts)
    return [coach.clip(text, brisk=brisk) for text, brisk in texts]  # type: ignore[attr-defined]


def _rendered(loaded: Parts, voices: int) -> list[Said]:
    """The first two ways to say each command, and all short ways to say what is urgent, in each voice."""
    found = []
    for voice, rate in VOICES[:voices]:
        with loaded.studio(voice, rate) as studio:
            for intent, command in loaded.pack.commands.items():
                for phrase in command.phrases[: 6 if intent in URGENT else 2]:
                    found.append(Said(phrase, intent, studio.clip(phrase).samples))
    return found


def _recorded(manifest: Path, loaded: Parts) -> list[Said]:
    found = []
    for clip in recordings.read(manifest):
        meaning = loaded.interpreter.meaning(clip.text)
        if meaning is not None:
            found.append(Said(clip.text, meaning.intent, clip.sound))
    return found


def _speech(manifest: Path | None, loaded: Parts, voices: int) -> list[np.ndarray]:
    """Sentences without a command in them."""
    if manifest:
        return [clip.sound for clip in recordings.read(manifest)]
    found = []
    for voice, rate in VOICES[:voices]:
        with loaded.studio(voice, rate) as studio:
            found += [studio.clip(line).samples for line in TALK.read_text(encoding="utf-8").splitlines()]
    return found


def _noise(kind: str, said: list[Said]) -> np.ndarray | None:
    rng = np.random.default_rng(len(kind))
    match kind:
        case "babble":
            sounds = [one.sound for one in said]
            return noise.babble(rng, NOISE_SECONDS * RATE, lambda r: sounds[int(r.integers(len(sounds)))] * 32768, 4)
        case "music":
            return noise.music(rng, NOISE_SECONDS * RATE)
    return None  # the room's own is white


# ---------------------------------------------------------------- the tables


def _in_noise(stage: Stage, said: list[Said]) -> list[str]:
    rows, commands = [], defaultdict(list)
    for snr in (None, *LEVELS_DB):
        together = []
        for kind in [""] if snr is None else NOISES:
            done = list(stage.say(said, Acoustics(snr_db=snr), noise=_noise(kind, said), coaching=False))
            together += done
            rows.append(_row("clean" if snr is None else f"{snr:.0f} dB {kind}", done))
        if snr is not None:
            rows.append(_row(f"{snr:.0f} dB, all noises", together))
        for one in together:
            commands[one.said.intent].append((snr, one))
    table = _table("Commands, the coach silent", ("condition", *COLUMNS), rows)
    each = []
    for intent, results in commands.items():
        cells = []
        for snr in (None, *LEVELS_DB):
            ours = [one for level, one in results if level == snr]
            cells.append(f"{_percent(one.right for one in ours)} / {_percent(one.wrong for one in ours)}")
        each.append((intent, *cells))
    levels = ("clean", *(f"{snr:.0f} dB" for snr in LEVELS_DB))
    return table + _table("Each command, right / wrong in percent", ("command", *levels), each)


def _over_ourselves(stage: Stage, said: list[Said]) -> list[str]:
    rows = []
    ours = [one for one in said if one.intent in OVER_OURSELVES]
    for echo_db in ECHOES_DB:
        done = list(stage.say(ours, Acoustics(echo_db=echo_db), coaching=True))
        for intent in OVER_OURSELVES:
            rows.append(_row(f"{echo_db:+.0f} dB {intent}", [one for one in done if one.said.intent == intent]))
    return _table("Over the coach's own voice, by how much louder it is than the person", ("echo", *COLUMNS), rows)


def _self_triggers(stage: Stage, minutes: float) -> list[str]:
    rows = []
    for echo_db in ECHOES_DB:
        heard = stage.listen(minutes * 60, Acoustics(echo_db=echo_db), coaching=True)
        rows.append((f"{echo_db:+.0f} dB", f"{60 * len(heard) / minutes:.1f}", _words(heard)))
    return _table(f"What it hears of itself, {minutes:.0f} minutes each", ("echo", "commands an hour", "which"), rows)


def _false_commands(stage: Stage, speech: list[np.ndarray]) -> list[str]:
    rows = []
    gap = np.zeros(samples(0.4), dtype=np.float32)
    talk = np.concatenate([part for sound in speech for part in (sound, gap)])
    music = noise.music(np.random.default_rng(3), samples(600))
    for name, sound in (("one person talks", talk), ("music", music)):
        heard = stage.listen(len(sound) / RATE, Acoustics(snr_db=0.0), coaching=False, noise=sound)
        hours = len(sound) / RATE / 3600
        urgent = sum(event.intent in URGENT for event in heard)
        rows.append((name, f"{60 * hours:.0f}", f"{len(heard) / hours:.1f}", f"{urgent / hours:.1f}", _words(heard)))
    columns = ("what is heard", "minutes", "commands an hour", "stop, pain, help an hour", "which")
    return _table("False commands, whatever the session makes of them", columns, rows)


def _cost(stage: Stage) -> list[str]:
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        "",
        f"The ear took {stage.ear_seconds / stage.heard_seconds:.3f} of a core; peak memory {peak_mb:.0f} MB.",
    ]


COLUMNS = ("right", "wrong", "missed", "of", "s to the command, p50", "p95", "s to silence, p95")


def _row(name: str, done: list) -> tuple[str, ...]:
    delays = [one.delay_seconds for one in done if one.right]
    silences = [one.silence_seconds for one in done if one.right and one.silence_seconds is not None]
    return (
        name,
        _percent(one.right for one in done),
        _percent(one.wrong for one in done),
        _percent(not one.right and not one.wrong for one in done),
        str(len(done)),
        _quantile(delays, 50),
        _quantile(delays, 95),
        _quantile(silences, 95),
    )


def _percent(found: Iterable[bool]) -> str:
    counted = list(found)
    return f"{100 * sum(counted) / max(1, len(counted)):.0f}"


def _quantile(values: list[float], percent: float) -> str:
    return f"{np.percentile(values, percent):.2f}" if values else "-"


def _words(heard: list[Heard]) -> str:
    return ", ".join(f"{event.words} ({event.intent})" for event in heard[:6])


def _table(title: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    return ["", f"### {title}", "", _line(columns), _line(("---",) * len(columns)), *map(_line, rows)]


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
