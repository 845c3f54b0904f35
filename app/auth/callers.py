"""From what a caller shows (cookie, key, password) to who they are and what they may see."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from math import ceil

from app.auth.limits import limits
from app.auth.passwords import RecentlyProved, password_fits
from app.auth.rates import MINUTE, Rates
from app.auth.refusals import Refusals
from app.auth.signing import Signed
from core.actors import Actor
from core.caller import Caller, Right, current_address
from core.canonical import canonical_json, sha256
from core.clock import Clock
from core.errors import OneMapError
from core.scope import Scope
from core.texts import Text
from core.units import Second
from store.audit import AuditEntry, AuditLog, Kind, Outcome
from store.identity import Account, Identity, Key, Kiosk, Stage, Standing, acted_as

KIOSK_PREFIX = "kiosk-"
KEY_RIGHTS = frozenset(
    {Right.MAP, Right.SERVICES, Right.LIVE, Right.BRIEF, Right.FILES, Right.PLAN, Right.REPORT, Right.SEND_CAP}
)
"""What a key may be good for: never accounts, keys or the audit, nor work that goes on without it."""

EDIT = frozenset({Right.EDIT})
"""Comes with a password, and with a key only for the layers it was issued to write."""

REMEMBERED: Second = 1.0
"""So long an answer about a cookie or key is reused; what this process changes is seen at once."""

LISTENERS = 100
"""So many listeners a second are asked for: of five hundred each every five seconds. What this process changes is seen
at once all the same."""

LISTENED: Second = 10.0
"""Who did not ask for so long listens no more."""

SEEN_EVERY: Second = 30.0
"""How exactly the last use of a session is kept: a write at every request would cost more than it tells."""


class WrongPassword(OneMapError):
    """Login or password is wrong; which of the two is not said."""

    code = "wrong-password"
    status = 401


class Locked(OneMapError):
    """Too many wrong tries."""

    code = "locked"
    status = 429


class TooMany(OneMapError):
    """A key asks more often than it may."""

    code = "too-many-requests"
    status = 429


@dataclass(frozen=True, slots=True)
class _Admitted:
    caller: Caller | None
    key: Key | None
    until: float


class Doorman:
    """Knows the accounts; every door asks here and nowhere else."""

    def __init__(
        self, identity: Identity, audit: AuditLog, clock: Clock,
        devices: Callable[[str], tuple[Caller, Key] | None] = lambda _: None,
        signed: Callable[[Signed, str, str], tuple[Caller, Key] | None] = lambda *_: None,
    ) -> None:  # fmt: skip
        self.identity = identity
        self.audit = audit
        self.clock = clock
        self.refusals = Refusals(audit, clock)
        self._devices, self._signed = devices, signed
        self._proved = RecentlyProved()
        self._known: OrderedDict[str, _Admitted] = OrderedDict()
        self._lock = threading.Lock()
        self._rates = Rates()
        self._generation = 0
        self._used: dict[str, float] = {}
        self._listening: dict[str, float] = {}
        self._renewing = threading.Lock()

    def forget(self) -> None:
        """Something about accounts was changed: ask the database again."""
        with self._lock:
            self._generation += 1
            self._known.clear()
            self._used.clear()

    def proven(
        self,
        login: str,
        password: str,
        agent: str,
        address: str = "",
        fits: Callable[[str | None, str], bool] = password_fits,
        *,
        quiet: bool = False,
    ) -> Account:
        """The account whose password this is. Raises WrongPassword, or Locked after too many wrong tries."""
        now, rules = self.clock(), limits()
        account = self.identity.people.find(login)
        name = login if account is not None else unknown(login)
        failures = self.audit.failures(login=name, since=now - timedelta(minutes=rules.lock_minutes))
        if len(failures) >= rules.tries or self.floods(address):
            if self._rates.hit("locked", name, most=1):
                self._tried(name, agent, Outcome.REFUSED)
            raise Locked(
                Text(
                    f"错误次数过多,已锁定 {rules.lock_minutes} 分钟,请稍后再试",
                    f"too many wrong tries, locked for {rules.lock_minutes} minutes",
                )
            )
        known = account is not None and account.open(now)
        fitted = fits(account.password_hash or None if account is not None and known else None, password)
        if not fitted or not quiet or failures:
            self._tried(name, agent, Outcome.DONE if fitted else Outcome.FAILED)
        if not fitted or account is None:
            self.flooded(address)
            left = rules.tries - len(failures) - 1
            raise WrongPassword(
                Text(
                    f"账号或口令不对,再错 {left} 次锁定 {rules.lock_minutes} 分钟"
                    if left
                    else f"账号或口令不对,已锁定 {rules.lock_minutes} 分钟",
                    f"wrong account or password; locked for {rules.lock_minutes} minutes after {left} more",
                )
            )
        return account

    def _tried(self, name: str, how: str, outcome: Outcome) -> None:
        """One line in the audit for each try; while a login is locked, one a minute, and the lock grows no longer."""
        kind = Kind.REFUSED if outcome is Outcome.REFUSED else Kind.SIGN_IN
        entry = AuditEntry(
            at=self.clock(), kind=kind, actor=name, door="page", address=current_address.get(), what="account",
            outcome=outcome, detail=canonical_json({"agent": how}).decode(),
        )  # fmt: skip
        self.audit.record(entry)

    def by_session(self, token: str, *, used: bool = False) -> Caller | None:
        """The caller of a session cookie, or the wall screen of a kiosk's; `used` when a person did something."""
        found = self._admitted("cookie", token, self._kiosk if token.startswith(KIOSK_PREFIX) else self._session).caller
        if used and found is not None and found.session:
            now = time.monotonic()
            if now - self._used.get(found.session, -SEEN_EVERY) >= SEEN_EVERY:
                self._used[found.session] = now
                self.identity.sessions.touch(found.session, at=self.clock())
        return found

    def by_key(self, key: str) -> Caller | None:
        """The caller of an agency's key. Raises TooMany when it is used too often."""
        return self._within_rate(self._admitted("key", key, self._key))

    def by_signature(self, said: Signed, method: str, target: str) -> Caller | None:
        """The device that signed a request; never remembered. Raises TooMany when it asks too often."""
        found = self._signed(said, method, target)
        return None if found is None else self._within_rate(_Admitted(*found, 0.0))

    def at_once(self, kind: str, shown: str) -> Caller | None:
        """Whom the same `cookie` or `key` let in a moment ago, without asking the database; None: ask. As by_key."""
        with self._lock:
            known = self._known.get(sha256(f"{kind} {shown}".encode()))
        return None if known is None or known.until <= time.monotonic() else self._within_rate(known)

    def _within_rate(self, found: _Admitted) -> Caller | None:
        if found.key is not None and not self._rates.hit("key", found.key.id, most=found.key.per_minute):
            raise TooMany(
                Text(
                    f"该密钥每分钟至多 {found.key.per_minute} 次",
                    f"this key is good for {found.key.per_minute} a minute",
                ),
                retry_after=ceil(self._rates.wait("key", found.key.id, most=found.key.per_minute)),
            )
        return found.caller

    def by_password(self, login: str, password: str, address: str = "") -> Caller | None:
        """The caller of HTTP Basic; counts towards the lock like the form does. Two factors do not fit in it."""

        def fits(encoded: str | None, given: str) -> bool:
            return self._proved.fits(encoded, login, given)

        try:
            account = self.proven(login, password, "basic", address, fits, quiet=True)
        except (WrongPassword, Locked):
            return None
        standing = self.identity.standing_of(account, at=self.clock())
        if standing is None or account.sealed_totp or account.must_change or needs_factor(standing):
            return None
        found = caller_of(standing, "ogc")
        return replace(found, rights=found.rights & (KEY_RIGHTS | EDIT))

    def _session(self, token: str) -> tuple[Caller | None, Key | None]:
        return self._sessions([token])[token], None

    def _sessions(self, tokens: Sequence[str]) -> dict[str, Caller | None]:
        """Who some cookies are now, in a handful of questions however many there are."""
        now = self.clock()
        hashes = {token: sha256(token.encode()) for token in tokens}
        live = self.identity.sessions.among(list(hashes.values()), at=now)
        entered = {hashed: found for hashed, found in live.items() if found[0].stage is Stage.OPEN}
        held = self.identity.posts.standings_of([account for _, account in entered.values()], at=now)
        callers: dict[str, Caller | None] = dict.fromkeys(tokens)
        for token, hashed in hashes.items():
            if hashed in entered:
                session, account = entered[hashed]
                standing = acted_as(held[account.id], session.post)
                if standing is not None and (not needs_factor(standing) or factor_shown(session.how)):
                    callers[token] = replace(caller_of(standing, "page"), session=session.id)
        return callers

    def still(self, token: str) -> Caller | None:
        """As by_session, of a cookie that goes on listening: all that listen are asked for together, once a second."""
        with self._lock:
            self._listening[token] = time.monotonic()
        if token.startswith(KIOSK_PREFIX):
            return self.by_session(token)
        with self._renewing:
            fresh = self.at_once("cookie", token)
            if fresh is not None:
                return fresh
            now = time.monotonic()
            with self._lock:
                self._listening = {one: asked for one, asked in self._listening.items() if now - asked < LISTENED}
                due = [one for one in self._listening if not one.startswith(KIOSK_PREFIX)]
                generation = self._generation
            found = self._sessions(list(dict.fromkeys((token, *due))))
            until = now + max(REMEMBERED, len(due) / LISTENERS)
            with self._lock:
                if generation == self._generation:
                    for one, caller in found.items():
                        if caller is not None:
                            self._remember(sha256(f"cookie {one}".encode()), _Admitted(caller, None, until))
            return found[token]

    def _key(self, given: str) -> tuple[Caller | None, Key | None]:
        device = self._devices(given)
        if device is not None:
            return device
        now = self.clock()
        found = self.identity.keys.find(sha256(given.encode()), at=now)
        standing = None if found is None else self.identity.standing_of(found[1], at=now)
        if found is None or standing is None:
            return None, None
        key, caller = found[0], caller_of(standing, "ogc")
        good_for = KEY_RIGHTS | EDIT if key.writable else KEY_RIGHTS
        rights = caller.rights & good_for
        return replace(caller, rights=rights, scope=narrowed(caller.scope, key), key=key.id), key

    def _kiosk(self, token: str) -> tuple[Caller | None, Key | None]:
        kiosk = self.identity.keys.kiosk(sha256(token.encode()), at=self.clock())
        return None if kiosk is None else self._wall(kiosk), None

    def _wall(self, kiosk: Kiosk) -> Caller:
        role = self.identity.posts.role(kiosk.role)
        scope = replace(role.scope(kiosk.areas, None), writable=frozenset())
        actor = Actor(id=f"kiosk:{kiosk.name}", name=kiosk.name, door="page")
        rights = role.rights & {Right.HALL, Right.LIVE}
        return Caller(
            actor=actor, scope=scope, rights=rights, lang=kiosk.lang, role=role.id, user_class=role.user_class
        )

    def _admitted(self, kind: str, shown: str, ask: Callable[[str], tuple[Caller | None, Key | None]]) -> _Admitted:
        name, now = sha256(f"{kind} {shown}".encode()), time.monotonic()
        with self._lock:
            known, generation = self._known.get(name), self._generation
        if known is not None and known.until > now:
            return known
        found = _Admitted(*ask(shown), now + REMEMBERED)
        if found.caller is not None:
            with self._lock:
                if generation == self._generation:
                    self._remember(name, found)
        return found

    def _remember(self, name: str, found: _Admitted) -> None:
        self._known[name] = found
        while len(self._known) > 2000:
            self._known.popitem(last=False)

    def floods(self, address: str) -> bool:
        """Too many wrong tries came from this address of late."""
        return bool(address) and self._rates.wait("tries", address, most=limits().address_tries) > 0

    def flooded(self, address: str) -> None:
        """One more wrong try came from this address."""
        if address:
            rules = limits()
            self._rates.hit("tries", address, most=rules.address_tries, within=rules.lock_minutes * MINUTE)


