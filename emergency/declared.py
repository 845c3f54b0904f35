"""People that registers say are at places inside zones, by day or by night: each register apart, never added up.

A site's people live somewhere, a school's pupils are residents of the raster, and an enterprise counts whoever is at
its sites: whoever adds these counts a person twice. No coefficient turns one into another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from core.texts import Text
from emergency.exposure import Exposure
from emergency.scenario import Period
from emergency.zones import Zone
from layers.catalogue.enterprises import ENTERPRISES, SITES
from layers.catalogue.targets import PROTECTION_TARGETS
from layers.layer import Layer

ENTIRE = Text(
    "影响区触及的每处按其申报人数整处计入,不按面积折算",
    "each that the zone touches counts whole, by what it declared, not by its area",
)
OVERLAP = Text(
    "与常住人口和其他登记有重叠,不相加,也不折算", "overlaps with residents and with the other registers: never added"
)
ALL_SHIFTS = Text("为全员,不分班次和厂区", "everybody on the books, whatever the shift and the site")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What one register says of one zone, the worse ones within it included.

    `silent` rows declare nothing; where none does `people` is None, which is another answer than nobody.
    """

    layer: str
    severity: int
    title: Text
    people: int | None
    rows: int
    silent: int
    how: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class _Register:
    """A field of a layer that counts people at the time asked."""

    layer: Layer
    field: str
    title: Text
    how: tuple[Text, ...]


def declared(inside: Exposure, zones: Sequence[Zone], period: Period) -> tuple[Declared, ...]:
    """Of every register open to who asked and every zone, worst first; nothing of a register without rows inside."""
    found: list[Declared] = []
    for one in _registers(period):
        table = inside.targets if one.layer is PROTECTION_TARGETS else inside.workplaces
        if table is not None and one.field in table:
            found += _of(one, table, zones)
    return tuple(found)


def _registers(period: Period) -> Iterator[_Register]:
    word = Text("白天", "by day") if period is Period.DAY else Text("夜间", "by night")
    field = f"people_{period}"
    how = (ENTIRE, OVERLAP)
    yield _Register(SITES, field, Text(f"厂区申报人数({word.zh})", f"declared at sites {word.en}"), how)
    yield _Register(
        PROTECTION_TARGETS,
        field,
        Text(f"保护目标申报人数({word.zh})", f"declared at protection targets {word.en}"),
        how,
    )
    if period is Period.DAY:
        title = Text("企业登记从业人数", "employees on enterprises' books")
        yield _Register(ENTERPRISES, "employees", title, (ENTIRE, ALL_SHIFTS, OVERLAP))


def _of(one: _Register, table: gpd.GeoDataFrame, zones: Sequence[Zone]) -> Iterator[Declared]:
    rows = table[table["layer"] == one.layer.id]
    if not len(rows):
        return
    counts = pd.to_numeric(rows[one.field])
    for severity in sorted({zone.level.severity for zone in zones}):
        here = rows["severity"] <= severity
        unsaid = counts[here].isna()
        yield Declared(
            layer=one.layer.id, severity=severity, title=one.title, rows=len(unsaid), silent=int(unsaid.sum()),
            people=None if len(unsaid) and unsaid.all() else int(counts[here].sum()), how=one.how,
        )  # fmt: skip
