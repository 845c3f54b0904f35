"""Other programs beside ours on the same problems: `python -m benchmarks.peers [--environments DIR] [--golden DIR]`.

Each runs as a program in an environment of its own, which is made with pip where DIR has none (that needs a network);
nothing of them is imported here, HyRAM+ being under the GPL. Measured data decide where there are any; elsewhere two
numbers that agree are no proof of either. Seconds are taken inside the running program, start-up apart.
"""

import argparse
import json
import os
import subprocess
import sys
import venv
from collections.abc import Callable, Iterable
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from emergency.chemicals import substance
from emergency.golden import read_cases, run
from emergency.golden.cases import Case
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.curves import Curves
from emergency.models.dispersion.degadis import heavy_plume
from emergency.models.dispersion.dense_or_passive import density
from emergency.models.dispersion.dense_plume import dense_plume
from emergency.models.dispersion.gaussian_plume import Plume
from emergency.models.dispersion.slab import SlabSource, slab
from emergency.models.dispersion.slab_source import drifting_area, slab_substance
from emergency.models.sources.gas_hole import gas_hole
from emergency.validation.prairie_grass import Arc, read_arcs
from emergency.validation.statistics import Agreement, agreement

PEERS = {"deepsafety": "deepsafety==1.0.2", "pyeldqm": "pyeldqm==0.1.3", "hyram": "hyram==6.1", "slabx": "slabx==1.0.7"}
PROGRAMS = Path(__file__).parent / "peer_programs"
SIDE = 400
LEVELS = (20e-6, 2e-6)
"""Parts of volume of chlorine whose distances are compared: AEGL-3 and AEGL-2 of an hour are 20 and 2 ppm."""


class Peer:
    """One program: its answers to a problem."""

    def __init__(self, name: str, environments: Path) -> None:
        self.name = name
        self._python = environments / f"peer-{name}" / "bin" / "python"
        if not self._python.exists():
            print(f"making an environment for {PEERS[name]}", file=sys.stderr)
            venv.create(self._python.parent.parent, with_pip=True)
            subprocess.run([self._python, "-m", "pip", "install", "--quiet", PEERS[name]], check=True)

    def asked(self, problem: dict[str, Any]) -> dict[str, Any]:
        """What it answers."""
        program = PROGRAMS / f"{self.name}_peer.py"
        done = subprocess.run(
            [self._python, program], input=json.dumps(problem), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"{self.name} failed:\n{done.stderr[-2000:]}")
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer


def timed[T](work: Callable[[], T], times: int = 5) -> tuple[T, float]:
    """The answer and the least of some runs' seconds."""
    best, answer = float("inf"), work()
    for _ in range(times):
        begun = perf_counter()
        answer = work()
        best = min(best, perf_counter() - begun)
    return answer, best


def table(head: str, rows: Iterable[str]) -> None:
    """A table for the page of measurements."""
    names = head.split("|")
    print("| " + " | ".join(names) + " |\n|" + "---|" * len(names))
    print("\n".join(f"| {row} |" for row in rows) + "\n")


def scored(name: str, found: Agreement, took: str) -> str:
    """One line of how well a program agrees with what was measured."""
    return f"{name} | {found.count} | {found.fac2:.2f} | {found.fb:+.2f} | {found.mg:.2f} | {found.vg:.2f} | {took}"


