"""Trains the network with cross-entropy on examples without end; can be stopped and goes on where it was."""

import hashlib
import logging
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from torch.utils.data import DataLoader, IterableDataset

from assistant.acoustic.network import FEATURES
from assistant.acoustic.phones import CLASSES, GARBAGE_CLASS, SILENCE_CLASS
from assistant.errors import ModelError
from scripts.train_model import noise
from scripts.train_model.augment import Examples, Recipe, Spoken
from scripts.train_model.network import Features, TorchNetwork

BATCH = 48
"""Examples a step: 144 s of sound."""
RATE_END = 1e-5
WARM_STEPS = 60
SILENCE_WEIGHT = 0.6
"""Silence is a third of all frames and learned long before the rest."""
AVERAGE_FROM, AVERAGE = 0.4, 0.995
"""The result is a running mean of the weights over the last part of the training."""
KEEP_EVERY_SECONDS = 120.0
TRACTS = tuple((length, length * throat) for length in np.linspace(0.84, 1.18, 18) for throat in (0.91, 1.0, 1.09))
"""Vocal tracts, times a speaker's own: speakers that were never recorded."""
TRACT_SHARE = 0.7
HIDDEN_SHARE, HIDDEN_BANDS = 0.6, 8
"""How often some bands of an example are hidden, and how many at most; twice in one of two of these (SpecAugment,
Park and others, 2019): a word is not to be known by one detail of those who were recorded."""
DROPOUT, DROPOUT_UNTIL = 0.15, 0.7
"""The most, in the middle of the part of the training that has any; none in the end, to learn what is left."""

SEED = 1

