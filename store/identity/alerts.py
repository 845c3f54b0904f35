"""Who else is sent the CAP messages of warnings, and each sending: once to each, again until it is taken, receipts.

A delivery is due at `next_at`; who sends it holds it under a lease (leases.py), so that of several processes
one sends. What a process died over is sent again under the same id, by which the recipient drops it.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from core.clock import from_iso, iso
from core.errors import ConflictError, NotFoundError
from core.ids import new_id
from core.texts import Text
from store.identity import leases
from store.identity.database import Database
from store.identity.messages import Channel
from store.identity.tables import ALERTS, SUBSCRIBERS

WAITS = tuple(timedelta(seconds=seconds) for seconds in (10, 30, 60, 120, 300, 600, 1800, 3600))
"""How long after each failure it is tried again; after the last it has failed. A warning is news for hours."""

SHUT = "本系统未设置此方式"
TRIAL = "TEST-"
"""In place of a warning's code, before the recipient's id: its test messages take each other's place."""


class AlertState(StrEnum):
    """Where a delivery stands: SENT is with whoever carries it, DELIVERED with the recipient's own system."""

    WAITING = "waiting"
    SENT = "sent"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    FAILED = "failed"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """One recipient; no areas are the whole city. Address and `secret` are sealed, `shown` is what may be told."""

    id: str
    name: str
    channel: Channel
    areas: tuple[str, ...]
    sealed: str
    secret: str
    shown: str
    since: datetime
    ended_at: datetime | None = None

    def met_by(self, areas: Sequence[str]) -> bool:
        """Warned of any of these areas; no areas are the whole city."""
        if not self.areas or not areas:
            return True
        return any(one.startswith(mine) or mine.startswith(one) for mine in self.areas for one in areas)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One CAP message for all its recipients: as XML, and as the few words a telephone shows."""

    warning: str
    identifier: str
    kind: str
    headline: str
    short: str
    body: bytes

    @property
    def trial(self) -> bool:
        """Of no warning: a message that says it is a test."""
        return self.warning.startswith(TRIAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to one recipient."""

    id: str
    to: Subscriber
    what: Sending
    at: datetime
    state: AlertState
    tries: int
    sent_at: datetime | None = None
    acknowledged_at: datetime | None = None
    said: str = ""


