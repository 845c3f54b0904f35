"""Consequence models: a field with contours and people, chains to their zones, ten thousand weathers.

`python -m benchmarks.consequence [PART …]`. Times are the median, the quickest in brackets and the processor's: on a
shared machine the last two are what the code needs.
"""

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from emergency.chain import answered, computed
from emergency.chain.history import history
from emergency.exposure import exposure
from emergency.grids import cog, ground
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.aloha import aloha_plume
from emergency.models.dispersion.zone import zones
from emergency.population import residents
from emergency.scenario import Scenario, scenario
from emergency.sweep import sweep
from emergency.weathers import every_combination
from gis.placing import ahead
from gis.shapes import Bounds, LonLat
from gis.zonal import insides
from layers.catalogue import CATALOGUE
from layers.coverage import COVERAGES, POPULATION
from layers.readers.rasters import grids
from store.embedded import open_embedded
from store.rasters import RasterShelf, Shelved
from tests.server import demo_city

AT = datetime(2026, 11, 28, tzinfo=UTC)
PLACE = LonLat(121.85, 33.17)
CHLORINE, PROPANE = "7782-50-5", "74-98-6"
LEAK = {"kind": "direct", "mass_rate": "0.6 kg/s", "duration": "10 min"}
KINDS: dict[str, dict[str, Any]] = {
    "passive plume": {"chemical": CHLORINE, "release": LEAK, "model": "passive"},
    "dense plume (Britter-McQuaid)": {"chemical": CHLORINE, "release": LEAK, "model": "dense"},
    "at once, dense": {"chemical": CHLORINE, "release": {"kind": "instantaneous", "mass": "1 t"}},
    "fireball": {"chemical": PROPANE, "release": {"kind": "fireball", "mass": "10 t"}},
    "TNT": {"chemical": PROPANE, "release": {"kind": "tnt", "tnt_mass": "1 t"}},
    "pool fire": {"chemical": PROPANE, "release": {"kind": "pool-fire", "pool_area": 100}},
    "integrated dense plume": {"chemical": CHLORINE, "release": LEAK, "model": "integral"},
    "first and second answer": {"chemical": CHLORINE, "release": LEAK},
}
WEATHER = {
    "wind_speed": "3.2 m/s", "wind_from": "45 deg", "stability": "D", "ambient_temperature": "8.5 °C",
    "relative_humidity": "60 %",
}  # fmt: skip


def wish(kind: str) -> Scenario:
    """A scenario of the table."""
    place = {"lon": PLACE.lon, "lat": PLACE.lat}
    return scenario({"title": kind, "place": place, "weather": WEATHER, **KINDS[kind]})


def took(work: Callable[[], object], times: int = 15) -> str:
    """Milliseconds: the median, the quickest, and the least processor time."""
    work()
    walls, worked = [], []
    for _ in range(times):
        begun, before = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - begun)
        worked.append(time.process_time() - before)
    return f"{np.median(walls) * 1e3:.1f} ({min(walls) * 1e3:.1f}) | {min(worked) * 1e3:.1f}"


def loop() -> float:
    """Seconds of ten million additions, the measure of the hour."""
    begun, total = time.perf_counter(), 0
    for number in range(10_000_000):
        total += number
    return time.perf_counter() - begun


def field_and_people(raster: Shelved) -> None:
    """The field on 400 x 400 cells, three contours on the ground, people in each; the raster is read before."""
    plume = aloha_plume(
        mass_rate=0.6, duration=600.0, wind_speed=3.2, stability=Stability.D, roughness=0.03, release_height=0.0
    )
    downwind, crosswind = np.linspace(5.0, 6000.0, 400), np.linspace(-600.0, 600.0, 400)
    levels = [one * 3.07e-6 for one in (20.0, 2.0, 0.5)]

    def contours() -> list[shapely.Geometry]:
        return [ahead(one.outline, PLACE, 225.0) for one in zones(plume, levels)]

    box = Bounds(*(float(edge) for edge in shapely.total_bounds(contours())))
    cells = list(grids(raster.path, box))

    def whole() -> None:
        plume.field(downwind, crosswind)
        insides(cells, contours())

    print("\n| of a passive plume | ms | processor |\n|---|---|---|")
    print(f"| field of 160,000 cells | {took(lambda: plume.field(downwind, crosswind))} |")
    print(f"| three contours on the ground | {took(contours)} |")
    print(f"| people in them, each cell by its exact share | {took(lambda: insides(cells, contours()))} |")
    print(f"| all of these (target 15) | {took(whole)} |")
    print(f"| reading the raster, beside it | {took(lambda: list(grids(raster.path, box)))} |")


