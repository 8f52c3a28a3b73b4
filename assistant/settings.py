"""The user's settings: one small TOML file, every key optional, read strictly."""

import re
from pathlib import Path

import msgspec
import platformdirs

from assistant import tables
from assistant.echo import Mode
from assistant.errors import PackError

APP = "bench-voice"

RATES = range(80, 451)
"""Words a minute that eSpeak NG can say: below it makes no difference, far above there is nothing to hear."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """settings.toml."""

    language: str = "en"
    """The pack: a folder in voices/."""
    exercise: str = ""
    """What is trained when nobody names one; empty: what the pack names first."""
    voice: str = ""
    """A pyttsx3 voice id; empty: the pack's."""
    rate: int = 0
    """Words a minute; 0: the pack's."""
    microphone: str = ""
    """Part of the input device's name; empty: the system's default."""
    speaker: str = ""
    echo: Mode = "software"
    """Who cancels the echo: this program, the device, or nobody."""
    model: str = ""
    """Folder of a Vosk model; empty: the best that is there."""

    emergency_number: str = ""
    """Digits; empty: asked by voice at the first use."""
    address: str = ""
    """Where the bench is: said when the house is called for help."""


def settings_file() -> Path:
    """Where the settings are read from."""
    return platformdirs.user_config_path(APP) / "settings.toml"


def cache_folder() -> Path:
    """Where rendered speech is kept."""
    return platformdirs.user_cache_path(APP) / "speech"


def load() -> Settings:
    """The settings; defaults where there is no file. Raises PackError naming the key that is wrong."""
    file = settings_file()
    chosen = tables.read(file, Settings) if file.exists() or file.is_symlink() else Settings()
    if chosen.rate and chosen.rate not in RATES:
        raise PackError(f"{file}: rate: choose {RATES[0]} to {RATES[-1]} words a minute, or 0 for the pack's own")
    if not re.fullmatch(r"\d{0,15}", chosen.emergency_number, re.ASCII):
        raise PackError(f'{file}: emergency_number: write digits only, as in "112"')
    for name, value in msgspec.structs.asdict(chosen).items():
        if isinstance(value, str) and not value.isprintable():
            raise PackError(f"{file}: {name}: write it in one line, without characters that cannot be seen")
    if set(chosen.address) & set("{}"):
        raise PackError(f"{file}: address: write it without braces, as somebody would say it")
    return chosen


def diary_file() -> Path:
    """Where the diary is."""
    return platformdirs.user_data_path(APP) / "diary.sqlite"
