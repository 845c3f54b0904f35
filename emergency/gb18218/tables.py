"""The tables of GB 18218-2018: named substances, categories, correction factors."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from core.errors import NotFoundError
from core.texts import Text
from core.units import Kilogram
from emergency.chemicals.levels import Status
from emergency.chemicals.registry import normal

DATA = files("emergency") / "data"
TONNE = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row of table 1; `category` is our reading of its class for table 4 with the `basis` it rests on, or empty."""

    serial: int
    name: str
    aliases: tuple[str, ...]
    cas: tuple[str, ...]
    threshold: Kilogram
    category: str
    basis: str
    source: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A row of tables 2 and 4: a class of danger, its threshold quantity and its correction factor."""

    symbol: str
    hazard: str
    description: str
    threshold: Kilogram
    beta: float
    source: str
    status: Status


@cache
def entries() -> tuple[Entry, ...]:
    """Table 1."""
    return tuple(
        Entry(
            serial=int(row["serial"]), name=row["zh"], aliases=_parts(row["aliases"]), cas=_parts(row["cas"]),
            threshold=TONNE * float(row["threshold_t"]), category=row["category"], basis=row["category_basis"],
            source=row["source"], status=Status(row["status"]),
        )
        for row in _rows("gb18218_table1.csv")
    )  # fmt: skip


@cache
def categories() -> dict[str, Category]:
    """Tables 2 and 4 by symbol."""
    return {
        row["symbol"]: Category(
            symbol=row["symbol"], hazard=row["hazard"], description=row["description"],
            threshold=TONNE * float(row["threshold_t"]), beta=float(row["beta"]),
            source=row["source"], status=Status(row["status"]),
        )
        for row in _rows("gb18218_table2.csv")
    }  # fmt: skip


@cache
def named_gases() -> dict[str, tuple[str, float]]:
    """Table 3: name and correction factor of the toxic gases it names, by CAS number."""
    return {row["cas"]: (row["zh"], float(row["beta"])) for row in _rows("gb18218_table3.csv")}


@cache
def corrections() -> tuple[tuple[int, float], ...]:
    """Table 5: from how many people within 500 m outside, and alpha; most people first."""
    return tuple((int(row["people_from"]), float(row["alpha"])) for row in _rows("gb18218_table5.csv"))


def entry(cas: str = "", name: str = "") -> Entry:
    """The row of table 1 for a CAS number, or a name where the number has several rows or none.

    A name is first taken whole, then without what stands in brackets, then as the beginning of one.
    """
    plain = normal(name)
    of_cas = [one for one in entries() if cas and cas in one.cas]
    if len(of_cas) == 1:
        return of_cas[0]
    among = of_cas or list(entries())
    for fits in (_whole, _before_brackets, _beginning):
        found = [one for one in among if plain and fits(one, plain)]
        if len(found) == 1:
            return found[0]
    given = cas or name
    rows = "、".join(str(one.serial) for one in of_cas)
    raise NotFoundError(
        Text(
            f"GB 18218-2018 表1 中“{given}”对应序号 {rows},请给出名称" if rows else f"GB 18218-2018 表1 没有“{given}”",
            f"{given!r} has rows {rows} of table 1, give the name" if rows else f"table 1 has no {given!r}",
        ),
        substance=given,
    )


def _whole(one: Entry, plain: str) -> bool:
    return plain in {normal(word) for word in (one.name, *one.aliases)}


def _before_brackets(one: Entry, plain: str) -> bool:
    return plain == normal(one.name.split("(")[0].split("[")[0])


def _beginning(one: Entry, plain: str) -> bool:
    return normal(one.name).startswith(plain)


def _rows(file: str) -> Iterator[dict[str, str]]:
    return csv.DictReader((DATA / file).read_text("utf-8").splitlines())


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(";") if part)
