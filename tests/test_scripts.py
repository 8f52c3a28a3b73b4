"""The scripts, run for real on a copy of the project; what they call of the system has stand-ins."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parent.parent / "scripts"

NOBODY = 65534
"""A user who is not root."""

STAND_INS = {
    "espeak-ng": "exit 0",
    "ldconfig": "echo libportaudio.so.2 libatomic.so.1",
    "python3": """
        case $1 in
        -c) ;;
        -m)
            [[ $2 == venv ]]
            mkdir -p "${@: -1}/bin"
            ln -s "$STAND_INS/python-of-a-venv" "${@: -1}/bin/python"
            echo made >>"$STAND_INS/log"
            ;;
        esac""",
    # What pip installs says where it lies, because a venv works only where it was made.
    "python-of-a-venv": """
        echo pip "${@: -1}" >>"$STAND_INS/log"
        while [[ -e $STAND_INS/slow ]]; do sleep 0.05; done
        if [[ -e $STAND_INS/offline ]]; then
            echo "WARNING: Retrying after connection broken" >&2
            echo "ERROR: No matching distribution found for hatchling" >&2
            echo "[notice] something else" >&2
            exit 1
        fi
        bin=$(dirname "$0")
        printf '#!/usr/bin/env bash\\n[[ $0 == %s ]] && echo "assistant $*"\\n' "$bin/assistant" >"$bin/assistant"
        chmod +x "$bin/assistant\"""",
}


Started = subprocess.Popen[str]


