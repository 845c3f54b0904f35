"""Passive plumes by deepsafety (MIT)."""

import json
import sys
from time import perf_counter

from deepsafety.dispersion_service import solve_dispersion_model


def plume(one):
    """Concentration on the axis, kg/m3."""
    found = solve_dispersion_model(
        "gaussian_plume",
        {
            "release_rate_kg_s": one["mass_rate"], "wind_speed_m_s": one["wind_speed"], "x_m": one["distance"],
            "z_m": one["height"], "release_height_m": one["release_height"], "stability_class": one["stability"],
        },
    )  # fmt: skip
    return found["concentration_kg_m3"]


given = json.load(sys.stdin)
begun = perf_counter()
answers = [plume(one) for one in given["plumes"]]
print(json.dumps({"plumes": answers, "plumes_s": perf_counter() - begun}))
