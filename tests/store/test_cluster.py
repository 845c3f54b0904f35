"""The tests' own PostgreSQL."""

import psycopg


def test_the_cluster_has_postgis_and_each_test_a_schema_of_its_own(postgres_url: str, postgres_schema: str) -> None:
    with psycopg.connect(postgres_url) as db:
        assert db.execute("SELECT ST_AsText(ST_SetSRID(ST_Point(121, 37), 4490))").fetchone() == ("POINT(121 37)",)
        assert db.execute("SELECT to_regnamespace(%s)", [postgres_schema]).fetchone() == (None,)


def test_a_test_of_a_whole_program_has_a_database_of_its_own(postgres_url: str, postgres_database: str) -> None:
    assert postgres_database != postgres_url
    with psycopg.connect(postgres_database) as db:
        assert db.execute("SELECT count(*) FROM spatial_ref_sys WHERE srid = 4490").fetchone() == (1,)
