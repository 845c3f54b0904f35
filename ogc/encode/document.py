"""A GeoJSON file (RFC 7946) of one layer: rings turned as the standard says, and what the rows are as a last member."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import orjson
import pyarrow as pa
import shapely

from layers.fields import FieldSpec
from layers.layer import Geometry, Layer
from ogc.encode.crs import CRS84
from ogc.encode.geojson import features, gathered_rows

MEMBER = "onemap"


class GeoJsonFile:
    """One layer as a FeatureCollection; closed with its context."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def write(self, layer: Layer, specs: Sequence[FieldSpec], batches: Iterable[pa.RecordBatch]) -> None:
        """Its rows, one feature a line."""
        self._file.write(b'{"type":"FeatureCollection","features":[\n')
        separator = b""
        for batch in _turned(layer, batches):
            if batch.num_rows:
                self._file.write(separator)
                self._file.write(gathered_rows(features(batch, layer, specs, CRS84), ",\n"))
                separator = b",\n"
        self._file.write(b"\n]")

    def describe(self, said: Mapping[str, object]) -> None:
        """What the rows are, as a foreign member behind them; it ends the document."""
        self._file.write(b',\n"' + MEMBER.encode() + b'":' + orjson.dumps(said) + b"}\n")


def _turned(layer: Layer, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Outer rings counterclockwise, holes clockwise."""
    for batch in batches:
        if layer.geometry is not Geometry.POLYGON:
            yield batch
            continue
        place = batch.schema.get_field_index("geometry")
        shapes = shapely.from_wkb(batch.column(place).to_numpy(zero_copy_only=False))
        wkb = shapely.to_wkb(shapely.orient_polygons(shapes, exterior_cw=False)).tolist()
        yield batch.set_column(place, "geometry", pa.array(wkb, pa.binary()))
