"""The tables of the risk index as the store has them now; what no layer of it can tell stays unknown."""

from datetime import datetime, timedelta

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from casework.permits import RUNNING
from casework.permits import permits as kinds
from casework.renewals import being_renewed
from core.clock import CHINA
from core.scope import SYSTEM_SCOPE
from layers.catalogue import (
    ALARM_RULES,
    ALARMS,
    CAMERA_RULES,
    CAMERAS,
    DANGERS,
    ENTERPRISES,
    HAZARD_SOURCES,
    LICENCE_CASES,
    LICENCES,
    PENALTIES,
    SAFETY_PROMISES,
    SENSORS,
    VIOLATIONS,
    WARNINGS,
)
from layers.filters import And, Compare, During, Filter, In, Missing, Not, Op
from layers.layer import Layer
from monitoring.risk.inputs import NEEDED, OPEN, Inputs
from store.protocol import Store
from store.query import Query

READ = frozenset(
    layer.id
    for layer in (
        ENTERPRISES, HAZARD_SOURCES, SENSORS, ALARMS, ALARM_RULES, WARNINGS, DANGERS, LICENCES, LICENCE_CASES,
        PENALTIES, SAFETY_PROMISES, VIOLATIONS, CAMERA_RULES,
    )
)  # fmt: skip
"""The layers whose changes may change the index."""
PROMISED_FOR = timedelta(days=1)
"""How long a promise counts; ours."""

SEEN_WITHIN = timedelta(days=7)
"""So far back true events on video are read; a term counts fewer hours."""

FAULTS = ("black", "frozen", "occluded", "defocused", "moved", "other")
"""Kinds of events on video that are no violation: the camera fails, or a device did not say what it saw."""

NOT_IMPOSED = ("dismissed", "transferred")
"""States of penalty cases in which nobody was penalised here, whatever was decided before."""


def gathered(store: Store, at: datetime) -> Inputs:
    """What is known at a moment.

    Alarms are known once a rule is in force: where nothing judges, no alarm says nothing. Weather is known once the
    city ever issued a weather warning here: one that issues them elsewhere is not calm.
    """
    return Inputs(
        at=at,
        enterprises=store.read(ENTERPRISES, Query(fields=("name", *NEEDED["enterprises"])), scope=SYSTEM_SCOPE),
        sources=_rows(store, HAZARD_SOURCES, NEEDED["sources"]),
        sensors=_rows(store, SENSORS, NEEDED["sensors"], Compare("in_use", Op.EQ, True)),
        alarms=_rows(store, ALARMS, ("code", *NEEDED["alarms"]), In("state", OPEN)) if _judged(store) else None,
        dangers=dangers(store),
        permits=permits(store),
        penalties=penalties(store),
        violations=violations(store, at),
        analysed=analysed(store),
        promises=promises(store, at),
        weather=weather(store),
    )


def dangers(store: Store) -> pa.Table | None:
    """Dangers not yet closed; None where none was ever registered: a city that keeps them elsewhere is not safe.

    One whose clock stands still, waiting for corrections, is not overdue.
    """
    if not store.count(DANGERS, Query(), scope=SYSTEM_SCOPE):
        return None
    table = _rows(store, DANGERS, (*NEEDED["dangers"], "stopped_at"), Missing("closed_at"))
    running = pc.is_null(table["stopped_at"])
    due = pc.if_else(running, table["due_at"], pa.scalar(None, table["due_at"].type))
    return table.set_column(table.column_names.index("due_at"), "due_at", due)


def permits(store: Store) -> pa.Table | None:
    """Licences without which work may not go on, with their ends; None where none was ever registered.

    One whose renewal was asked for in time and is not decided has not run out: its end is blank.
    """
    if not store.count(LICENCES, Query(), scope=SYSTEM_SCOPE):
        return None
    needed = And((In("state", tuple(sorted(RUNNING))), In("kind", tuple(one.id for one in kinds() if one.needed))))
    table = _rows(store, LICENCES, ("code", "enterprise", "valid_until"), needed)
    ends = pc.add(table["valid_until"].cast(pa.timestamp("us")), pa.scalar(timedelta(days=1), pa.duration("us")))
    moment = pc.assume_timezone(ends, str(CHINA)).cast(pa.timestamp("us", "UTC"))
    renewing = pc.is_in(table["code"], value_set=pa.array(sorted(being_renewed(store)), table["code"].type))
    ends = pc.if_else(renewing, pa.scalar(None, moment.type), moment)
    return table.select(["code", "enterprise"]).append_column("expires_at", ends)


