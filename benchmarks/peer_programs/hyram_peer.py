"""Holes and jet flames by HyRAM+ (GPL-3.0: run as a program, never imported by this project)."""

import json
import sys
from time import perf_counter

from hyram.phys import api

given = json.load(sys.stdin)
rates, begun = [], perf_counter()
for one in given["holes"]:
    fluid = api.create_fluid(one["species"], temp=one["temperature"], pres=one["pressure"])
    rates.append(
        float(api.compute_mass_flow(fluid, one["diameter"], dis_coeff=one["discharge"], create_plot=False)["rates"][0])
    )
holes_s = perf_counter() - begun
flames, begun = [], perf_counter()
air = api.create_fluid("AIR", temp=288.15, pres=101325.0)
for one in given["flames"]:
    fluid = api.create_fluid(one["species"], temp=one["temperature"], pres=one["pressure"])
    whole = float(api.compute_mass_flow(fluid, one["diameter"], create_plot=False)["rates"][0])
    _, _, flux, _, _, length, _ = api.jet_flame_analysis(
        air, fluid, one["diameter"], mass_flow=None if api.is_choked(fluid) else one["mass_rate"],
        dis_coeff=min(one["mass_rate"] / whole, 1.0), create_temp_plot=False, create_flux_plot=False,
        flux_coordinates=[tuple(place) for place in one["places"]],
    )  # fmt: skip
    flames.append({"length": float(length), "flux": [float(each) for each in flux]})
print(json.dumps({"holes": rates, "holes_s": holes_s, "flames": flames, "flames_s": perf_counter() - begun}))
