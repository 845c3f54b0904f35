"""The numbers that stand for points: a layer, a code and an element each, given once and kept."""

import sqlite3

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

IDENTITY = ("layer", "key", "element")


class Points:
    """Names and numbers of all points that ever reported; numbers count from 0 and none is given up again."""

    def __init__(self) -> None:
        self.names: list[tuple[str, str, str]] = []
        self._numbers: dict[tuple[str, str, str], int] = {}
        self._of_key: dict[tuple[str, str], list[int]] = {}
        self._ranks: NDArray[np.int32] = np.empty(0, np.int32)

    def load(self, db: sqlite3.Connection) -> None:
        """Learn what another process has numbered since."""
        text = "SELECT layer, key, element FROM points WHERE id >= ? ORDER BY id"
        for name in db.execute(text, (len(self.names),)).fetchall():
            self._learn(name)

    def _learn(self, name: tuple[str, str, str]) -> None:
        number = len(self.names)
        self.names.append(name)
        self._numbers[name] = number
        self._of_key.setdefault(name[:2], []).append(number)

    def of(self, layer: str, keys: list[str], element: str | None = None) -> NDArray[np.int32]:
        """The numbers of some codes of a layer."""
        found = [number for key in keys for number in self._of_key.get((layer, key), ())]
        if element is not None:
            found = [number for number in found if self.names[number][2] == element]
        return np.array(found, np.int32)

    def number(self, readings: pa.Table) -> tuple[NDArray[np.int32], list[tuple[str, str, str]]]:
        """The number of each row's point, -1 where it has none yet, and the names that have none."""
        names, which = told(readings)
        numbers = self.known(names)
        return numbers[which], strangers(names, numbers)

    def known(self, names: list[tuple[str, str, str]]) -> NDArray[np.int32]:
        """The number of each name, -1 where it has none yet."""
        return np.array([self._numbers.get(name, -1) for name in names], np.int32)

    def add(self, db: sqlite3.Connection, names: list[tuple[str, str, str]]) -> None:
        """Number some more, within the caller's transaction, which has seen all there are."""
        start = len(self.names)
        db.executemany("INSERT INTO points VALUES (?, ?, ?, ?)", [(start + n, *name) for n, name in enumerate(names)])
        for name in names:
            self._learn(name)

    def forget(self, count: int) -> None:
        """Unlearn all but the first `count`, whose transaction came to nothing."""
        for name in self.names[count:]:
            del self._numbers[name]
            self._of_key[name[:2]].pop()
        del self.names[count:]

    def ranks(self) -> NDArray[np.int32]:
        """Each number's place in the order of the names."""
        if len(self._ranks) != len(self.names):
            order = sorted(range(len(self.names)), key=self.names.__getitem__)
            self._ranks = np.empty(len(order), np.int32)
            self._ranks[order] = np.arange(len(order), dtype=np.int32)
        return self._ranks


def told(readings: pa.Table) -> tuple[list[tuple[str, str, str]], NDArray[np.int64]]:
    """The names of the points some readings are of, and which of them each row's is."""
    codes = np.zeros(readings.num_rows, np.int64)
    words: list[list[str]] = []
    for name in IDENTITY:
        column = readings[name]
        coded = pa.types.is_dictionary(column.type)
        whole = (column.unify_dictionaries() if coded else column).combine_chunks()
        encoded = whole if coded else whole.dictionary_encode()
        if encoded.null_count:
            raise pa.ArrowInvalid(f"readings without a {name}")
        words.append(encoded.dictionary.to_pylist())
        codes = codes * max(len(words[-1]), 1) + encoded.indices.to_numpy()
    layers, keys, elements = words
    pairs, inverse = _distinct(codes, len(layers) * len(keys) * len(elements))
    sizes = max(len(keys), 1), max(len(elements), 1)
    names = [
        (layers[one // (sizes[0] * sizes[1])], keys[one // sizes[1] % sizes[0]], elements[one % sizes[1]])
        for one in pairs.tolist()
    ]
    return names, inverse


def strangers(names: list[tuple[str, str, str]], numbers: NDArray[np.int32]) -> list[tuple[str, str, str]]:
    """The names that have no number."""
    return [name for name, number in zip(names, numbers.tolist(), strict=True) if number < 0]


def _distinct(codes: NDArray[np.int64], most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The numbers that occur, in order, and the place of each among them; many of few kinds are not sorted for that."""
    if most > 4 * len(codes):
        return np.unique(codes, return_inverse=True)
    occurs = np.zeros(most, bool)
    occurs[codes] = True
    return np.flatnonzero(occurs), (np.cumsum(occurs) - 1)[codes]
