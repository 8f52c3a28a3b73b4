"""The acoustic network: a factored time-delay network (TDNN-F) as plain arrays, and how long it listens ahead."""

from dataclasses import dataclass, replace

import numpy as np

SUBSAMPLING = 3
"""Input frames an output frame."""

FEATURES = 40
"""High-resolution MFCCs an input frame."""


@dataclass(frozen=True)
class Layer:
    """y(t) = bypass * x(t) + relu(outer . [l(t), l(t + ahead)]), where l(t) = inner . [x(t - behind), x(t)].

    With behind or ahead 0 there is only the present frame in its brackets.
    """

    inner: np.ndarray
    """(bottleneck, width) or, with `behind`, (bottleneck, 2 * width)"""
    inner_bias: np.ndarray
    outer: np.ndarray
    """(width, bottleneck) or, with `ahead`, (width, 2 * bottleneck)"""
    outer_bias: np.ndarray
    behind: int
    """Input frames."""
    ahead: int
    """Input frames."""


@dataclass(frozen=True)
class Network:
    """Input of three frames around the present one, layers, and one output a class, before the softmax."""

    first: np.ndarray
    """(width, 3 * FEATURES)"""
    first_bias: np.ndarray
    layers: tuple[Layer, ...]
    output: np.ndarray
    """(classes, width)"""
    output_bias: np.ndarray
    bypass: float

    @property
    def left_context(self) -> int:
        """Input frames that it looks back."""
        return 1 + sum(layer.behind for layer in self.layers)

    @property
    def right_context(self) -> int:
        """Input frames that it looks ahead: part of the delay of every word."""
        return 1 + sum(layer.ahead for layer in self.layers)

    def biased(self, bias: np.ndarray) -> "Network":
        """The same network with something added to its outputs: priors, for one."""
        return replace(self, output_bias=self.output_bias + bias)
