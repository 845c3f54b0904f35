"""Accounts and the groups they form."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.clock import iso
from core.errors import ConflictError, NotFoundError
from core.texts import Lang, Text
from store.identity.database import Database
from store.identity.rows import account_of, account_row
from store.identity.tables import ACCOUNTS, GROUPS, MEMBERS, SESSIONS
from store.identity.values import Account, Group


class People:
    """Typed access to accounts and groups."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, account: Account, *, at: datetime) -> None:
        """Create an account; the login must be free."""
        try:
            with self._database.begin() as db:
                db.execute(ACCOUNTS.insert().values(account_row(account, at)))
        except sa.exc.IntegrityError as error:
            taken = Text(f"账号“{account.login}”已存在", f"account {account.login!r} exists already")
            raise ConflictError(taken) from error

    def find(self, login: str) -> Account | None:
        """The account of a login, disabled ones included."""
        return self._one(ACCOUNTS.c.login == login)

    def by_id(self, account_id: str) -> Account | None:
        """The account of an id."""
        return self._one(ACCOUNTS.c.id == account_id)

    def by_subject(self, issuer: str, subject: str) -> Account | None:
        """The account of a person at an identity provider."""
        return self._one(sa.and_(ACCOUNTS.c.issuer == issuer, ACCOUNTS.c.subject == subject))

    def get(self, account_id: str) -> Account:
        """The account of an id; NotFoundError when there is none."""
        found = self.by_id(account_id)
        if found is None:
            raise NotFoundError(Text(f"没有账号“{account_id[:40]}”", f"no account {account_id[:40]!r}"))
        return found

    def all(self) -> list[Account]:
        """Every account, by login."""
        with self._database.connect() as db:
            return [account_of(row) for row in db.execute(sa.select(ACCOUNTS).order_by(ACCOUNTS.c.login)).mappings()]

    def change(self, account: Account, *, at: datetime) -> None:
        """Write an account as it is now; one that is no longer open loses its sessions at once."""
        values = account_row(account, at)
        with self._database.begin() as db:
            changed = db.execute(ACCOUNTS.update().where(ACCOUNTS.c.id == account.id).values(values))
            if changed.rowcount and not account.open(at):
                self._end_sessions(db, account.id, at, "disabled")
        if changed.rowcount == 0:
            raise NotFoundError(Text(f"没有账号“{account.login}”", f"no account {account.login!r}"))

    def set_password(self, account_id: str, password_hash: str, *, at: datetime, must_change: bool, kept: int) -> None:
        """Replace the password, remembering `kept` earlier ones, and end every session of the account."""
        account = self.get(account_id)
        earlier = (account.password_hash, *account.earlier_hashes)[:kept]
        changed = replace(
            account, password_hash=password_hash, password_at=at, must_change=must_change, earlier_hashes=earlier
        )
        with self._database.begin() as db:
            db.execute(ACCOUNTS.update().where(ACCOUNTS.c.id == account_id).values(account_row(changed, at)))
            self._end_sessions(db, account_id, at, "password")

    def set_totp(self, account_id: str, sealed: str | None) -> None:
        """Enrol a second factor, or take it away."""
        values = {"sealed_totp": sealed, "totp_step": None}
        with self._database.begin() as db:
            db.execute(ACCOUNTS.update().where(ACCOUNTS.c.id == account_id).values(values))

    def use_totp_step(self, account_id: str, step: int) -> bool:
        """Spend a time step; False when it, or a later one, was spent before: a code works once."""
        unspent = sa.or_(ACCOUNTS.c.totp_step.is_(None), ACCOUNTS.c.totp_step < step)
        with self._database.begin() as db:
            spent = db.execute(ACCOUNTS.update().where(ACCOUNTS.c.id == account_id, unspent).values(totp_step=step))
        return spent.rowcount == 1

    def set_preferences(self, account_id: str, *, lang: Lang, theme: str) -> None:
        """The language and theme a person chose for themselves."""
        with self._database.begin() as db:
            db.execute(ACCOUNTS.update().where(ACCOUNTS.c.id == account_id).values(lang=str(lang), theme=theme))

    def disable(self, login: str, *, at: datetime, disabled: bool = True) -> None:
        """Shut an account out of every door at once, or let it in again."""
        account = self.find(login)
        if account is None:
            raise NotFoundError(Text(f"没有账号“{login}”", f"no account {login!r}"))
        self.change(replace(account, disabled=disabled), at=at)

    def remove_demo(self) -> int:
        """Delete every demo account with its posts, sessions and keys; the number of accounts removed."""
        with self._database.begin() as db:
            return db.execute(ACCOUNTS.delete().where(ACCOUNTS.c.demo)).rowcount

    def groups(self) -> list[Group]:
        """Every group, by name."""
        with self._database.connect() as db:
            members: dict[str, set[str]] = {}
            for row in db.execute(sa.select(MEMBERS)).mappings():
                members.setdefault(row["group_id"], set()).add(row["account"])
            return [
                Group(id=row["id"], name=row["name"], members=frozenset(members.get(row["id"], ())))
                for row in db.execute(sa.select(GROUPS).order_by(GROUPS.c.name)).mappings()
            ]

    def add_group(self, group: Group, *, at: datetime) -> None:
        """Create a group with its members; the name must be free."""
        try:
            with self._database.begin() as db:
                db.execute(GROUPS.insert().values(id=group.id, name=group.name, created_at=iso(at)))
                self._join(db, group)
        except sa.exc.IntegrityError as error:
            raise ConflictError(Text(f"分组“{group.name}”已存在", f"group {group.name!r} exists already")) from error

    def change_group(self, group: Group) -> None:
        """Rename a group and say anew who belongs to it."""
        with self._database.begin() as db:
            changed = db.execute(GROUPS.update().where(GROUPS.c.id == group.id).values(name=group.name))
            if changed.rowcount == 0:
                raise NotFoundError(Text("没有这个分组", "no such group"))
            db.execute(MEMBERS.delete().where(MEMBERS.c.group_id == group.id))
            self._join(db, group)

    def remove_group(self, group_id: str) -> None:
        """Delete a group; the posts it held end with it."""
        with self._database.begin() as db:
            db.execute(GROUPS.delete().where(GROUPS.c.id == group_id))

    @staticmethod
    def _join(db: sa.Connection, group: Group) -> None:
        if group.members:
            joined = [{"group_id": group.id, "account": account} for account in sorted(group.members)]
            db.execute(MEMBERS.insert(), joined)

    @staticmethod
    def _end_sessions(db: sa.Connection, account_id: str, at: datetime, by: str) -> None:
        live = sa.and_(SESSIONS.c.account == account_id, SESSIONS.c.ended_at.is_(None))
        db.execute(SESSIONS.update().where(live).values(ended_at=iso(at), ended_by=by))

    def _one(self, where: sa.ColumnElement[bool]) -> Account | None:
        with self._database.connect() as db:
            row: Any = db.execute(sa.select(ACCOUNTS).where(where)).mappings().first()
        return None if row is None else account_of(row)
