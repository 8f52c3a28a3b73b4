"""What else is in a gym: noise, music, voices, clanking, hum, breath, and rooms; all of it made up, from a seed."""

from collections.abc import Callable, Sequence

import numpy as np

RATE = 16000
Rng = np.random.Generator


def convolve(sound: np.ndarray, response: np.ndarray) -> np.ndarray:
    """The sound in a room or through a filter, as long as it was."""
    size = 1 << int(np.ceil(np.log2(len(sound) + len(response))))
    return np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(response, size), size)[: len(sound)]


def room(rng: Rng) -> np.ndarray:
    """An impulse response: direct sound, early reflections, a tail of 0.1 to 0.8 s; near to far."""
    decay_s = rng.uniform(0.1, 0.8)
    length = int(min(decay_s, 0.5) * RATE)
    time = np.arange(length) / RATE
    response = rng.standard_normal(length) * np.exp(-6.9 * time / decay_s)
    response[: int(rng.uniform(0.001, 0.008) * RATE)] = 0
    response *= 10 ** (-rng.uniform(-3, 12) / 20) / np.sqrt((response**2).sum() + 1e-9)
    for _ in range(rng.integers(0, 7)):
        response[rng.integers(20, min(length, 700))] += rng.uniform(-0.5, 0.5)
    response[0] = 1
    return response.astype(np.float32)


def equaliser(rng: Rng) -> np.ndarray:
    """A microphone's colour: up to 7 dB of bumps, a tilt, now and then a narrow band or no bass."""
    points = np.linspace(0, 1, 129) ** 0.5
    gain = np.interp(points, np.linspace(0, 1, 6), rng.uniform(-7, 7, 6)) + rng.uniform(-6, 6) * points
    hertz = np.linspace(0, 8000, 129)
    if rng.random() < 0.12:
        gain -= np.where(hertz > rng.uniform(3400, 5500), rng.uniform(10, 40), 0)
    if rng.random() < 0.2:
        gain -= np.where(hertz < rng.uniform(100, 350), rng.uniform(5, 20), 0)
    return _filter(gain)


def muffled(rng: Rng) -> np.ndarray:
    """Somebody who lies and speaks away from the microphone: highs fall off from 1 to 2.5 kHz on."""
    hertz = np.linspace(0, 8000, 129)
    octaves = np.maximum(0, np.log2(np.maximum(hertz, 1) / rng.uniform(1000, 2500)))
    return _filter(-rng.uniform(3, 9) * octaves + np.where(hertz < 300, rng.uniform(0, 4), 0))


def _filter(gain_db: np.ndarray) -> np.ndarray:
    response = np.fft.irfft(10 ** (gain_db / 20))
    return np.roll(response, 64)[:129].astype(np.float32)


# ---------------------------------------------------------------- noises of n samples, any level


