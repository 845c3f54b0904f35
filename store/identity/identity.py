"""The identity database opened: its parts under one roof."""

from datetime import datetime

import sqlalchemy as sa

from store.engines import engine
from store.identity.alerts import Alerts
from store.identity.database import Database
from store.identity.devices import DeviceSecrets
from store.identity.drafts import Drafts
from store.identity.keys import Keys
from store.identity.messages import Messages
from store.identity.people import People
from store.identity.posts import Posts
from store.identity.reading import Reading
from store.identity.sessions import Sessions
from store.identity.tables import TABLES
from store.identity.upgrading import bring_over, first_form
from store.identity.values import Account, Standing


class Identity:
    """`people`, `posts`, `sessions`, `keys`, `reading`, `devices`, `drafts`, `messages`, `alerts`.

    Each call by itself, or many `alone()`.
    """

    def __init__(self, url: str, schema: str | None = None) -> None:
        self._engine = engine(url, schema, sa.MetaData())
        earlier = first_form(self._engine)
        self._engine.dispose()
        self._engine = engine(url, schema, TABLES)
        if earlier:
            bring_over(self._engine, earlier)
        database = Database(self._engine)
        self.alone = database.alone
        self.people = People(database)
        self.posts = Posts(database)
        self.sessions = Sessions(database)
        self.keys = Keys(database)
        self.reading = Reading(database)
        self.devices = DeviceSecrets(database)
        self.drafts = Drafts(database)
        self.messages = Messages(database)
        self.alerts = Alerts(database)

    def standing(self, login: str, *, at: datetime, post: str | None = None) -> Standing | None:
        """What a login may act as now: under the post asked for, else its first; None when that is nothing."""
        account = self.people.find(login)
        return None if account is None or not account.open(at) else self.standing_of(account, at=at, post=post)

    def standing_of(self, account: Account, *, at: datetime, post: str | None = None) -> Standing | None:
        """The same for an account that was found open. A post that ended leaves the first of those that have not."""
        return acted_as(self.posts.standings(account, at=at), post)

    def close(self) -> None:
        """Release every connection."""
        self._engine.dispose()


def acted_as(held: list[Standing], post: str | None) -> Standing | None:
    """The post asked for, else the first of those that are held."""
    return next((one for one in held if one.post.id == post), held[0] if held else None)
