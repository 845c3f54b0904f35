"""What an incident leaves behind when it ends: tasks, orders and calls on resources that somebody still answers for."""

from collections.abc import Sequence
from typing import Any

from core.scope import SYSTEM_SCOPE
from emergency.duty.booking import OUT
from emergency.incidents.life import Step
from emergency.orders.life import OPEN
from emergency.plans.tasks import UNDONE
from layers.catalogue import INCIDENT_ORDERS, INCIDENT_TASKS, RESOURCE_BOOKINGS
from layers.filters import And, Compare, In, Op
from layers.layer import Layer
from store.protocol import Store
from store.query import Order, Query

ENDING = (Step.CLOSE, Step.FALSE, Step.MERGE)
"""Steps after which nobody is sent any more: what is still under way is named with them."""


def unfinished(store: Store, code: str, step: Step) -> str:
    """What a step leaves undone, as a log says it; nothing where all is done."""
    said = ""
    if step in (Step.CLOSE, Step.STOP):
        tasks = _of(store, INCIDENT_TASKS, code, [one.value for one in UNDONE], "number")
        said += f";未完成任务 {len(tasks)} 项:{'、'.join(f'{n:02d}' for n in tasks)}" if tasks else ""
    if step in ENDING:
        orders = _of(store, INCIDENT_ORDERS, code, OPEN, "number")
        said += f";未办结指令 {len(orders)} 件:第{'、'.join(str(n) for n in orders)}号" if orders else ""
        booked = _of(store, RESOURCE_BOOKINGS, code, OUT, "name")
        said += f";未归还资源 {len(booked)} 项:{'、'.join(booked)}" if booked else ""
    return said


def _of(store: Store, layer: Layer, code: str, states: Sequence[str], name: str) -> list[Any]:
    """A field of the rows of an incident that stand in one of some states."""
    if store.catalogue.find(layer.id, SYSTEM_SCOPE) is None:
        return []
    where = And((Compare("incident", Op.EQ, code), In("state", tuple(states))))
    query = Query(where=where, fields=(name,), geometry=False, order=(Order(name),))
    return list(store.read(layer, query, scope=SYSTEM_SCOPE)[name].to_pylist())
