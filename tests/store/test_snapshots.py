"""What every store promises of a snapshot: one moment of all layers, whoever commits meanwhile."""

import threading

import pytest

from core.errors import BadInputError, NotFoundError
from layers.filters import Spatial, SpatialOp
from store.feed import Delete, Put
from store.query import EVERYTHING, Order, Query
from tests.store.cityscape import CITY, CLERK, NOTES, PUBLIC, ROADS, SHOPS, TANKS, Note, many_shops, shop


def put(store, *edits):
    store.commit(list(edits), actor=CLERK, reason="test", scope=CITY)


def codes(snapshot, layer, query=EVERYTHING, scope=CITY):
    return sorted(code for batch in snapshot.batches(layer, query, scope=scope) for code in batch["code"].to_pylist())


def test_a_snapshot_answers_of_its_moment_whatever_is_committed_meanwhile(store):
    put(store, Put(layer="shops", record=shop("A", risk=1)), Put(layer="shops", record=shop("B", risk=2)))
    with store.snapshot() as snapshot:
        assert snapshot.head == 2
        put(
            store,
            Put(layer="shops", record=shop("A", risk=4)),
            Delete(layer="shops", key="B"),
            Put(layer="shops", record=shop("C")),
            Put(layer="notes", record=Note(code="N")),
        )
        assert store.head() == 6
        assert codes(snapshot, SHOPS) == ["A", "B"]
        assert codes(snapshot, NOTES) == []
        assert snapshot.count(SHOPS, EVERYTHING, scope=CITY) == 2
        (batch,) = snapshot.batches(SHOPS, Query(order=(Order("code"),)), scope=CITY)
        assert batch["risk"].to_pylist() == [1, 2]
    with store.snapshot() as snapshot:
        assert (snapshot.head, codes(snapshot, SHOPS), codes(snapshot, NOTES)) == (6, ["A", "C"], ["N"])


def test_a_long_stream_of_a_snapshot_is_not_changed_by_a_load_in_its_middle(store):
    store.load(SHOPS, many_shops(3000), actor=CLERK, reason="", scope=CITY)
    with store.snapshot() as snapshot:
        stream = snapshot.batches(SHOPS, Query(order=(Order("code"),)), scope=CITY, rows=1000)
        found = next(stream)["code"].to_pylist()
        load = threading.Thread(
            target=lambda: store.load(SHOPS, many_shops(3000, 1500), actor=CLERK, reason="", scope=CITY)
        )
        load.start()
        load.join()
        found += [code for batch in stream for code in batch["code"].to_pylist()]
        assert found == [f"S{n:07d}" for n in range(3000)]
        around = Query(where=Spatial(SpatialOp.DWITHIN, shop().geometry, 500_000.0))
        assert snapshot.count(SHOPS, around, scope=CITY) == 3000
    assert store.count(SHOPS, EVERYTHING, scope=CITY) == 4500


def test_a_snapshot_has_the_rights_of_every_read(store):
    put(store, Put(layer="shops", record=shop("A", phone="13800000000")))
    with store.snapshot() as snapshot:
        (batch,) = snapshot.batches(SHOPS, EVERYTHING, scope=PUBLIC)
        assert "phone" not in batch.schema.names
        for ask in (snapshot.batches, snapshot.count):
            with pytest.raises(NotFoundError):
                ask(TANKS, EVERYTHING, scope=PUBLIC)
        assert codes(snapshot, ROADS, scope=PUBLIC) == []


def test_a_snapshot_does_not_look_further_back(store):
    with store.snapshot() as snapshot, pytest.raises(BadInputError, match="at_seq"):
        snapshot.batches(SHOPS, Query(at_seq=1), scope=CITY)
