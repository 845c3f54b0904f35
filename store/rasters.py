"""The raster shelf: GeoTIFF files beside the store, named by their content, and the register of those in use.

A file is in place before its row is committed and stays a day after its row is replaced, so that a reader who has read
the register always finds the file the register named. Who reads the register reads one row of one transaction.
"""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from core.actors import Actor
from core.clock import Clock
from core.errors import NotFoundError
from core.ids import new_id
from core.scope import SYSTEM_SCOPE, Scope
from core.texts import Text
from layers.catalogue.rasters import RASTERS, Raster
from layers.coverage import Coverage, Kind, RasterFacts
from store.durable import locked, settle, write
from store.feed import Put
from store.protocol import Store

KEPT = timedelta(days=1)
"""How long a replaced file stays: no request lives that long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """A raster in use: its declaration, its row and its file; `version` and the file's name change together."""

    declared: Coverage
    record: Raster
    version: int
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A copy on the shelf's own disk, hashed while it was written, under the name it was delivered by."""

    path: Path
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What a file cannot say of itself."""

    source: str
    observed_at: datetime | None
    verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """A file that is not as its row says."""

    coverage: str
    text: Text


class RasterShelf:
    """The declared coverages, the files under `folder` and the register rows of the store."""

    def __init__(self, store: Store, folder: Path, coverages: Sequence[Coverage], clock: Clock) -> None:
        self._store = store
        self._folder = folder
        self._clock = clock
        self.coverages = tuple(coverages)

    def declared(self, scope: Scope) -> tuple[Coverage, ...]:
        """The coverages this caller may know of, whether or not a file is there."""
        return tuple(one for one in self.coverages if one.visible(scope))

    def find(self, coverage_id: str, scope: Scope) -> Shelved | None:
        """The raster in use, or None where there is none for this caller."""
        declared = next((one for one in self.declared(scope) if one.id == coverage_id), None)
        return None if declared is None else self._row(declared, scope)

    def seen(self, scope: Scope) -> tuple[Shelved, ...]:
        """Every raster in use that this caller may see, in the order declared."""
        rows = (self._row(declared, scope) for declared in self.declared(scope))
        return tuple(row for row in rows if row is not None)

    def _row(self, declared: Coverage, scope: Scope) -> Shelved | None:
        """Leave to see a coverage is leave to read its one row, whether or not the register is open as a layer."""
        reading = replace(scope, layers=frozenset({RASTERS.id}), hidden=frozenset())
        try:
            stored = self._store.get(RASTERS, declared.id, scope=reading)
        except NotFoundError:
            return None
        record = stored.record
        if not isinstance(record, Raster):
            raise TypeError(type(record))
        return Shelved(declared=declared, record=record, version=stored.version, path=self._folder / record.file)

    @contextmanager
    def draft(self, source: Path) -> Iterator[Draft]:
        """A private copy to check and keep; it is gone afterwards unless it was kept."""
        room = self._folder / f".draft-{new_id()}"
        room.mkdir(parents=True)
        try:
            copy = room / source.name
            with source.open("rb") as given:
                sha256, size = write(copy, iter(partial(given.read, 1 << 20), b""))
            yield Draft(path=copy, sha256=sha256, size=size)
        finally:
            shutil.rmtree(room, ignore_errors=True)

    def keep(
        self, declared: Coverage, draft: Draft, facts: RasterFacts, about: Provenance, *, actor: Actor, reason: str
    ) -> Shelved:
        """Put a checked draft into use: file first, then row and feed entry in one transaction."""
        name = f"{declared.id}-{draft.sha256}.tif"
        record = _record(declared, draft, facts, about, name, actor, self._clock())
        with locked(self._folder):
            present = self.find(declared.id, SYSTEM_SCOPE)
            self._forget(declared, present)
            already = (self._folder / name).exists()
            if not already:
                reduced = draft.path.with_name(draft.path.name + ".ovr")
                if reduced.exists():
                    reduced.replace(self._folder / f"{name}.ovr")
                draft.path.replace(self._folder / name)
                settle(self._folder)
            try:
                self._store.commit(
                    [Put(layer=RASTERS.id, record=record)], actor=actor, reason=reason, scope=SYSTEM_SCOPE
                )
            except BaseException:
                if not already:
                    (self._folder / name).unlink()
                    (self._folder / f"{name}.ovr").unlink(missing_ok=True)
                raise
        kept = self.find(declared.id, SYSTEM_SCOPE)
        if kept is None:
            raise AssertionError(declared.id)
        return kept

    def _forget(self, declared: Coverage, present: Shelved | None) -> None:
        """Drop files replaced before the present one was put in, once that is `KEPT` ago."""
        if present is None or self._clock() - present.record.kept_at < KEPT:
            return
        for path in self._folder.glob(f"{declared.id}-*.tif*"):
            if not path.name.startswith(present.record.file):
                path.unlink()

    def mismatches(self) -> Iterator[Mismatch]:
        """Every row whose file is missing or has other content than the row says; reads every file."""
        for one in self.seen(SYSTEM_SCOPE):
            if not one.path.is_file():
                text = Text(f"栅格文件缺失:{one.record.file}", f"the raster file is missing: {one.record.file}")
                yield Mismatch(coverage=one.declared.id, text=text)
                continue
            with one.path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            if found != one.record.sha256:
                text = Text("栅格文件内容与登记哈希不符", "the raster file differs from its registered hash")
                yield Mismatch(coverage=one.declared.id, text=text)


def _record(
    declared: Coverage,
    draft: Draft,
    facts: RasterFacts,
    about: Provenance,
    name: str,
    actor: Actor,
    now: datetime,
) -> Raster:
    return Raster(
        code=declared.id,
        title=declared.title.zh,
        unit=declared.unit,
        file=name,
        sha256=draft.sha256,
        size=draft.size,
        crs=facts.crs,
        width=facts.width,
        height=facts.height,
        bands=facts.bands,
        resolution_lon=facts.resolution[0],
        resolution_lat=facts.resolution[1],
        nodata=facts.nodata,
        least=facts.least,
        most=facts.most,
        total=facts.total if declared.kind is Kind.COUNT else None,
        cells=facts.cells,
        verified=about.verified,
        kept_by=actor.name,
        kept_at=now,
        geometry=facts.bounds.polygon,
        sensitivity=declared.sensitivity,
        source=about.source,
        observed_at=about.observed_at,
    )
