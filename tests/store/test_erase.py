"""Erasure by law: gone from rows, versions, index and bytes; said by verification, never hidden by it."""

import sqlite3
from pathlib import Path

import pytest

from core.errors import ConflictError, FaultsError, ForbiddenError, NotFoundError
from store.embedded import open_embedded
from store.feed import Change, Delete, Put
from store.protocol import Store
from store.query import EVERYTHING, Query
from tests.store.cityscape import CITY, CLERK, DISTRICT, PUBLIC, SHOPS, TOWN, Clock, many_shops, shop

PHONE = "qz13877665544"
OTHER = "wx13900001111"
GIVEN = {"actor": CLERK, "reason": "本人申请", "scope": CITY}


def put(store: Store, **more: object) -> None:
    store.commit([Put(layer="shops", record=shop(**more))], actor=CLERK, reason="", scope=CITY)  # type: ignore[arg-type]


def erase(store: Store, *fields: str, key: str = "S1") -> None:
    store.erase(SHOPS, [key], fields, **GIVEN)  # type: ignore[arg-type]


def test_an_erased_field_is_gone_from_the_row_every_version_and_the_search(store: Store) -> None:
    put(store, phone=PHONE, name="甲")
    put(store, phone=PHONE, name="乙")
    put(store, phone=OTHER, name="丙")
    done = store.erase(SHOPS, ["S1"], ["phone"], **GIVEN)  # type: ignore[arg-type]
    assert done.gone
    got = store.get(SHOPS, "S1", scope=CITY)
    assert (got.record.phone, got.record.name, got.version) == ("", "丙", 4)  # type: ignore[attr-defined]
    versions = store.versions(SHOPS, "S1", scope=CITY)
    assert [v.version for v in versions] == [1, 2, 3, 4]
    assert not any(PHONE.encode() in v.body or OTHER.encode() in v.body for v in versions)
    assert store.search(PHONE, scope=CITY) == store.search(OTHER, scope=CITY) == ()
    assert store.read(SHOPS, Query(at_seq=2), scope=CITY)["phone"].to_pylist() != [PHONE]


def test_an_erasure_is_an_entry_that_says_which_fields_and_why(store: Store) -> None:
    put(store, phone=PHONE)
    erase(store, "phone")
    entry = store.feed(after=1, scope=CITY)[0]
    assert (entry.change, entry.actor, entry.reason) == (Change.ERASE, "clerk", "phone:本人申请")
    assert (entry.old_version, entry.new_version) == (1, 2)


def test_verification_says_erased_and_not_broken(store: Store) -> None:
    put(store, phone=PHONE)
    put(store, phone=PHONE, risk=3)
    erase(store, "phone")
    found = store.verify()
    assert found.findings == ()
    assert [(e.layer, e.key, e.versions, e.actor) for e in found.erasures] == [("shops", "S1", 2, "clerk")]


def test_a_row_that_came_with_a_load_can_be_erased_and_erased_again(store: Store) -> None:
    store.load(SHOPS, many_shops(20), **GIVEN)  # type: ignore[arg-type]
    erase(store, "name", key="S0000003")
    erase(store, "founded", "geometry", key="S0000003")
    record = store.get(SHOPS, "S0000003", scope=CITY).record
    assert (record.name, record.founded, record.geometry) == ("", None, None)  # type: ignore[attr-defined]
    assert store.verify().findings == ()
    assert len(store.verify().erasures) == 2
    assert store.count(SHOPS, EVERYTHING, scope=CITY) == 20


def test_a_deleted_row_can_be_erased_too(store: Store) -> None:
    put(store, phone=PHONE)
    store.commit([Delete(layer="shops", key="S1")], **GIVEN)  # type: ignore[arg-type]
    erase(store, "phone")
    assert PHONE.encode() not in store.versions(SHOPS, "S1", scope=CITY)[0].body
    assert store.verify().findings == ()
    with pytest.raises(NotFoundError):
        store.get(SHOPS, "S1", scope=CITY)


def test_who_saw_the_row_before_cannot_write_the_erased_field_back(store: Store) -> None:
    put(store, phone=PHONE)
    seen = store.get(SHOPS, "S1", scope=CITY)
    erase(store, "phone")
    with pytest.raises(ConflictError):
        store.commit([Put(layer="shops", record=seen.record, expected=seen.version)], **GIVEN)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "said"),
    [("code", "主键"), ("area", "决定谁能看到"), ("colour", "可删除:name"), ("sensitivity", "决定谁")],
)
def test_a_field_that_must_stay_is_refused_with_the_reason(store: Store, field: str, said: str) -> None:
    put(store, phone=PHONE)
    with pytest.raises(FaultsError, match=said):
        erase(store, field, "phone")
    assert store.get(SHOPS, "S1", scope=CITY).record.phone == PHONE  # type: ignore[attr-defined]


