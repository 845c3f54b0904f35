"""`onemap recipient …`: who is sent the CAP messages of warnings: other systems, mail boxes, telephones, by area."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from app.alerting.subscribing import SEALED_FOR, SETTING, Enlisting
from app.auth.opening import open_identity
from app.auth.sealing import Sealer
from app.commands.options import Data, settings_with
from app.remote.fetching import Elsewhere
from core.clock import utc_now
from core.errors import BadInputError
from core.texts import Text
from layers.catalogue import CATALOGUE
from store.identity.messages import Channel
from store.opening import open_store

recipient = typer.Typer(no_args_is_help=True, help="预警 CAP 消息的接收单位 / recipients of CAP messages")
WORDS = {Channel.WEBHOOK: "系统", Channel.MAIL: "邮件", Channel.SMS: "短信"}


@recipient.command("add")
def add(
    name: Annotated[str, typer.Argument(help="单位或系统名称 / name")],
    webhook: Annotated[
        str, typer.Option(help="对接系统的地址,主机须在 ONEMAP_CAP_HOSTS 内 / address of a system")
    ] = "",
    mail: Annotated[str, typer.Option(help="邮箱 / mail box")] = "",
    sms: Annotated[str, typer.Option(help="手机号 / telephone")] = "",
    area: Annotated[
        list[str] | None, typer.Option(help="区划代码,可多次;不给为全市 / area, repeatable; none: all")
    ] = None,
    data: Data = None,
) -> None:
    """登记一个接收单位;系统的签名密钥只显示一次 / Add a recipient; the secret of a system is printed once."""
    given = [(way, to) for way, to in ((Channel.WEBHOOK, webhook), (Channel.MAIL, mail), (Channel.SMS, sms)) if to]
    if len(given) != 1:
        raise BadInputError(
            Text("--webhook、--mail、--sms 须给出一个", "give one of --webhook, --mail, --sms"), field="address"
        )
    ((channel, address),) = given
    with _enlisting(data) as desk:
        one, secret = desk.enlist(name, channel, address, tuple(area or ()))
    print(f"已登记 / added: {one.name} {WORDS[channel]} {one.shown} {' '.join(one.areas) or '全市'}")
    if secret:
        print(f"签名密钥,只显示这一次 / secret, shown once: {secret}")


@recipient.command("list")
def list_recipients(data: Data = None) -> None:
    """列出接收单位,地址只显示一部分 / List them; addresses are half covered."""
    with _enlisting(data) as desk:
        for one in desk.identity.alerts.subscribers():
            print(f"{one.name}  {WORDS[one.channel]}  {one.shown}  {' '.join(one.areas) or '全市'}")


@recipient.command("remove")
def remove(name: str, data: Data = None) -> None:
    """停用一个接收单位,待发的不再发出 / Remove one; what waits for it is not sent."""
    with _enlisting(data) as desk:
        desk.identity.alerts.end(desk.named(name).id, at=utc_now())
    print("已停用 / removed")


@contextmanager
def _enlisting(data: Path | None) -> Iterator[Enlisting]:
    settings = settings_with(data=data)
    settings.data.mkdir(parents=True, exist_ok=True)
    with (
        closing(open_store(settings.data, settings.database_url, CATALOGUE, utc_now)) as store,
        closing(open_identity(settings.data, settings.database_url)) as identity,
    ):
        yield Enlisting(
            identity=identity, store=store, sealer=Sealer(settings.identity_key_file).for_purpose(SEALED_FOR),
            elsewhere=Elsewhere(settings.cap_hosts, SETTING), clock=utc_now,
        )  # fmt: skip
