"""A filed hazard source graded again: what it declares to hold, and the people counted on the map around it."""

from dataclasses import dataclass
from datetime import date
from math import ceil

import shapely
from shapely.geometry.base import BaseGeometry

from core.errors import BadInputError, NotFoundError
from core.scope import Scope
from core.texts import Text
from core.units import Fraction, Metre
from emergency.gb18218.grading import Grading, Holding, grade
from emergency.population import residents
from gis.measure import buffer
from gis.shapes import Shape
from layers.catalogue.enterprises import SITES
from layers.catalogue.hazards import HAZARD_SOURCES, TANKS, HazardSource
from layers.coverage import POPULATION
from layers.filters import Compare, Op
from store.protocol import Store
from store.query import Query
from store.rasters import RasterShelf

RADIUS: Metre = 500.0
"""How far beyond the boundary people count (GB 18218-2018, 4.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Residents outside the fence line and within 500 m of it; without a fence line, of the place itself.

    `known` is the share of the ring with data. They are residents: who works or visits there is in no raster.
    """

    ring: Shape
    fenced: bool
    residents: float
    known: Fraction
    source: str
    observed_on: date | None
    verified: bool

    @property
    def people(self) -> int:
        """A part of a person counts as one."""
        return ceil(self.residents - 1e-9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Regraded:
    """What was filed beside what comes out now; `around` None: no population data, the filed number of people is used.

    `tanks` are the substances whose tanks hold another amount by design than was filed: filed and held, in kilograms.
    """

    source: HazardSource
    grading: Grading
    people: int
    around: Around | None
    tanks: tuple[tuple[str, float, float], ...] | None


def regraded(key: str, *, store: Store, shelf: RasterShelf | None, scope: Scope) -> Regraded:
    """The grading of a hazard source by what the caller may see.

    Raises NotFoundError for one they do not see, BadInputError where its amounts are kept from them or not given.
    """
    if not HAZARD_SOURCES.visible(scope):
        raise NotFoundError(Text(f"没有重大危险源“{key}”", f"there is no hazard source {key!r}"), key=key)
    record = store.get(store.catalogue[HAZARD_SOURCES.id], key, scope=scope).record
    assert isinstance(record, HazardSource)
    if "quantities" not in HAZARD_SOURCES.fields_in(scope):
        raise BadInputError(
            Text("物质数量对您的岗位不开放,不能核算", "its amounts are not open to your role"), field="quantities"
        )
    around = _around(record, store, shelf, scope)
    people = around.people if around is not None else record.exposed_people
    if people is None:
        raise BadInputError(
            Text(
                "没有人口数据,备案中也没有厂外 500 米人数,不能核算",
                "neither population data nor a filed number of people",
            ),
            field="exposed_people",
        )
    return Regraded(
        source=record, grading=grade(_holdings(record), people), people=people, around=around,
        tanks=_tanks(record, store, scope),
    )  # fmt: skip


def _holdings(record: HazardSource) -> list[Holding]:
    names, numbers, amounts = record.substances, record.cas_numbers, record.quantities
    wanted = max(len(names), len(numbers))
    if not amounts or len(amounts) != wanted:
        raise BadInputError(
            Text(
                f"备案有 {wanted} 种物质、{len(amounts)} 个数量,须逐一对应才能核算",
                f"{wanted} substances and {len(amounts)} amounts were filed; each needs one",
            ),
            field="quantities", value=len(amounts),
        )  # fmt: skip
    pad = [""] * len(amounts)
    try:
        return [
            Holding(mass=float(amount), cas=cas, name=name)
            for amount, cas, name in zip(amounts, [*numbers, *pad], [*names, *pad], strict=False)
        ]
    except ValueError as error:
        raise BadInputError(
            Text("备案数量不是数(千克)", "a filed amount is no number of kilograms"), field="quantities"
        ) from error


def _around(record: HazardSource, store: Store, shelf: RasterShelf | None, scope: Scope) -> Around | None:
    raster = None if shelf is None else shelf.find(POPULATION.id, scope)
    if raster is None or record.geometry is None:
        return None
    fence = _fence(record, store, scope)
    inner: BaseGeometry = record.geometry if fence is None else fence
    ring = shapely.difference(buffer(inner, RADIUS), inner)
    (inside,) = residents(raster, [ring])
    about = raster.record
    return Around(
        ring=ring, fenced=fence is not None, residents=inside.total, known=inside.known, source=about.source,
        observed_on=None if about.observed_at is None else about.observed_at.date(), verified=about.verified,
    )  # fmt: skip


def _fence(record: HazardSource, store: Store, scope: Scope) -> BaseGeometry | None:
    """The fence line of the site it names, where the caller may see it."""
    if not record.site or not SITES.visible(scope):
        return None
    try:
        return store.get(store.catalogue[SITES.id], record.site, scope=scope).record.geometry
    except NotFoundError:
        return None


def _tanks(record: HazardSource, store: Store, scope: Scope) -> tuple[tuple[str, float, float], ...] | None:
    if not TANKS.visible(scope) or not {"design_mass", "cas", "hazard_source"} <= set(TANKS.fields_in(scope)):
        return None
    query = Query(where=Compare("hazard_source", Op.EQ, record.code), fields=("cas", "chemical", "design_mass"))
    held: dict[str, float] = {}
    for row in store.read(store.catalogue[TANKS.id], query, scope=scope).to_pylist():
        held[row["cas"]] = held.get(row["cas"], 0.0) + (row["design_mass"] or 0.0)
    if not held:
        return ()
    filed = {cas: float(amount) for cas, amount in zip(record.cas_numbers, record.quantities, strict=False)}
    names = dict(zip(record.cas_numbers, record.substances, strict=False))
    return tuple(
        (names.get(cas) or cas, filed.get(cas, 0.0), held.get(cas, 0.0))
        for cas in sorted({*filed, *held})
        if abs(filed.get(cas, 0.0) - held.get(cas, 0.0)) > max(0.01 * filed.get(cas, 0.0), 2.0)
    )