def test_nobody_erases_beyond_their_area_or_clearance(store: Store) -> None:
    put(store, phone=PHONE, area="330102001")
    put(store, phone=PHONE, area="330105001")
    for scope, wrong in ((DISTRICT, FaultsError), (PUBLIC, ForbiddenError)):
        with pytest.raises(wrong):
            store.erase(SHOPS, ["S1"], ["phone"], actor=CLERK, reason="", scope=scope)
    with pytest.raises(ForbiddenError, match="管辖范围"):
        store.erase(SHOPS, ["S1"], ["name", "risk"], actor=CLERK, reason="", scope=DISTRICT)
    with pytest.raises(NotFoundError):
        erase(store, "phone", key="nobody")
    with pytest.raises(ConflictError, match="任何版本"):
        erase(store, "checked_at")


def test_an_erasure_of_many_rows_is_all_or_nothing(store: Store) -> None:
    put(store, code="S1", phone=PHONE)
    put(store, code="S2")
    with pytest.raises(ConflictError):
        store.erase(SHOPS, ["S1", "S2"], ["phone"], **GIVEN)  # type: ignore[arg-type]
    assert store.get(SHOPS, "S1", scope=CITY).record.phone == PHONE  # type: ignore[attr-defined]


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def test_no_byte_of_an_erased_value_is_left_in_the_files(tmp_path: Path) -> None:
    store = open_embedded(tmp_path / "city.gpkg", TOWN, Clock())
    store.load(SHOPS, many_shops(3000), **GIVEN)  # type: ignore[arg-type]
    for turn in range(3):
        for number in range(0, 3000, 50):
            put(store, code=f"S{number:07d}", phone=f"qz{number:04d}zq", name=f"第{turn}次" * 20)
    erase(store, "phone", key="S0000100")
    assert b"qz0150zq" in bytes_of(tmp_path)
    assert b"qz0100zq" not in bytes_of(tmp_path)
    store.erase(SHOPS, [f"S{n:07d}" for n in range(0, 3000, 50) if n != 100], ["phone"], **GIVEN)  # type: ignore[arg-type]
    left = bytes_of(tmp_path)
    assert not [n for n in range(0, 3000, 50) if f"qz{n:04d}zq".encode() in left]
    assert store.verify().findings == ()
    store.close()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE om_versions SET body = CAST('{}' AS BLOB) WHERE version = 1",
            "version 1 differs from what the erasure left",
        ),
        ("UPDATE om_erased SET row_hash = 'x' WHERE version = 1", "what was erased differs from its entry"),
        ("DELETE FROM om_erased WHERE version = 1", "version 1 differs from its hash"),
        ("UPDATE shops SET name = 'x'", "the live row differs from its hash"),
        ("UPDATE om_erased SET seq = 1 WHERE version = 1", "what was erased differs from its entry"),
    ],
)
def test_a_tampered_erased_row_is_still_found(tmp_path: Path, statement: str, said: str) -> None:
    store = open_embedded(tmp_path / "city.gpkg", TOWN, Clock())
    put(store, phone=PHONE)
    erase(store, "phone")
    store.close()
    db = sqlite3.connect(tmp_path / "city.gpkg")
    assert db.execute(statement).rowcount == 1
    db.commit()
    db.close()
    store = open_embedded(tmp_path / "city.gpkg", TOWN, Clock())
    assert said in [finding.text.en for finding in store.verify().findings]
    store.close()


def test_a_reader_in_the_middle_keeps_the_old_bytes_only_as_long_as_it_reads(tmp_path: Path) -> None:
    store = open_embedded(tmp_path / "city.gpkg", TOWN, Clock())
    put(store, phone=PHONE)
    reader = sqlite3.connect(tmp_path / "city.gpkg", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM shops").fetchall()
    erase(store, "phone")
    assert reader.execute("SELECT phone FROM shops").fetchall() == [(PHONE,)]
    reader.close()
    store.close()
    assert PHONE.encode() not in bytes_of(tmp_path)
