"""A question to one layer: which rows, which fields, in which order, how many."""

from dataclasses import dataclass
from enum import StrEnum

from gis.shapes import Bounds
from layers.filters import Filter


@dataclass(frozen=True, slots=True)
class Order:
    """Sort by one field; ties are always broken by the key, so paging is stable."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Rows of one layer. `bbox` is EPSG:4490 lon-lat and means "intersects".

    `fields` None is every field the scope shows; `geometry` False leaves geometries unread; `after` is the keyset
    cursor of the last row of the page before, cheaper than `offset`, which exists for protocols that page by index;
    `at_seq` answers as of that feed entry. Rows merged into another are no objects of their own and left out, unless
    `merged` asks for them too.
    """

    bbox: Bounds | None = None
    where: Filter | None = None
    fields: tuple[str, ...] | None = None
    geometry: bool = True
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0
    after: str | None = None
    at_seq: int | None = None
    merged: bool = False


EVERYTHING = Query()


class Measure(StrEnum):
    """What an aggregate computes over a group."""

    COUNT = "count"
    SUM = "sum"
    MIN = "min"
    MAX = "max"


@dataclass(frozen=True, slots=True)
class Total:
    """One computed column: `count` of rows, or a measure of a numeric field; named `name` in the answer.

    With `where` of those rows of the group alone that meet it, so that many counts are one pass.
    """

    name: str
    measure: Measure
    field: str | None = None
    where: Filter | None = None


COUNT = Total("count", Measure.COUNT)
