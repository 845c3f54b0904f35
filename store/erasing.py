"""Erasing personal fields by law, the same for every engine: what may be erased, and what is left of each version."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

import orjson

from core.actors import Actor
from core.errors import ConflictError, Fault, FaultsError, NotFoundError
from core.scope import Scope
from core.texts import Text
from layers.filters import GEOMETRY
from layers.layer import Geometry, Layer
from store.columns import bodies, plain_default
from store.commits import Engine, draft
from store.entries import reached
from store.feed import Change, Entry
from store.history import History, as_written, owner_then
from store.rights import inside, owned, theirs
from store.rows import body_of, hash_of, without
from store.schema import nullable
from store.verifying import Remainder, hash_of_erasure

RIGHTS = ("area", "sensitivity")
"""Who may see a row hangs on them, and on whose it is, so they are never erased."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One archived version as an engine holds it."""

    version: int
    body: bytes
    seq: int
    area: str
    sensitivity: int


class Eraser(Engine, Protocol):
    """What an engine does further, to erase."""

    def history(self, layer: Layer) -> History:
        """Under which names the layer's rows were written."""

    def archived(self, layer: Layer, key: str) -> list[Past]:
        """Every archived version of a row, oldest first, whoever asks."""

    def rewrite(self, layer: Layer, key: str, rests: Mapping[int, bytes]) -> None:
        """Put what is left of some archived versions in their place; the hashes they were written with stay."""

    def note(self, remainders: Sequence[Remainder]) -> None:
        """Write down the hashes of what is left."""


def erase(
    engine: Eraser,
    layer: Layer,
    keys: Sequence[str],
    fields: Sequence[str],
    actor: Actor,
    at: datetime,
    reason: str,
    scope: Scope,
) -> tuple[Entry, ...]:
    """Take the fields out of every version of these rows inside the caller's transaction, one entry a row."""
    names = erasable(layer, fields, scope)
    return tuple(_erase_row(engine, layer, key, names, actor, at, reason, scope) for key in dict.fromkeys(keys))


def _erase_row(
    engine: Eraser,
    layer: Layer,
    key: str,
    names: tuple[str, ...],
    actor: Actor,
    at: datetime,
    reason: str,
    scope: Scope,
) -> Entry:
    history, found = engine.history(layer), engine.find(layer, [key])
    live = bodies(as_written(found.plain, history, found.seqs))
    columns = (found.versions, live, found.seqs, found.plain["area"], found.plain["sensitivity"])
    present = [
        Past(version=version, body=body, seq=seq, area=area or "", sensitivity=level or 0)
        for version, body, seq, area, level in zip(*columns, strict=True)
    ]
    versions = [*engine.archived(layer, key), *present]
    _all_reachable(layer, key, versions, history, scope)
    rests = {
        one.version: without(one.body, held)
        for one in versions
        if (held := _held(orjson.loads(one.body), names, history, one.seq))
    }
    if not rests:
        raise _nothing_left(layer, key, names)
    last = versions[-1]
    rewritten = bool(present) and last.version in rests
    row = found.row(layer, 0) | _blanks(layer, names) if rewritten else {}
    body = body_of(row)
    remainders = [
        Remainder(layer=layer.id, key=key, version=version, seq=0, row_hash=hash_of(rest))
        for version, rest in rests.items()
    ]
    why = f"{'、'.join(names)}:{reason}"
    entry = replace(
        draft(layer, key, Change.ERASE, actor, at, why, last.area, last.sensitivity),
        old_version=last.version,
        new_version=last.version + 1 if rewritten else None,
        row_hash=hash_of_erasure(hash_of(body) if rewritten else None, remainders),
    )
    entry = engine.append(entry)
    engine.note([replace(one, seq=entry.seq) for one in remainders])
    if rewritten:
        engine.archive(layer, found, entry.seq)
        engine.remove(layer, found)
        engine.write_one(layer, row, body, last.version + 1, entry.seq)
    engine.rewrite(layer, key, rests)
    return entry


def erasable(layer: Layer, names: Sequence[str], scope: Scope) -> tuple[str, ...]:
    """The fields, if each may be erased; every one that may not is named with the reason."""
    seen = layer.fields_in(scope)
    faults: list[Fault] = []
    if not names:
        faults.append(Fault(field="field", value="", rule=Text("至少给出一个字段", "name at least one field")))
    for name in dict.fromkeys(names):
        if name == GEOMETRY and layer.geometry is not Geometry.NONE:
            continue
        if name not in seen:
            allowed = "、".join(other for other in seen if _why_not(layer, other) is None)
            rule: Text | None = Text(
                f"图层 {layer.id} 没有此字段,可删除:{allowed}",
                f"layer {layer.id} has no such field; erasable: {allowed}",
            )
        else:
            rule = _why_not(layer, name)
        if rule is not None:
            faults.append(Fault(field="field", value=name, rule=rule))
    if faults:
        raise FaultsError(faults)
    return tuple(dict.fromkeys(names))


def _why_not(layer: Layer, name: str) -> Text | None:
    if name == layer.key:
        return Text("是主键,不能删除;请删除整条记录", "is the key and cannot be erased; delete the row instead")
    if name in (*RIGHTS, layer.enterprise_field):
        return Text("决定谁能看到本记录,不能删除", "decides who may see the row and cannot be erased")
    if name == layer.merged_into:
        return Text("只能由撤销合并清空", "is emptied by undoing the merge only")
    if layer.fields[name].required:
        return Text("是必填字段,不能删除,只能改写", "is required: it can be rewritten, not erased")
    return None


def _blanks(layer: Layer, names: Iterable[str]) -> dict[str, Any]:
    """What the present row holds instead: no value, or the default where the field must have one."""
    return {
        name: None if name == GEOMETRY or nullable(layer, name) else plain_default(layer.fields[name]) for name in names
    }


def _held(body: Mapping[str, Any], names: Iterable[str], history: History, seq: int) -> set[str]:
    """The names under which a version written by this entry holds something of these fields."""
    return {name for name in (history.written_name(n, seq) for n in names) if body.get(name) not in (None, "", [])}


def _all_reachable(layer: Layer, key: str, versions: Sequence[Past], history: History, scope: Scope) -> None:
    """Refuse unless the caller reaches every version there is, so that nothing is erased by half."""
    whose = [owner_then(layer, history, version.body, version.seq) for version in versions]
    if not any(
        reached(layer, scope, v.area, v.sensitivity)
        and (layer.narrowed_by(scope) is None or theirs(layer, owner, scope))
        for v, owner in zip(versions, whose, strict=True)
    ):
        raise NotFoundError(
            Text(f"{layer.title.zh}中没有“{key}”", f"no {key!r} in {layer.id}"), layer=layer.id, key=key
        )
    for version, owner in zip(versions, whose, strict=True):
        inside(key, version.area, version.sensitivity, scope)
        owned(layer, key, owner, scope)


def _nothing_left(layer: Layer, key: str, names: Iterable[str]) -> ConflictError:
    listed = "、".join(names)
    return ConflictError(
        Text(f"“{key}”的 {listed} 在任何版本中都没有内容", f"no version of {key!r} holds anything in {listed}"),
        layer=layer.id,
        key=key,
    )
