"""A sequence criterion: maximum mutual information, without lattices, over the network's own classes.

For each example it compares all paths that agree with the labels, give or take one frame, with all paths there
are, where both cost what a bigram of classes says. What helps every path alike is no longer rewarded; only what
tells the right words from other ones is.
"""

import torch
from torch import Tensor
from torch.nn import functional

TOLERANCE = 1
"""Output frames by which a label may be early or late: alignments are no truth."""

FLOOR = 1e-5
"""Of a step from one class to another that the labels never show."""


class Bigram:
    """How often a class follows another, learned from the labels that pass by."""

    def __init__(self, classes: int) -> None:
        self.counts = torch.full((classes, classes), 0.1) + 2 * torch.eye(classes)

    def see(self, labels: Tensor) -> None:
        """(batch, frames)"""
        pairs = labels[:, :-1] * len(self.counts) + labels[:, 1:]
        self.counts += torch.bincount(pairs.flatten(), minlength=self.counts.numel()).view_as(self.counts)

    def steps(self) -> Tensor:
        """(classes, classes): the probability of the second after the first."""
        return (self.counts / self.counts.sum(1, keepdim=True)).clamp(min=FLOOR)


def total(scores: Tensor, steps: Tensor) -> Tensor:
    """(batch, frames, classes) log scores to (batch,): the log of the sum over all paths."""
    peaks = scores.max(2, keepdim=True).values.detach()
    likely = (scores - peaks).exp()
    forward = likely[:, 0] / scores.shape[2]
    logs = []
    for frame in range(scores.shape[1]):
        if frame:
            forward = (forward @ steps) * likely[:, frame]
        norm = forward.sum(1, keepdim=True) + 1e-30
        forward = forward / norm
        logs.append(norm)
    return torch.cat(logs, 1).log().sum(1) + peaks.sum((1, 2))


def allowed(labels: Tensor, classes: int) -> Tensor:
    """(batch, frames, classes), bool: the classes that stand within the tolerance."""
    near = functional.one_hot(labels, classes).float().transpose(1, 2)
    return functional.max_pool1d(near, 2 * TOLERANCE + 1, 1, TOLERANCE).transpose(1, 2) > 0


def loss(logits: Tensor, labels: Tensor, steps: Tensor) -> Tensor:
    """A frame, 0 when no other path has a chance."""
    scores = torch.log_softmax(logits, 2)
    right = scores.masked_fill(~allowed(labels, logits.shape[2]), -40.0)
    return (total(scores, steps) - total(right, steps)).mean() / logits.shape[1]
