"""From words to a decoding graph: a trie of phones, each phone a small Hidden Markov Model, with rejection.

Every alignment is unique: silence never follows silence, and [unk] has one self-loop. Otherwise the recogniser
would find combinatorially many equal paths and drown in them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.acoustic.lexicon import Pronunciation
from assistant.acoustic.openfst import ACCEPTOR, Arc, Intervals, constant, with_output_lookahead
from assistant.acoustic.phones import GARBAGE, PHONE_NUMBERS, SILENCE, TRANSITION_IDS, placed, transition_id
from assistant.words import UNKNOWN

UNKNOWN_FRAMES = 4
"""The shortest [unk], in frames of 30 ms."""


@dataclass(frozen=True)
class Graph:
    """The files of a model's graph/ folder."""

    lexicon: bytes
    """HCLr.fst"""
    grammar: bytes
    """Gr.fst: any word after any other; libvosk replaces it when it is given phrases, and takes the words from it."""
    disambiguation: bytes
    """disambig_tid.int"""
    words: int
    """How many, without [unk]."""


class _Builder:
    """States and arcs while they grow. A state is a number; 0 stands between words."""

    def __init__(self) -> None:
        self.arcs: list[list[Arc]] = [[]]
        self.words_ahead: dict[int, list[int]] = {}
        """Labels that can follow from a state inside a word."""

    def state(self) -> int:
        """A new one, without arcs."""
        self.arcs.append([])
        return len(self.arcs) - 1

    def phone(self, source: int, phone: int) -> int:
        """A phone of one frame or more; returns the state after it. The state inside is that one's predecessor."""
        first, rest = transition_id(phone, 0), transition_id(phone, 1)
        inside, after = self.state(), self.state()
        self.arcs[source] += [(first, 0, 0.0, inside), (first + 1, 0, 0.0, after)]
        self.arcs[inside] += [(rest, 0, 0.0, inside), (rest + 1, 0, 0.0, after)]
        return after

    def frame(self, source: int, phone: int) -> int:
        """A phone of exactly one frame; returns the state after it."""
        after = self.state()
        self.arcs[source].append((transition_id(phone, 0) + 1, 0, 0.0, after))
        return after


def build(lexicon: Mapping[str, Sequence[Pronunciation]]) -> Graph:
    """The graph of a word list."""
    ways: dict[tuple[int, ...], list[str]] = {}
    for word, pronunciations in lexicon.items():
        for phones in pronunciations:
            ways.setdefault(placed(phones), []).append(word)
    # Words in the order of their sounds: then what is reachable in the trie is a few ranges of labels.
    words = list(dict.fromkeys(word for way in sorted(ways) for word in ways[way]))
    labels = {word: label for label, word in enumerate(words, 1)}
    builder = _Builder()
    _add_words(builder, ways, labels)
    unknown = len(words) + 1
    _add_unknown(builder, unknown)
    after_silence = _add_silence(builder)
    everything = [(1, unknown + 2)]  # its last label stands for "final"
    reachable = [
        _intervals(builder.words_ahead[state]) if state in builder.words_ahead else everything
        for state in range(len(builder.arcs))
    ]
    arcs = [sorted(leaving, key=lambda arc: (arc[1], arc[0])) for leaving in builder.arcs]
    loop = [(label, label, float(np.log(unknown)), 0) for label in range(1, unknown + 1)]
    return Graph(
        lexicon=with_output_lookahead(arcs, {0: 0.0, after_silence: 0.0}, reachable, unknown + 1),
        grammar=constant([loop], {0: 0.0}, ACCEPTOR, ["<eps>", *words, UNKNOWN]),
        disambiguation=f"{TRANSITION_IDS + 1000}\n".encode(),  # a number that no arc has: we need none
        words=len(words),
    )


def _add_words(builder: _Builder, ways: Mapping[tuple[int, ...], list[str]], labels: Mapping[str, int]) -> None:
    trie: dict[tuple[int, ...], int] = {(): 0}
    for way in sorted(ways):
        here = [labels[word] for word in dict.fromkeys(ways[way])]
        for length, phone in enumerate(way, 1):
            if way[:length] not in trie:
                trie[way[:length]] = builder.phone(trie[way[: length - 1]], phone)
            after = trie[way[:length]]
            for state in (after - 1, after):
                builder.words_ahead.setdefault(state, []).extend(here)
        builder.arcs[after] += [(0, label, 0.0, 0) for label in here]


def _add_unknown(builder: _Builder, label: int) -> None:
    """A word of any number of frames of garbage."""
    begin, inside, end = (PHONE_NUMBERS[f"{GARBAGE}_{place}"] for place in "BIE")
    states = [builder.state()]
    builder.arcs[0].append((0, label, 0.0, states[0]))
    for number in range(UNKNOWN_FRAMES - 1):
        states.append(builder.frame(states[-1], inside if number else begin))
    builder.arcs[builder.phone(states[-1], end)].append((0, 0, 0.0, 0))


def _add_silence(builder: _Builder) -> int:
    """After it comes whatever comes between words, but no second silence; returns the state after it."""
    starts = list(builder.arcs[0])
    after = builder.phone(0, PHONE_NUMBERS[SILENCE])
    builder.arcs[after] += starts
    return after


def _intervals(labels: list[int]) -> Intervals:
    found: list[list[int]] = []
    for label in sorted(set(labels)):
        if found and label == found[-1][1]:
            found[-1][1] = label + 1
        else:
            found.append([label, label + 1])
    return [(begin, end) for begin, end in found]
