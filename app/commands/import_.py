"""`onemap import`: a file's rows or a raster into the city: understood, checked, told, and kept whole or not at all."""

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from core.actors import Actor
from core.clock import CHINA, Clock
from core.errors import BadInputError
from core.ids import new_id
from core.scope import Scope
from core.texts import Text
from gis.shapes import Bounds
from layers.coverage import RasterFacts, checked_raster, coverage
from layers.importing import Import, understood
from layers.layer import Catalogue, Layer
from layers.validation import CHINA as CHINA_BOX
from layers.validation import Terms
from layers.validation.faults import write_faults
from store.protocol import Store
from store.query import Query

SHOWN = 20
"""Faults printed; the rest are in the file of faults."""


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


def told(outcome: Outcome) -> Iterator[str]:
    """What a person reads after an import."""
    how, checked = outcome.done.headings, outcome.done.checked
    layer = outcome.done.layer
    yield f"图层 / layer: {layer.title.zh} / {layer.id}"
    for name, heading in how.fields.items():
        yield f"  {heading} → {layer.fields[name].title.zh} ({name})"
    for name, value in how.constants.items():
        yield f"  “{value}” → {layer.fields[name].title.zh} ({name})"
    if how.unused:
        yield f"未用的列 / unused columns: {'、'.join(how.unused)}"
    yield f"共 {checked.typed.num_rows} 行,合格 {checked.good.num_rows},有误 {checked.refused} / rows, good, refused"
    yield f"错误 {checked.errors} 处,提醒 {checked.warnings} 处 / errors, warnings"
    for fault in checked.listed(SHOWN):
        mark = "错误" if fault.severity == "error" else "提醒"
        yield f"  [{mark}] 第 {fault.row} 行 {fault.field}“{fault.value}”:{fault.rule.zh} / {fault.rule.en}"
    if checked.faults.num_rows > SHOWN:
        yield f"  另有 {checked.faults.num_rows - SHOWN} 处,用 --faults 写入文件 / more; write them with --faults"
    yield f"已装入 {outcome.kept} 行 / rows kept"


def import_raster(file: Path, coverage_id: str, data: Path, *, dry_run: bool = False) -> RasterFacts:
    """A GeoTIFF checked and put in place of the old one at once: readers see the old or the new, never a half."""
    declared = coverage(coverage_id)
    facts = checked_raster(declared, file)
    if dry_run:
        return facts
    folder = data / "rasters"
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / f".{declared.id}-{new_id()}.part"
    try:
        shutil.copyfile(file, half)
        with half.open("rb") as copy:
            os.fsync(copy.fileno())
        half.replace(folder / f"{declared.id}.tif")
    finally:
        half.unlink(missing_ok=True)
    return facts


def pairs(options: list[str] | None, option: str) -> dict[str, str]:
    """`FIELD=VALUE` options as a mapping."""
    found = {}
    for text in options or ():
        name, mark, value = text.partition("=")
        if not mark or not name.strip() or not value.strip():
            raise BadInputError(
                Text(f"{option} 应写作 字段=值,给出的是“{text}”", f"{option} takes FIELD=VALUE, not {text!r}"),
                option=option,
            )
        found[name.strip()] = value.strip()
    return found


def layer_named(catalogue: Catalogue, layer_id: str) -> Layer:
    """A layer by its id; BadInputError lists those there are."""
    if layer_id not in catalogue:
        known = "、".join(layer.id for layer in catalogue)
        raise BadInputError(
            Text(f"没有图层“{layer_id}”,可用:{known}", f"no layer {layer_id!r}; there are: {known}"), layer=layer_id
        )
    return catalogue[layer_id]
