"""`onemap account …`: accounts from the command line, for the first administrator and for getting rid of the demo's."""

from datetime import datetime
from typing import Annotated

import typer

from app.auth.opening import open_identity
from app.auth.passwords import hash_password, made_up
from app.commands.options import Data, opened
from core.clock import CHINA, utc_now
from core.errors import NotFoundError
from core.ids import new_id
from core.texts import Text
from store.identity import Account, Identity, Post

accounts = typer.Typer(no_args_is_help=True, help="账号 / accounts")


@accounts.command("list")
def list_accounts(data: Data = None) -> None:
    """列出账号和任职 / List accounts and the posts they hold."""
    now = utc_now()
    with opened(data, open_identity) as identity:
        for one in identity.people.all():
            marks = " ".join(word for word, on in (("演示", one.demo), ("停用", one.disabled)) if on)
            held = [
                f"{s.role.id}@{','.join(area or '全部' for area in s.post.areas)}{_until(s.post.until)}"
                for s in identity.posts.standings(one, at=now)
            ]
            print(f"{one.login:<16} {one.user_class:<12} {'; '.join(held) or '无任职':<28} {one.name} {marks}".rstrip())


@accounts.command("add")
def add_account(
    login: str,
    name: Annotated[str, typer.Option(help="姓名 / name")],
    area: Annotated[list[str], typer.Option(help="行政区划代码前缀,可多次;空为全部 / area code prefix, repeatable")],
    role: Annotated[str, typer.Option(help="角色 / role")] = "regulator",
    enterprise: Annotated[
        list[str] | None, typer.Option(help="只限这些企业,统一社会信用代码 / only these enterprises")
    ] = None,
    data: Data = None,
) -> None:
    """新建账号并任职,初始口令只显示一次,首次登录须改 / Add an account with a post; its password is printed once."""
    password, now = made_up(), utc_now()
    with opened(data, open_identity) as identity:
        found = identity.posts.role(role)
        account = Account(
            id=new_id(), login=login, name=name, user_class=found.user_class, password_hash=hash_password(password),
            must_change=True,
        )  # fmt: skip
        identity.people.add(account, at=now)
        identity.posts.give(
            Post(
                id=new_id(), account=account.id, role=role, areas=tuple(area), since=now, given_by="cli", given_at=now,
                enterprises=frozenset(enterprise) if enterprise else None, reason="命令行新建",
            )
        )  # fmt: skip
    print(f"{login}  口令 / password: {password}")


@accounts.command("reset")
def reset(
    login: str,
    factor: Annotated[bool, typer.Option("--factor", help="同时解除动态口令 / the second factor too")] = False,
    data: Data = None,
) -> None:
    """重置口令,退出全部会话 / Give a new password, printed once; every session ends."""
    password = made_up()
    with opened(data, open_identity) as identity:
        account = _account(identity, login)
        identity.people.set_password(account.id, hash_password(password), at=utc_now(), must_change=True, kept=5)
        if factor:
            identity.people.set_totp(account.id, None)
    print(f"{login}  口令 / password: {password}")


@accounts.command("disable")
def disable(
    login: str,
    again: Annotated[bool, typer.Option("--enable", help="重新启用 / let in again")] = False,
    data: Data = None,
) -> None:
    """停用账号,立即生效 / Shut an account out of every door at once."""
    with opened(data, open_identity) as identity:
        identity.people.disable(login, at=utc_now(), disabled=not again)
    print(f"{login}  {'已启用 / enabled' if again else '已停用 / disabled'}")


@accounts.command("remove-demo")
def remove_demo(data: Data = None) -> None:
    """删除全部演示账号和密钥 / Remove every demo account and key."""
    with opened(data, open_identity) as identity:
        print(f"已删除 / removed: {identity.people.remove_demo()}")


def _account(identity: Identity, login: str) -> Account:
    found = identity.people.find(login)
    if found is None:
        raise NotFoundError(Text(f"没有账号“{login}”", f"no account {login!r}"))
    return found


def _until(moment: datetime | None) -> str:
    return "" if moment is None else f"(至 {moment.astimezone(CHINA):%Y-%m-%d %H:%M})"
