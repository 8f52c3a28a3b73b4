"""The studio with the real pyttsx3: clips that start on their first sound, a cache, a child that may die."""

import gc
import os
import signal
import sys
import threading
from contextlib import nullcontext, suppress
from pathlib import Path

import numpy as np
import pytest

from assistant import soundfiles
from assistant.errors import SpeechError
from assistant.room import RATE, samples
from assistant.studio import Studio, tone

VOICE = "gmw/en-us"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "not" / "yet" / "there"


def loudest(sound: np.ndarray) -> float:
    return float(np.abs(sound).max())


def children() -> set[int]:
    """The synthesisers that this process has started and that are alive."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            is_ours = parent == os.getpid() and "assistant/synthesiser.py" in (folder / "cmdline").read_text()
        except OSError:
            continue  # it has just ended
        if is_ours:
            found.add(int(folder.name))
    return found


on_linux = pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc to find a child process")

# ---- how clips sound


@pytest.mark.parametrize("text", ["Stop", "Pause", "Lower", "Six", "Keep hips level."])
def test_a_clip_starts_with_sound_and_ends_soon_after_it(studio, text):
    sound = studio.clip(text).samples
    assert loudest(sound[: samples(0.005)]) > 0.01 * loudest(sound)
    assert loudest(sound[-samples(0.05) :]) > 0.01 * loudest(sound)
    assert abs(sound[-1]) < 0.001  # no click
    assert sound.dtype == np.float32


@pytest.mark.parametrize("text", ["One", "Lower", "Drive through the heel."])
def test_clips_are_equally_loud_and_never_too_loud(studio, person, text):
    levels = []
    for voice in (studio, person):
        sound = voice.clip(text).samples
        assert loudest(sound) <= 0.71
        loud = sound[np.abs(sound) > 0.1 * loudest(sound)]
        levels.append(20 * np.log10(np.sqrt(np.mean(loud**2))))
    assert levels == pytest.approx([-22, -22], abs=2)


def test_the_numbers_one_to_twelve_fit_a_second_when_said_briskly(studio, pack):
    lengths = {n: studio.clip(pack.text("number", {"number": n}), brisk=True).seconds for n in range(1, 13)}
    assert {n: length for n, length in lengths.items() if not 0.1 < length < 0.9} == {}


def test_brisk_is_faster(studio):
    text = "Eleven reps on the left side."
    assert studio.clip(text, brisk=True).seconds < studio.clip(text).seconds


def test_what_has_no_sound_is_refused(studio):
    with pytest.raises(SpeechError, match="as silence; check it with: espeak-ng"):
        studio.clip("...")


def test_a_message_repeats_only_the_beginning_of_a_long_text(studio):
    with pytest.raises(SpeechError, match="as silence") as caught:
        studio.clip("... " * 10_000)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(("name", "seconds"), [("tick", 0.03), ("start", 0.24), ("end", 0.24), ("alarm", 0.6)])
def test_a_tone_begins_and_ends_without_a_click(name, seconds):
    sound = tone(name)
    assert (sound.seconds, sound.text) == (pytest.approx(seconds), "")
    assert abs(sound.samples[0]) < 0.001
    assert abs(sound.samples[-1]) < 0.001
    assert 0.1 < loudest(sound.samples) < 0.5


def test_a_text_sounds_the_same_whatever_was_said_before(tmp_path):
    made = []
    for n, before in enumerate(((), ("Pause", "Stop", "Twelve"), ("Stop",))):
        with Studio(VOICE, 165, tmp_path / str(n)) as studio:
            for text in before:
                studio.clip(text)
            made.append(studio.clip("Lower").samples)
    assert np.array_equal(made[0], made[1])
    assert np.array_equal(made[0], made[2])


# ---- the cache


def test_what_is_cached_needs_no_speech_engine(folder, monkeypatch):
    with Studio(VOICE, 165, folder) as studio:
        first = studio.clip("Hello")
        assert studio.clip("Hello") is first
    monkeypatch.setattr(sys, "executable", "/bin/false")  # from here on no child can be started
    with Studio(VOICE, 165, folder) as again:
        assert np.array_equal(again.clip("Hello").samples, first.samples)
    for other in (Studio(VOICE, 170, folder), Studio("gmw/en", 165, folder)):
        with other, pytest.raises(SpeechError, match="it did not start"):
            other.clip("Hello")
    gc.collect()  # what was left open is told here


@pytest.mark.parametrize("content", [b"", b"junk", "silence", "cut off"])
def test_a_broken_file_in_the_cache_is_made_again(folder, content):
    with Studio(VOICE, 165, folder) as studio:
        length = len(studio.clip("Hello").samples)
        [file] = folder.iterdir()
        if content == "silence":
            soundfiles.write(file, np.zeros(RATE, dtype=np.float32))
        elif content == "cut off":
            file.write_bytes(file.read_bytes()[:100])
        else:
            file.write_bytes(content)
        with Studio(VOICE, 165, folder) as again:
            made = again.clip("Hello").samples
        assert len(made) == pytest.approx(length, rel=0.1)
        assert np.array_equal(soundfiles.read(file), made)
        assert list(folder.iterdir()) == [file]


def test_a_cache_that_cannot_be_written_is_told_and_does_not_silence_the_coach(folder, tmp_path):
    with Studio(VOICE, 165, folder) as good:
        wanted = good.clip("Hello").samples
        assert good.trouble == ""
    (tmp_path / "file").write_text("a file where a folder should be")
    with Studio(VOICE, 165, tmp_path / "file" / "speech") as studio:
        assert np.array_equal(studio.clip("Hello").samples, wanted)
        assert "file/speech: cannot keep rendered speech" in studio.trouble
        assert "XDG_CACHE_HOME" in studio.trouble


def test_what_was_used_least_lately_makes_room_in_a_cache_that_is_too_big(folder, monkeypatch):
    texts = ("One", "Two", "Three", "Four")
    with Studio(VOICE, 165, folder) as studio:
        for n, text in enumerate(texts):
            before = set(folder.glob("*"))
            studio.clip(text)
            [file] = set(folder.glob("*")) - before
            os.utime(file, (n + 1, n + 1))
    size = sum(file.stat().st_size for file in folder.iterdir())
    monkeypatch.setattr("assistant.studio.MOST_KEPT_BYTES", 0.6 * size)
    with Studio(VOICE, 165, folder) as again:
        again.prepare([("One", False)])
    monkeypatch.setattr(sys, "executable", "/bin/false")  # from here on nothing can be rendered
    left = []
    with Studio(VOICE, 165, folder) as last:
        for text in texts:
            with suppress(SpeechError):
                left.append(last.clip(text).text)
    assert left == ["One", "Four"]
    gc.collect()  # what was left open is told here


def test_a_cache_that_cannot_be_made_smaller_keeps_nobody_from_training(folder, monkeypatch):
    monkeypatch.setattr("assistant.studio.MOST_KEPT_BYTES", 0)
    (folder / "a folder.wav").mkdir(parents=True)
    with Studio(VOICE, 165, folder) as studio:
        studio.prepare([("One", False)])
        assert studio.clip("One").seconds > 0.1


def test_preparing_tells_how_far_it_is_and_makes_each_text_once(folder):
    told = []
    with Studio(VOICE, 165, folder, brisk_rate=200) as studio:
        texts = [("One", True), ("One", False), ("Two", True), ("One", True)]
        studio.prepare(texts, lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert len(list(folder.iterdir())) == 3


# ---- the child process


def test_an_unknown_voice_is_told_with_the_voices_there_are(folder):
    with Studio("gmw/xx-nobody", 165, folder) as studio, pytest.raises(SpeechError) as caught:
        studio.clip("Hello")
    assert "there is no voice 'gmw/xx-nobody'" in str(caught.value)
    assert VOICE in str(caught.value)
    assert "fr" not in str(caught.value).split()


def test_what_lies_where_we_were_started_is_not_run(folder, tmp_path, monkeypatch):
    for module in ("json", "numbers", "pyttsx3"):
        (tmp_path / f"{module}.py").write_text("raise SystemExit('foreign code')")
    monkeypatch.chdir(tmp_path)
    with Studio(VOICE, 165, folder) as studio:
        assert studio.clip("Hello").seconds > 0.1


@on_linux
@pytest.mark.parametrize("training", [False, True])
def test_a_child_that_dies_is_replaced(folder, training):
    before = children()
    with Studio(VOICE, 165, folder) as studio, studio.hurried() if training else nullcontext():
        studio.clip("One")
        [child] = children() - before
        os.kill(child, signal.SIGKILL)
        assert studio.clip("Two").seconds > 0.1
        [other] = children() - before
        assert other != child
    assert children() == before
    gc.collect()  # what was left open is told here


@on_linux
def test_a_child_that_is_slow_gets_its_time_again_after_a_workout(folder, monkeypatch):
    monkeypatch.setattr("assistant.studio.HURRIED_SECONDS", 0.2)
    before = children()
    with Studio(VOICE, 165, folder) as studio:
        studio.clip("One")
        with studio.hurried():
            pass
        [child] = children() - before
        os.kill(child, signal.SIGSTOP)
        goes_on = threading.Timer(0.6, os.kill, (child, signal.SIGCONT))
        goes_on.start()
        studio.clip("Two")
        goes_on.join()
        assert children() - before == {child}


@on_linux
def test_a_child_starts_only_when_something_is_to_be_rendered(folder):
    before = children()
    with Studio(VOICE, 165, folder, brisk_rate=200) as studio:
        assert children() == before
        studio.clip("One")
        studio.clip("One", brisk=True)
        assert len(children() - before) == 1
    assert children() == before


def test_a_studio_can_be_closed_twice(folder):
    before = children()
    studio = Studio(VOICE, 165, folder)
    studio.clip("One")
    studio.close()
    studio.close()
    assert children() == before
