"""Published toxic constants as data: whose they are, in which unit, from where, how far to be trusted."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from emergency.models.harm.concentration import ConcentrationUnit
from emergency.models.harm.toxic import ToxicLoad, ToxicProbit


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Where a row of constants comes from; `verified` only when a named person held it against the source."""

    set: str
    cas: str
    substance: str
    status: str
    source: str
    verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedProbit:
    """A substance's probit in one set; sets disagree, so a result names the set it is by."""

    about: Published
    probit: ToxicProbit


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedLoad:
    """A substance's dangerous toxic load; `level` is SLOT (a few deaths) or SLOD (half)."""

    about: Published
    level: str
    load: ToxicLoad


@cache
def toxic_probits() -> tuple[PublishedProbit, ...]:
    """Every toxic probit that is shipped."""
    return tuple(
        PublishedProbit(
            about=_about(row),
            probit=ToxicProbit(
                a=float(row["a"]), b=float(row["b"]), n=float(row["n"]), unit=ConcentrationUnit(row["unit"])
            ),
        )
        for row in _rows("toxic_probits.csv")
    )


@cache
def toxic_loads() -> tuple[PublishedLoad, ...]:
    """Every dangerous toxic load that is shipped."""
    return tuple(
        PublishedLoad(
            about=_about(row), level=row["level"],
            load=ToxicLoad(n=float(row["n"]), value=float(row["value"]), unit=ConcentrationUnit(row["unit"])),
        )
        for row in _rows("toxic_loads.csv")
    )  # fmt: skip


def probits_of(cas: str) -> tuple[PublishedProbit, ...]:
    """The probits of a substance, one for each set that has it."""
    return tuple(one for one in toxic_probits() if one.about.cas == cas)


def _about(row: dict[str, str]) -> Published:
    return Published(
        set=row["set"], cas=row["cas"], substance=row["substance"], status=row["status"], source=row["source"]
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(files("emergency").joinpath("data", name).read_text("utf-8").splitlines())
