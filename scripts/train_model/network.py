"""The network and its features in PyTorch: the same sums as libvosk's, with gradients."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from assistant.acoustic import kaldi, nnet3
from assistant.acoustic.network import FEATURES, SUBSAMPLING, Layer, Network
from assistant.acoustic.phones import CLASSES
from assistant.errors import ModelError

BOTTLENECK = 64
BYPASS = 0.66
"""As in the Korean network that the first layers come from."""
WIDE_BOTTLENECK = 128
"""Of the layers that are asked for every third frame only, where width costs a third."""

RATE, WINDOW, SHIFT, FFT = 16000, 400, 160, 512


class Features(nn.Module):
    """Kaldi's MFCCs with 40 bins and 40 coefficients, as conf/mfcc.conf asks for them."""

    def __init__(self, tracts: Sequence[tuple[float, float]] = ()) -> None:
        """`tracts`: vocal tracts that may be asked for, as `mel_bank` takes them."""
        super().__init__()
        bins = FEATURES
        bank = mel_bank(1.0)
        n = np.arange(bins)
        cosines = np.sqrt(2 / bins) * np.cos(np.pi / bins * (n[None] + 0.5) * n[:, None])
        cosines[0] = np.sqrt(1 / bins)
        lifter = 1 + 22 / 2 * np.sin(np.pi * n / 22)
        povey = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / (WINDOW - 1))) ** 0.85
        banks = np.stack([mel_bank(*tract) for tract in tracts]) if tracts else bank[None]
        for name, value in (
            ("bank", bank), ("banks", banks), ("cosines", (cosines * lifter[:, None]).T), ("window", povey)
        ):  # fmt: skip
            self.register_buffer(name, torch.tensor(value, dtype=torch.float32))

    def forward(self, sound: Tensor, tracts: Tensor | None = None, hidden: Tensor | None = None) -> Tensor:
        """(batch, samples), scaled like int16, to (batch, frames, 40).

        `tracts` (batch,) says which of the vocal tracts each is to be heard from; of the bands that are `hidden`
        (batch, 40), bool, nothing but their mean is left.
        """
        frames = sound.unfold(1, WINDOW, SHIFT)
        frames = frames - frames.mean(2, keepdim=True)
        frames = torch.cat([frames[..., :1] * 0.03, frames[..., 1:] - 0.97 * frames[..., :-1]], 2) * self.window
        spectrum = torch.fft.rfft(frames, FFT)
        power = spectrum.real**2 + spectrum.imag**2
        bank = self.bank if tracts is None else self.banks[tracts]
        mel = torch.log(torch.clamp(power @ bank, min=1.1920929e-07))
        if hidden is not None:
            mel = torch.where(hidden[:, None], mel.mean(1, keepdim=True), mel)
        return mel @ self.cosines


