"""A private PulseAudio with a speaker and a microphone that do not exist: the sound card of the tests.

What the program plays goes to the null sink `spk`, and what is played to the null sink `mic` is what it
hears. Nothing here touches the user's own sound: home, runtime folder and server are in a temporary folder.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import numpy as np

RATE = 16_000
"""Samples a second of both sinks and of what they record, so that no sample is changed on the way."""

PROGRAMS = ("pulseaudio", "pactl", "paplay", "parec")
"""What must be installed; Debian has them in pulseaudio, pulseaudio-utils and libasound2-plugins."""

READY_SECONDS = 20
"""How long the server may take to start before we give up."""

SINKS = ("spk", "mic")

SERVER = """\
load-module module-native-protocol-unix
load-module module-null-sink sink_name=spk rate=16000 channels=1 format=float32le
load-module module-null-sink sink_name=mic rate=16000 channels=1 format=float32le
load-module module-remap-source source_name=microphone master=mic.monitor rate=16000 channels=1 remix=no
set-default-sink spk
set-default-source microphone
"""

ALSA = """\
pcm.!default { type pulse }
ctl.!default { type pulse }
"""


class Pulse:
    """A server that runs while the context does."""

    def __init__(self):
        self._home = Path(tempfile.mkdtemp(prefix="pulse-"))
        self._runtime = self._home / "run"
        self._runtime.mkdir(mode=0o700)
        self._log = self._home / "log"
        (self._home / "server.pa").write_text(SERVER)
        (self._home / ".asoundrc").write_text(ALSA)
        self._programs: list[subprocess.Popen] = []

    @property
    def env(self) -> dict[str, str]:
        """The environment in which a program finds this server, and no other."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("PULSE_", "ALSA_"))}
        return ours | {
            "HOME": str(self._home),
            "XDG_RUNTIME_DIR": str(self._runtime),
            "PULSE_SERVER": f"unix:{self._runtime}/pulse/native",
        }

    def __enter__(self) -> "Pulse":
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.kill()
        shutil.rmtree(self._home)

    def start(self) -> None:
        """Starts the server, with nothing recorded yet; waits until it records."""
        self._run(
            "pulseaudio",
            "-n",
            "-F",
            str(self._home / "server.pa"),
            "--exit-idle-time=-1",
            "--daemonize=no",
            "--use-pid-file=no",
            "--disable-shm=yes",
            "--realtime=no",
            "--log-target=stderr",
        )
        self._wait("the server", lambda: self._ask("info").returncode == 0)
        # A reader at every monitor makes the sink work in small steps, and so at a small latency.
        for sink in SINKS:
            self._run(
                "parec",
                "--latency-msec=20",
                "--raw",
                "--format=float32le",
                f"--rate={RATE}",
                "--channels=1",
                f"--device={sink}.monitor",
                output=self._recording(sink),
            )
        self._wait("its sinks", lambda: all(self._recording(sink).stat().st_size for sink in SINKS))

    def kill(self) -> None:
        """Ends the server at once, like a sound card that is unplugged."""
        for program in reversed(self._programs):
            program.kill()
            program.wait()
        self._programs.clear()

    def freeze(self) -> None:
        """Stops the server as it stands, like a sound card that hangs."""
        self._programs[0].send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Lets the server go on."""
        self._programs[0].send_signal(signal.SIGCONT)

    def play_to_mic(self, wav_path) -> None:
        """Plays a sound file to the microphone; returns when it has been played."""
        subprocess.run(["paplay", "-d", "mic", str(wav_path)], env=self.env, check=True, timeout=60)

    def recorded_speaker(self) -> np.ndarray:
        """All that the speaker has played so far: float32 at 16 kHz."""
        raw = self._recording("spk").read_bytes()
        return np.frombuffer(raw[: len(raw) // 4 * 4], np.float32)

    @contextmanager
    def echo(self):
        """While it lasts, the microphone hears the speaker."""
        loaded = self._ask(
            "load-module",
            "module-loopback",
            "source=spk.monitor",
            "sink=mic",
            "latency_msec=20",
            "adjust_time=0",
            f"rate={RATE}",
            "channels=1",
        )
        loaded.check_returncode()
        try:
            yield
        finally:
            self._ask("unload-module", loaded.stdout.strip())

    def _recording(self, sink: str) -> Path:
        return self._home / f"{sink}.raw"

    def _run(self, *command: str, output: Path | None = None) -> None:
        with (output or Path(os.devnull)).open("wb") as stdout, self._log.open("ab") as stderr:
            self._programs.append(
                subprocess.Popen(command, env=self.env, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr)
            )

    def _ask(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["pactl", *command],
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
            timeout=READY_SECONDS,
        )

    def _wait(self, what: str, is_ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not is_ready():
            if time.monotonic() > deadline or any(program.poll() is not None for program in self._programs):
                raise RuntimeError(f"{what} did not start: {self._log.read_text(errors='replace')}")
            time.sleep(0.05)


def what_is_missing() -> str | None:
    """Why no server can be started here; None if one can."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        return f"{', '.join(missing)} not found: apt install pulseaudio pulseaudio-utils libasound2-plugins"
    return None
