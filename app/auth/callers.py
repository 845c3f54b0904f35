"""From what a caller shows (password, cookie, key) to who they are and what they may see."""

import secrets
from collections.abc import Callable
from datetime import timedelta

from app.auth.passwords import RecentlyProved, password_fits
from core.actors import Actor
from core.caller import Caller
from core.canonical import sha256
from core.clock import Clock
from core.errors import OneMapError
from core.texts import Text
from store.identity import Account, Identity

TRIES = 5
LOCK_MINUTES = 15


class WrongPassword(OneMapError):
    """Login or password is wrong; which of the two is not said."""

    code = "wrong-password"
    status = 401


class Locked(OneMapError):
    """Too many wrong tries."""

    code = "locked"
    status = 429


class Doorman:
    """Knows the accounts; every door asks here and nowhere else."""

    def __init__(self, identity: Identity, clock: Clock) -> None:
        self._identity = identity
        self._clock = clock
        self._proved = RecentlyProved()

    def sign_in(self, login: str, password: str, hours: int, agent: str) -> str:
        """A new session's token. Raises WrongPassword, or Locked after five wrong tries in fifteen minutes."""
        account = self._proven(login, password, agent, password_fits)
        token = secrets.token_urlsafe(32)
        now = self._clock()
        until = now + timedelta(hours=hours)
        self._identity.start_session(account.id, sha256(token.encode()), at=now, until=until, agent=agent)
        return token

    def _proven(
        self, login: str, password: str, agent: str, fits: Callable[[str | None, str], bool], *, quiet: bool = False
    ) -> Account:
        now = self._clock()
        failures = self._identity.failures(login, since=now - timedelta(minutes=LOCK_MINUTES))
        if len(failures) >= TRIES:
            raise Locked(
                Text(
                    f"错误次数过多,已锁定 {LOCK_MINUTES} 分钟,请稍后再试",
                    f"too many wrong tries, locked for {LOCK_MINUTES} minutes",
                )
            )
        account = self._identity.account(login)
        known = account is not None and not account.disabled
        fitted = fits(account.password_hash if account is not None and known else None, password)
        if not fitted or not quiet or failures:
            self._identity.record_sign_in(login, fitted=fitted, at=now, agent=agent)
        if not fitted or account is None:
            left = TRIES - len(failures) - 1
            raise WrongPassword(
                Text(
                    f"账号或口令不对,再错 {left} 次锁定 {LOCK_MINUTES} 分钟"
                    if left
                    else f"账号或口令不对,已锁定 {LOCK_MINUTES} 分钟",
                    f"wrong account or password; locked for {LOCK_MINUTES} minutes after {left} more",
                )
            )
        return account

    def sign_out(self, token: str) -> None:
        """End a session."""
        self._identity.end_session(sha256(token.encode()), at=self._clock())

    def by_session(self, token: str) -> Caller | None:
        """The caller of a session cookie."""
        return _caller(self._identity.session(sha256(token.encode()), at=self._clock()), "page")

    def by_key(self, key: str) -> Caller | None:
        """The caller of an agency's key."""
        return _caller(self._identity.key(sha256(key.encode()), at=self._clock()), "ogc")

    def by_password(self, login: str, password: str) -> Caller | None:
        """The caller of HTTP Basic; counts towards the lock like the form does."""

        def fits(encoded: str | None, given: str) -> bool:
            return self._proved.fits(encoded, login, given)

        try:
            return _caller(self._proven(login, password, "basic", fits, quiet=True), "ogc")
        except (WrongPassword, Locked):
            return None


def _caller(account: Account | None, door: str) -> Caller | None:
    if account is None or account.disabled:
        return None
    actor = Actor(id=account.login, name=account.name, door=door)
    return Caller(actor=actor, scope=account.scope, lang=account.lang, role=account.role)