class Place:
    """A copy of the project, with a system around it."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.bin = folder / "bin"
        self.home = folder / "home"
        shutil.copytree(SCRIPTS, self.project / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
        (self.project / "pyproject.toml").write_text("# as it was\n")
        self.bin.mkdir()
        self.home.mkdir()
        for name, text in STAND_INS.items():
            self.stand_in(name, text)

    def stand_in(self, name: str, text: str) -> None:
        """Puts a script in the place of a program of the system."""
        (self.bin / name).write_text(f"#!/usr/bin/env bash\nset -e\n{text}\n")
        (self.bin / name).chmod(0o755)

    def offline(self, is_so: bool = True) -> None:
        """Takes the network away, or gives it back."""
        (self.bin / "offline").touch() if is_so else (self.bin / "offline").unlink()

    def slow(self, is_so: bool = True) -> None:
        """Has what is installed take its time until it is told to be done."""
        (self.bin / "slow").touch() if is_so else (self.bin / "slow").unlink()

    def wait_for(self, line: str) -> None:
        """Waits until something was made or installed."""
        until = time.monotonic() + 30
        while line not in ((self.bin / "log").read_text() if (self.bin / "log").exists() else ""):
            assert time.monotonic() < until
            time.sleep(0.02)

    def log(self) -> list[str]:
        """What was made and installed since the last call."""
        file = self.bin / "log"
        lines = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return lines

    def run(
        self, script: Path, *options: str, user: int | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Runs a script."""
        return subprocess.run(
            [script, *options],
            env=self.env() | variables,
            cwd="/",
            user=user,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def env(self) -> dict[str, str]:
        """What a script finds around it."""
        return {"PATH": f"{self.bin}:/usr/bin:/bin", "HOME": str(self.home), "STAND_INS": str(self.bin)}

    def start(self) -> "Started":
        """Calls scripts/run, in a process group of its own, and does not wait for its end."""
        return subprocess.Popen(
            [self.project / "scripts/run", "--sets", "1"],
            env=self.env(),
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def train(self, through: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Calls scripts/run, perhaps under another name."""
        return self.run(through or self.project / "scripts/run", "--sets", "1")

    def files(self) -> dict[str, str]:
        """All of the installation."""
        return {
            str(f.relative_to(self.project)): f.read_text() for f in self.project.glob(".venv*/**/*") if f.is_file()
        }


@pytest.fixture
def place() -> Iterator[Place]:
    """Nothing is installed yet. In a folder that anybody may look into, as not all scripts may be run by root."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Place(Path(folder).resolve())


def trains(done: subprocess.CompletedProcess[str]) -> bool:
    """Whether the program was started, with its options."""
    return (done.returncode, done.stdout) == (0, "assistant run --sets 1\n")


# ---- the installation


def test_the_first_call_installs_and_the_next_ones_do_not(place: Place) -> None:
    assert trains(place.train())
    assert place.log() == ["made", f"pip {place.project}"]
    assert trains(place.train())
    assert place.log() == []


def test_a_link_leads_to_the_installation_and_leaves_it_alone(place: Place, tmp_path: Path) -> None:
    place.train()
    place.offline()
    before = place.files()
    (tmp_path / "coach").symlink_to(place.project / "scripts/run")
    (tmp_path / "link").symlink_to(place.project)
    for through in (tmp_path / "coach", tmp_path / "link/scripts/run"):
        assert trains(place.train(through)), through
    assert place.files() == before


def test_a_change_that_cannot_be_installed_now_is_told_and_keeps_nobody_from_training(place: Place) -> None:
    place.train()
    place.log()
    place.offline()
    (place.project / "pyproject.toml").write_text("# as it is\n")
    for _ in range(2):  # and it is tried again
        done = place.train()
        assert trains(done)
        assert done.stderr.splitlines() == [
            f"Installing Python packages into {place.project}/.venv ...",
            "pyproject.toml has changed, and its packages cannot be installed now (No matching distribution found "
            "for hatchling): going on with those that are there.",
        ]
    place.offline(False)
    assert trains(place.train())
    assert place.log() == [f"pip {place.project}"] * 3
    assert place.train().stderr == ""


def test_the_first_call_without_a_network_says_so_in_a_line(place: Place) -> None:
    place.offline()
    done = place.train()
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 2
    assert "The first time" in done.stderr
    place.offline(False)
    assert trains(place.train())


def test_what_was_not_installed_before_is_missed_without_a_network(place: Place) -> None:
    """scripts/test needs packages that scripts/run does not."""
    place.train()
    place.offline()
    done = place.run(place.project / "scripts/test")
    assert done.returncode == 2
    assert "a network is needed" in done.stderr


def test_what_was_moved_is_installed_anew_as_soon_as_that_is_possible(place: Place) -> None:
    place.train()
    place.offline()
    place.project = place.project.rename(place.project.with_name("moved"))
    before = place.files()
    done = place.train()
    assert done.returncode == 2
    assert "(No matching distribution found for hatchling)" in done.stderr
    assert "a network is needed" in done.stderr.splitlines()[-1]
    assert place.files() == before  # moved back, it would still work

    place.offline(False)
    assert trains(place.train())
    assert [folder.name for folder in place.project.glob(".venv*")] == [".venv"]


def test_an_installation_that_is_cut_off_leaves_the_one_before_it(place: Place) -> None:
    place.train()
    place.offline()
    (place.project / ".venv").rename(place.project / ".venv.old")
    (place.project / ".venv/bin").mkdir(parents=True)
    assert trains(place.train())
    assert [folder.name for folder in place.project.glob(".venv*")] == [".venv"]


def test_a_link_in_the_place_of_the_installation_leads_nobody_to_delete_what_is_behind_it(place: Place) -> None:
    place.train()
    shared = place.project.with_name("shared")
    (place.project / ".venv").rename(shared)
    (shared / ".made-for").write_text("somebody else\n")
    (place.project / ".venv").symlink_to(shared)
    assert trains(place.train())
    assert (shared / ".made-for").read_text() == "somebody else\n"
    assert not (place.project / ".venv").is_symlink()


@pytest.fixture
def two(place: Place) -> Iterator[tuple[Started, Started]]:
    """Two first calls at once: one that installs, slowly, and one that waits for it and has said so."""
    place.slow()
    with place.start() as first:
        place.wait_for("pip")
        with place.start() as second:
            try:
                assert second.stderr
                assert second.stderr.readline() == (
                    f"Something is being installed into {place.project} already: waiting until that is done ...\n"
                )
                yield first, second
            finally:
                for one in (first, second):
                    with suppress(ProcessLookupError):
                        os.killpg(one.pid, signal.SIGKILL)


def test_of_two_first_calls_at_once_one_installs_and_the_other_waits(
    place: Place, two: tuple[Started, Started]
) -> None:
    place.slow(False)
    for one in two:
        out, complaints = one.communicate(timeout=60)
        assert (one.returncode, out) == (0, "assistant run --sets 1\n"), complaints
    assert place.log() == ["made", f"pip {place.project}"]


def test_who_waits_for_an_installation_that_is_cut_off_installs(place: Place, two: tuple[Started, Started]) -> None:
    first, second = two
    place.log()
    os.killpg(first.pid, signal.SIGKILL)
    place.wait_for("pip")
    place.slow(False)
    out, complaints = second.communicate(timeout=60)
    assert (second.returncode, out) == (0, "assistant run --sets 1\n"), complaints
    assert place.log() == ["made", f"pip {place.project}"]


def test_the_program_that_was_started_keeps_nobody_from_installing(place: Place) -> None:
    """It runs for hours, and would hold a lock that it was handed."""
    place.train()
    program = place.project / ".venv/bin/assistant"
    program.write_text("#!/usr/bin/env bash\nls -l /proc/$$/fd\n")
    done = place.train()
    assert "-> pipe:" in done.stdout  # where this is written to
    assert f"-> {place.project}\n" not in done.stdout


def test_a_32_bit_system_is_told_what_it_takes_before_anything_is_tried(place: Place) -> None:
    place.stand_in("python3", "[[ $1 != -c || $2 != *maxsize* ]] || exit 1\n" + STAND_INS["python3"])
    done = place.train()
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "This system is a 32-bit one, for which not all packages exist. Please install the 64-bit one: on a "
        "Raspberry Pi 3 or newer, Raspberry Pi OS (64-bit)."
    ]
    assert place.log() == []


# ---- the service


SOMEBODY = NOBODY if os.geteuid() == 0 else None
"""An ordinary user."""


def installed(place: Place, **variables: str) -> subprocess.CompletedProcess[str]:
    """What install-pi does, called by an ordinary user in whose shell these variables are set."""
    place.train()
    place.log()
    if SOMEBODY is not None:
        for path in (place.home, place.bin, *place.project.rglob("*")):
            os.chown(path, SOMEBODY, SOMEBODY, follow_symlinks=False)
    return place.run(place.project / "scripts/install-pi", user=SOMEBODY, **variables)


def unit(place: Place) -> str:
    """What install-pi wrote."""
    return (place.home / ".config/systemd/user/bench-voice.service").read_text()


@pytest.fixture
def systemd(place: Place) -> None:
    """Stand-ins that write down what they are told."""
    for program in ("systemctl", "loginctl"):
        place.stand_in(program, 'echo "$*" >>"$STAND_INS/log"')


def test_the_service_starts_at_boot(place: Place, systemd: None) -> None:
    done = installed(place)
    assert done.returncode == 0, done.stderr
    file = place.home / ".config/systemd/user/bench-voice.service"
    assert {f"--user enable {file}", "enable-linger"} <= set(place.log())
    assert f'ExecStart="{place.project}/scripts/run" --no-rehearsal --wait\n' in unit(place)
    assert "\nStandardOutput=null\n" in unit(place)  # what is said is health data, and the journal is for years
    assert "Environment" not in unit(place)
    assert 'say "start workout"' in done.stdout


def test_the_service_installs_what_an_update_needs_and_asks_nobody_where_nothing_is_missing(
    place: Place, systemd: None
) -> None:
    installed(place)
    [line] = re.findall("^ExecStart=(.*)$", unit(place), re.MULTILINE)
    script, *options = shlex.split(line)

    def boot() -> list[str]:
        place.log()
        done = place.run(Path(script), *options, user=SOMEBODY)
        assert (done.returncode, done.stdout) == (0, "assistant run --no-rehearsal --wait\n"), done.stderr
        return place.log()

    (place.project / "pyproject.toml").write_text("# as it is after an update\n")
    assert boot() == [f"pip {place.project}"]
    place.offline()
    assert boot() == []


def test_the_service_finds_the_diary_and_the_settings_where_the_shell_does(place: Place, systemd: None) -> None:
    data, settings = r'/srv/100% "ours"\it is $HOME', place.home / "settings"
    done = installed(place, XDG_DATA_HOME=data, XDG_CONFIG_HOME=str(settings), XDG_CACHE_HOME="")
    assert done.returncode == 0, done.stderr
    file = settings / "systemd/user/bench-voice.service"
    assert re.findall("^Environment=(.*)$", file.read_text(), re.MULTILINE) == [
        f'"XDG_CONFIG_HOME={settings}"',
        r'"XDG_DATA_HOME=/srv/100%% \"ours\"\\it is $HOME"',
    ]
    if shutil.which("systemd-analyze"):
        checked = subprocess.run(
            ["systemd-analyze", "verify", "--user", "--man=no", file],
            env={"PATH": os.environ["PATH"], "HOME": str(place.home), "XDG_RUNTIME_DIR": str(place.home)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert "bench-voice.service:" not in checked.stderr  # which is how it begins a line about a mistake


@pytest.mark.parametrize("data", ["diaries", "/srv/two\nlines"])
def test_a_place_that_a_service_would_look_for_elsewhere_is_refused(place: Place, systemd: None, data: str) -> None:
    done = installed(place, XDG_DATA_HOME=data)
    assert done.returncode == 2
    assert done.stderr.startswith("XDG_DATA_HOME is ")
    assert len(done.stderr.splitlines()) == 1
    assert place.log() == []


def test_without_sudo_the_service_is_installed_and_what_is_missing_told(place: Place) -> None:
    place.stand_in("systemctl", "exit 0")
    for refused in ("loginctl", "sudo"):
        place.stand_in(refused, "exit 1")
    done = installed(place)
    assert done.returncode == 0, done.stderr
    assert "Ask an administrator for: loginctl enable-linger" in done.stderr
    assert "systemctl --user start bench-voice" in done.stdout
