"""Signing in, step by step: password, code, a password of one's own, a second factor; and out again."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from app.auth import factors
from app.auth.callers import Doorman, factor_shown, needs_factor
from app.auth.limits import limits
from app.auth.passwords import hash_password, password_fits, too_weak
from app.auth.sealing import Sealer
from core.caller import current_address
from core.canonical import sha256
from core.errors import BadInputError, ForbiddenError, NotFoundError
from core.ids import new_id
from core.texts import Text
from store.audit import AuditEntry, Kind, Outcome
from store.identity import Account, Session, Stage

WRONG_CODE = Text("动态口令不对或已用过", "the code is wrong, or was used before")


@dataclass(frozen=True, slots=True)
class Step:
    """Where a sign-in has come: the token to keep in the browser from now on, and what is asked next."""

    token: str
    stage: Stage
    hours: int


@dataclass(frozen=True, slots=True)
class Pending:
    """A sign-in that is not finished."""

    session: Session
    account: Account


class Entrance:
    """The steps between a stranger and an open session, all of them recorded."""

    def __init__(self, doorman: Doorman, sealer: Sealer) -> None:
        self.doorman = doorman
        self.sealer = sealer
        self.identity = doorman.identity
        self.clock = doorman.clock

    def with_password(self, login: str, password: str, *, hours: int, duty: bool, agent: str, address: str) -> Step:
        """First step. Raises WrongPassword, Locked, or ForbiddenError for somebody who holds no post now."""
        account = self.doorman.proven(login, password, agent, address)
        return self.enter(account, how="password", hours=hours, duty=duty, agent=agent, address=address)

    def enter(self, account: Account, *, how: str, hours: int, duty: bool, agent: str, address: str) -> Step:
        """A session for somebody who proved who they are, as far as they have come."""
        now, rules = self.clock(), limits()
        if self.identity.standing_of(account, at=now) is None:
            raise ForbiddenError(
                Text("该账号目前没有有效任职,请联系管理员", "this account holds no post now; ask your administrator")
            )
        token = secrets.token_urlsafe(32)
        stage = self._next(account, how)
        session = Session(
            id=new_id(), account=account.id, stage=stage, how=how, created_at=now, seen_at=now,
            expires_at=now + timedelta(hours=hours), idle=hours * 3600 if duty else rules.idle_minutes * 60,
            agent=agent, address=address,
        )  # fmt: skip
        self.identity.sessions.start(session, sha256(token.encode()))
        if stage is Stage.OPEN:
            self._opened(account, how)
        return Step(token, stage, hours)

    def pending(self, token: str) -> Pending | None:
        """The unfinished sign-in of a token, if it has not taken too long."""
        now = self.clock()
        found = self.identity.sessions.find(sha256(token.encode()), at=now)
        if found is None or found[0].stage is Stage.OPEN:
            return None
        if now - found[0].created_at > timedelta(minutes=limits().steps_minutes):
            return None
        return Pending(*found)

    def with_code(self, waiting: Pending, code: str) -> Step:
        """The second factor of an account that has one. Raises ForbiddenError for a wrong or spent code."""
        if waiting.session.stage is not Stage.CODE:
            raise NotFoundError(Text("请重新登录", "sign in again"))
        self._spend(waiting.account, code)
        return self._further(waiting, waiting.session.how + "+totp")

    def with_new_password(self, waiting: Pending, new: str) -> Step:
        """A password of one's own, when it is due. Raises BadInputError for a weak one."""
        if waiting.session.stage is not Stage.RENEW:
            raise NotFoundError(Text("请重新登录", "sign in again"))
        account = self.set_password(waiting.account, new)
        hours = max(1, round((waiting.session.expires_at - waiting.session.created_at).total_seconds() / 3600))
        duty = waiting.session.idle > limits().idle_minutes * 60
        return self.enter(
            account, how=waiting.session.how, hours=hours, duty=duty, agent=waiting.session.agent,
            address=waiting.session.address,
        )  # fmt: skip

    def with_factor(self, waiting: Pending, sealed: str, code: str) -> Step:
        """Enrol the second factor a role needs; the code proves that the app has it."""
        if waiting.session.stage is not Stage.ENROL:
            raise NotFoundError(Text("请重新登录", "sign in again"))
        self.enrol(waiting.account, sealed, code)
        return self._further(waiting, waiting.session.how + "+totp")

    def enrol(self, account: Account, sealed: str, code: str) -> None:
        """Take a second factor into use. Raises ForbiddenError when the code does not fit it."""
        step = factors.step_of(self.sealer.unseal(sealed), code, self.clock())
        if step is None:
            raise ForbiddenError(WRONG_CODE)
        self._record(account.login, Kind.ADMIN, account.login, account=account.id, where="second factor enrolled")
        self.identity.people.set_totp(account.id, sealed)
        self.identity.people.use_totp_step(account.id, step)
        self.doorman.forget()

    def remove_factor(self, account: Account, code: str) -> None:
        """Take the second factor away, proved by a code of it."""
        if account.sealed_totp is None:
            raise NotFoundError(Text("未绑定动态口令", "there is no second factor"))
        self._spend(account, code)
        self._record(account.login, Kind.ADMIN, account.login, account=account.id, where="second factor removed")
        self.identity.people.set_totp(account.id, None)
        self.doorman.forget()

    def set_password(self, account: Account, new: str) -> Account:
        """Give an account a password of its own and end its sessions. Raises BadInputError for a weak one."""
        rules, now = limits(), self.clock()
        earlier = (account.password_hash, *account.earlier_hashes)
        weak = too_weak(new, login=account.login, name=account.name, earlier=earlier, rules=rules)
        if weak is not None:
            raise BadInputError(weak, field="password")
        self._record(account.login, Kind.ADMIN, account.login, account=account.id, where="own password changed")
        self.identity.people.set_password(
            account.id, hash_password(new), at=now, must_change=False, kept=rules.password_history
        )
        self.doorman.forget()
        return self.identity.people.get(account.id)

    def change_password(self, account: Account, old: str, new: str) -> Account:
        """The same for somebody signed in, who says the old one first."""
        if not password_fits(account.password_hash or None, old):
            raise ForbiddenError(Text("原口令不对", "the old password is wrong"))
        return self.set_password(account, new)

    def act_as(self, session: str, account: Account, post: str) -> None:
        """Act under another post of one's own. Raises ForbiddenError when it is not held, or needs a second factor."""
        now = self.clock()
        held = next((one for one in self.identity.posts.standings(account, at=now) if one.post.id == post), None)
        if held is None:
            raise ForbiddenError(Text("该任职不属于您或已到期", "that post is not yours, or has ended"))
        live = next((one for one in self.identity.sessions.of(account.id, at=now) if one.id == session), None)
        if live is None or (needs_factor(held) and not factor_shown(live.how)):
            raise ForbiddenError(
                Text(
                    "该岗位须双因素登录:请先绑定动态口令,再重新登录",
                    "that role needs a second factor: enrol, sign in again",
                )
            )
        self._record(account.login, Kind.POST, held.role.id, account=account.id, post=post)
        self.identity.sessions.act_as(session, post)
        self.doorman.forget()

    def screen_of(self, token: str) -> str:
        """The page a wall screen shows."""
        kiosk = self.identity.keys.kiosk(sha256(token.encode()), at=self.clock())
        if kiosk is None:
            raise NotFoundError(Text("大屏令牌无效或已吊销", "no such wall screen, or revoked"))
        return kiosk.screen

    def leave(self, token: str) -> None:
        """End a session."""
        caller = self.doorman.by_session(token)
        if caller is not None and caller.session:
            self._record(caller.actor.id, Kind.SIGN_OUT, caller.actor.id, account=caller.account, post=caller.post)
        self.identity.sessions.end_token(sha256(token.encode()), at=self.clock())
        self.doorman.forget()

    def _opened(self, account: Account, how: str) -> None:
        """A whole sign-in, with the post it opens under."""
        standing = self.identity.standing_of(account, at=self.clock())
        post = "" if standing is None else standing.post.id
        self._record(account.login, Kind.SIGN_IN, account.login, account=account.id, post=post, where=how)

    def _record(
        self, actor: str, kind: Kind, what: str, outcome: Outcome = Outcome.DONE, *, account: str, post: str = "",
        where: str = "",
    ) -> None:  # fmt: skip
        entry = AuditEntry(
            at=self.clock(), kind=kind, actor=actor, door="page", account=account, post=post,
            address=current_address.get(), what=what, where=where, outcome=outcome,
        )  # fmt: skip
        self.doorman.audit.record(entry)

    def _spend(self, account: Account, code: str) -> None:
        now = self.clock()
        rules, name = limits(), f"code:{account.login}"
        failures = self.doorman.audit.failures(login=name, since=now - timedelta(minutes=rules.lock_minutes))
        if len(failures) >= rules.tries:
            raise ForbiddenError(
                Text(
                    f"动态口令错误次数过多,请 {rules.lock_minutes} 分钟后再试",
                    f"too many wrong codes, try again in {rules.lock_minutes} minutes",
                )
            )
        secret = self.sealer.unseal(account.sealed_totp or "")
        step = factors.step_of(secret, code, now)
        fitted = step is not None and self.identity.people.use_totp_step(account.id, step)
        self._record(name, Kind.SIGN_IN, account.login, Outcome.DONE if fitted else Outcome.FAILED, account=account.id)
        if not fitted:
            raise ForbiddenError(WRONG_CODE)

    def _further(self, waiting: Pending, how: str) -> Step:
        token = secrets.token_urlsafe(32)
        account = self.identity.people.get(waiting.account.id)
        stage = self._next(account, how)
        self.identity.sessions.move(waiting.session.id, stage, how, sha256(token.encode()))
        if stage is Stage.OPEN:
            self._opened(account, how)
        hours = max(1, round((waiting.session.expires_at - self.clock()).total_seconds() / 3600))
        return Step(token, stage, hours)

    def _next(self, account: Account, how: str) -> Stage:
        now = self.clock()
        if account.sealed_totp and not factor_shown(how):
            return Stage.CODE
        if how.startswith("password") and self._password_is_due(account):
            return Stage.RENEW
        held = self.identity.posts.standings(account, at=now)
        if any(needs_factor(one) for one in held) and not factor_shown(how):
            return Stage.ENROL
        return Stage.OPEN

    def _password_is_due(self, account: Account) -> bool:
        if account.demo:
            return False
        days, since = limits().password_days, account.password_at
        old = days > 0 and since is not None and self.clock() - since > timedelta(days=days)
        return account.must_change or old
