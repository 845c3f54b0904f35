"""Messages to accounts: each fact told once to each account on each channel, sent until it is, read or not.

A message is due at `next_at`; who sends it holds it under a lease (leases.py), so that of several processes
one sends. What a process died over is sent again under the same id, by which a gateway drops it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from core.clock import from_iso, iso
from core.ids import new_id
from core.texts import Text
from store.identity import leases
from store.identity.database import Database
from store.identity.tables import CONTACTS, CURSORS, MESSAGES

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
"""How long after each failure it is tried again; after the last it has failed."""


class Channel(StrEnum):
    """By which way a message travels; PORTAL is the list on the portal and needs no sending."""

    PORTAL = "portal"
    MAIL = "mail"
    SMS = "sms"
    WEBHOOK = "webhook"


class Delivery(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is told: of which fact (the same `about` is told once), in both languages, with the page it opens."""

    about: str
    title: Text
    body: Text
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A letter to one account on one channel; `said` is why it failed last, `sealed` the address it goes to."""

    id: str
    account: str
    channel: Channel
    letter: Letter
    at: datetime
    state: Delivery
    tries: int
    sealed: str = ""
    sent_at: datetime | None = None
    read_at: datetime | None = None
    said: str = ""


class Messages:
    """Typed access to messages and to the addresses accounts have given for them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def contacts(self, account: str) -> dict[Channel, str]:
        """Sealed addresses by channel: those the account wants messages at."""
        return self.contacts_of([account])[account]

    def contacts_of(self, accounts: Iterable[str]) -> dict[str, dict[Channel, str]]:
        """The same of several."""
        found: dict[str, dict[Channel, str]] = {one: {} for one in accounts}
        wanted = sa.select(CONTACTS).where(CONTACTS.c.account.in_(list(found)))
        with self._database.connect() as db:
            for row in db.execute(wanted):
                found[row.account][Channel(row.channel)] = row.sealed
        return found

    def set_contact(self, account: str, channel: Channel, sealed: str, *, at: datetime) -> None:
        """Send to this address from now on; blank: on this channel no more."""
        with self._database.begin() as db:
            db.execute(CONTACTS.delete().where(CONTACTS.c.account == account, CONTACTS.c.channel == channel.value))
            if not sealed:
                waiting = sa.and_(
                    MESSAGES.c.account == account, MESSAGES.c.channel == channel.value,
                    MESSAGES.c.state == Delivery.WAITING.value,
                )  # fmt: skip
                values = {"state": Delivery.FAILED.value, "said": "接收人已停用此方式"}
                db.execute(MESSAGES.update().where(waiting).values(values))
            else:
                row = {"account": account, "channel": channel.value, "sealed": sealed, "at": iso(at)}
                db.execute(CONTACTS.insert().values(row))

    def post(self, letter: Letter, to: Mapping[str, Iterable[Channel]], *, at: datetime) -> int:
        """Write a letter to accounts on channels, once to each for ever; how many are new."""
        rows = [
            {
                "id": new_id(), "account": account, "channel": channel.value, "about": letter.about,
                "title_zh": letter.title.zh, "title_en": letter.title.en, "body_zh": letter.body.zh,
                "body_en": letter.body.en, "link": letter.link, "at": iso(at), "tries": 0, "said": "",
                "state": (Delivery.SENT if channel is Channel.PORTAL else Delivery.WAITING).value, "next_at": iso(at),
                "sent_at": iso(at) if channel is Channel.PORTAL else None,
            }
            for account, channels in to.items()
            for channel in channels
        ]  # fmt: skip
        if not rows:
            return 0
        with self._database.begin() as db:
            told = {
                (row.account, row.channel)
                for row in db.execute(
                    sa.select(MESSAGES.c.account, MESSAGES.c.channel).where(MESSAGES.c.about == letter.about)
                )
            }
            new = [row for row in rows if (row["account"], row["channel"]) not in told]
            for row in new:
                db.execute(_insert(db, MESSAGES).values(row).on_conflict_do_nothing())
        return len(new)

    def told_up_to(self, name: str) -> int | None:
        """The entry of the feed up to which a teller has told; None where it never did."""
        with self._database.connect() as db:
            return db.execute(sa.select(CURSORS.c.seq).where(CURSORS.c.name == name)).scalar_one_or_none()

    def tell_up_to(self, name: str, seq: int) -> None:
        """Keep it; a teller that is behind another does not turn it back."""
        behind = sa.and_(CURSORS.c.name == name, CURSORS.c.seq < seq)
        with self._database.begin() as db:
            db.execute(_insert(db, CURSORS).values(name=name, seq=seq).on_conflict_do_nothing())
            db.execute(CURSORS.update().where(behind).values(seq=seq))

    def take(self, channels: Iterable[Channel], *, at: datetime, most: int) -> list[Message]:
        """Messages due to be sent now, which nobody else takes before the lease is over."""
        wanted = (
            sa.select(MESSAGES, CONTACTS.c.sealed)
            .join(CONTACTS, sa.and_(
                CONTACTS.c.account == MESSAGES.c.account, CONTACTS.c.channel == MESSAGES.c.channel
            ))
            .where(leases.due(MESSAGES, at=at))
            .where(MESSAGES.c.channel.in_([one.value for one in channels]))
            .order_by(MESSAGES.c.next_at, MESSAGES.c.id)
            .limit(most)
        )  # fmt: skip
        return [_message(row) for row in leases.taken(self._database, MESSAGES, wanted, at=at)]

    def renew(self, message: str, *, at: datetime) -> None:
        """It is still being sent."""
        leases.renew(self._database, MESSAGES, message, at=at)

    def sent(self, message: str, *, at: datetime) -> None:
        """It is with whoever carries it."""
        self._now(message, state=Delivery.SENT.value, sent_at=iso(at), said="", tries=MESSAGES.c.tries + 1)

    def missed(self, one: Message, said: str, *, at: datetime, for_good: bool) -> None:
        """It was not taken; tried again later, until there have been as many tries as `WAITS`."""
        self._now(one.id, **leases.missed(one.tries, WAITS, said, at=at, for_good=for_good))

    def of(self, account: str, *, most: int) -> list[Message]:
        """What an account was told on the portal, newest first."""
        wanted = sa.select(MESSAGES).where(*_own(account)).order_by(MESSAGES.c.at.desc(), MESSAGES.c.id).limit(most)
        with self._database.connect() as db:
            return [_message(row) for row in db.execute(wanted).mappings()]

    def unread(self, account: str) -> int:
        """How many of them were not read."""
        wanted = sa.select(sa.func.count()).select_from(MESSAGES).where(*_own(account), MESSAGES.c.read_at.is_(None))
        with self._database.connect() as db:
            return int(db.execute(wanted).scalar_one())

    def read(self, account: str, ids: Iterable[str] | None, *, at: datetime) -> int:
        """Mark messages of the account as read, or all of them; how many were not."""
        mine = [*_own(account), MESSAGES.c.read_at.is_(None)]
        if ids is not None:
            mine.append(MESSAGES.c.id.in_(list(ids)))
        with self._database.begin() as db:
            return db.execute(MESSAGES.update().where(*mine).values(read_at=iso(at))).rowcount

    def sending(self, *, state: Delivery | None, most: int) -> list[Message]:
        """What travels by a channel, newest first, whoever it is for."""
        wanted = sa.select(MESSAGES).where(MESSAGES.c.channel != Channel.PORTAL.value)
        if state is not None:
            wanted = wanted.where(MESSAGES.c.state == state.value)
        with self._database.connect() as db:
            found = db.execute(wanted.order_by(MESSAGES.c.at.desc(), MESSAGES.c.id).limit(most))
            return [_message(row) for row in found.mappings()]

    def of_fact(self, about: str) -> list[Message]:
        """What everybody was told of one fact, on every channel."""
        wanted = sa.select(MESSAGES).where(MESSAGES.c.about == about).order_by(MESSAGES.c.account, MESSAGES.c.channel)
        with self._database.connect() as db:
            return [_message(row) for row in db.execute(wanted).mappings()]

    def again(self, message: str, *, at: datetime) -> bool:
        """Send what has failed anew, at once; whether there was one."""
        failed = sa.and_(MESSAGES.c.id == message, MESSAGES.c.state == Delivery.FAILED.value)
        values = {"state": Delivery.WAITING.value, "next_at": iso(at), "tries": 0}
        with self._database.begin() as db:
            return db.execute(MESSAGES.update().where(failed).values(values)).rowcount > 0

    def forget(self, *, before: datetime) -> int:
        """Drop what is older; how many."""
        with self._database.begin() as db:
            return db.execute(MESSAGES.delete().where(MESSAGES.c.at < iso(before))).rowcount

    def _now(self, message: str, **values: Any) -> None:
        with self._database.begin() as db:
            db.execute(MESSAGES.update().where(MESSAGES.c.id == message).values(values))


def _own(account: str) -> list[sa.ColumnElement[bool]]:
    return [MESSAGES.c.account == account, MESSAGES.c.channel == Channel.PORTAL.value]


def _insert(db: sa.Connection, table: sa.Table) -> Any:
    if db.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as own

        return own(table)
    from sqlalchemy.dialects.sqlite import insert

    return insert(table)


def _moment(value: str | None) -> datetime | None:
    return None if value is None else from_iso(value)


def _message(row: sa.RowMapping) -> Message:
    letter = Letter(
        about=row["about"], title=Text(row["title_zh"], row["title_en"]), body=Text(row["body_zh"], row["body_en"]),
        link=row["link"],
    )  # fmt: skip
    return Message(
        id=row["id"], account=row["account"], channel=Channel(row["channel"]), letter=letter, at=from_iso(row["at"]),
        state=Delivery(row["state"]), tries=row["tries"], sealed=row.get("sealed") or "", said=row["said"],
        sent_at=_moment(row["sent_at"]), read_at=_moment(row["read_at"]),
    )  # fmt: skip
