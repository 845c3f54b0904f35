"""Addresses of streams: of listed schemes and hosts only, and their credentials apart from them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

import pyarrow as pa

from core.errors import BadInputError
from core.texts import Text
from layers.addresses import IN_AUTHORITY, IN_QUERY, PASSWORD, USER, with_secret

PORTS = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}
"""Schemes that may be opened: a decoder by itself opens files, playlists and whatever else it is given."""

LONGEST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A user and a password; printed as neither."""

    user: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One stream on a host that was allowed, without credentials."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        """As it may be shown."""
        return f"{self.scheme}://{self.place}{self.path}"

    @property
    def asks(self) -> bool:
        """It has a place for the user or the password, which the device wants there and nowhere else."""
        return USER in self.path or PASSWORD in self.path

    def filled(self, credentials: Credentials | None) -> str:
        """The path with user and password in their places; never shown, logged or kept where it `asks`."""
        if credentials is None:
            return self.path
        user, password = (quote(one, safe="") for one in (credentials.user, credentials.password))
        return self.path.replace(USER, user).replace(PASSWORD, password)

    def opened(self, credentials: Credentials | None) -> str:
        """The address by which the device is asked, its places filled."""
        return f"{self.scheme}://{self.place}{self.filled(credentials)}"

    def with_secret(self, credentials: Credentials | None) -> str:
        """As a decoder wants it; never shown, logged or kept."""
        if credentials is None or self.asks:
            return self.opened(credentials)
        secret = f"{quote(credentials.user, safe='')}:{quote(credentials.password, safe='')}"
        return f"{self.scheme}://{secret}@{self.place}{self.path}"

    @property
    def place(self) -> str:
        """Host and port."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def address(url: str, hosts: Iterable[str]) -> Address:
    """The address a register gives, its host being one of `hosts` (`host` or `host:port`, IPv6 in brackets).

    Raises: BadInputError for another scheme or host, credentials inside, or what is no address; it names the host only.
    """
    refused = BadInputError(Text("不是视频流地址", "no address of a stream"), field="stream")
    if len(url) > LONGEST or any(one <= " " or one in "|\\" for one in url):
        raise refused
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise refused from None
    if parts.scheme not in PORTS or not parts.hostname:
        allowed = ", ".join(PORTS)
        raise BadInputError(
            Text(
                f"视频流地址须以 {allowed} 之一开头并有主机名", f"a stream has a host and one of the schemes {allowed}"
            ),
            field="stream",
        )
    if parts.username is not None or parts.password is not None:
        raise BadInputError(IN_AUTHORITY, field="stream")
    if with_secret(pa.array([url])).any():
        raise BadInputError(IN_QUERY, field="stream")
    found = Address(
        scheme=parts.scheme, host=parts.hostname, port=port or PORTS[parts.scheme],
        path=parts.path + (f"?{parts.query}" if parts.query else ""),
    )  # fmt: skip
    listed = [urlsplit(f"//{one}") for one in hosts]
    if not any(one.hostname == found.host and one.port in (None, found.port) for one in listed):
        raise BadInputError(
            Text(
                f"主机“{found.host}”不在允许名单内,由运维设置 ONEMAP_VIDEO_HOSTS",
                f"host {found.host!r} is not allowed: the operator lists it in ONEMAP_VIDEO_HOSTS",
            ),
            field="stream",
        )
    return found
