"""What each person has read: kept with the account, so that every browser of theirs knows."""

from datetime import datetime

import sqlalchemy as sa

from core.clock import iso
from store.identity.database import Database
from store.identity.tables import READ_NOTICES


class Reading:
    """Which version of a notice an account read last; one corrected since counts as unread again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, account_id: str) -> dict[str, int]:
        """The version read, by the notice's number."""
        wanted = sa.select(READ_NOTICES.c.notice, READ_NOTICES.c.version).where(READ_NOTICES.c.account == account_id)
        with self._database.connect() as db:
            return {row.notice: row.version for row in db.execute(wanted)}

    def mark(self, account_id: str, notice: str, version: int, *, at: datetime) -> None:
        """This version was opened; two browsers that say so at once are as good as one."""
        mine = sa.and_(READ_NOTICES.c.account == account_id, READ_NOTICES.c.notice == notice)
        values = {"version": version, "at": iso(at)}
        try:
            with self._database.begin() as db:
                if db.execute(READ_NOTICES.update().where(mine).values(values)).rowcount == 0:
                    db.execute(READ_NOTICES.insert().values(account=account_id, notice=notice, **values))
        except sa.exc.IntegrityError:
            with self._database.begin() as db:
                db.execute(READ_NOTICES.update().where(mine).values(values))