def mel_bank(tract: float, throat: float | None = None) -> np.ndarray:
    """Kaldi's triangles on the mel scale, (frequencies, bins), for a voice from a vocal tract of another shape.

    `tract` is its length, times the speaker's own: a longer one has its formants lower. Above 4.8 kHz the scale
    bends back to where it was (Jaitly and Hinton, Vocal Tract Length Perturbation, 2013). `throat` is the same
    for what is below 1 kHz, where the first formant is: `tract`, unless the two differ, as they do between men, women
    and children, and between accents.
    """
    throat = throat or tract
    low, high, first, bend, nyquist = 20.0, 7600.0, 1000.0, 4800.0, RATE / 2
    mel = lambda hertz: 1127 * np.log(1 + hertz / 700)  # noqa: E731
    hertz = np.arange(FFT // 2 + 1) * RATE / FFT
    bent = bend * min(tract, 1.0)
    warped = np.interp(hertz, (0, first * throat, bent, nyquist), (0, first, bent / tract, nyquist))
    at = mel(warped)[:, None]
    corners = np.linspace(mel(low), mel(high), FEATURES + 2)
    rising = (at - corners[:-2]) / (corners[1:-1] - corners[:-2])
    falling = (corners[2:] - at) / (corners[2:] - corners[1:-1])
    bank = np.maximum(0, np.minimum(rising, falling))
    bank[-1] = 0  # Kaldi leaves out the highest frequency
    return bank


class TorchLayer(nn.Module):
    """A layer of assistant.acoustic.network."""

    def __init__(self, width: int, bottleneck: int, behind: int, ahead: int) -> None:
        super().__init__()
        self.behind, self.ahead = behind, ahead
        self.inner = nn.Linear(width * (2 if behind else 1), bottleneck)
        self.outer = nn.Linear(bottleneck * (2 if ahead else 1), width)


class TorchNetwork(nn.Module):
    """The network, for whole utterances; frames before the first and after the last are copies of these."""

    def __init__(self, shapes: Sequence[tuple[int, int, int]], width: int, classes: int = CLASSES) -> None:
        """`shapes`: (bottleneck, behind, ahead) of each layer; the latter two in input frames."""
        super().__init__()
        self.dropout = 0.0
        """In training each place of a layer is weighted anew, for a whole example, by 1 +- twice that."""
        self.first = nn.Linear(3 * FEATURES, width)
        self.layers = nn.ModuleList(TorchLayer(width, *shape) for shape in shapes)
        self.output = nn.Linear(width, classes)
        self.left = 1 + sum(behind for _, behind, _ in shapes)
        self.right = 1 + sum(ahead for *_, ahead in shapes)

    def forward(self, features: Tensor) -> Tensor:
        """(batch, frames, 40) to logits (batch, frames / 3 rounded up, classes)."""
        batch, frames, _ = features.shape
        outputs = (frames + SUBSAMPLING - 1) // SUBSAMPLING
        need = SUBSAMPLING * (outputs - 1) + 1 + self.left + self.right
        after = max(0, need - self.left - frames)
        x = torch.cat(
            [
                features[:, :1].expand(batch, self.left, FEATURES),
                features,
                features[:, -1:].expand(batch, after, FEATURES),
            ],
            1,
        )[:, :need]
        x = functional.relu(self.first(torch.cat([x[:, :-2], x[:, 1:-1], x[:, 2:]], 2)))
        step = 1  # input frames a row of x
        for layer in self.layers:
            if step == 1 and _every_third(layer):
                # From here on only every third frame is asked for.
                x, step = x[:, ::SUBSAMPLING], SUBSAMPLING
            x = self._layer(layer, x, layer.behind // step, layer.ahead // step)
        return self.output(x)

    def _layer(self, layer: TorchLayer, x: Tensor, behind: int, ahead: int) -> Tensor:
        """`behind` and `ahead` in rows of x; the result is that much shorter."""
        width, rows = x.shape[2], x.shape[1]
        inner, bias = layer.inner.weight, layer.inner.bias
        if behind:  # both halves at once, before they are shifted: half the reading of x
            both = functional.linear(x, torch.cat([inner[:, :width], inner[:, width:]], 0))
            size = inner.shape[0]
            low = both[:, : rows - behind, :size] + both[:, behind:, size:] + bias
        else:
            low = functional.linear(x, inner, bias)
        if ahead:
            low = torch.cat([low[:, :-ahead], low[:, ahead:]], 2)
        same = x[:, behind : rows - ahead]
        new = functional.relu(layer.outer(low))
        if self.training and self.dropout:  # Kaldi's continuous dropout, the same at all frames
            new = new * torch.empty_like(new[:, :1]).uniform_(1 - 2 * self.dropout, 1 + 2 * self.dropout)
        return torch.add(new, same, alpha=BYPASS)


def _every_third(layer: TorchLayer | Layer) -> bool:
    """Nothing between its outputs is needed for every third of them."""
    return layer.behind % SUBSAMPLING == layer.ahead % SUBSAMPLING == 0


# ---------------------------------------------------------------- to and from arrays


def to_arrays(network: TorchNetwork) -> Network:
    """The network as plain arrays."""
    array = lambda tensor: tensor.detach().double().numpy()  # noqa: E731
    layers = tuple(
        Layer(
            array(layer.inner.weight), array(layer.inner.bias), array(layer.outer.weight), array(layer.outer.bias),
            layer.behind, layer.ahead,
        )
        for layer in network.layers
    )  # fmt: skip
    first, output = network.first, network.output
    return Network(array(first.weight), array(first.bias), layers, array(output.weight), array(output.bias), BYPASS)


def from_arrays(network: Network) -> TorchNetwork:
    """The network in PyTorch."""
    shapes = [(len(x.inner), x.behind, x.ahead) for x in network.layers]
    made = TorchNetwork(shapes, len(network.first_bias), len(network.output))
    fill = lambda module, weight, bias: (  # noqa: E731
        module.weight.data.copy_(torch.tensor(weight)), module.bias.data.copy_(torch.tensor(bias))
    )  # fmt: skip
    fill(made.first, network.first, network.first_bias)
    for module, layer in zip(made.layers, network.layers, strict=True):
        fill(module.inner, layer.inner, layer.inner_bias)
        fill(module.outer, layer.outer, layer.outer_bias)
    fill(made.output, network.output, network.output_bias)
    return made


def from_state(state: dict[str, Tensor], offsets: Sequence[tuple[int, int]]) -> TorchNetwork:
    """The network of saved weights; `offsets`: (behind, ahead) of each layer, input frames."""
    shapes = [(len(state[f"layers.{n}.inner.bias"]), *both) for n, both in enumerate(offsets)]
    made = TorchNetwork(shapes, len(state["first.bias"]), len(state["output.bias"]))
    made.load_state_dict(state)
    return made


def read_model(file: Path) -> TorchNetwork:
    """The network of a model that this project has written. Raises ModelError."""
    try:
        return from_arrays(nnet3.read(file.read_bytes()))
    except OSError as error:
        raise ModelError(f"{file}: cannot be read ({error.strerror}); name the folder of a model of ours") from None


def read_korean(file: Path, offsets: list[tuple[int, int]]) -> TorchNetwork:
    """The first layers of the small Korean Vosk model, its batch normalisation folded into the weights."""
    parts = kaldi.components(file.read_bytes())

    def affine(name: str) -> tuple[np.ndarray, np.ndarray]:
        weights = kaldi.array(parts[name], "LinearParams").astype(np.float64)
        bias = kaldi.array(parts[name], "BiasParams").astype(np.float64)
        return weights, bias if bias.size else np.zeros(len(weights))

    def normal(name: str) -> tuple[np.ndarray, np.ndarray]:
        part = parts[name]
        scale = kaldi.real(part, "TargetRms") / np.sqrt(kaldi.array(part, "StatsVar") + kaldi.real(part, "Epsilon"))
        return scale, -kaldi.array(part, "StatsMean") * scale

    lda, lda_bias = affine("lda")
    weights, bias = affine("tdnn1.affine")
    scale, shift = normal("tdnn1.batchnorm")
    width = len(scale)
    # Without the i-vector that its first layer takes too.
    first, first_bias = (weights @ lda)[:, : 3 * FEATURES] * scale[:, None], (weights @ lda_bias + bias) * scale
    layers = []
    for number, (behind, ahead) in enumerate(offsets, 2):
        inner, inner_bias = affine(f"tdnnf{number}.linear")
        # The shift of the layer before is the same at every frame: it goes into the bias.
        inner_bias = inner_bias + sum(inner[:, i : i + width] @ shift for i in range(0, inner.shape[1], width))
        outer, outer_bias = affine(f"tdnnf{number}.affine")
        scale, own = normal(f"tdnnf{number}.batchnorm")
        outer = outer[:, : BOTTLENECK * (2 if ahead else 1)]
        layers.append(Layer(inner, inner_bias, outer * scale[:, None], outer_bias * scale, behind, ahead))
        shift = BYPASS * shift + own
    output = np.random.default_rng(0).normal(0, 0.1 / np.sqrt(width), (CLASSES, width))
    return from_arrays(Network(first, first_bias, tuple(layers), output, output @ shift, BYPASS))


def mixed(one: TorchNetwork, other: TorchNetwork, share: float) -> TorchNetwork:
    """A network with the mean weights of two of the same shape; `share` of the other's."""
    made, others = from_arrays(to_arrays(one)), other.state_dict()
    made.load_state_dict({name: torch.lerp(value, others[name], share) for name, value in one.state_dict().items()})
    return made


def deepened(network: TorchNetwork, look_back: Sequence[int], classes: int) -> TorchNetwork:
    """The same function, with a layer more at the end for each of `look_back`, and with outputs for new classes.

    The layers look back only, that many input frames.
    """
    arrays = to_arrays(network)
    width, rng = len(arrays.first_bias), np.random.default_rng(1)
    small = lambda size, *shape: rng.normal(0, size, shape)  # noqa: E731
    no_bias = np.zeros(BOTTLENECK), np.zeros(width)
    extra = tuple(
        Layer(small(0.03, BOTTLENECK, 2 * width), no_bias[0], small(0.003, width, BOTTLENECK), no_bias[1], behind, 0)
        for behind in look_back
    )
    new = classes - len(arrays.output)
    output = np.concatenate([arrays.output / BYPASS ** len(extra), rng.normal(0, 0.01, (new, width))])
    bias = np.concatenate([arrays.output_bias, np.full(new, -3.0)])
    return from_arrays(Network(arrays.first, arrays.first_bias, (*arrays.layers, *extra), output, bias, BYPASS))


def widened(network: TorchNetwork) -> TorchNetwork:
    """The same function, with wide bottlenecks in the layers that are asked for every third frame only."""
    arrays, rng = to_arrays(network), np.random.default_rng(2)
    layers = tuple(_wide(layer, rng) if _every_third(layer) else layer for layer in arrays.layers)
    return from_arrays(replace(arrays, layers=layers))


def _wide(layer: Layer, rng: np.random.Generator) -> Layer:
    """Nobody listens yet to what the new places of the bottleneck hold."""
    old, width = layer.inner.shape
    more = WIDE_BOTTLENECK - old
    unheard = np.zeros((len(layer.outer), more))
    halves = np.split(layer.outer, layer.outer.shape[1] // old, axis=1)
    return replace(
        layer,
        inner=np.concatenate([layer.inner, rng.normal(0, 0.03, (more, width))]),
        inner_bias=np.concatenate([layer.inner_bias, np.zeros(more)]),
        outer=np.concatenate([part for half in halves for part in (half, unheard)], 1),
    )
