"""Private, proven: a whole session is watched by strace, down to every socket and every file it writes."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TYPED = "ready\none one two\nno\nno\nno\nskip\nyes\nyes\nyes\nskip\nready\nready\nnext\n+2 my knee hurts\nno\n"
OPTIONS = ["--sets", "1", "--reps", "2", "--tempo", "1-0-1-0", "--warmup", "0", "--load", "5"]

SOCKET = re.compile(r"\bsocket(?:pair)?\((\w+)")
CONNECT = re.compile(r"\b(?:connect|sendto|bind)\(\d+, \{sa_family=(\w+)")
WRITTEN = re.compile(r'\bopenat\([^,]+, "([^"]+)", ([\w|]+)')
ALLOWED = {"AF_UNIX"}
"""Local sockets, as to a sound server on this machine."""


@dataclass(frozen=True)
class Seen:
    """What strace saw of a program and all its children."""

    families: set[str]
    """Address families of its sockets."""
    written: set[str]
    """Files that were opened to be written."""
    output: str


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Somebody new, with an empty cache: all of the voice has to be rendered."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path / "home"),
        "XDG_RUNTIME_DIR": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def watched(home: dict[str, str], log: Path, *command: str, typed: str = "") -> Seen:
    """Runs a program under strace."""
    strace = shutil.which("strace")
    if not strace:
        if os.environ.get("CI") or os.environ.get("ASSISTANT_REQUIRE_STRACE") == "1":
            pytest.fail("strace is missing: this test is what the promise of privacy stands on")
        pytest.skip("strace is missing")
    done = subprocess.run(
        [strace, "-f", "--seccomp-bpf", "-qq", "-s", "300", "-e", "trace=%network,openat", "-o", log, *command],
        input=typed,
        capture_output=True,
        text=True,
        env=home,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    calls = log.read_text(encoding="utf-8", errors="replace")
    assert "openat(" in calls, "strace saw nothing"
    return Seen(
        {*SOCKET.findall(calls), *CONNECT.findall(calls)},
        {path for path, flags in WRITTEN.findall(calls) if {"O_WRONLY", "O_RDWR"} & set(flags.split("|"))},
        done.stdout,
    )


def test_the_watch_would_see_a_socket(home: dict[str, str], tmp_path: Path) -> None:
    """Otherwise the tests below would prove nothing."""
    for family in ("AF_INET", "AF_INET6"):
        code = f"import socket; socket.socket(socket.{family}, socket.SOCK_DGRAM).close()"
        assert family in watched(home, tmp_path / "log", sys.executable, "-c", code).families


def test_a_whole_workout_opens_no_socket_and_writes_no_sound(home: dict[str, str], tmp_path: Path) -> None:
    """With the real voice, rendered afresh, and the real diary."""
    seen = watched(
        home,
        tmp_path / "log",
        *(sys.executable, "-m", "assistant", "run", "--keyboard", "--json", *OPTIONS),
        typed=TYPED,
    )
    assert '"event": "ended"' in seen.output
    assert '"event": "pain"' in seen.output
    assert seen.families <= ALLOWED
    outside = {
        path
        for path in seen.written
        if not path.startswith((f"{tmp_path}/cache/bench-voice/speech/", "/dev/", "/proc/self/"))
    }
    beside = re.compile(rf"{re.escape(str(tmp_path))}/data/bench-voice/(?:diary|backups/diary-[\d-]+)\.sqlite[\w.-]*")
    strange = {path for path in outside if not beside.fullmatch(path) and not path.startswith("/tmp/assistant-")}
    assert not strange, "something was written outside of the diary and the speech cache"
    for path in Path(home["XDG_DATA_HOME"]).rglob("*"):
        assert not path.is_file() or b"WAVE" not in path.read_bytes(), path


def test_hearing_needs_no_network_either(home: dict[str, str], tmp_path: Path) -> None:
    """A rehearsal has the real recogniser listen to a person's voice, all through a session."""
    seen = watched(
        home,
        tmp_path / "log",
        *(sys.executable, "-m", "assistant", "rehearse", str(ROOT / "tests/rehearsals/complete.toml")),
    )
    assert "understood" in seen.output
    assert seen.families <= ALLOWED
