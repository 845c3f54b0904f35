"""The audit asked and taken out: by whom it may be, what is found, and that asking is an entry itself."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as Request

from app.auditing import oversees
from app.demo.histories import samples
from app.doors.audit import audit_routes
from app.problems import on_error
from app.settings import Settings
from app.upkeep import clear_audit
from app.wiring import assemble
from core.actors import SYSTEM_ACTOR, Actor
from core.caller import Caller, Right, current_caller
from core.errors import OneMapError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from layers.catalogue import AREAS, CATALOGUE
from store.audit import AuditEntry, AuditLog, Kind, Outcome, Sought, keys_of
from store.opening import open_audit, open_store
from store.protocol import Store
from tests.app.test_commands import onemap

NOW = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)
CITY = Scope(areas=("9901",), clearance=Sensitivity.INTERNAL)
DISTRICT = Scope(areas=("990106",), clearance=Sensitivity.SECRET)


class As:
    """Lets every request in as one caller."""

    def __init__(self, app: ASGIApp, caller: Caller) -> None:
        self.app = app
        self.caller = caller

    async def __call__(self, scope: Request, receive: Receive, send: Send) -> None:
        current_caller.set(self.caller)
        await self.app(scope, receive, send)


def read(*keys: str, days: int, actor: str, layer: str = "enterprises", where: str = "risk = 1") -> AuditEntry:
    told = keys_of(keys)
    return AuditEntry(
        at=NOW - timedelta(days=days), kind=Kind.READ, actor=actor, door="page", what=layer, where=where,
        rows=told.rows, keys_hash=told.keys_hash, kept=told.kept,
    )  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = open_store(tmp_path_factory.mktemp("audited"), None, CATALOGUE, lambda: NOW)
    made.load(AREAS, pq.read_table(samples() / "areas.parquet"), actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
    yield made
    made.close()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[AuditLog]:
    made = open_audit(tmp_path, None)
    made.record(read("E1", "E2", days=9, actor="city"))
    made.record(read(*(f"E{n}" for n in range(300)), days=5, actor="district", where="=1+1"))
    made.record(read("S1", days=3, actor="city", layer="sensors"))
    made.record(
        AuditEntry(at=NOW, kind=Kind.SIGN_IN, actor="-2+3", door="page", address="10.0.0.9", outcome=Outcome.FAILED)
    )
    yield made
    made.close()


def door(log: AuditLog, store: Store, scope: Scope, *rights: Right) -> TestClient:
    caller = Caller(actor=Actor(id="sun", name="孙", door="api"), scope=scope, rights=frozenset(rights), account="a7")
    site = Starlette(
        routes=audit_routes(log, store, lambda: NOW), middleware=[Middleware(As, caller=caller)],
        exception_handlers={OneMapError: on_error},
    )  # fmt: skip
    return TestClient(site)


@pytest.fixture
def auditor(log: AuditLog, store: Store) -> TestClient:
    return door(log, store, CITY, Right.AUDIT)


def found(auditor: TestClient, **asked: str) -> list[tuple[str, bool]]:
    answer = auditor.get("/api/audit", params=asked)
    assert answer.status_code == 200, answer.text
    return [(one["actor"], one["possibly"]) for one in answer.json()["entries"]]


def test_only_an_auditor_of_the_whole_city_reads_the_audit(log: AuditLog, store: Store) -> None:
    for path in ("/api/audit", "/api/audit/totals", "/api/audit/export"):
        assert door(log, store, CITY, Right.MAP, Right.EXPORT).get(path).status_code == 403
        assert door(log, store, DISTRICT, Right.AUDIT).get(path).status_code == 403
        assert door(log, store, CITY, Right.AUDIT).get(path).status_code == 200


def test_the_whole_city_is_every_area_there_is_and_no_single_enterprise(store: Store) -> None:
    assert oversees(store, CITY)
    assert oversees(store, SYSTEM_SCOPE)
    assert not oversees(store, DISTRICT)
    limited = Scope(areas=("",), clearance=Sensitivity.SECRET, enterprises=frozenset({"E1"}))
    assert not oversees(store, limited)


def test_who_saw_a_record_is_told_as_certain_or_possible(auditor: TestClient) -> None:
    assert found(auditor, layer="enterprises", key="E2") == [("district", True), ("city", False)]
    assert found(auditor, layer="enterprises", key="E2", actor="city") == [("city", False)]
    assert found(auditor, layer="sensors", key="E2") == []


def test_entries_are_found_by_kind_and_day(auditor: TestClient) -> None:
    assert found(auditor, kind="sign-in") == [("-2+3", False)]
    assert found(auditor, kind="read,sign-in", **{"from": "2026-11-23", "to": "2026-11-24"}) == [("district", False)]


def test_pages_follow_each_other_without_gap_or_repeat(auditor: TestClient) -> None:
    seen: list[int] = []
    before = "99"
    for _ in range(2):
        page = auditor.get(
            "/api/audit", params={"kind": "read", "layer": "enterprises", "limit": "1", "before": before or "99"}
        )
        seen += [one["seq"] for one in page.json()["entries"]]
        before = str(page.json()["next"])
    assert seen == [2, 1]


def test_entries_are_counted_by_what_was_asked(auditor: TestClient, log: AuditLog) -> None:
    counted = auditor.get("/api/audit/totals?by=actor&kind=read").json()
    assert counted["totals"] == [
        {"value": "city", "entries": 2, "rows": 3},
        {"value": "district", "entries": 1, "rows": 300},
    ]
    assert log.search(Sought(), limit=1)[0].entry.where == "totals by actor; kind=read"
    days = auditor.get("/api/audit/totals?by=day&layer=enterprises").json()["totals"]
    assert [day["value"] for day in days] == ["2026-11-19", "2026-11-23"]
    refused = auditor.get("/api/audit/totals?by=mood")
    assert (refused.status_code, "可用" in refused.json()["title"]) == (400, True)


def test_asking_is_an_entry_itself(auditor: TestClient, log: AuditLog) -> None:
    found(auditor, layer="sensors")
    entry = log.search(Sought(), limit=1)[0].entry
    assert (entry.kind, entry.actor, entry.account, entry.what, entry.where, entry.rows) == (
        Kind.READ, "sun", "a7", "audit", "layer=sensors", 1,
    )  # fmt: skip


def test_an_export_is_a_marked_guarded_file_and_an_entry(auditor: TestClient, log: AuditLog) -> None:
    answer = auditor.get("/api/audit/export?kind=read,sign-in")
    assert answer.content.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["操作者"] for row in rows] == ["'-2+3", "city", "district", "city"]
    assert [row["条件"] for row in rows] == ["", "risk = 1", "'=1+1", "risk = 1"]
    entry = log.search(Sought(), limit=1)[0].entry
    assert (entry.kind, entry.what, entry.where, entry.rows) == (Kind.EXPORT, "audit", "kind=read,sign-in", 4)
    assert log.verify().findings == ()


@pytest.mark.parametrize(
    ("asked", "said"),
    [("kind=gossip", "没有类别"), ("from=yesterday", "from"), ("who=x", "没有参数“who”"), ("limit=0", "limit"),
     ("from=2026-11-28T08:00:00", "from"), ("before=-1", "before")],
)  # fmt: skip
def test_a_wrong_question_is_refused_by_name(auditor: TestClient, asked: str, said: str) -> None:
    answer = auditor.get(f"/api/audit?{asked}")
    assert answer.status_code == 400
    assert said in answer.json()["title"]


def test_the_command_line_searches_takes_out_and_clears(log: AuditLog, tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    seen = onemap("audit", "search", "--layer", "enterprises", "--key", "E2", *data)
    assert seen.returncode == 0, seen.stderr
    assert [("possibly" in line, "city" in line) for line in seen.stdout.splitlines()] == [(True, False), (False, True)]
    assert "read: 3" in onemap("audit", "totals", *data).stdout
    out = tmp_path / "audit.csv"
    assert onemap("audit", "search", "--kind", "read", "--csv", str(out), *data).returncode == 0
    assert out.read_bytes().startswith("\ufeff".encode())
    refused = onemap("audit", "clear", "--older-than", "5", "--yes", *data)
    assert refused.returncode == 1
    assert "6" in refused.stderr
    log.record(read("E1", days=0, actor="city"))
    assert "nothing to clear" in onemap("audit", "clear", "--yes", *data).stdout
    assert log.verify().findings == ()


def test_old_entries_are_cleared_when_a_person_says_so(tmp_path: Path) -> None:
    log = open_audit(tmp_path, None)
    old = datetime(2024, 1, 1, tzinfo=UTC)
    for number in range(3):
        log.record(AuditEntry(at=old, kind=Kind.READ, actor="city", door="page", what="enterprises", rows=number))
    cleared = onemap("audit", "clear", "--older-than", "6", "--yes", "--data", str(tmp_path))
    assert "cleared: 3" in cleared.stdout, cleared.stderr
    found = log.verify()
    assert (found.entries, found.findings) == (1, ())
    log.close()


def test_a_running_server_clears_what_is_due_and_keeps_the_rest(tmp_path: Path) -> None:
    system = assemble(Settings(data=tmp_path / "data", render_workers=1), clock=lambda: NOW)
    try:
        system.audit.record(read("E1", days=400, actor="city"))
        system.audit.record(read("E2", days=300, actor="city"))
        cleared = clear_audit(system)
        assert cleared is not None
        assert (cleared.through, cleared.count) == (1, 1)
        assert [one.entry.actor for one in system.audit.search(Sought())] == ["system", "city"]
        assert clear_audit(system) is None
    finally:
        system.close()


def test_a_server_does_not_start_that_would_keep_the_audit_for_less_than_the_law_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONEMAP_AUDIT_MONTHS", "5")
    refused = onemap("serve", "--port", "0", "--data", str(tmp_path))
    assert refused.returncode == 1
    assert "at least 6 months, not 5" in refused.stderr
