"""A first load into PostgreSQL whose indexes were not made: its process was killed meanwhile, or the server refused."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest

from core.actors import SYSTEM_ACTOR
from core.scope import SYSTEM_SCOPE
from store.postgis import open_postgis
from store.postgis.indexing import BESIDE
from store.protocol import Store
from store.query import EVERYTHING
from tests.conftest import ROOT
from tests.store.cityscape import TOWN, Clock, many_shops

pytestmark = pytest.mark.postgis
SHOPS = TOWN["shops"]
MANY = 50_000
"""So many rows that their indexes are a while in the making."""

LOADER = """
import sys
from unittest.mock import patch
from core.actors import SYSTEM_ACTOR
from core.scope import SYSTEM_SCOPE
from store.postgis import open_postgis
from tests.store.cityscape import BATCHED, TOWN, Clock, many_shops
rows = int(sys.argv[3])
for place in BATCHED:
    patch(place, rows).start()
store = open_postgis(sys.argv[1], TOWN, Clock(), sys.argv[2])
store.load(TOWN["shops"], many_shops(rows), actor=SYSTEM_ACTOR, reason="killed", scope=SYSTEM_SCOPE)
"""
WAITED_FOR = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
GIVEN_UP = (
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()"
)
IN_THE_MAKING = "SELECT 1 FROM pg_stat_progress_create_index"


@contextmanager
def watching(url: str, schema: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(url, autocommit=True, options=f"-c search_path={schema},public") as db:
        yield db


def killed_when(db: psycopg.Connection, url: str, schema: str, rows: int, sign: str) -> None:
    """Load in another process, which is killed as soon as the database shows the sign."""
    loader = subprocess.Popen([sys.executable, "-c", LOADER, url, schema, str(rows)], cwd=ROOT)
    while db.execute(sign.encode()).fetchone() is None and loader.poll() is None:
        pass
    loader.kill()
    assert loader.wait() != 0, "it had ended before"


def whole(store: Store, rows: int) -> None:
    """Everything was kept, is found and verifies."""
    assert store.unindexed() == ()
    assert store.count(SHOPS, EVERYTHING, scope=SYSTEM_SCOPE) == rows
    last = f"S{rows - 1:07}"
    assert [hit.key for hit in store.search(f"商店 {last.lower()}", scope=SYSTEM_SCOPE)] == [last]
    assert store.verify().findings == ()


def test_a_process_killed_before_its_indexes_loses_no_row_and_the_next_start_makes_them(
    postgres_url, postgres_schema, batch
):
    reader = open_postgis(postgres_url, TOWN, Clock(), postgres_schema)
    with watching(postgres_url, postgres_schema) as db:
        db.execute("SELECT pg_advisory_lock(hashtext(current_schema() || %s))", (BESIDE,))
        killed_when(db, postgres_url, postgres_schema, batch, WAITED_FOR)
    assert reader.count(SHOPS, EVERYTHING, scope=SYSTEM_SCOPE) == batch
    assert {"shops_han0", "shops_word0", "shops_tally", "shops_geom"} <= set(reader.unindexed())
    again = open_postgis(postgres_url, TOWN, Clock(), postgres_schema)
    whole(again, batch)
    whole(reader, batch)
    again.close()
    reader.close()


@pytest.mark.drill
def test_a_process_killed_while_its_indexes_are_made_is_followed_by_a_start_that_makes_the_rest(
    postgres_url, postgres_schema
):
    open_postgis(postgres_url, TOWN, Clock(), postgres_schema).close()
    with watching(postgres_url, postgres_schema) as db:
        killed_when(db, postgres_url, postgres_schema, MANY, IN_THE_MAKING)
    store = open_postgis(postgres_url, TOWN, Clock(), postgres_schema)
    whole(store, MANY)
    store.close()


def test_indexes_the_server_gave_up_are_told_by_the_load_and_named_until_a_start_makes_them(
    postgres_url, postgres_schema, batch
):
    store = open_postgis(postgres_url, TOWN, Clock(), postgres_schema)
    with watching(postgres_url, postgres_schema) as db, ThreadPoolExecutor(1) as beside:
        db.execute("SELECT pg_advisory_lock(hashtext(current_schema() || %s))", (BESIDE,))
        loading = beside.submit(
            store.load, SHOPS, many_shops(batch), actor=SYSTEM_ACTOR, reason="given up", scope=SYSTEM_SCOPE
        )
        while db.execute(WAITED_FOR).fetchone() is None and not loading.done():
            pass
        db.execute(GIVEN_UP)
        db.execute("SELECT pg_advisory_unlock_all()")
        loaded = loading.result()
    assert (loaded.rows, loaded.indexed) == (batch, False)
    assert store.unindexed() != ()
    assert store.count(SHOPS, EVERYTHING, scope=SYSTEM_SCOPE) == batch
    again = open_postgis(postgres_url, TOWN, Clock(), postgres_schema)
    whole(again, batch)
    again.close()
    store.close()


def test_what_is_missing_is_told_by_name_at_once_of_every_layer_and_made_by_the_next_start(
    postgres_url, postgres_schema
):
    store = open_postgis(postgres_url, TOWN, Clock(), postgres_schema)
    gone = {f"{layer.id}_tally" for layer in TOWN} | {"shops_geom", "shops_han0"}
    with watching(postgres_url, postgres_schema) as db:
        for name in sorted(gone):
            db.execute(f"DROP INDEX {name}")
    assert (set(store.unindexed()), len(gone) > 3) == (gone, True)
    open_postgis(postgres_url, TOWN, Clock(), postgres_schema).close()
    assert store.unindexed() == ()
    store.close()
