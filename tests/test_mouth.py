"""The mouth: every clip on its sample, whatever the reads; silence when it is asked for."""

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.mouth import LEAD, Mouth
from assistant.studio import Clip

MS = 16
"""Samples a millisecond."""


def clip(length: int, level: float = 0.5, text: str = "words") -> Clip:
    return Clip(text, np.full(length, level, dtype=np.float32))


def noise(length: int, seed: int = 1) -> Clip:
    """A clip no two samples of which are alike."""
    return Clip(f"noise {seed}", np.random.default_rng(seed).uniform(-0.4, 0.4, length).astype(np.float32))


def read(mouth: Mouth, count: int, sizes: list[int] | None = None) -> np.ndarray:
    """The next `count` samples, in reads of these sizes, over and over."""
    end, parts, turn = mouth.position + count, [], 0
    while mouth.position < end:
        size = min(sizes[turn % len(sizes)] if sizes else 160, end - mouth.position)
        parts.append(mouth.read(mouth.position, size))
        turn += 1
    return np.concatenate(parts)


# ---- where clips stand


def test_a_clip_stands_on_its_sample_and_nowhere_else():
    mouth, said = Mouth(), noise(1_000)
    mouth.say(said, at=1_234)
    sound = read(mouth, 4_000)
    assert np.array_equal(sound[1_234:2_234], said.samples)
    assert not sound[:1_234].any()
    assert not sound[2_234:].any()
    assert sound.dtype == np.float32


def test_clips_that_overlap_are_heard_together():
    mouth, one, two = Mouth(), noise(1_000, 1), noise(1_000, 2)
    mouth.say(one, at=0)
    mouth.say(two, at=500)
    assert np.array_equal(read(mouth, 2_000)[500:1_000], one.samples[500:] + two.samples[:500])


sizes = st.lists(st.integers(1, 3_000), min_size=1, max_size=6)


def performance(sizes: list[int], ducked: bool) -> np.ndarray:
    """A bit of everything, read in these sizes."""
    mouth = Mouth()
    mouth.say(noise(3_000, 1), at=777)
    mouth.say(noise(2_000, 2), at=2_500)
    mouth.say(noise(2_000, 3))
    mouth.say(noise(2_000, 4))
    first = read(mouth, 6_000, sizes)
    mouth.ducked = ducked
    second = read(mouth, 3_000, sizes)
    mouth.hush()
    mouth.ducked = False
    mouth.say(noise(4_000, 5))
    return np.concatenate([first, second, read(mouth, 7_000, sizes)])


@settings(deadline=None)
@given(sizes)
def test_the_sizes_of_the_reads_change_nothing(sizes):
    assert np.array_equal(performance(sizes, ducked=False), performance([16_000], ducked=False))


@settings(deadline=None)
@given(sizes)
def test_nor_do_they_while_it_is_ducked(sizes):
    assert np.abs(performance(sizes, ducked=True) - performance([16_000], ducked=True)).max() < 1e-6


def test_lines_follow_each_other_with_a_gap():
    mouth = Mouth()
    read(mouth, 1_000)
    one, two = mouth.say(clip(2_000)), mouth.say(clip(3_000))
    assert (one.start, one.end) == (1_000 + 40 * MS, 3_000 + 40 * MS)
    assert two.start == one.end + 250 * MS
    assert mouth.silent_from == two.end
    sound = np.flatnonzero(read(mouth, 20_000)) + 1_000
    assert set(sound) == {*range(one.start, one.end), *range(two.start, two.end)}


def test_a_line_waits_for_no_beat():
    mouth = Mouth()
    mouth.say(clip(1_000), at=50_000)
    assert mouth.say(clip(1_000)).start == LEAD


def test_a_line_after_a_long_silence_starts_at_once():
    mouth = Mouth()
    mouth.say(clip(1_000))
    read(mouth, 30_000)
    assert mouth.say(clip(1_000)).start == 30_000 + 40 * MS


# ---- hush


def test_a_hush_fades_within_ten_milliseconds_and_nothing_follows():
    mouth = Mouth()
    mouth.say(clip(20_000))
    mouth.say(clip(20_000))
    mouth.say(clip(1_000), at=12_000)
    assert read(mouth, 8_000)[-1] == 0.5
    mouth.hush()
    after = read(mouth, 60_000)
    assert after[0] == pytest.approx(0.5, abs=0.01)
    assert np.all(np.diff(after[: 10 * MS]) < 0)
    assert np.abs(np.diff(after)).max() < 0.01  # no click
    assert not after[10 * MS :].any()
    assert mouth.silent_from <= mouth.position


def test_a_second_hush_does_not_bring_the_sound_back():
    mouth = Mouth()
    mouth.say(clip(20_000))
    read(mouth, 8_000)
    mouth.hush()
    before = read(mouth, 4 * MS)[-1]
    mouth.hush()
    assert read(mouth, 100 * MS).max() < before


def test_after_a_hush_the_next_line_does_not_wait_for_what_was_cut():
    mouth = Mouth()
    mouth.say(clip(50_000))
    read(mouth, 8_000)
    mouth.hush()
    assert mouth.say(clip(1_000)).start == 8_000 + LEAD


@pytest.mark.parametrize(("urgent", "kept"), [(False, True), (True, False)])
def test_a_safety_line_falls_silent_only_when_it_is_urgent(urgent, kept):
    mouth = Mouth()
    mouth.say(clip(10_000), token=1, safety=True)
    mouth.say(clip(10_000, level=0.25), token=2)
    mouth.say(clip(10_000, level=0.125), token=3, safety=True)
    read(mouth, 4_000)
    mouth.hush(urgent=urgent)
    levels = {float(level) for level in np.unique(read(mouth, 60_000)[10 * MS :])}
    assert levels == ({0.0, 0.5, 0.125} if kept else {0.0})
    assert [spot.token for spot in mouth.finished(mouth.position)] == ([1, 3] if kept else [])


