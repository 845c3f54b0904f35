"""A long answer holds a few batches at a time, whatever it is written as and whichever engine keeps the rows."""

import weakref
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from benchmarks.wfs_stream import CALLER, CATALOGUE, OUTPUTS, SITES, batches
from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE, Scope
from layers.layer import Layer
from ogc.kvp import KVP
from ogc.services import Services
from ogc.wfs import wfs
from store.embedded import open_embedded
from store.embedded.store import EmbeddedStore
from store.postgis import open_postgis
from store.protocol import Store
from store.query import Query

ROWS = 16_000
HELD = 3


class Watched:
    """A store that knows which of the batches it gave are still somebody's."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.catalogue = store.catalogue
        self.alive: list[weakref.ref[pa.RecordBatch]] = []
        self.given = self.most = 0

    def batches(self, layer: Layer, query: Query, *, scope: Scope, rows: int = 5000) -> Iterator[pa.RecordBatch]:
        for batch in self.store.batches(layer, query, scope=scope, rows=rows):
            self.alive = [one for one in (*self.alive, weakref.ref(batch)) if one() is not None]
            self.given += 1
            self.most = max(self.most, len(self.alive))
            yield batch

    def count(self, layer: Layer, query: Query, *, scope: Scope) -> int:
        return self.store.count(layer, query, scope=scope)

    def head(self) -> int:
        return self.store.head()


@pytest.fixture(scope="module", params=["embedded", pytest.param("postgis", marks=pytest.mark.postgis)])
def sites(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    if request.param == "embedded":
        store: Store = open_embedded(tmp_path_factory.mktemp("stream") / "sites.gpkg", CATALOGUE, utc_now)
    else:
        store = open_postgis(request.getfixturevalue("postgres_url"), CATALOGUE, utc_now, "streamed_sites")
    store.load(SITES, batches(ROWS), actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
    yield store
    store.close()


@pytest.mark.parametrize("output", OUTPUTS)
def test_a_long_answer_holds_few_batches_and_reads_no_further_than_it_is_heard(sites: Store, output: str) -> None:
    watched = Watched(sites)
    services = Services(catalogue=CATALOGUE, store=watched)  # type: ignore[arg-type]
    asked = {"request": "GetFeature", "typenames": "sites", "count": "1000000", "outputformat": output}
    answer = wfs(KVP(list(asked.items())), b"", CALLER, services, "http://127.0.0.1/ogc/wfs")
    assert answer.status == 200
    assert not isinstance(answer.body, bytes)
    heard = 0
    for chunk in answer.body:
        heard += bool(chunk)
        assert output == "geopackage" or watched.given <= heard + 1
    assert watched.given >= ROWS // 5000
    assert watched.most <= HELD


def test_a_long_reading_maps_nothing_and_sorts_on_disk(tmp_path: Path) -> None:
    store = open_embedded(tmp_path / "sites.gpkg", CATALOGUE, utc_now)
    connections = store._connections
    with connections.reading() as db, connections.reading(None, long=True) as long:
        mapped, here = ([one.execute(f"PRAGMA {name}").fetchone()[0] for name in NAMES] for one in (db, long))
    assert (mapped[0] > 0, here[0], here[1]) == (True, 0, ON_DISK)
    assert connections._idle == {False: [db], True: [long]}
    store.close()


NAMES = ("mmap_size", "temp_store")
ON_DISK = 1


def plans(store: EmbeddedStore, query: Query, scope: Scope) -> str:
    """What SQLite does for the last statement of a reading."""
    from store.embedded import reading

    with store._connections.reading() as db:
        said: list[str] = []
        db.set_trace_callback(said.append)
        list(reading.batches(db, SITES, query, scope, 5000))
        db.set_trace_callback(None)
        return str(db.execute(f"EXPLAIN QUERY PLAN {said[-1]}").fetchall())


def test_a_page_of_what_is_mostly_seen_sorts_nothing_and_a_page_of_little_does_not_walk_the_rest(
    tmp_path: Path,
) -> None:
    store = open_embedded(tmp_path / "sites.gpkg", CATALOGUE, utc_now)
    store.load(SITES, batches(4000), actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
    for query in (Query(limit=10), Query(limit=10, offset=3990)):
        assert "USING INDEX sites_key" in plans(store, query, CALLER.scope)
        assert "TEMP B-TREE" in plans(store, query, Scope(areas=("990203",), clearance=CALLER.scope.clearance))
    read = store.read(SITES, Query(limit=10, offset=3990), scope=CALLER.scope)
    assert read["code"].to_pylist() == [f"S{number:08d}" for number in range(3990, 4000)]
    store.close()
