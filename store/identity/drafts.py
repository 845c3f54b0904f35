"""What people have typed and not sent yet: kept with the account, met by nobody else, on every device of theirs.

A draft has a mark that changes with each write; who writes over a draft shows the mark last seen, so that of two
devices the second is told instead of wiping out what the first kept.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.clock import from_iso, iso
from core.errors import BadInputError, ConflictError
from core.ids import new_id
from core.texts import Text
from store.identity.database import Database
from store.identity.tables import DRAFTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One draft; `of` says of what, `body` is JSON as it was sent."""

    of: str
    mark: str
    body: str
    at: datetime


class Drafts:
    """Drafts by account and by what they are of."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, account: str, *, since: datetime) -> list[Draft]:
        """Those of one account written since a moment, the latest first."""
        wanted = sa.select(DRAFTS).where(DRAFTS.c.account == account, DRAFTS.c.at >= iso(since))
        with self._database.connect() as db:
            return [_draft(row) for row in db.execute(wanted.order_by(DRAFTS.c.at.desc())).mappings()]

    def find(self, account: str, of: str, *, since: datetime) -> Draft | None:
        """One draft, while it is kept."""
        wanted = sa.select(DRAFTS).where(_mine(account, of), DRAFTS.c.at >= iso(since))
        with self._database.connect() as db:
            row = db.execute(wanted).mappings().first()
        return None if row is None else _draft(row)

    def keep(self, account: str, of: str, body: str, *, seen: str, at: datetime, since: datetime, most: int) -> Draft:
        """Write a draft over the one last seen (blank: over none). ConflictError where another device was first."""
        draft = Draft(of=of, mark=new_id(), body=body, at=at)
        values = {"mark": draft.mark, "body": body, "at": iso(at)}
        try:
            with self._database.begin() as db:
                db.execute(DRAFTS.delete().where(DRAFTS.c.account == account, DRAFTS.c.at < iso(since)))
                if seen:
                    mine = sa.and_(_mine(account, of), DRAFTS.c.mark == seen)
                    if db.execute(DRAFTS.update().where(mine).values(values)).rowcount:
                        return draft
                    there = db.execute(sa.select(DRAFTS.c.at).where(_mine(account, of))).scalar()
                    if there is not None:
                        raise _other(there)
                count = sa.select(sa.func.count()).where(DRAFTS.c.account == account)
                if db.execute(count).scalar_one() >= most:
                    raise BadInputError(
                        Text(
                            f"草稿已有 {most} 份,请先删去不用的",
                            f"you have {most} drafts: drop what you do not need first",
                        ),
                        field="of",
                    )
                db.execute(DRAFTS.insert().values(account=account, of=of, **values))
        except sa.exc.IntegrityError as error:
            raise _other(None) from error
        return draft

    def drop(self, account: str, of: str) -> bool:
        """Away with it; whether it was there."""
        with self._database.begin() as db:
            return db.execute(DRAFTS.delete().where(_mine(account, of))).rowcount > 0

    def forget(self, *, before: datetime) -> int:
        """Drop what nobody has touched since a moment; how many."""
        with self._database.begin() as db:
            return db.execute(DRAFTS.delete().where(DRAFTS.c.at < iso(before))).rowcount


def _mine(account: str, of: str) -> sa.ColumnElement[bool]:
    return sa.and_(DRAFTS.c.account == account, DRAFTS.c.of == of)


def _draft(row: sa.RowMapping) -> Draft:
    return Draft(of=row["of"], mark=row["mark"], body=row["body"], at=from_iso(row["at"]))


def _other(at: str | None) -> ConflictError:
    return ConflictError(
        Text("这份草稿已在您的另一台设备上改过", "another device of yours has changed this draft"), field="of", at=at
    )
