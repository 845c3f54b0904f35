"""How a device is known by its secret: a key at the HTTP door, MN and password over HJ 212; none once it is retired."""

import hmac
import secrets
import time
from collections.abc import Mapping

from app.auth.limits import limits
from app.auth.sealing import Sealer
from app.auth.signing import Once, Signed, signature
from core.actors import Actor
from core.caller import Caller, Right, UserClass
from core.clock import Clock
from core.scope import Scope, Sensitivity
from core.units import Second
from monitoring.devices import Carrier
from monitoring.register import Register
from store.identity import Identity, Key

KEY_PREFIX = "device-"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
PASSWORD_LENGTH = 6
"""HJ 212-2017 leaves a PW that many characters."""

REMEMBERED: Second = 1.0
"""So long a password that fitted is not looked up again."""


class DeviceGate:
    """Makes secrets of devices and tells whose one is; it keeps the keyed hash alone."""

    def __init__(
        self, identity: Identity, register: Register, sealer: Sealer, clock: Clock,
        passwords: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self._secrets = identity.devices
        self._register = register
        self._sealer = sealer.for_purpose("devices")
        self._clock = clock
        self._passwords = passwords or {}
        self._signing, self._once = sealer.for_purpose("signatures of devices"), Once(identity.devices, clock)
        self._fitted: dict[tuple[str, str], float] = {}

    def make_key(self, device: str, *, given_by: str) -> str:
        """A new key of a device, to be shown once."""
        key = KEY_PREFIX + secrets.token_urlsafe(24)
        self._secrets.give(device, self._sealer.mark(key), given_by=given_by, at=self._clock())
        return key

    def make_password(self, device: str, *, given_by: str, password: str = "") -> str:
        """A new password for HJ 212, or the one a device has of its maker, to be shown once."""
        chosen = password or "".join(secrets.choice(LETTERS) for _ in range(PASSWORD_LENGTH))
        self._secrets.give(device, self._mark(device, chosen), given_by=given_by, at=self._clock())
        return chosen

    def by_key(self, key: str) -> tuple[Caller, Key] | None:
        """Who reports with a key, and how often it may; for nothing but the device's own points."""
        if not key.startswith(KEY_PREFIX):
            return None
        code = self._secrets.whose(self._sealer.mark(key))
        return None if code is None else self._caller(code)

    def _caller(self, code: str) -> tuple[Caller, Key] | None:
        device = self._register.devices().by_code.get(code)
        if device is None or device.retired:
            return None
        name = f"device:{device.code}"
        caller = Caller(
            actor=Actor(id=name, name=device.code, door="api"),
            scope=Scope(areas=(), clearance=Sensitivity.PUBLIC, layers=frozenset()),
            rights=frozenset({Right.REPORT}), role="gateway", user_class=UserClass.SYSTEM, key=name, device=device.code,
        )  # fmt: skip
        often = limits().key_per_minute
        return caller, Key(
            id=name, name=name, account="", layers=None, per_minute=often, given_by="", created_at=self._clock()
        )

    def signing_secret(self, device: str) -> str | None:
        """What a device signs with, good for as long as its key is; made of that key's hash anew, kept nowhere."""
        held = self._secrets.hash_of(device)
        return None if held is None else self._signing.mark(f"{device}\n{held}")

    def by_signature(self, said: Signed, method: str, target: str) -> tuple[Caller, Key] | None:
        """Who signed a request; None for a wrong signature, another time than now, and what was taken before."""
        secret = self.signing_secret(said.device) if self._once.timely(said) else None
        if secret is None or not hmac.compare_digest(signature(secret, said, method, target), said.signature):
            return None
        found = self._caller(said.device)
        return found if found is not None and self._once.take(said) else None

    def by_password(self, mn: str, password: str) -> Carrier | None:
        """The device that says this over HJ 212; one that is registered is not let in by the settings' list."""
        device = self._register.devices().by_mn.get(mn)
        if device is None:
            expected = self._passwords.get(mn)
            fits = expected is not None and hmac.compare_digest(expected.encode(), password.encode())
            return Carrier(code=mn, mn=mn) if fits else None
        if device.retired:
            return None
        shown, now = (device.code, password), time.monotonic()
        if self._fitted.get(shown, 0.0) > now:
            return device
        if self._secrets.whose(self._mark(*shown)) != device.code:
            return None
        self._fitted = {one: until for one, until in self._fitted.items() if until > now} | {shown: now + REMEMBERED}
        return device

    def _mark(self, device: str, password: str) -> str:
        return self._sealer.mark(f"hj212\n{device}\n{password}")