class Alerts:
    """Typed access to recipients and deliveries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def enlist(self, one: Subscriber) -> None:
        """A new recipient. ConflictError where the name is taken."""
        row = {
            "id": one.id, "name": one.name, "channel": one.channel.value, "areas": " ".join(one.areas),
            "sealed": one.sealed, "secret": one.secret, "shown": one.shown, "since": iso(one.since), "ended_at": None,
        }  # fmt: skip
        with self._named(one.name), self._database.begin() as db:
            db.execute(SUBSCRIBERS.insert().values(row))

    def change(self, one: Subscriber) -> None:
        """Name, address, secret and areas as they are from now on. ConflictError where the name is taken."""
        values = {
            "name": one.name, "areas": " ".join(one.areas), "sealed": one.sealed, "secret": one.secret,
            "shown": one.shown,
        }  # fmt: skip
        with self._named(one.name), self._database.begin() as db:
            db.execute(SUBSCRIBERS.update().where(*_standing(one.id)).values(values))

    @contextmanager
    def _named(self, name: str) -> Iterator[None]:
        try:
            yield
        except sa.exc.IntegrityError as error:
            raise ConflictError(Text(f"接收单位“{name}”已登记", f"there is a recipient {name!r}"), name=name) from error

    def end(self, subscriber: str, *, at: datetime) -> None:
        """Nothing more is sent there; the record stays, and the name is free again."""
        with self._database.begin() as db:
            name = db.execute(sa.select(SUBSCRIBERS.c.name).where(*_standing(subscriber))).scalar_one_or_none()
            if name is None:
                raise NotFoundError(Text("没有这个接收单位", "no such recipient"), key=subscriber)
            ended = f"{name}(已停用 {iso(at)})"
            db.execute(SUBSCRIBERS.update().where(*_standing(subscriber)).values(ended_at=iso(at), name=ended))
            waiting = sa.and_(ALERTS.c.subscriber == subscriber, ALERTS.c.state == AlertState.WAITING.value)
            db.execute(ALERTS.update().where(waiting).values(state=AlertState.FAILED.value, said="接收单位已停用"))

    def subscribers(self) -> list[Subscriber]:
        """Those that stand, by name."""
        wanted = sa.select(SUBSCRIBERS).where(SUBSCRIBERS.c.ended_at.is_(None)).order_by(SUBSCRIBERS.c.name)
        with self._database.connect() as db:
            return [_subscriber(row) for row in db.execute(wanted).mappings()]

    def ended(self) -> list[Subscriber]:
        """Those that stood once, the last that was ended first."""
        wanted = sa.select(SUBSCRIBERS).where(SUBSCRIBERS.c.ended_at.is_not(None))
        with self._database.connect() as db:
            found = db.execute(wanted.order_by(SUBSCRIBERS.c.ended_at.desc(), SUBSCRIBERS.c.id))
            return [_subscriber(row) for row in found.mappings()]

    def newest(self) -> dict[str, Delivery]:
        """The last delivery to each recipient that was sent any, by the recipient's id."""
        order = (ALERTS.c.at.desc(), ALERTS.c.id.desc())
        place = sa.func.row_number().over(partition_by=ALERTS.c.subscriber, order_by=order).label("place")
        placed = sa.select(ALERTS.c.id, place).subquery()
        wanted = _joined().where(ALERTS.c.id.in_(sa.select(placed.c.id).where(placed.c.place == 1)))
        with self._database.connect() as db:
            found = [_delivery(row) for row in db.execute(wanted).mappings()]
        return {one.to.id: one for one in found}

    def recipients(self, warning: str, areas: Sequence[str]) -> list[Subscriber]:
        """Who is sent the next message of a warning: whose area it names, and who was sent an earlier one."""
        earlier = sa.select(ALERTS.c.subscriber).where(ALERTS.c.warning == warning)
        with self._database.connect() as db:
            told = set(db.execute(earlier).scalars())
        return [one for one in self.subscribers() if one.id in told or one.met_by(areas)]

    def post(
        self, what: Sending, to: Iterable[Subscriber], *, at: datetime, closed: Collection[Channel] = frozenset()
    ) -> int:  # fmt: skip
        """Write a message for its recipients, once to each for ever; how many are new.

        What of the same warning still waits for a recipient is dropped: the newer message stands for itself. A
        channel that is `closed` has failed at once, and is not sent by surprise when it is opened one day.
        """
        new = 0
        with self._database.begin() as db:
            have = sa.select(ALERTS.c.subscriber).where(ALERTS.c.identifier == what.identifier)
            told = set(db.execute(have).scalars())
            for one in to:
                if one.id in told:
                    continue
                shut = one.channel in closed
                state = AlertState.FAILED if shut else AlertState.WAITING
                row = {
                    "id": new_id(), "subscriber": one.id, "warning": what.warning, "identifier": what.identifier,
                    "kind": what.kind, "headline": what.headline, "short": what.short, "body": what.body, "tries": 0,
                    "at": iso(at), "next_at": iso(at), "state": state.value, "said": SHUT if shut else "",
                }  # fmt: skip
                kept = db.execute(_insert(db).values(row).on_conflict_do_nothing())
                if not kept.rowcount:
                    continue
                new += 1
                older = sa.and_(
                    ALERTS.c.warning == what.warning, ALERTS.c.subscriber == one.id,
                    ALERTS.c.identifier != what.identifier, ALERTS.c.state == AlertState.WAITING.value,
                )  # fmt: skip
                gone = {"state": AlertState.SUPERSEDED.value, "said": f"已由 {what.identifier} 取代"}
                db.execute(ALERTS.update().where(older).values(gone))
        return new

    def take(self, *, at: datetime, most: int) -> list[Delivery]:
        """Deliveries due now, which nobody else takes before the lease is over."""
        wanted = _joined().where(leases.due(ALERTS, at=at)).order_by(ALERTS.c.next_at, ALERTS.c.id).limit(most)
        return [_delivery(row) for row in leases.taken(self._database, ALERTS, wanted, at=at)]

    def renew(self, delivery: str, *, at: datetime) -> None:
        """It is still being handed over."""
        leases.renew(self._database, ALERTS, delivery, at=at)

    def gone_out(self, delivery: str, state: AlertState, *, at: datetime) -> None:
        """It was taken: by a carrier, or by the recipient's system. One that was acknowledged meanwhile stays so."""
        values: dict[str, Any] = {"sent_at": iso(at), "said": "", "tries": ALERTS.c.tries + 1, "state": state.value}
        mine = sa.and_(ALERTS.c.id == delivery, ALERTS.c.state != AlertState.ACKNOWLEDGED.value)
        with self._database.begin() as db:
            db.execute(ALERTS.update().where(mine).values(values))

    def missed(self, one: Delivery, said: str, *, at: datetime, for_good: bool) -> None:
        """It was not taken; tried again later, until there have been as many tries as `WAITS`."""
        values = leases.missed(one.tries, WAITS, said, at=at, for_good=for_good)
        mine = sa.and_(ALERTS.c.id == one.id, ALERTS.c.state == AlertState.WAITING.value)
        with self._database.begin() as db:
            db.execute(ALERTS.update().where(mine).values(values))

    def acknowledge(self, delivery: str, *, at: datetime) -> Delivery | None:
        """The recipient says it has it, the first time counts; None where there is no such delivery."""
        mine = sa.and_(ALERTS.c.id == delivery, ALERTS.c.acknowledged_at.is_(None))
        values = {"state": AlertState.ACKNOWLEDGED.value, "acknowledged_at": iso(at), "said": ""}
        with self._database.begin() as db:
            db.execute(ALERTS.update().where(mine).values(values))
        return self.one(delivery)

    def refuse(self, delivery: str, said: str) -> None:
        """The recipient's system took it and says that it cannot use it."""
        with self._database.begin() as db:
            values = {"state": AlertState.FAILED.value, "said": said[:400]}
            db.execute(ALERTS.update().where(ALERTS.c.id == delivery).values(values))

    def one(self, delivery: str) -> Delivery | None:
        """One delivery."""
        with self._database.connect() as db:
            row = db.execute(_joined().where(ALERTS.c.id == delivery)).mappings().one_or_none()
        return None if row is None else _delivery(row)

    def of_warning(self, warning: str) -> list[Delivery]:
        """Every delivery of a warning, the newest message first."""
        wanted = _joined().where(ALERTS.c.warning == warning).order_by(ALERTS.c.at.desc(), SUBSCRIBERS.c.name)
        with self._database.connect() as db:
            return [_delivery(row) for row in db.execute(wanted).mappings()]

    def again(self, identifier: str, *, at: datetime) -> int:
        """Send what of one message has failed anew, at once; how many. Not to who is no recipient any more."""
        standing = sa.select(SUBSCRIBERS.c.id).where(SUBSCRIBERS.c.ended_at.is_(None))
        failed = sa.and_(
            ALERTS.c.identifier == identifier, ALERTS.c.state == AlertState.FAILED.value,
            ALERTS.c.subscriber.in_(standing),
        )  # fmt: skip
        values = {"state": AlertState.WAITING.value, "next_at": iso(at), "tries": 0}
        with self._database.begin() as db:
            return db.execute(ALERTS.update().where(failed).values(values)).rowcount


