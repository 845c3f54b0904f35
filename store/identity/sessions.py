"""Sign-ins of browsers: begun, used, listed and ended. Only the hash of a token is kept."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from core.clock import from_iso, iso
from core.errors import NotFoundError
from core.texts import Text
from store.identity.database import Database
from store.identity.rows import account_of, session_of
from store.identity.tables import ACCOUNTS, SESSIONS
from store.identity.values import Account, Session, Stage

GRACE = timedelta(minutes=1)
"""The last use is not kept to the second."""

AT_ONCE = 500
"""Tokens named in one question."""


class Sessions:
    """Typed access to sessions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, session: Session, token_hash: str) -> None:
        """Keep a new session."""
        values = {
            "id": session.id, "token_hash": token_hash, "account": session.account, "post": session.post,
            "stage": str(session.stage), "how": session.how, "created_at": iso(session.created_at),
            "seen_at": iso(session.seen_at), "expires_at": iso(session.expires_at), "idle": session.idle,
            "agent": session.agent, "address": session.address,
        }  # fmt: skip
        with self._database.begin() as db:
            db.execute(SESSIONS.insert().values(values))

    def find(self, token_hash: str, *, at: datetime) -> tuple[Session, Account] | None:
        """A live session and its account."""
        return self.among([token_hash], at=at).get(token_hash)

    def among(self, token_hashes: Sequence[str], *, at: datetime) -> dict[str, tuple[Session, Account]]:
        """The live sessions of some tokens with their accounts; two questions, however many there are."""
        found: dict[str, tuple[Session, Account]] = {}
        with self._database.connect() as db:
            for start in range(0, len(token_hashes), AT_ONCE):
                these = token_hashes[start : start + AT_ONCE]
                wanted = sa.select(SESSIONS, ACCOUNTS.c.login).join(ACCOUNTS).where(SESSIONS.c.token_hash.in_(these))
                rows = db.execute(wanted).mappings().all()
                sessions = {row["token_hash"]: session_of(row) for row in rows}
                alive = {hashed: one for hashed, one in sessions.items() if live(one, at)}
                theirs = sa.select(ACCOUNTS).where(ACCOUNTS.c.id.in_({one.account for one in alive.values()}))
                accounts = {row["id"]: account_of(row) for row in db.execute(theirs).mappings()} if alive else {}
                for hashed, session in alive.items():
                    account = accounts.get(session.account)
                    if account is not None and account.open(at):
                        found[hashed] = session, account
        return found

    def touch(self, session_id: str, *, at: datetime) -> None:
        """A person used this session now."""
        with self._database.begin() as db:
            db.execute(SESSIONS.update().where(SESSIONS.c.id == session_id).values(seen_at=iso(at)))

    def move(self, session_id: str, stage: Stage, how: str, token_hash: str) -> None:
        """A sign-in comes a stage further, under a new token: the one before is worth nothing any more."""
        with self._database.begin() as db:
            db.execute(
                SESSIONS.update()
                .where(SESSIONS.c.id == session_id, SESSIONS.c.ended_at.is_(None))
                .values(stage=str(stage), how=how, token_hash=token_hash)
            )

    def act_as(self, session_id: str, post_id: str) -> None:
        """The post this session acts under from now on."""
        with self._database.begin() as db:
            db.execute(SESSIONS.update().where(SESSIONS.c.id == session_id).values(post=post_id))

    def of(self, account_id: str, *, at: datetime) -> list[Session]:
        """The live sessions of an account, newest use first."""
        wanted = sa.select(SESSIONS).where(SESSIONS.c.account == account_id, SESSIONS.c.ended_at.is_(None))
        with self._database.connect() as db:
            found = [session_of(row) for row in db.execute(wanted).mappings()]
        return sorted((one for one in found if live(one, at)), key=lambda one: one.seen_at, reverse=True)

    def latest(self) -> dict[str, datetime]:
        """When each account last signed in."""
        last = sa.select(SESSIONS.c.account, sa.func.max(SESSIONS.c.created_at)).where(SESSIONS.c.stage == Stage.OPEN)
        with self._database.connect() as db:
            return {account: from_iso(at) for account, at in db.execute(last.group_by(SESSIONS.c.account))}

    def end(self, session_id: str, *, account: str | None, by: str, at: datetime) -> None:
        """End one session, of this account (None: of anybody); NotFoundError when there is no such live one."""
        mine = [SESSIONS.c.id == session_id, SESSIONS.c.ended_at.is_(None)]
        if account is not None:
            mine.append(SESSIONS.c.account == account)
        with self._database.begin() as db:
            ended = db.execute(SESSIONS.update().where(*mine).values(ended_at=iso(at), ended_by=by))
        if ended.rowcount == 0:
            raise NotFoundError(Text("没有这个会话或已结束", "no such session, or it has ended"))

    def end_token(self, token_hash: str, *, at: datetime) -> None:
        """End the session of a token, as signing out does."""
        live_one = sa.and_(SESSIONS.c.token_hash == token_hash, SESSIONS.c.ended_at.is_(None))
        with self._database.begin() as db:
            db.execute(SESSIONS.update().where(live_one).values(ended_at=iso(at), ended_by="signed out"))

    def end_all(self, account_id: str, *, by: str, at: datetime, but: str | None = None) -> int:
        """End every session of an account, but for one; how many."""
        mine = [SESSIONS.c.account == account_id, SESSIONS.c.ended_at.is_(None)]
        if but is not None:
            mine.append(SESSIONS.c.id != but)
        with self._database.begin() as db:
            return db.execute(SESSIONS.update().where(*mine).values(ended_at=iso(at), ended_by=by)).rowcount


def live(session: Session, at: datetime) -> bool:
    """Neither ended, nor past its end, nor left alone for too long."""
    idle = session.seen_at + timedelta(seconds=session.idle) + GRACE
    return session.ended_at is None and session.expires_at > at and idle > at
