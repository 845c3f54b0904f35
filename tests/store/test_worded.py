"""Patterns of SQL over search fields: the index of words names the rows to look at and never leaves one out."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.filters import Like, Not, Or
from layers.layer import Layer
from store.compile import Sql, where_clause
from store.embedded import open_embedded
from store.embedded.dialect import SqliteDialect
from store.embedded.store import EmbeddedStore
from store.feed import Put
from store.query import Query
from tests.store.cityscape import CITY, CLERK, SHOPS, TOWN, Clock, many_shops
from tests.store.cityscape import shop as a_shop

TEXTS = (
    "安全阀泄漏",
    "V-101安全 阀",
    "阀安全",
    "全安阀阀",
    "氨",
    "液氨站㈱",
    "LT-201液位计",
    "",
    "a_b%安\\全",
    "盐酸、液氨",
    "ABC安",
)
PIECES = st.lists(st.sampled_from([*"安全阀氨液位V-1 b%_", "\\%", "\\_", "㈱"]), min_size=1, max_size=4).map("".join)
FIELDS = tuple(name for name in SHOPS.search if name != "phone")


class Unindexed(SqliteDialect):
    """Reads every row."""

    def holding(self, sql: Sql, layer: Layer, words: list[str]) -> str:
        """No index is asked."""
        return ""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("worded") / "city.gpkg"
    store = open_embedded(path, TOWN, Clock())
    store.load(SHOPS, many_shops(300), actor=CLERK, reason="", scope=CITY)
    shops = [a_shop(f"T{n}", name=text, goods=(text,)) for n, text in enumerate(TEXTS)]
    store.commit([Put(layer=SHOPS.id, record=one) for one in shops], actor=CLERK, reason="", scope=CITY)
    store.close()
    return path


@given(piece=PIECES, negated=st.booleans(), folding=st.booleans())
def test_a_pattern_finds_the_same_rows_with_and_without_the_index(
    town: Path, piece: str, negated: bool, folding: bool
) -> None:
    alike = Or(tuple(Like(name, f"%{piece}%", folding) for name in FIELDS))
    where = Not(alike) if negated else alike
    found = []
    with closing(sqlite3.connect(town)) as db:
        for dialect in (SqliteDialect(db), Unindexed(db)):
            sql = Sql(dialect)
            text = f"SELECT code FROM shops WHERE {where_clause(sql, SHOPS, Query(where=where), CITY)} ORDER BY code"
            found.append(db.execute(text, sql.params).fetchall())
    assert found[0] == found[1]


def clause(path: Path, *words: str, negated: bool = False) -> str:
    alike = Or(tuple(Like(name, f"%{word}%") for name in FIELDS for word in words))
    with closing(sqlite3.connect(path)) as db:
        return where_clause(Sql(SqliteDialect(db)), SHOPS, Query(where=Not(alike) if negated else alike), CITY)


def test_the_index_is_asked_where_it_can_answer(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "fid IN" in clause(town, "安全阀")
    assert "fid IN" not in clause(town, "LT-201"), "a word may begin inside another"
    assert clause(town, *(f"安全{n}" for n in range(9))).count("fid IN") == 8, "not of every pattern there is"
    assert "fid IN" not in clause(town, "安全阀", negated=True)
    monkeypatch.setattr("store.embedded.dialect.NAMED", 0)
    assert "fid IN" not in clause(town, "安全阀"), "many rows are sooner read than named"


def test_the_past_is_asked_without_the_index(town: Path) -> None:
    store = open_embedded(town, TOWN, Clock())
    assert isinstance(store, EmbeddedStore)
    where = Like("name", "%安全阀%")
    then = store.read(SHOPS, Query(where=where, at_seq=store.head()), scope=CITY)
    now = store.read(SHOPS, Query(where=where), scope=CITY)
    store.close()
    assert then["code"].to_pylist() == now["code"].to_pylist() == ["T0"]
