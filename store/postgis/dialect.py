"""PostGIS's side of the compiler: the index by the envelope, then the exact predicate; the stored column as it is."""

from typing import Any

import shapely

from gis.shapes import Bounds, crowding
from layers.fields import FieldSpec, Kind
from layers.filters import Spatial, SpatialOp
from layers.layer import Geometry, Layer
from store.compile import Sql
from store.geometries import widened

PREDICATES = {
    SpatialOp.INTERSECTS: "ST_Intersects",
    SpatialOp.WITHIN: "ST_Within",
    SpatialOp.CONTAINS: "ST_Contains",
    SpatialOp.TOUCHES: "ST_Touches",
    SpatialOp.CROSSES: "ST_Crosses",
    SpatialOp.OVERLAPS: "ST_Overlaps",
    SpatialOp.EQUALS: "ST_Equals",
}


_DIMENSIONS = {Geometry.POINT: 0, Geometry.LINE: 1, Geometry.POLYGON: 2}
_OF_POINTS = (SpatialOp.INTERSECTS, SpatialOp.DISJOINT, SpatialOp.WITHIN, SpatialOp.TOUCHES)
CROWDED = 50
"""Edges on one parallel, beyond which it is looked whether meridians meet fewer."""


class PostGisDialect:
    """Rows without geometry give no truth value, so they are in no relation, negated or not."""

    def bbox(self, sql: Sql, layer: Layer, bounds: Bounds) -> str:
        """By the index, whose numbers are 32-bit and rounded outwards, then exactly."""
        box, geom = _box(sql, bounds), _geom(sql)
        if layer.geometry is Geometry.POINT:
            west, south, east, north = (float(v) for v in bounds)
            across = f"ST_X({geom}) BETWEEN {sql.bind(west)} AND {sql.bind(east)}"
            return f"({geom} && {box} AND {across} AND ST_Y({geom}) BETWEEN {sql.bind(south)} AND {sql.bind(north)})"
        return f"({geom} && {box} AND ST_Intersects({geom}, {_shape(sql, bounds.polygon)}))"

    def spatial(self, sql: Sql, layer: Layer, where: Spatial) -> str:
        """Topology in the plane of the degrees, distances along the ellipsoid."""
        geom = _geom(sql)
        if where.op in (SpatialOp.DWITHIN, SpatialOp.BEYOND):
            box = _box(sql, widened(where.shape, where.distance))
            near = (
                f"({geom} && {box} AND ST_DWithin({geom}::geography, {_shape(sql, where.shape)}::geography,"
                f" {sql.bind(float(where.distance))}))"
            )
            return near if where.op is SpatialOp.DWITHIN else f"NOT {near}"
        dimension = int(shapely.get_dimensions(where.shape))
        if where.op is SpatialOp.OVERLAPS and dimension != _DIMENSIONS[layer.geometry]:
            return f"CASE WHEN {geom} IS NOT NULL THEN FALSE END"
        if layer.geometry is Geometry.POINT and dimension == 2 and where.op in _OF_POINTS:
            return _of_points(sql, geom, where)
        if where.op is SpatialOp.DISJOINT:
            return f"NOT ST_Intersects({geom}, {_shape(sql, where.shape)})"
        return f"{PREDICATES[where.op]}({geom}, {_shape(sql, where.shape)})"

    def among(self, sql: Sql, column: str, values: list[Any]) -> str:
        """One array parameter, however long."""
        if any(isinstance(v, float) for v in values):
            values = [float(v) for v in values]
        return f"{column} = ANY({sql.bind(values)})"

    def like(self, sql: Sql, column: str, pattern: str, ignore_case: bool) -> str:
        """Folding as the embedded engine does: ASCII letters only."""
        word = "ILIKE" if ignore_case else "LIKE"
        return f"{column}::text COLLATE \"C\" {word} {sql.bind(_escaped(pattern))} ESCAPE '\\'"

    def holding(self, sql: Sql, layer: Layer, words: list[str]) -> str:
        """Read in parallel by the server: no index is asked."""
        return ""

    def value(self, value: Any, spec: FieldSpec) -> Any:
        """As the database takes it; no text of it can hold a NUL."""
        if isinstance(value, str) and "\x00" in value:
            raise ValueError(value)
        if spec.kind is Kind.BOOLEAN and value is not None:
            return bool(value)
        return value


def _of_points(sql: Sql, geom: str, where: Spatial) -> str:
    """Points and an area, which PostGIS weighs by the square of how many edges are met on the point's parallel.

    A shape that meridians meet less is laid on its side. Touching, for which each edge would be looked at, is told
    from the two others.
    """
    shape, point = where.shape, geom
    if shapely.get_num_coordinates(shape) > CROWDED:
        beside, above = crowding(shape)
        if above < beside > CROWDED:
            shape = shapely.transform(shape, lambda xy: xy[:, ::-1])
            point = f"ST_FlipCoordinates({geom})"
    near = f"{geom} && {_box(sql, Bounds(*where.shape.bounds))}"
    if where.op is SpatialOp.WITHIN:
        return f"({near} AND ST_Within({point}, {_shape(sql, shape)}))"
    met = f"{near} AND ST_Intersects({point}, {_shape(sql, shape)})"
    if where.op is SpatialOp.TOUCHES:
        return f"({met} AND NOT ST_Within({point}, {_shape(sql, shape)}))"
    return f"NOT ({met})" if where.op is SpatialOp.DISJOINT else f"({met})"


def _escaped(pattern: str) -> str:
    """A pattern that ends in a lone backslash means that backslash."""
    trailing = len(pattern) - len(pattern.rstrip("\\"))
    return pattern + "\\" if trailing % 2 else pattern


def _geom(sql: Sql) -> str:
    return "_mask" if sql.masked else "geom"


def _box(sql: Sql, bounds: Bounds) -> str:
    west, south, east, north = (sql.bind(float(v)) for v in bounds)
    return f"ST_MakeEnvelope({west}, {south}, {east}, {north}, 4490)"


def _shape(sql: Sql, shape: shapely.Geometry) -> str:
    return f"ST_GeomFromWKB({sql.bind(shapely.to_wkb(shape, output_dimension=2, byte_order=1))}, 4490)"
