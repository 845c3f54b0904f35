"""The SQLAlchemy engines of what is kept beside the city: accounts, jobs."""

from typing import Any

import sqlalchemy as sa


def engine(url: str, schema: str | None, tables: sa.MetaData) -> sa.Engine:
    """An engine over a SQLite file or one schema of a PostgreSQL database, with these tables in it."""
    options = {} if schema is None else {"options": f"-c search_path={schema}"}
    made = sa.create_engine(url, connect_args=options, pool_pre_ping=schema is not None)
    if made.dialect.name == "sqlite":
        sa.event.listen(made, "connect", _pragmas)
    tables.create_all(made)
    _add_missing(made, tables)
    return made


def _add_missing(made: sa.Engine, tables: sa.MetaData) -> None:
    """Columns that newer code declares, added empty to tables of older code."""
    names = [table.name for table in tables.sorted_tables]
    found = sa.inspect(made).get_multi_columns(filter_names=names) if names else {}
    for table in tables.sorted_tables:
        there = {column["name"] for column in found.get((None, table.name), ())}
        for column in table.columns:
            if column.name not in there:
                kind = column.type.compile(made.dialect)
                with made.begin() as db:
                    db.execute(sa.text(f'ALTER TABLE "{table.name}" ADD COLUMN "{column.name}" {kind}'))


def _pragmas(connection: Any, _: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA busy_timeout = 10000")
