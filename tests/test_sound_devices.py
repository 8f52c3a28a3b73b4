"""Which device is the microphone and which the speaker, on lists as PortAudio gives them."""

import subprocess
import sys
from pathlib import Path

import pytest

from assistant import sound_devices
from assistant.errors import SoundError

ROOT = Path(__file__).parents[1]

HDMI = ("vc4-hdmi-0: MAI PCM i2s-hifi-0 (plughw:0,0)", 0, 8)
SPEAKERPHONE = ("Jabra SPEAK 410: USB Audio (plughw:1,0)", 1, 2)
HEADSET = ("Headset: USB Audio (plughw:2,0)", 1, 2)
WEBCAM = ("HD Webcam: USB Audio (plughw:3,0)", 1, 0)
SYSDEFAULT = ("sysdefault", 0, 128)
DEFAULT = ("default", 0, 128)
SERVER = ("default", 32, 32)
"""Where a sound server is installed."""

NOTHING = {"input": None, "output": None}


def listed(*devices: tuple[str, int, int]) -> list[dict[str, object]]:
    """As PortAudio lists (name, input channels, output channels)."""
    return [
        {"index": n, "name": name, "max_input_channels": inputs, "max_output_channels": outputs}
        for n, (name, inputs, outputs) in enumerate(devices)
    ]


def defaults(*devices: tuple[str, int, int]) -> dict[str, int]:
    """As PortAudio chooses over ALSA: "default" for what it can do, or else the first device that can."""
    found = {}
    for kind, place in (("input", 1), ("output", 2)):
        able = [n for n, device in enumerate(devices) if device[place]]
        named = [n for n in able if devices[n][0] == "default"]
        found[kind] = [*named, *able, -1][0]
    return found


def chosen(*devices: tuple[str, int, int], **named: str) -> list[object]:
    found, _ = sound_devices.choose(listed(*devices), defaults(*devices), {**NOTHING, **named})
    return [device["name"] for device in found]


def test_without_a_sound_server_a_speakerphone_is_both() -> None:
    pi = (HDMI, SPEAKERPHONE, SYSDEFAULT, DEFAULT)
    assert defaults(*pi) == {"input": 1, "output": 3}  # it would hear us, and we would play to a screen
    assert chosen(*pi) == [SPEAKERPHONE[0], SPEAKERPHONE[0]]
    assert chosen(WEBCAM, *pi) == [SPEAKERPHONE[0], SPEAKERPHONE[0]]


def test_a_sound_server_chooses_itself() -> None:
    assert chosen(HDMI, SPEAKERPHONE, SERVER) == ["default", "default"]


def test_settings_name_others() -> None:
    pi = (HDMI, SPEAKERPHONE, SYSDEFAULT, DEFAULT)
    assert chosen(*pi, output="hdmi") == [SPEAKERPHONE[0], HDMI[0]]
    assert chosen(*pi, output="DEFAULT") == [SPEAKERPHONE[0], "sysdefault"]
    assert chosen(*pi, input="jabra") == [SPEAKERPHONE[0], "default"]


def test_of_two_with_both_none_is_guessed() -> None:
    assert chosen(HDMI, SPEAKERPHONE, HEADSET, DEFAULT) == [SPEAKERPHONE[0], "default"]


def test_a_microphone_alone_leaves_the_speaker_as_it_is() -> None:
    assert chosen(HDMI, WEBCAM, DEFAULT) == [WEBCAM[0], "default"]


@pytest.mark.parametrize(("devices", "missing"), [((HDMI, DEFAULT), "microphone"), ((WEBCAM,), "speaker")])
def test_what_is_missing_is_told(devices: tuple[tuple[str, int, int], ...], missing: str) -> None:
    with pytest.raises(SoundError, match=f"no {missing} was found: plug in a USB speakerphone"):
        chosen(*devices)


PORTAUDIO = """
from types import SimpleNamespace

class PortAudioError(Exception):
    pass

default = SimpleNamespace(device={defaults})

def query_devices():
    return {devices}

def _exit_handler():
    pass

class Stream:
    def __init__(self, device, callback, **_):
        print("opened", *device)
        self._callback, self.active, self.latency = callback, False, (0.0, 0.0)

    def start(self):
        import numpy as np
        self.active = True
        self._callback(np.zeros((160, 1)), np.zeros((160, 1)), 160, None, None)

    def close(self):
        self.active = False
"""


def test_the_card_says_which_it_took_and_why(tmp_path: Path) -> None:
    pi = (HDMI, SPEAKERPHONE, SYSDEFAULT, DEFAULT)
    (tmp_path / "sounddevice.py").write_text(PORTAUDIO.format(defaults=defaults(*pi), devices=listed(*pi)))
    done = subprocess.run(
        [sys.executable, "-c", "from assistant.soundcard import SoundCard; print(SoundCard().report())"],
        env={"PYTHONPATH": f"{tmp_path}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == [
        "opened 1 1",
        f"microphone: {SPEAKERPHONE[0]}; speaker: {SPEAKERPHONE[0]}; 16000 Hz; 0 ms from speaker to microphone; "
        "one device for both, so that they share a clock; settings can name others",
    ], done.stderr