def penalties(store: Store) -> pa.Table | None:
    """Penalties with the moment they were decided; None where no case was ever registered.

    A case that ended without a penalty, or was handed over, is none.
    """
    if not store.count(PENALTIES, Query(), scope=SYSTEM_SCOPE):
        return None
    imposed = And((Not(Missing("decided_at")), Not(In("state", NOT_IMPOSED))))
    table = _rows(store, PENALTIES, ("code", "enterprise", "decided_at"), imposed)
    return table.select(["code", "enterprise", "decided_at"]).rename_columns(["code", "enterprise", "at"])


def promises(store: Store, at: datetime) -> pa.Table | None:
    """What enterprises promised within the last day; None where none was ever filed.

    A day, not the date: no enterprise is worse at midnight than before. Of several of one enterprise the last counts.
    """
    if not store.count(SAFETY_PROMISES, Query(), scope=SYSTEM_SCOPE):
        return None
    recent = And((During("opened_at", at - PROMISED_FOR, None), Not(Compare("state", Op.EQ, "withdrawn"))))
    table = _rows(store, SAFETY_PROMISES, ("code", "enterprise", "opened_at", "trial", "start_stop"), recent)
    table = table.sort_by([("opened_at", "descending")])
    first = table.append_column("row", pa.array(range(len(table)))).group_by("enterprise").aggregate([("row", "min")])
    table = table.take(first["row_min"])
    busy = pc.or_(table["trial"], table["start_stop"])
    return pa.table({"enterprise": table["enterprise"], "at": table["opened_at"], "start_stop": busy})


def violations(store: Store, at: datetime) -> pa.Table | None:
    """Violations on video that a person called true; those nobody judged yet do not count, nor what is false.

    None where no camera has rules: nobody looks.
    """
    if not store.count(CAMERA_RULES, Query(), scope=SYSTEM_SCOPE):
        return None
    true = And(
        (
            Compare("verdict", Op.EQ, "confirmed"), During("raised_at", at - SEEN_WITHIN, None),
            Not(In("kind", FAULTS)), Compare("enterprise", Op.GT, ""),
        )
    )  # fmt: skip
    table = _rows(store, VIOLATIONS, ("code", "enterprise", "raised_at"), true)
    return table.select(["code", "enterprise", "raised_at"]).rename_columns(["code", "enterprise", "at"])


def analysed(store: Store) -> pa.Table | None:
    """Cameras of enterprises with a rule that looks for violations, and not known to be off; None where there are none.

    Whether the analysis runs at this moment the store does not know.
    """
    ruled = _rows(store, CAMERA_RULES, ("camera", "enterprise", "setup"), Compare("enterprise", Op.GT, ""))
    kinds_of = ({one["kind"] for one in orjson.loads(setup)["rules"]} for setup in ruled["setup"].to_pylist())
    looking = [not seen <= set(FAULTS) for seen in kinds_of]
    ruled = ruled.filter(pa.array(looking, pa.bool_()))
    if not ruled.num_rows:
        return None
    off = _rows(store, CAMERAS, ("code",), Compare("state", Op.EQ, "offline"))["code"].combine_chunks()
    on = ruled.filter(pc.invert(pc.is_in(ruled["camera"], value_set=off)))
    return on.select(["camera", "enterprise"]).rename_columns(["code", "enterprise"])


def weather(store: Store) -> pa.Table | None:
    """Weather warnings in force, a row for each area of each; None where none was ever issued."""
    kind = Compare("kind", Op.EQ, "weather")
    if not store.count(WARNINGS, Query(where=kind), scope=SYSTEM_SCOPE):
        return None
    rows = [
        {"code": one["code"], "area": prefix, "level": one["level"], "from": one["starts_at"], "to": one["lifted_at"]}
        for one in _rows(store, WARNINGS, ("code", "areas", "level", "starts_at", "lifted_at"), kind).to_pylist()
        if one["starts_at"] is not None
        for prefix in {inside(code) for code in one["areas"] or ("",)}
    ]
    moment = pa.timestamp("us", "UTC")
    return pa.Table.from_pylist(
        rows,
        schema=pa.schema(
            [("code", pa.string()), ("area", pa.string()), ("level", pa.int64()), ("from", moment), ("to", moment)]
        ),
    )


def inside(code: str) -> str:
    """What the codes of all that lies in an area begin with: a city is written 990100, and 990106 lies in it."""
    while len(code) in (4, 6) and code.endswith("00"):
        code = code[:-2]
    return code


def _judged(store: Store) -> bool:
    return store.count(ALARM_RULES, Query(where=Compare("state", Op.EQ, "in_force")), scope=SYSTEM_SCOPE) > 0


def _rows(store: Store, layer: Layer, fields: tuple[str, ...], where: Filter | None = None) -> pa.Table:
    table = store.read(layer, Query(where=where, fields=fields, geometry=False), scope=SYSTEM_SCOPE)
    texts = [place for place, field in enumerate(table.schema) if pa.types.is_string(field.type)]
    for place in texts:
        table = table.set_column(place, table.schema.field(place), pc.fill_null(table.column(place), ""))
    return table
