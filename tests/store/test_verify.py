"""Verification finds what was changed behind the feed's back."""

import sqlite3
from pathlib import Path

import pytest

from core.actors import SYSTEM_ACTOR
from core.scope import SYSTEM_SCOPE
from store.embedded import open_embedded
from store.feed import Delete, Put
from tests.store.cityscape import TOWN, Clock, Shop, many_shops

SHOPS = TOWN["shops"]


def filled(path: Path) -> None:
    store = open_embedded(path, TOWN, Clock())
    given = {"actor": SYSTEM_ACTOR, "reason": "test", "scope": SYSTEM_SCOPE}
    store.load(SHOPS, many_shops(40), **given)  # type: ignore[arg-type]
    store.commit([Put(layer="shops", record=Shop(code="new", name="甲", area="990101"))], **given)  # type: ignore[arg-type]
    store.commit([Put(layer="shops", record=Shop(code="new", name="乙", area="990101"))], **given)  # type: ignore[arg-type]
    store.commit([Delete(layer="shops", key="new")], **given)  # type: ignore[arg-type]
    store.close()


def findings(path: Path) -> list[str]:
    store = open_embedded(path, TOWN, Clock())
    try:
        return [finding.text.en for finding in store.verify().findings]
    finally:
        store.close()


def test_an_honest_file_is_intact(tmp_path: Path) -> None:
    filled(tmp_path / "city.gpkg")
    assert findings(tmp_path / "city.gpkg") == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE shops SET name = 'x' WHERE fid = 3", "the live row differs from its hash"),
        ("DELETE FROM shops WHERE fid = 3", "the rows of the load differ from its entry"),
        ("UPDATE om_versions SET body = CAST('{}' AS BLOB) WHERE version = 1", "version 1 differs from its hash"),
        ("DELETE FROM om_versions WHERE version = 2", "the row is missing or differs from its entry"),
        ("UPDATE om_feed SET actor = 'nobody' WHERE seq = 2", "the chain value does not fit"),
        ("DELETE FROM om_feed WHERE seq = 2", "sequence numbers have a gap"),
    ],
)
def test_what_was_changed_behind_the_feed_is_found(tmp_path: Path, statement: str, said: str) -> None:
    filled(tmp_path / "city.gpkg")
    db = sqlite3.connect(tmp_path / "city.gpkg")
    assert db.execute(statement).rowcount == 1
    db.commit()
    db.close()
    assert said in findings(tmp_path / "city.gpkg")
