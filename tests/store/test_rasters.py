"""File and register cannot disagree, an old file outlives its last reader, and rights hold for rasters too."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from app.imports.rasters import import_raster
from core.actors import Actor
from core.clock import utc_now
from core.errors import ConflictError, FaultsError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from layers.catalogue import CATALOGUE
from layers.catalogue.rasters import RASTERS
from layers.coverage import COVERAGES, POPULATION, TERRAIN
from store.backup import backup, restore
from store.embedded import open_embedded
from store.protocol import Store
from store.rasters import KEPT, Provenance, RasterShelf
from tests.rasterfiles import geotiff
from tests.readers import forked_readers

__all__ = ["forked_readers"]

pytestmark = pytest.mark.usefixtures("forked_readers")

CLERK = Actor(id="clerk", name="李录入", door="cli")
CENSUS = Provenance(source="第七次人口普查", observed_at=datetime(2020, 11, 1, tzinfo=UTC))
PUBLIC = Scope(areas=("9901",), clearance=Sensitivity.PUBLIC)
STAFF = Scope(areas=("990106",), clearance=Sensitivity.INTERNAL)


class Hand:
    """A clock set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = open_embedded(tmp_path / "data" / "city.gpkg", CATALOGUE, utc_now)
    yield found
    found.close()


@pytest.fixture
def shelf(store: Store, tmp_path: Path, clock: Hand) -> RasterShelf:
    return RasterShelf(store, tmp_path / "data" / "rasters", COVERAGES, clock)


def put(shelf: RasterShelf, folder: Path, people: int, coverage: str = "population") -> None:
    file = geotiff(folder / "delivered.tif", np.full((3, 4), people, np.int32))
    import_raster(shelf, file, coverage, CENSUS, actor=CLERK)


def files(shelf: RasterShelf) -> set[str]:
    return {path.name for path in shelf._folder.iterdir() if not path.name.startswith(".")}


def test_the_register_says_what_the_file_holds_who_put_it_in_and_when(
    shelf: RasterShelf, tmp_path: Path, clock: Hand
) -> None:
    put(shelf, tmp_path, 5)
    found = shelf.find("population", SYSTEM_SCOPE)
    assert found is not None
    row = found.record
    assert (row.total, row.least, row.most, row.cells, row.nodata) == (60, 5, 5, 12, -1)
    assert (row.width, row.height, row.crs, row.resolution_lon) == (4, 3, "EPSG:4490", pytest.approx(0.001))
    assert (row.source, row.observed_at, row.verified) == ("第七次人口普查", CENSUS.observed_at, False)
    assert (row.kept_by, row.kept_at) == ("李录入", clock.now)
    assert row.geometry is not None
    assert row.geometry.bounds == pytest.approx((121.0, 32.997, 121.004, 33.0))
    assert found.path.name == f"population-{row.sha256}.tif"
    assert found.path.stat().st_size == row.size


def test_a_replacement_is_one_feed_entry_and_the_old_file_stays_for_its_readers(
    shelf: RasterShelf, store: Store, tmp_path: Path, clock: Hand
) -> None:
    put(shelf, tmp_path, 5)
    before, old = store.head(), shelf.find("population", SYSTEM_SCOPE)
    put(shelf, tmp_path, 6)
    entries = store.feed(after=before, scope=SYSTEM_SCOPE)
    assert [(entry.layer, entry.key) for entry in entries] == [("coverages", "population")]
    new = shelf.find("population", SYSTEM_SCOPE)
    assert old is not None
    assert new is not None
    assert old.path.exists()
    assert new.version == old.version + 1
    clock.now += KEPT + timedelta(minutes=1)
    put(shelf, tmp_path, 7)
    assert not old.path.exists()
    assert new.path.exists()


def test_the_same_file_again_is_a_new_version_of_the_same_file(shelf: RasterShelf, tmp_path: Path) -> None:
    put(shelf, tmp_path, 5)
    put(shelf, tmp_path, 5)
    found = shelf.find("population", SYSTEM_SCOPE)
    assert found is not None
    assert found.version == 2
    assert files(shelf) == {found.record.file}


def test_a_refused_raster_leaves_no_file_and_no_row(shelf: RasterShelf, tmp_path: Path) -> None:
    bad = geotiff(tmp_path / "bad.tif", np.full((2, 2), -7, np.int32))
    with pytest.raises(FaultsError):
        import_raster(shelf, bad, "population", CENSUS, actor=CLERK)
    assert shelf.seen(SYSTEM_SCOPE) == ()
    assert list(shelf._folder.iterdir()) == []


def test_a_store_that_refuses_the_row_keeps_no_file(
    shelf: RasterShelf, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(shelf, tmp_path, 5)
    kept = files(shelf)

    def refuse(*_: object, **__: object) -> None:
        raise ConflictError(COVERAGES[0].title)

    monkeypatch.setattr(store, "commit", refuse)
    with pytest.raises(ConflictError):
        put(shelf, tmp_path, 6)
    assert files(shelf) == kept


def test_a_file_changed_or_lost_behind_the_registers_back_is_found(shelf: RasterShelf, tmp_path: Path) -> None:
    put(shelf, tmp_path, 5)
    import_raster(shelf, geotiff(tmp_path / "t.tif", np.zeros((2, 2), np.float32)), "terrain", CENSUS, actor=CLERK)
    assert list(shelf.mismatches()) == []
    population, terrain = shelf.seen(SYSTEM_SCOPE)
    with population.path.open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x63")
    terrain.path.unlink()
    assert [(found.coverage, found.text.en[:15]) for found in shelf.mismatches()] == [
        ("population", "the raster file"), ("terrain", "the raster file"),
    ]  # fmt: skip


def test_rights_hide_a_raster_and_an_area_does_not(shelf: RasterShelf, tmp_path: Path) -> None:
    put(shelf, tmp_path, 5)
    import_raster(shelf, geotiff(tmp_path / "t.tif", np.zeros((2, 2), np.float32)), "terrain", CENSUS, actor=CLERK)
    assert [one.declared.id for one in shelf.seen(PUBLIC)] == ["terrain"]
    assert [one.declared.id for one in shelf.seen(STAFF)] == ["population", "terrain"]
    assert shelf.find("population", PUBLIC) is None
    only = replace(STAFF, layers=frozenset({"population"}))
    assert [one.declared.id for one in shelf.seen(only)] == ["population"]
    assert shelf.seen(replace(STAFF, layers=frozenset({RASTERS.id}))) == ()


def test_a_backup_holds_the_rasters_its_register_names(shelf: RasterShelf, store: Store, tmp_path: Path) -> None:
    put(shelf, tmp_path, 5)
    with shelf.draft(tmp_path / "delivered.tif"):
        backup(tmp_path / "data", tmp_path / "saved", at=utc_now())
    restore(tmp_path / "saved", tmp_path / "fresh")
    other = open_embedded(tmp_path / "fresh" / "city.gpkg", CATALOGUE, utc_now)
    try:
        again = RasterShelf(other, tmp_path / "fresh" / "rasters", COVERAGES, utc_now)
        assert [one.declared for one in again.seen(SYSTEM_SCOPE)] == [POPULATION]
        assert list(again.mismatches()) == []
        assert TERRAIN not in [one.declared for one in again.seen(SYSTEM_SCOPE)]
    finally:
        other.close()
