"""Deafness: each of its causes alone, how soon it is told, and how it ends."""

import numpy as np
import pytest

from assistant.health import Health
from assistant.room import BLOCK, Block, samples, seconds

SOUND = np.random.default_rng(1).normal(0, 1e-4, BLOCK).astype(np.float32)
ZEROS = np.zeros(BLOCK, dtype=np.float32)


def deaf_at(blocks: list[tuple[np.ndarray, int, bool]]) -> list[tuple[float, bool]]:
    """When deafness begins (True) and ends (False), in seconds."""
    health, told, was = Health(), [], False
    for n, (sound, lost, understands) in enumerate(blocks):
        now = health.look(Block(n * BLOCK, sound, sound, lost), understands=understands)
        if now != was:
            told.append((seconds((n + 1) * BLOCK), now))
        was = now
    return told


def good(count: int) -> list[tuple[np.ndarray, int, bool]]:
    return [(SOUND, 0, True)] * count


def test_all_well():
    assert deaf_at(good(100)) == []


@pytest.mark.parametrize(
    ("bad", "begins"),
    [
        ((ZEROS, 0, True), 2.5),  # a quiet moment may have a few zeros
        ((SOUND, 0, False), 1.1),
        ((SOUND, samples(0.2), True), 1.3),
    ],
    ids=["dead microphone", "dead recogniser", "overflow"],
)
def test_each_cause_is_told_within_two_seconds_and_ends(bad, begins):
    told = deaf_at([*good(10), *[bad] * 30, *good(60)])
    assert [deaf for _, deaf in told] == [True, False]
    assert told[0][0] == begins <= 3.0
    assert told[1][0] > 4.0


@pytest.mark.parametrize("moment", [[(ZEROS, 0, True)] * 14, [(SOUND, samples(0.3), True)]], ids=["zeros", "hiccup"])
def test_a_moment_is_no_deafness(moment):
    assert deaf_at([*good(10), *moment, *good(30)]) == []


@pytest.mark.parametrize(
    "stuck",
    [
        np.full(BLOCK, 0.01),
        np.full(BLOCK, 1.0),
        np.full(BLOCK, -1 / 32768),
        np.random.default_rng(2).integers(-1, 2, BLOCK) / 32768,
    ],
    ids=["offset", "full scale", "one step", "dither"],
)
def test_an_input_that_hears_nothing_is_deaf_though_it_is_not_zero(stuck):
    told = deaf_at([*good(10), *[(stuck.astype(np.float32), 0, True)] * 30])
    assert told == [(2.5, True)]


def test_a_click_now_and_then_makes_a_dead_microphone_no_better():
    click = ZEROS.copy()
    click[100] = 0.5
    told = deaf_at([*good(10), *([(ZEROS, 0, True)] * 13 + [(click, 0, True)]) * 3])
    assert [deaf for _, deaf in told] == [True]
    assert told[0][0] < 3.0


def test_a_silent_microphone_that_flickers_stays_deaf():
    flicker = [(ZEROS, 0, True)] * 20 + [(SOUND, 0, True), (ZEROS, 0, True)] * 20
    assert deaf_at(flicker) == [(1.5, True)]
