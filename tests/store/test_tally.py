"""Counts by district and grade under a scope come from an index by area, sensitivity and grade, never from the rows."""

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pyarrow as pa
import pytest

from core.actors import SYSTEM_ACTOR
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE, DANGERS, ENTERPRISES
from layers.layer import Catalogue
from store.compile import where_clause
from store.embedded import open_embedded
from store.postgis import open_postgis
from store.postgis.reading import compiler
from store.query import Query
from store.schema import tally
from tests.store.cityscape import Clock

FIRMS = Catalogue(ENTERPRISES)
ASKED = (
    "SELECT substr(area, 1, 6), risk, count(*) FROM {}enterprises WHERE (sensitivity <= 2 "
    "AND (area >= '990106' AND area < '990107')) AND (merged_into IS NULL OR merged_into = '') GROUP BY 1, 2"
)


def test_counts_by_district_and_grade_are_read_from_the_index_alone(tmp_path: Path) -> None:
    open_embedded(tmp_path / "city.gpkg", FIRMS, Clock()).close()
    db = sqlite3.connect(tmp_path / "city.gpkg")
    try:
        plan = " ".join(row[3] for row in db.execute("EXPLAIN QUERY PLAN " + ASKED.format("")))
    finally:
        db.close()
    assert "USING COVERING INDEX enterprises_tally (area>? AND area<?)" in plan


def test_cases_are_counted_and_put_in_order_by_the_index_of_lists_alone(tmp_path: Path) -> None:
    open_embedded(tmp_path / "city.gpkg", Catalogue(ENTERPRISES, DANGERS), Clock()).close()
    late = "closed_at IS NULL AND stopped_at IS NULL AND due_at <= '2026-11-29'"
    seen = "(sensitivity <= 1 AND (area >= '99' AND area < '990􏿿'))"
    asked = (
        f"SELECT substr(area, 1, 6), told, count(*) FILTER (WHERE {late}) FROM dangers WHERE {seen} GROUP BY 1, 2",
        f"SELECT substr(area, 1, 6), sector, opened_month, state, level, count(*) FROM dangers WHERE {seen}"
        " GROUP BY 1, 2, 3, 4, 5",
        f"SELECT fid FROM dangers WHERE {seen} AND turn = 'officer' AND {late} ORDER BY due_at IS NULL, due_at, code"
        " LIMIT 50",
    )
    with closing(sqlite3.connect(tmp_path / "city.gpkg")) as db:
        for text in asked:
            plan = " ".join(row[3] for row in db.execute("EXPLAIN QUERY PLAN " + text))
            assert "USING COVERING INDEX dangers_listing (area>? AND area<?)" in plan


@pytest.mark.postgis
def test_the_database_can_do_the_same(postgres_url: str, postgres_schema: str) -> None:
    open_postgis(postgres_url, FIRMS, Clock(), postgres_schema).close()
    with psycopg.connect(postgres_url) as db:
        db.execute("SET enable_seqscan = off")
        db.execute("SET enable_bitmapscan = off")
        rows = db.execute(("EXPLAIN " + ASKED.format(postgres_schema + ".")).encode()).fetchall()
    assert "Index Only Scan using enterprises_tally" in " ".join(str(row[0]) for row in rows)


@pytest.mark.postgis
def test_the_first_rows_in_the_order_of_the_key_are_read_by_its_index_not_sorted(
    postgres_url: str, postgres_schema: str
) -> None:
    store = open_postgis(postgres_url, FIRMS, Clock(), postgres_schema)
    codes = [f"91990102MA{n:08d}" for n in range(20_000)]
    store.load(ENTERPRISES, firms(codes), actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
    store.close()
    statement = compiler()
    condition = where_clause(statement, ENTERPRISES, Query(), SYSTEM_SCOPE)
    with psycopg.connect(postgres_url, options=f"-c search_path={postgres_schema},public") as db:
        db.execute("ANALYZE enterprises")
        text = f"EXPLAIN SELECT * FROM enterprises WHERE {condition} ORDER BY uscc LIMIT 1000"
        plan = " ".join(str(row[0]) for row in db.execute(text.encode(), statement.params).fetchall())
    assert "Index Scan using enterprises_key" in plan
    assert "Sort" not in plan


def firms(codes: list[str]) -> pa.Table:
    return pa.table(
        {"uscc": codes, "name": codes, "sector": ["chemical"] * len(codes), "area": ["990102"] * len(codes)}
    )


def test_a_file_made_before_gets_the_index_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "city.gpkg"
    open_embedded(path, FIRMS, Clock()).close()
    db = sqlite3.connect(path)
    try:
        db.execute("DROP INDEX enterprises_tally")
        db.execute("CREATE INDEX enterprises_area ON enterprises (area)")
        db.commit()
        open_embedded(path, FIRMS, Clock()).close()
        names = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE tbl_name = 'enterprises'")}
    finally:
        db.close()
    assert "enterprises_tally" in names
    assert "enterprises_area" not in names


@pytest.mark.postgis
def test_a_database_made_before_gets_it_too(postgres_url: str, postgres_schema: str) -> None:
    open_postgis(postgres_url, FIRMS, Clock(), postgres_schema).close()
    with psycopg.connect(postgres_url, autocommit=True) as db:
        db.execute(f"DROP INDEX {postgres_schema}.enterprises_tally".encode())
        db.execute(f"CREATE INDEX enterprises_area ON {postgres_schema}.enterprises (area, sensitivity)".encode())
        open_postgis(postgres_url, FIRMS, Clock(), postgres_schema).close()
        found = db.execute("SELECT indexname FROM pg_indexes WHERE schemaname = %s", (postgres_schema,)).fetchall()
    names = {str(row[0]) for row in found}
    assert "enterprises_tally" in names
    assert "enterprises_area" not in names


@pytest.mark.parametrize("layer", list(CATALOGUE), ids=lambda layer: layer.id)
def test_every_column_of_a_tally_is_a_field_of_its_layer(layer) -> None:  # type: ignore[no-untyped-def]
    assert set(tally(layer)) <= set(layer.fields)
