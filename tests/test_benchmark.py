"""scripts/benchmark recognition, on real clips and the shipped model."""

import json
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
import soundfile

from assistant import ear, recogniser
from assistant.errors import ModelError, SoundError
from assistant.pack import Pack
from assistant.parts import Parts
from scripts.benchmarks.clips import RATE, Noises, read
from scripts.benchmarks.recognition import listened_for, made_up, means_the_same, verdict

ROOT = Path(__file__).parent.parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three clips, a folder a phrase, from eSpeak NG."""
    for text in ("stop", "next set", "pain"):
        place = tmp_path / "clips" / text.replace(" ", "_")
        place.mkdir(parents=True)
        subprocess.run(["espeak-ng", "-v", "en-us", "-w", str(place / "one.wav"), text], check=True)
    return tmp_path / "clips"


def test_folders_and_lists_give_the_same_clips(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    rows = [f'"{file.relative_to(tmp_path)}",{file.parent.name.replace("_", " ")}' for file in folder.glob("*/*.wav")]
    table.write_text("file,text\n" + "\n".join(rows) + "\n")
    one, other = ({clip.text: clip for clip in read(path)} for path in (folder, table))
    assert one.keys() == other.keys() == {"stop", "next set", "pain"}
    assert all(np.array_equal(one[text].sound, other[text].sound) for text in one)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("file,text\n", "no clips"),
        ("path,words\n", "columns file and text"),
        ("file,text\nx.wav,stop\n", "x.wav"),
        ("file,text\nx.wav\n", "line 2 lacks"),
        ("file,text\nsilence.wav,stop\n", "nothing but silence"),
    ],
)
def test_a_list_of_no_use_is_refused(text: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(text)
    soundfile.write(tmp_path / "silence.wav", np.zeros(RATE), RATE)
    with pytest.raises(SoundError, match=reason):
        read(tmp_path / "list.csv")


@pytest.mark.parametrize("kind", ["white", "music", "babble"])
def test_noise_is_as_loud_as_it_is_said_to_be(kind: str, folder: Path) -> None:
    clips = read(folder)
    noises = Noises(clips, None)
    mixed = noises.mixed(clips[0], kind, 10.0, 0)
    assert np.array_equal(mixed, noises.mixed(clips[0], kind, 10.0, 0))
    clean = clips[0].sound
    loud = clean[np.abs(clean) > 0.05 * np.abs(clean).max()]
    rest = mixed[: RATE // 2], mixed[-RATE // 2 :]
    noise_power = float(np.mean(np.concatenate(rest) ** 2))
    scale = 1.0 if np.abs(mixed).max() < 0.999 else np.nan
    assert scale * 10 * np.log10((loud**2).mean() / noise_power) == pytest.approx(10, abs=5)


def test_own_recordings_of_noise_are_used(folder: Path, tmp_path: Path) -> None:
    noises = tmp_path / "noises"
    noises.mkdir()
    with pytest.raises(SoundError, match="no recordings"):
        Noises(read(folder), noises)
    soundfile.write(noises / "fan.wav", np.random.default_rng(0).normal(0, 0.1, RATE), RATE)
    assert Noises(read(folder), noises).kinds == ["fan"]


def test_for_the_pack_it_listens_with_the_grammar_of_a_session(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Mock()
    monkeypatch.setattr(recogniser.vosk, "KaldiRecognizer", made)
    recogniser.Recogniser(pack.folder / "model", ear.grammar(pack), ear.reports(pack))
    assert json.dumps(listened_for("pack", pack.folder / "model")) == made.call_args.args[2]


@pytest.mark.parametrize(
    ("heard", "is_heard"),
    [
        (["next set"], "right"),
        (["[unk] next set [unk]", ""], "right"),
        (["[unk]"], "rejected"),
        (["next"], "wrong"),
        (["next", "set"], "wrong"),  # nobody would take these for "next set"
        (["next [unk] set"], "wrong"),
        (["next set", "stop"], "wrong"),
    ],
)
def test_right_is_one_utterance_that_is_the_phrase(heard: list[str], is_heard: str) -> None:
    assert verdict(heard, "next set") == is_heard


@pytest.mark.parametrize(
    ("heard", "same"),
    [
        (["knee pain"], True),
        (["[unk] neck pain [unk]", "[unk]"], True),
        (["pain", "stop"], False),
        (["next"], False),
        ([], False),
    ],
)
def test_words_for_the_same_command_are_the_same_to_a_session(heard: list[str], same: bool, parts: Parts) -> None:
    assert means_the_same(heard, "pain", parts.interpreter.intent) == same


@pytest.mark.parametrize(
    ("heard", "false"),
    [
        ("my knee hurts", ["my knee hurts"]),  # "my" was said, and that is no excuse
        ("my [unk] here", []),
        ("[unk] brother", []),
        ("brother [unk] stop", ["stop"]),
        ("is my", ["is my"]),
        ("[unk]", []),
        ("", []),
    ],
)
def test_what_was_not_said_in_these_words_is_a_false_command(heard: str, false: list[str]) -> None:
    assert made_up(heard, "my brother is here") == false


def test_phrases_that_cannot_be_heard_are_named(tmp_path: Path, pack: Pack) -> None:
    model, phrases = pack.folder / "model", tmp_path / "phrases.txt"
    with pytest.raises(ModelError, match="a line each"):
        listened_for(str(phrases), model)
    phrases.write_text("stop\n\nflibbertigibbet now\n")
    with pytest.raises(ModelError, match=r"does not know flibbertigibbet; leave"):
        listened_for(str(phrases), model)
    phrases.write_text("stop\n\nnext set\n")
    assert listened_for(str(phrases), model) == ["stop", "next set", "[unk]"]


def test_a_clip_that_is_not_listened_for_is_told(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "phrases.txt").write_text("stop\npain\n")
    command = [sys.executable, "-m", "scripts.benchmark", "recognition"]
    clips = ["--manifest", str(folder), "--phrases", str(tmp_path / "phrases.txt")]
    done = subprocess.run(
        [*command, *clips, "--levels", "clean"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "not listened for, so never right: next set" in done.stdout
    for options, reason in (([], "nothing to measure"), ([*clips, "--levels", "15 dB"], "'15 dB' is none of: clean")):
        done = subprocess.run([*command, *options], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert reason in done.stderr.splitlines()[-1]


def test_the_tables_are_printed(folder: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "scripts.benchmark",
        "recognition",
        "--manifest",
        str(folder),
        "--levels",
        "clean",
    ]
    done = subprocess.run([*command, "--per-command"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "3 clips of 3 commands" in done.stdout
    clean = next(line.split() for line in done.stdout.splitlines() if line.startswith("clean"))
    assert clean == ["clean", "100.0", "0.0", "0.0", "3"]
    done = subprocess.run([*command[:5], "nowhere.csv"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
