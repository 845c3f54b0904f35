"""Loads the demo city into an empty data folder: layers, histories and rasters, with progress on the terminal."""

import ctypes
import gc
import json
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

import pyarrow.parquet as pq

from app.demo.alive import DEMO_ACTOR, catch_up
from app.demo.cases import tell_cases
from app.demo.checks import tell_checks
from app.demo.complaints import tell_complaints
from app.demo.credit import tell_credit
from app.demo.dates import moved
from app.demo.devices import register_devices
from app.demo.duty import tell_duty
from app.demo.enforcement import tell_enforcement
from app.demo.exercises import tell_exercises
from app.demo.grading import grade_city
from app.demo.histories import LOADED, Histories, samples
from app.demo.incidents import tell_incidents
from app.demo.inspections import tell_draws, tell_plans
from app.demo.investigations import tell_investigations
from app.demo.knowledge import tell_knowledge
from app.demo.licences import tell_licences
from app.demo.papers import send_paper, tell_papers
from app.demo.past import past_alarms
from app.demo.penalties import tell_penalties
from app.demo.plans import tell_emergency_plans
from app.demo.registers import tell_registers
from app.demo.scenes import tell_scenes
from app.demo.seen import tell_seen
from app.imports.rasters import import_raster
from app.wiring import System
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE
from monitoring.alarms.starter import begin
from store.query import EVERYTHING
from store.rasters import Provenance


class Loading(NamedTuple):
    """What a load leaves to be done: what pages need before they are served, and what they can wait for."""

    needed: Callable[[], None]
    """Waits for the histories: while they are computed something else can be done."""

    later: Callable[[], None]
    """When this is over the load is whole and marked so; before that the next start does what is missing."""


def load_demo(system: System, histories: Histories) -> Loading:
    """Load whatever of the demo is not there yet; a loaded one is left alone."""
    done = system.settings.data / LOADED
    if done.exists() and system.store.head() > 0:
        begin(system.store, system.clock, actor=DEMO_ACTOR)
        register_devices(system)
        return Loading(needed=lambda: _needed(system), later=lambda: _later(system))
    started = time.monotonic()
    histories.begin()
    about = json.loads((samples() / "city.json").read_text())
    now = system.clock()
    _load_layers(system, now - datetime.fromisoformat(about["reference"]))
    begin(system.store, system.clock, actor=DEMO_ACTOR)
    register_devices(system)

    def needed() -> None:
        _say("写入监测与气象历史 / keeping the history of sensors and weather", 0.9)
        histories.kept()
        _needed(system)

    def later() -> None:
        _say("装入栅格,判定历史报警,计算风险指数 / loading rasters, judging past alarms, grading risks", 0.95)
        _later(system)
        done.write_text(json.dumps({"loaded_at": now.isoformat(), "population": about["population"]}) + "\n")
        _give_back()
        _say(f"演示城市已装入,用时 {time.monotonic() - started:.1f} 秒 / demo city loaded", 1.0)

    return Loading(needed, later)


def _needed(system: System) -> None:
    catch_up(system)


def _later(system: System) -> None:
    tell_cases(system, system.cases)
    tell_licences(system, system.cases)
    tell_registers(system, system.cases)
    tell_plans(system, system.cases)
    tell_checks(system, system.cases)
    tell_penalties(system, system.cases)
    tell_complaints(system, system.cases)
    tell_incidents(system)
    tell_emergency_plans(system)
    tell_exercises(system)
    tell_investigations(system, system.cases)
    tell_knowledge(system)
    tell_papers(system, system.cases)
    tell_credit(system)
    tell_draws(system, system.cases)
    load_rasters(system)
    past_alarms(system)
    grade_city(system)
    tell_seen(system)
    tell_scenes(system)
    tell_duty(system)
    send_paper(system, system.cases)
    tell_enforcement(system)


def _give_back() -> None:
    """What the load took for a while, to the system: fifty megabytes, which the C library would keep."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # not every C library has it
        if trim is not None:
            trim(0)


def _load_layers(system: System, since: timedelta) -> None:
    """Every layer there is a file of and that is empty, moved by whole days."""
    steps = [layer for layer in CATALOGUE if (samples() / f"{layer.id}.parquet").exists()]
    for number, layer in enumerate(steps):
        _say(f"装入 {layer.title.zh} / loading {layer.id}", 0.85 * number / len(steps))
        if system.store.count(layer, EVERYTHING, scope=SYSTEM_SCOPE) == 0:
            table = moved(layer, pq.ParquetFile(samples() / f"{layer.id}.parquet").read(), timedelta(days=since.days))
            system.store.load(layer, table, actor=DEMO_ACTOR, reason="演示城市装载", scope=SYSTEM_SCOPE)


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
