"""Signed heads: a feed rewritten with a chain that fits itself, or cut short, contradicts them."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.clock import iso
from core.errors import ConflictError
from store import entries
from store.chain import GENESIS, linked
from store.embedded import open_embedded
from store.feed import Put
from store.heads import Heads
from store.protocol import Store
from tests.store.cityscape import CITY, CLERK, TOWN, Clock, Note, shop

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
LATER = AT + timedelta(days=1)


@pytest.fixture
def heads(tmp_path: Path) -> Heads:
    """A folder of heads beside the store's own."""
    return Heads(tmp_path / "elsewhere", tmp_path / "elsewhere" / "key")


def put(store: Store, *records: object) -> None:
    named = {"Shop": "shops", "Note": "notes"}
    edits = [Put(layer=named[type(r).__name__], record=r) for r in records]  # type: ignore[arg-type]
    store.commit(edits, actor=CLERK, reason="", scope=CITY)


def rewritten(path: Path, statement: str) -> None:
    """Change history as somebody would who holds the file and knows how it is built: the chain fits itself again."""
    db = sqlite3.connect(path)
    db.execute(statement)
    rows = db.execute(f"SELECT {entries.COLUMNS} FROM om_feed ORDER BY seq").fetchall()
    chains: dict[str, str] = {}
    for row in rows:
        entry = linked(chains.get(row[4], GENESIS), entries.entry_of(row))
        chains[entry.stream] = entry.chain
        db.execute("UPDATE om_feed SET chain = ? WHERE seq = ?", (entry.chain, entry.seq))
    db.commit()
    db.close()


def test_a_store_says_where_each_stream_stands(store: Store) -> None:
    assert store.streams() == {}
    put(store, shop("A"), Note(code="N"), shop("B"))
    feed = store.feed(after=0, scope=CITY)
    assert store.streams() == {"supervision": (3, feed[2].chain), "event": (2, feed[1].chain)}


def test_an_honest_feed_agrees_with_its_heads(store: Store, heads: Heads) -> None:
    put(store, shop("A"), Note(code="N"))
    heads.sign(store.streams(), at=AT)
    put(store, shop("B"))
    heads.sign(store.streams(), at=LATER)
    read = heads.read()
    assert (len(read.heads), read.faults) == (2, ())
    assert read.heads[1].previous != GENESIS
    assert store.verify(read.seals).findings == ()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE om_feed SET actor = 'somebody' WHERE seq = 1", "rewritten"),
        ("UPDATE om_feed SET at = '2020-01-01T00:00:00.000000Z' WHERE seq = 2", "rewritten"),
    ],
)
def test_a_chain_rewritten_whole_is_found_by_the_heads_alone(
    tmp_path: Path, heads: Heads, statement: str, said: str
) -> None:
    path = tmp_path / "city.gpkg"
    store = open_embedded(path, TOWN, Clock())
    put(store, shop("A"), shop("B"))
    heads.sign(store.streams(), at=AT)
    store.close()
    rewritten(path, statement)
    store = open_embedded(path, TOWN, Clock())
    assert store.verify().findings == ()
    assert [said in finding.text.en for finding in store.verify(heads.read().seals).findings] == [True]
    store.close()


def test_a_feed_cut_short_with_its_rows_is_found_by_the_heads_alone(tmp_path: Path, heads: Heads) -> None:
    path = tmp_path / "city.gpkg"
    store = open_embedded(path, TOWN, Clock())
    put(store, shop("A"), shop("B"))
    heads.sign(store.streams(), at=AT)
    store.close()
    db = sqlite3.connect(path)
    db.execute("DELETE FROM om_feed WHERE seq = 2")
    db.execute("DELETE FROM rtree_shops_geom WHERE id = (SELECT fid FROM shops WHERE code = 'B')")
    db.execute("DELETE FROM shops WHERE code = 'B'")
    db.commit()
    db.close()
    store = open_embedded(path, TOWN, Clock())
    assert store.verify().findings == ()
    assert ["was cut" in finding.text.en for finding in store.verify(heads.read().seals).findings] == [True]
    put(store, shop("C"))
    assert ["rewritten" in finding.text.en for finding in store.verify(heads.read().seals).findings] == [True]
    store.close()


def test_a_head_that_was_changed_or_taken_away_is_found(heads: Heads) -> None:
    for turn in range(3):
        heads.sign({"event": (turn + 1, "c" * 64)}, at=AT + timedelta(minutes=turn))
    path = heads.folder / f"{iso(AT)[:10]}.jsonl"
    whole = path.read_text().splitlines(keepends=True)
    path.write_text("".join(whole).replace('[2,"', '[9,"'))
    assert [fault.en for fault in heads.read().faults] == [
        f"the signature of head {path.name}:2 does not fit",
        f"head {path.name}:3 does not follow the one before it",
    ]
    path.write_text(whole[0] + whole[2])
    assert [fault.en for fault in heads.read().faults] == [f"head {path.name}:2 does not follow the one before it"]
    path.write_text(whole[0] + "{torn\n" + whole[2])
    assert "cannot be read" in heads.read().faults[0].en


def test_a_head_after_a_torn_line_stands_on_a_line_of_its_own(heads: Heads) -> None:
    heads.sign({"event": (1, "a" * 64)}, at=AT)
    path = heads.folder / f"{iso(AT)[:10]}.jsonl"
    path.write_bytes(path.read_bytes() + b'{"at":"2026')
    heads.sign({"event": (2, "b" * 64)}, at=AT)
    read = heads.read()
    assert (len(read.heads), len(read.faults)) == (2, 1)


def test_only_the_systems_own_user_may_read_the_key(heads: Heads, tmp_path: Path) -> None:
    heads.sign({}, at=AT)
    key = tmp_path / "elsewhere" / "key"
    assert key.stat().st_mode & 0o777 == 0o600
    key.chmod(0o640)
    with pytest.raises(ConflictError, match="chmod 600"):
        heads.read()
    key.unlink()
    with pytest.raises(ConflictError, match="缺少密钥"):
        heads.sign({}, at=AT)


def test_after_a_restored_backup_heads_begin_anew_and_say_why(store: Store, heads: Heads) -> None:
    heads.sign({"supervision": (99, "f" * 64)}, at=AT)
    put(store, shop("A"))
    assert len(store.verify(heads.read().seals).findings) == 1
    heads.sign(store.streams(), at=LATER, restart="恢复 11 月 20 日备份")
    read = heads.read()
    assert store.verify(read.seals).findings == ()
    assert read.restarted is not None
    assert read.restarted.restart == "恢复 11 月 20 日备份"
