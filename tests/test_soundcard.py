"""The sound card, through the real PortAudio, on a private PulseAudio whose speaker is recorded.

The card runs in a process of its own, because PortAudio reads its environment once, when it is imported.
"""

import json
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.room import BLOCK, RATE

ROOT = Path(__file__).parents[1]

CLICKS = (8_000, 8_001, 11_111, 16_000, 20_479, 24_000, 31_999, 32_000, 39_999)
"""Positions where the program plays one loud sample; some share or straddle a callback or a block."""

CLICKS_BLOCKS = 25
"""Blocks that hold all clicks; the last one is the last sample."""

FAR_CLICKS = tuple(range(8_000, 24_000, 2_000))
"""Clicks far enough apart to be told apart after a change of rate."""

PROGRAM = """
import json, sys, time
from pathlib import Path
import numpy as np
from assistant.soundcard import SoundCard

task = json.loads(sys.argv[1])
asked, blocks = [], []

def play(at, count):
    if at > 8000 and task["stall_seconds"]:
        time.sleep(task["stall_seconds"])
        task["stall_seconds"] = 0
    asked.append((at, count))
    sound = np.full(count, task["hum"], np.float32)
    for click in task["clicks"]:
        if at <= click < at + count:
            sound[click - at] = 0.9
    return sound

card = SoundCard(rate=task["rate"])
for block in card.blocks(play):
    blocks.append(block)
    print(abs(block.heard).max(), abs(block.played).max(), flush=True)  # for wait_for_blocks
    if len(blocks) == task["blocks"] or Path(task["stop"]).exists():
        break
np.savez(task["result"], asked=asked,
         at=[block.at for block in blocks], lost=[block.lost for block in blocks],
         heard=np.concatenate([block.heard for block in blocks]),
         played=np.concatenate([block.played for block in blocks]))
"""


class Running:
    """A program that listens and plays."""

    def __init__(self, env, folder, **task):
        self._stop, self._result = folder / "stop", folder / "result.npz"
        task = {"clicks": [], "hum": 0.0, "stall_seconds": 0.0, "rate": None, "blocks": 0} | task
        task |= {"stop": str(self._stop), "result": str(self._result)}
        self._ends = task["blocks"] > 0
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, json.dumps(task)],
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait_for_blocks(self, count: int, is_wanted=lambda heard, played: True) -> None:
        """Reads on until `count` more blocks have the wanted greatest samples (heard, played)."""
        while count:
            line = self._process.stdout.readline()
            assert line, self._process.stderr.read()
            count -= is_wanted(*map(float, line.split()))

    def result(self):
        """What it heard and played; stops it, if it is not to end by itself."""
        if not self._ends:
            self._stop.touch()
        _, complaints = self._process.communicate(timeout=60)
        assert self._process.returncode == 0, complaints
        return np.load(self._result)

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


@contextmanager
def running(env, folder, **task):
    program = Running(env, folder, **task)
    try:
        yield program
    finally:
        program.kill()


def run(env, code: str, **variables) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=env | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def loud(sound) -> np.ndarray:
    """Positions of the peaks of clicks."""
    above = np.flatnonzero(abs(sound) > 0.3)
    firsts = above[np.diff(above, prepend=-1000) > 100]
    return np.array([first + np.argmax(abs(sound[first : first + 20])) for first in firsts])


def follow_each_other(at, lost) -> bool:
    return bool((at[1:] == at[:-1] + BLOCK + lost[1:]).all())


def test_every_sample_is_played_where_it_was_asked_for(pulse, tmp_path):
    before = len(pulse.recorded_speaker())
    with running(pulse.env, tmp_path, clicks=CLICKS, blocks=CLICKS_BLOCKS) as program:
        result = program.result()
    time.sleep(0.5)  # until the recording has been written
    recorded = pulse.recorded_speaker()[before:]
    clicks = np.flatnonzero(recorded)
    assert list(clicks - clicks[0]) == [click - CLICKS[0] for click in CLICKS]
    assert list(np.flatnonzero(result["played"])) == list(CLICKS)
    assert list(result["at"]) == list(range(0, CLICKS_BLOCKS * BLOCK, BLOCK))
    assert not result["lost"].any()


def test_the_microphone_is_heard_unchanged(pulse, tmp_path):
    said = 0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE // 2) / RATE)
    soundfile.write(tmp_path / "said.wav", said, RATE, subtype="FLOAT")
    with running(pulse.env, tmp_path) as program:
        program.wait_for_blocks(3)
        pulse.play_to_mic(tmp_path / "said.wav")
        program.wait_for_blocks(5)
        result = program.result()
    heard = result["heard"]
    start = np.flatnonzero(heard)[0] - 1  # the sine begins with a zero
    assert heard[start : start + len(said)] == pytest.approx(said, abs=1e-6)
    assert follow_each_other(result["at"], result["lost"])


@pytest.mark.parametrize("rate", [RATE, 48_000])
def test_the_echo_has_a_constant_delay(pulse, tmp_path, rate):
    with pulse.echo(), running(pulse.env, tmp_path, clicks=FAR_CLICKS, rate=rate, blocks=25) as program:
        result = program.result()
    assert list(np.flatnonzero(result["played"])) == list(FAR_CLICKS)
    delays = loud(result["heard"]) - FAR_CLICKS
    assert delays.min() > 0
    assert delays.max() < RATE
    assert np.ptp(delays) <= 1, delays
    print(f"echo after {1000 * delays.mean() / RATE:.0f} ms at {rate} Hz")


