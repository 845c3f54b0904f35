"""Accounts, sessions and keys, in a database of their own: no feature query can ever reach them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.clock import from_iso, iso
from core.errors import ConflictError, NotFoundError
from core.scope import Scope, Sensitivity
from core.texts import Lang, Text
from store.engines import engine

TABLES = sa.MetaData()

ACCOUNTS = sa.Table(
    "accounts",
    TABLES,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("login", sa.String, nullable=False, unique=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("role", sa.String, nullable=False),
    sa.Column("password_hash", sa.String, nullable=False),
    sa.Column("lang", sa.String, nullable=False),
    sa.Column("areas", sa.JSON, nullable=False),
    sa.Column("clearance", sa.Integer, nullable=False),
    sa.Column("layers", sa.JSON),
    sa.Column("hidden", sa.JSON, nullable=False),
    sa.Column("writable", sa.JSON),
    sa.Column("demo", sa.Boolean, nullable=False),
    sa.Column("disabled", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.String, nullable=False),
)

SESSIONS = sa.Table(
    "sessions",
    TABLES,
    sa.Column("token_hash", sa.String, primary_key=True),
    sa.Column("account", sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sa.Column("created_at", sa.String, nullable=False),
    sa.Column("expires_at", sa.String, nullable=False),
    sa.Column("agent", sa.String, nullable=False),
    sa.Column("ended_at", sa.String),
)

KEYS = sa.Table(
    "keys",
    TABLES,
    sa.Column("key_hash", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("account", sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sa.Column("expires_at", sa.String),
    sa.Column("revoked_at", sa.String),
)

SIGN_INS = sa.Table(
    "sign_ins",
    TABLES,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("login", sa.String, nullable=False, index=True),
    sa.Column("fitted", sa.Boolean, nullable=False),
    sa.Column("agent", sa.String, nullable=False),
)

READS = sa.Table(
    "reads",
    TABLES,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("actor", sa.String, nullable=False, index=True),
    sa.Column("door", sa.String, nullable=False),
    sa.Column("layer", sa.String, nullable=False),
    sa.Column("filter", sa.String, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("keys_hash", sa.String, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One person or system that may sign in, and what it may see and change."""

    id: str
    login: str
    name: str
    role: str
    password_hash: str
    scope: Scope
    lang: Lang = Lang.ZH
    demo: bool = False
    disabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadEntry:
    """One recorded read: `keys_hash` is SHA-256 over the keys read, in code point order, each with a newline."""

    at: datetime
    actor: str
    door: str
    layer: str
    where: str
    rows: int
    keys_hash: str


