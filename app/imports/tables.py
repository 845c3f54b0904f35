"""A file's rows into a layer: understood, checked, and kept whole or not at all."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from core.actors import Actor
from core.clock import CHINA, Clock
from core.scope import Scope
from core.texts import Text
from gis.shapes import Bounds
from layers.filters import Compare, Op
from layers.importing import Import, understood
from layers.layer import Geometry, Layer
from layers.readers.delivery import Delivery
from layers.readers.formats import Format
from layers.validation import CHINA as CHINA_BOX
from layers.validation import Terms
from layers.validation.faults import write_faults
from layers.validation.jurisdiction import Jurisdictions
from store.protocol import Loaded, Store
from store.query import Query

BATCH = 50_000
NOTHING = Loaded(0, ())

Progress = Callable[[Text, int], None]
"""Told what is being done and how many rows of it are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the caller asked for besides the file and the layer."""

    stated: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    good_only: bool = False
    only_new: bool = False
    dry_run: bool = False
    faults: Path | None = None
    replace: bool = False
    anywhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was understood and what was kept; `status` is the command's exit status.

    0: all of it was kept, or would be. 1: nothing was kept, for there are errors. 3: the good rows were kept without
    the others, as asked. `known` counts the good rows whose key the layer had before; they keep the fields in `kept`.
    """

    done: Import
    loaded: Loaded
    known: int
    status: int
    kept: tuple[str, ...] = ()
    dry_run: bool = False


def import_table(
    store: Store,
    layer: Layer,
    delivery: Delivery,
    wish: Wish,
    *,
    actor: Actor,
    scope: Scope,
    clock: Clock,
    name: str,
    progress: Progress = lambda _, __: None,
) -> Outcome:
    """A delivered file into a layer; nothing is kept when a row is wrong, unless `good_only` asks for the others.

    A load is one transaction. Rows that are there word for word are left alone; others replace what is there, but for
    the columns the file does not have, unless it is to `replace` the whole row.
    """
    progress(Text("核对", "checking"), 0)
    own = _keyed(store, layer, scope)
    others = referred(store, layer, scope)
    areas = _areas(store, scope, shapes=layer.geometry is not Geometry.NONE)
    terms = Terms(
        on=clock().astimezone(CHINA).date(),
        known={other: _keys(rows) for other, rows in others.items()},
        merged=merged_keys(store, layer, scope),
        areas=None if layer.id == "areas" or areas is None else areas["code"].combine_chunks(),
        bounds=_bounds(wish),
        taken=_keys(own) if own is not None and wish.only_new else None,
        kept=None if own is None or wish.replace else _keys(own),
        jurisdictions=Jurisdictions(areas=areas, referred=others, own=None if wish.replace else own),
    )
    done = understood(
        layer,
        delivery.table,
        terms,
        stated=wish.stated,
        constants=wish.constants,
        found=delivery.faults,
        cut=delivery.format is Format.SHAPEFILE,
    )
    checked = done.checked
    progress(Text("核对", "checking"), done.rows)
    if wish.faults is not None:
        write_faults(checked.faults, layer.fields, wish.faults)
    known = 0 if own is None else int(pc.sum(pc.is_in(checked.good[layer.key], value_set=_keys(own))).as_py() or 0)
    wrong = done.refused > 0
    stop = wish.dry_run or (wrong and not wish.good_only) or checked.good.num_rows == 0
    kept = () if wish.replace else absent(layer, checked.typed)
    loaded = NOTHING
    if not stop:
        batches = _told(checked.good, progress)
        loaded = store.load(layer, batches, actor=actor, reason=f"导入 {name}", scope=scope, keep=kept)
    status = 0 if not wrong else 1 if stop else 3
    return Outcome(done=done, loaded=loaded, known=known, status=status, kept=kept, dry_run=wish.dry_run)


def absent(layer: Layer, typed: pa.Table) -> tuple[str, ...]:
    """The fields a file does not have, `geometry` among them; what a row was merged into is nobody's to deliver."""
    wanted = (*layer.fields, *(() if layer.geometry is Geometry.NONE else ("geometry",)))
    return tuple(name for name in wanted if name not in (*typed.column_names, layer.merged_into))


def _told(table: pa.Table, progress: Progress) -> Iterator[pa.RecordBatch]:
    done = 0
    for batch in table.combine_chunks().to_batches(BATCH):
        yield batch
        done += batch.num_rows
        progress(Text("装入", "storing"), done)


def referred(store: Store, layer: Layer, scope: Scope) -> dict[str, pa.Table]:
    """Keys and areas of every layer this one refers to; an empty layer refuses nothing, for it is not filled yet."""
    named = {spec.refers for spec in layer.fields.values() if spec.refers} - {layer.id, None}
    found = {
        str(other): _keyed(store, store.catalogue[str(other)], scope) for other in named if other in store.catalogue
    }
    return {other: rows for other, rows in found.items() if rows is not None}


def merged_keys(store: Store, layer: Layer, scope: Scope) -> dict[str, dict[str, str]]:
    """Rows of those layers that were merged away, each with the row that stands for it now."""
    found: dict[str, dict[str, str]] = {}
    for name in {spec.refers for spec in layer.fields.values() if spec.refers} - {layer.id, None}:
        other = store.catalogue.find(str(name), scope)
        field_ = None if other is None else other.merged_into
        if other is None or field_ is None:
            continue
        where = Compare(field_, Op.GT, "")
        query = Query(where=where, fields=(other.key, field_), geometry=False, merged=True)
        table = store.read(other, query, scope=scope)
        into = dict(zip(table[other.key].to_pylist(), table[field_].to_pylist(), strict=True))
        found[other.id] = {key: _last(into, key) for key in into}
    return found


def _last(into: Mapping[str, str], key: str) -> str:
    """The end of the line: what a row was merged into may have been merged since."""
    seen = {key}
    while (following := into.get(key)) is not None and following not in seen:
        key = following
        seen.add(key)
    return key


def _keyed(store: Store, layer: Layer, scope: Scope) -> pa.Table | None:
    """The rows there are, by key, with their areas; that of an area is its code."""
    table = store.read(layer, Query(fields=(layer.key, "area"), geometry=False), scope=scope)
    area = layer.key if layer.id == "areas" else "area"
    return pa.table({"key": table[layer.key], "area": table[area]}) if table.num_rows else None


def _keys(rows: pa.Table) -> pa.Array:
    return rows["key"].combine_chunks()


def _areas(store: Store, scope: Scope, *, shapes: bool) -> pa.Table | None:
    table = store.read(store.catalogue["areas"], Query(fields=("code", "name", "level"), geometry=shapes), scope=scope)
    return table if table.num_rows else None


def _bounds(wish: Wish) -> Bounds | None:
    return None if wish.anywhere else CHINA_BOX