# ---- what is told


def test_begun_and_finished_are_told_once():
    mouth = Mouth()
    mouth.say(clip(1_000), line="a", token=7, at=100)
    mouth.say(clip(1_000), line="b", at=1_000)
    assert (list(mouth.begun(100)), list(mouth.finished(1_099))) == ([], [])
    assert [spot.line for spot in mouth.begun(101)] == ["a"]
    assert [(spot.line, spot.token, spot.end) for spot in mouth.finished(1_100)] == [("a", 7, 1_100)]
    assert [spot.line for spot in mouth.begun(9_000)] == ["b"]
    assert (list(mouth.begun(9_000)), list(mouth.finished(9_000))) == ([], [])
    assert (list(mouth.begun(900_000)), list(mouth.finished(900_000))) == ([], [])


def test_a_line_that_was_hushed_never_finishes():
    mouth = Mouth()
    mouth.say(clip(10_000), token=1)
    mouth.say(clip(10_000), token=2)
    read(mouth, 4_000)
    mouth.hush()
    read(mouth, 60_000)
    assert list(mouth.finished(mouth.position)) == []


def test_a_line_may_be_said_while_another_is_told_as_finished():
    mouth = Mouth()
    mouth.say(clip(100), token=1)
    read(mouth, 2_000)
    for spot in mouth.finished(mouth.position):
        mouth.say(clip(100), token=spot.token + 1)
    read(mouth, 4_000)
    assert [spot.token for spot in mouth.finished(mouth.position)] == [2]


def test_audible_knows_what_sounds_when_and_forgets_it_three_seconds_later():
    mouth = Mouth()
    mouth.say(clip(1_000, text="lift"), at=1_000)
    mouth.say(clip(1_000, text=""), at=1_000)  # a tone
    read(mouth, 3_000)
    list(mouth.finished(mouth.position))
    assert mouth.audible(0, 1_000) == []
    assert mouth.audible(0, 1_001) == ["lift"]
    assert mouth.audible(1_999, 9_000) == ["lift"]
    assert mouth.audible(2_000, 9_000) == []
    list(mouth.finished(49_999))
    assert mouth.audible(0, 9_000) == ["lift"]
    list(mouth.finished(50_000))
    assert mouth.audible(0, 9_000) == []


# ---- loudness


def test_a_duck_is_twenty_decibels_down_within_thirty_milliseconds_and_comes_back():
    mouth = Mouth()
    mouth.say(clip(16_000, level=0.4), at=0)
    read(mouth, 1_600)
    mouth.ducked = True
    down = read(mouth, 1_600)
    assert down[30 * MS :] == pytest.approx(0.04, abs=1e-6)
    assert np.all(np.diff(down[: 30 * MS]) < 0)
    assert down[0] > 0.39  # no click
    mouth.ducked = False
    up = read(mouth, 1_600)
    assert up[30 * MS :] == pytest.approx(0.4, abs=1e-6)
    assert np.all(np.diff(up[: 30 * MS]) > 0)


@pytest.mark.parametrize(("volume_db", "level"), [(-20.0, 0.04), (-6.0, 0.2005), (0.0, 0.4), (6.0, 0.798)])
def test_the_volume(volume_db, level):
    mouth = Mouth()
    mouth.volume_db = volume_db
    mouth.say(clip(16_000, level=0.4), at=0)
    assert read(mouth, 3_200)[1_600:] == pytest.approx(level, abs=0.001)


def test_a_duck_counts_from_the_volume():
    mouth = Mouth()
    mouth.volume_db, mouth.ducked = 6.0, True
    mouth.say(clip(16_000, level=0.4), at=0)
    assert read(mouth, 3_200)[1_600:] == pytest.approx(0.0798, abs=0.001)


def test_never_above_full_scale():
    mouth = Mouth()
    mouth.volume_db = 20.0
    for seed in range(8):
        mouth.say(noise(8_000, seed), at=0)
    assert np.abs(read(mouth, 8_000)).max() == 1.0


# ---- two threads


def test_the_audio_thread_reads_while_lines_are_said():
    mouth, spots, parts, failures = Mouth(), [], [], []
    begun, finished = [], []
    said_all = threading.Event()

    def audio() -> None:
        try:
            while not said_all.is_set() or mouth.position < spots[-1].end:
                parts.append(mouth.read(mouth.position, 1_000))
        except Exception as error:
            failures.append(error)

    thread = threading.Thread(target=audio)
    thread.start()
    for seed in range(300):
        # So far ahead that the reader, which runs as fast as it can, does not get there before it is said.
        spots.append(mouth.say(noise(500, seed), at=mouth.position + 5_000_000, token=seed + 1))
        begun += [spot.token for spot in mouth.begun(mouth.position)]
        finished += [spot.token for spot in mouth.finished(mouth.position)]
    said_all.set()
    thread.join()
    begun += [spot.token for spot in mouth.begun(mouth.position)]
    finished += [spot.token for spot in mouth.finished(mouth.position)]
    assert failures == []
    sound = np.concatenate(parts)
    assert len(sound) == mouth.position
    expected = np.zeros_like(sound)
    for spot in spots:
        expected[spot.start : spot.end] += spot.clip.samples
    assert np.array_equal(sound, np.clip(expected, -1, 1))
    assert begun == finished == list(range(1, 301))
