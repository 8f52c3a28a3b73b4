"""Kaldi's binary file format: typed little-endian values, vectors, matrices, tokens."""

import io
import re
import struct

import numpy as np

BINARY = b"\0B"
"""What a binary file begins with."""
STEPS = 65535
"""Of a compressed matrix, between its lowest value and its highest."""


class Writer:
    """Collects the bytes of a file."""

    def __init__(self) -> None:
        self._out = io.BytesIO()

    def bytes(self) -> bytes:
        """Everything written so far."""
        return self._out.getvalue()

    def raw(self, data: bytes) -> None:
        """Bytes as they are."""
        self._out.write(data)

    def token(self, name: str) -> None:
        """A word that names what follows: "<Dim>"."""
        self._out.write(name.encode() + b" ")

    def integer(self, value: int) -> None:
        """An int32."""
        self._out.write(b"\4" + struct.pack("<i", value))

    def real(self, value: float) -> None:
        """A float32."""
        self._out.write(b"\4" + struct.pack("<f", value))

    def long_real(self, value: float) -> None:
        """A float64."""
        self._out.write(b"\x08" + struct.pack("<d", value))

    def integers(self, values: list[int]) -> None:
        """A vector of int32, as std::vector<int32> is written."""
        self.raw(b"\4" + struct.pack("<i", len(values)) + np.asarray(values, "<i4").tobytes())

    def vector(self, values: np.ndarray) -> None:
        """A vector of float32."""
        self.token("FV")
        self.integer(len(values))
        self.raw(np.ascontiguousarray(values, "<f4").tobytes())

    def matrix(self, values: np.ndarray) -> None:
        """A matrix, row by row, in steps of 1/65535 of its range: half the size of float32, and as good here."""
        low, span = float(values.min()), float(np.ptp(values))
        self.token("CM2")
        self.raw(struct.pack("<ffii", low, span, *values.shape))
        self.raw(np.round((values - low) * (STEPS / (span or 1.0))).astype("<u2").tobytes())


def components(data: bytes) -> dict[str, bytes]:
    """The components of an nnet3 network by name, each from its type's tag on, as they stand in the file."""
    starts = list(re.finditer(rb"<ComponentName> (\S+) (?=<)", data))
    ends = [*(match.start() for match in starts[1:]), len(data)]
    return {match[1].decode(): data[match.end() : end] for match, end in zip(starts, ends, strict=True)}


def array(component: bytes, token: str) -> np.ndarray:
    """The vector or matrix that follows a token inside a component. Raises KeyError where there is none."""
    tag = f"<{token}> ".encode()
    at = component.find(tag)
    if at < 0:
        raise KeyError(token)
    at += len(tag)
    kind, _, values = component[at:].partition(b" ")
    if kind == b"CM2":
        low, span, rows, columns = struct.unpack_from("<ffii", values)
        steps = np.frombuffer(values, "<u2", rows * columns, 16).reshape(rows, columns)
        return low + steps * (span / STEPS)
    if kind not in (b"FV", b"FM", b"DV", b"DM"):
        raise KeyError(token)
    rows = struct.unpack_from("<i", values, 1)[0]
    dtype = "<f4" if kind.startswith(b"F") else "<f8"
    if kind.endswith(b"V"):
        return np.frombuffer(values, dtype, rows, 5)
    columns = struct.unpack_from("<i", values, 6)[0]
    return np.frombuffer(values, dtype, rows * columns, 10).reshape(rows, columns)


def real(component: bytes, token: str) -> float:
    """The float32 that follows a token inside a component."""
    tag = f"<{token}> ".encode()
    return struct.unpack_from("<f", component, component.index(tag) + len(tag) + 1)[0]
