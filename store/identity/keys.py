"""Agencies' keys and wall screens' tokens: kept by their hash, revoked by hand."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from core.clock import from_iso, iso
from core.errors import NotFoundError
from core.texts import Text
from store.identity.database import Database
from store.identity.rows import account_of, kept, key_of, kiosk_of, names
from store.identity.tables import ACCOUNTS, KEYS, KIOSKS
from store.identity.values import Account, Key, Kiosk

USED_EVERY = timedelta(minutes=1)


class Keys:
    """Typed access to keys and kiosks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, key: Key, key_hash: str) -> None:
        """Keep an API key by its hash."""
        values = {
            "id": key.id, "key_hash": key_hash, "name": key.name, "account": key.account, "layers": names(key.layers),
            "writable": names(key.writable),
            "per_minute": key.per_minute, "given_by": key.given_by, "created_at": iso(key.created_at),
            "expires_at": kept(key.expires_at),
        }  # fmt: skip
        with self._database.begin() as db:
            db.execute(KEYS.insert().values(values))

    def find(self, key_hash: str, *, at: datetime) -> tuple[Key, Account] | None:
        """A key that is neither expired nor revoked, and its account."""
        with self._database.connect() as db:
            row = db.execute(sa.select(KEYS).where(KEYS.c.key_hash == key_hash)).mappings().first()
            if row is None:
                return None
            key = key_of(row)
            account = account_of(db.execute(sa.select(ACCOUNTS).where(ACCOUNTS.c.id == key.account)).mappings().one())
        if not key.open(at) or not account.open(at):
            return None
        if key.used_at is None or at - key.used_at >= USED_EVERY:
            with self._database.begin() as db:
                db.execute(KEYS.update().where(KEYS.c.id == key.id).values(used_at=iso(at)))
        return key, account

    def all(self) -> list[Key]:
        """Every key, revoked ones too, newest first."""
        with self._database.connect() as db:
            return [key_of(row) for row in db.execute(sa.select(KEYS).order_by(KEYS.c.created_at.desc())).mappings()]

    def get(self, key_id: str) -> Key:
        """The key of an id."""
        with self._database.connect() as db:
            row = db.execute(sa.select(KEYS).where(KEYS.c.id == key_id)).mappings().first()
        if row is None:
            raise NotFoundError(Text("没有这个密钥", "no such key"))
        return key_of(row)

    def revoke(self, key_id: str, *, at: datetime) -> None:
        """A key opens nothing any more."""
        self.get(key_id)
        with self._database.begin() as db:
            db.execute(KEYS.update().where(KEYS.c.id == key_id, KEYS.c.revoked_at.is_(None)).values(revoked_at=iso(at)))

    def add_kiosk(self, kiosk: Kiosk, token_hash: str) -> None:
        """Keep a wall screen by the hash of its token."""
        values = {
            "id": kiosk.id, "token_hash": token_hash, "name": kiosk.name, "screen": kiosk.screen, "role": kiosk.role,
            "areas": list(kiosk.areas), "lang": str(kiosk.lang), "given_by": kiosk.given_by,
            "created_at": iso(kiosk.created_at),
        }  # fmt: skip
        with self._database.begin() as db:
            db.execute(KIOSKS.insert().values(values))

    def kiosk(self, token_hash: str, *, at: datetime) -> Kiosk | None:
        """The wall screen of a token that is not revoked."""
        wanted = sa.select(KIOSKS).where(KIOSKS.c.token_hash == token_hash, KIOSKS.c.revoked_at.is_(None))
        with self._database.connect() as db:
            row = db.execute(wanted).mappings().first()
        if row is None:
            return None
        used = row["used_at"]
        if used is None or at - from_iso(used) >= USED_EVERY:
            with self._database.begin() as db:
                db.execute(KIOSKS.update().where(KIOSKS.c.id == row["id"]).values(used_at=iso(at)))
        return kiosk_of(row)

    def kiosks(self) -> list[Kiosk]:
        """Every wall screen, revoked ones too, newest first."""
        with self._database.connect() as db:
            found = db.execute(sa.select(KIOSKS).order_by(KIOSKS.c.created_at.desc()))
            return [kiosk_of(row) for row in found.mappings()]

    def revoke_kiosk(self, kiosk_id: str, *, at: datetime) -> Kiosk:
        """A wall screen is let in no more."""
        with self._database.begin() as db:
            row = db.execute(sa.select(KIOSKS).where(KIOSKS.c.id == kiosk_id)).mappings().first()
            if row is None:
                raise NotFoundError(Text("没有这块大屏", "no such wall screen"))
            running = sa.and_(KIOSKS.c.id == kiosk_id, KIOSKS.c.revoked_at.is_(None))
            db.execute(KIOSKS.update().where(running).values(revoked_at=iso(at)))
        return kiosk_of(row)
