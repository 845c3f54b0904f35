"""An identity database of either engine, a clock that can be turned, and the people of a small authority."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest
from psycopg import sql

from app.auth.callers import Doorman
from app.auth.entering import Entrance
from app.auth.roles import BUILT_IN
from app.auth.sealing import Sealer
from core.caller import UserClass
from store.audit import AuditLog
from store.audit.tables import TABLES as AUDIT
from store.chain import GENESIS
from store.identity import Account, Identity, Post
from store.identity.tables import TABLES as IDENTITY
from tests.hashes import light_hash
from tests.postgres import own_schema

NOON = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
SECRET = "Haigang-2026-duty"


class Clock:
    """Stands still until it is turned on."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)


class Office:
    """The identity database with its doorman and entrance; `again` opens it as another process would."""

    def __init__(
        self, identity: Identity, audit: AuditLog, clock: Clock, folder: Path, again: Callable[[], Identity]
    ) -> None:
        self.identity, self.audit, self.clock = identity, audit, clock
        self.again = again
        identity.posts.put_roles(BUILT_IN)
        self.doorman = Doorman(identity, audit, clock)
        self.entrance = Entrance(self.doorman, Sealer(folder / "identity.key"))

    def hire(self, login: str, *roles: str, areas: tuple[str, ...] = ("320981",), **more: object) -> Account:
        """An account with lasting posts, its password its own."""
        account = Account(
            id=f"id-{login}", login=login, name="某人", user_class=UserClass.REGULATOR,
            password_hash=light_hash(SECRET), password_at=self.clock(), **more,
        )  # fmt: skip
        self.identity.people.add(account, at=self.clock())
        for role in roles:
            self.appoint(account.id, role, areas=areas)
        return account

    def appoint(self, account: str, role: str, *, areas: tuple[str, ...] = ("320981",), hours: float = 0) -> Post:
        """One more post, for so many hours if any are given."""
        now = self.clock()
        post = Post(
            id=f"post-{account}-{role}-{areas[0]}", account=account, role=role, areas=areas, since=now,
            until=now + timedelta(hours=hours) if hours else None, given_by="t", given_at=now,
        )  # fmt: skip
        self.identity.posts.give(post)
        return post

    def come_in(self, login: str, *, duty: bool = False) -> str:
        """The token of an open session."""
        return self.entrance.with_password(login, SECRET, hours=8, duty=duty, agent="t", address="10.0.0.1").token

    def at_the_door(self, token: str):
        """Who the token is now, with nothing remembered."""
        self.doorman.forget()
        return self.doorman.by_session(token)


class Rooms(NamedTuple):
    """The tables of accounts and of the audit in PostgreSQL, made once: that takes longer than most tests of them."""

    url: str
    schema: str
    address: str
    identity: Identity
    audit: AuditLog

    def empty(self) -> None:
        """Take out every row; the audit begins anew, and has its tables again if a test took them away."""
        AUDIT.create_all(self.audit._engine)
        with psycopg.connect(self.url, options=f"-c search_path={self.schema}") as db:
            db.execute("SET LOCAL session_replication_role = replica")  # whatever refers to whatever
            for table in (*IDENTITY.sorted_tables, *AUDIT.sorted_tables):
                db.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name)))
            db.execute("INSERT INTO audit_head (id, seq, chain) VALUES (1, 0, %s)", (GENESIS,))


@pytest.fixture(scope="session")
def rooms(postgres_url: str) -> Iterator[Rooms]:
    with own_schema(postgres_url) as schema:
        with psycopg.connect(postgres_url, autocommit=True) as db:
            db.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        address = "postgresql+psycopg://" + postgres_url.partition("://")[2]
        made = Rooms(
            postgres_url, schema, address, Identity(address, schema=schema), AuditLog(address, schema=schema)
        )  # fmt: skip
        yield made
        made.identity.close()
        made.audit.close()


@pytest.fixture(params=["embedded", "postgis"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    if request.param == "postgis":
        rooms: Rooms = request.getfixturevalue("rooms")
        rooms.empty()
        again = partial(Identity, rooms.address, schema=rooms.schema)
        yield Office(rooms.identity, rooms.audit, Clock(), tmp_path, again)
        return
    address = f"sqlite:///{tmp_path / 'identity.db'}"
    identity, audit = Identity(address), AuditLog(f"sqlite:///{tmp_path / 'audit.db'}")
    yield Office(identity, audit, Clock(), tmp_path, partial(Identity, address))
    identity.close()
    audit.close()
