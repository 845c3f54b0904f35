"""The audit on both engines: what is written is found, what is altered is named, what the law keeps stays."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from core.actors import Actor
from core.canonical import sha256
from core.errors import BadInputError
from store.audit import AuditEntry, AuditLog, By, Kind, Outcome, Sought, UnrecordedError, keys_hash, keys_of
from store.audit.entries import link
from store.chain import GENESIS
from store.heads import Heads
from tests.store.conftest import ENGINES

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
KEEPER = Actor(id="cli:keeper", name="命令行", door="cli")
Tamper = Callable[[str], None]


@pytest.fixture(params=ENGINES)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[AuditLog, Tamper]]:
    """An empty audit of each engine, and a way to change it behind its back."""
    if request.param == "postgis":
        url, schema = request.getfixturevalue("postgres_url"), request.getfixturevalue("postgres_schema")
        with psycopg.connect(url, autocommit=True) as db:
            db.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        log = AuditLog("postgresql+psycopg://" + url.partition("://")[2], schema=schema)

        def tamper(statement: str) -> None:
            with psycopg.connect(url, autocommit=True, options=f"-c search_path={schema}") as db:
                db.execute(statement.encode())
    else:
        log = AuditLog(f"sqlite:///{tmp_path / 'audit.db'}")

        def tamper(statement: str) -> None:
            db = sqlite3.connect(tmp_path / "audit.db", isolation_level=None)
            db.execute(statement)
            db.close()

    yield log, tamper
    log.close()


@pytest.fixture
def log(kept: tuple[AuditLog, Tamper]) -> AuditLog:
    return kept[0]


@pytest.fixture
def tamper(kept: tuple[AuditLog, Tamper]) -> Tamper:
    return kept[1]


def read(*keys: str, at: datetime = AT, actor: str = "city", what: str = "enterprises") -> AuditEntry:
    told = keys_of(keys)
    return AuditEntry(
        at=at, kind=Kind.READ, actor=actor, door="page", what=what, where="risk = 1", rows=told.rows,
        keys_hash=told.keys_hash, kept=told.kept,
    )  # fmt: skip


def sign_in(login: str, outcome: Outcome, *, minutes: int, address: str = "10.0.0.1") -> AuditEntry:
    at = AT + timedelta(minutes=minutes)
    return AuditEntry(at=at, kind=Kind.SIGN_IN, actor=login, door="page", address=address, outcome=outcome)


def filled(log: AuditLog, count: int = 5) -> None:
    for number in range(1, count + 1):
        log.record(read(f"E{number}", at=AT + timedelta(hours=number)))


def kept_at(log: AuditLog) -> str:
    return log._engine.url.render_as_string(hide_password=False)


def broken(log: AuditLog) -> list[int]:
    return [finding.seq for finding in log.verify().findings]


def test_what_is_recorded_comes_back_numbered_and_chained(log: AuditLog) -> None:
    first, second = log.record(read("E1", "E2")), log.record(read("E3"))
    assert (first.seq, second.seq) == (1, 2)
    assert first.chain == link(GENESIS, replace(first, chain=""))
    assert second.chain == link(first.chain, replace(second, chain=""))
    assert log.reads() == [replace(second, kept=()), replace(first, kept=())]
    assert first.keys_hash == sha256(b"E1\nE2\n")
    assert log.verify().findings == ()


def test_entries_of_many_writers_have_numbers_without_a_gap(kept: tuple[AuditLog, Tamper]) -> None:
    log = kept[0]
    threads = [threading.Thread(target=filled, args=(log, 20)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.entry.seq for one in log.search(Sought(), limit=200)] == list(range(120, 0, -1))
    assert log.verify().findings == ()


def test_two_processes_write_one_chain(kept: tuple[AuditLog, Tamper], request: pytest.FixtureRequest) -> None:
    log = kept[0]
    schema = None if "sqlite" in kept_at(log) else request.getfixturevalue("postgres_schema")
    other = AuditLog(kept_at(log), schema)
    try:
        threads = [threading.Thread(target=filled, args=(one, 15)) for one in (log, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        other.close()
    found = log.verify()
    assert (found.entries, found.findings) == (30, ())


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET actor = 'somebody' WHERE seq = 3",
        "UPDATE audit SET filter = '' WHERE seq = 3",
        "UPDATE audit SET rows = 0 WHERE seq = 3",
        "UPDATE audit SET kind = 'nothing' WHERE seq = 3",
        "UPDATE audit_keys SET key_hash = 'x' WHERE seq = 3",
        "DELETE FROM audit_keys WHERE seq = 3",
        "INSERT INTO audit_keys (seq, key_hash) VALUES (3, 'more')",
    ],
)
def test_an_altered_entry_is_named(log: AuditLog, tamper: Tamper, change: str) -> None:
    filled(log)
    tamper(change)
    assert broken(log)[0] == 3


def test_a_deleted_entry_is_found_at_the_one_behind_it(log: AuditLog, tamper: Tamper) -> None:
    filled(log)
    tamper("DELETE FROM audit_keys WHERE seq = 3")
    tamper("DELETE FROM audit WHERE seq = 3")
    assert broken(log)[0] == 4


def test_an_inserted_entry_is_found(log: AuditLog, tamper: Tamper) -> None:
    filled(log)
    columns = (
        "at, kind, actor, account, post, door, address, what, key, filter, rows, keys_hash, outcome, detail, chain"
    )
    tamper(f"INSERT INTO audit (seq, {columns}) SELECT 6, {columns} FROM audit WHERE seq = 2")
    assert broken(log)[0] == 6


def test_a_truncated_audit_is_found_and_by_a_signed_head_even_if_its_own_head_was_moved(
    log: AuditLog, tamper: Tamper, tmp_path: Path
) -> None:
    filled(log)
    heads = Heads(tmp_path / "elsewhere", tmp_path / "elsewhere" / "key")
    heads.sign(log.streams(), at=AT + timedelta(hours=6))
    chain = log.search(Sought(before=4), limit=1)[0].entry.chain
    tamper("DELETE FROM audit_keys WHERE seq > 3")
    tamper("DELETE FROM audit WHERE seq > 3")
    assert broken(log) == [4]
    tamper(f"UPDATE audit_head SET seq = 3, chain = '{chain}'")
    assert broken(log) == []
    assert [one.seq for one in log.verify(heads.read().seals).findings] == [5]


def test_an_audit_rewritten_with_a_chain_that_fits_itself_contradicts_the_signed_head(
    log: AuditLog, tamper: Tamper, tmp_path: Path
) -> None:
    filled(log)
    heads = Heads(tmp_path / "elsewhere", tmp_path / "elsewhere" / "key")
    heads.sign(log.streams(), at=AT + timedelta(hours=6))
    assert log.verify(heads.read().seals).findings == ()
    chain = log.search(Sought(before=5), limit=1)[0].entry.chain
    forged = read("E5", at=AT + timedelta(hours=5), actor="somebody")
    forged = replace(forged, seq=5)
    chain = link(chain, forged)
    tamper(f"UPDATE audit SET actor = 'somebody', chain = '{chain}' WHERE seq = 5")
    tamper(f"UPDATE audit_head SET chain = '{chain}'")
    assert broken(log) == []
    assert [one.seq for one in log.verify(heads.read().seals).findings] == [5]


def test_what_is_older_than_the_law_wants_can_go_and_the_rest_stays_proved(log: AuditLog, tmp_path: Path) -> None:
    filled(log)
    heads = Heads(tmp_path / "elsewhere", tmp_path / "elsewhere" / "key")
    heads.sign(log.streams(), at=AT + timedelta(hours=6))
    later = datetime(2027, 9, 1, tzinfo=UTC)
    log.record(read("E6", at=later))
    cleared = log.clear(before=datetime(2027, 3, 1, tzinfo=UTC), actor=KEEPER, at=later)
    assert cleared is not None
    assert (cleared.through, cleared.count) == (5, 5)
    found = log.verify(heads.read().seals)
    assert (found.entries, found.findings, found.cleared) == (2, (), cleared)
    newest = log.search(Sought(), limit=1)[0].entry
    assert (newest.seq, newest.kind, newest.actor, newest.rows) == (7, Kind.CLEARED, "cli:keeper", 5)
    assert log.clear(before=datetime(2027, 3, 1, tzinfo=UTC), actor=KEEPER, at=later) is None


def test_many_old_entries_go_in_parts_and_the_chain_goes_on_from_the_last(log: AuditLog) -> None:
    filled(log, 7)
    later = datetime(2027, 9, 1, tzinfo=UTC)
    log.record(read("E8", at=later))
    cleared = log.clear(before=datetime(2027, 3, 1, tzinfo=UTC), actor=KEEPER, at=later, part=3)
    assert cleared is not None
    assert (cleared.through, cleared.count) == (7, 7)
    found = log.verify()
    assert (found.entries, found.findings) == (4, ())
    assert [one.entry.rows for one in log.search(Sought(kinds=(Kind.CLEARED,)))] == [1, 3, 3]


def test_nothing_goes_that_the_law_has_kept_for_six_months(log: AuditLog) -> None:
    filled(log)
    with pytest.raises(BadInputError, match="6 months"):
        log.clear(before=AT + timedelta(days=30), actor=KEEPER, at=AT + timedelta(days=60))
    assert log.verify().entries == 5


def test_an_entry_that_says_young_entries_were_cleared_is_found(log: AuditLog, tamper: Tamper) -> None:
    filled(log)
    later = datetime(2027, 9, 1, tzinfo=UTC)
    log.clear(before=datetime(2027, 3, 1, tzinfo=UTC), actor=KEEPER, at=later)
    tamper("UPDATE audit SET detail = replace(detail, '2027-03-01', '2027-08-31') WHERE kind = 'cleared'")
    assert next(one.text.en for one in log.verify().findings).startswith("entries were cleared that the law")


def test_who_saw_a_record_is_answered_for_certain_or_as_possible(log: AuditLog) -> None:
    log.record(read("E1", "E2", actor="one"))
    log.record(read("E3", actor="two"))
    log.record(read(*(f"E{n}" for n in range(300)), actor="three"))
    log.record(read("E2", actor="four", what="sensors"))
    log.record(replace(read("other"), key="E2", actor="five"))
    found = log.search(Sought(what="enterprises", key="E2"))
    assert [(one.entry.actor, one.possibly) for one in found] == [("five", False), ("three", True), ("one", False)]


def test_entries_are_found_by_who_what_when_and_in_pages(log: AuditLog) -> None:
    filled(log, 4)
    log.record(sign_in("district", Outcome.DONE, minutes=600))
    assert [one.entry.seq for one in log.search(Sought(actor="district"))] == [5]
    assert [one.entry.seq for one in log.search(Sought(kinds=(Kind.READ,), before=4), limit=2)] == [3, 2]
    between = Sought(since=AT + timedelta(hours=2), until=AT + timedelta(hours=4))
    assert [one.entry.seq for one in log.search(between)] == [3, 2]
    assert [one.entry.seq for one in log.stream(Sought(door="page", what="enterprises"))] == [4, 3, 2, 1]


def test_entries_are_counted_and_a_day_is_a_day_in_china(log: AuditLog) -> None:
    filled(log, 3)
    log.record(read("E4", "E5", at=datetime(2026, 11, 24, 16, 0, tzinfo=UTC), actor="district"))
    assert [(one.value, one.entries, one.rows) for one in log.totals(Sought(), By.ACTOR)] == [
        ("city", 3, 3), ("district", 1, 2),
    ]  # fmt: skip
    assert [(one.value, one.entries) for one in log.totals(Sought(), By.DAY)] == [("2026-11-24", 3), ("2026-11-25", 1)]


def test_failed_tries_count_since_the_last_success_of_a_login_and_all_of_an_address(log: AuditLog) -> None:
    for minutes, outcome in enumerate((Outcome.FAILED, Outcome.DONE, Outcome.FAILED, Outcome.FAILED)):
        log.record(sign_in("city", outcome, minutes=minutes))
    log.record(sign_in("district", Outcome.FAILED, minutes=9))
    assert log.failures(login="city", since=AT) == [AT + timedelta(minutes=2), AT + timedelta(minutes=3)]
    assert log.failures(login="city", since=AT + timedelta(minutes=3)) == [AT + timedelta(minutes=3)]
    assert len(log.failures(address="10.0.0.1", since=AT)) == 4
    assert log.failures(address="10.0.0.2", since=AT) == []


def test_what_callers_send_is_kept_whatever_it_holds_and_however_long_it_is(log: AuditLog) -> None:
    kept = log.record(sign_in("a\0\ud800" + "长" * 2000, Outcome.FAILED, minutes=0))
    assert len(kept.actor) < 600
    assert log.search(Sought(actor=kept.actor))[0].entry == kept
    assert log.verify().findings == ()


def test_a_read_that_cannot_be_recorded_is_an_error(log: AuditLog, tamper: Tamper) -> None:
    tamper("DROP TABLE audit_keys")
    with pytest.raises(UnrecordedError, match="audit"):
        log.record(read("E1"))
    assert log.search(Sought()) == []


def test_the_hash_of_keys_is_that_of_the_keys_in_code_point_order() -> None:
    assert keys_hash(["乙", "a", "B"]) == sha256("B\na\n乙\n".encode())
