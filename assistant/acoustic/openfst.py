"""OpenFst's binary files: a constant transducer, with its words, and with look-ahead for composition."""

import struct
from collections.abc import Mapping, Sequence
from enum import IntFlag

import numpy as np

Arc = tuple[int, int, float, int]
"""(input label, output label, weight, target state); label 0 is epsilon."""
Intervals = Sequence[tuple[int, int]]
"""Half-open ranges of labels, in order."""

ARC = np.dtype([("input", "<i4"), ("output", "<i4"), ("weight", "<f4"), ("target", "<i4")])
STATE = np.dtype(
    [("final", "<f4"), ("first", "<u4"), ("arcs", "<u4"), ("input_epsilons", "<u4"), ("output_epsilons", "<u4")]
)

_FST_MAGIC, _SYMBOLS_MAGIC, _ADD_ON_MAGIC = 2125659606, 2125658996, 446681434
_HAS_OUTPUT_SYMBOLS = 2


class Property(IntFlag):
    """What a reader may rely on without looking; in pairs of yes and no."""

    EXPANDED = 1
    ACCEPTOR, NOT_ACCEPTOR = 1 << 16, 1 << 17
    INPUT_DETERMINISTIC, NOT_INPUT_DETERMINISTIC = 1 << 18, 1 << 19
    OUTPUT_DETERMINISTIC, NOT_OUTPUT_DETERMINISTIC = 1 << 20, 1 << 21
    EPSILONS, NO_EPSILONS = 1 << 22, 1 << 23
    INPUT_EPSILONS, NO_INPUT_EPSILONS = 1 << 24, 1 << 25
    OUTPUT_EPSILONS, NO_OUTPUT_EPSILONS = 1 << 26, 1 << 27
    INPUT_SORTED, NOT_INPUT_SORTED = 1 << 28, 1 << 29
    OUTPUT_SORTED = 1 << 30
    WEIGHTED = 1 << 32
    CYCLIC = 1 << 34
    INITIAL_CYCLIC = 1 << 36
    NOT_TOP_SORTED = 1 << 39
    ACCESSIBLE = 1 << 40
    COACCESSIBLE = 1 << 42
    NOT_STRING = 1 << 45
    WEIGHTED_CYCLES = 1 << 46


_LOOP = (
    Property.EXPANDED | Property.OUTPUT_SORTED | Property.WEIGHTED | Property.CYCLIC | Property.INITIAL_CYCLIC
    | Property.NOT_TOP_SORTED | Property.ACCESSIBLE | Property.COACCESSIBLE | Property.NOT_STRING
    | Property.WEIGHTED_CYCLES
)  # fmt: skip

TRANSDUCER = (
    _LOOP | Property.NOT_ACCEPTOR | Property.NOT_INPUT_DETERMINISTIC | Property.NOT_OUTPUT_DETERMINISTIC
    | Property.EPSILONS | Property.INPUT_EPSILONS | Property.OUTPUT_EPSILONS | Property.NOT_INPUT_SORTED
)  # fmt: skip
"""Sounds to words: everything is possible, arcs are sorted by output."""

ACCEPTOR = (
    _LOOP | Property.ACCEPTOR | Property.INPUT_DETERMINISTIC | Property.OUTPUT_DETERMINISTIC | Property.NO_EPSILONS
    | Property.NO_INPUT_EPSILONS | Property.NO_OUTPUT_EPSILONS | Property.INPUT_SORTED
)  # fmt: skip
"""A loop over words."""


def _string(text: bytes) -> bytes:
    return struct.pack("<i", len(text)) + text


def _header(kind: bytes, version: int, flags: int, properties: int, states: int, arcs: int) -> bytes:
    start = struct.pack("<i", _FST_MAGIC) + _string(kind) + _string(b"standard")
    return start + struct.pack("<iiQqqq", version, flags, properties, 0, states, arcs)


def constant(
    arcs: Sequence[Sequence[Arc]], final: Mapping[int, float], properties: int, words: Sequence[str] = ()
) -> bytes:
    """A transducer that starts in state 0: `arcs` of each state, and the weights of the final states.

    `words` are its output symbols, in the order of their labels from 0.
    """
    count = np.fromiter((len(leaving) for leaving in arcs), "<u4", len(arcs))
    flat = np.array([arc for leaving in arcs for arc in leaving], ARC)
    states = np.zeros(len(arcs), STATE)
    states["final"] = np.inf
    for state, weight in final.items():
        states["final"][state] = weight
    states["first"], states["arcs"] = np.cumsum(count) - count, count
    owner = np.repeat(np.arange(len(arcs)), count)
    states["input_epsilons"] = np.bincount(owner[flat["input"] == 0], minlength=len(arcs))
    states["output_epsilons"] = np.bincount(owner[flat["output"] == 0], minlength=len(arcs))
    parts = [_header(b"const", 2, _HAS_OUTPUT_SYMBOLS if words else 0, properties, len(arcs), len(flat))]
    if words:
        parts.append(
            struct.pack("<i", _SYMBOLS_MAGIC) + _string(b"words") + struct.pack("<qq", len(words), len(words))
        )
        parts += [_string(word.encode()) + struct.pack("<q", label) for label, word in enumerate(words)]
    return b"".join([*parts, states.tobytes(), flat.tobytes()])


def with_output_lookahead(
    arcs: Sequence[Sequence[Arc]], final: Mapping[int, float], reachable: Sequence[Intervals], labels: int
) -> bytes:
    """A transducer that knows which output labels are still `reachable` from each state before the next is read:
    so a grammar can be composed with it while it is decoded. `labels`: how many there are, 0 among them.
    """
    parts = [
        _header(b"olabel_lookahead", 1, 0, TRANSDUCER, 0, 0),
        struct.pack("<i", _ADD_ON_MAGIC),
        constant(arcs, final, TRANSDUCER),
        bytes([True, False, True]),  # add-ons: there are; none for input; one for output
        bytes([False, False]),  # of output labels; without a table of relabelling
        struct.pack("<iq", labels, len(reachable)),  # the label that stands for "final"
    ]
    for intervals in reachable:
        parts.append(struct.pack("<q", len(intervals)))
        parts += [struct.pack("<ii", *interval) for interval in intervals]
        parts.append(struct.pack("<i", sum(end - begin for begin, end in intervals)))
    return b"".join(parts)


def words_of(acceptor: bytes) -> list[str]:
    """The words inside a graph/Gr.fst, in the order of their labels. Raises ValueError where there are none."""
    at = acceptor.find(struct.pack("<i", _SYMBOLS_MAGIC))
    if not acceptor.startswith(struct.pack("<i", _FST_MAGIC)) or at < 0:
        raise ValueError("no words inside")
    words = []
    try:
        at += 4
        at += 4 + struct.unpack_from("<i", acceptor, at)[0]
        _, count = struct.unpack_from("<qq", acceptor, at)
        at += 16
        for _ in range(count):
            length = struct.unpack_from("<i", acceptor, at)[0]
            words.append(acceptor[at + 4 : at + 4 + length].decode())
            at += 4 + length + 8
    except struct.error:
        raise ValueError("the file is cut off") from None
    return words
