"""Argon2id password hashes (RFC 9106), and a short memory so that HTTP Basic does not hash at every request."""

import hmac
import secrets
import time
from collections import OrderedDict
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.units import Second

_HASHER = PasswordHasher()
_DECOY = _HASHER.hash(secrets.token_hex(16))


def hash_password(password: str) -> str:
    """An encoded argon2id hash with its own salt."""
    return _HASHER.hash(password)


def password_fits(encoded: str | None, password: str) -> bool:
    """The password belongs to the hash; an unknown account (None) takes as long as a known one."""
    try:
        return _HASHER.verify(encoded or _DECOY, password) and encoded is not None
    except (VerificationError, InvalidHashError):
        return False


class RecentlyProved:
    """Remembers for a minute that a login and password fitted a hash; keeps a keyed digest, never the words."""

    def __init__(self, *, keep: Second = 60.0, most: int = 500) -> None:
        self._secret = secrets.token_bytes(32)
        self._keep = keep
        self._most = most
        self._until: OrderedDict[bytes, float] = OrderedDict()

    def fits(self, encoded: str | None, login: str, password: str) -> bool:
        """As `password_fits`, at a fraction of its cost when it was asked a moment ago."""
        asked = "\0".join((login, password, encoded or "")).encode()
        digest = hmac.new(self._secret, asked, sha256).digest()
        now = time.monotonic()
        if self._until.get(digest, 0.0) > now:
            return True
        if not password_fits(encoded, password):
            return False
        self._until[digest] = now + self._keep
        while len(self._until) > self._most:
            self._until.popitem(last=False)
        return True
