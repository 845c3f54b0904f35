"""Loads the demo city into an empty data folder: layers, histories and rasters, with progress on the terminal."""

import json
import sys
import time
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from app.demo.history import sensor_history, shifted, weather_history
from app.imports.rasters import import_raster
from app.wiring import System
from core.actors import Actor
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE
from store.feed import Put
from store.query import EVERYTHING
from store.rasters import Provenance

DEMO_ACTOR = Actor(id="demo-loader", name="演示数据装载", door="cli")


def samples() -> Path:
    """The demo city's files: beside the checkout, or inside the installed package."""
    beside = Path(__file__).resolve().parents[2] / "data" / "samples"
    return beside if (beside / "city.json").exists() else Path(str(files("app"))) / "samples"


def load_demo(system: System) -> None:
    """Load whatever of the demo is not there yet; a loaded one is left alone."""
    done = system.settings.data / "demo.json"
    if done.exists():
        load_rasters(system)
        observe(system)
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
            table = shifted(pq.read_table(folder / f"{layer.id}.parquet"), days)
            system.store.load(layer, table, actor=DEMO_ACTOR, reason="演示城市装载", scope=SYSTEM_SCOPE)
    _say("计算监测历史 / computing sensor history", (len(steps) + 1) / (len(steps) + 3))
    for table in sensor_history(pq.read_table(folder / "sensors.parquet"), now):
        system.series.write_days(table)
    _say("计算气象历史 / computing weather", (len(steps) + 2) / (len(steps) + 3))
    for table in weather_history(pq.read_table(folder / "weather_stations.parquet"), now):
        system.series.write_days(table)
    load_rasters(system)
    observe(system)
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


def observe(system: System) -> None:
    """The stations report: readings of the hours since they last did, and the newest written into their rows."""
    layer = CATALOGUE["weather_stations"]
    now = system.clock()
    stations = system.store.read(layer, EVERYTHING, scope=SYSTEM_SCOPE)
    last = stations["read_at"].to_pylist()[0] if stations.num_rows else None
    if last is not None and now - last < timedelta(minutes=10):
        return
    values: dict[str, dict[str, object]] = {key: {} for key in stations[layer.key].to_pylist()}
    for table in weather_history(stations, now):
        since = pa.scalar(last or now - timedelta(hours=1), table.schema.field("at").type)
        new = table.filter(pc.greater(table["at"], since))
        if new.num_rows:
            system.series.append(new)
        for row in table.filter(pc.equal(table["at"], pc.max(table["at"]))).to_pylist():
            values[row["key"]] |= {row["element"]: row["value"], "read_at": row["at"]}
    edits = [
        Put(layer=layer.id, record=system.store.get(layer, key, scope=SYSTEM_SCOPE).record.model_copy(update=observed))
        for key, observed in values.items()
    ]
    system.store.commit(edits, actor=DEMO_ACTOR, reason="气象站上报", scope=SYSTEM_SCOPE)


def _say(text: str, share: float) -> None:
    print(f"  [{share:4.0%}] {text}", file=sys.stderr, flush=True)
