"""`onemap serve`: serve the data folder named by the settings."""

from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from app.auth.first import first_administrator
from app.base_maps import base_maps
from app.commands.options import Data, Port, settings_with
from app.holding import hold
from app.serve import listen, serve
from app.settings import Settings
from app.site import build
from app.wiring import System, assemble, refuse_unsafe


def serve_command(
    port: Port = None,
    data: Data = None,
    host: Annotated[str | None, typer.Option(help="地址 / address")] = None,
    root_path: Annotated[str | None, typer.Option(help="反向代理下的路径前缀 / path prefix behind a proxy")] = None,
    tls_cert: Annotated[Path | None, typer.Option(help="TLS 证书 / certificate file")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="TLS 私钥 / key file")] = None,
) -> None:
    """启动服务 / Serve."""
    settings = settings_with(port=port, data=data, host=host, root_path=root_path, tls_cert=tls_cert, tls_key=tls_key)
    run(settings)


def run(settings: Settings) -> None:
    """Assemble, listen, serve, close."""
    with closing(hold(settings.data)):
        run_held(settings, beside=_analysis if settings.video_analysis else None)


def _analysis(system: System) -> AbstractContextManager[None]:
    from app.video.beside import analysing

    return analysing(system.settings)


def run_held(
    settings: Settings,
    first: Callable[[System], Callable[[], None]] | None = None,
    beside: Callable[[System], AbstractContextManager[None]] | None = None,
) -> None:
    """The same over a data folder that is held.

    `first` is done before the pages are built and its answer before they are served; `beside` is open meanwhile.
    """
    pa.set_memory_pool(pa.system_memory_pool())  # the other keeps for each thread what it gave back: 50 MB at rest
    system = assemble(settings)
    try:
        rest = first(system) if first is not None else None
        refuse_unsafe(system)
        told = first_administrator(system.identity, system.clock)
        if told is not None:
            print(f"{told.zh}\n{told.en}", flush=True)
        base_maps(settings)  # says what is wrong with an external one before the address is announced
        app = build(system)
        if rest is not None:
            rest()
        bound = listen(settings)
        scheme = "https" if settings.tls_cert else "http"
        print(f"OneMap: {scheme}://{settings.host}:{bound.getsockname()[1]}{settings.root_path}/", flush=True)
        with system.supervisor, beside(system) if beside else nullcontext():
            serve(app, settings, bound)
    finally:
        system.close()
