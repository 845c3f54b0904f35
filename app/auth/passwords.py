"""Argon2id password hashes (RFC 9106), and a short memory so that HTTP Basic does not hash at every request."""

import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.auth.limits import Limits
from core.texts import Text
from core.units import Second

LONGEST = 256
COMMON = ("password", "passw0rd", "12345", "abcde", "qwerty", "11111", "00000", "admin", "iloveyou", "woaini", "88888")
"""Runs that every list of stolen passwords begins with."""

_HASHER = PasswordHasher()


def hash_password(password: str) -> str:
    """An encoded argon2id hash with its own salt."""
    return _HASHER.hash(password)


def password_fits(encoded: str | None, password: str) -> bool:
    """The password belongs to the hash; an unknown account (None) takes as long as a known one."""
    decoy = _decoy()
    try:
        return _HASHER.verify(encoded or decoy, password) and encoded is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _decoy() -> str:
    """Made at the first question, whoever it is about; most commands ask none and need not wait for it."""
    return _HASHER.hash(secrets.token_hex(16))


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


def too_weak(password: str, *, login: str, name: str, earlier: Sequence[str], rules: Limits) -> Text | None:
    """Why a new password is refused, or None. `earlier` are hashes that may not come back."""
    kinds = sum(any(test(c) for c in password) for test in (str.isupper, str.islower, str.isdigit, _is_sign))
    held = password.casefold()
    if len(password) < rules.password_length:
        return Text(
            f"口令太短,至少 {rules.password_length} 个字符", f"too short: at least {rules.password_length} characters"
        )
    if len(password) > LONGEST:
        return Text(f"口令太长,至多 {LONGEST} 个字符", f"too long: at most {LONGEST} characters")
    if kinds < rules.password_classes:
        return Text(
            f"大写字母、小写字母、数字、符号至少用 {rules.password_classes} 类",
            f"use at least {rules.password_classes} of capitals, small letters, digits and signs",
        )
    if login.casefold() in held or (len(name) > 1 and name.casefold() in held):
        return Text("口令不得包含账号或姓名", "it must not contain the account or the name")
    if any(run in held for run in COMMON) or len(set(password)) < 5:
        return Text("口令过于常见,请换一个", "too common, choose another")
    if any(password_fits(encoded, password) for encoded in earlier if encoded):
        return Text(
            f"不得与最近 {rules.password_history} 次用过的口令相同", f"not one of the last {rules.password_history}"
        )
    return None


def _is_sign(character: str) -> bool:
    return not character.isalnum()


def made_up() -> str:
    """A password to be read out once: fifteen characters of four kinds, none that is easily mistaken for another."""
    letters = "abcdefghjkmnpqrstuvwxyz"
    groups = ["".join(secrets.choice(letters + "23456789") for _ in range(4)) for _ in range(3)]
    return "-".join([*groups[:2], groups[2].upper()]) + secrets.choice("23456789") + secrets.choice(letters)
