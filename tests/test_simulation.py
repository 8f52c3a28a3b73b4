"""The simulated room: the same every time, and as loud as it was asked to be."""

import numpy as np
import pytest

from assistant.room import BLOCK, RATE, samples
from assistant.simulation import Acoustics, SimulatedRoom

SECOND = RATE


def silence(_at: int, count: int) -> np.ndarray:
    return np.zeros(count, dtype=np.float32)


def player(sound: np.ndarray):
    """Plays a sound from sample 0 on."""
    padded = np.concatenate([sound, np.zeros(100 * BLOCK)]).astype(np.float32)
    return lambda at, count: padded[at : at + count]


def heard(room: SimulatedRoom, seconds: float, play=silence) -> np.ndarray:
    parts = []
    for block in room.blocks(play):
        parts.append(block.heard)
        if block.end >= samples(seconds):
            break
    return np.concatenate(parts)


def level(sound: np.ndarray) -> float:
    """RMS in dB full scale."""
    return 20 * float(np.log10(np.sqrt(np.mean(sound.astype(float) ** 2))))


def white(count: int, rms: float, seed: int = 5) -> np.ndarray:
    return (rms * np.random.default_rng(seed).standard_normal(count)).astype(np.float32)


def hum(count: int, rms: float = 0.2) -> np.ndarray:
    """Steady, so that all of it counts for its level."""
    return (rms * np.sqrt(2) * np.sin(2 * np.pi * 200 * np.arange(count) / RATE)).astype(np.float32)


def performance(**acoustics) -> np.ndarray:
    room = SimulatedRoom(Acoustics(**acoustics))
    room.say(5_000, hum(8_000))
    return heard(room, 1, player(white(8_000, 0.08)))


@pytest.mark.parametrize("acoustics", [{}, {"snr_db": 10.0, "delay_ms": 12.0, "seed": 7}])
def test_the_same_seed_gives_the_same_samples(acoustics):
    assert np.array_equal(performance(**acoustics), performance(**acoustics))


def test_another_seed_is_another_room():
    assert not np.array_equal(performance(seed=1), performance(seed=2))


def test_blocks_follow_each_other_and_carry_what_was_played():
    played = white(10 * BLOCK, 0.08)
    blocks = []
    for block in SimulatedRoom(Acoustics()).blocks(player(played)):
        blocks.append(block)
        if len(blocks) == 10:
            break
    assert [block.at for block in blocks] == list(range(0, 10 * BLOCK, BLOCK))
    assert {len(block.heard) for block in blocks} == {BLOCK}
    assert np.array_equal(np.concatenate([block.played for block in blocks]), played)
    assert {block.heard.dtype for block in blocks} == {np.dtype(np.float32)}
    assert not any(block.lost for block in blocks)


@pytest.mark.parametrize(("delay_ms", "late"), [(0.0, 0), (80.0, 1_280), (250.0, 4_000)])
@pytest.mark.parametrize("at", [0, 1_599, 2_345])
def test_the_echo_arrives_after_its_delay(delay_ms, late, at):
    click = np.zeros(at + 1)
    click[at] = 1.0
    sound = heard(SimulatedRoom(Acoustics(delay_ms=delay_ms)), 1, player(click))
    assert np.argmax(np.abs(sound)) == at + late
    assert np.abs(sound[: at + late]).max(initial=0) < 0.001


@pytest.mark.parametrize("echo_db", [0.0, -6.0, -20.0])
def test_the_echo_is_as_loud_as_asked(echo_db):
    person = SimulatedRoom(Acoustics())
    person.say(0, hum(2 * SECOND))
    voice = level(heard(person, 2))
    # Our own voice at the level at which every clip is rendered.
    echo = heard(SimulatedRoom(Acoustics(echo_db=echo_db)), 2, player(white(2 * SECOND, 0.08)))
    assert level(echo[SECOND:]) - voice == pytest.approx(echo_db, abs=1)


@pytest.mark.parametrize("snr_db", [20.0, 10.0, 0.0])
@pytest.mark.parametrize("noise", [None, hum(12_345, rms=0.3)], ids=["white", "given"])
def test_the_noise_is_as_loud_as_asked(snr_db, noise):
    quiet = SimulatedRoom(Acoustics())
    quiet.say(0, hum(2 * SECOND))
    voice = level(heard(quiet, 2))
    noisy = SimulatedRoom(Acoustics(snr_db=snr_db), noise)
    assert voice - level(heard(noisy, 2)) == pytest.approx(snr_db, abs=1)


@pytest.mark.parametrize("gain_db", [-6.0, 6.0])
def test_a_person_may_be_louder_or_quieter(gain_db):
    plain, other = SimulatedRoom(Acoustics()), SimulatedRoom(Acoustics())
    plain.say(0, hum(SECOND))
    other.say(0, hum(SECOND), gain_db=gain_db)
    assert level(heard(other, 1)) - level(heard(plain, 1)) == pytest.approx(gain_db, abs=0.1)


def test_how_loud_a_recording_is_does_not_matter():
    loud, quiet = SimulatedRoom(Acoustics()), SimulatedRoom(Acoustics())
    loud.say(0, hum(SECOND, rms=0.5))
    quiet.say(0, hum(SECOND, rms=0.001))
    assert level(heard(loud, 1)) == pytest.approx(level(heard(quiet, 1)), abs=0.1)


def test_the_person_speaks_where_they_were_told():
    room = SimulatedRoom(Acoustics())
    assert room.say(2_000, hum(1_000)) == 3_000
    assert room.say(9_000, hum(500)) == room.speaks_until == 9_500
    sound = np.flatnonzero(np.abs(heard(room, 1)) > 0.01)
    assert (sound[0], sound[-1]) == (pytest.approx(2_000, abs=10), pytest.approx(9_500, abs=10))
    assert not np.any((sound > 3_000) & (sound < 9_000))


def test_an_unplugged_microphone_delivers_zeros_and_a_quiet_room_does_not():
    room = SimulatedRoom(Acoustics())
    room.say(0, hum(SECOND))
    room.unplugged = True
    assert not heard(room, 1, player(white(SECOND, 0.08))).any()
    assert np.all(np.any(heard(SimulatedRoom(Acoustics()), 1).reshape(-1, BLOCK), axis=1))


def test_a_closed_room_ends():
    room = SimulatedRoom(Acoustics())
    for count, _ in enumerate(room.blocks(silence), 1):
        room.open = count < 3
    assert count == 3
