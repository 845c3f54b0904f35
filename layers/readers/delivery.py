"""What is asked of a reader and what it hands over, between the process that reads and the one that keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from core.errors import Fault
from core.texts import Text
from layers.readers.formats import Format
from layers.record import Datum
from layers.validation.faults import SCHEMA, Rule, Severity

ROW = "_row"
"""The column that says which row of the file a row was, from 1 and without the heading; blank rows count."""

MOST_ROWS = 3_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What whoever delivers a file says of it; what is not said is seen from the file, or asked for.

    `table` names the sheet, the layer of a GeoPackage or the shapefile in an archive; `coordinates` the columns of
    `lon`, `lat` or `geometry`; columns in `spoken_for` are a layer's fields and never taken for coordinates; `preset`
    is the layer OpenStreetMap objects are read for.
    """

    encoding: str | None = None
    datum: Datum | None = None
    crs: str | None = None
    table: str | None = None
    heading_row: int = 1
    coordinates: Mapping[str, str] = field(default_factory=dict)
    spoken_for: tuple[str, ...] = ()
    preset: str | None = None
    repair: bool = False

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "encoding": self.encoding,
            "datum": None if self.datum is None else self.datum.value,
            "crs": self.crs,
            "table": self.table,
            "heading_row": self.heading_row,
            "coordinates": dict(self.coordinates),
            "spoken_for": list(self.spoken_for),
            "preset": self.preset,
            "repair": self.repair,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Stated":
        """Back from JSON values."""
        datum, spoken_for = plain["datum"], tuple(plain["spoken_for"])
        return cls(**{**plain, "datum": None if datum is None else Datum(datum), "spoken_for": spoken_for})


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A file's rows by heading, `geometry` as WKB in EPSG:4490 with `source_datum`, and `_row`; and what is wrong.

    Rows that could not be read at all are in `faults` and not in `table`. `faults` has the columns of
    `layers.validation.faults.SCHEMA`, rows counted as in `_row`.
    """

    format: Format
    table: pa.Table
    faults: pa.Table
    notes: tuple[Text, ...] = ()


def faults_table(faults: list[Fault], kind: Rule, severity: Severity = Severity.ERROR) -> pa.Table:
    """Faults of single rows as a table."""
    rows = [
        {
            "row": fault.row, "key": fault.key or "", "field": fault.field, "value": fault.value[:200],
            "rule": kind.value, "severity": severity.value, "zh": fault.rule.zh, "en": fault.rule.en,
        }
        for fault in faults
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def marked(
    rows: pa.Array, mask: np.ndarray, name: str, values: pa.Array | None, kind: Rule, text: Text,
    severity: Severity = Severity.ERROR,
) -> pa.Table:  # fmt: skip
    """The rows under a mask, with their values, as a table of faults."""
    at = pa.array(np.flatnonzero(mask))
    count = len(at)
    same = {"key": "", "field": name, "rule": kind.value, "severity": severity.value, "zh": text.zh, "en": text.en}
    columns = {word: pa.repeat(pa.scalar(value, pa.string()), count) for word, value in same.items()}
    columns["row"] = rows.take(at).cast(pa.int64())
    columns["value"] = (
        pa.repeat(pa.scalar("", pa.string()), count)
        if values is None
        else pa.compute.utf8_slice_codeunits(pa.compute.fill_null(values.take(at).cast(pa.string()), ""), 0, 200)
    )
    return pa.table({name: columns[name] for name in SCHEMA.names}, schema=SCHEMA)


def no_faults() -> pa.Table:
    """An empty table of faults."""
    return SCHEMA.empty_table()