def unknown(login: str) -> str:
    """A login nobody has, as the audit names it: people type passwords into the wrong box."""
    return f"?{sha256(login.encode())[:16]}"


def needs_factor(standing: Standing) -> bool:
    """The role is entered only with a second factor; the demo's accounts, known to everybody, are spared it."""
    return standing.role.second_factor and not standing.account.demo


def factor_shown(how: str) -> bool:
    """A session was begun with a second factor: a code asked here, or one the identity provider says it asked for."""
    return not {"totp", "mfa"}.isdisjoint(how.split("+"))


def narrowed(scope: Scope, key: Key) -> Scope:
    """What of a scope a key is good for; one that writes writes no more than it was issued for."""
    if key.writable:
        scope = replace(scope, writable=key.writable if scope.writable is None else scope.writable & key.writable)
    if key.layers is None:
        return scope
    return replace(scope, layers=key.layers if scope.layers is None else scope.layers & key.layers)


def caller_of(standing: Standing, door: str) -> Caller:
    """The caller an account is at a door."""
    account = standing.account
    return Caller(
        actor=Actor(id=account.login, name=account.name, door=door),
        scope=standing.scope,
        rights=standing.role.rights,
        lang=account.lang,
        role=standing.role.id,
        user_class=account.user_class,
        account=account.id,
        post=standing.post.id,
    )
