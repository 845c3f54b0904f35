"""A filter as a value: what CQL2, FES and the screens' own filters are parsed into and the store compiles."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shapely.geometry.base import BaseGeometry

from core.units import Metre

Value = str | int | float | bool | date | datetime
GEOMETRY = "geometry"


class Op(StrEnum):
    """A comparison."""

    EQ = "="
    NE = "<>"
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="


class SpatialOp(StrEnum):
    """A topological relation (OGC Simple Features) or a distance one."""

    INTERSECTS = "intersects"
    DISJOINT = "disjoint"
    WITHIN = "within"
    CONTAINS = "contains"
    TOUCHES = "touches"
    CROSSES = "crosses"
    OVERLAPS = "overlaps"
    EQUALS = "equals"
    DWITHIN = "dwithin"
    BEYOND = "beyond"


@dataclass(frozen=True, slots=True)
class Compare:
    """`field op value`."""

    field: str
    op: Op
    value: Value


@dataclass(frozen=True, slots=True)
class Like:
    """`field LIKE pattern`, `%` any run and `_` any one character, backslash escapes; folding case if asked."""

    field: str
    pattern: str
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class In:
    """`field IN (values)`."""

    field: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """`low <= field <= high`."""

    field: str
    low: Value
    high: Value


@dataclass(frozen=True, slots=True)
class Missing:
    """`field IS NULL`."""

    field: str


@dataclass(frozen=True, slots=True)
class Under:
    """The code in `field` starts with `prefix`: an administrative area and all below it."""

    field: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Spatial:
    """The feature's geometry stands in a relation to a shape (EPSG:4490, lon-lat); distance is geodesic metres."""

    op: SpatialOp
    shape: BaseGeometry
    distance: Metre = 0.0


@dataclass(frozen=True, slots=True)
class During:
    """`start <= field < end`; None leaves that side open."""

    field: str
    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True)
class And:
    """All hold; no parts is true."""

    parts: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One holds; no parts is false."""

    parts: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """It does not hold."""

    part: "Filter"


Filter = Compare | Like | In | Between | Missing | Under | Spatial | During | And | Or | Not


def every(*parts: Filter | None) -> Filter | None:
    """All the parts that are given, as one filter; None when none is."""
    given = tuple(part for part in parts if part is not None)
    return None if not given else given[0] if len(given) == 1 else And(given)


def fields_named(where: Filter | None) -> Iterator[str]:
    """Every field a filter reads, `geometry` included, for checking against the caller's scope."""
    if where is None:
        return
    if isinstance(where, And | Or):
        for part in where.parts:
            yield from fields_named(part)
    elif isinstance(where, Not):
        yield from fields_named(where.part)
    elif isinstance(where, Spatial):
        yield GEOMETRY
    else:
        yield where.field
