"""Promises of the store that no other file of tests keeps: see docs/subsystems/store.md for all of them."""

import inspect
import os
import re
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import psycopg
import pyarrow as pa
import pytest
import shapely

from core.errors import BusyError
from core.scope import SYSTEM_SCOPE
from gis.shapes import Bounds
from store.embedded import EmbeddedStore, open_embedded
from store.feed import Change, Delete, Put
from store.loads import BATCH
from store.postgis import PostGisStore, open_postgis
from store.protocol import Store
from store.query import EVERYTHING, Query
from store.rasters import RasterShelf
from store.series import READINGS, Series, open_series
from store.snapshots import Snapshot
from tests.conftest import ROOT
from tests.store.cityscape import CITY, CLERK, SHOPS, TOWN, ZONES, Clock, Zone, many_shops, shop

BLIND = {"head", "watch", "history", "streams", "verify", "unindexed", "snapshot", "close", "draft", "keep",
         "mismatches", "append", "write_days", "fold", "sum_up", "stamp", "points", "repeated",
         "newest_at"}  # fmt: skip
"""Members that answer with no row: heads, verification, what only writes, and what tells a writer of its own rows."""
HERE = Bounds(121.1, 33.1, 121.12, 33.12)


@pytest.mark.parametrize("kind", [Store, EmbeddedStore, PostGisStore, Snapshot, RasterShelf, Series])
def test_no_read_has_a_form_without_a_scope(kind: type) -> None:
    reads = {
        name: inspect.signature(member).parameters
        for name, member in vars(kind).items()
        if inspect.isfunction(member) and not name.startswith("_") and name not in BLIND
    }
    assert reads
    for name, parameters in reads.items():
        assert "scope" in parameters, f"{kind.__name__}.{name} reads without a scope"
        assert parameters["scope"].default is inspect.Parameter.empty, f"{kind.__name__}.{name} has a scope of its own"


FULL = BATCH
"""As the product has it, whatever a test makes of it."""


def test_a_load_is_one_entry_for_each_fifty_thousand_rows(store: Store, batch: int) -> None:
    loaded = store.load(SHOPS, many_shops(batch + 1), actor=CLERK, reason="导入", scope=CITY)
    assert FULL == 50_000
    assert [(entry.change, entry.rows) for entry in loaded.entries] == [(Change.LOAD, batch), (Change.LOAD, 1)]
    assert all(re.fullmatch("[0-9a-f]{64}", entry.row_hash) for entry in loaded.entries)
    assert [entry.seq for entry in store.feed(after=0, scope=CITY)] == [1, 2]


def test_readings_are_no_entries_of_the_feed(store: Store, tmp_path: Path) -> None:
    store.commit([Put(layer="shops", record=shop("A"))], actor=CLERK, reason="", scope=CITY)
    series = open_series(tmp_path / "series", store)
    at = datetime(2026, 11, 24, 3, tzinfo=UTC)
    row = {"layer": ["shops"], "key": ["A"], "element": ["value"], "at": [at], "value": [1.5], "quality": [0]}
    series.append(pa.table(row, schema=READINGS))
    assert series.latest(SHOPS, scope=CITY)["value"].to_pylist() == [1.5]
    assert store.head() == 1
    series.close()


def test_the_index_of_the_file_follows_every_put_move_load_and_deletion(tmp_path: Path) -> None:
    store = open_embedded(tmp_path / "city.gpkg", TOWN, Clock())
    store.load(SHOPS, many_shops(500), actor=CLERK, reason="", scope=CITY)
    box = shapely.MultiPolygon([shapely.box(121, 33, 121.2, 33.1)])
    store.commit(
        [Put(layer="zones", record=Zone(code="Z", area="33", geometry=box))], actor=CLERK, reason="", scope=CITY
    )
    moved = [Put(layer="shops", record=shop("S0000001", lon=121.9, lat=33.9)), Delete(layer="shops", key="S0000002")]
    store.commit([*moved, Put(layer="shops", record=shop("S0000003").model_copy(update={"geometry": None}))],
                 actor=CLERK, reason="", scope=CITY)  # fmt: skip
    store.load(SHOPS, many_shops(100, 450), actor=CLERK, reason="", scope=CITY)
    for layer in (SHOPS, ZONES):
        shapes = shapely.from_wkb(store.read(layer, EVERYTHING, scope=CITY)["geometry"].to_numpy(zero_copy_only=False))
        bounds = shapely.bounds(shapes[~shapely.is_missing(shapes)])
        with sqlite3.connect(tmp_path / "city.gpkg") as db:
            kept = np.array(db.execute(f"SELECT minx, miny, maxx, maxy FROM rtree_{layer.id}_geom").fetchall())
        db.close()
        assert len(kept) == len(bounds)
        np.testing.assert_allclose(np.sort(kept, axis=0), np.sort(bounds, axis=0), atol=2e-5)
    store.close()


def test_a_box_is_answered_by_the_index_of_the_file(tmp_path: Path) -> None:
    store = open_embedded(tmp_path / "city.gpkg", TOWN, Clock())
    store.load(SHOPS, many_shops(2000), actor=CLERK, reason="", scope=CITY)
    asked: list[str] = []
    with store._connections.reading() as db:
        pass
    db.set_trace_callback(asked.append)
    rows = store.read(SHOPS, Query(bbox=HERE), scope=CITY).num_rows
    db.set_trace_callback(None)
    plans = [str(db.execute(f"EXPLAIN QUERY PLAN {text}").fetchall()) for text in asked if 'FROM "shops"' in text]
    assert rows > 0
    assert plans
    assert all("VIRTUAL TABLE INDEX" in plan and "SCAN shops" not in plan for plan in plans)
    store.close()


