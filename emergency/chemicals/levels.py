"""How much of a substance in air harms: AEGL, ERPG, PAC and IDLH, as rows with their averaging time.

No row has been compared with its printed source by a named person, so none is verified; rows on which sources
disagree say so. What was shown to be wrong is not among them (a PAC-2 of 220 ppm for ammonia is the ten-minute
AEGL-2; Chinese occupational limits were found in one doubtful copy only).
"""

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from core.texts import Text
from core.units import Kelvin, KilogramPerCubicMetre, KilogramPerMole, Pascal, Second
from emergency.chemicals.equations import GAS_CONSTANT

DATA = files("emergency") / "data"
PREFERRED = "S02"
"""Comes first where sources disagree: its values are read from the revision that sets them."""
STANDARD_TEMPERATURE = 298.15
STANDARD_PRESSURE = 101_325.0


class Status(StrEnum):
    """Whether a number may be relied on; only a named person's comparison makes it verified."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    CONFLICT = "conflict"

    @property
    def label(self) -> Text:
        """What it is called on screen."""
        return {
            Status.VERIFIED: Text("已核实", "verified"),
            Status.UNVERIFIED: Text("未核实", "unverified"),
            Status.CONFLICT: Text("来源不一致", "sources disagree"),
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One limit; `value` is None where the body that sets it recommends none, `row` its name among all limits."""

    cas: str
    quantity: str
    averaging: Second
    value: float | None
    unit: str
    source: str
    status: Status
    note: str = ""
    row: str = ""

    def concentration(
        self,
        molar_mass: KilogramPerMole,
        temperature: Kelvin = STANDARD_TEMPERATURE,
        pressure: Pascal = STANDARD_PRESSURE,
    ) -> KilogramPerCubicMetre | None:
        """The limit as mass in a volume of air, an ideal gas at this temperature and pressure."""
        if self.value is None:
            return None
        if self.unit == "mg/m3":
            return self.value * 1e-6
        return self.value * 1e-6 * molar_mass * pressure / (GAS_CONSTANT * temperature)


@cache
def _by_cas() -> dict[str, tuple[Level, ...]]:
    sources = dict(csv.reader((DATA / "toxicity_sources.csv").read_text("utf-8").splitlines()))
    found: dict[str, list[Level]] = {}
    for row in csv.DictReader((DATA / "toxicity_levels.csv").read_text("utf-8").splitlines()):
        value = None if row["value"] == "NR" else float(row["value"])
        level = Level(
            cas=row["cas"], quantity=row["quantity"], averaging=60.0 * float(row["averaging_min"]), value=value,
            unit=row["unit"], source=sources[row["source"]], status=Status(row["status"]), note=row["note"],
            row="/".join(("toxicity", row["cas"], row["quantity"], row["averaging_min"], row["source"])),
        )  # fmt: skip
        found.setdefault(row["cas"], []).append(level)
    return {
        cas: tuple(sorted(rows, key=lambda one: (one.quantity, one.averaging, one.source != sources[PREFERRED])))
        for cas, rows in found.items()
    }


def levels(cas: str) -> tuple[Level, ...]:
    """Every limit known of a substance, by scheme and averaging time; none is no sign of harmlessness."""
    return _by_cas().get(cas, ())


def guidance(cas: str, averaging: Second = 3600.0) -> tuple[Level, ...]:
    """The three limits for planning: AEGL of this averaging time, else ERPG, else PAC; whole sets, never mixed."""
    known = levels(cas)
    for scheme in ("AEGL", "ERPG", "PAC"):
        chosen: dict[str, Level] = {}
        for one in known:
            same = one.averaging == averaging or scheme != "AEGL"
            if one.quantity.startswith(scheme) and same and one.value is not None:
                chosen.setdefault(one.quantity, one)
        if f"{scheme}-2" in chosen or f"{scheme}-3" in chosen:
            return tuple(chosen[name] for name in sorted(chosen))
    return ()