def chains(store: Any, shelf: RasterShelf, raster: Shelved) -> None:
    """From a scenario to zones, to people, to everything inside."""
    print("\n| scenario | to zones | processor | to people | processor | to everything inside | processor |")
    print("|---|---|---|---|---|---|---|")
    for kind in KINDS:
        one = wish(kind)
        compute = answered if kind.startswith("first") else computed

        def drawn(one: Scenario = one, compute: Callable[..., Any] = compute) -> Any:
            return compute(one, at=AT, code_version="benchmark")

        def people(drawn: Callable[[], Any] = drawn) -> None:
            residents(raster, [zone.shape for zone in drawn().zones])

        def all_inside(drawn: Callable[[], Any] = drawn) -> None:
            found = drawn()
            exposure(found.zones, found.source, store=store, shelf=shelf, scope=SYSTEM_SCOPE)

        print(f"| {kind} | {took(drawn, 9)} | {took(people, 9)} | {took(all_inside, 5)} |")


def points_and_grids() -> None:
    """A place in time and a grid as a file."""
    print("\n| scenario | a place in time, ms | processor | the ground as a COG, ms | processor | cells |")
    print("|---|---|---|---|---|---|")
    for kind in ("passive plume", "dense plume (Britter-McQuaid)", "integrated dense plume", "TNT", "pool fire"):
        one, near = wish(kind), LonLat(PLACE.lon - 0.004, PLACE.lat - 0.004)
        drawn = ground(one, code_version="benchmark")
        course = took(lambda one=one, near=near: history(one, near), 7)  # type: ignore[misc]
        raster = took(lambda one=one: cog(ground(one, code_version="benchmark")), 3)  # type: ignore[misc]
        print(f"| {kind} | {course} | {raster} | {drawn.grid.values.shape} |")


def many(rows: int, workers: int, kind: str) -> None:
    """Weathers of every class, each computed: no two differ in direction alone."""
    winds = np.round(np.linspace(1.0, 15.0, rows // 30), 4).tolist()
    table = every_combination(
        {"stability": list("ABCDEF"), "wind_speed": winds, "ambient_temperature": [263.0, 273.0, 283.0, 293.0, 303.0]}
    )
    begun, before, first, done = time.perf_counter(), _worked(), 0.0, 0
    with closing(sweep(wish(kind), table, code_version="benchmark", workers=workers)) as found:
        for batch in found:
            first = first or time.perf_counter() - begun
            done = batch.done
    seconds = time.perf_counter() - begun
    print(
        f"| {kind}, {done:,} weathers, {workers} process{'es' if workers > 1 else ''} | {seconds:.1f} s | "
        f"{seconds / done * 1e3:.2f} ms | {(_worked() - before) / done * 1e3:.2f} ms | {first:.1f} s | {_peak()} |",
        flush=True,
    )


def _worked() -> float:
    return sum(
        used.ru_utime + used.ru_stime
        for used in (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _peak() -> str:
    own, theirs = (
        resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return f"{own} MB, of a child {theirs} MB"


PARTS = ("weathers", "field", "chains", "places")


def main() -> None:
    """The tables of docs/benchmarks.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help=f"of {', '.join(PARTS)}; all without")
    parser.add_argument("--rows", type=int, default=10_000)
    said = parser.parse_args()
    parts = said.parts or PARTS
    print(f"ten million additions in {loop():.2f} s; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    if "weathers" in parts:
        print(
            "\n| weathers | all | each | processor, each | first rows after | peak memory |\n|---|---|---|---|---|---|"
        )
        for workers, kind in ((1, "passive plume"), (1, "dense plume (Britter-McQuaid)"), (2, "passive plume")):
            many(said.rows, workers, kind)
    if {"field", "chains"} & set(parts):
        in_the_city(parts)
    if "places" in parts:
        points_and_grids()
    print(f"\nten million additions in {loop():.2f} s; load {os.getloadavg()[0]:.1f}")


def in_the_city(parts: Sequence[str]) -> None:
    """What is counted in the demo city."""
    with tempfile.TemporaryDirectory() as folder:
        data = demo_city(Path(folder) / "city")
        with closing(open_embedded(data / "city.gpkg", CATALOGUE, utc_now)) as store:
            shelf = RasterShelf(store, data / "rasters", COVERAGES, utc_now)
            raster = shelf.find(POPULATION.id, SYSTEM_SCOPE)
            assert raster is not None
            if "field" in parts:
                field_and_people(raster)
            if "chains" in parts:
                chains(store, shelf, raster)


if __name__ == "__main__":
    main()
