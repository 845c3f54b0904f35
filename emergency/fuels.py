"""What pools burn with, as data: rates, heats and measured shares of radiation, each with its source and conflicts."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from core.errors import NotFoundError
from core.texts import Text
from core.units import Fraction, JoulePerKilogram, KilogramPerSquareMetreSecond, Metre, PerMetre


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolFuel:
    """One row of one source; sources disagree, so `conflict` says what another prints."""

    fuel: str
    title: Text
    kind: str
    burning_flux: KilogramPerSquareMetreSecond | None
    extinction: PerMetre | None
    heat_of_combustion: JoulePerKilogram | None
    radiative_fraction: Fraction | None
    pool_diameter: Metre | None
    source: str
    status: str
    conflict: str


@cache
def pool_fuels() -> tuple[PoolFuel, ...]:
    """Every row, the Yellow Book's first."""
    return tuple(
        PoolFuel(
            fuel=row["fuel"], title=Text(row["name_zh"], row["fuel"]), kind=row["kind"],
            burning_flux=_number(row["burning_flux"]), extinction=_number(row["extinction"]),
            heat_of_combustion=_number(row["heat_of_combustion"]),
            radiative_fraction=_number(row["radiative_fraction"]), pool_diameter=_number(row["pool_diameter"]),
            source=row["source"], status=row["status"], conflict=row["conflict"],
        )
        for row in _rows("pool_fuels.csv")
    )  # fmt: skip


def large_pool(fuel: str) -> PoolFuel:
    """The first row of burning rates of a fuel by its English name, the Yellow Book's where there is one."""
    for row in pool_fuels():
        if row.kind == "large-pool" and row.fuel.lower() == fuel.lower():
            return row
    known = sorted({row.fuel for row in pool_fuels() if row.kind == "large-pool"})
    raise NotFoundError(
        Text(
            f"没有 {fuel} 的燃烧速率,可用:{'、'.join(known)}",
            f"no burning rate of {fuel}, there are {', '.join(known)}",
        )
    )


def _number(cell: str) -> float | None:
    return float(cell) if cell else None


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = (files("emergency") / "data" / name).read_text("utf-8")
    return csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
