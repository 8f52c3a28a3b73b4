"""What libvosk should compute, in plain numpy: features, network, best path. Slow, and only for comparison."""

from collections.abc import Sequence

import numpy as np

from assistant.acoustic.network import FEATURES, SUBSAMPLING, Network
from assistant.acoustic.phones import SILENCE_CLASS, first_class

WINDOW, SHIFT, FFT, RATE = 400, 160, 512, 16000


def features(sound: np.ndarray) -> np.ndarray:
    """int16 (n,) to Kaldi's MFCCs (frames, 40), by its documented steps."""
    frames = np.lib.stride_tricks.sliding_window_view(sound.astype(np.float64), WINDOW)[::SHIFT]
    frames = frames - frames.mean(1, keepdims=True)
    previous = np.concatenate([frames[:, :1], frames[:, :-1]], 1)
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / (WINDOW - 1))) ** 0.85
    power = np.abs(np.fft.rfft((frames - 0.97 * previous) * window, FFT)) ** 2

    def mel(hertz: np.ndarray | float) -> np.ndarray:
        return 1127 * np.log(1 + np.asarray(hertz) / 700)

    edges = np.linspace(mel(20), mel(7600), FEATURES + 2)
    bins = mel(np.arange(FFT // 2) * RATE / FFT)
    bank = np.array([np.interp(bins, edges[i : i + 3], [0, 1, 0], left=0, right=0) for i in range(FEATURES)])
    energies = np.log(np.maximum(power[:, : FFT // 2] @ bank.T, 1.1920929e-07))
    order = np.arange(FEATURES)
    cosine = np.sqrt(2 / FEATURES) * np.cos(np.pi / FEATURES * np.outer(order, order + 0.5))
    cosine[0] = np.sqrt(1 / FEATURES)
    return energies @ cosine.T * (1 + 11 * np.sin(np.pi * order / 22))


def log_posteriors(network: Network, frames: np.ndarray) -> np.ndarray:
    """(frames, 40) to (every third frame, classes), one frame after another, as the definition says."""
    left, right = network.left_context, network.right_context
    outputs = -(-len(frames) // SUBSAMPLING)
    last = SUBSAMPLING * (outputs - 1) + right
    x = frames[np.clip(np.arange(-left, last + 1), 0, len(frames) - 1)]
    x = np.maximum(np.concatenate([x[:-2], x[1:-1], x[2:]], 1) @ network.first.T + network.first_bias, 0)
    for layer in network.layers:
        before = [x[: len(x) - layer.behind], x[layer.behind :]] if layer.behind else [x]
        low = np.concatenate(before, 1) @ layer.inner.T + layer.inner_bias
        after = [low[: len(low) - layer.ahead], low[layer.ahead :]] if layer.ahead else [low]
        new = np.maximum(np.concatenate(after, 1) @ layer.outer.T + layer.outer_bias, 0)
        x = new + network.bypass * x[layer.behind : layer.behind + len(new)]
    logits = (x @ network.output.T + network.output_bias)[::SUBSAMPLING]
    peak = logits.max(1, keepdims=True)
    return logits - peak - np.log(np.exp(logits - peak).sum(1, keepdims=True))


def best_path(scores: np.ndarray, pronunciations: Sequence[Sequence[str]]) -> tuple[float, float, float]:
    """Silence, one word, silence, where the silences may be missing: score, start and end of the word in seconds."""
    ways = [(*_best(scores, phones), 2 * len(phones)) for phones in pronunciations]
    score, states, last = max(ways, key=lambda way: way[0])
    inside = [frame for frame, state in enumerate(states) if 1 <= state <= last]
    return score, 0.03 * inside[0], 0.03 * (inside[-1] + 1)


def _best(scores: np.ndarray, phones: Sequence[str]) -> tuple[float, list[int]]:
    """States: 0 silence, then two a phone, then silence again."""
    classes = [SILENCE_CLASS, *(first_class(p) + rest for p in phones for rest in (0, 1)), SILENCE_CLASS]
    end = len(classes) - 1
    before: list[list[int]] = [[0], [0]]
    for state in range(2, end + 1):
        # Out of a phone from its first frame or its rest; into its rest from its first frame.
        into = [state - 1, state - 2] if state % 2 else [state - 1]
        before.append([*into, state] if state % 2 == 0 or state == end else into)
    score = np.full(end + 1, -np.inf)
    score[[0, 1]] = scores[0, [classes[0], classes[1]]]
    back = []
    for frame in scores[1:]:
        chosen = [max(options, key=lambda state: score[state]) for options in before]
        score = np.array([score[state] for state in chosen]) + frame[classes]
        back.append(chosen)
    state = max((end - 2, end - 1, end), key=lambda option: score[option])
    total, states = float(score[state]), [state]
    for chosen in reversed(back):
        states.append(chosen[states[-1]])
    return total, states[::-1]
