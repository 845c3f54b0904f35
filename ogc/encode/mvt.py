"""Mapbox Vector Tiles 2.1 from rows, column by column: no feature is an object of its own on the way.

Coordinates are counted in 4096ths of the tile from its top left corner. Shapes are cut to the tile and a margin, and
thinned to a sixteenth of a pixel, or further where a tile would hold too many corners.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from gis.crs import moved
from layers.fields import FieldSpec, Kind
from layers.layer import Geometry, Layer
from ogc.encode.columns import json_values, plain_texts
from ogc.encode.ragged import Counts, Ragged, field, joined, repeated, sums, varints, within, zigzag
from ogc.limits import LIMITS
from ogc.tiles.matrix import Tile

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
EXTENT = 4096
MARGIN = 64
"""A 64th of the tile beyond its edge, so that outlines are not drawn along it."""

MOST_CORNERS = LIMITS.tile_corners
OMITTED = "omitted"
"""The layer that says how many features there are where a tile does not hold them all."""

_MOVE, _LINE, _CLOSE = 1, 2, 7
_TYPES = {Geometry.POINT: 1, Geometry.LINE: 2, Geometry.POLYGON: 3}
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]


def encoded(rows: pa.Table, layer: Layer, specs: Sequence[FieldSpec], tile: Tile, *, matched: int) -> bytes:
    """One tile of a layer; `matched` above the number of rows is told in a layer of its own."""
    said = omitted(layer, rows.num_rows, matched)
    column = rows["geometry"].combine_chunks().to_numpy(zero_copy_only=False)
    shapes = _on_tile(shapely.from_wkb(column), tile, layer.geometry)
    commands, places = _commands(shapes, layer.geometry)
    if not len(places):
        return said
    rows = rows.take(pa.array(places))
    numbers = feature_ids(rows[layer.key].to_pylist())
    tags, values = _tags(rows, specs)
    count = len(places)
    body = joined(
        repeated(b"\x08", count), varints(numbers),
        field(0x12, tags),
        repeated(bytes([0x18, _TYPES[layer.geometry]]), count),
        field(0x22, commands),
    )  # fmt: skip
    names = [spec.name for spec in specs]
    return layer_of(layer.id, field(0x12, body).flat.tobytes(), names, values) + said


def layer_of(name: str, features: bytes, names: Sequence[str], values: bytes) -> bytes:
    """A layer of written features, fields and values."""
    keys = b"".join(_text(0x1A, name) for name in names)
    extent = varints(np.array([EXTENT], np.uint64)).flat.tobytes()
    body = _text(0x0A, name) + features + keys + values + b"\x28" + extent + b"\x78\x02"
    return b"\x1a" + _length(len(body)) + body


def _text(tag: int, text: str) -> bytes:
    body = text.encode()
    return bytes([tag]) + _length(len(body)) + body


def _length(count: int) -> bytes:
    return varints(np.array([count], np.uint64)).flat.tobytes()


def feature_ids(keys: Sequence[str]) -> NDArray[np.uint64]:
    """The numbers features go by in tiles, whichever engine makes them: 52 bits of a digest of the key."""
    digests = b"".join(hashlib.md5(key.encode(), usedforsecurity=False).digest()[:8] for key in keys)
    return np.frombuffer(digests, ">u8").astype(np.uint64) >> np.uint64(12)


def omitted(layer: Layer, shown: int, matched: int) -> bytes:
    """Where features are left out, a layer of one point: which layer, how many it shows and how many there are."""
    if matched <= shown:
        return b""
    numbers = [zigzag(np.array([value])) for value in (shown, matched)]
    values = b"".join(b"\x22" + _length(1 + len(v)) + b"\x30" + v for v in (varints(n).flat.tobytes() for n in numbers))
    words = _text(0x0A, layer.id)
    values = b"\x22" + _length(len(words)) + words + values
    middle = varints(np.concatenate(([9], zigzag(np.array([EXTENT // 2] * 2)))).astype(np.uint64)).flat.tobytes()
    feature = b"\x12\x06\x00\x00\x01\x01\x02\x02\x18\x01\x22" + _length(len(middle)) + middle
    return layer_of(OMITTED, b"\x12" + _length(len(feature)) + feature, ("layer", "shown", "matched"), values)


def on_tile(xy: NDArray[np.float64], tile: Tile) -> NDArray[np.float64]:
    """Degrees in units of the tile."""
    extent, there = tile.extent, moved(xy, 4490, tile.set.crs)
    across, up = EXTENT / (extent.right - extent.left), EXTENT / (extent.top - extent.bottom)
    return np.column_stack([(there[:, 0] - extent.left) * across, (extent.top - there[:, 1]) * up])


def _on_tile(shapes: Shapes, tile: Tile, kind: Geometry) -> Shapes:
    """Shapes in degrees as shapes in tile units, cut and thinned; what is too small or outside becomes nothing."""
    there = shapely.transform(shapely.force_2d(shapes), lambda xy: on_tile(xy, tile))
    if kind is Geometry.POINT:
        return np.asarray(there)
    low, high = float(-MARGIN), float(EXTENT + MARGIN)
    cut = shapely.clip_by_rect(there, low, low, high, high)
    tolerance = 1.0
    thin = shapely.simplify(cut, tolerance)
    while shapely.get_num_coordinates(thin).sum() > MOST_CORNERS and tolerance < EXTENT / 8:
        tolerance *= 2
        thin = shapely.simplify(cut, tolerance)
    return np.asarray(thin)


def _commands(shapes: Shapes, kind: Geometry) -> tuple[Ragged, Ints]:
    """The drawing commands of each shape that is left, and which shapes those are."""
    if kind is Geometry.POINT:
        return _points(shapes)
    parts, owner = shapely.get_parts(shapes, return_index=True)
    if kind is Geometry.POLYGON:
        whole = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
        parts, owner = shapely.orient_polygons(parts[whole]), owner[whole]
        paths, part = shapely.get_rings(parts, return_index=True)
        return _paths(paths, owner[part], part)
    whole = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    return _paths(parts[whole], owner[whole], None)


def _points(shapes: Shapes) -> tuple[Ragged, Ints]:
    xy = np.column_stack([shapely.get_x(shapes), shapely.get_y(shapes)])
    with np.errstate(invalid="ignore"):
        inside = ((xy >= -MARGIN) & (xy <= EXTENT + MARGIN)).all(axis=1)
    places = np.flatnonzero(inside)
    steps = zigzag(np.rint(xy[places]).astype(np.int64))
    values = np.column_stack([np.full(len(places), 1 << 3 | _MOVE, np.uint64), steps])
    return varints(values.ravel(), np.full(len(places), 3, np.int64)), places


def _paths(paths: Shapes, owner: Ints, part: Ints | None) -> tuple[Ragged, Ints]:
    """Lines, or where `part` says which polygon each belongs to, rings, the outer one first."""
    xy, path = shapely.get_coordinates(paths, return_index=True)
    corners = np.rint(xy).astype(np.int64)
    first = np.concatenate(([True], path[1:] != path[:-1])) if len(path) else np.zeros(0, bool)
    same = np.concatenate(([False], (corners[1:] == corners[:-1]).all(axis=1))) if len(path) else first
    keep = first | ~same
    corners, path = corners[keep], path[keep]
    counts = np.bincount(path, minlength=len(paths)).astype(np.int64)
    if part is None:
        alive = counts >= 2
    else:
        alive = _rings_left(corners, counts, part)
        last = np.cumsum(counts) - 1
        there = np.ones(len(path), bool)
        there[last[counts > 0]] = False  # ClosePath draws the way back
        corners, path = corners[there], path[there]
        counts = np.maximum(counts - 1, 0)
    kept = alive[path]
    corners, counts, owner = corners[kept], counts[alive], owner[alive]
    return _written(corners, counts, owner, closed=part is not None)


def _rings_left(corners: Ints, counts: Counts, part: Ints) -> NDArray[np.bool_]:
    """Rings that still enclose something, the right way round, and holes only of outer rings that do."""
    following = np.roll(corners, -1, axis=0)
    cross = corners[:, 0] * following[:, 1] - following[:, 0] * corners[:, 1]
    ends = np.cumsum(counts) - 1
    cross[ends[counts > 0]] = 0  # a ring is closed: what follows its last corner is another ring
    area = sums(cross, counts)
    outer = np.concatenate(([True], part[1:] != part[:-1])) if len(part) else np.zeros(0, bool)
    sound = (counts >= 4) & np.where(outer, area > 0, area < 0)
    has_outer = np.zeros(int(part.max(initial=-1)) + 1, bool)
    has_outer[part[outer]] = sound[outer]
    return np.asarray(sound & has_outer[part])


def _written(corners: Ints, counts: Counts, owner: Ints, *, closed: bool) -> tuple[Ragged, Ints]:
    """MoveTo, LineTo … (ClosePath) of each path, the paths of one shape behind each other."""
    places, paths_of = np.unique(owner, return_counts=True)
    if not len(places):
        return Ragged(np.zeros(0, np.uint8), np.zeros(0, np.int64)), places
    corners_of = sums(counts, paths_of)
    steps = np.diff(corners, axis=0, prepend=0)
    begin = np.cumsum(corners_of) - corners_of
    steps[begin] = corners[begin]
    size = 2 * counts + (3 if closed else 2)
    values = np.empty(int(size.sum()), np.uint64)
    start = np.cumsum(size) - size
    values[start] = 1 << 3 | _MOVE
    values[start + 3] = (counts - 1).astype(np.uint64) << np.uint64(3) | np.uint64(_LINE)
    if closed:
        values[start + size - 1] = 1 << 3 | _CLOSE
    nth = within(counts)
    at = np.repeat(start, counts) + 1 + 2 * nth + (nth > 0)
    coded = zigzag(steps)
    values[at], values[at + 1] = coded[:, 0], coded[:, 1]
    return varints(values, sums(size, paths_of)), places


def _tags(rows: pa.Table, specs: Sequence[FieldSpec]) -> tuple[Ragged, bytes]:
    """Pairs of key and value numbers for each row, nothing for what is not known; and the values, each once a field."""
    count, base = rows.num_rows, 0
    numbers = np.zeros((count, len(specs)), np.int64)
    there = np.zeros((count, len(specs)), bool)
    parts: list[bytes] = []
    for place, spec in enumerate(specs):
        coded = plain(rows[spec.name].combine_chunks(), spec).dictionary_encode()
        there[:, place] = coded.indices.is_valid().to_numpy(zero_copy_only=False)
        numbers[:, place] = pc.fill_null(coded.indices, 0).to_numpy(zero_copy_only=False) + base
        parts.append(field(0x22, values_of(coded.dictionary)).flat.tobytes())
        base += len(coded.dictionary)
    keys = np.broadcast_to(np.arange(len(specs)), numbers.shape)
    pairs = np.stack([keys, numbers], axis=-1)[there].astype(np.uint64)
    return varints(pairs.ravel(), 2 * there.sum(axis=1).astype(np.int64)), b"".join(parts)


def plain(column: pa.Array, spec: FieldSpec) -> pa.Array:
    """Truths, whole numbers and numbers as they are; dates and times as ISO text; lists as JSON."""
    match spec.kind:
        case Kind.DATE | Kind.DATETIME:
            return plain_texts(column, spec.kind)
        case Kind.LIST:
            return pc.if_else(column.is_valid(), json_values(column, spec), None)
        case Kind.REAL:
            return pc.if_else(pc.is_finite(column), column, None)
        case _:
            return column


def values_of(distinct: pa.Array) -> Ragged:
    """Values as messages of the format, by their kind."""
    count = len(distinct)
    if pa.types.is_boolean(distinct.type):
        truths = distinct.to_numpy(zero_copy_only=False).astype(np.uint8)
        return joined(repeated(b"\x38", count), Ragged(truths, np.ones(count, np.int64)))
    if pa.types.is_integer(distinct.type):
        whole = distinct.to_numpy(zero_copy_only=False).astype(np.int64)
        return joined(repeated(b"\x30", count), varints(zigzag(whole)))
    if pa.types.is_floating(distinct.type):
        real = np.ascontiguousarray(distinct.to_numpy(zero_copy_only=False), "<f8").view(np.uint8)
        return joined(repeated(b"\x19", count), Ragged(real, np.full(count, 8, np.int64)))
    texts = distinct.cast(pa.large_binary())
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + count + 1]
    flat = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]] if data is not None else np.zeros(0, np.uint8)
    return field(0x0A, Ragged(flat, np.diff(ends)))
