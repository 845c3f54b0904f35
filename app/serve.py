"""uvicorn on a socket of our own: TCP_NODELAY kept (its workers lose it: +40 ms a reply), stopping within seconds."""

import logging
import signal
import socket
import threading
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from app.patience import patient
from app.settings import Settings
from core.errors import BadInputError
from core.texts import Text


def listen(settings: Settings) -> socket.socket:
    """A bound socket for the configured address; says which address is taken."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((settings.host, settings.port))
    except OSError as error:
        bound.close()
        raise BadInputError(
            Text(
                f"地址 {settings.host}:{settings.port} 不可用({error.strerror}),请用 --port 另选端口",
                f"address {settings.host}:{settings.port} is not available ({error.strerror}); choose another --port",
            )
        ) from error
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    bound.listen(2048)
    return bound


def serve(app: ASGIApp, settings: Settings, bound: socket.socket) -> None:
    """Serve until told to stop; whoever called closes what is open, also when it was SIGTERM that told."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _leave)
    logging.basicConfig(level=settings.log_level.upper())
    config = uvicorn.Config(
        app,
        http=patient(settings.head_seconds),
        root_path=settings.root_path,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=3,
        access_log=False,
        log_level=settings.log_level,
        server_header=False,
    )
    uvicorn.Server(config).run(sockets=[bound])


def _leave(number: int, frame: FrameType | None) -> None:
    """uvicorn raises the signal again once it has stopped; by default the process would end with everything open."""
    raise SystemExit(0)
