"""What a door makes of what it was sent: a batch of readings as columns, and every fault of a row with its number.

A reading that names no known point, or whose time or value means nothing, is left out and named; the rest of the batch
is kept as one. Nothing here is a Python object a reading.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.errors import Fault
from core.texts import Text

MOMENT = pa.timestamp("us", "UTC")
WORD = pa.dictionary(pa.int32(), pa.string())

BATCH = pa.schema(
    [
        ("layer", WORD),
        ("key", WORD),
        ("element", WORD),
        ("at", MOMENT),
        ("value", pa.float64()),
        ("quality", pa.int8()),
        ("flags", pa.int32()),
        ("arrived", MOMENT),
        ("source", WORD),
    ]
)
"""`at` is when it was measured, `arrived` when it came here; quality 0 good, 1 suspect, 2 bad, 3 missing."""

SENT = pa.schema(
    [
        ("row", pa.int32()),
        ("layer", pa.string()),
        ("key", pa.string()),
        ("element", pa.string()),
        ("at", MOMENT),
        ("value", pa.float64()),
        ("quality", pa.int8()),
    ]
)
"""What a format reads out of a message before anybody asked whether the points exist; rows count from 1."""

MOST_ROWS = 100_000
"""Of one message; a longer backfill comes in several."""

FAULTS_SHOWN = 100
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
FUTURE: timedelta = timedelta(days=1)
"""Later than this after its arrival it would stand as the newest for as long; less is a clock that runs wrong."""

NO_SUCH_POINT = Text("监测点未登记,须先建档", "no such point; it must be registered first")
OTHERS_POINT = Text("监测点不属于本设备或本密钥", "the point is not one this device or key reports for")


@dataclass(slots=True)
class Faults:
    """Every fault is counted; the first hundred are named."""

    count: int = 0
    shown: list[Fault] = field(default_factory=list)

    def note(self, name: str, rule: Text, rows: Sequence[int], values: Iterable[object]) -> None:
        """Some rows have the same thing wrong with a field."""
        room = FAULTS_SHOWN - len(self.shown)
        self.count += len(rows)
        for row, value in zip(rows[:room], values, strict=False):
            self.shown.append(Fault(field=name, value=str(value)[:120], rule=rule, row=int(row)))

    def ordered(self) -> list[Fault]:
        """Those named, by row."""
        return sorted(self.shown, key=lambda fault: fault.row or 0)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a message held: rows that can be read (schema SENT), how many there were, what was wrong with the rest."""

    table: pa.Table
    received: int
    faults: Faults


@dataclass(frozen=True, slots=True)
class Known:
    """The points there are: the layers of each code, the first of which is meant where a message names none."""

    layers: Mapping[str, tuple[str, ...]]

    def layer_of(self, layer: str | None, key: str) -> str | None:
        """The layer a code stands in, or None where there is no such point."""
        found = self.layers.get(key, ())
        if layer:
            return layer if layer in found else None
        return found[0] if found else None


def known(codes: Mapping[str, Iterable[str]]) -> Known:
    """From the codes of each layer, the layer first that a bare code means."""
    found: dict[str, tuple[str, ...]] = {}
    for layer, keys in codes.items():
        for key in keys:
            found[key] = (*found.get(key, ()), layer)
    return Known(found)


def entered(
    sent: Sent, points: Known, *, source: str, arrived: datetime, allowed: frozenset[str] | None = None
) -> pa.Table:
    """The batch (schema BATCH) of what was sent, its unknown points and impossible times noted among the faults.

    `allowed` are the codes this source may report for; None is every point.
    """
    table = sent.table
    names, codes = _encoded(table["key"])
    layers, layer_codes = _encoded(table["layer"])
    pair = codes.astype(np.int64) * (len(layers) + 1) + layer_codes
    pairs, inverse = np.unique(pair, return_inverse=True)
    found: list[str | None] = []
    strangers: list[bool] = []
    for one in pairs.tolist():
        key, named = names[one // (len(layers) + 1)], one % (len(layers) + 1)
        found.append(points.layer_of(layers[named] if named < len(layers) else None, key))
        strangers.append(allowed is not None and key not in allowed)
    missing = np.array([layer is None for layer in found], dtype=bool)[inverse]
    foreign = np.array(strangers, dtype=bool)[inverse] & ~missing
    rows = table["row"].to_numpy()
    at = pc.cast(table["at"], pa.int64()).to_numpy()
    latest = _micros(arrived + FUTURE)
    strange = (at < _micros(EARLIEST)) | (at > latest)
    _note(sent.faults, "point", NO_SUCH_POINT, rows, missing, table["key"])
    _note(sent.faults, "point", OTHERS_POINT, rows, foreign, table["key"])
    shown = arrived.astimezone(UTC).isoformat(timespec="seconds")
    span = Text(
        f"须在 2000 年以后、到达时间({shown})后一天以内",
        f"must be after 2000 and at most a day after its arrival ({shown})",
    )
    _note(sent.faults, "ts", span, rows, strange & ~missing & ~foreign, table["at"])
    kept = ~(missing | foreign | strange)
    words = sorted({layer for layer in found if layer is not None})
    place = {word: number for number, word in enumerate(words)}
    layer_of = np.array([place[layer] if layer is not None else 0 for layer in found], dtype=np.int32)[inverse][kept]
    count = int(kept.sum())
    table = table.filter(pa.array(kept))
    return pa.table(
        [
            pa.DictionaryArray.from_arrays(pa.array(layer_of, pa.int32()), pa.array(words, pa.string())),
            pa.DictionaryArray.from_arrays(pa.array(codes[kept], pa.int32()), pa.array(names, pa.string())),
            _words(table["element"]),
            table["at"],
            table["value"],
            table["quality"],
            pa.array(np.zeros(count, np.int32)),
            pa.array(np.full(count, _micros(arrived))).cast(MOMENT),
            pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([source], pa.string())),
        ],
        schema=BATCH,
    )


def batch(readings: pa.Table, *, source: str, arrived: datetime) -> pa.Table:
    """A batch of readings this system made itself (columns layer, key, element, at, value, quality)."""
    count = readings.num_rows
    return pa.table(
        [
            *(_words(readings[name]) for name in ("layer", "key", "element")),
            *(readings[name].cast(BATCH.field(name).type) for name in ("at", "value", "quality")),
            pa.array(np.zeros(count, np.int32)),
            pa.array(np.full(count, _micros(arrived))).cast(MOMENT),
            pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([source], pa.string())),
        ],
        schema=BATCH,
    )


def _micros(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _words(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return whole if pa.types.is_dictionary(whole.type) else whole.dictionary_encode()


def _encoded(column: pa.ChunkedArray) -> tuple[list[str], NDArray[np.int32]]:
    """The distinct words of a column and each row's place among them; a row without one stands after the last."""
    words = _words(column)
    places = words.indices.fill_null(len(words.dictionary)).to_numpy(zero_copy_only=False)
    return words.dictionary.to_pylist(), places.astype(np.int32)


def _note(
    faults: Faults, name: str, rule: Text, rows: NDArray[np.int32], wrong: NDArray[np.bool_], values: pa.ChunkedArray
) -> None:
    at = np.flatnonzero(wrong)
    if len(at):
        faults.note(name, rule, rows[at].tolist(), values.take(pa.array(at[:FAULTS_SHOWN])).to_pylist())
