"""What a batch makes of each feature, act by act: the row that is there, and what is to be there instead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from core.errors import ConflictError, Fault
from core.scope import Scope
from core.texts import Text
from layers.filters import In
from layers.layer import Geometry, Layer
from ogc.editing.wanted import KEPT, Act, Value, Wanted, as_text
from store.protocol import Store
from store.query import Query

VERSION = "_version"


@dataclass(slots=True)
class State:
    """One feature of the batch.

    `before` is the row as the caller sees it with its place, `version` its version, both None where there is none;
    `values` are those of the row to be, `given` the fields that the request speaks of. `gone` when there is to be none.
    """

    layer: Layer
    key: str
    row: int
    before: Mapping[str, Any] | None = None
    version: int = 0
    values: dict[str, Value] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    shape: BaseGeometry | None = None
    gone: bool = False

    @property
    def kept(self) -> bool:
        """The row is there and what is not given stays."""
        return self.before is not None and not self.gone


def states_of(wanted: Sequence[Wanted], *, store: Store, scope: Scope) -> tuple[list[State], list[Fault]]:
    """Every feature the batch touches, after its last act, and what is wrong with the acts as such.

    New features that cannot be, for their key is missing or there already, are among them, so that everything wrong
    with them is found at once. Raises ConflictError when a row is not of the version a caller says they saw.
    """
    states = _present(wanted, store, scope)
    faults: list[Fault] = []
    doomed: list[State] = []
    for one in wanted:
        faults += one.faults
        found = _applied(states, one, scope) if one.key else []
        faults += found
        if one.act is Act.CREATE and (found or not one.key):
            doomed.append(_fresh(one, None, scope))
    return [*(state for state in states.values() if state.row), *doomed], faults


def _present(wanted: Sequence[Wanted], store: Store, scope: Scope) -> dict[tuple[str, str], State]:
    found: dict[tuple[str, str], State] = {}
    for layer in {one.layer.id: one.layer for one in wanted}.values():
        mine = [one for one in wanted if one.layer is layer and one.key]
        keys = tuple(sorted({one.key for one in mine}))
        whole = any(one.act is not Act.DELETE for one in mine)
        fields = None if whole else tuple(dict.fromkeys((layer.key, *_told(layer, scope))))
        query = Query(where=In(layer.key, keys), fields=fields, geometry=whole)
        rows = store.read(layer, query, scope=scope).to_pylist() if keys else []
        for row in rows:
            place = row.pop("geometry", None)
            state = State(layer=layer, key=row[layer.key], row=0, before=row, version=row.pop(VERSION))
            state.shape = None if place is None else shapely.from_wkb(place)
            found[layer.id, state.key] = state
    return found


def _told(layer: Layer, scope: Scope) -> list[str]:
    seen = layer.fields_in(scope)
    return [name for name in ("area", "sensitivity", layer.enterprise_field) if name is not None and name in seen]


def _applied(states: dict[tuple[str, str], State], one: Wanted, scope: Scope) -> list[Fault]:
    place = (one.layer.id, one.key)
    state = states.get(place)
    into = one.layer.merged_into
    if into is not None and (one.values.get(into) or None) != (
        one.values.get(into) and state and (state.before or {}).get(into)
    ):
        rule = Text("只能用合并操作填写", "is set by a merge only")
        return [Fault(field=into, value=str(one.values[into]), rule=rule, row=one.row, key=one.key)]
    if one.act is Act.CREATE:
        if state is not None and not state.gone:
            rule = Text("已有此主键的要素,不能再新增", "a feature of this key is there already")
            return [Fault(field=one.layer.key, value=one.key, rule=rule, row=one.row, key=one.key)]
        states[place] = _fresh(one, state, scope)
        return []
    if state is None or state.gone:
        rule = Text("没有此要素,或不在您的权限内", "no such feature, or none within your rights")
        return [Fault(field=one.layer.key, value=one.key, rule=rule, row=one.row, key=one.key)]
    if one.seen is not None and state.version != one.seen:
        raise ConflictError(
            Text(
                f"“{one.key}”已被他人修改(现为第 {state.version} 版,您看到的是第 {one.seen} 版)",
                f"{one.key!r} was changed by someone else (now version {state.version}, you saw {one.seen})",
            ),
            layer=one.layer.id,
            key=one.key,
            version=state.version,
        )
    if one.act is Act.DELETE:
        state.gone, state.row = True, one.row
        return []
    if one.act is Act.REPLACE:
        states[place] = _fresh(one, state, scope)
        return []
    if not state.values:
        before, seen = state.before or {}, one.layer.fields_in(scope)
        state.values = {name: as_text(spec, before.get(name)) for name, spec in seen.items()}
    state.values |= one.values
    state.given |= set(one.values)
    state.row = one.row
    if one.shape is not KEPT:
        state.shape = one.shape
        state.given.add("geometry")
    return []


def _fresh(one: Wanted, state: State | None, scope: Scope) -> State:
    """A whole new row: what is not given has its default; what a row was merged into is nobody's to write."""
    layer, seen = one.layer, one.layer.fields_in(scope)
    values = {name: as_text(spec, spec.default) for name, spec in seen.items()} | dict(one.values)
    before = None if state is None else state.before
    if before is not None and layer.merged_into is not None and layer.merged_into not in one.values:
        values[layer.merged_into] = before.get(layer.merged_into)
    values[layer.key] = one.key or None
    return State(
        layer=layer, key=one.key, row=one.row, before=before, version=0 if state is None else state.version,
        values=values, given={*seen, "geometry"}, shape=None if one.shape is KEPT else one.shape,
    )  # fmt: skip


def table_of(states: Sequence[State], layer: Layer, scope: Scope) -> pa.Table:
    """The rows to be, as the validation takes them."""
    columns: dict[str, pa.Array] = {}
    for name in layer.fields_in(scope):
        many = any(isinstance(state.values.get(name), list) for state in states)
        kind = pa.list_(pa.string()) if many else pa.string()
        cells = [state.values.get(name) for state in states]
        columns[name] = pa.array([[cell] if many and isinstance(cell, str) else cell for cell in cells], kind)
    if layer.geometry is not Geometry.NONE:
        shapes = [None if state.shape is None else shapely.to_wkb(state.shape) for state in states]
        columns["geometry"] = pa.array(shapes, pa.binary())
    return pa.table(columns)
