"""A PostgreSQL + PostGIS cluster of the tests' own: made in a temporary folder, on loopback, gone afterwards."""

import contextlib
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.absent import absent

NEEDED = ("initdb", "pg_ctl", "postgres")
FAST = "fsync=off synchronous_commit=off full_page_writes=off shared_buffers=128MB max_connections=60 max_wal_size=2GB"
DURABLE = "synchronous_commit=on shared_buffers=512MB max_connections=60 max_wal_size=4GB"
"""For measuring: every commit reaches the disk, as in production."""

TRIES = 5
TEMPLATE = "postgis_alone"
"""The database that others are copies of: a copy takes a tenth of the time the extension takes."""
SERVERS: set[int] = set()
"""The processes of the clusters that run: they are nobody's children, and `tests.costs` counts them."""


class AbsentError(Exception):
    """This machine has no PostgreSQL server, or one without PostGIS."""


def programs() -> Path:
    """The folder of the server's programs: PATH, else the newest version Debian has put in its place."""
    found = shutil.which("initdb")
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -int(folder.parent.name))
    for folder in ([Path(found).resolve().parent] if found else []) + versions:
        if all((folder / name).is_file() for name in NEEDED):
            return folder
    raise AbsentError("no PostgreSQL server: apt-get install postgresql-15 postgresql-15-postgis-3")


@contextlib.contextmanager
def cluster(settings: str = FAST) -> Iterator[str]:
    """A running cluster; the address of its database `onemap`, PostGIS already in it.

    The database sorts text as Chinese does, like the ones in city offices: code that needs the order of code points
    has to say so.
    """
    folder = Path(tempfile.mkdtemp(prefix="onemap-postgres-"))
    try:
        if os.geteuid() == 0:
            _give_to_postgres(folder)
        data = folder / "data"
        _run("initdb", "-D", data, "-U", "onemap", "-A", "trust", "-E", "UTF8", "--no-sync", *_locale())
        port = _start(data, folder / "server.log", settings)
        process = int((data / "postmaster.pid").read_text().split()[0])
        SERVERS.add(process)
        try:
            yield _database(port)
        finally:
            SERVERS.discard(process)
            _run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def own_schema(url: str) -> Iterator[str]:
    """The name of a schema that does not exist yet; whatever is in it at the end is dropped."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    try:
        yield name
    finally:
        with psycopg.connect(url, autocommit=True) as db:
            db.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name)))


@contextlib.contextmanager
def own_database(url: str, template: str = TEMPLATE) -> Iterator[str]:
    """The address of a fresh database with PostGIS, or with what a template holds; dropped at the end."""
    name = f"d_{uuid.uuid4().hex[:12]}"
    identifier = sql.Identifier(name)
    with psycopg.connect(url, autocommit=True) as db:
        db.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(identifier, sql.Identifier(template)))
    address = url.rpartition("/")[0] + "/" + name
    try:
        yield address
    finally:
        with psycopg.connect(url, autocommit=True) as db:
            db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))


class Emptied:
    """A schema with every table of a catalogue, given again and again as it was when they had just been made.

    To make them takes a second and more of processor, to empty them a twentieth.
    """

    def __init__(self, url: str, schema: str) -> None:
        self.url, self.schema = url, schema
        with psycopg.connect(url) as db:
            named = "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename <> 'spatial_ref_sys'"
            self.tables = sorted(str(name) for (name,) in db.execute(named, (schema,)))
            self.begun = self._filled(db)
            for name in self.begun:
                db.execute(sql.SQL("CREATE TABLE {} AS TABLE {}").format(self._kept(name), self._table(name)))

    def empty(self) -> None:
        """Take out what a test left; its store is closed."""
        with psycopg.connect(self.url) as db:
            db.execute("SET LOCAL session_replication_role = replica")  # whatever refers to whatever
            for name in {*self._filled(db), *self.begun}:
                db.execute(sql.SQL("DELETE FROM {}").format(self._table(name)))
            for name in self.begun:
                db.execute(sql.SQL("INSERT INTO {} TABLE {}").format(self._table(name), self._kept(name)))
            begun = "SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, start_value, false)"
            db.execute(begun.encode() + b" FROM pg_sequences WHERE schemaname = %s", (self.schema,))

    def _table(self, name: str) -> sql.Identifier:
        return sql.Identifier(self.schema, name)

    def _kept(self, name: str) -> sql.Identifier:
        return sql.Identifier(self.schema, f"begun_{name}")

    def _filled(self, db: psycopg.Connection) -> list[str]:
        asked = sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
        each = (asked.format(sql.Literal(name), self._table(name)) for name in self.tables)
        return [str(name) for (name,) in db.execute(sql.SQL(" UNION ALL ").join(each))]


@pytest.fixture(scope="session")
def _postgres_tables(postgres_url: str) -> Iterator[Emptied]:
    from core.clock import utc_now
    from layers.catalogue import CATALOGUE
    from store.postgis import open_postgis

    with own_schema(postgres_url) as schema:
        open_postgis(postgres_url, CATALOGUE, utc_now, schema).close()
        yield Emptied(postgres_url, schema)


@pytest.fixture
def postgres_catalogue(_postgres_tables: Emptied) -> Iterator[Emptied]:
    """The city's catalogue laid out in a schema without rows: for a test that does not ask how it is laid out."""
    yield _postgres_tables
    _postgres_tables.empty()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of the tests' cluster; without PostgreSQL the test is skipped, and in CI it fails."""
    with contextlib.ExitStack() as stack:
        try:
            address = stack.enter_context(cluster())
        except AbsentError as error:
            absent(str(error))
        yield address


