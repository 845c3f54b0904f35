"""Layers out of the city under a caller's rights, all of one moment, into a file other people's software opens."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from app.states import spoken
from core.actors import Actor
from core.clock import Clock, iso
from core.errors import BadInputError, ConflictError
from core.scope import Scope
from core.texts import Text
from layers.codes.further import further_codes
from layers.fields import FieldSpec
from layers.filters import Filter, Under, every
from layers.layer import Catalogue, Layer, Publish
from layers.writers.columns import Headings
from layers.writers.delimited import DelimitedFile, Encoding
from layers.writers.sheets import Workbook
from ogc.encode.crs import CRS84, box_of
from ogc.encode.document import GeoJsonFile
from ogc.filter.cql2 import cql2_text
from store.audit import AuditEntry, AuditLog, Kind, keys_of
from store.audit.entries import KEPT
from store.geopackage import GeoPackage
from store.protocol import Store
from store.query import Order, Query
from store.snapshots import Snapshot

BATCH = 5000
AREA_DIGITS = (2, 4, 6, 9, 12)

Progress = Callable[[int, int], None]
"""Told how many rows of how many are written; what it raises ends the export, and nothing is left of it."""


class Format(StrEnum):
    """What is written; a GeoPackage or a workbook holds many layers, the others one."""

    GPKG = "gpkg"
    CSV = "csv"
    GEOJSON = "geojson"
    XLSX = "xlsx"


ONE_LAYER = frozenset((Format.CSV, Format.GEOJSON))
CRS = {
    Format.GEOJSON: "OGC:CRS84 (WGS 84), longitude before latitude, as RFC 7946 demands; kept as CGCS2000 (EPSG:4490) "
    "and written without a transformation, for the two are taken as one",
}
KEPT_CRS = "EPSG:4490 (CGCS2000), degrees, longitude before latitude"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the caller asked for; no layers means every one they may see. `bbox` is west,south,east,north.

    `narrowed` is a further condition for each layer, `narrowed_by` the words in which it was asked for. `apart` are
    layers at no door that this one file may have (what is played), `mark` what the title of each table begins with.
    """

    target: Path
    format: Format
    layers: tuple[str, ...] = ()
    where: str | None = None
    bbox: str | None = None
    area: str | None = None
    headings: Headings = Headings.ZH
    encoding: Encoding = Encoding.UTF8
    force: bool = False
    narrowed: Mapping[str, Filter | None] = field(default_factory=dict)
    narrowed_by: str = ""
    apart: frozenset[str] = frozenset()
    mark: Text | None = None

    @property
    def filter(self) -> str:
        """What was asked of each layer, as the record of reads keeps it."""
        given = (("where", self.where), ("bbox", self.bbox), ("area", self.area))
        return "; ".join([*(f"{name}={value}" for name, value in given if value), *filter(None, (self.narrowed_by,))])


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was written of one layer; `keys_hash` is SHA-256 over its keys in code point order, each with a newline.

    `kept` holds the hash of each key where they are few.
    """

    layer: Layer
    rows: int
    keys_hash: str
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """The files now in place, the file asked for first, and the feed entry all of their rows are as of."""

    files: tuple[Path, ...]
    head: int
    at: datetime
    taken: tuple[Taken, ...]


class Writer(Protocol):
    """A file being written, whole when its context ends well."""

    def write(self, layer: Layer, specs: Sequence[FieldSpec], batches: Iterable[pa.RecordBatch]) -> None:
        """The rows of one layer."""

    def describe(self, said: Mapping[str, object]) -> None:
        """What the rows are, last."""


@dataclass(slots=True)
class _Tally:
    """Counts the rows that pass by and hashes their keys."""

    layer: Layer
    rows: int = 0
    digest: Any = field(default_factory=hashlib.sha256)
    first: list[str] = field(default_factory=list)

    def passing(self, batches: Iterable[pa.RecordBatch], told: Callable[[int], None]) -> Iterator[pa.RecordBatch]:
        """The same batches, each told of when it is written."""
        for batch in batches:
            yield batch
            keys = batch.column(self.layer.key).to_pylist()
            self.digest.update("".join(f"{key}\n" for key in keys).encode())
            self.first.extend(keys[: KEPT + 1 - len(self.first)])
            self.rows += batch.num_rows
            told(batch.num_rows)


def export(
    store: Store,
    wish: Wish,
    *,
    scope: Scope,
    actor: Actor,
    clock: Clock,
    audit: AuditLog,
    account: str = "",
    post: str = "",
    progress: Progress = lambda _, __: None,
) -> Exported:
    """Write the layers of a wish as one caller may see them, record each read, and only then put the file in place."""
    layers = export_layers(store.catalogue, wish, scope)
    queries = {layer.id: _query(layer, wish, scope) for layer in layers}
    _refuse_taken(wish, [wish.target])
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{wish.target.name}.", suffix=".partial", dir=wish.target.parent))
    except OSError as error:
        raise _unwritable(wish.target, error) from error
    try:
        at = clock()
        with spoken(store, clock), store.snapshot() as snapshot, _opened(wish, folder / wish.target.name, at) as writer:
            taken = _written(snapshot, layers, queries, writer, scope, progress, wish.mark)
            writer.describe(_said(wish, taken, head=snapshot.head, at=at, actor=actor, scope=scope))
        for one in taken:
            audit.record(
                AuditEntry(
                    at=at, kind=Kind.EXPORT, actor=actor.id, door=actor.door, account=account, post=post,
                    what=one.layer.id, where=wish.filter, rows=one.rows, keys_hash=one.keys_hash, kept=one.kept,
                )
            )  # fmt: skip
        return Exported(files=_in_place(wish, folder), head=snapshot.head, at=at, taken=taken)
    except OSError as error:
        raise _unwritable(wish.target, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _written(
    snapshot: Snapshot,
    layers: Sequence[Layer],
    queries: Mapping[str, Query],
    writer: Writer,
    scope: Scope,
    progress: Progress,
    mark: Text | None = None,
) -> tuple[Taken, ...]:
    """Every layer in turn, by the order of its keys, so that two exports of one moment are the same."""
    total = sum(snapshot.count(layer, queries[layer.id], scope=scope) for layer in layers)
    done, taken = 0, []
    progress(0, total)

    def told(rows: int) -> None:
        nonlocal done
        done += rows
        progress(done, total)

    for layer in layers:
        specs = tuple(layer.fields_in(scope).values())
        tally = _Tally(layer)
        batches = snapshot.batches(layer, queries[layer.id], scope=scope, rows=BATCH)
        writer.write(_titled(layer, mark), specs, tally.passing(batches, told))
        kept = keys_of(tally.first).kept
        taken.append(Taken(layer=layer, rows=tally.rows, keys_hash=tally.digest.hexdigest(), kept=kept))
    return tuple(taken)


def _titled(layer: Layer, mark: Text | None) -> Layer:
    if mark is None or layer.title.zh.startswith(mark.zh):
        return layer
    return replace(layer, title=Text(mark.zh + layer.title.zh, mark.en + layer.title.en))


def _opened(wish: Wish, path: Path, at: datetime) -> AbstractContextManager[Writer]:
    match wish.format:
        case Format.GPKG:
            return GeoPackage(path, at=at)
        case Format.CSV:
            return DelimitedFile(path, encoding=wish.encoding, headings=wish.headings)
        case Format.GEOJSON:
            return GeoJsonFile(path)
        case Format.XLSX:
            return Workbook(path, headings=wish.headings)


def export_layers(catalogue: Catalogue, wish: Wish, scope: Scope) -> list[Layer]:
    """What a wish names, or all a scope sees. Raises: BadInputError for a layer that no file may have."""
    seen = {
        layer.id: layer
        for layer in catalogue.seen_by(scope)
        if layer.publish is not Publish.NONE or layer.id in wish.apart
    }
    unknown = [name for name in wish.layers if name not in seen]
    known = "、".join(seen)
    if unknown:
        raise BadInputError(
            Text(f"没有图层“{unknown[0]}”,可用:{known}", f"no layer {unknown[0]!r}; there are: {known}"), field="layer"
        )
    chosen = [seen[name] for name in dict.fromkeys(wish.layers)] or list(seen.values())
    if wish.format in ONE_LAYER and len(chosen) != 1:
        raise BadInputError(
            Text(
                f"{wish.format.value} 只装一个图层,请用 --layer 说明(可用:{known}),或改用 gpkg、xlsx",
                f"{wish.format.value} holds one layer; choose it with --layer ({known}), or use gpkg or xlsx",
            ),
            field="layer",
        )
    return chosen


def _query(layer: Layer, wish: Wish, scope: Scope) -> Query:
    if wish.area is not None and not (wish.area.isascii() and wish.area.isdecimal() and len(wish.area) in AREA_DIGITS):
        raise BadInputError(
            Text(
                f"area“{wish.area}”应为 2、4、6、9 或 12 位数字的行政区划代码",
                f"area {wish.area!r} must be an area code of 2, 4, 6, 9 or 12 digits",
            ),
            field="area",
        )
    return Query(
        bbox=None if wish.bbox is None else box_of(wish.bbox, CRS84)[0],
        where=every(
            None if wish.where is None else cql2_text(wish.where, layer, scope),
            None if wish.area is None else Under("area", wish.area),
            wish.narrowed.get(layer.id),
        ),
        order=(Order(layer.key),),
    )


def _said(
    wish: Wish, taken: Sequence[Taken], *, head: int, at: datetime, actor: Actor, scope: Scope
) -> dict[str, object]:
    """What the file says of itself; of rights only what the caller has, never what they lack."""
    return {
        "title": "安全生产一张图数据导出 / OneMap export",
        "exported_at": iso(at),
        "head": head,
        "actor": {"id": actor.id, "name": actor.name, "door": actor.door},
        "scope": {
            "areas": list(scope.areas),
            "clearance": scope.clearance.name.lower(),
            **({} if scope.enterprises is None else {"enterprises": sorted(scope.enterprises)}),
            "digest": scope.digest,
        },
        "filter": wish.filter,
        "crs": CRS.get(wish.format, KEPT_CRS),
        "layers": [
            {
                "id": one.layer.id, "title_zh": one.layer.title.zh, "title_en": one.layer.title.en,
                "rows": one.rows, "keys_sha256": one.keys_hash,
            }
            for one in taken
        ],
        **_added([one.layer for one in taken]),
    }  # fmt: skip


def _added(layers: Iterable[Layer]) -> dict[str, object]:
    """What the codes say that no list of the reference has: states of procedures as published here."""
    lists = sorted({spec.codes for layer in layers for spec in layer.fields.values() if spec.codes})
    told = {one: {code: str(text) for code, text in further_codes(one).items()} for one in lists}
    told = {one: words for one, words in told.items() if words}
    return {"added_codes": told} if told else {}


def _refuse_taken(wish: Wish, targets: Iterable[Path]) -> None:
    for target in targets:
        if target.is_dir() or (target.exists() and not wish.force):
            raise ConflictError(
                Text(f"文件 {target} 已存在,覆盖请加 --force", f"file {target} exists already; --force replaces it"),
                file=str(target),
            )


def _in_place(wish: Wish, folder: Path) -> tuple[Path, ...]:
    """The finished files under their names, the one asked for last, so that it never stands without the others."""
    made = sorted(folder.iterdir(), key=lambda file: file.name == wish.target.name)
    targets = [wish.target.with_name(file.name) for file in made]
    _refuse_taken(wish, targets)
    for file, target in zip(made, targets, strict=True):
        file.replace(target)
    return tuple(reversed(targets))


def _unwritable(target: Path, error: OSError) -> BadInputError:
    reason = error.strerror or str(error)
    return BadInputError(
        Text(f"无法写入 {target}:{reason}", f"cannot write {target}: {reason}"), field="file", value=str(target)
    )