@pytest.mark.postgis
def test_a_box_is_answered_by_the_index_of_the_database(postgres_url: str, postgres_schema: str) -> None:
    store = open_postgis(postgres_url, TOWN, Clock(), postgres_schema)
    store.load(SHOPS, many_shops(20_000), actor=CLERK, reason="", scope=CITY)

    def scans() -> int:
        with store._connections.reading() as db:
            db.execute("SELECT pg_stat_force_next_flush()")
        with psycopg.connect(postgres_url, autocommit=True) as db:
            db.execute(f"ANALYZE {postgres_schema}.shops")
            row = db.execute(
                "SELECT idx_scan FROM pg_stat_user_indexes WHERE schemaname = %s AND indexrelname = 'shops_geom'",
                (postgres_schema,),
            ).fetchone()
        assert row is not None
        return int(row[0])

    before = scans()
    assert store.read(SHOPS, Query(bbox=HERE), scope=CITY).num_rows > 0
    assert scans() > before
    store.close()


def test_geometry_is_kept_in_degrees_of_cgcs2000_and_gdal_reads_the_file_elsewhere(tmp_path: Path) -> None:
    store = open_embedded(tmp_path / "city.gpkg", TOWN, Clock())
    store.load(SHOPS, many_shops(25), actor=CLERK, reason="", scope=SYSTEM_SCOPE)
    store.close()
    look = (
        "import sys, pyogrio; found = pyogrio.read_info(sys.argv[1], layer='shops');"
        "print(found['driver'], found['crs'], found['features'], found['geometry_type'])"
    )
    said = subprocess.run(
        [sys.executable, "-c", look, str(tmp_path / "city.gpkg")], capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == ["GPKG", "EPSG:4490", "25", "Point"]


def test_commands_wait_for_the_disk(tmp_path: Path) -> None:
    store = open_embedded(tmp_path / "city.gpkg", TOWN, Clock())
    writer = store._connections.writer
    assert (writer.execute("PRAGMA journal_mode").fetchone(), writer.execute("PRAGMA synchronous").fetchone()) == (
        ("wal",), (2,),
    )  # fmt: skip
    store.close()


def test_a_question_that_takes_too_long_is_stopped_with_a_sentence(tmp_path: Path) -> None:
    store = open_embedded(tmp_path / "city.gpkg", TOWN, Clock())
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with pytest.raises(BusyError, match="已停止"), store._connections.reading(0.2) as db:
        db.execute(endless).fetchone()
    assert store.head() == 0
    store.close()


FILLS_THE_DISK = """
import resource, signal, sys
from pathlib import Path
from core.errors import BusyError
from core.scope import SYSTEM_SCOPE
from core.actors import SYSTEM_ACTOR
from store.embedded import open_embedded
from store.feed import Put
from store.query import EVERYTHING
from tests.store.cityscape import SHOPS, TOWN, Clock, many_shops, shop

store = open_embedded(Path(sys.argv[1]), TOWN, Clock())
given = {"actor": SYSTEM_ACTOR, "reason": "", "scope": SYSTEM_SCOPE}
store.commit([Put(layer="shops", record=shop("before"))], **given)
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
try:
    store.load(SHOPS, many_shops(6_000), **given)
except BusyError as error:
    print(error.text.zh[:4])
print(store.count(SHOPS, EVERYTHING, scope=SYSTEM_SCOPE), store.head())
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
store.load(SHOPS, many_shops(6_000), **given)
print(store.count(SHOPS, EVERYTHING, scope=SYSTEM_SCOPE), len(store.verify().findings))
store.close()
"""


def test_a_full_disk_is_said_keeps_what_was_there_and_writing_goes_on_when_there_is_room(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FILLS_THE_DISK, str(tmp_path / "city.gpkg")], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.stdout.split() == ["磁盘已满", "1", "1", "6001", "0"]


OPENS_THE_CITY = """
import re, sys
from pathlib import Path
import app.serve
from app.settings import Settings
from core.clock import utc_now
from layers.catalogue import CATALOGUE
from store.opening import open_store
store = open_store(Path(sys.argv[1]), None, CATALOGUE, utc_now)
store.verify()
print([name for name in ("pyogrio", "mapnik", "fiona", "adbc_driver_sqlite", "osgeo") if name in sys.modules])
store.close()
"""


def test_the_process_that_serves_a_city_loads_no_other_reader_of_its_file(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", OPENS_THE_CITY, str(tmp_path)], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.stdout.strip() == "[]"


def test_closing_a_file_that_another_process_reads_waits_for_nobody(tmp_path: Path) -> None:
    """A close that asked for the whole log back waited half a minute, and kept every writer waiting meanwhile."""
    store = open_embedded(tmp_path / "city.gpkg", TOWN, Clock())
    reader = sqlite3.connect(tmp_path / "city.gpkg", isolation_level=None)
    try:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM shops").fetchone() == (0,)
        store.commit([Put(layer="shops", record=shop())], actor=CLERK, reason="", scope=CITY)
        closing = threading.Thread(target=store.close)
        closing.start()
        closing.join(timeout=15)
        assert not closing.is_alive()
    finally:
        reader.close()
