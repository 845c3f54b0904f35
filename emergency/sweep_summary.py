"""What a table of many weathers comes to: how far each level reaches in the mildest, the middle and the worst."""

import json
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.units import Fraction
from emergency.sweep_directions import directions

FORM = "onemap-sweep-summary/1"
SHARES: dict[str, Fraction] = {"median": 0.5, "p90": 0.9}
AIR = ("wind_speed_m_s", "wind_from_deg", "stability", "ambient_temperature_K", "frequency")
"""What is said of the worst weather, beside its row."""

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def summary(table: pa.Table) -> dict[str, Any]:
    """Of a swept table: for each level the least, median, 90 % and greatest distance, and the weather of the greatest.

    Where every weather has a frequency, shares are of the time; else each weather counts as much as another. A share's
    distance is the least that so much of it does not exceed. Weathers that a model refused are counted apart.
    """
    about = json.loads((table.schema.metadata or {})[b"onemap"])
    refused: Flags = np.asarray([bool(text) for text in table["error_zh"].to_pylist()], dtype=bool)
    valid: Flags = np.asarray(table["valid"].to_pylist(), dtype=bool)
    frequency = table["frequency"].to_numpy(zero_copy_only=False)
    weighted = bool(len(frequency)) and bool(np.isfinite(frequency).all()) and float(frequency.sum()) > 0.0
    weights = frequency if weighted else np.ones(table.num_rows)
    return {
        "form": FORM,
        "title": about["title"], "fingerprint": about["fingerprint"], "scenario": about["scenario"],
        "code_version": about["code_version"], "weathers": table.num_rows, "refused": int(refused.sum()),
        "outside_validity": int((~(valid | refused)).sum()),
        "by_frequency": weighted,
        "levels": [_level(table, one, weights, int(one["level"])) for one in about["levels"]],
        "directions": directions(table, len(about["levels"])),
    }  # fmt: skip


def share_of(distances: Floats, weights: Floats, share: Fraction) -> float:
    """The least distance that a share of the weights does not exceed."""
    order = np.argsort(distances, kind="stable")
    reached = np.cumsum(weights[order]) / weights.sum()
    return float(distances[order][min(int(np.searchsorted(reached, share - 1e-12)), len(order) - 1)])


def _level(table: pa.Table, about: dict[str, Any], weights: Floats, number: int) -> dict[str, Any]:
    every = table[f"level_{number}_distance_m"].to_numpy(zero_copy_only=False)
    known = np.isfinite(every) & (weights > 0.0)
    told = {name: about[name] for name in ("level", "zh", "en", "value", "unit", "averaging_time_s", "verified")}
    if not known.any():
        return {**told, "distance_m": None, "worst": None, "reached": 0, "cut": 0}
    distances = every[known]
    worst = int(np.flatnonzero(known)[int(np.argmax(distances))])
    cut = np.asarray(table[f"level_{number}_cut"].to_pylist())[known]
    people = f"level_{number}_residents"
    return {
        **told,
        "distance_m": {
            "min": float(distances.min()),
            **{name: share_of(distances, weights[known], share) for name, share in SHARES.items()},
            "max": float(distances.max()),
        },
        "reached": int((distances > 0.0).sum()),
        "cut": int((cut != "none").sum()),
        "worst": {
            "row": table["row"][worst].as_py(), **{name: table[name][worst].as_py() for name in AIR},
            **({"residents": table[people][worst].as_py()} if people in table.column_names else {}),
        },
        **({"most_residents": _most(table[people])} if people in table.column_names else {}),
    }  # fmt: skip


def _most(column: pa.ChunkedArray) -> float | None:
    found = column.drop_null().to_numpy()
    return float(found.max()) if len(found) else None
