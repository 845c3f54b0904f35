"""Secrets of devices, kept by their keyed hash, what they signed, and when each was last heard; no row of the city."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.clock import from_iso, iso
from store.identity.database import Database
from store.identity.tables import DEVICE_SECRETS, DEVICES_SEEN, SIGNATURES


@dataclass(frozen=True, slots=True)
class Seen:
    """When a device was last heard, and by which source its reading came."""

    at: datetime
    source: str


class DeviceSecrets:
    """Typed access to all three; whether a device may report at all is its row's matter."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def give(self, device: str, secret_hash: str, *, given_by: str, at: datetime) -> None:
        """Keep a device's secret; the one before is good for nothing any more."""
        row = {"device": device, "secret_hash": secret_hash, "given_by": given_by, "given_at": iso(at)}
        with self._database.begin() as db:
            db.execute(DEVICE_SECRETS.delete().where(DEVICE_SECRETS.c.device == device))
            db.execute(DEVICE_SECRETS.insert().values(row))

    def take_back(self, device: str) -> None:
        """The device has no secret any more."""
        with self._database.begin() as db:
            db.execute(DEVICE_SECRETS.delete().where(DEVICE_SECRETS.c.device == device))

    def whose(self, secret_hash: str) -> str | None:
        """The device of a secret."""
        wanted = sa.select(DEVICE_SECRETS.c.device).where(DEVICE_SECRETS.c.secret_hash == secret_hash)
        with self._database.connect() as db:
            return db.execute(wanted).scalar_one_or_none()

    def hash_of(self, device: str) -> str | None:
        """The keyed hash of the secret a device has."""
        wanted = sa.select(DEVICE_SECRETS.c.secret_hash).where(DEVICE_SECRETS.c.device == device)
        with self._database.connect() as db:
            return db.execute(wanted).scalar_one_or_none()

    def given(self, device: str) -> tuple[datetime, str] | None:
        """When the secret a device has was made and by whom; None where it has none."""
        wanted = sa.select(DEVICE_SECRETS.c.given_at, DEVICE_SECRETS.c.given_by)
        with self._database.connect() as db:
            found = db.execute(wanted.where(DEVICE_SECRETS.c.device == device)).one_or_none()
        return None if found is None else (from_iso(found.given_at), found.given_by)

    def take_once(self, device: str, nonce: str, *, until: int) -> bool:
        """Keep that a signature was taken, good `until` that second since 1970; False where any process took it."""
        row = {"device": device, "nonce": nonce, "until": until}
        try:
            with self._database.begin() as db:
                db.execute(SIGNATURES.insert().values(row))
        except sa.exc.IntegrityError:
            return False
        return True

    def forget_signatures(self, *, before: int) -> None:
        """Those that could be taken until then are refused by their time from now on."""
        with self._database.begin() as db:
            db.execute(SIGNATURES.delete().where(SIGNATURES.c.until < before))

    def see(self, heard: Mapping[str, Seen]) -> None:
        """Devices were heard; the earlier of two tellings does not stand."""
        with self._database.begin() as db:
            known = dict(
                db.execute(
                    sa.select(DEVICES_SEEN.c.device, DEVICES_SEEN.c.at).where(DEVICES_SEEN.c.device.in_(heard))
                ).all()
            )
            later = {
                device: one for device, one in heard.items() if device not in known or from_iso(known[device]) <= one.at
            }
            if later:
                db.execute(DEVICES_SEEN.delete().where(DEVICES_SEEN.c.device.in_(later)))
                db.execute(
                    DEVICES_SEEN.insert(),
                    [{"device": name, "at": iso(one.at), "source": one.source} for name, one in later.items()],
                )

    def seen(self) -> dict[str, Seen]:
        """Every device that was ever heard."""
        with self._database.connect() as db:
            return {row.device: Seen(from_iso(row.at), row.source) for row in db.execute(sa.select(DEVICES_SEEN))}
