"""Accounts of the first form, which carried their own scope, become accounts with a role and a post each."""

from typing import Any

import sqlalchemy as sa

from core.caller import Right, UserClass
from core.clock import from_iso
from core.ids import new_id
from core.scope import Sensitivity
from core.texts import Lang, Text
from store.identity.rows import account_row, post_row, role_row
from store.identity.tables import ACCOUNTS, POSTS, ROLES
from store.identity.values import Account, Post, Role

_DATA_RIGHTS = frozenset(
    {Right.MAP, Right.HALL, Right.SERVICES, Right.LIVE, Right.EXPORT, Right.BRIEF, Right.FILES, Right.PORTAL}
)


def first_form(engine: sa.Engine) -> list[dict[str, Any]] | None:
    """The accounts of the first form, taken out with their tables; None when the tables are of this form."""
    found = sa.inspect(engine)
    if not found.has_table("accounts") or "areas" not in {column["name"] for column in found.get_columns("accounts")}:
        return None
    old = sa.MetaData()
    with engine.begin() as db:
        accounts = sa.Table("accounts", old, autoload_with=db)
        rows = [dict(row) for row in db.execute(sa.select(accounts)).mappings()]
        for name in ("sessions", "keys", "accounts"):
            db.execute(sa.text(f"DROP TABLE IF EXISTS {name}"))
    return rows


def bring_over(engine: sa.Engine, rows: list[dict[str, Any]]) -> None:
    """Write them anew; demo accounts, sessions and keys are not brought over, for they are made again in a moment."""
    with engine.begin() as db:
        for row in rows:
            if row["demo"]:
                continue
            at = from_iso(row["created_at"])
            classes = set(UserClass)
            account = Account(
                id=row["id"], login=row["login"], name=row["name"], password_hash=row["password_hash"],
                user_class=UserClass(row["role"]) if row["role"] in classes else UserClass.REGULATOR,
                lang=Lang(row["lang"]), disabled=row["disabled"],
            )  # fmt: skip
            layers, writable = row["layers"], row["writable"]
            role = Role(
                id=f"kept-{row['login']}", title=Text(f"原账号 {row['login']}", f"earlier account {row['login']}"),
                user_class=account.user_class, rights=_DATA_RIGHTS, clearance=Sensitivity(row["clearance"]),
                layers=None if layers is None else frozenset(layers),
                hidden=frozenset((layer, name) for layer, name in row["hidden"]),
                writable=None if writable is None else frozenset(writable),
            )  # fmt: skip
            post = Post(
                id=new_id(), account=account.id, role=role.id, areas=tuple(row["areas"]), since=at, given_by="system",
                given_at=at, reason="升级自早期版本",
            )  # fmt: skip
            db.execute(ACCOUNTS.insert().values(account_row(account, at)))
            db.execute(ROLES.insert().values(role_row(role)))
            db.execute(POSTS.insert().values(post_row(post)))
