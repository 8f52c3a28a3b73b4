"""The whole program on a real PortAudio stream: nobody, then somebody who speaks; in real time."""

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from assistant import soundfiles
from assistant.room import RATE
from assistant.simulation import SPEECH_RMS
from assistant.studio import Studio
from tests.pulse import Pulse


class Listening:
    """A running `assistant run --json`, whose events are waited for."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.events: list[dict[str, object]] = []
        self._process = process
        self._more = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()
        self._told: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._read_told, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            with self._more:
                self.events.append(json.loads(line))
                self._more.notify_all()

    def _read_told(self) -> None:
        assert self._process.stderr
        for line in self._process.stderr:
            self._told.put(line.strip())

    def wait_to_be_told(self, line: str) -> None:
        """Until this is the next line on standard error but for others."""
        while self._told.get(timeout=60) != line:
            pass

    def wait_for(self, seconds: float = 60, **wanted: object) -> dict[str, object]:
        """The next event with these values; those before it are dropped."""
        with self._more:
            found = self._more.wait_for(lambda: self._find(wanted), seconds)
            assert found is not None, f"no {wanted} after {self.events[-3:]}"
            del self.events[: self.events.index(found) + 1]
            return found

    def _find(self, wanted: dict[str, object]) -> dict[str, object] | None:
        return next((e for e in self.events if all(e.get(k) == v for k, v in wanted.items())), None)


@contextmanager
def running(pulse: Pulse, *options: str) -> Iterator[Listening]:
    """The program, started on the private server."""
    command = [sys.executable, "-m", "assistant", "run", "--sets", "1", "--reps", "1", "--json", *options]
    with subprocess.Popen(
        command, env=pulse.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        yield Listening(process)
        process.kill()


@pytest.fixture
def say(pulse: Pulse, person: Studio, tmp_path: Path) -> Callable[[str], None]:
    """Has somebody say words to the microphone."""

    def words(text: str) -> None:
        file = tmp_path / "words.wav"
        clip = person.clip(text).samples
        soundfiles.write(file, np.concatenate([clip, np.zeros(RATE // 10, dtype=np.float32)]))
        pulse.play_to_mic(file)

    return words


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    """A quiet room, for two minutes: a null sink by itself is as silent as a dead microphone."""
    file = tmp_path / "noise.wav"
    hiss = np.random.default_rng(0).normal(0, SPEECH_RMS / 300, 120 * RATE)
    soundfiles.write(file, hiss.astype(np.float32))
    return file


def test_it_says_that_it_is_deaf_then_hears_and_obeys(pulse: Pulse, noise: Path, say: Callable[[str], None]) -> None:
    with running(pulse) as listening:
        listening.wait_for(event="deaf")
        listening.wait_for(event="said", line="deaf")
        hiss = subprocess.Popen(["paplay", "-d", "mic", str(noise)], env=pulse.env)
        try:
            listening.wait_for(event="hearing")
            listening.wait_for(event="said", line="paused")
            say("resume")
            listening.wait_for(event="heard", intent="resume")
            listening.wait_for(event="said", line="greeting_ready")
            say("ready")
            listening.wait_for(event="heard", intent="ready")
            listening.wait_for(event="said", line="ask_number")  # nobody has trained here before
            say("stop")
            listening.wait_for(event="heard", intent="stop")
            listening.wait_for(event="said", line="stopped")
            say("yes")
            ended = listening.wait_for(event="ended")
        finally:
            hiss.kill()
            hiss.wait()
    assert ended["reason"] == "finished"
    assert float(np.abs(pulse.recorded_speaker()).max()) > 0.05


def test_one_that_waits_trains_when_it_is_asked_and_then_waits_again(
    pulse: Pulse, noise: Path, say: Callable[[str], None]
) -> None:
    hiss = subprocess.Popen(["paplay", "-d", "mic", str(noise)], env=pulse.env)
    try:
        with running(pulse, "--wait", "--guest", "--no-rehearsal") as listening:
            for _ in range(2):
                listening.wait_to_be_told("Say: start workout.")
                time.sleep(4)  # in which it opens the sound card, and the first time says so
                assert listening.events == []
                say("start workout")
                listening.wait_for(event="state", state="greeting")
                listening.wait_for(event="said", line="greeting_ready")
                say("stop")
                listening.wait_for(event="said", line="stopped")
                say("yes")
                listening.wait_for(event="ended", reason="finished")
    finally:
        hiss.kill()
        hiss.wait()
