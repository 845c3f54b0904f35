"""The risk index of the demo city on the day it is loaded: by its hazard sources, all else unknown and said so."""

import pyarrow as pa
import shapely

from app.demo.alive import DEMO_ACTOR
from app.wiring import System
from core.scope import SYSTEM_SCOPE
from layers.catalogue import ENTERPRISES, HAZARD_SOURCES, RISK_SCORES, SENSORS
from monitoring.risk import Inputs, Place, assess, changed, model_on
from store.query import EVERYTHING

GIVEN = {"geometry", "source", "source_datum", "observed_at"}


def grade_city(system: System) -> None:
    """Keep a first score of every enterprise; nothing where there are scores already."""
    store, now = system.store, system.clock()
    if store.count(RISK_SCORES, EVERYTHING, scope=SYSTEM_SCOPE):
        return
    enterprises, sources, sensors = (
        store.read(layer, EVERYTHING, scope=SYSTEM_SCOPE) for layer in (ENTERPRISES, HAZARD_SOURCES, SENSORS)
    )
    if not enterprises.num_rows:
        return
    found = assess(Inputs(at=now, enterprises=enterprises, sources=sources, sensors=sensors), model_on(now.date()))
    rows = changed(found, Place.of(enterprises), None)
    table = pa.Table.from_pylist([row.model_dump(exclude=GIVEN) for row in rows])
    table = table.append_column("geometry", pa.array(shapely.to_wkb([row.geometry for row in rows])))
    store.load(RISK_SCORES, table, actor=DEMO_ACTOR, reason="演示数据:风险指数", scope=SYSTEM_SCOPE)
