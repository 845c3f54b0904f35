"""`onemap account …`: accounts from the command line, for the first administrator and for getting rid of the demo's."""

import secrets
from typing import Annotated

import typer

from app.auth.passwords import hash_password
from app.commands.options import Data, opened
from core.clock import utc_now
from core.ids import new_id
from core.scope import Scope, Sensitivity
from store.identity import Account
from store.opening import open_identity

accounts = typer.Typer(no_args_is_help=True, help="账号 / accounts")


@accounts.command("list")
def list_accounts(data: Data = None) -> None:
    """列出账号 / List accounts."""
    with opened(data, open_identity) as identity:
        for one in identity.accounts():
            marks = " ".join(word for word, on in (("演示", one.demo), ("停用", one.disabled)) if on)
            areas = ",".join(one.scope.areas) or "全部"
            print(f"{one.login:<16} {one.role:<12} {areas:<14} {one.scope.clearance.name:<10} {one.name} {marks}")


@accounts.command("add")
def add_account(
    login: str,
    name: Annotated[str, typer.Option(help="姓名 / name")],
    area: Annotated[list[str], typer.Option(help="行政区划代码前缀,可多次 / area code prefix, repeatable")],
    role: Annotated[str, typer.Option(help="角色 / role")] = "regulator",
    clearance: Annotated[Sensitivity, typer.Option(help="可见级别 0-3 / clearance")] = Sensitivity.SENSITIVE,
    writes: Annotated[bool, typer.Option(help="可修改 / may change data")] = True,
    data: Data = None,
) -> None:
    """新建账号,口令只显示一次 / Add an account; its password is printed once."""
    password = secrets.token_urlsafe(12)
    scope = Scope(areas=tuple(area), clearance=clearance, writable=None if writes else frozenset())
    with opened(data, open_identity) as identity:
        identity.add_account(
            Account(id=new_id(), login=login, name=name, role=role, password_hash=hash_password(password), scope=scope),
            at=utc_now(),
        )
    print(f"{login}  口令 / password: {password}")


@accounts.command("remove-demo")
def remove_demo(data: Data = None) -> None:
    """删除全部演示账号和密钥 / Remove every demo account and key."""
    with opened(data, open_identity) as identity:
        print(f"已删除 / removed: {identity.remove_demo()}")
