"""Vector tiles by PostGIS itself: rows never leave the database as rows."""

from collections.abc import Iterator

from core.scope import Scope, Sensitivity
from layers.fields import FieldSpec, Kind
from layers.layer import Geometry, Layer
from store.compile import checked, order_by, order_text, quoted, where_clause
from store.postgis.connections import Connection
from store.postgis.reading import compiler
from store.query import Query
from store.vectortiles import MadeTile, TileQuery

ID = "om_feature_id"
PLACE = "om_place"
SENSITIVE = int(Sensitivity.SENSITIVE)


def vector_tile(db: Connection, layer: Layer, asked: TileQuery, scope: Scope) -> MadeTile:
    """One tile, its shapes thinned as far as its corners have to be fewer."""
    for tolerance in _tolerances(asked):
        made, corners = _made(db, layer, asked, scope, tolerance)
        if corners <= asked.corners:
            break
    return made


def _tolerances(asked: TileQuery) -> Iterator[float]:
    """By how many of its parts a tile's shapes may be off: not at all, then twice as far each time."""
    yield 0.0
    tolerance = 2
    while tolerance <= asked.extent // 8:
        yield tolerance * (asked.right - asked.left) / asked.extent
        tolerance *= 2


def _made(db: Connection, layer: Layer, asked: TileQuery, scope: Scope, tolerance: float) -> tuple[MadeTile, int]:
    """The tile and the corners of its shapes: rows are chosen by the index of the stored column, then alone moved, cut
    and written.

    Systems are told by number: told as text each row costs a look-up of it.
    """
    seen = checked(layer, scope)
    sql = compiler()
    where = where_clause(sql, layer, Query(bbox=asked.reach), scope)
    order = order_text(layer, order_by(layer, asked.order, scope))
    place = "_mask" if layer.masked(scope) else "geom"
    names = ", ".join(quoted(name) for name in seen)
    level = "sensitivity" if "sensitivity" in seen else "NULL::int"
    chosen = (
        f"SELECT {names}, {place} AS {PLACE} FROM {quoted(layer.id)} WHERE {where}"
        f" ORDER BY {order} LIMIT {sql.bind(asked.most + 1)}"
    )
    sql.params.append(asked.most)
    columns = ", ".join(_column(spec) for spec in seen.values())
    corners = ", ".join(sql.bind(v) for v in (asked.left, asked.bottom, asked.right, asked.top))
    box = f"ST_MakeEnvelope({corners}, {asked.crs})"
    moved = PLACE if asked.crs == 4490 else f"ST_Transform({PLACE}, {asked.crs})"
    if tolerance:
        moved = f"ST_SimplifyPreserveTopology({moved}, {tolerance!r})"
    key = quoted(layer.key)
    shaped = layer.geometry is not Geometry.POINT
    counting = "TRUE" if layer.holds(Sensitivity.SENSITIVE, seen) else f"{level} >= {SENSITIVE}"
    text = (
        f"WITH chosen AS MATERIALIZED ({chosen}), kept AS (SELECT * FROM chosen LIMIT %s),"
        f" drawn AS (SELECT {columns}, ('x' || substr(md5({key}), 1, 13))::bit(52)::bigint AS {ID},"
        f" ST_AsMVTGeom({moved}, {box}, {asked.extent}, {asked.margin}, true) AS {PLACE} FROM kept)"
        f" SELECT (SELECT ST_AsMVT(drawn, {sql.bind(layer.id)}, {asked.extent}, '{PLACE}', '{ID}')"
        f" FROM drawn WHERE {PLACE} IS NOT NULL), (SELECT count(*) FROM chosen),"
        f" (SELECT array_agg({key}) FROM kept WHERE {counting}),"
        f" {f'(SELECT sum(ST_NPoints({PLACE})) FROM drawn)' if shaped else '0'}"
    )
    row = db.execute(text.encode(), sql.params).fetchone()
    body, count, keys, left = row if row is not None else (b"", 0, None, 0)
    met = int(str(count))
    recorded = tuple(str(one) for one in keys) if isinstance(keys, list) and scope.clearance >= SENSITIVE else ()
    said = bytes(body) if isinstance(body, bytes | memoryview) else b""
    made = MadeTile(body=said, rows=min(met, asked.most), more=met > asked.most, recorded=recorded)
    return made, int(str(left or 0))


def _column(spec: FieldSpec) -> str:
    """A field as the other engine's tiles have it: times as ISO text, no number that is none."""
    name = quoted(spec.name)
    match spec.kind:
        case Kind.DATE:
            return f"{name}::text AS {name}"
        case Kind.DATETIME:
            whole = f"to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')"
            return f"rtrim(rtrim({whole}, '0'), '.') || 'Z' AS {name}"
        case Kind.REAL:
            return f"CASE WHEN {name} BETWEEN '-1e308' AND '1e308' THEN {name} END AS {name}"
        case _:
            return name
