"""A chlorine jet by slabx (MIT), through its own interface."""

import json
import sys
import warnings
from time import perf_counter

warnings.simplefilter("ignore")
from slabx.core.plume import run_dispersion  # noqa: E402
from slabx.core.source import HorizontalJet  # noqa: E402
from slabx.post.concentration import concentration_field  # noqa: E402
from slabx.submodels.atmosphere import Atmosphere  # noqa: E402
from slabx.thermo.base import LegacyThermo, Substance, water_backend  # noqa: E402

given = json.load(sys.stdin)["jet"]
begun = perf_counter()
gas = Substance(name="gas", **given["substance"])
air = Atmosphere(**given["air"])
source = HorizontalJet(substance=gas, **given["source"])
track, _ = run_dispersion(
    source, air, LegacyThermo(gas), water_backend(), x_max=given["farthest"], t_max=given["ends"], n_field_steps=60,
    n_puff_steps=80,
)  # fmt: skip
field = concentration_field(track, air, z="max", t_avg=10.0, t_release=given["source"]["duration"])
print(
    json.dumps(
        {
            "x": [float(one) for one in field.x],
            "peak": [float(one) for one in field.peak],
            "jet_s": perf_counter() - begun,
        }
    )
)