def prairie_grass(peers: dict[str, Peer], arcs: list[Arc]) -> None:
    """The same class, wind and height for everybody; what differs is the program's sigmas."""
    print("### Prairie Grass, plume on the axis (measured)\n")
    plumes = [
        {
            "mass_rate": one.mass_rate, "wind_speed": one.wind_speed, "distance": one.distance, "height": one.height,
            "release_height": one.release_height, "stability": str(one.stability),
        }
        for one in arcs
    ]  # fmt: skip
    seen = np.array([one.observed for one in arcs])
    rows = []
    for name in ("deepsafety", "pyeldqm"):
        found = peers[name].asked({"plumes": plumes, "side": SIDE})
        took = f"{1e6 * found['plumes_s'] / len(arcs):.0f}"
        rows.append(scored(name, agreement(seen, np.array(found["plumes"])), took))
        if "field_s" in found:
            field = found["field_s"]
    ours, seconds = timed(lambda: np.array([one.predicted for one in arcs]))
    rows.append(scored("onemap", agreement(seen, ours), f"{1e6 * seconds / len(arcs):.0f}"))
    table("program|arcs|FAC2|FB|MG|VG|µs an arc", rows)
    x, y = np.meshgrid(np.linspace(10.0, 4000.0, SIDE), np.linspace(-400.0, 400.0, SIDE))
    plume = Plume(mass_rate=1.0, wind_speed=3.0, stability=Stability.D, curves=Curves.BRIGGS_RURAL)
    _, mine = timed(lambda: plume.field(x[0], y[:, 0]))
    print(f"A plume over {SIDE * SIDE:,} cells: pyeldqm {1e3 * field:.0f} ms, onemap {1e3 * mine:.1f} ms.\n")


def holes_and_flames(hyram: Peer, cases: list[Case]) -> None:
    """Three natural-gas flames whose radiation was measured, and two holes."""
    fires = [one for one in cases if one.model == "jet_fire_observed" and "radiometers" in one.expected]
    holes = [
        {"species": "hydrogen", "temperature": 288.15, "pressure": 5e6, "diameter": 0.1, "discharge": 0.62},
        {"species": "methane", "temperature": 288.15, "pressure": 2e6, "diameter": 0.02, "discharge": 0.85},
    ]  # fmt: skip
    flames = [
        {
            "species": "methane", "temperature": one.inputs["stagnation_temperature_k"],
            "pressure": one.inputs["stagnation_pressure_pa_abs"], "diameter": one.inputs["orifice_diameter_m"],
            "mass_rate": one.inputs["mass_rate_kg_s"],
            "places": [[meter["x_m"], meter["z_m"], meter["y_m"]] for meter in one.expected["radiometers"]],
        }
        for one in fires
    ]  # fmt: skip
    found = hyram.asked({"holes": holes, "flames": flames})
    print("### Radiation of natural-gas jet flames (measured: Johnson et al. 1994)\n")
    seen = np.array([meter["max_oriented_flux_w_m2"] for one in fires for meter in one.expected["radiometers"]])
    theirs = np.array([flux for flame in found["flames"] for flux in flame["flux"]])
    results, seconds = timed(lambda: [run(one) for one in fires], times=2)
    ours = np.array([
        float(value.predicted)
        for one in results
        for value in one.values
        if value.key.endswith("max_oriented_flux_w_m2") and isinstance(value.predicted, float)
    ])  # fmt: skip
    rows = [
        scored("hyram", agreement(seen, theirs), f"{found['flames_s'] / len(fires):.2f} s"),
        scored("onemap", agreement(seen, ours), f"{seconds / len(fires):.2f} s"),
    ]
    table("program|meters|FAC2|FB|MG|VG|a flame", rows)
    print("Wind is an input of ours and none of HyRAM+'s flame, whose trajectory bends by buoyancy instead.\n")
    print("### Gas through a hole, kg/s\n")
    ideal = [
        float(np.asarray(gas_hole(
            one["diameter"], one["pressure"], one["temperature"],
            float(gas.gas_density(one["temperature"], one["pressure"])),
            float(gas.heat_capacity_ratio(one["temperature"])), discharge_coefficient=one["discharge"],
        ).mass_rate))
        for one in holes
        if (gas := substance({"hydrogen": "1333-74-0", "methane": "74-82-8"}[one["species"]]))
    ]  # fmt: skip
    table(
        "hole|hyram|onemap|ratio",
        (
            f"{one['species']}, {one['diameter'] * 1000:g} mm, {one['pressure'] / 1e5:g} bar | {their:.3f} | {our:.3f} "
            f"| {our / their:.3f}"
            for one, their, our in zip(holes, found["holes"], ideal, strict=True)
        ),
    )


