"""Which engine keeps the rows: the database of an address, else a GeoPackage in the data folder."""

from pathlib import Path

from core.clock import Clock
from core.errors import BadInputError
from core.texts import Text
from layers.layer import Catalogue
from store.audit import AuditLog
from store.embedded import open_embedded
from store.identity import Identity
from store.jobs import JobBook
from store.protocol import Store

FILE = "city.gpkg"
SCHEMES = ("postgresql://", "postgres://")


def open_store(data: Path, database_url: str | None, catalogue: Catalogue, clock: Clock) -> Store:
    """The store of a data folder; the address is not repeated in an error, for it may hold a password."""
    if database_url is None:
        return open_embedded(data / FILE, catalogue, clock)
    if not database_url.startswith(SCHEMES):
        scheme = database_url.partition(":")[0]
        raise BadInputError(
            Text(
                f"database_url 应以 postgresql:// 开头,给出的是“{scheme}:”",
                f"database_url must begin with postgresql://, not {scheme!r}:",
            ),
            field="database_url",
        )
    from store.postgis import open_postgis  # its driver is for those who have such a database

    return open_postgis(database_url, catalogue, clock)


def open_identity(data: Path, database_url: str | None) -> Identity:
    """Accounts are kept beside the rows: in the same schema of the same database, or in the same folder."""
    if database_url is None:
        return Identity(f"sqlite:///{data / 'identity.db'}")
    return Identity(*_in_database(database_url))


def open_jobs(data: Path, database_url: str | None) -> JobBook:
    """Long work is kept beside the rows as well, in a file or table of its own."""
    if database_url is None:
        return JobBook(f"sqlite:///{data / 'jobs.db'}")
    return JobBook(*_in_database(database_url))


def open_audit(data: Path, database_url: str | None) -> AuditLog:
    """The audit is kept beside the rows too; in a file of its own, so that a sign-in never waits for it."""
    if database_url is None:
        return AuditLog(f"sqlite:///{data / 'audit.db'}")
    return AuditLog(*_in_database(database_url))


def _in_database(url: str) -> tuple[str, str]:
    """The address as SQLAlchemy writes it, and the schema the rows are in."""
    from store.postgis import DEFAULT_SCHEMA

    return "postgresql+psycopg://" + url.partition("://")[2], DEFAULT_SCHEMA
