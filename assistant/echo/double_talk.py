"""Two cancellers side by side: WebRTC's while only we speak, the linear one while the user speaks too.

WebRTC's suppressor leaves nothing of us, and it takes the beginnings of the user's words with it. The linear
filter leaves our voice 25 dB down and theirs whole. Somebody else is in the sound if the linear filter leaves more
than it usually leaves of what we play; unless WebRTC's, which follows a change in the room sooner, goes on finding
nothing: then what was learned is wrong, and is learned anew.
"""

import numpy as np

from assistant.echo.linear import HOP, LinearCanceller
from assistant.echo.webrtc import WebRtcCanceller
from assistant.room import mean_square

SURELY_DB, LIKELY_DB = 9.0, 6.0
"""This much more than our own echo and the room's noise usually leave, in one step or in two that follow each
other: somebody else is making it. Our own voice alone does so in less than one step of a hundred."""

DOUBT_DB, DOUBT_STEPS = 3.0, 20
"""WebRTC's finds nothing while it leaves less than this above what it leaves when only we speak; and for so many
steps (0.4 s) the two may disagree. Over the beginning of a word they do."""

LIKELY_STEPS = 2
"""Steps of a block that must be likely before it counts as somebody's; of our own voice one may be."""

HANGOVER = 50
"""Steps for which they count as speaking after that (1 s): words have silent parts."""

CONVERGED_DB = -10.0
"""The linear filter is worth using once it leaves less than this of the echo."""

TAIL = 0.7
"""How fast our own sound dies away in the room, as a factor of power a step."""

FLOOR = 1e-12


class DoubleTalkCanceller:
    """The software canceller. Raises ImportError where pywebrtc-audio has no wheel."""

    measures = True

    def __init__(self) -> None:
        self._webrtc = WebRtcCanceller()
        self._linear = LinearCanceller()
        self.somebody = False
        self._noise = Floor()  # what the linear filter leaves when nobody speaks
        self._nothing = Floor()  # what WebRTC's does
        self._start()

    def _start(self) -> None:
        self._leak_db = 0.0  # what the linear filter usually leaves, relative to the echo it takes away
        self._echo = 0.0
        self._doubt = 0.0
        self._more_db = 0.0  # of the last step
        self._steps_left = 0
        self._share = 0.0  # of the linear filter in the last step's result

    def reset(self) -> None:
        """See EchoCanceller."""
        self._webrtc.reset()
        self._linear.reset()
        self._start()

    def process(self, near: np.ndarray, far: np.ndarray) -> np.ndarray:
        """See EchoCanceller."""
        clean = self._webrtc.process(near, far)
        whole = self._linear.process(near, far)
        likely = 0
        for at in range(0, len(near), HOP):
            step = slice(at, at + HOP)
            share = float(self._is_used(clean[step], whole[step], near[step] - whole[step]))
            if share or self._share:
                ramp = np.linspace(self._share, share, HOP, dtype=np.float32)
                clean[step] += ramp * (whole[step] - clean[step])
            self._share = share
            likely += self._more_db > LIKELY_DB
        self.somebody = likely >= LIKELY_STEPS
        return clean

    def _is_used(self, clean: np.ndarray, left: np.ndarray, echo: np.ndarray) -> bool:
        """Whether the user is to be heard through the linear filter in this step."""
        power = mean_square(left)
        self._echo = max(mean_square(echo), TAIL * self._echo)
        noise, nothing = self._noise.follow(power), self._nothing.follow(mean_square(clean))
        more_db = _db(power) - _db(10 ** (self._leak_db / 10) * self._echo + noise)
        if _db(mean_square(clean)) - _db(nothing) > DOUBT_DB:
            self._doubt = 0.0
        elif more_db > LIKELY_DB:
            self._doubt += 1
        else:
            self._doubt = max(0.0, self._doubt - 0.5)  # our own voice alone is likely now and then
        if self._doubt > DOUBT_STEPS:
            self._start()
        if more_db > SURELY_DB or min(more_db, self._more_db) > LIKELY_DB:
            self._steps_left = HANGOVER
        self._steps_left -= self._steps_left > 0
        self._more_db = more_db
        self._learn(power, noise)
        if not self._linear.hears_us:
            return True  # there is no echo to take away, and the linear filter touches nothing
        return self._steps_left > 0 and self._leak_db < CONVERGED_DB

    def _learn(self, power: float, noise: float) -> None:
        """Follows the upper middle (the 60th percentile) of what is left; what is far above it is the user."""
        if self._echo < 10 * noise:
            return
        left_db = _db(max(power - noise, FLOOR)) - _db(self._echo)
        if left_db < self._leak_db:
            self._leak_db -= 0.2
        else:
            self._leak_db += 0.15 if left_db < self._leak_db + 10 else 0.02
        self._leak_db = min(0.0, max(-40.0, self._leak_db))


class Floor:
    """The power of a signal's quiet parts: follows what is quiet at once, and what is loud by one percent a step."""

    def __init__(self) -> None:
        self._power = 1e-8

    def follow(self, power: float) -> float:
        """Takes the power of a step; returns the floor's."""
        self._power = min(1.01 * self._power, power) if power > self._power else 0.5 * (self._power + power)
        return self._power


def _db(power: float) -> float:
    return float(10 * np.log10(power + FLOOR))
