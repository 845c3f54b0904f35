"""Readings as arrays with numbers for points: how a batch lies in memory and, as its bytes, in the journal."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

NEVER = np.iinfo(np.int64).min
"""An `arrived` nobody knows; and the time of the newest reading of a point that has none."""

_HEADER = struct.Struct("<BI")
_VERSION = 1
_COLUMNS: tuple[tuple[str, str], ...] = (
    ("point", "<i4"),
    ("at", "<i8"),
    ("value", "<f8"),
    ("quality", "<i1"),
    ("flags", "<i4"),
    ("arrived", "<i8"),
)


@dataclass(frozen=True, slots=True)
class Block:
    """Arrays of one length; times in microseconds since 1970, a value that is not there is NaN."""

    point: NDArray[np.int32]
    at: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.int8]
    flags: NDArray[np.int32]
    arrived: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.point)

    def chosen(self, rows: NDArray[Any] | slice) -> "Block":
        """Some of the rows, by mask, places or slice."""
        return Block(*(getattr(self, name)[rows] for name, _ in _COLUMNS))

    def packed(self) -> bytes:
        """As bytes."""
        columns = (np.ascontiguousarray(getattr(self, name), kind).tobytes() for name, kind in _COLUMNS)
        return b"".join((_HEADER.pack(_VERSION, len(self)), *columns))

    def traces(self) -> NDArray[np.uint64]:
        """A number for each row's point, time and value: two rows with the same one say the same."""
        mixed = self.point.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        for column in (self.at.view(np.uint64), (self.value + 0.0).view(np.uint64)):
            mixed ^= column
            mixed *= np.uint64(0xBF58476D1CE4E5B9)
            mixed ^= mixed >> np.uint64(31)
        return mixed


def unpacked(data: bytes) -> Block:
    """From bytes."""
    version, count = _HEADER.unpack_from(data)
    if version != _VERSION:
        raise ValueError(f"a batch of readings in version {version}, which this program cannot read")
    offset, columns = _HEADER.size, []
    for _, kind in _COLUMNS:
        columns.append(np.frombuffer(data, kind, count, offset))
        offset += count * np.dtype(kind).itemsize
    return Block(*columns)


def joined(blocks: Sequence[Block]) -> Block:
    """One after the other."""
    if len(blocks) == 1:
        return blocks[0]
    return Block(
        *(
            np.concatenate([getattr(block, name) for block in blocks]) if blocks else np.empty(0, kind)
            for name, kind in _COLUMNS
        )
    )


def reached(block: Block) -> NDArray[np.int64]:
    """The moment each row speaks of at the latest: a clock that is ahead cannot say what had not come yet."""
    return np.where(block.arrived == NEVER, block.at, np.minimum(block.at, block.arrived))


def lasts(block: Block) -> NDArray[np.int64]:
    """Where the newest row of each point lies; of two with one time the later row."""
    order = np.lexsort((block.at, reached(block), block.point))
    point = block.point[order]
    return order[np.append(point[1:] != point[:-1], True)] if len(order) else order