@pytest.fixture
def postgres_schema(postgres_url: str) -> Iterator[str]:
    """A schema name of this test's own."""
    with own_schema(postgres_url) as name:
        yield name


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """A database of this test's own."""
    with own_database(postgres_url) as address:
        yield address


def _give_to_postgres(folder: Path) -> None:
    try:
        owner = pwd.getpwnam("postgres")
    except KeyError:
        raise AbsentError("running as root and there is no user postgres to run the server") from None
    os.chown(folder, owner.pw_uid, owner.pw_gid)


def _start(data: Path, log: Path, wanted: str) -> int:
    settings = [part for setting in wanted.split() for part in ("-c", setting)]
    for last in (*[False] * (TRIES - 1), True):
        port = _free_port()
        options = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-p", str(port), *settings]
        try:
            _run("pg_ctl", "-D", data, "-l", log, "-w", "-t", "60", "-o", " ".join(options), "start")
        except RuntimeError as error:
            text = log.read_text() if log.exists() else ""
            if last or "in use" not in text:
                raise RuntimeError(f"{error}\n{text}") from error
        else:
            return port
    raise AssertionError("unreachable")


def _database(port: int) -> str:
    here = f"postgresql://onemap@127.0.0.1:{port}/"
    made = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE))
    with psycopg.connect(here + "postgres", autocommit=True) as db:
        db.execute(made)
    with psycopg.connect(here + TEMPLATE, autocommit=True) as db:
        try:
            db.execute("CREATE EXTENSION postgis")
        except psycopg.errors.FeatureNotSupported as error:
            raise AbsentError("PostgreSQL is here without PostGIS: apt-get install postgresql-15-postgis-3") from error
    with psycopg.connect(here + "postgres", autocommit=True) as db:
        db.execute(sql.SQL("CREATE DATABASE onemap TEMPLATE {}").format(sql.Identifier(TEMPLATE)))
    return here + "onemap"


def _locale() -> tuple[str, ...]:
    said = subprocess.run([programs() / "initdb", "--version"], check=True, capture_output=True, text=True).stdout
    version = re.search(r"\) (\d+)", said)
    if version is None or int(version[1]) < 15:
        return ("--locale=C.UTF-8",)
    return ("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=zh")


def _run(program: str, *arguments: str | Path) -> None:
    command = [str(programs() / program), *(str(a) for a in arguments)]
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    # Output to a file, not a pipe: the server inherits it and would keep a pipe open for ever.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(command, cwd="/", stdout=output, stderr=subprocess.STDOUT, check=False)
        if done.returncode != 0:
            output.seek(0)
            raise RuntimeError(f"{program} failed: {output.read().decode(errors='replace')}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
