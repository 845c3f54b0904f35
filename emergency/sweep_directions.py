"""What many weathers come to by where the wind comes from: how often, how far, who, and whether targets are reached."""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

MOST = 72
"""Directions that are told apart; a batch of more is no rose."""


def directions(table: pa.Table, levels: int) -> list[dict[str, Any]]:
    """Of a swept table, a row a direction from north: weathers, share of the time, and each level, worst first.

    `frequency` is None where any weather has none. Means are by frequency where all have one. Of people and targets
    None is said where nobody counted them; `targets_share` is the share of the direction's own time.
    """
    frame = table.select([name for name in table.column_names if name not in ("error_zh", "error_en")]).to_pandas()
    if frame["wind_from_deg"].nunique() > MOST:
        return []
    timed = bool(frame["frequency"].notna().all()) and float(frame["frequency"].sum()) > 0.0
    frame["weight"] = frame["frequency"] if timed else 1.0
    return [
        {
            "wind_from_deg": float(turn), "weathers": len(rows),
            "frequency": float(rows["weight"].sum()) if timed else None,
            "levels": [_level(rows, number) for number in range(1, levels + 1)],
        }
        for turn, rows in frame.groupby("wind_from_deg")
    ]  # fmt: skip


def _level(rows: pd.DataFrame, number: int) -> dict[str, Any]:
    name = f"level_{number}"
    known = rows[rows[f"{name}_distance_m"].notna() & (rows["weight"] > 0.0)]
    if known.empty:
        return {"level": number, "farthest_m": None, "cut": False}
    told: dict[str, Any] = {
        "level": number, "farthest_m": float(known[f"{name}_distance_m"].max()),
        "cut": bool((known[f"{name}_cut"] != "none").any()),
    }  # fmt: skip
    if f"{name}_residents" in rows:
        people = known[known[f"{name}_residents"].notna()]
        told["residents_most"] = None if people.empty else float(people[f"{name}_residents"].max())
        told["residents_mean"] = (
            None if people.empty else float(np.average(people[f"{name}_residents"], weights=people["weight"]))
        )
    if f"{name}_targets" in rows:
        told["targets_most"] = int(known[f"{name}_targets"].max())
        told["targets_share"] = float(np.average(known[f"{name}_targets"] > 0, weights=known["weight"]))
    return told
