"""`onemap message …`: what waits to be sent, what failed and why, and sending it again."""

from typing import Annotated

import typer

from app.auth.opening import open_identity
from app.commands.options import Data, one_of, opened
from core.clock import CHINA, utc_now
from core.errors import NotFoundError
from core.texts import Text
from store.identity.messages import Delivery, Message

STATES = {Delivery.WAITING: "待发", Delivery.SENT: "已发", Delivery.FAILED: "失败"}
State = Annotated[
    Delivery | None,
    typer.Option(parser=one_of(Delivery, "--state"), metavar="waiting|sent|failed", help="状态 / state"),
]

message = typer.Typer(no_args_is_help=True, help="站外消息 / messages that leave the system")


@message.command("list")
def list_messages(
    state: State = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="最多几条 / how many")] = 20,
    data: Data = None,
) -> None:
    """列出最近的站外消息,接收地址不显示 / List the newest messages; addresses are not shown."""
    with opened(data, open_identity) as identity:
        for one in identity.messages.sending(state=state, most=limit):
            print(line_of(one))


@message.command("again")
def again(message_id: str, data: Data = None) -> None:
    """重发一条失败的消息 / Send a failed message again."""
    with opened(data, open_identity) as identity:
        if not identity.messages.again(message_id, at=utc_now()):
            raise NotFoundError(
                Text(f"没有失败的消息“{message_id[:40]}”", f"no failed message {message_id[:40]!r}"),
                key=message_id[:40],
            )
    print("已重新排队 / queued again")


def line_of(one: Message) -> str:
    """One message in a line."""
    at = one.at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    why = f"  {one.said}" if one.said else ""
    what = f"{one.letter.title.zh}  {one.letter.about}"
    return f"{one.id}  {at}  {STATES[one.state]}  {one.channel:<8}{one.tries} 次  {what}{why}"
