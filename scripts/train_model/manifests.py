"""Lists of clips for scripts/benchmark recognition: a CSV of file and text for each source and set."""

import csv
from collections.abc import Iterable
from pathlib import Path

import soundfile

from scripts.train_model import jobs
from scripts.train_model.corpus import RATE, Clip, normal


def write(clips: Iterable[Clip], folder: Path) -> dict[str, Path]:
    """Writes SOURCE-SET.csv of what is not for training; what natural voices say beside the commands are lists of
    their own, "urgent" and "talk"."""
    rows: dict[str, list[tuple[str, str]]] = {}
    talk = set(map(normal, jobs.talk()))
    for clip in clips:
        if clip.set != "train":
            source = clip.source
            if source == "kokoro" and clip.text not in jobs.COMMANDS:
                source = "talk" if clip.text in talk else "urgent"
            rows.setdefault(f"{source}-{clip.set}", []).append((str(_cut(clip, folder / "cut")), clip.text))
    lists = {}
    for name, listed in rows.items():
        lists[name] = folder / f"{name}.csv"
        with lists[name].open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(("file", "text"))
            table.writerows(listed)
    return lists


def _cut(clip: Clip, folder: Path) -> Path:
    """The clip as a file of its own."""
    if clip.end < 0:
        return clip.file
    file = folder / f"{clip.source}-{clip.id}.flac"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        soundfile.write(file, clip.sound(), RATE)
    return file
