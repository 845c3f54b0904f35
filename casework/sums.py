"""What of a register is added up, declared: numbers of cases by month, quarter, year and by codes; and the adding."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from casework.terms import local_day
from core.scope import Scope
from core.texts import Text
from layers.codes import code_list
from layers.fields import Kind
from layers.filters import In
from layers.layer import Layer
from store.protocol import Store
from store.query import Measure, Query, Total

MONTH = r"[0-9]{4}-(0[1-9]|1[0-2])"
PERIOD = rf"([0-9]{{4}}|[0-9]{{4}}-Q[1-4]|{MONTH})"
"""A year, a quarter or a month."""
DISTRICT = 6
AREA = "area"
HELD = "held_"
NUMBERS = (Kind.INTEGER, Kind.REAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Numbers `fields` of the cases in the states `counted`, by the text `month` (YYYY-MM) and each field of `by`.

    What is in the states `waiting` is told apart. Each code of the list of `expected` should have a case of each month
    and district: which have none is named. `about` says what is added and what is not.
    """

    about: Text
    fields: tuple[str, ...]
    month: str
    by: tuple[str, ...]
    expected: str
    counted: tuple[str, ...]
    waiting: tuple[str, ...]


def sum_faults(sums: Sums, register: Layer, states: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """What is wrong with such a declaration: the name, and why in both languages."""
    fields = register.fields
    for name in sums.fields:
        if name not in fields or fields[name].kind not in NUMBERS or fields[name].codes is not None:
            yield name, "不是数值登记字段", "is no number of the register"
    if sums.month not in fields or fields[sums.month].kind is not Kind.TEXT:
        yield sums.month, "不是文本登记字段", "is no text of the register"
    for name in (*sums.by, sums.expected):
        if name not in fields or (name != AREA and fields[name].codes is None):
            yield name, "不是区划或有代码表的登记字段", "is neither the area nor a field with a code list"
    if sums.expected not in sums.by or AREA not in sums.by:
        yield sums.expected, "须按区划和应报代码分别汇总", "the area and what is expected must be summed by"
    for state in (*sums.counted, *sums.waiting):
        if state not in states:
            yield str(state), "没有声明的状态", "is a state nobody declared"


@dataclass(frozen=True, slots=True)
class Added:
    """One line: a code, cases counted and cases that wait, with the numbers of either."""

    code: str
    cases: int
    waiting: int
    values: tuple[float, ...]
    held: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Absent:
    """A month that is over, a code that should have cases, and the districts where there is none."""

    month: str
    code: str
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summed:
    """What a register adds up to in one period, under one scope."""

    period: str
    periods: tuple[str, ...]
    total: Added
    by: tuple[tuple[str, tuple[Added, ...]], ...]
    years: tuple[Added, ...]
    quarters: tuple[Added, ...]
    months: tuple[Added, ...]
    absent: tuple[Absent, ...]


def summed(
    store: Store, layer: Layer, sums: Sums, period: str, districts: Sequence[str], *, scope: Scope, at: datetime
) -> Summed:
    """The sums of a period (blank: the last month that is over) under a scope, in one pass of the store."""
    now = local_day(at).strftime("%Y-%m")
    period = period or month_before(now)
    table = _table(store, layer, sums, scope)
    these = table.filter(pc.is_in(table["month"], pa.array(months_of(period), pa.string())))
    year = table.filter(pc.equal(table["year"], period[:4]))
    return Summed(
        period=period, periods=_periods(table, period), total=_total(these, sums),
        by=tuple((name, _added(these, name, sums)) for name in sums.by), years=_added(table, "year", sums),
        quarters=_added(year, "quarter", sums), months=_added(year, "month", sums),
        absent=tuple(_absent(these, layer, sums, period, now, districts)),
    )  # fmt: skip


def months_of(period: str) -> tuple[str, ...]:
    """The months of a year, a quarter or a month.

    >>> months_of("2026-Q2")
    ('2026-04', '2026-05', '2026-06')
    """
    if re.fullmatch(MONTH, period):
        return (period,)
    first, last = (int(period[6]) * 3 - 2, int(period[6]) * 3) if "Q" in period else (1, 12)
    return tuple(f"{period[:4]}-{month:02d}" for month in range(first, last + 1))


def month_before(month: str) -> str:
    """The month before one.

    >>> month_before("2026-01"), month_before("2026-12")
    ('2025-12', '2026-11')
    """
    before = int(month[:4]) * 12 + int(month[5:]) - 2
    return f"{before // 12:04d}-{before % 12 + 1:02d}"


def period_title(period: str) -> Text:
    """A period as people say it.

    >>> period_title("2026-Q1").zh, period_title("2026-03").zh, period_title("2026").en
    ('2026年第1季度', '2026年3月', '2026')
    """
    year = period[:4]
    if "Q" in period:
        return Text(f"{year}年第{period[6]}季度", f"Q{period[6]} {year}")
    return Text(f"{year}年{int(period[5:])}月" if period[5:] else f"{year}年", period)


def _table(store: Store, layer: Layer, sums: Sums, scope: Scope) -> pa.Table:
    """Sums by month and codes, with year and quarter beside the month."""
    counted, waiting = In("state", tuple(map(str, sums.counted))), In("state", tuple(map(str, sums.waiting)))
    of = [Total("cases", Measure.COUNT, where=counted), Total(HELD + "cases", Measure.COUNT, where=waiting)]
    for name in sums.fields:
        of += [Total(name, Measure.SUM, name, counted), Total(HELD + name, Measure.SUM, name, waiting)]
    by = tuple(f"{AREA}:{DISTRICT}" if name == AREA else name for name in (sums.month, *sums.by))
    where = In("state", (*map(str, sums.counted), *map(str, sums.waiting)))
    table = store.totals(layer, Query(where=where), by=by, of=tuple(of), scope=scope)
    table = table.rename_columns(["month" if name == sums.month else name for name in table.column_names])
    month = table["month"].cast(pa.string())
    table = table.filter(pc.match_substring_regex(month, f"^{MONTH}$"))
    month = table["month"].cast(pa.string())
    year = pc.utf8_slice_codeunits(month, 0, 4)
    number = pc.utf8_slice_codeunits(month, 5, 7).cast(pa.int64())
    quarter = pc.divide(pc.add(number, 2), 3).cast(pa.string())
    table = table.append_column("year", year)
    return table.append_column("quarter", pc.binary_join_element_wise(year, quarter, "-Q"))


def _names(sums: Sums) -> list[str]:
    return ["cases", HELD + "cases", *sums.fields, *(HELD + name for name in sums.fields)]


def _added(table: pa.Table, by: str, sums: Sums) -> tuple[Added, ...]:
    """Lines by one column, in its order."""
    names = _names(sums)
    found = table.group_by(by).aggregate([(name, "sum") for name in names]).sort_by(by)
    return tuple(_line(str(one[by] or ""), one, sums) for one in found.to_pylist())


def _total(table: pa.Table, sums: Sums) -> Added:
    return _line("", {f"{name}_sum": pc.sum(table[name]).as_py() for name in _names(sums)}, sums)


def _line(code: str, one: dict[str, Any], sums: Sums) -> Added:
    def of(prefix: str) -> tuple[float, ...]:
        return tuple(one[f"{prefix}{name}_sum"] or 0 for name in sums.fields)

    return Added(code, one["cases_sum"] or 0, one[f"{HELD}cases_sum"] or 0, of(""), of(HELD))


def _periods(table: pa.Table, period: str) -> tuple[str, ...]:
    """What may be chosen: years, quarters and months of which there is something, and the period asked for."""
    found = {str(one) for name in ("year", "quarter", "month") for one in table[name].unique().to_pylist()}
    years = sorted({one[:4] for one in (*found, period)}, reverse=True)
    inside = {year: sorted(one for one in {*found, period} if one[:4] == year and one != year) for year in years}
    ordered = {year: [one for one in inside[year] if "Q" in one] + [one for one in inside[year] if "Q" not in one]
               for year in years}  # fmt: skip
    return tuple(one for year in years for one in (year, *ordered[year]))


def _absent(
    table: pa.Table, layer: Layer, sums: Sums, period: str, now: str, districts: Sequence[str]
) -> Iterator[Absent]:
    """Of months that are over what has neither been counted nor waits."""
    columns = (table["month"], table[sums.expected], table[AREA])
    there = set(zip(*(column.to_pylist() for column in columns), strict=True))
    codes = [one.code for one in code_list(str(layer.fields[sums.expected].codes))]
    for month in months_of(period):
        for code in codes if month < now else ():
            if areas := tuple(area for area in districts if (month, code, area) not in there):
                yield Absent(month, code, areas)
