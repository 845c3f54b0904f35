"""GML 3.2.1 (Simple Features profile) from rows: one `wfs:member` or bare feature per row, joined by columns."""

import re
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from shapely import GeometryType

from layers.fields import FieldSpec, Kind
from layers.layer import Layer
from ogc.encode.columns import Ragged, gathered, joined, plain_texts, repeated, taken_apart, xml_texts
from ogc.encode.crs import OgcCrs

MEDIA_TYPE = "application/gml+xml; version=3.2"
NAMESPACE = "http://onemap.local/schema"
PREFIX = "onemap"
GML = "http://www.opengis.net/gml/3.2"

_PLAIN_ID = r"^[A-Za-z0-9.\-]*$"
_CODED = re.compile(r"_x([0-9A-F]+)_")


def id_text(layer_id: str, key: str) -> str:
    """The gml:id of a row: the key with what an XML name cannot hold written as `_xHEX_`."""
    return f"{layer_id}." + re.sub(r"[^A-Za-z0-9.\-]", lambda found: f"_x{ord(found[0]):X}_", key)


def key_of(resource_id: str) -> tuple[str, str]:
    """Layer id and key of a gml:id."""
    layer_id, _, coded = resource_id.partition(".")
    return layer_id, _CODED.sub(lambda found: chr(min(int(found[1], 16), 0x10FFFF)), coded)


def ids(batch: pa.RecordBatch, layer: Layer) -> pa.Array:
    """The gml:id of every row; only keys that need it are spelt one by one."""
    keys = batch.column(layer.key)
    plain = joined(f"{layer.id}.", keys)
    if pc.all(pc.match_substring_regex(keys, _PLAIN_ID)).as_py() is not False:
        return plain
    return pa.array([id_text(layer.id, key) for key in keys.to_pylist()], pa.string())


def geometries(wkb: pa.Array, owners: pa.Array, crs: OgcCrs) -> pa.Array:
    """A WKB column as GML geometries, null where there is none; `owners` are the features' ids."""
    ragged = taken_apart(wkb, crs, " ")
    if ragged is None:
        return pa.nulls(len(wkb), pa.string())
    names = joined(owners.take(pa.array(ragged.rows)), ".g")
    opening = joined(' gml:id="', names, f'" srsName="{crs.said}" srsDimension="2">')
    return ragged.spread(_shaped(ragged, names, opening))


def _shaped(ragged: Ragged, names: pa.Array, opening: pa.Array) -> pa.Array:
    vertices, offsets = ragged.vertices, ragged.offsets
    match ragged.kind:
        case GeometryType.POINT:
            return joined("<gml:Point", opening, "<gml:pos>", vertices, "</gml:pos></gml:Point>")
        case GeometryType.MULTIPOINT:
            part = _parts(names, offsets[0])
            texts = joined('<gml:pointMember><gml:Point gml:id="', part, '"><gml:pos>', vertices,
                           "</gml:pos></gml:Point></gml:pointMember>")  # fmt: skip
            return joined("<gml:MultiPoint", opening, gathered(offsets[0], texts, ""), "</gml:MultiPoint>")
        case GeometryType.LINESTRING:
            lines = gathered(offsets[0], vertices, " ")
            return joined("<gml:LineString", opening, "<gml:posList>", lines, "</gml:posList></gml:LineString>")
        case GeometryType.MULTILINESTRING:
            part = _parts(names, offsets[1])
            texts = joined('<gml:curveMember><gml:LineString gml:id="', part, '"><gml:posList>',
                           gathered(offsets[0], vertices, " "),
                           "</gml:posList></gml:LineString></gml:curveMember>")  # fmt: skip
            return joined("<gml:MultiCurve", opening, gathered(offsets[1], texts, ""), "</gml:MultiCurve>")
        case GeometryType.POLYGON:
            rings = gathered(offsets[1], _rings(gathered(offsets[0], vertices, " "), offsets[1]), "")
            return joined("<gml:Polygon", opening, rings, "</gml:Polygon>")
        case GeometryType.MULTIPOLYGON:
            rings = gathered(offsets[1], _rings(gathered(offsets[0], vertices, " "), offsets[1]), "")
            texts = joined('<gml:surfaceMember><gml:Polygon gml:id="', _parts(names, offsets[2]), '">', rings,
                           "</gml:Polygon></gml:surfaceMember>")  # fmt: skip
            return joined("<gml:MultiSurface", opening, gathered(offsets[2], texts, ""), "</gml:MultiSurface>")
    raise TypeError(f"no GML for {ragged.kind!r}")


def _rings(rings: pa.Array, polygons: NDArray[np.integer]) -> pa.Array:
    outer = np.zeros(len(rings), bool)
    outer[polygons[:-1][np.diff(polygons) > 0]] = True
    role = pc.if_else(pa.array(outer), "exterior", "interior")
    return joined("<gml:", role, "><gml:LinearRing><gml:posList>", rings,
                  "</gml:posList></gml:LinearRing></gml:", role, ">")  # fmt: skip


def _parts(names: pa.Array, offsets: NDArray[np.integer]) -> pa.Array:
    lengths = np.diff(offsets)
    owner = np.repeat(np.arange(len(lengths)), lengths)
    number = np.arange(len(owner)) - np.repeat(offsets[:-1], lengths) + 1
    return joined(names.take(pa.array(owner)), ".", pa.array(number).cast(pa.string()))


def features(batch: pa.RecordBatch, layer: Layer, specs: Iterable[FieldSpec], crs: OgcCrs) -> pa.Array:
    """One XML text per row, namespaces left to the document around it; unknown values are left out."""
    tag = f"{PREFIX}:{layer.id}"
    names = ids(batch, layer)
    parts: list[pa.Array | str] = [f'<{tag} gml:id="', names, '">']
    if "geometry" in batch.schema.names:
        shapes = geometries(batch.column("geometry"), names, crs)
        parts.append(pc.fill_null(joined(f"<{PREFIX}:geometry>", shapes, f"</{PREFIX}:geometry>"), ""))
    for spec in specs:
        column, element = batch.column(spec.name), f"{PREFIX}:{spec.name}"
        if spec.kind is Kind.LIST:
            parts.append(repeated(column, f"<{element}>", f"</{element}>"))
            continue
        texts = xml_texts(column) if spec.kind is Kind.TEXT else plain_texts(column, spec.kind)
        parts.append(pc.fill_null(joined(f"<{element}>", texts, f"</{element}>"), ""))
    parts.append(f"</{tag}>")
    return joined(*parts)


def members(texts: pa.Array, tag: str) -> bytes:
    """Texts one after the other, each inside an element of that name; nulls are left out."""
    wrapped = joined(f"<{tag}>", texts.drop_null(), f"</{tag}>")
    whole = pa.ListArray.from_arrays(pa.array([0, len(wrapped)], pa.int32()), wrapped)
    return bytes(pc.binary_join(whole, "")[0].as_buffer())
