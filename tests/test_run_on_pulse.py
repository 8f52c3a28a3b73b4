"""The whole program on a real PortAudio stream: nobody, then somebody who speaks; in real time."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
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

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            with self._more:
                self.events.append(json.loads(line))
                self._more.notify_all()

    def wait_for(self, seconds: float = 60, **wanted: object) -> dict[str, object]:
        """The next event with these values; those before it are dropped."""
        with self._more:
            found = self._more.wait_for(lambda: self._find(wanted), seconds)
            assert found is not None, f"no {wanted} after {self.events[-3:]}"
            del self.events[: self.events.index(found) + 1]
            return found

    def _find(self, wanted: dict[str, object]) -> dict[str, object] | None:
        return next((e for e in self.events if all(e.get(k) == v for k, v in wanted.items())), None)


@pytest.fixture
def listening(pulse: Pulse) -> Iterator[Listening]:
    """The program, started on the private server."""
    command = [sys.executable, "-m", "assistant", "run", "--sets", "1", "--reps", "1", "--json"]
    with subprocess.Popen(
        command, env=pulse.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        yield Listening(process)
        process.kill()


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    """A quiet room, for two minutes: a null sink by itself is as silent as a dead microphone."""
    file = tmp_path / "noise.wav"
    hiss = np.random.default_rng(0).normal(0, SPEECH_RMS / 300, 120 * RATE)
    soundfiles.write(file, hiss.astype(np.float32))
    return file


def test_it_says_that_it_is_deaf_then_hears_and_obeys(
    pulse: Pulse, listening: Listening, noise: Path, person: Studio, tmp_path: Path
) -> None:
    def say(words: str) -> None:
        file = tmp_path / "words.wav"
        clip = person.clip(words).samples
        soundfiles.write(file, np.concatenate([clip, np.zeros(RATE // 10, dtype=np.float32)]))
        pulse.play_to_mic(file)

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
