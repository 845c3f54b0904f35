"""Requests that a device signs instead of sending its key: HMAC-SHA256 over method, path, time, nonce and body.

`Authorization: OneMap-HMAC-SHA256 device=…, time=…, nonce=…, body=…, signature=…`; `body` is the SHA-256 of the body,
`time` seconds since 1970. What is signed are these lines: method, path with its query, time, nonce, body. A request is
taken within `signature_seconds` of our clock, and once: of a signature that was taken nothing is taken again.
"""

import hashlib
import hmac
import re
import threading
from dataclasses import dataclass

from starlette.types import Message, Receive

from app.auth.limits import limits
from core.clock import Clock
from core.errors import OneMapError
from core.texts import Text
from core.units import Second
from store.identity.devices import DeviceSecrets

SCHEME = "onemap-hmac-sha256"
PART = re.compile(r'\s*(\w+)="?([^",\s]*)"?\s*')
NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
HEX = re.compile(r"[0-9a-f]{64}")


CLEARED: Second = 10.0
"""So often what can be taken no more is forgotten: not at each request, as many devices have many of them."""


class WrongSignature(OneMapError):
    """What was signed is not what came."""

    code = "wrong-signature"
    status = 401


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What a signed request says of itself."""

    device: str
    time: int
    nonce: str
    body: str
    signature: str

    def lines(self, method: str, target: str) -> bytes:
        """What is signed."""
        return "\n".join((method, target, str(self.time), self.nonce, self.body)).encode()


def signature(secret: str, said: Signed, method: str, target: str) -> str:
    """What a device that has this secret writes under it."""
    return hmac.new(secret.encode(), said.lines(method, target), hashlib.sha256).hexdigest()


def signed_in(header: str) -> Signed | None:
    """What stands in the header; None where it is not of the form."""
    parts = [PART.fullmatch(one) for one in header.split(",")]
    given = {one[1]: one[2] for one in parts if one is not None}
    if len(parts) != len(given) or set(given) != {"device", "time", "nonce", "body", "signature"}:
        return None
    fits = given["time"].isascii() and given["time"].isdigit() and len(given["time"]) <= 12
    if (
        not fits
        or not NONCE.fullmatch(given["nonce"])
        or not all(HEX.fullmatch(given[n]) for n in ("body", "signature"))
    ):
        return None
    return Signed(**given | {"time": int(given["time"])})  # type: ignore[arg-type]


class Once:
    """Signatures that were taken, kept for as long as they could be taken again: by whatever process, however often it
    was started anew."""

    def __init__(self, taken: DeviceSecrets, clock: Clock) -> None:
        self._taken, self._clock = taken, clock
        self._cleared = 0.0
        self._lock = threading.Lock()

    def timely(self, said: Signed) -> bool:
        """It was signed about now."""
        return abs(self._clock().timestamp() - said.time) <= limits().signature_seconds

    def take(self, said: Signed) -> bool:
        """False for what was taken before."""
        now = self._clock().timestamp()
        with self._lock:
            due = abs(now - self._cleared) > CLEARED
            self._cleared = now if due else self._cleared
        if due:
            self._taken.forget_signatures(before=int(now) - limits().signature_seconds)
        return self._taken.take_once(said.device, said.nonce, until=said.time + limits().signature_seconds)


def whole(said: Signed, receive: Receive) -> Receive:
    """The same body, refused at its end where it is not the one that was signed."""
    digest = hashlib.sha256()

    async def checked() -> Message:
        message = await receive()
        if message["type"] == "http.request":
            digest.update(message.get("body", b""))
            if not message.get("more_body", False) and not hmac.compare_digest(digest.hexdigest(), said.body):
                raise WrongSignature(Text("正文与签名不符", "the body is not the one that was signed"))
        return message

    return checked
