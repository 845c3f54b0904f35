"""The layer's own validation over a batch, and what nobody may write: every fault of every feature at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
from shapely.geometry.base import BaseGeometry

from core.errors import Fault
from core.scope import Scope
from core.texts import Text
from layers.layer import Geometry, Layer
from layers.record import Record
from layers.validation import Finding, Rule, Severity, Terms, check
from ogc.editing.states import State, table_of
from ogc.editing.terms import keyed, terms_of
from ogc.editing.wanted import as_text
from store.protocol import Store
from store.schema import nullable

Fresh = dict[str, dict[str, str]]
"""Keys of rows a batch writes and their areas, by layer."""


def fresh_of(states: Iterable[State]) -> Fresh:
    """The rows that will be there."""
    found: Fresh = defaultdict(dict)
    for state in states:
        if not state.gone:
            area = state.key if state.layer.id == "areas" else state.values.get("area")
            found[state.layer.id][state.key] = area if isinstance(area, str) else ""
    return found


def checked(
    layer: Layer, states: Sequence[State], fresh: Fresh, *, store: Store, scope: Scope, on: date
) -> tuple[list[Record], list[Finding]]:
    """The records to be kept, in the order of the states, and everything found: errors and warnings.

    A fault that a row had before and that the request does not touch is not the caller's to mend first.
    """
    table = table_of(states, layer, scope)
    terms = _terms(layer, states, fresh, store, scope, on)
    outcome = check(layer, table, terms)
    found = [_told(one, layer, states, scope) for one in outcome.listed() if one.kind is not Rule.DUPLICATE]
    if any(one.severity is Severity.ERROR and states[(one.row or 1) - 1].kept for one in found):
        found = _new(found, layer, states, terms, scope)
    typed = outcome.typed.to_pylist()
    records = [_record(layer, state, row, scope) for state, row in zip(states, typed, strict=True)]
    return records, [replace(one, row=states[(one.row or 1) - 1].row) for one in found]


def _terms(layer: Layer, states: Sequence[State], fresh: Fresh, store: Store, scope: Scope, on: date) -> Terms:
    named: dict[str, set[str]] = defaultdict(set)
    for name, spec in layer.fields_in(scope).items():
        if spec.refers is not None and spec.refers != layer.id:
            named[spec.refers] |= {str(state.values[name]) for state in states if state.values.get(name)}
    rows = [state.before for state in states if state.before is not None and "area" in state.before]
    schema = pa.schema([(layer.key, pa.string()), ("area", pa.string())])
    present = keyed(layer, pa.Table.from_pylist([dict(row) for row in rows], schema=schema))
    shapes = [state.shape for state in states]
    return terms_of(layer, named, shapes, present, fresh, store=store, scope=scope, on=on)


def _told(one: Finding, layer: Layer, states: Sequence[State], scope: Scope) -> Finding:
    """A fault in a field the caller does not see is told without its name."""
    state = states[(one.row or 1) - 1]
    if one.field in layer.fields_in(scope) or one.field == "geometry":
        return replace(one, key=state.key)
    rule = Text(
        "图层有您看不到的必填字段,不能新增", "the layer has required fields you do not see: not yours to add to"
    )
    return replace(one, field=layer.key, value=state.key, key=state.key, rule=rule)


def _new(found: list[Finding], layer: Layer, states: Sequence[State], terms: Terms, scope: Scope) -> list[Finding]:
    """What is found without what the rows had before, in fields the request leaves alone."""
    seen = layer.fields_in(scope)
    there = [state for state in states if state.kept and state.before is not None]
    as_was = [
        replace_values(state, {name: as_text(spec, (state.before or {}).get(name)) for name, spec in seen.items()})
        for state in there
    ]
    outcome = check(layer, table_of(as_was, layer, scope), terms)
    old = {(as_was[(one.row or 1) - 1].key, one.field, one.kind) for one in outcome.listed()}
    return [
        one
        for one in found
        if one.field in states[(one.row or 1) - 1].given or (one.key or "", one.field, one.kind) not in old
    ]


def replace_values(state: State, values: dict[str, Any]) -> State:
    """The same feature with other values, its place as it is."""
    return State(layer=state.layer, key=state.key, row=state.row, values=values, shape=state.shape)


def _record(layer: Layer, state: State, typed: dict[str, Any], scope: Scope) -> Record:
    """The row to be kept: what the request speaks of as it was converted, everything else as it was."""
    seen, before = layer.fields_in(scope), state.before or {}
    values: dict[str, Any] = {}
    for name, spec in layer.fields.items():
        value = typed.get(name) if name in state.given or name not in before else before[name]
        if name == "area" and not value:
            value = typed.get(name)
        if name not in seen or (value is None and not nullable(layer, name)):
            value = "" if spec.required and spec.default is None else spec.default
        values[name] = tuple(value) if isinstance(value, list) else value
    return layer.record.model_construct(**values, geometry=_flat(layer, state.shape))


def _flat(layer: Layer, shape: BaseGeometry | None) -> BaseGeometry | None:
    return None if layer.geometry is Geometry.NONE else shape


def beyond(states: Iterable[State], records: Iterable[Record | None], scope: Scope) -> list[Fault]:
    """Rows that are not the caller's to write, as they are or as they would be: by area, level and enterprise."""
    return [
        Fault(field=name, value=value, rule=rule, row=state.row, key=state.key)
        for state, record in zip(states, records, strict=True)
        for name, value, rule in _beyond(state, record, scope)
    ]


def _beyond(state: State, record: Record | None, scope: Scope) -> Iterable[tuple[str, str, Text]]:
    before = state.before or {}
    own = state.layer.enterprise_field
    ends = [before] if before else []
    if record is not None:
        ends.append({name: getattr(record, name) for name in ("area", "sensitivity", own) if name is not None})
    for end in ends:
        area, level = end.get("area") or "", end.get("sensitivity") or 0
        if "area" in end and not scope.covers(area):
            allowed = "、".join(scope.areas)
            told = Text(f"不在您的辖区内(辖区:{allowed})", f"is outside your areas ({allowed})")
            lost = Text(
                f"未填写,位置也不在您的辖区内({allowed})",
                f"is left out, and the place lies in none of your areas ({allowed})",
            )
            yield "area", area, told if area else lost
            return
        if level > scope.clearance:
            top = int(scope.clearance)
            yield "sensitivity", str(int(level)), Text(f"高于您的密级 {top}", f"is above your clearance {top}")
            return
        if own is not None and scope.enterprises is not None and end.get(own) not in scope.enterprises:
            yield own, str(end.get(own) or ""), Text("不是您的企业", "is no enterprise of yours")
            return
