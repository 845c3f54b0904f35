"""Heat and pressure levels that zones are drawn for, as data with their source and standing."""

import json
from functools import cache
from importlib.resources import files

from core.texts import Text
from emergency.zones import Level


@cache
def effect_levels(quantity: str) -> tuple[Level, ...]:
    """The levels of `overpressure` or `heat_flux`, the worst first."""
    said = json.loads((files("emergency") / "data" / "effect_levels.json").read_text("utf-8"))[quantity]
    return tuple(
        Level(
            name=Text(row["zh"], row["en"]), value=row["value"], unit=said["unit"], severity=place,
            verified=said["verified"], source=said["source"], row=f"effects/{quantity}/{row['value']:g}",
        )
        for place, row in enumerate(said["rows"], start=1)
    )  # fmt: skip
