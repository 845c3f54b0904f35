"""Rows of bytes of unequal length, put together column by column: what protocol buffers are made of."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ragged:
    """One stretch of `flat` for each row, in order; `lengths` say how long each is."""

    flat: Bytes
    lengths: Counts

    @property
    def starts(self) -> Counts:
        """Where each row begins."""
        return np.cumsum(self.lengths) - self.lengths


def varints(values: NDArray[np.uint64], counts: Counts | None = None) -> Ragged:
    """Numbers in base 128, low end first; one a row, or so many a row.

    >>> varints(np.array([1, 300], np.uint64)).flat.tolist()
    [1, 172, 2]
    """
    sizes = varint_sizes(values)
    flat = np.empty(int(sizes.sum()), np.uint8)
    at, rest, left = np.cumsum(sizes) - sizes, values, sizes
    while len(rest):
        more = left > 1
        flat[at] = (rest.astype(np.uint8) & np.uint8(0x7F)) | (more.view(np.uint8) << np.uint8(7))
        longer = np.flatnonzero(more)
        rest, at, left = rest[longer] >> np.uint64(7), at[longer] + 1, left[longer] - 1
    return Ragged(flat, sizes if counts is None else sums(sizes, counts))


def varint_sizes(values: NDArray[np.uint64]) -> Counts:
    """How many bytes each number takes."""
    sizes = np.ones(len(values), np.int64)
    for bits in range(7, 64, 7):
        above = values >= np.uint64(1 << bits)
        if not above.any():
            break
        sizes += above
    return sizes


class Spelt:
    """Rows made of a few numbers each, byte by byte: all first bytes, then which rows have a second one, and so on."""

    def __init__(self, *parts: "Spelt") -> None:
        self._bytes: list[Bytes] = [row for part in parts for row in part._bytes]
        self._there: list[NDArray[np.bool_]] = [row for part in parts for row in part._there]

    def add(self, values: NDArray[np.integer], there: NDArray[np.bool_] | None = None) -> None:
        """A number more in each row, or in some."""
        rest = values.astype(np.uint64)
        while True:
            more = rest > 127
            self._bytes.append((rest.astype(np.uint8) & np.uint8(0x7F)) | (more.view(np.uint8) << np.uint8(7)))
            self._there.append(np.ones(len(rest), bool) if there is None else there)
            if not more.any():
                break
            there = more if there is None else more & there
            rest = rest >> np.uint64(7)

    def lengths(self, rows: int) -> Counts:
        """How many bytes each row has so far."""
        found = np.zeros(rows, np.int64)
        for there in self._there:
            found += there
        return found

    def flat(self) -> bytes:
        """The rows one after the other."""
        found: Bytes = np.stack(self._bytes, axis=1)[np.stack(self._there, axis=1)]
        return found.tobytes()


def zigzag(values: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Signed numbers so that small ones stay small: 0, -1, 1, -2 …"""
    return ((values << 1) ^ (values >> 63)).astype(np.uint64)


def sums(values: Counts, counts: Counts) -> Counts:
    """The sum of each group of so many values; of an empty group 0."""
    total = np.concatenate(([0], np.cumsum(values)))
    ends = np.cumsum(counts)
    return np.asarray(total[ends] - total[ends - counts], np.int64)


def within(counts: Counts) -> Counts:
    """The place of each item in its group."""
    return np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)


def joined(*columns: Ragged) -> Ragged:
    """Row by row, one behind the other."""
    lengths = np.sum([column.lengths for column in columns], axis=0).astype(np.int64)
    flat = np.empty(int(lengths.sum()), np.uint8)
    at = np.cumsum(lengths) - lengths
    for column in columns:
        flat[np.repeat(at, column.lengths) + within(column.lengths)] = column.flat
        at = at + column.lengths
    return Ragged(flat, lengths)


def repeated(piece: bytes, rows: int) -> Ragged:
    """The same bytes in every row."""
    return Ragged(np.tile(np.frombuffer(piece, np.uint8), rows), np.full(rows, len(piece), np.int64))


def field(tag: int, body: Ragged) -> Ragged:
    """A field that says how long it is."""
    return joined(repeated(bytes([tag]), len(body.lengths)), varints(body.lengths.astype(np.uint64)), body)
