"""Quantities as people write them, read into SI: `12 mm`, `8.4 °C`, `0.6 kg/s`, `30 min`; a bare number is SI."""

import math
import re
from dataclasses import dataclass

from core.errors import BadInputError
from core.texts import Text


@dataclass(frozen=True, slots=True)
class Scale:
    """SI = factor times what is written, plus the offset."""

    factor: float
    offset: float = 0.0


SPELLINGS: dict[str, dict[str, Scale]] = {
    "m": {"m": Scale(1), "mm": Scale(1e-3), "cm": Scale(1e-2), "km": Scale(1e3), "米": Scale(1), "毫米": Scale(1e-3)},
    "m2": {"m2": Scale(1), "m²": Scale(1), "cm2": Scale(1e-4), "mm2": Scale(1e-6), "ha": Scale(1e4)},
    "m3": {"m3": Scale(1), "m³": Scale(1), "L": Scale(1e-3)},
    "s": {"s": Scale(1), "min": Scale(60), "h": Scale(3600), "秒": Scale(1), "分": Scale(60), "时": Scale(3600)},
    "kg": {"kg": Scale(1), "t": Scale(1e3), "g": Scale(1e-3), "吨": Scale(1e3), "千克": Scale(1)},
    "kg/s": {
        "kg/s": Scale(1),
        "g/s": Scale(1e-3),
        "kg/min": Scale(1 / 60),
        "kg/h": Scale(1 / 3600),
        "t/h": Scale(1 / 3.6),
    },
    "m/s": {"m/s": Scale(1), "km/h": Scale(1 / 3.6)},
    "K": {"K": Scale(1), "Cel": Scale(1, 273.15), "°C": Scale(1, 273.15), "℃": Scale(1, 273.15)},
    "Pa": {
        "Pa": Scale(1),
        "kPa": Scale(1e3),
        "MPa": Scale(1e6),
        "bar": Scale(1e5),
        "mbar": Scale(1e2),
        "hPa": Scale(1e2),
    },
    "J": {"J": Scale(1), "kJ": Scale(1e3), "MJ": Scale(1e6)},
    "J/kg": {"J/kg": Scale(1), "kJ/kg": Scale(1e3), "MJ/kg": Scale(1e6)},
    "W/m2": {"W/m2": Scale(1), "kW/m2": Scale(1e3), "W/m²": Scale(1), "kW/m²": Scale(1e3)},
    "kg/m3": {"kg/m3": Scale(1), "kg/m³": Scale(1), "g/L": Scale(1), "mg/m3": Scale(1e-6), "mg/m³": Scale(1e-6)},
    "kg/(m2.s)": {"kg/(m2.s)": Scale(1)},
    "kg/mol": {"kg/mol": Scale(1), "g/mol": Scale(1e-3)},
    "deg": {"deg": Scale(1), "°": Scale(1), "度": Scale(1)},
    "1": {"1": Scale(1), "": Scale(1), "%": Scale(1e-2), "ppm": Scale(1e-6)},
}
"""For each SI unit the ways it may be written; gauge pressures are not among them, for they need the air's."""

_WRITTEN = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(.*?)\s*")


def read(said: object, unit: str, name: str = "") -> float:
    """The SI value of what was written.

    Raises BadInputError naming the value and the units allowed.

    >>> read("12 mm", "m"), read("8.5 Cel", "K"), read(0.5, "kg/s"), read("75 %", "1")
    (0.012, 281.65, 0.5, 0.75)
    """
    ways = SPELLINGS.get(unit, {unit: Scale(1)})
    value = math.nan
    if isinstance(said, int | float) and not isinstance(said, bool):
        value = float(said)
    elif isinstance(said, str) and (found := _WRITTEN.fullmatch(said)):
        scale = ways.get(found[2] or unit)
        value = math.nan if scale is None else float(found[1]) * scale.factor + scale.offset
    if not math.isfinite(value):
        allowed = " ".join(way for way in ways if way)
        raise BadInputError(
            Text(f"“{said}”应为数和单位,单位可用 {allowed}", f"{said!r} is no number and unit, units are {allowed}"),
            field=name, value=str(said),
        )  # fmt: skip
    return value


def written(value: float, unit: str, way: str) -> str:
    """An SI value in one of the ways to write it, to be read back to the same to within rounding.

    >>> written(0.012, "m", "mm")
    '12 mm'
    """
    scale = SPELLINGS[unit][way]
    return f"{(value - scale.offset) / scale.factor:.12g} {way}".strip()