class Identity:
    """Typed access to the identity database; the same tables in SQLite and PostgreSQL."""

    def __init__(self, url: str, schema: str | None = None) -> None:
        self._engine = engine(url, schema, TABLES)

    def add_account(self, account: Account, *, at: datetime) -> None:
        """Create an account; the login must be free."""
        values = {
            "id": account.id,
            "login": account.login,
            "name": account.name,
            "role": account.role,
            "password_hash": account.password_hash,
            "lang": str(account.lang),
            "areas": list(account.scope.areas),
            "clearance": int(account.scope.clearance),
            "layers": _sorted(account.scope.layers),
            "hidden": sorted([layer, name] for layer, name in account.scope.hidden),
            "writable": _sorted(account.scope.writable),
            "demo": account.demo,
            "disabled": account.disabled,
            "created_at": iso(at),
        }
        try:
            with self._engine.begin() as db:
                db.execute(ACCOUNTS.insert().values(values))
        except sa.exc.IntegrityError as error:
            taken = Text(f"账号“{account.login}”已存在", f"account {account.login!r} exists already")
            raise ConflictError(taken) from error

    def account(self, login: str) -> Account | None:
        """The account of a login, disabled ones included."""
        return self._one(ACCOUNTS.c.login == login)

    def account_by_id(self, account_id: str) -> Account | None:
        """The account of an id."""
        return self._one(ACCOUNTS.c.id == account_id)

    def accounts(self) -> list[Account]:
        """Every account, by login."""
        with self._engine.connect() as db:
            return [_account(row) for row in db.execute(sa.select(ACCOUNTS).order_by(ACCOUNTS.c.login)).mappings()]

    def set_password(self, login: str, password_hash: str) -> None:
        """Replace the password and end every session of the account."""
        account = self.account(login)
        if account is None:
            raise NotFoundError(Text(f"没有账号“{login}”", f"no account {login!r}"))
        with self._engine.begin() as db:
            db.execute(ACCOUNTS.update().where(ACCOUNTS.c.id == account.id).values(password_hash=password_hash))
            db.execute(SESSIONS.delete().where(SESSIONS.c.account == account.id))

    def disable(self, login: str, *, disabled: bool = True) -> None:
        """Shut an account out of every door at once, or let it in again."""
        with self._engine.begin() as db:
            changed = db.execute(ACCOUNTS.update().where(ACCOUNTS.c.login == login).values(disabled=disabled))
        if changed.rowcount == 0:
            raise NotFoundError(Text(f"没有账号“{login}”", f"no account {login!r}"))

    def start_session(self, account_id: str, token_hash: str, *, at: datetime, until: datetime, agent: str) -> None:
        """Keep a new session; only the hash of its token is stored."""
        values = {"account": account_id, "created_at": iso(at), "expires_at": iso(until), "agent": agent}
        with self._engine.begin() as db:
            db.execute(SESSIONS.insert().values(token_hash=token_hash, **values))

    def session(self, token_hash: str, *, at: datetime) -> Account | None:
        """The account of a live session."""
        live = sa.and_(
            SESSIONS.c.token_hash == token_hash, SESSIONS.c.expires_at > iso(at), SESSIONS.c.ended_at.is_(None)
        )
        return self._one(live, SESSIONS)

    def end_session(self, token_hash: str, *, at: datetime) -> None:
        """End one session."""
        with self._engine.begin() as db:
            db.execute(SESSIONS.update().where(SESSIONS.c.token_hash == token_hash).values(ended_at=iso(at)))

    def add_key(self, key_hash: str, name: str, account_id: str, *, expires_at: datetime | None = None) -> None:
        """Keep an API key by its hash; it sees what its account sees."""
        until = None if expires_at is None else iso(expires_at)
        with self._engine.begin() as db:
            db.execute(KEYS.insert().values(key_hash=key_hash, name=name, account=account_id, expires_at=until))

    def key(self, key_hash: str, *, at: datetime) -> Account | None:
        """The account of a key that is neither expired nor revoked."""
        fresh = sa.or_(KEYS.c.expires_at.is_(None), KEYS.c.expires_at > iso(at))
        return self._one(sa.and_(KEYS.c.key_hash == key_hash, KEYS.c.revoked_at.is_(None), fresh), KEYS)

    def revoke_key(self, name: str, *, at: datetime) -> None:
        """Revoke every key of a name."""
        with self._engine.begin() as db:
            db.execute(KEYS.update().where(KEYS.c.name == name).values(revoked_at=iso(at)))

    def record_sign_in(self, login: str, *, fitted: bool, at: datetime, agent: str) -> None:
        """One line for every try."""
        with self._engine.begin() as db:
            db.execute(SIGN_INS.insert().values(at=iso(at), login=login, fitted=fitted, agent=agent))

    def failures(self, login: str, *, since: datetime) -> list[datetime]:
        """The failed tries of a login since a moment and since its last success, oldest first."""
        wanted = sa.and_(SIGN_INS.c.login == login, SIGN_INS.c.at >= iso(since))
        with self._engine.connect() as db:
            rows: Sequence[Any] = db.execute(sa.select(SIGN_INS).where(wanted).order_by(SIGN_INS.c.id)).fetchall()
        tries: list[datetime] = []
        for row in rows:
            if row.fitted:
                tries.clear()
            else:
                tries.append(from_iso(row.at))
        return tries

    def record_read(
        self, *, actor: str, door: str, layer: str, where: str, rows: int, keys_hash: str, at: datetime
    ) -> None:
        """One line for a sensitive read: who, door, layer, filter, count and the hash of the keys."""
        values = {"at": iso(at), "actor": actor, "door": door, "layer": layer, "filter": where, "rows": rows}
        with self._engine.begin() as db:
            db.execute(READS.insert().values(keys_hash=keys_hash, **values))

    def reads(self, *, limit: int = 100) -> list[ReadEntry]:
        """The newest recorded reads, newest first."""
        newest = sa.select(READS).order_by(READS.c.id.desc()).limit(limit)
        with self._engine.connect() as db:
            return [
                ReadEntry(
                    at=from_iso(row["at"]), actor=row["actor"], door=row["door"], layer=row["layer"],
                    where=row["filter"], rows=row["rows"], keys_hash=row["keys_hash"],
                )
                for row in db.execute(newest).mappings()
            ]  # fmt: skip

    def remove_demo(self) -> int:
        """Delete every demo account with its sessions and keys; the number of accounts removed."""
        demo = sa.select(ACCOUNTS.c.id).where(ACCOUNTS.c.demo)
        with self._engine.begin() as db:
            db.execute(SESSIONS.delete().where(SESSIONS.c.account.in_(demo)))
            db.execute(KEYS.delete().where(KEYS.c.account.in_(demo)))
            return db.execute(ACCOUNTS.delete().where(ACCOUNTS.c.demo)).rowcount

    def close(self) -> None:
        """Release every connection."""
        self._engine.dispose()

    def _one(self, where: sa.ColumnElement[bool], joined: sa.Table | None = None) -> Account | None:
        source = ACCOUNTS if joined is None else ACCOUNTS.join(joined)
        with self._engine.connect() as db:
            row = db.execute(sa.select(ACCOUNTS).select_from(source).where(where)).mappings().first()
        return None if row is None else _account(row)


def _sorted(names: frozenset[str] | None) -> list[str] | None:
    return None if names is None else sorted(names)


def _account(row: Any) -> Account:
    scope = Scope(
        areas=tuple(row["areas"]),
        clearance=Sensitivity(row["clearance"]),
        layers=None if row["layers"] is None else frozenset(row["layers"]),
        hidden=frozenset((layer, name) for layer, name in row["hidden"]),
        writable=None if row["writable"] is None else frozenset(row["writable"]),
    )
    return Account(
        id=row["id"],
        login=row["login"],
        name=row["name"],
        role=row["role"],
        password_hash=row["password_hash"],
        scope=scope,
        lang=Lang(row["lang"]),
        demo=row["demo"],
        disabled=row["disabled"],
    )
