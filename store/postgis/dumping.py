"""A dump of our schema by PostgreSQL's own programs, counted in the very snapshot that is dumped, and brought back."""

import os
import shutil
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

from core.errors import BadInputError, ConflictError, OneMapError
from core.texts import Text
from store.postgis.connections import Connection, Connections, connect

PASSING = ("jobs",)
"""Tables whose rows are not brought back: work that was going on elsewhere."""


class DumpFailedError(OneMapError):
    """PostgreSQL's own program refused."""

    code = "dump-failed"
    status = 500


def dump(url: str, schema: str, file: Path) -> dict[str, int]:
    """Write the schema to a file in PostgreSQL's custom format, while the server runs; rows of each table."""
    connections = Connections(url, schema)
    try:
        with connections.reading() as db:
            row = db.execute("SELECT pg_export_snapshot()").fetchone()
            rows = _rows(db, schema)
            snapshot = str(row[0]) if row else ""
            left_out = [f"--exclude-table-data={schema}.{name}" for name in PASSING]
            _run(
                "pg_dump", url, "--format=custom", f"--schema={schema}", f"--snapshot={snapshot}", f"--file={file}",
                *left_out,
            )  # fmt: skip
            return rows
    finally:
        connections.close()


def bring_back(url: str, schema: str, file: Path) -> dict[str, int]:
    """Fill a database that has no such schema yet, whole or not at all; rows of each table."""
    db = connect(url, schema)
    try:
        there = db.execute("SELECT to_regnamespace(%s)", (schema,)).fetchone()
        if there is not None and there[0] is not None:
            raise ConflictError(
                Text(
                    f"数据库中已有模式 {schema},请恢复到空数据库",
                    f"the database has a schema {schema} already; restore into an empty one",
                )
            )
        _run("pg_restore", url, "--exit-on-error", "--single-transaction", "--no-owner", str(file))
        return _rows(db, schema)
    finally:
        db.close()


def _rows(db: Connection, schema: str) -> dict[str, int]:
    """Rows of every table that a dump carries."""
    found: dict[str, int] = {}
    tables = db.execute("SELECT tablename::text FROM pg_tables WHERE schemaname = %s ORDER BY 1", (schema,)).fetchall()
    for (name,) in tables:
        if name in PASSING:
            continue
        counted = db.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, str(name)))).fetchone()
        found[str(name)] = int(str(counted[0])) if counted else 0
    return found


def _program(name: str) -> str:
    found = shutil.which(name)
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: -int(p.parent.parent.name))
    if found is None and not versions:
        raise BadInputError(
            Text(f"本机没有 {name},请安装 postgresql-client", f"no {name} on this machine; install postgresql-client")
        )
    return found or str(versions[0])


def _run(name: str, url: str, *arguments: str) -> None:
    """The password travels in the environment, not on the command line where every user of the machine reads it."""
    parts = psycopg.conninfo.conninfo_to_dict(url)
    password = parts.pop("password", None)
    environment = dict(os.environ) | ({} if password is None else {"PGPASSWORD": str(password)})
    address = psycopg.conninfo.make_conninfo(**parts)  # type: ignore[arg-type]
    done = subprocess.run(
        [_program(name), f"--dbname={address}", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise DumpFailedError(Text(f"{name} 失败:{reason}", f"{name} failed: {reason}"))
