"""Fetching from elsewhere: only hosts the operator listed, in bounded time and size, along no redirect to others."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from core.errors import BadInputError, OneMapError
from core.texts import Text
from core.units import Second

if TYPE_CHECKING:  # a city that shows no layers of others does without the client and its certificates
    import httpx

CONNECT: Second = 4.0
WHOLE: Second = 15.0
"""So long an answer may take from the first byte sent to the last received."""

LARGEST = 16 * 1024 * 1024
AT_ONCE = 8
REDIRECTS = 3


class ElsewhereError(OneMapError):
    """A service elsewhere did not answer as it should; `why` is for the screen."""

    code = "remote-service"
    status = 502


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A body and what it is said to be."""

    body: bytes
    media_type: str


class Elsewhere:
    """One client for all services elsewhere; `hosts` are `scheme://host[:port]`, or a host alone for https."""

    def __init__(self, hosts: Sequence[str], setting: str = "ONEMAP_REMOTE_HOSTS") -> None:
        self._setting = setting
        self._allowed = frozenset(_origin(one if "://" in one else f"https://{one}") for one in hosts)
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._guard = threading.Lock()
        self._http: httpx.Client | None = None

    def _client(self) -> "httpx.Client":
        import httpx

        with self._guard:
            if self._http is None:
                limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
                patience = httpx.Timeout(WHOLE, connect=CONNECT)
                # trust_env off: no proxy or password file of the machine is handed to anybody
                self._http = httpx.Client(timeout=patience, limits=limits, follow_redirects=False, trust_env=False)
            return self._http

    @property
    def hosts(self) -> tuple[str, ...]:
        """What may be asked, in order."""
        return tuple(sorted(self._allowed))

    def check(self, url: str) -> None:
        """Refuse an address whose host the operator did not list, or that carries a password."""
        parts = urlsplit(url)
        if parts.username or parts.password:
            raise BadInputError(Text("地址中不得写用户名或密码", "no user or password in the address"), field="url")
        try:
            origin = _origin(url)
        except ValueError:
            origin = ""
        if origin not in self._allowed:
            listed = "、".join(self.hosts) or "无"
            raise BadInputError(
                Text(
                    f"主机“{parts.hostname or url[:40]}”不在允许名单内(现为:{listed}),由运维设置 {self._setting}",
                    f"host {parts.hostname or url[:40]!r} is not allowed; allowed: {', '.join(self.hosts) or 'none'} "
                    f"(the operator lists them in {self._setting})",
                ),
                field="url",
            )

    def get(self, url: str) -> Fetched:
        """One answer of status 200; BadInputError for a host not listed, ElsewhereError for what goes wrong there."""
        import httpx

        if not self._turns.acquire(timeout=CONNECT):
            raise _failed(Text("外部请求过多,请稍后再试", "too many requests to others at once"))
        try:
            return self._got(url)
        except httpx.TimeoutException as error:
            raise _failed(Text("对方服务超时", "the service did not answer in time")) from error
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise _failed(Text("无法连接对方服务", "the service cannot be reached")) from error
        finally:
            self._turns.release()

    def _got(self, url: str) -> Fetched:
        ends = time.monotonic() + WHOLE
        for _ in range(REDIRECTS + 1):
            self.check(url)
            with self._client().stream("GET", url) as answer:
                if answer.is_redirect:
                    url = urljoin(url, answer.headers.get("location", ""))
                    continue
                if answer.status_code != HTTPStatus.OK:
                    raise _failed(
                        Text(f"对方服务回答 {answer.status_code}", f"the service answered {answer.status_code}")
                    )
                return Fetched(body=_bounded(answer, ends), media_type=answer.headers.get("content-type", ""))
        raise _failed(Text("对方服务转向次数过多", "the service redirects too often"))

    def close(self) -> None:
        """Release the connections."""
        if self._http is not None:
            self._http.close()


def _bounded(answer: "httpx.Response", ends: float) -> bytes:
    parts, size = [], 0
    for part in answer.iter_bytes():
        size += len(part)
        if size > LARGEST:
            raise _failed(Text("对方服务的回答过大", "the service's answer is too large"))
        if time.monotonic() > ends:
            raise _failed(Text("对方服务超时", "the service did not answer in time"))
        parts.append(part)
    return b"".join(parts)


def _origin(url: str) -> str:
    """Scheme, host and port in one spelling; ValueError for what is no web address."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(url)
    usual = 443 if parts.scheme == "https" else 80
    return f"{parts.scheme}://{parts.hostname.lower()}:{parts.port or usual}"


def _failed(text: Text) -> ElsewhereError:
    return ElsewhereError(text)
