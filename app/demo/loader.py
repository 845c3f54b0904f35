"""Loads the demo city into an empty data folder: layers, histories and rasters, with progress on the terminal."""

import json
import sys
import time
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from app.demo.alive import DEMO_ACTOR, catch_up
from app.demo.cases import tell_cases
from app.demo.dates import moved
from app.demo.devices import register_devices
from app.demo.grading import grade_city
from app.demo.history import sensor_history, weather_history
from app.demo.past import past_alarms
from app.imports.rasters import import_raster
from app.wiring import System
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE
from monitoring.alarms.starter import begin
from store.query import EVERYTHING
from store.rasters import Provenance


def samples() -> Path:
    """The demo city's files: beside the checkout, or inside the installed package."""
    beside = Path(__file__).resolve().parents[2] / "data" / "samples"
    return beside if (beside / "city.json").exists() else Path(str(files("app"))) / "samples"


def load_demo(system: System) -> None:
    """Load whatever of the demo is not there yet; a loaded one is left alone."""
    done = system.settings.data / "demo.json"
    if done.exists() and system.store.head() > 0:
        load_rasters(system)
        begin(system.store, system.clock, actor=DEMO_ACTOR)
        register_devices(system)
        past_alarms(system)
        catch_up(system)
        tell_cases(system, system.cases)
        grade_city(system)
        return
    started = time.monotonic()
    folder = samples()
    about = json.loads((folder / "city.json").read_text())
    now = system.clock()
    days = now.replace(hour=0, minute=0, second=0, microsecond=0) - datetime.fromisoformat(about["reference"])
    steps = [layer for layer in CATALOGUE if (folder / f"{layer.id}.parquet").exists()]
    for number, layer in enumerate(steps, 1):
        _say(f"装入 {layer.title.zh} / loading {layer.id}", number / (len(steps) + 3))
        if system.store.count(layer, EVERYTHING, scope=SYSTEM_SCOPE) == 0:
            table = moved(layer, pq.read_table(folder / f"{layer.id}.parquet"), days)
            system.store.load(layer, table, actor=DEMO_ACTOR, reason="演示城市装载", scope=SYSTEM_SCOPE)
    _say("计算监测历史 / computing sensor history", (len(steps) + 1) / (len(steps) + 3))
    for table in sensor_history(pq.read_table(folder / "sensors.parquet"), now):
        system.series.write_days(table)
    _say("计算气象历史 / computing weather", (len(steps) + 2) / (len(steps) + 3))
    weather = weather_history(pq.read_table(folder / "weather_stations.parquet"), now)
    system.series.write_days(pa.concat_tables(weather))  # at once: each call adds a file to each day of the year
    load_rasters(system)
    begin(system.store, system.clock, actor=DEMO_ACTOR)
    register_devices(system)
    past_alarms(system)
    catch_up(system)
    tell_cases(system, system.cases)
    grade_city(system)
    done.write_text(json.dumps({"loaded_at": now.isoformat(), "population": about["population"]}) + "\n")
    _say(f"演示城市已装入,用时 {time.monotonic() - started:.1f} 秒 / demo city loaded", 1.0)


def load_rasters(system: System) -> None:
    """The city's rasters, by the way every raster takes; a coverage that has one is left alone."""
    folder = samples()
    reference = datetime.fromisoformat(json.loads((folder / "city.json").read_text())["reference"])
    about = Provenance(source="演示城市合成数据", observed_at=reference)
    for declared in system.shelf.coverages:
        file = folder / "rasters" / f"{declared.id}.tif"
        if file.exists() and system.shelf.find(declared.id, SYSTEM_SCOPE) is None:
            import_raster(system.shelf, file, declared.id, about, actor=DEMO_ACTOR)


def _say(text: str, share: float) -> None:
    print(f"  [{share:4.0%}] {text}", file=sys.stderr, flush=True)