def _standing(subscriber: str) -> tuple[sa.ColumnElement[bool], ...]:
    return SUBSCRIBERS.c.id == subscriber, SUBSCRIBERS.c.ended_at.is_(None)


def _joined() -> sa.Select[Any]:
    of = [column.label(f"to_{column.name}") for column in SUBSCRIBERS.c]
    return sa.select(ALERTS, *of).join(SUBSCRIBERS, SUBSCRIBERS.c.id == ALERTS.c.subscriber)


def _insert(db: sa.Connection) -> Any:
    if db.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as own

        return own(ALERTS)
    from sqlalchemy.dialects.sqlite import insert

    return insert(ALERTS)


def _moment(value: str | None) -> datetime | None:
    return None if value is None else from_iso(value)


def _subscriber(row: sa.RowMapping, before: str = "") -> Subscriber:
    return Subscriber(
        id=row[f"{before}id"], name=row[f"{before}name"], channel=Channel(row[f"{before}channel"]),
        areas=tuple(row[f"{before}areas"].split()), sealed=row[f"{before}sealed"], secret=row[f"{before}secret"],
        shown=row[f"{before}shown"], since=from_iso(row[f"{before}since"]), ended_at=_moment(row[f"{before}ended_at"]),
    )  # fmt: skip


def _delivery(row: sa.RowMapping) -> Delivery:
    what = Sending(
        warning=row["warning"], identifier=row["identifier"], kind=row["kind"], headline=row["headline"],
        short=row["short"], body=bytes(row["body"]),
    )  # fmt: skip
    return Delivery(
        id=row["id"], to=_subscriber(row, "to_"), what=what, at=from_iso(row["at"]), state=AlertState(row["state"]),
        tries=row["tries"], sent_at=_moment(row["sent_at"]), acknowledged_at=_moment(row["acknowledged_at"]),
        said=row["said"],
    )  # fmt: skip
