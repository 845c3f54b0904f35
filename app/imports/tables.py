"""A file's rows into a layer: understood, checked, and kept whole or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from core.actors import Actor
from core.clock import CHINA, Clock
from core.scope import Scope
from gis.shapes import Bounds
from layers.importing import Import, understood
from layers.layer import Layer
from layers.validation import CHINA as CHINA_BOX
from layers.validation import Terms
from layers.validation.faults import write_faults
from store.protocol import Store
from store.query import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the caller asked for besides the file and the layer."""

    stated: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    good_only: bool = False
    dry_run: bool = False
    faults: Path | None = None
    anywhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was understood and what was kept; `status` is the command's exit status."""

    done: Import
    kept: int
    status: int


def import_table(
    store: Store, layer: Layer, table: pa.Table, wish: Wish, *, actor: Actor, scope: Scope, clock: Clock, name: str
) -> Outcome:
    """Rows of a file (columns by heading, `geometry` as WKB in EPSG:4490) into a layer.

    Nothing is kept when a row is wrong, unless `good_only` asks for the others; a load is one transaction.
    """
    terms = Terms(
        on=clock().astimezone(CHINA).date(),
        known=known_keys(store, layer, scope),
        areas=_keys(store, store.catalogue["areas"], scope),
        bounds=_bounds(wish),
    )
    done = understood(layer, table, terms, stated=wish.stated, constants=wish.constants)
    checked = done.checked
    if wish.faults is not None:
        write_faults(checked.faults, layer.fields, wish.faults)
    wrong = checked.refused > 0
    if wish.dry_run or (wrong and not wish.good_only) or checked.good.num_rows == 0:
        return Outcome(done=done, kept=0, status=1 if wrong else 0)
    loaded = store.load(layer, checked.good, actor=actor, reason=f"导入 {name}", scope=scope)
    return Outcome(done=done, kept=loaded.rows, status=2 if wrong else 0)


def known_keys(store: Store, layer: Layer, scope: Scope) -> dict[str, pa.Array]:
    """The keys of every layer this one refers to; an empty layer refuses nothing, for it is not filled yet."""
    named = {spec.refers for spec in layer.fields.values() if spec.refers} - {layer.id, None}
    found = {
        str(other): _keys(store, store.catalogue[str(other)], scope) for other in named if other in store.catalogue
    }
    return {other: keys for other, keys in found.items() if keys is not None}


def _keys(store: Store, layer: Layer, scope: Scope) -> pa.Array | None:
    table = store.read(layer, Query(fields=(layer.key,), geometry=False), scope=scope)
    return table[layer.key].combine_chunks() if table.num_rows else None


def _bounds(wish: Wish) -> Bounds | None:
    return None if wish.anywhere else CHINA_BOX
