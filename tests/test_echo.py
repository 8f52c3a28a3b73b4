"""Echo cancellation: our voice goes, the user's stays, whatever the delay, the clocks and the loudness."""

import numpy as np
import pytest
import soxr

from assistant.echo import make
from assistant.echo.double_talk import DoubleTalkCanceller
from assistant.echo.linear import LinearCanceller
from assistant.room import BLOCK, RATE, samples
from assistant.simulation import Acoustics, SimulatedRoom


@pytest.fixture(scope="module")
def talk(studio, pack) -> np.ndarray:
    """Twenty seconds of the coach."""
    lines = ("stopped", "help_always", "pain_stop", "ask_pain", "paused", "why_rest", "cooldown")
    gap = np.zeros(samples(0.3), dtype=np.float32)
    facts = pack.exercises["single-leg-hip-thrust"].facts()
    clips = [part for line in lines for part in (studio.clip(pack.text(line, facts)).samples, gap)]
    return np.resize(np.concatenate(clips), samples(20)).astype(np.float32)


def heard_in(acoustics: Acoustics, talk: np.ndarray, voice: np.ndarray | None = None, at: int = 0) -> np.ndarray:
    """What the microphone gets while the coach says `talk`, and the person `voice` at a sample."""
    room = SimulatedRoom(acoustics)
    if voice is not None:
        room.say(at, voice)
    blocks = room.blocks(lambda start, count: talk[start : start + count])
    return np.concatenate([next(blocks).heard for _ in range(len(talk) // BLOCK)])


def cancelled(canceller, near: np.ndarray, far: np.ndarray) -> np.ndarray:
    pairs = ((near[at : at + BLOCK], far[at : at + BLOCK]) for at in range(0, len(near) - BLOCK + 1, BLOCK))
    return np.concatenate([canceller.process(*pair) for pair in pairs])


def power_db(sound: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(sound**2) + 1e-12))


@pytest.mark.parametrize("delay_ms", [20, 80, 250, 500])
@pytest.mark.parametrize("echo_db", [-6.0, 15.0])
def test_our_voice_is_gone_whatever_the_delay(talk, delay_ms, echo_db):
    near = heard_in(Acoustics(echo_db, delay_ms), talk)
    clean = cancelled(make("software"), near, talk)
    late = slice(samples(10), None)
    assert power_db(near[late]) - power_db(clean[late]) > 25


@pytest.mark.parametrize("drift_ppm", [-200, 200])
def test_two_clocks_may_drift_apart(talk, drift_ppm):
    near = heard_in(Acoustics(0.0, 80), talk)
    drifted = soxr.resample(near, RATE, RATE * (1 + drift_ppm * 1e-6)).astype(np.float32)
    drifted = np.pad(drifted, (0, max(0, len(talk) - len(drifted))))[: len(talk)]
    clean = cancelled(make("software"), drifted, talk)
    late = slice(samples(10), samples(19))
    assert power_db(drifted[late]) - power_db(clean[late]) > 20


@pytest.mark.parametrize("echo_db", [0.0, 15.0])
def test_a_word_over_our_voice_keeps_its_beginning(talk, person, echo_db):
    word = person.clip("stop").samples
    at = samples(15.0)
    acoustics = Acoustics(echo_db, 80)
    near, alone = heard_in(acoustics, talk, word, at), heard_in(acoustics, np.zeros_like(talk), word, at)
    clean = cancelled(DoubleTalkCanceller(), near, talk)
    first = slice(at + samples(0.02), at + samples(0.15))  # the "s"
    assert power_db(clean[first]) == pytest.approx(power_db(alone[first]), abs=6)


def test_somebody_is_told_from_ourselves(talk, person):
    canceller = DoubleTalkCanceller()
    at = samples(15.0)
    near = heard_in(Acoustics(0.0, 80), talk, person.clip("my knee hurts").samples, at)
    told = []
    for start in range(0, len(near) - BLOCK + 1, BLOCK):
        canceller.process(near[start : start + BLOCK], talk[start : start + BLOCK])
        told.append(canceller.somebody)
    word = slice(at // BLOCK, at // BLOCK + 6)
    assert sum(told[word]) >= 3
    before = told[samples(5) // BLOCK : at // BLOCK]
    assert sum(before) < 0.05 * len(before)


def test_after_a_reset_all_is_learned_again(talk):
    near = heard_in(Acoustics(0.0, 80), talk)
    canceller = LinearCanceller()
    first = cancelled(canceller, near, talk)
    canceller.reset()
    assert np.array_equal(cancelled(canceller, near, talk), first)


def test_silence_stays_silence():
    for canceller in (LinearCanceller(), DoubleTalkCanceller()):
        silence = np.zeros(BLOCK, dtype=np.float32)
        assert not np.any(canceller.process(silence, silence))


def test_a_speakerphone_that_cancels_by_itself_is_left_alone(talk):
    near = heard_in(Acoustics(0.0, 80), talk)
    for mode in ("device", "off"):
        assert make(mode).process(near[:BLOCK], talk[:BLOCK]) is not None
        assert np.array_equal(make(mode).process(near[:BLOCK], talk[:BLOCK]), near[:BLOCK])