def chlorine(slabx: Peer) -> None:
    """Two kilograms of chlorine a second for ten minutes: SLAB by itself, by us, and what our other models say."""
    print("### Chlorine, 2 kg/s for 600 s, class D, 3 m/s (nothing measured)\n")
    gas, air = (
        substance("7782-50-5"),
        {"u_ref": 3.0, "z_ref": 10.0, "T": 293.15, "rh": 50.0, "z0": 0.03, "stability": "D"},
    )
    known = slab_substance(gas)
    area = drifting_area(2.0, known.density(0.0, 101_325.0), 3.0)
    source = {
        "rate": 2.0,
        "area": area,
        "duration": 600.0,
        "T_source": known.boiling_temperature,
        "liquid_fraction": 0.0,
    }
    farthest, cold = 20_000.0, known.boiling_temperature
    found = slabx.asked({"jet": {
        "substance": {
            "mw": known.molar_mass, "cp_vapour": known.vapour_heat_capacity, "cp_liquid": known.liquid_heat_capacity,
            "dh_vap": known.latent_heat, "T_boil": known.boiling_temperature, "rho_liquid": known.liquid_density,
            "sat_B": -1.0, "sat_C": 0.0,
        },
        "air": air | {"inv_L": None, "p": 101_325.0}, "source": source | {"height": 0.0}, "farthest": farthest,
        "ends": 600.0 + 3 * farthest / 2.0,
    }})  # fmt: skip
    x, peak = np.array(found["x"]), np.array(found["peak"])
    theirs = [float(x[peak >= level].max()) for level in LEVELS]
    cloud, seconds = timed(lambda: slab(
        source=SlabSource.JET, source_area=area, **known.inputs, wind_speed=3.0, ambient_temperature=293.15,
        roughness=0.03, mass_rate=2.0, duration=600.0, stability=Stability.D, release_temperature=cold,
    ), times=1)  # fmt: skip
    heavy, heavy_s = timed(lambda: heavy_plume(
        mass_rate=2.0, molar_mass=gas.molar_mass, release_temperature=cold, ambient_temperature=293.15,
        wind_speed=3.0, stability=Stability.D, roughness=0.03, duration=600.0,
    ), times=1)  # fmt: skip
    first, first_s = timed(lambda: dense_plume(
        mass_rate=2.0, gas_density=density(gas.molar_mass, known.boiling_temperature, 101_325.0),
        release_temperature=known.boiling_temperature, ambient_temperature=293.15, wind_speed=3.0,
        air_density=density(0.02896, 293.15, 101_325.0),
    ), times=5)  # fmt: skip
    away = np.geomspace(20.0, farthest, 4000)

    def reach(of: Any, level: float) -> float:
        inside = away[np.asarray(of.centreline(away)) >= level]
        return float(inside.max()) if len(inside) else 0.0

    rows = [f"slabx itself (jet) | {theirs[0]:,.0f} | {theirs[1]:,.0f} | {found['jet_s']:.2f}"]
    rows += [
        f"onemap {name} | {reach(one, LEVELS[0]):,.0f} | {reach(one, LEVELS[1]):,.0f} | {took:.2g}"
        for name, one, took in (
            ("SLAB", cloud, seconds), ("DEGADIS-like", heavy, heavy_s), ("Britter-McQuaid", first, first_s),
        )
    ]  # fmt: skip
    table("program|20 ppm, m|2 ppm, m|s", rows)


def main() -> None:
    """Everything, as tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--environments", type=Path, default=Path(".onemap") / "peers")
    data = os.environ.get("ONEMAP_TEST_DATA", "")
    parser.add_argument("--golden", type=Path, default=Path(data).parent / "golden" if data else None)
    asked = parser.parse_args()
    if asked.golden is None:
        raise SystemExit("no golden cases: give --golden DIR or set ONEMAP_TEST_DATA")
    peers = {name: Peer(name, asked.environments.resolve()) for name in PEERS}
    prairie_grass(peers, read_arcs(asked.golden / "data"))
    holes_and_flames(peers["hyram"], list(read_cases(asked.golden)))
    chlorine(peers["slabx"])


if __name__ == "__main__":
    main()
