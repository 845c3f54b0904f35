"""The signals that compound warnings are judged by, as far as the city has them: alarms, rising gas, weather warnings.

Work tickets and people seen on video have no layer yet: conditions about them hold nowhere until they do.
"""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from core.scope import SYSTEM_SCOPE
from layers.catalogue import ALARMS, ENTERPRISES, SENSORS
from layers.filters import And, Compare, In, Not, Op, Or
from monitoring.risk.compound import SIGNALS, declared, gas_rising
from monitoring.risk.counting import GAS
from monitoring.risk.gathering import weather
from monitoring.risk.inputs import INNER, OPEN, OUTER
from store.protocol import Store
from store.query import Query
from store.series import Series

DOUBTED = 2
"""Readings of this quality and worse tell nothing."""


def signals(store: Store, series: Series | None, at: datetime) -> pa.Table:
    """What is there at a moment; without a series no gas is known to rise."""
    detectors = sensors(store)
    parts = [standing(store, detectors, at)]
    if series is not None:
        parts.append(_rising(series, detectors, at))
    parts.append(_storms(store, parts[0]))
    return pa.concat_tables([part.select(SIGNALS.names).cast(SIGNALS) for part in parts])


def sensors(store: Store) -> pa.Table:
    """Detectors and level meters in use with their place."""
    where = In("kind", (*GAS, "level"))
    fields = ("code", "enterprise", "kind", "high", "in_use")
    table = store.read(SENSORS, Query(where=where, fields=fields), scope=SYSTEM_SCOPE)
    shapes = shapely.from_wkb(np.asarray(table["geometry"].to_numpy(zero_copy_only=False), dtype=object))
    table = table.append_column("lon", pa.array(shapely.get_x(shapes))).append_column(
        "lat", pa.array(shapely.get_y(shapes))
    )
    return table.filter(table["in_use"])


def standing(store: Store, detectors: pa.Table, at: datetime) -> pa.Table:
    """Alarms of gas and of levels that hold, or ended no longer ago than any condition asks about."""
    lately = max((part.lately for one in declared().conditions for part in one.parts), default=timedelta())
    fields = ("point", "condition", "state", "raised_at", "cleared_at")
    ended = And((Compare("cleared_at", Op.GT, at - lately), Not(Compare("state", Op.EQ, "false"))))
    where = Or((In("state", OPEN), ended))
    alarms = store.read(ALARMS, Query(where=where, fields=fields, geometry=False), scope=SYSTEM_SCOPE).to_pandas()
    about = detectors.select(["code", "enterprise", "kind", "lon", "lat"]).to_pandas()
    found = alarms[list(fields)].rename(columns={"point": "code"}).merge(about, on="code")
    gas = found["kind"].isin(GAS) & found["condition"].isin(("H", "HH"))
    level = (found["kind"] == "level") & found["condition"].isin((*OUTER, *INNER))
    found = found.assign(signal=np.select([gas, level], ["gas_alarm", "level_alarm"], ""))
    found = found[found["signal"] != ""].rename(columns={"raised_at": "from", "cleared_at": "to"})
    found.loc[found["state"].isin(OPEN), "to"] = pd.NaT
    return pa.Table.from_pandas(found[SIGNALS.names], preserve_index=False)


def _rising(series: Series, detectors: pa.Table, at: datetime) -> pa.Table:
    gas = detectors.filter(pc.is_in(detectors["kind"], value_set=pa.array(GAS)))
    begin = at - timedelta(minutes=declared().rising.minutes)
    end = at + timedelta(microseconds=1)
    readings = series.read(SENSORS, gas["code"].to_pylist(), start=begin, end=end, scope=SYSTEM_SCOPE)
    return gas_rising(readings.filter(pc.less(readings["quality"], DOUBTED)), gas, at)


def _storms(store: Store, alarms: pa.Table) -> pa.Table:
    """Weather warnings, one row for each enterprise with an alarm in the area of each."""
    warned = weather(store)
    concerned = sorted(set(alarms["enterprise"].to_pylist()) - {None, ""})
    if warned is None or not concerned:
        return SIGNALS.empty_table()
    where = In(ENTERPRISES.key, tuple(concerned))
    firms = store.read(ENTERPRISES, Query(where=where, fields=("uscc", "area"), geometry=False), scope=SYSTEM_SCOPE)
    rows = [
        {
            "signal": "weather", "code": one["code"], "enterprise": firm["uscc"], "lon": None, "lat": None,
            "from": one["from"], "to": one["to"],
        }
        for firm in firms.to_pylist()
        for one in warned.to_pylist()
        if (firm["area"] or "").startswith(one["area"])
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=SIGNALS)
