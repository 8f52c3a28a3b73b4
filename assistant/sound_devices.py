"""Which of the devices that PortAudio lists is the microphone, and which the speaker. Pure."""

from collections.abc import Mapping, Sequence

from assistant.errors import SoundError

Device = Mapping[str, object]
"""PortAudio's description of a device."""

NO_CARD = "plug in a USB speakerphone, or start the sound server (PulseAudio or PipeWire)"

THINGS = {"input": "microphone", "output": "speaker"}

WHY_BOTH = "one device for both, so that they share a clock; settings can name others"


def choose(
    devices: Sequence[Device], defaults: Mapping[str, int], wanted: Mapping[str, str | None]
) -> tuple[list[Device], str]:
    """The microphone and the speaker, and what to tell about that, if anything.

    `defaults` are the indexes of the system's own "input" and "output", `wanted` are parts of names in any case; None
    is the system's own, or the one device with both. Raises SoundError if there is no such device.
    """
    able = {kind: [device for device in devices if channels(device, kind)] for kind in THINGS}
    for kind, thing in THINGS.items():
        if not able[kind]:
            raise SoundError(f"no {thing} was found: {NO_CARD}")
    if not any(wanted.values()):
        both = _with_both(able, defaults)
        if both:
            return [both, both], WHY_BOTH
    return [_chosen(kind, able[kind], defaults[kind], wanted[kind]) for kind in THINGS], ""


def channels(device: Device, kind: str) -> int:
    """How many channels it has as an "input" or an "output"."""
    return int(str(device[f"max_{kind}_channels"]))


def _with_both(able: Mapping[str, Sequence[Device]], defaults: Mapping[str, int]) -> Device | None:
    """The only hardware that hears and plays, where the system's own choice are two devices.

    Without a sound server a Raspberry Pi plays on HDMI, where perhaps nobody listens, and hears with the USB
    speakerphone, whose clock is another one. A sound server is one device, "default", and does the choosing itself.
    """
    if defaults["input"] == defaults["output"]:
        return None
    # As ALSA names hardware: "Jabra SPEAK 410: USB Audio (hw:1,0)". Its other devices lead to this one, or nowhere.
    both = [device for device in able["input"] if channels(device, "output") and "hw:" in str(device["name"])]
    return both[0] if len(both) == 1 else None


def _chosen(kind: str, able: Sequence[Device], default: int, name: str | None) -> Device:
    if name is None:
        return next((device for device in able if device["index"] == default), able[0])
    for device in able:
        if name.lower() in str(device["name"]).lower():
            return device
    found = ", ".join(repr(device["name"]) for device in able)
    raise SoundError(f"no {THINGS[kind]} is called {name!r}: use (a part of) one of {found}")