Sets = dict[str, tuple[Tensor, Tensor]]
"""Features and labels by condition."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Material:
    """What a training needs."""

    clips: list[Spoken]
    stock: noise.Stock
    development: Sets


class Stream(IterableDataset):
    """Batches without end. Where a training goes on, it does so with other examples, but never with random ones."""

    def __init__(self, material: Material, seed: int) -> None:
        self._material, self._seed = material, seed

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        torch.set_num_threads(1)
        worker = torch.utils.data.get_worker_info()
        seed = self._seed * 1000 + (worker.id if worker else 0)
        examples = Examples(self._material.clips, self._material.stock, Recipe(), seed)
        features = Features(((1.0, 1.0), *TRACTS))
        rng = np.random.default_rng(seed)
        while True:
            sound, labels = examples.batch(BATCH)
            tracts = rng.integers(1, len(TRACTS) + 1, BATCH) * (rng.random(BATCH) < TRACT_SHARE)
            hidden = torch.from_numpy(_hidden(rng, BATCH))
            yield features(torch.from_numpy(sound), torch.from_numpy(tracts), hidden), torch.from_numpy(labels)


def _hidden(rng: np.random.Generator, examples: int) -> np.ndarray:
    """bool (examples, bands)"""
    hidden = np.zeros((examples, FEATURES), bool)
    for bands in hidden:
        if rng.random() < HIDDEN_SHARE:
            for _ in range(int(rng.integers(1, 3))):
                width = int(rng.integers(1, HIDDEN_BANDS + 1))
                start = int(rng.integers(0, FEATURES - width + 1))
                bands[start : start + width] = True
    return hidden


def development_sets(clips: list[Spoken], stock: noise.Stock, size: int = 64) -> Sets:
    """What tells how far a training has come, the same on every run."""
    features, sets = Features(), {}
    for name, snr, kind in (
        ("clean", 99.0, ""),
        ("20 dB", 20.0, ""),
        ("10 dB", 10.0, ""),
        ("babble 5 dB", 5.0, "babble"),
    ):
        recipe = Recipe(
            snr_db=(snr, snr),
            kind=kind,
            colour=False,
            garbage_share=0,
            strange_share=0,
            room_share=0.3,
            noise_share=1,
        )
        sound, labels = Examples(clips, stock, recipe, 7).batch(size)
        sets[name] = features(torch.from_numpy(sound)), torch.from_numpy(labels)
    return sets


def measure(network: TorchNetwork, sets: Sets) -> str:
    """Cross-entropy and the share of speech frames whose phone is right, by condition."""
    network.eval()
    told = []
    with torch.no_grad():
        for name, (x, y) in sets.items():
            logits = network(x)
            logits[..., GARBAGE_CLASS] = -30
            speech = y != SILENCE_CLASS
            right = (logits.argmax(2) // 2 == y // 2)[speech].float().mean()
            loss = functional.cross_entropy(logits.flatten(0, 1), y.flatten())
            told.append(f"{name} {loss:.3f} {100 * right:.1f} %")
    network.train()
    return ", ".join(told)


def digest(network: TorchNetwork) -> str:
    """Tells networks apart."""
    digest = hashlib.sha256()
    for value in network.state_dict().values():
        digest.update(value.detach().numpy().tobytes())
    return digest.hexdigest()


class Trained(TypedDict):
    """What comes of it."""

    state: dict[str, Tensor]
    prior: Tensor
    """(CLASSES,) how often each was seen"""


def train(
    network: TorchNetwork,
    material: Material,
    steps: int,
    peak: float,
    folder: Path,
    workers: int,
) -> Trained:
    """Trains for `steps`, at a learning rate of `peak` at most; keeps its progress in `folder`.

    Raises ModelError where `folder` holds the progress of another training.
    """
    torch.manual_seed(SEED)
    plan = {"steps": steps, "begins": digest(network)}
    optimiser = torch.optim.AdamW(network.parameters(), lr=peak, betas=(0.9, 0.99), weight_decay=1e-3)
    done, prior, mean = 0, torch.ones(CLASSES), None
    folder.mkdir(exist_ok=True)
    kept = folder / "training.pt"
    if kept.exists():
        state = torch.load(kept)
        if state.get("plan") != plan:
            raise ModelError(
                f"{kept}: of a training from another model or of another length; remove it to begin anew"
            )
        network.load_state_dict(state["state"])
        optimiser.load_state_dict(state["optimiser"])
        done, prior, mean = state["done"], state["prior"], state["mean"]
        log.info("going on at step %d of %d", done, steps)
    stream = DataLoader(
        Stream(material, SEED + done), batch_size=None, num_workers=workers, prefetch_factor=4 if workers else None
    )
    began = saved = time.monotonic()
    loss_mean, first = 0.0, done
    network.train()
    for x, labels in stream:
        if done >= steps:
            break
        for group in optimiser.param_groups:
            group["lr"] = _rate(done, steps, peak)
        network.dropout = _dropout(done, steps)
        y = labels.flatten()
        weight = torch.where(y == SILENCE_CLASS, SILENCE_WEIGHT, 1.0)
        loss = _loss(network, x, y, weight)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        done += 1
        prior = (prior * 0.9995).index_add(0, y, weight)
        loss_mean = loss.item() if done == first + 1 else 0.97 * loss_mean + 0.03 * loss.item()
        if done > AVERAGE_FROM * steps:
            current = {name: value.detach() for name, value in network.state_dict().items()}
            mean = (
                {name: torch.lerp(value, mean[name], AVERAGE) for name, value in current.items()}
                if mean
                else {name: value.clone() for name, value in current.items()}
            )
        if time.monotonic() - saved > KEEP_EVERY_SECONDS or done == steps:
            saved = time.monotonic()
            state = {"state": network.state_dict(), "optimiser": optimiser.state_dict(), "done": done}
            torch.save({**state, "prior": prior, "mean": mean, "plan": plan}, folder / "training.part")
            (folder / "training.part").rename(kept)
            pace = (saved - began) / (done - first)
            left = f"{pace * (steps - done) / 60:.0f} min left"
            progress = measure(network, material.development)
            log.info("step %d of %d, %s, loss %.3f; %s", done, steps, left, loss_mean, progress)
    if mean:
        network.load_state_dict(mean)
    log.info("finished: %s", measure(network, material.development))
    return Trained(state=network.state_dict(), prior=prior)


def _dropout(done: int, steps: int) -> float:
    """Up to DROPOUT and down again."""
    return DROPOUT * max(0.0, 1 - abs(2 * done / (DROPOUT_UNTIL * steps) - 1))


def _loss(network: TorchNetwork, x: Tensor, y: Tensor, weight: Tensor) -> Tensor:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = network(x).float()
    losses = functional.cross_entropy(logits.flatten(0, 1), y, reduction="none")
    return (losses * weight).sum() / weight.sum()


def _rate(done: int, steps: int, peak: float) -> float:
    warm = min(1.0, (done + 1) / WARM_STEPS)
    return warm * (RATE_END + (peak - RATE_END) * 0.5 * (1 + math.cos(math.pi * done / steps)))
