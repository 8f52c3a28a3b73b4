"""am/final.mdl: the transition model and the network in Kaldi's nnet3 form, written and read back."""

import re

import numpy as np

from assistant.acoustic import kaldi
from assistant.acoustic.network import FEATURES, Layer, Network
from assistant.acoustic.phones import hidden_phones
from assistant.errors import ModelError

_BYPASS = re.compile(rb"Sum\(Scale\(([\d.e-]+), ")


def write(network: Network) -> bytes:
    """The whole file."""
    out = kaldi.Writer()
    out.raw(transition_model())
    names, components = _describe(network)
    out.token("<Nnet3>")
    out.raw(b"\n" + "\n".join(names).encode() + b"\n\n")
    out.token("<NumComponents>")
    out.integer(len(components))
    for name, component in components:
        out.token("<ComponentName>")
        out.token(name)
        out.raw(component)
    out.token("</Nnet3>")
    out.token("<LeftContext>")
    out.integer(network.left_context)
    out.token("<RightContext>")
    out.integer(network.right_context)
    out.token("<Priors>")
    out.vector(np.zeros(0))
    return out.bytes()


def transition_model() -> bytes:
    """What am/final.mdl begins with: phones, their states and which output each state reads.

    Every way out of a state has the probability one half; the network's scores decide.
    """
    phones = hidden_phones()
    out = kaldi.Writer()
    out.raw(kaldi.BINARY)
    out.token("<TransitionModel>")
    out.token("<Topology>")
    out.integers(list(range(1, len(phones) + 1)))
    out.integers([-1] + [0] * len(phones))
    out.integer(1)  # one topology
    out.integer(3)  # of three states: first, rest, end
    for state, targets in ((0, (1, 2)), (1, (1, 2))):
        out.integer(state)
        out.integer(len(targets))
        for target in targets:
            out.integer(target)
            out.real(0.5)
    out.integer(-1)
    out.integer(0)
    out.token("</Topology>")
    out.token("<Triples>")
    out.integer(2 * len(phones))
    for number, phone in enumerate(phones, 1):
        for state, output in ((0, phone.first), (1, phone.rest)):
            for value in (number, state, output):
                out.integer(value)
    out.token("</Triples>")
    out.token("<LogProbs>")
    out.vector(np.array([0.0] + [np.log(0.5)] * (4 * len(phones))))
    out.token("</LogProbs>")
    out.token("</TransitionModel>")
    return out.bytes()


def read(data: bytes) -> Network:
    """The network out of a file that `write` made. Raises ModelError for any other."""
    if not data.startswith(transition_model()):
        raise ModelError("am/final.mdl was not written by this program, so its words cannot be changed")
    parts = kaldi.components(data)
    bypass = _BYPASS.search(data)

    def affine(name: str) -> tuple[np.ndarray, np.ndarray]:
        weights, bias = kaldi.array(parts[name], "LinearParams"), kaldi.array(parts[name], "BiasParams")
        return weights.astype(np.float64), bias.astype(np.float64)

    layers = []
    while (number := len(layers) + 2) and f"inner{number}" in parts:
        inner, outer = affine(f"inner{number}"), affine(f"outer{number}")
        layers.append(Layer(*inner, *outer, *_offsets(data, number)))
    return Network(*affine("first"), tuple(layers), *affine("scores"), float(bypass[1]) if bypass else 0.0)


def _offsets(data: bytes, number: int) -> tuple[int, int]:
    behind = re.search(rb"component-node name=inner%d .*?Offset\(\S+, -(\d+)\)" % number, data)
    ahead = re.search(rb"component-node name=outer%d .*?Offset\(\S+, (\d+)\)" % number, data)
    line_end = data.index(b"\n", data.index(b"name=inner%d " % number))
    outer_end = data.index(b"\n", data.index(b"name=outer%d " % number))
    return (
        int(behind[1]) if behind and behind.end() <= line_end else 0,
        int(ahead[1]) if ahead and ahead.end() <= outer_end else 0,
    )


def _describe(network: Network) -> tuple[list[str], list[tuple[str, bytes]]]:
    """The lines that wire the network, and its components."""
    width = len(network.first_bias)
    lines = [f"input-node name=input dim={FEATURES}"]
    components: list[tuple[str, bytes]] = []

    def node(name: str, inputs: str, component: bytes) -> None:
        lines.append(f"component-node name={name} component={name} input={inputs}")
        components.append((name, component))

    node("first", "Append(Offset(input, -1), input, Offset(input, 1))", _affine(network.first, network.first_bias))
    node("relu1", "first", _nonlinear("RectifiedLinearComponent", width))
    before = "relu1"
    for number, layer in enumerate(network.layers, 2):
        inner, outer, relu, total = (f"{part}{number}" for part in ("inner", "outer", "relu", "sum"))
        back = f"Append(Offset({before}, -{layer.behind}), {before})" if layer.behind else before
        node(inner, back, _affine(layer.inner, layer.inner_bias))
        ahead = f"Append({inner}, Offset({inner}, {layer.ahead}))" if layer.ahead else inner
        node(outer, ahead, _affine(layer.outer, layer.outer_bias))
        node(relu, outer, _nonlinear("RectifiedLinearComponent", width))
        node(total, f"Sum(Scale({network.bypass:g}, {before}), {relu})", _no_operation(width))
        before = total
    node("scores", before, _affine(network.output, network.output_bias))
    node("logsoftmax", "scores", _nonlinear("LogSoftmaxComponent", len(network.output_bias)))
    lines.append("output-node name=output input=logsoftmax objective=linear")
    return lines, components


def _affine(weights: np.ndarray, bias: np.ndarray) -> bytes:
    out = kaldi.Writer()
    out.token("<FixedAffineComponent>")
    out.token("<LinearParams>")
    out.matrix(weights)
    out.token("<BiasParams>")
    out.vector(bias)
    out.token("</FixedAffineComponent>")
    return out.bytes()


def _nonlinear(kind: str, dimension: int) -> bytes:
    """A non-linearity, with the statistics of a training that never was."""
    out = kaldi.Writer()
    out.token(f"<{kind}>")
    out.token("<Dim>")
    out.integer(dimension)
    for name in ("ValueAvg", "DerivAvg"):
        out.token(f"<{name}>")
        out.vector(np.zeros(0))
    out.token("<Count>")
    out.long_real(0)
    out.token("<OderivRms>")
    out.vector(np.zeros(0))
    for name in ("OderivCount", "NumDimsSelfRepaired", "NumDimsProcessed"):
        out.token(f"<{name}>")
        out.long_real(0)
    out.token(f"</{kind}>")
    return out.bytes()


def _no_operation(dimension: int) -> bytes:
    out = kaldi.Writer()
    out.token("<NoOpComponent>")
    out.token("<Dim>")
    out.integer(dimension)
    out.token("<BackpropScale>")
    out.real(1.0)
    out.token("</NoOpComponent>")
    return out.bytes()
