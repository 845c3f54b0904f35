"""What a caller sees of sensitive fields and rows is in the audit before they see it; the rest leaves no entry."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.actors import Actor
from core.caller import Caller, current_address, current_caller
from core.scope import Scope, Sensitivity
from layers.filters import And, Compare, In, Not, Op, Or, Under
from store.audit import AuditEntry, AuditLog, Outcome, Sought, UnrecordedError, keys_hash
from store.audit.wording import worded
from store.feed import Put
from store.protocol import Store
from store.query import COUNT, EVERYTHING, Order, Query
from store.recorded import RecordedStore
from tests.store.cityscape import CITY, CLERK, NOTES, PUBLIC, ROADS, SHOPS, Clock, Note, many_shops, shop

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
OFFICER = Scope(areas=("",), clearance=Sensitivity.SENSITIVE)
INTERNAL = Scope(areas=("",), clearance=Sensitivity.INTERNAL)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[AuditLog]:
    made = AuditLog(f"sqlite:///{tmp_path / 'audit.db'}")
    yield made
    made.close()


@pytest.fixture
def recorded(store: Store, log: AuditLog) -> RecordedStore:
    store.commit(
        [
            Put(layer="shops", record=shop("S1", name="化工商店", phone="13800000001")),
            Put(layer="shops", record=shop("S2", name="农药商店", phone="13800000002")),
            Put(layer="shops", record=shop("S3")),
            Put(layer="notes", record=Note(code="N1", text="公开")),
            Put(layer="notes", record=Note(code="N2", text="举报", sensitivity=Sensitivity.SENSITIVE)),
        ],
        actor=CLERK, reason="", scope=CITY,
    )  # fmt: skip
    return RecordedStore(store, log, Clock())


@contextmanager
def calling(scope: Scope) -> Iterator[None]:
    caller = Caller(actor=Actor(id="li", name="李", door="page"), scope=scope, account="a1", post="p1")
    tokens = current_caller.set(caller), current_address.set("10.1.2.3")
    try:
        yield
    finally:
        current_caller.reset(tokens[0])
        current_address.reset(tokens[1])


def told(log: AuditLog) -> list[AuditEntry]:
    return [one.entry for one in reversed(log.search(Sought()))]


def test_a_read_of_a_sensitive_field_is_one_entry_with_who_what_how_and_the_hash_of_keys(
    recorded: RecordedStore, log: AuditLog
) -> None:
    where = And((Compare("risk", Op.EQ, 1), In("code", ("S1", "S2"))))
    query = Query(where=In("code", ("S1", "S2")), fields=("phone",), geometry=False)
    with calling(OFFICER):
        rows = recorded.read(SHOPS, query, scope=OFFICER)
    assert rows.column_names == ["phone", "_version", "_seq"]
    (entry,) = told(log)
    assert (entry.actor, entry.account, entry.post, entry.door, entry.address) == ("li", "a1", "p1", "page", "10.1.2.3")
    assert (entry.kind, entry.what, entry.where) == ("read", "shops", "code IN ('S1', 'S2')")
    assert (entry.rows, entry.keys_hash) == (2, keys_hash(["S1", "S2"]))
    assert log.search(Sought(what="shops", key="S2"))[0].possibly is False
    assert worded(where) == "(risk = 1 AND code IN ('S1', 'S2'))"


def test_what_is_not_sensitive_leaves_no_entry(recorded: RecordedStore, log: AuditLog) -> None:
    with calling(OFFICER):
        assert recorded.read(SHOPS, Query(fields=("code", "name")), scope=OFFICER).num_rows == 3
        assert recorded.read(ROADS, EVERYTHING, scope=OFFICER).num_rows == 0
        assert recorded.count(SHOPS, EVERYTHING, scope=OFFICER) == 3
        assert recorded.search("公开", scope=OFFICER)
    for scope in (INTERNAL, PUBLIC):
        with calling(scope):
            recorded.read(SHOPS, EVERYTHING, scope=scope)
            recorded.get(SHOPS, "S1", scope=scope)
    recorded.read(SHOPS, EVERYTHING, scope=CITY)
    assert told(log) == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.get(SHOPS, "S1", scope=OFFICER),
        lambda store: store.read(SHOPS, Query(where=In("code", ("S1",))), scope=OFFICER),
        lambda store: store.read(SHOPS, Query(where=In("code", ("S1",)), at_seq=1), scope=OFFICER),
        lambda store: list(store.batches(SHOPS, Query(where=In("code", ("S1",))), scope=OFFICER)),
        lambda store: store.versions(SHOPS, "S1", scope=OFFICER),
        lambda store: store.search("13800000001", scope=OFFICER),
        lambda store: store.read(SHOPS, Query(fields=("name",), order=(Order("phone"),), limit=1), scope=OFFICER),
        lambda store: store.count(SHOPS, Query(where=Compare("phone", Op.EQ, "1")), scope=OFFICER),
        lambda store: store.totals(SHOPS, EVERYTHING, by=("phone",), of=(COUNT,), scope=OFFICER),
    ],
    ids=["get", "read", "as-of", "stream", "versions", "search", "order", "count-by-filter", "grouped"],
)
def test_every_way_to_a_sensitive_field_is_recorded(recorded: RecordedStore, log: AuditLog, ask: Any) -> None:
    with calling(OFFICER):
        ask(recorded)
    (entry,) = told(log)
    assert entry.what == "shops"
    assert entry.where.isascii()


def test_a_sensitive_row_is_recorded_and_its_open_neighbours_are_not(recorded: RecordedStore, log: AuditLog) -> None:
    with calling(OFFICER):
        rows = recorded.read(NOTES, Query(fields=("text",)), scope=OFFICER)
        recorded.get(NOTES, "N2", scope=OFFICER)
        recorded.get(NOTES, "N1", scope=OFFICER)
        recorded.search("举报", scope=OFFICER)
        list(recorded.batches(NOTES, EVERYTHING, scope=OFFICER))
    assert rows.column_names == ["text", "_version", "_seq"]
    assert [(entry.what, entry.key, entry.rows) for entry in told(log)] == [("notes", "N2", 1)] * 4


def test_a_long_stream_is_told_before_it_begins_and_before_its_last_rows_leave(
    recorded: RecordedStore, store: Store, log: AuditLog
) -> None:
    store.load(SHOPS, many_shops(30), actor=CLERK, reason="", scope=CITY)
    with calling(OFFICER):
        stream = recorded.batches(SHOPS, EVERYTHING, scope=OFFICER, rows=10)
        first = next(stream)
        assert [(entry.outcome, entry.rows) for entry in told(log)] == [(Outcome.BEGUN, 0)]
        rest = [batch.num_rows for batch in stream]
    begun, ended = told(log)
    keys = recorded.read(SHOPS, Query(fields=("code",)), scope=CITY)["code"].to_pylist()
    assert first.num_rows + sum(rest) == ended.rows == 33
    assert ended.where == f"begun #{begun.seq}"
    assert ended.keys_hash == keys_hash(keys)


def test_a_stream_broken_off_says_what_had_left(recorded: RecordedStore, store: Store, log: AuditLog) -> None:
    store.load(SHOPS, many_shops(30), actor=CLERK, reason="", scope=CITY)
    with calling(OFFICER):
        stream = recorded.batches(SHOPS, EVERYTHING, scope=OFFICER, rows=10)
        next(stream)
        stream.close()  # type: ignore[attr-defined]
    assert [(entry.outcome, entry.rows) for entry in told(log)] == [(Outcome.BEGUN, 0), (Outcome.FAILED, 10)]


def test_what_cannot_be_recorded_is_not_answered(recorded: RecordedStore, log: AuditLog) -> None:
    with log._engine.begin() as db:
        db.exec_driver_sql("DROP TABLE audit")
    with calling(OFFICER):
        assert recorded.read(SHOPS, Query(fields=("name",)), scope=OFFICER).num_rows == 3
        for ask in (
            lambda: recorded.get(SHOPS, "S1", scope=OFFICER),
            lambda: recorded.read(SHOPS, EVERYTHING, scope=OFFICER),
            lambda: next(recorded.batches(SHOPS, EVERYTHING, scope=OFFICER)),
        ):
            with pytest.raises(UnrecordedError):
                ask()


def test_filters_are_worded_the_same_each_time() -> None:
    where = Or((Not(Under("area", "330102")), Compare("name", Op.EQ, "老王's")))
    assert worded(where) == "(NOT area UNDER '330102' OR name = '老王''s')"