def coloured(rng: Rng, n: int) -> np.ndarray:
    """Fans, ventilation, rain: noise of any colour, steady or swelling."""
    size = 1 << int(np.ceil(np.log2(n)))
    spectrum = np.fft.rfft(rng.standard_normal(size))
    hertz = np.arange(size // 2 + 1) / size * RATE + 20
    spectrum *= hertz ** (-0.5 * rng.choice([0, 1, 2, rng.uniform(0, 2.5)]))
    if rng.random() < 0.6:
        spectrum *= 10 ** (np.interp(np.log(hertz), np.linspace(3, 9.1, 9), rng.uniform(-14, 14, 9)) / 20)
    sound = np.fft.irfft(spectrum)[:n]
    if rng.random() < 0.35:
        swell = np.interp(np.arange(n), np.linspace(0, n, max(2, n // 4000)), rng.uniform(0.05, 1, max(2, n // 4000)))
        sound = sound * swell
    return sound


def music(rng: Rng, n: int) -> np.ndarray:
    """A beat, a bass, chords and a melody, made up."""
    sound = np.zeros(n)
    beat = int(60 / rng.uniform(80, 170) * RATE)
    time = np.arange(beat) / RATE
    root, major = rng.uniform(60, 220), rng.integers(3, 5)
    chords, drums, kick, lead = rng.uniform(0.2, 1), rng.uniform(0, 3), rng.uniform(0, 6), rng.uniform(0, 1.2)
    decay, partials, brightness = rng.uniform(0, 6), rng.integers(2, 12), rng.uniform(0.5, 1.5)
    for number, start in enumerate(range(0, n, beat)):
        base = root * 2 ** (rng.choice([0, 0, 5, 7, 3, 9]) / 12)
        bar = np.zeros(beat)
        for step in (0, major, 7, 12)[: rng.integers(1, 5)]:
            bar += chords * _tone(rng, base * 2 ** (step / 12), time, partials, brightness) * np.exp(-time * decay)
        if lead > 0.4:
            half = beat // 2
            for side in (slice(0, half), slice(half, beat)):
                pitch = base * 2 ** (rng.choice([12, 14, 16, 19, 21, 24]) / 12)
                note = _tone(rng, pitch, time[: side.stop - side.start], 6, 1.0)
                bar[side] += lead * note * np.exp(-3 * time[: len(note)])
        bar += drums * np.exp(-time * rng.uniform(20, 60)) * rng.standard_normal(beat) * (number % 2)
        bar += drums * 0.4 * np.exp(-(time % (beat / 2 / RATE)) * 70) * rng.standard_normal(beat)
        bar += kick * np.sin(2 * np.pi * rng.uniform(45, 90) * time) * np.exp(-time * 15)
        sound[start : start + beat] += bar[: n - start]
    return sound


def _tone(rng: Rng, pitch: float, time: np.ndarray, partials: int, brightness: float) -> np.ndarray:
    vibrato = 1 + 0.004 * np.sin(2 * np.pi * 5 * time)
    orders = [k for k in range(1, partials + 1) if k * pitch < 7500]
    waves = (np.sin(2 * np.pi * k * pitch * vibrato * time + rng.uniform(0, 6)) / k**brightness for k in orders)
    return sum(waves, np.zeros(len(time)))


def clanking(rng: Rng, n: int) -> np.ndarray:
    """Plates, bars and benches."""
    sound = np.zeros(n)
    for _ in range(rng.integers(1, 2 + n // 4000)):
        start = int(rng.integers(0, n - 800))
        length = min(n - start, int(rng.uniform(0.03, 0.6) * RATE))
        time = np.arange(length) / RATE
        hit = rng.standard_normal(length) * np.exp(-time * rng.uniform(30, 300)) * rng.uniform(0, 2)
        for _ in range(rng.integers(1, 7)):
            ring = np.sin(2 * np.pi * rng.uniform(150, 6500) * time + rng.uniform(0, 6))
            hit += ring * np.exp(-time * rng.uniform(5, 80)) * rng.uniform(0.1, 1)
        sound[start : start + length] += hit * rng.uniform(0.2, 1)
    return sound + 0.02 * coloured(rng, n)


def hum(rng: Rng, n: int) -> np.ndarray:
    """Machines: a hum with many harmonics, and their noise."""
    time = np.arange(n) / RATE
    base = rng.choice([50, 60, rng.uniform(30, 400)])
    sound = np.zeros(n)
    for order in range(1, rng.integers(3, 25)):
        drift = 1 + rng.uniform(-1e-3, 1e-3)
        loud = rng.uniform(0, 1) / order ** rng.uniform(0.2, 1.2)
        sound += loud * np.sin(2 * np.pi * base * order * drift * time + rng.uniform(0, 6))
    noise = coloured(rng, n)
    return sound + noise / (noise.std() + 1e-9) * rng.uniform(0, 1) * sound.std()


def babble(rng: Rng, n: int, pick: Callable[[Rng], np.ndarray], voices: int) -> np.ndarray:
    """People who talk without a pause; `pick` gives what one of them says."""
    sound = np.zeros(n)
    for _ in range(voices):
        said, total = [], 0
        while total < n:
            piece = pick(rng).astype(np.float64)
            said.append(piece / (piece.std() + 1))
            total += len(piece)
        sound += np.roll(np.concatenate(said)[:n], int(rng.integers(0, n))) * rng.uniform(0.3, 1)
    return sound


def breath(rng: Rng, n: int) -> np.ndarray:
    """Somebody out of breath: a rush of air every 0.8 to 2 s."""
    time = np.arange(n) / RATE
    period = rng.uniform(0.8, 2.0)
    phase = (time / period + rng.uniform(0, 1)) % 1
    strokes = np.exp(-(((phase - 0.25) / 0.12) ** 2)) + rng.uniform(0.2, 0.8) * np.exp(-(((phase - 0.7) / 0.14) ** 2))
    size = 1 << int(np.ceil(np.log2(n)))
    hertz = np.arange(size // 2 + 1) / size * RATE
    shape = sum(np.exp(-(((hertz - f) / (0.35 * f)) ** 2)) for f in rng.uniform([400, 1200, 2500], [900, 2200, 5000]))
    return np.fft.irfft(np.fft.rfft(rng.standard_normal(size)) * shape)[:n] * strokes


# ---------------------------------------------------------------- a stock of it


KINDS = {"coloured": 0.2, "babble": 0.44, "music": 0.2, "clanking": 0.06, "hum": 0.04, "breath": 0.06}
"""How often each is heard in training."""


class Stock:
    """Noises and rooms, made once: making them anew for every example would take longer than learning from it."""

    SECONDS = 20

    def __init__(self, seed: int, speech: Sequence[np.ndarray], each: int = 60, rooms: int = 800) -> None:
        """`speech`: what the voices in the background say; int16 each."""
        rng = np.random.default_rng(seed)
        n = self.SECONDS * RATE
        pick = lambda r: speech[int(r.integers(len(speech)))]  # noqa: E731
        makers: dict[str, Callable[[], np.ndarray]] = {
            "coloured": lambda: coloured(rng, n),
            "babble": lambda: babble(rng, n, pick, int(rng.choice([1, 2, 3, 3, 4, 5, 6, 8]))),
            "music": lambda: music(rng, n),
            "clanking": lambda: clanking(rng, n),
            "hum": lambda: hum(rng, n),
            "breath": lambda: breath(rng, n),
        }
        self.rooms = [room(rng) for _ in range(rooms)]
        self.noises: dict[str, list[np.ndarray]] = {}
        for kind, make in makers.items():
            count = each * (2 if kind == "babble" else 1)
            made = [make() for _ in range(count)]
            if kind != "breath":
                made = [convolve(x, self.rooms[i]) if rng.random() < 0.4 else x for i, x in enumerate(made)]
            self.noises[kind] = [(x / (x.std() + 1e-9) * 3000).clip(-32767, 32767).astype(np.int16) for x in made]

    def noise(self, rng: Rng, n: int, kind: str = "") -> np.ndarray:
        """A piece of `n` samples, of a kind or of any."""
        kind = kind or str(rng.choice(list(KINDS), p=list(KINDS.values())))
        whole = self.noises[kind][int(rng.integers(len(self.noises[kind])))]
        start = int(rng.integers(0, len(whole) - n))
        return whole[start : start + n].astype(np.float32)
