"""`onemap edge …`: a site's forwarder run, looked at, and what the centre refused sent again."""

import signal
import socket
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
import uvicorn
from pydantic import ValidationError

from app.edge.serving import FILE, buffer_of, doors, site_of
from app.edge.settings import EdgeSettings
from app.patience import patient
from core.clock import CHINA, utc_now
from core.errors import BadInputError, NotFoundError
from core.texts import Text

HEAD_SECONDS = 20.0
KEEP_ALIVE_SECONDS = 75
Data = Annotated[Path | None, typer.Option(help="缓存目录 / folder of the buffer")]

edge = typer.Typer(no_args_is_help=True, help="现场转发 / forward a site's readings")


@edge.command("run")
def run(
    centre: Annotated[str | None, typer.Option(help="中心地址 / address of the centre")] = None,
    data: Data = None,
    port: Annotated[int | None, typer.Option(help="本地端口 / port")] = None,
) -> None:
    """接收现场数据,断网时缓存,连通后补传 / Take a site's readings, hold them while the link is cut, bring them."""
    settings = _settings(centre=centre, data=data, port=port)
    site = site_of(settings, utc_now)
    try:
        with socket.create_server((settings.host, settings.port)) as bound:
            signal.signal(signal.SIGTERM, _leave)
            address = f"http://{settings.host}:{bound.getsockname()[1]}"
            print(f"OneMap edge: {address} -> {settings.centre}", flush=True)
            config = uvicorn.Config(
                doors(site), http=patient(HEAD_SECONDS), timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=3, access_log=False, log_level="warning", server_header=False,
            )  # fmt: skip
            uvicorn.Server(config).run(sockets=[bound])
    finally:
        site.held.close()


@edge.command("status")
def status(data: Data = None) -> None:
    """缓存多少、最早何时、拒收与放弃多少 / What waits, since when, what was refused and given up."""
    settings = _settings(data=data, lax=True)
    _there(settings)
    with closing(buffer_of(settings)) as held:
        depth, refusals = held.depth(), held.refusals()
    since = "" if depth.oldest is None else f",最早 / oldest {depth.oldest.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
    print(f"待传 / waiting {depth.waiting}({depth.bytes / 1e6:.1f} MB){since}")
    print(f"已传 / sent {depth.sent}  拒收 / refused {depth.refused}  因满放弃 / given up {depth.given_up}")
    for rows, said in refusals:
        print(f"  {rows}: {said[:300]}")


@edge.command("retry")
def retry(data: Data = None) -> None:
    """中心拒收的数据重新排队 / Send again what the centre refused, once it is mended there."""
    settings = _settings(data=data, lax=True)
    _there(settings)
    with closing(buffer_of(settings)) as held:
        print(f"重新排队 / put back: {held.again()}")


def _settings(*, lax: bool = False, **given: object) -> EdgeSettings:
    told = {name: value for name, value in given.items() if value is not None}
    if lax:  # whoever only looks needs no link
        told = {"centre": "http://localhost", "key": ""} | told
    try:
        return EdgeSettings(**told)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        raise BadInputError(
            Text(
                f"配置 ONEMAP_EDGE_{name.upper()} 缺少或不对:{first['msg']}",
                f"setting ONEMAP_EDGE_{name.upper()} is missing or wrong: {first['msg']}",
            ),
            field=name,
        ) from error


def _there(settings: EdgeSettings) -> None:
    if not (settings.data / FILE).exists():
        raise NotFoundError(
            Text(f"{settings.data} 中没有现场缓存", f"there is no buffer in {settings.data}"), folder=str(settings.data)
        )


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
