"""Features as files for spreadsheets and desktops, in EPSG:4490: CSV as it comes, a GeoPackage when it is whole."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.csv

from core.caller import Caller
from core.texts import Text
from layers.fields import FieldSpec
from layers.layer import Layer
from layers.writers.columns import Headings, columns, headings
from ogc.kvp import InvalidParameterError
from ogc.services import Response, Services
from ogc.wfs.names import CSV_FORMAT, GEOPACKAGE_FORMAT, Output
from ogc.wfs.reading import Asked, not_found
from store.geopackage import GeoPackage

BATCH = 5000
CHUNK = 1 << 20
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def file_of(asked: Asked, specs: Sequence[FieldSpec], caller: Caller, services: Services) -> Response:
    """The rows of a query, all of them where no count was given: a file knows no next page."""
    if asked.named and not asked.crs.degrees:
        allowed = Text("此格式坐标一律为 EPSG:4490,先经度", "this format is in EPSG:4490, longitude first")
        raise InvalidParameterError("srsName", asked.crs.said, allowed)
    query = replace(asked.query, limit=asked.limit, offset=asked.skipped)
    stream = services.store.batches(asked.layer, query, scope=caller.scope, rows=BATCH)
    first = next(stream)  # what is wrong with the query is said before anything is sent
    if asked.single and not first.num_rows:
        raise not_found(asked.resource)
    rows = chain((first,), stream)
    name = f"{asked.layer.id}.{'csv' if asked.output is Output.CSV else 'gpkg'}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if asked.output is Output.CSV:
        return Response(media_type=CSV_FORMAT, body=_csv(asked.layer, specs, rows), headers=headers)
    with tempfile.TemporaryDirectory(prefix="onemap-wfs-") as folder:
        path = Path(folder) / name
        with GeoPackage(path, at=services.clock()) as written:
            written.write(asked.layer, specs, rows)
        opened = path.open("rb")  # the name goes with the folder, the bytes when they are sent
    return Response(media_type=GEOPACKAGE_FORMAT, body=_chunks(opened), headers=headers)


def _csv(layer: Layer, specs: Sequence[FieldSpec], batches: Iterable[pa.RecordBatch]) -> Iterator[bytes]:
    """UTF-8 with the mark by which spreadsheets know it, headed by field names, no cell a spreadsheet runs."""
    yield _BYTE_ORDER_MARK
    names, first = headings(layer, specs, Headings.ID), True
    for batch in batches:
        found = columns(layer, specs, batch, Headings.ID)
        sink = pa.BufferOutputStream()
        options = pyarrow.csv.WriteOptions(include_header=first, quoting_style="needed")
        pyarrow.csv.write_csv(pa.table(found, names[: len(found)]), sink, options)
        yield bytes(sink.getvalue())
        first = False


def _chunks(opened: BinaryIO) -> Iterator[bytes]:
    with opened:
        while chunk := opened.read(CHUNK):
            yield chunk
