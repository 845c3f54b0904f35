"""Accounts, roles, posts, sessions and keys, in a database of their own; the same tables in SQLite and PostgreSQL."""

from store.identity.identity import Identity, acted_as
from store.identity.keys import Keys
from store.identity.people import People
from store.identity.posts import Posts
from store.identity.reading import Reading
from store.identity.sessions import Sessions
from store.identity.values import Account, Group, Key, Kiosk, Post, Role, Session, Stage, Standing

__all__ = [
    "Account",
    "Group",
    "Identity",
    "Key",
    "Keys",
    "Kiosk",
    "People",
    "Post",
    "Posts",
    "Reading",
    "Role",
    "Session",
    "Sessions",
    "Stage",
    "Standing",
    "acted_as",
]
