"""GML (Simple Features profile) from rows, one feature a row, joined by columns; by default 3.2.1."""

import re
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from shapely import GeometryType

from layers.fields import FieldSpec, Kind
from layers.layer import Layer
from ogc.encode.columns import (
    Parts,
    Ragged,
    gathered,
    holds_any,
    joined,
    plain_texts,
    repeated,
    same_for_all,
    taken_apart,
    xml_texts,
)
from ogc.encode.crs import OgcCrs
from ogc.encode.gmlforms import GML_2, GML_3_2, Form

NAMESPACE = "http://onemap.local/schema"
PREFIX = "onemap"

_NOT_OF_IDS = ~np.isin(np.arange(256), list(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-"))
_CODED = re.compile(r"_x([0-9A-F]+)_")


def id_text(layer_id: str, key: str) -> str:
    """The gml:id of a row: the key with what an XML name cannot hold written as `_xHEX_`."""
    return f"{layer_id}." + re.sub(r"[^A-Za-z0-9.\-]", lambda found: f"_x{ord(found[0]):X}_", key)


def key_of(resource_id: str) -> tuple[str, str]:
    """Layer id and key of a gml:id."""
    layer_id, _, coded = resource_id.partition(".")
    return layer_id, _CODED.sub(lambda found: chr(min(int(found[1], 16), 0x10FFFF)), coded)


def key_in(layer_id: str, resource_id: str) -> str | None:
    """The key that an id means where the layer is known: a gml:id of it, or the bare key that GeoJSON calls `id`."""
    if "." not in resource_id:
        return resource_id
    named, key = key_of(resource_id)
    return key if named == layer_id else None


def ids(batch: pa.RecordBatch, layer: Layer) -> pa.Array:
    """The gml:id of every row."""
    return joined(*_names(batch, layer))


def _names(batch: pa.RecordBatch, layer: Layer) -> tuple[pa.Array | str, ...]:
    """The gml:id of every row, in parts; only keys that need it are spelt one by one."""
    keys = batch.column(layer.key)
    if not holds_any(keys, _NOT_OF_IDS):
        return f"{layer.id}.", keys
    return (pa.array([id_text(layer.id, key) for key in keys.to_pylist()], pa.string()),)


class Extent:
    """The box around the geometries written so far, in the axis order they were written in."""

    def __init__(self, crs: OgcCrs, form: Form) -> None:
        self._crs, self._form = crs, form
        self._box: tuple[float, float, float, float] | None = None

    def add(self, box: tuple[float, float, float, float]) -> None:
        """A box more."""
        known = self._box or box
        self._box = (min(known[0], box[0]), min(known[1], box[1]), max(known[2], box[2]), max(known[3], box[3]))

    @property
    def text(self) -> str:
        """As an element, empty where no geometry was met."""
        if self._box is None:
            return ""
        west, south, east, north = self._box
        said = f'srsName="{self._crs.said}"'
        if self._form is GML_2:
            return f"<gml:Box {said}><gml:coordinates>{west},{south} {east},{north}</gml:coordinates></gml:Box>"
        return (
            f'<gml:Envelope {said} srsDimension="2"><gml:lowerCorner>{west} {south}</gml:lowerCorner>'
            f"<gml:upperCorner>{east} {north}</gml:upperCorner></gml:Envelope>"
        )


def geometries(
    wkb: pa.Array, owners: pa.Array, crs: OgcCrs, form: Form = GML_3_2, extent: Extent | None = None
) -> pa.Array:
    """A WKB column as GML geometries, null where there is none; `owners` are the features' ids."""
    ragged = taken_apart(wkb, crs, form.coordinates)
    if ragged is None:
        return pa.nulls(len(wkb), pa.string())
    if extent is not None:
        extent.add(ragged.box)
    return ragged.spread(joined(*_shaped(ragged, (owners,), crs, form)))


def _shaped(ragged: Ragged, owners: Parts, crs: OgcCrs, form: Form) -> Parts:
    """The geometries there are, in parts that are yet to be joined."""
    said = f' srsName="{crs.said}"' + (' srsDimension="2"' if form.dimension else "") + ">"
    opening: Parts = (said,)
    if form.named_shapes:
        rows = None if len(ragged.rows) == ragged.total else pa.array(ragged.rows)
        of = tuple(part if rows is None or isinstance(part, str) else part.take(rows) for part in owners)
        opening = (' gml:id="', *of, f'.g"{said}')
    vertices, offsets = ragged.vertices, ragged.offsets
    if ragged.kind is GeometryType.POINT:
        return ("<gml:Point", *opening, f"<{form.pos}>", vertices, f"</{form.pos}></gml:Point>")
    names = joined(*of, ".g") if form.named_shapes else None
    match ragged.kind:
        case GeometryType.MULTILINESTRING:
            many, one = form.curves
            texts = joined(
                f"<{one}><gml:LineString", _parts(names, offsets[1]), f"><{form.pos_list}>",
                gathered(offsets[0], vertices, " "), f"</{form.pos_list}></gml:LineString></{one}>",
            )  # fmt: skip
            return (f"<{many}", *opening, gathered(offsets[1], texts, ""), f"</{many}>")
        case GeometryType.MULTIPOLYGON:
            many, one = form.surfaces
            rings = gathered(offsets[1], _rings(gathered(offsets[0], vertices, " "), offsets[1], form), "")
            texts = joined(f"<{one}><gml:Polygon", _parts(names, offsets[2]), ">", rings, f"</gml:Polygon></{one}>")
            return (f"<{many}", *opening, gathered(offsets[2], texts, ""), f"</{many}>")
    raise TypeError(f"no GML for {ragged.kind!r}")


def _rings(rings: pa.Array, polygons: NDArray[np.integer], form: Form) -> pa.Array:
    outer = np.zeros(len(rings), bool)
    outer[polygons[:-1][np.diff(polygons) > 0]] = True
    role = pc.if_else(pa.array(outer), *form.rings)
    return joined("<", role, f"><gml:LinearRing><{form.pos_list}>", rings,
                  f"</{form.pos_list}></gml:LinearRing></", role, ">")  # fmt: skip


def _parts(names: pa.Array | None, offsets: NDArray[np.integer]) -> pa.Array | str:
    """The id of every part of a shape, as an attribute, where shapes have ids."""
    if names is None:
        return ""
    lengths = np.diff(offsets)
    owner = np.repeat(np.arange(len(lengths)), lengths)
    number = np.arange(len(owner)) - np.repeat(offsets[:-1], lengths) + 1
    return joined(' gml:id="', names.take(pa.array(owner)), ".", pa.array(number).cast(pa.string()), '"')


def features(
    batch: pa.RecordBatch, layer: Layer, specs: Iterable[FieldSpec], crs: OgcCrs, form: Form = GML_3_2,
    extent: Extent | None = None, *, inside: str = "",
) -> pa.Array:  # fmt: skip
    """One XML text per row, namespaces left to the document around it; unknown values are left out.

    `inside` names an element to put around each.
    """
    tag = f"{PREFIX}:{layer.id}"
    names = _names(batch, layer)
    parts: list[pa.Array | str] = [f"<{inside}>" if inside else "", f'<{tag} {form.identifier}="', *names, '">']
    if "geometry" in batch.schema.names:
        parts.extend(_placed(batch.column("geometry"), names, crs, form, extent))
    for spec in specs:
        column, element = batch.column(spec.name), f"{PREFIX}:{spec.name}"
        if column.null_count == len(column):
            continue
        if spec.kind is Kind.LIST:
            parts.append(repeated(column, f"<{element}>", f"</{element}>"))
        elif same_for_all(column):
            one = pa.array([column[0].as_py()]) if spec.kind is Kind.TEXT else column.slice(0, 1)
            parts.append(f"<{element}>{_texts(one, spec)[0].as_py() or ''}</{element}>")
        else:
            parts.extend(_where_known(f"<{element}>", _texts(column, spec), f"</{element}>"))
    return joined(*parts, f"</{tag}>", f"</{inside}>" if inside else "")


def _texts(column: pa.Array, spec: FieldSpec) -> pa.Array:
    return xml_texts(column) if spec.kind is Kind.TEXT else plain_texts(column, spec.kind)


def _where_known(opening: str, texts: pa.Array, closing: str) -> Parts:
    """An element around each text; none where there is no text."""
    return (opening, texts, closing) if not texts.null_count else (pc.fill_null(joined(opening, texts, closing), ""),)


def _placed(wkb: pa.Array, names: Parts, crs: OgcCrs, form: Form, extent: Extent | None) -> Parts:
    ragged = taken_apart(wkb, crs, form.coordinates)
    if ragged is None:
        return ()
    if extent is not None:
        extent.add(ragged.box)
    opening, closing, shaped = f"<{PREFIX}:geometry>", f"</{PREFIX}:geometry>", _shaped(ragged, names, crs, form)
    if len(ragged.rows) == ragged.total:
        return (opening, *shaped, closing)
    return (pc.fill_null(ragged.spread(joined(opening, *shaped, closing)), ""),)


def members(texts: pa.Array, tag: str) -> bytes:
    """Texts one after the other, each inside an element of that name; nulls are left out."""
    wrapped = joined(f"<{tag}>", texts.drop_null(), f"</{tag}>")
    whole = pa.ListArray.from_arrays(pa.array([0, len(wrapped)], pa.int32()), wrapped)
    return bytes(pc.binary_join(whole, "")[0].as_buffer())
