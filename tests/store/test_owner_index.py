"""Rows are found by whose they are through an index, in new files and in those of before."""

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from store.compile import Sql, where_clause
from store.embedded import open_embedded
from store.embedded.dialect import SqliteDialect
from store.postgis import open_postgis
from store.postgis.reading import compiler
from store.query import EVERYTHING
from store.schema import indexes
from tests.store.cityscape import CITY, CLERK, Clock
from tests.store.firms import COUNTY, FIRMS, PLOTS, WORKS, only, table_of

MANY = [f"F{n % 400:04}" for n in range(20_000)]
ONE = only("F0007")


def test_only_layers_whose_rows_name_an_enterprise_have_one():
    assert [name for layer in COUNTY for name in indexes(layer) if name.endswith("_owner")] == [
        "works_owner", "crews_owner",
    ]  # fmt: skip
    assert list(indexes(FIRMS)) == ["enterprises_tally"]
    assert list(indexes(PLOTS)) == ["plots_tally"]


def test_rows_of_one_enterprise_are_read_by_the_index_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "city.gpkg"
    open_embedded(path, COUNTY, Clock()).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP INDEX works_owner")  # as in a file of before
    open_embedded(path, COUNTY, Clock()).close()
    with closing(sqlite3.connect(path)) as db:
        sql = Sql(SqliteDialect(db))
        question = f"EXPLAIN QUERY PLAN SELECT * FROM works WHERE {where_clause(sql, WORKS, EVERYTHING, ONE)}"
        plan = " ".join(row[3] for row in db.execute(question, sql.params))
    assert "USING INDEX works_owner (enterprise=?)" in plan


@pytest.mark.postgis
def test_rows_of_one_enterprise_are_read_by_the_index_of_the_database(postgres_url: str, postgres_schema: str) -> None:
    open_postgis(postgres_url, COUNTY, Clock(), postgres_schema).close()
    with psycopg.connect(postgres_url, options=f"-c search_path={postgres_schema},public") as db:
        db.execute("DROP INDEX works_owner")
    store = open_postgis(postgres_url, COUNTY, Clock(), postgres_schema)
    store.load(WORKS, table_of(MANY), actor=CLERK, reason="", scope=CITY)
    store.close()
    sql = compiler()
    where = where_clause(sql, WORKS, EVERYTHING, ONE)
    with psycopg.connect(postgres_url, options=f"-c search_path={postgres_schema},public") as db:
        db.execute("ANALYZE works")
        plan = db.execute(f"EXPLAIN SELECT * FROM works WHERE {where}".encode(), sql.params).fetchall()
    assert "works_owner" in " ".join(str(row[0]) for row in plan)