def test_an_underflow_makes_the_clock_jump(pulse, tmp_path):
    stall_seconds = 0.3  # longer than the card's buffer, shorter than the watchdog's patience
    with running(pulse.env, tmp_path, hum=0.01, stall_seconds=stall_seconds, blocks=15) as program:
        result = program.result()
    lost = result["lost"]
    assert np.count_nonzero(lost) == 1
    assert lost.sum() / RATE == pytest.approx(stall_seconds, abs=0.2)
    assert follow_each_other(result["at"], lost)
    assert result["played"].all()


def break_and_mend(program, break_it, mend_it):
    """Breaks the card under the program, mends it; returns how it went and how long it took in seconds."""
    is_alive, is_dead = (lambda _, played: played > 0), (lambda _, played: played == 0)
    program.wait_for_blocks(3, is_alive)
    start = time.monotonic()
    break_it()
    program.wait_for_blocks(12, is_dead)
    mend_it()
    program.wait_for_blocks(10, is_alive)
    return program.result(), time.monotonic() - start


def check_silence(result, took_seconds):
    at, lost, asked = result["at"], result["lost"], result["asked"]
    played = abs(result["played"].reshape(-1, BLOCK)).max(axis=1)
    heard = abs(result["heard"].reshape(-1, BLOCK)).max(axis=1)
    assert not heard[played == 0].any()
    assert follow_each_other(at, lost)
    assert lost[np.flatnonzero(np.diff(played) > 0)[0] + 1] > 0  # the echo canceller must be told
    assert (asked[1:, 0] >= asked[:-1].sum(axis=1)).all()  # no sample twice, and never back
    passed_seconds = (at[-1] - at[2]) / RATE
    assert passed_seconds == pytest.approx(took_seconds, abs=1.5)  # a sample clock that kept real time


def test_a_card_that_hangs_is_silence_until_it_goes_on(pulse, tmp_path):
    with running(pulse.env, tmp_path, hum=0.01) as program:
        try:
            outcome = break_and_mend(program, pulse.freeze, pulse.thaw)
        finally:
            pulse.thaw()
    check_silence(*outcome)


def test_a_card_that_is_unplugged_is_silence_until_it_is_back(pulse, tmp_path):
    with running(pulse.env, tmp_path, hum=0.01) as program:
        try:
            outcome = break_and_mend(program, pulse.kill, pulse.start)
        finally:
            pulse.kill()
            pulse.start()
    check_silence(*outcome)


def test_a_card_that_hangs_does_not_hold_the_program(pulse, tmp_path):
    with running(pulse.env, tmp_path, hum=0.01) as program:
        program.wait_for_blocks(3)
        pulse.freeze()
        try:
            program.wait_for_blocks(1, lambda _, played: played == 0)
            program.result()
        finally:
            pulse.thaw()


def test_an_error_in_play_is_raised(pulse):
    done = run(
        pulse.env,
        "import numpy as np; from assistant.soundcard import SoundCard\n"
        "def play(at, count): return np.full(count, 1 / (3200 - at))\n"
        "for block in SoundCard().blocks(play): print(block.at)",
    )
    assert done.stdout.split() in (["0"], ["0", "1600"])
    assert done.stderr.splitlines()[-1] == "ZeroDivisionError: division by zero"


def test_close_ends_the_blocks(pulse):
    done = run(
        pulse.env,
        "import numpy as np; from assistant.soundcard import SoundCard\n"
        "card = SoundCard()\n"
        "for block in card.blocks(lambda at, count: np.zeros(count)):\n"
        "    print(block.at)\n"
        "    card.close()",
    )
    assert (done.stdout, done.stderr, done.returncode) == ("0\n", "", 0)


def test_a_name_finds_its_device(pulse):
    done = run(pulse.env, "from assistant.soundcard import SoundCard; print(SoundCard('PUL', None).report())")
    assert "microphone: pulse; speaker: default; 16000 Hz" in done.stdout, done.stderr
    assert not done.stderr


def test_an_unknown_name_is_told_with_the_names_there_are(pulse):
    done = run(pulse.env, "from assistant.soundcard import SoundCard; SoundCard('no such thing')")
    problem = done.stderr.splitlines()[-1]
    assert problem.startswith("assistant.errors.SoundError: no microphone is called 'no such thing'")
    assert "'pulse', 'default'" in problem


def test_without_a_card_one_line_says_what_to_do(pulse, tmp_path):
    if Path("/proc/asound/card0").exists():
        pytest.skip("this machine has a sound card")
    nothing = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    nothing["PULSE_SERVER"] = f"unix:{tmp_path}/none"
    done = run(pulse.env, "from assistant.soundcard import SoundCard; SoundCard()", **nothing)
    assert done.stderr.splitlines()[-1] == (
        "assistant.errors.SoundError: no microphone was found: plug in a USB speakerphone, "
        "or start the sound server (PulseAudio or PipeWire)"
    )


def test_without_portaudio_one_line_says_what_to_install(pulse, tmp_path):
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')")
    done = run(
        pulse.env,
        "from assistant.soundcard import SoundCard; SoundCard()",
        PYTHONPATH=f"{tmp_path}:{ROOT}",
    )
    problem = "assistant.errors.SoundError: the PortAudio library is not installed: apt install libportaudio2"
    assert done.stderr.splitlines()[-1] == problem
