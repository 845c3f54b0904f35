"""Two rows of a layer that turn out to be one: merged and un-merged, with every reference to them, in one commit.

The row merged away stays, marked with the row it was merged into; reads leave it out, `get` and search still find it.
What a merge moved is read back from the feed and the versions, so undoing it needs no memory of its own.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from core.actors import Actor
from core.errors import BadInputError, ConflictError, ForbiddenError
from core.scope import SYSTEM_SCOPE, Scope
from core.texts import Text
from layers.filters import Compare, Op
from layers.layer import Layer
from layers.record import Record
from store.commits import FeedMovedError
from store.feed import Change, Entry, Put
from store.protocol import Store, Stored
from store.query import Query
from store.rights import expected

TRIES = 5
NEVER_FILLED = frozenset({"area", "sensitivity", "source", "source_datum", "observed_at"})
EMPTY: tuple[object, ...] = (None, "", ())

Seen = Mapping[str, int]
"""The version of each row the person had before them; another one now is a conflict."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One row whose references followed."""

    layer: str
    key: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """What a merge, or its undoing, does or did; `filled` are fields of the kept row taken from the other."""

    layer: str
    keep: str
    drop: str
    moved: tuple[Moved, ...]
    filled: tuple[str, ...]
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A merge or its undoing before it is written."""

    done: Merge
    edits: tuple[Put, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where a person merges rows of one layer, under their scope."""

    store: Store
    layer: Layer
    actor: Actor
    scope: Scope

    @property
    def into(self) -> str:
        """The field that says what a row was merged into."""
        if self.layer.merged_into is None:
            raise BadInputError(
                Text(f"{self.layer.title.zh}的记录不能合并", f"rows of {self.layer.id} cannot be merged"),
                layer=self.layer.id,
            )
        return self.layer.merged_into

    def found(self, key: str, seen: Seen) -> Stored:
        """The row, if it is still the version the person saw."""
        stored = self.store.get(self.layer, key, scope=self.scope)
        expected(self.layer, key, seen.get(key), stored.version)
        return stored

    def settled(self, plan: Callable[[], Plan], reason: str) -> Merge:
        """Plan and write; when somebody else wrote in between, plan anew."""
        for turn in range(TRIES):
            head = self.store.head()
            made = plan()
            try:
                entries = self.store.commit(made.edits, actor=self.actor, reason=reason, scope=self.scope, at_head=head)
            except FeedMovedError:
                if turn == TRIES - 1:
                    raise
            else:
                return replace(made.done, entries=entries)
        raise AssertionError("unreachable")


def merge(desk: Desk, keep: str, drop: str, *, reason: str, fill: bool = False, seen: Seen | None = None) -> Merge:
    """Merge `drop` into `keep`; the kept row's values stand, `fill` takes its empty ones from the other.

    Raises ConflictError when a version seen is not the present one or a row is merged already, ForbiddenError unless
    the caller may change both rows and every row that refers to the one merged away.
    """
    return desk.settled(lambda: planned(desk, keep, drop, fill=fill, seen=seen), f"{drop} 并入 {keep}:{reason}")


def planned(desk: Desk, keep: str, drop: str, *, fill: bool = False, seen: Seen | None = None) -> Plan:
    """What `merge` would write now."""
    into_field = desk.into
    if keep == drop:
        raise BadInputError(Text("不能与自身合并", "a row cannot be merged into itself"), field="drop")
    kept, dropped = desk.found(keep, seen or {}), desk.found(drop, seen or {})
    for key, stored in ((keep, kept), (drop, dropped)):
        if into := getattr(stored.record, into_field):
            raise ConflictError(
                Text(f"“{key}”已并入“{into}”,请先撤销", f"{key!r} is merged into {into!r} already; undo that first"),
                layer=desk.layer.id,
                key=key,
            )
    filled = _fillings(desk, kept.record, dropped.record) if fill else {}
    edits = [edit(desk.layer, dropped, {into_field: keep}, Change.MERGE)]
    moved = []
    for other, fields in _referring(desk):
        for key in _referrers(desk, other, fields, drop):
            stored = desk.store.get(other, key, scope=desk.scope)
            named = tuple(name for name in fields if getattr(stored.record, name) == drop)
            edits.append(edit(other, stored, dict.fromkeys(named, keep), Change.MERGE))
            moved.append(Moved(other.id, key, named))
    edits.append(edit(desk.layer, kept, filled, Change.MERGE))
    done = Merge(layer=desk.layer.id, keep=keep, drop=drop, moved=tuple(moved), filled=tuple(filled))
    return Plan(done, tuple(edits))


def edit(layer: Layer, stored: Stored, values: Mapping[str, object], change: Change) -> Put:
    """A row with some values replaced, if nobody changes it first."""
    record = stored.record.model_copy(update=dict(values))
    return Put(layer=layer.id, record=record, expected=stored.version, change=change)


def out_of_reach(desk: Desk, other: Layer, count: int) -> ForbiddenError:
    """Rows that would have to change are not the caller's to change; which ones is not said."""
    name = other.title if other.visible(desk.scope) else Text("其他图层", "another layer")
    return ForbiddenError(
        Text(
            f"{name.zh}中有 {count} 条相关记录不在您的权限范围内,请由能修改它们的账号办理",
            f"{count} related row(s) of {name.en} are beyond your rights; somebody who may change them must do it",
        ),
        rows=count,
    )


def _fillings(desk: Desk, kept: Record, dropped: Record) -> dict[str, object]:
    """Fields the kept row leaves empty and the other does not."""
    names = [n for n in desk.layer.fields_in(desk.scope) if n not in (*NEVER_FILLED, desk.layer.key, desk.into)]
    found: dict[str, object] = {
        name: getattr(dropped, name)
        for name in names
        if getattr(kept, name) in EMPTY and getattr(dropped, name) not in EMPTY
    }
    if kept.geometry is None and dropped.geometry is not None:
        found["geometry"] = dropped.geometry
    return found


def _referring(desk: Desk) -> Iterator[tuple[Layer, tuple[str, ...]]]:
    """Layers with the fields that refer to this one's rows.

    A row whose key is such a reference is computed for that row, and anew: it does not become the other's.
    """
    for other in desk.store.catalogue:
        fields = tuple(n for n, spec in other.fields.items() if spec.refers == desk.layer.id and n != other.key)
        if fields:
            yield other, fields


def _referrers(desk: Desk, other: Layer, fields: tuple[str, ...], key: str) -> list[str]:
    """The rows that refer to a key; refused unless the caller may see and change each of them."""
    everyone = _keys(desk, other, fields, key, SYSTEM_SCOPE)
    if not everyone:
        return []
    reached = other.visible(desk.scope) and desk.scope.may_write(other.id)
    reached = reached and set(fields) <= set(other.fields_in(desk.scope))
    mine = _keys(desk, other, fields, key, desk.scope) if reached else []
    if len(mine) < len(everyone):
        raise out_of_reach(desk, other, len(everyone) - len(mine))
    return everyone


def _keys(desk: Desk, other: Layer, fields: tuple[str, ...], key: str, scope: Scope) -> list[str]:
    found: set[str] = set()
    for name in fields:
        query = Query(where=Compare(name, Op.EQ, key), fields=(other.key,), geometry=False, merged=True)
        found.update(desk.store.read(other, query, scope=scope)[other.key].to_pylist())
    return sorted(found)
