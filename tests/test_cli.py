"""The command line as a user meets it: real processes, real speech, real files."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TextIO

import pytest

from assistant import cli, soundfiles
from assistant.diary.database import Database
from assistant.room import RATE

SHORT = [
    "run",
    "--keyboard",
    "--guest",
    "--sets",
    "1",
    "--reps",
    "1",
    "--tempo",
    "1-1-2-0",
    "--rest",
    "0",
    "--load",
    "0",
]
TO_THE_SET = "ready\none one two\nno\nno\nno\nskip\nyes\nyes\nyes\nskip\nready\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of somebody new: an empty home, no sound card, the speech cache of this test run."""
    place = tmp_path_factory.mktemp("home")
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(place),
        "XDG_RUNTIME_DIR": str(place),
        "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(place / "cache")),
    }


def assistant(home: dict[str, str], *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Runs the program, with a diary in which nothing is written yet."""
    with tempfile.TemporaryDirectory(dir=home["HOME"]) as data:
        return subprocess.run(
            [sys.executable, "-m", "assistant", *arguments],
            input=typed,
            capture_output=True,
            text=True,
            env={"XDG_DATA_HOME": data, **home},
            check=False,
            timeout=120,
        )


def records(text: str) -> list[dict[str, object]]:
    """JSON lines."""
    return [json.loads(line) for line in text.splitlines()]


def test_a_workout_can_be_typed_from_end_to_end(home: dict[str, str]) -> None:
    done = assistant(home, *SHORT, "--json", typed=TO_THE_SET + "ready\nnext\nnext\nnext\n")
    assert done.returncode == 0, done.stderr
    events = records(done.stdout)
    assert [e["rep"] for e in events if e["event"] == "rep"] == [1, 1]
    assert events[-1]["event"] == "ended"
    assert events[-1]["reason"] == "complete"
    assert all(isinstance(e["at_s"], float) for e in events)


def test_pain_can_be_typed_in_the_middle_of_a_set(home: dict[str, str]) -> None:
    done = assistant(home, *SHORT[:-6], "--load", "0", "--json", typed=TO_THE_SET + "+7 my knee hurts\nno\n")
    events = records(done.stdout)
    assert events[-1]["reason"] == "pain"
    pain = next(n for n, e in enumerate(events) if e["event"] == "pain")
    assert events[pain]["state"] == "set"
    assert "pain_stop" in [e.get("line") for e in events[pain:]]


def test_the_end_of_input_ends_the_session_cleanly(home: dict[str, str]) -> None:
    done = assistant(home, "run", "--keyboard", "--json", typed="")
    assert done.returncode == 0
    assert records(done.stdout)[-1]["reason"] == "closed"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a file that is always full")
def test_a_log_on_a_full_disk_keeps_nobody_from_training(home: dict[str, str]) -> None:
    for options, code, last in ((SHORT, 0, "the end (closed)"), (["exercises", "frobnicate"], 2, "")):
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [sys.executable, "-m", "assistant", *options],
                input="", stdout=subprocess.PIPE, stderr=full, text=True, env=home, check=False, timeout=120,
            )  # fmt: skip
        assert done.returncode == code
        assert last in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a file that is always full")
@pytest.mark.parametrize(
    ("command", "unbuffered"),
    [(["exercises"], ""), (["exercises"], "1"), (["exercises", "hip-thrust"], ""), (["--help"], ""), (SHORT, "")],
)
def test_output_that_finds_no_room_is_told_in_a_line(
    home: dict[str, str], command: list[str], unbuffered: str
) -> None:
    with Path("/dev/full").open("w") as full:
        done = output_to(full, home, *command, unbuffered=unbuffered)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        "assistant: the output: cannot be written (No space left on device); free some space, or choose another place"
    )
    assert "went wrong" not in done.stderr
    assert "Exception" not in done.stderr


@pytest.mark.parametrize(
    ("command", "unbuffered"), [(["exercises"], ""), (["exercises"], "1"), (["--help"], ""), (SHORT, "")]
)
def test_a_reader_that_has_left_is_no_mistake(home: dict[str, str], command: list[str], unbuffered: str) -> None:
    end, pipe = os.pipe()
    os.close(end)
    with os.fdopen(pipe, "w") as out:
        done = output_to(out, home, *command, unbuffered=unbuffered)
    assert done.returncode == 0
    assert "Exception" not in done.stderr


@pytest.mark.parametrize("closed", [">&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command", [["export", "--format", "csv"], SHORT])
def test_what_is_closed_from_the_start_is_not_needed(home: dict[str, str], command: list[str], closed: str) -> None:
    place = Path(home["HOME"]) / "kept"
    if not place.exists():
        with Database(place / "bench-voice/diary.sqlite"):
            pass
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-m", "assistant", *command],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**home, "XDG_DATA_HOME": str(place)},
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


def output_to(
    out: TextIO, home: dict[str, str], *arguments: str, unbuffered: str
) -> subprocess.CompletedProcess[str]:
    """Runs the program, with its standard output there."""
    return subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=subprocess.PIPE,
        text=True,
        env={**home, "PYTHONUNBUFFERED": unbuffered},
        check=False,
        timeout=120,
    )


def test_captions_show_who_said_what_and_the_count(home: dict[str, str]) -> None:
    done = assistant(home, *SHORT, typed=TO_THE_SET)
    for part in ("coach    Hello", "you      ready  → ready", "set: set 1, left leg", "●  left 1/1"):
        assert part in done.stdout


def test_a_terminal_that_is_not_utf_8_gets_what_it_can_show(home: dict[str, str]) -> None:
    done = assistant({**home, "PYTHONIOENCODING": "latin-1"}, *SHORT, typed=TO_THE_SET)
    assert done.returncode == 0, done.stderr
    for part in ("you      ready  ? ready", "?? set: set 1, left leg", "?  left 1/1"):
        assert part in done.stdout


def test_without_a_sound_card_run_says_so_and_rehearses(home: dict[str, str]) -> None:
    if Path("/proc/asound/card0").exists():
        pytest.skip("this machine has a sound card, which would be used")
    command = [sys.executable, "-m", "assistant", "run", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=home) as running:
        assert running.stdout
        assert running.stderr
        # How the session goes on is told by the test of that rehearsal.
        heard = next(event for event in map(json.loads, running.stdout) if event["event"] == "heard")
        running.kill()
        assert "rehearsal instead: a whole session of the single leg hip thrust" in running.stderr.read()
    assert heard["intent"] == "ready"


def test_a_service_fails_without_a_sound_card_so_that_it_is_started_again(home: dict[str, str]) -> None:
    done = assistant(home, "run", "--no-rehearsal")
    assert done.returncode == 2
    assert "no microphone was found" in done.stderr
    service = (Path(__file__).parents[1] / "scripts/install-pi").read_text(encoding="utf-8")
    assert "--no-rehearsal --wait\nRestart=on-failure" in service


def test_say_and_listen_understand_each_other(home: dict[str, str], tmp_path: Path) -> None:
    wav = tmp_path / "pause.wav"
    assert assistant(home, "say", "pause", "--wav", str(wav)).returncode == 0
    heard = records(assistant(home, "listen", "--file", str(wav)).stdout)
    assert [(e["intent"], e["words"]) for e in heard] == [("pause", "pause")]
    assert set(heard[0]) == {"at_s", "intent", "words", "final"}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_sound_of_a_rehearsal_that_is_killed_can_be_heard(
    home: dict[str, str], tmp_path: Path, how: signal.Signals
) -> None:
    wav = tmp_path / "out.wav"
    command = [sys.executable, "-m", "assistant", "rehearse", "--wav", str(wav)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=home) as process:
        waits_until = time.monotonic() + 120
        while not wav.exists() or wav.stat().st_size < 100_000:
            assert process.poll() is None
            assert time.monotonic() < waits_until
            time.sleep(0.01)
        process.send_signal(how)
    assert process.returncode != 0
    assert len(soundfiles.read(wav)) >= RATE


def test_listen_prints_nothing_for_what_is_no_command(home: dict[str, str], tmp_path: Path) -> None:
    wav = tmp_path / "paint.wav"
    assistant(home, "say", "the paint is dry", "--wav", str(wav))
    done = assistant(home, "listen", "--file", str(wav))
    assert (done.returncode, done.stdout) == (0, "")


def test_exercises_are_listed_and_shown(home: dict[str, str]) -> None:
    assert "single-leg-hip-thrust" in assistant(home, "exercises").stdout
    page = assistant(home, "exercises", "hip-thrust").stdout
    for fact in ("8 to 12 reps", "60 to 90 s", "48 to 72 h", "10 %", "Drive through the heel", "See a doctor about"):
        assert fact in page


def test_the_shipped_pack_is_valid(home: dict[str, str]) -> None:
    root = Path(__file__).parent.parent
    for path in ("voices/en", "voices/en/rehearsal.toml", "voices/en/exercises/single-leg-hip-thrust.toml"):
        done = assistant(home, "validate", str(root / path))
        assert done.returncode == 0, done.stderr
        assert "ok" in done.stdout


def test_model_tells_which_and_why(home: dict[str, str]) -> None:
    assert "shipped model" in assistant(home, "model").stdout


MISTAKES = [
    (["run", "frobnicate"], "single-leg-hip-thrust"),
    (["run", "--sets", "99"], "1 to 10"),
    (["run", "--reps", "many"], "--help"),
    (["run", "--tempo", "fast"], "2-1-3-0"),
    (["run", "--load", "-3"], "0 (body weight)"),
    (["run", "--wait", "--keyboard"], "not allowed with"),
    (["run", "--variation", "none"], "isometric"),
    (["exercises", "frobnicate"], "single-leg-hip-thrust"),
    (["rehearse", "nowhere.toml"], "nowhere.toml"),
    (["rehearse", "--wav", "/nowhere/out.wav"], "choose another place"),
    (["listen", "--file", "nowhere.wav"], "no such file"),
    (["listen", "--file", __file__], "WAV or FLAC"),
    (["say", "  "], "give a text"),
    (["validate", "nowhere"], "folder"),
    (["validate", "x" * 300], "is too long for a name"),
    (["say", "\udcff"], "UTF-8"),
    (["listen", "--file", "/"], "WAV or FLAC"),
    (["run", "--load", "1e-300"], "0.1 to 300"),
    (["weights", "1e-9"], "0.1 to 300"),
    (["export", "--out", "."], "name a file in it"),
    (["frobnicate"], "--help"),
]


@pytest.mark.parametrize(("arguments", "hint"), MISTAKES, ids=[" ".join(a[:2])[:24] for a, _ in MISTAKES])
def test_mistakes_get_one_line_that_helps(home: dict[str, str], arguments: list[str], hint: str) -> None:
    done = assistant(home, *arguments)
    assert done.returncode == 2
    assert hint in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_half_installed_program_says_in_a_line_what_is_missing(home: dict[str, str]) -> None:
    code = "import sys; sys.modules['platformdirs'] = None; from assistant.__main__ import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=home, check=False, timeout=60
    )
    assert done.returncode == 70
    assert len(done.stderr.splitlines()) == 1
    assert "please report ModuleNotFoundError" in done.stderr
    assert "platformdirs" in done.stderr


@pytest.mark.parametrize("broken", ["[plan", 'title = "x"', 'title = "x"\nturns = []\nperson = { voice = 3 }'])
def test_a_broken_scenario_names_file_and_key(home: dict[str, str], tmp_path: Path, broken: str) -> None:
    file = tmp_path / "scenario.toml"
    file.write_text(broken)
    done = assistant(home, "rehearse", str(file))
    assert done.returncode == 2
    assert str(file) in done.stderr


@pytest.mark.parametrize("broken", ['echo = "loud"', "rate = 10000", "rate = 79", "rate = -165", r'voice = "\u0000"'])
def test_broken_settings_name_the_key(home: dict[str, str], tmp_path: Path, broken: str) -> None:
    folder = tmp_path / "bench-voice"
    folder.mkdir()
    (folder / "settings.toml").write_text(f"{broken}\n")
    done = assistant({**home, "XDG_CONFIG_HOME": str(tmp_path)}, "exercises")
    assert done.returncode == 2
    assert f"settings.toml: {broken.partition(' ')[0]}" in done.stderr


def test_settings_that_are_no_file_are_not_ignored(home: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "bench-voice/settings.toml").mkdir(parents=True)
    done = assistant({**home, "XDG_CONFIG_HOME": str(tmp_path)}, "exercises")
    assert done.returncode == 2
    assert "settings.toml: cannot be read" in done.stderr


def test_the_settings_may_name_the_exercise(home: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "bench-voice").mkdir()
    (tmp_path / "bench-voice/settings.toml").write_text('exercise = "arm-raise"\n')
    done = assistant({**home, "XDG_CONFIG_HOME": str(tmp_path)}, *SHORT, typed=TO_THE_SET)
    assert done.returncode == 2
    assert "no exercise 'arm-raise'; there are: single-leg-hip-thrust" in done.stderr


def test_ctrl_c_has_an_exit_code_of_its_own(home: dict[str, str]) -> None:
    # A shell that starts the tests in the background has them ignore Ctrl-C, and what they start would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    command = [sys.executable, "-m", "assistant", "run", "--keyboard", "--guest"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=home
    ) as running:
        assert running.stdout
        running.stdout.readline()
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 130
        assert running.stderr
        assert "Traceback" not in running.stderr.read()


def test_the_exit_codes_are_told() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    for text in (" ".join(cli.EPILOG.split()), " ".join(readme.split())):
        told = text[text.lower().index("exit codes:") :]
        for code in ("0 all well", "1 a rehearsal or check failed", "2 something must be put right first"):
            assert code in told
        assert "70 a mistake of the program itself" in told
        assert "130 Ctrl-C" in told


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (
        *("run", "rehearse", "listen", "exercises", "say", "validate", "model"),
        *("history", "report", "export", "import", "delete", "backup", "weights"),
    ):
        with pytest.raises(SystemExit) as left:
            cli.run([command, "--help"])
        assert left.value.code == 0
        assert "usage" in capsys.readouterr().out
