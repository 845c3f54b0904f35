"""A batch of edits carried out: rights, validation, then one commit of the store, all of it or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.caller import Caller
from core.clock import CHINA
from core.errors import BadInputError, ConflictError, Fault, FaultsError, ForbiddenError
from core.texts import Text
from layers.layer import Layer
from layers.record import Record
from layers.validation import Finding, Severity
from ogc.editing.checking import beyond, checked, fresh_of
from ogc.editing.rights import refusal
from ogc.editing.states import State, states_of
from ogc.editing.wanted import Act, Wanted
from ogc.limits import LIMITS
from ogc.services import Services
from store.feed import Delete, Edit, Put

MOST = LIMITS.features_edited
"""Features of one batch."""

LISTED = 50
"""Faults an error message spells out; all of them are in the error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One feature as it was left: its version, 0 when it is gone; `row` as in what was wanted."""

    layer: Layer
    act: Act
    key: str
    version: int
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a batch did, feature by feature, and what was let in with a warning."""

    done: tuple[Done, ...]
    warnings: tuple[Finding, ...] = ()


def carry_out(wanted: Sequence[Wanted], caller: Caller, services: Services, reason: str) -> Outcome:
    """All of it in one commit, under the caller's name and door.

    Raises ForbiddenError for layers and rows that are not theirs, FaultsError with every fault of every feature, and
    ConflictError when a row was changed meanwhile.
    """
    if len(wanted) > MOST:
        raise BadInputError(
            Text(
                f"一次至多修改 {MOST} 个要素,此请求有 {len(wanted)} 个",
                f"{len(wanted)} features; at most {MOST} at once",
            )
        )
    for layer in {one.layer.id: one.layer for one in wanted}.values():
        admit(layer, caller, services)
    try:
        return _carried_out(wanted, caller, services, reason)
    except ForbiddenError:
        services.refused(caller)
        raise


def admit(layer: Layer, caller: Caller, services: Services) -> None:
    """Raises ForbiddenError, and puts it on record, where the caller may not write the layer."""
    why = refusal(layer, caller)
    if why is not None:
        services.refused(caller)
        raise ForbiddenError(why, layer=layer.id)


def _carried_out(wanted: Sequence[Wanted], caller: Caller, services: Services, reason: str) -> Outcome:
    store, scope = services.store, caller.scope
    touched, faults = states_of(wanted, store=store, scope=scope)
    fresh = fresh_of(touched)
    on = services.clock().astimezone(CHINA).date()
    warnings: list[Finding] = []
    records: dict[int, Record] = {}
    for layer in {state.layer.id: state.layer for state in touched}.values():
        rows = [state for state in touched if state.layer is layer and not state.gone]
        if rows:
            made, found = checked(layer, rows, fresh, store=store, scope=scope, on=on)
            faults += [one for one in found if one.severity is Severity.ERROR]
            warnings += [one for one in found if one.severity is Severity.WARNING]
            records |= {id(state): record for state, record in zip(rows, made, strict=True)}
    placeless = {fault.row for fault in faults if fault.field in ("area", "geometry")}
    faulty = {fault.row for fault in faults}
    mine = [
        state for state in touched
        if state.row not in placeless and not (state.row in faulty and _untold(records.get(id(state))))
    ]  # fmt: skip
    _refuse(faults, beyond(mine, [records.get(id(state)) for state in mine], scope))
    edits = [edit for state in touched if (edit := _edit(state, records)) is not None]
    versions = _committed(edits, touched, caller, services, reason) if edits else {}
    return Outcome(done=_told(wanted, versions), warnings=tuple(warnings))


def _untold(record: Record | None) -> bool:
    """An area that was left out is told from the place only where nothing else is wrong: lacking it is no fault yet."""
    return record is not None and not getattr(record, "area", "-")


def _edit(state: State, records: dict[int, Record]) -> Edit | None:
    if not state.gone:
        return Put(layer=state.layer.id, record=records[id(state)], expected=state.version)
    if state.before is None:
        return None  # made and taken back by the same batch
    return Delete(layer=state.layer.id, key=state.key, expected=state.version)


def _committed(
    edits: list[Edit], touched: Sequence[State], caller: Caller, services: Services, reason: str
) -> dict[tuple[str, str], int]:
    try:
        entries = services.store.commit(edits, actor=caller.actor, reason=_reason(reason, caller), scope=caller.scope)
    except (ConflictError, ForbiddenError) as error:
        key = error.facts.get("key")
        made = next((one for one in touched if one.key == key and one.before is None), None)
        if made is None:
            raise
        raise ConflictError(
            Text(f"主键“{made.key}”已被占用", f"the key {made.key!r} is taken"), layer=made.layer.id, key=made.key
        ) from error
    return {(entry.layer, entry.key): entry.new_version or 0 for entry in entries}


def _reason(reason: str, caller: Caller) -> str:
    """What the feed is told; several keys may be one account's."""
    return f"{reason}(密钥 {caller.key})" if caller.key else reason


def _told(wanted: Sequence[Wanted], versions: dict[tuple[str, str], int]) -> tuple[Done, ...]:
    return tuple(
        Done(layer=one.layer, act=one.act, key=one.key, version=versions.get((one.layer.id, one.key), 0), row=one.row)
        for one in wanted
    )


def _refuse(faults: list[Fault], refused: list[Fault]) -> None:
    """Everything wrong at once; where nothing is but whose the rows are, that is what is said."""
    if not faults and not refused:
        return
    found = sorted([*faults, *refused], key=lambda fault: fault.row or 0)
    text = Text(
        "；".join(_line(fault, zh=True) for fault in found[:LISTED]) + (" …" if len(found) > LISTED else ""),
        "; ".join(_line(fault, zh=False) for fault in found[:LISTED]) + (" …" if len(found) > LISTED else ""),
    )
    text = Text(f"共 {len(found)} 处错误,未作任何修改:{text.zh}", f"{len(found)} fault(s), nothing changed: {text.en}")
    if not faults:
        raise ForbiddenError(text, faults=tuple(found))
    raise FaultsError(found, text)


def _line(fault: Fault, *, zh: bool) -> str:
    key = f"“{fault.key}”" if fault.key else ""
    value = f"“{fault.value}”" if fault.value else ""
    if zh:
        return f"第 {fault.row} 个要素{key} {fault.field}{value} {fault.rule.zh}"
    named = f" {fault.key!r}" if fault.key else ""
    said = f"={fault.value!r}" if fault.value else ""
    return f"feature {fault.row}{named}, {fault.field}{said}: {fault.rule.en}"
