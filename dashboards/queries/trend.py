"""Accidents of the last twelve months to this moment: the key figure and the bars are one count of one span."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from core.clock import CHINA
from core.scope import Scope
from layers.filters import During
from store.protocol import Store
from store.query import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """Accidents of one month, and of the same month a year before; the present month ends now in both years."""

    number: int
    now: int
    before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Months from the oldest to the present one; deaths are None where they are kept from the caller."""

    months: tuple[Month, ...]
    deaths: int | None

    @property
    def rows(self) -> int:
        """Accidents in the span."""
        return sum(month.now for month in self.months)

    @property
    def before(self) -> int:
        """Accidents in the same span a year earlier."""
        return sum(month.before for month in self.months)


def months(now: datetime, count: int) -> list[tuple[int, int]]:
    """The last months as (year, month from 0) in local time, oldest first, the present one included."""
    local = now.astimezone(CHINA)
    last = local.year * 12 + local.month - 1
    return [divmod(n, 12) for n in range(last - count + 1, last + 1)]


def year_before(now: datetime) -> datetime:
    """The same local time a year ago; for 29 February the end of that year's February.

    >>> year_before(datetime(2028, 2, 29, 10, tzinfo=CHINA)).isoformat()
    '2027-03-01T00:00:00+08:00'
    """
    local = now.astimezone(CHINA)
    if (local.month, local.day) == (2, 29):
        return datetime(local.year - 1, 3, 1, tzinfo=CHINA)
    return local.replace(year=local.year - 1)


def trend(store: Store, now: datetime, *, scope: Scope, count: int = 12) -> Trend | None:
    """Accidents per month beside the same days a year before; None where the caller may not see them."""
    layer = store.catalogue.find("accidents", scope)
    seen = () if layer is None else layer.fields_in(scope)
    if layer is None or "occurred_at" not in seen:
        return None
    wanted = months(now, count)
    year, month = wanted[0]
    start = datetime(year, month + 1, 1, tzinfo=CHINA)
    span = During("occurred_at", datetime(year - 1, month + 1, 1, tzinfo=CHINA), now)
    fields = tuple(name for name in ("occurred_at", "deaths") if name in seen)
    rows = store.read(layer, Query(where=span, fields=fields, geometry=False), scope=scope).to_pandas()
    at = rows["occurred_at"].dt.tz_convert(CHINA)
    late, early = at >= start, at < year_before(now)
    index = at.dt.year * 12 + at.dt.month - 1
    after, before = _counted(index[late]), _counted(index[early & ~late])
    found = tuple(
        Month(number=m + 1, now=after.get(y * 12 + m, 0), before=before.get((y - 1) * 12 + m, 0)) for y, m in wanted
    )
    return Trend(months=found, deaths=int(rows.loc[late, "deaths"].sum()) if "deaths" in seen else None)


def _counted(index: "pd.Series[int]") -> dict[int, int]:
    return {int(str(month)): int(n) for month, n in index.value_counts().items()}
