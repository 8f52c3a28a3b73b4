"""The recordings: which clips there are, who speaks, and which of them are for training, tuning and testing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import soundfile

from assistant.errors import SoundError
from scripts.train_model import render

RATE = 16000
COLUMNS = ("file", "utterance", "speaker", "start_s", "end_s", "text")

Alignment = np.ndarray
"""(segments, 4) int16: start and length in input frames (10 ms), phone (-1 is silence), number of the word."""


@dataclass(frozen=True, slots=True)
class Clip:
    """Something that somebody said."""

    id: str
    source: str
    """so762, gsc, kokoro, piper, espeak or flite."""
    set: str
    """train, dev or test: no speaker is in two of them."""
    speaker: str
    text: str
    """Small letters, one space between words."""
    file: Path
    start: int = 0
    end: int = -1
    """Samples of the file."""

    def sound(self) -> np.ndarray:
        """int16 (n,)"""
        if self.end < 0:
            return soundfile.read(self.file, dtype="int16")[0]
        return _whole(self.file)[self.start : self.end]


@cache
def _whole(file: Path) -> np.ndarray:
    """A joined recording; Opus is decoded once, as it can't be cut into at a sample. Raises SoundError."""
    sound, rate = soundfile.read(file, dtype="int16")
    if rate != RATE or sound.ndim != 1:
        raise SoundError(f"{file}: joined recordings must be mono at {RATE} Hz; convert it")
    return sound


def normal(text: str) -> str:
    """What is said, as the lexicon writes it."""
    return " ".join(re.sub(r"[^a-z' ]+", " ", text.lower().replace("\u2019", "'")).split())


def recorded(folder: Path) -> Iterator[Clip]:
    """The human clips of a corpus folder: each sub-folder with a segments.tsv is a source.

    Raises SoundError for a folder without any, and for a table of another kind.
    """
    tables = sorted(folder.glob("*/segments.tsv"))
    if not tables:
        raise SoundError(f"{folder}: no sub-folder with a segments.tsv; name the folder that holds the recordings")
    for table in tables:
        source = table.parent.name
        rows = [line.split("\t") for line in table.read_text(encoding="utf-8").splitlines()[1:]]
        if wrong := next((number for number, row in enumerate(rows, 2) if len(row) != len(COLUMNS)), None):
            raise SoundError(f"{table}: line {wrong} has not the columns {', '.join(COLUMNS)}")
        speakers = sorted({row[2] for row in rows})
        split = {speaker: _set(source, rank) for rank, speaker in enumerate(speakers)}
        for file, utterance, speaker, start, end, text in rows:
            cut = round(float(start) * RATE), round(float(end) * RATE)
            yield Clip(
                utterance, source, split[speaker], f"{source}-{speaker}", normal(text), table.parent / file, *cut
            )


def _set(source: str, rank: int) -> str:
    """Speakers are sorted by name, which says nothing about them, and dealt out by rank: so whoever adds speakers to
    a source gets other sets, and must not start from a model that was trained on the old ones."""
    if source == "gsc":
        return "test" if rank % 4 == 1 else "dev" if rank % 10 == 3 else "train"
    return "test" if rank % 16 == 9 else "dev" if rank % 16 == 5 else "train"


def rendered(folder: Path) -> Iterator[Clip]:
    """The rendered clips that are there."""
    for job in render.done(folder):
        file = render.file_of(job, folder)
        yield Clip(job.id, job.engine, job.set, job.voice, normal(job.text), file)
