"""Passive plumes by pyELDQM (its own sigmas and its plume)."""

import json
import sys
from time import perf_counter

import numpy as np
from pyeldqm.core.dispersion_models.dispersion_utils import get_sigmas
from pyeldqm.core.dispersion_models.gaussian_model import multi_source_concentration, single_source_concentration


def plume(one):
    """Concentration on the axis, kg/m3; the program counts in grams."""
    along, across, up = get_sigmas(one["distance"], one["stability"], "RURAL")
    grams = single_source_concentration(
        one["distance"], 0.0, one["height"], 0.0, 0.0, 1000 * one["mass_rate"], one["wind_speed"], along, across, up,
        one["release_height"], mode="continuous",
    )  # fmt: skip
    return float(grams) / 1000


given = json.load(sys.stdin)
begun = perf_counter()
answers = [plume(one) for one in given["plumes"]]
took = perf_counter() - begun
side = given["side"]
x, y = np.meshgrid(np.linspace(10.0, 4000.0, side), np.linspace(-400.0, 400.0, side))
begun = perf_counter()
multi_source_concentration(
    [{"x0": 0.0, "y0": 0.0, "Q": 1000.0, "h_s": 0.0}],
    x,
    y,
    0.0,
    0.0,
    0.0,
    3.0,
    "D",
    roughness="RURAL",
    mode="continuous",
)
print(json.dumps({"plumes": answers, "plumes_s": took, "field_s": perf_counter() - begun}))
