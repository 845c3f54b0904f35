"""The phone book: who is called for what, in which order, and how fresh their numbers are."""

from dataclasses import dataclass
from datetime import date

from core.actors import Actor
from core.clock import CHINA, Clock
from core.errors import ConflictError
from core.ids import new_id
from core.scope import Scope
from core.texts import Text
from emergency.duty.practice import span
from layers.catalogue import DUTY_CONTACTS
from layers.catalogue.duty import DutyContact
from store.feed import Put
from store.protocol import Store, Stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What somebody enters of a contact; None leaves a number as it is."""

    kind: str
    name: str
    area: str
    unit: str = ""
    post: str = ""
    duties: str = ""
    duty_phone: str | None = None
    mobile_phone: str | None = None
    call_order: int = 100


def stale(verified_on: date | None, today: date) -> bool:
    """Nobody verified the numbers for so long, or ever, that they are told as old."""
    return verified_on is None or today - verified_on > span("contact_stale", today)


class PhoneBook:
    """Contacts entered, changed and verified."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def enter(self, card: Card, *, actor: Actor, scope: Scope) -> Stored:
        """A new one, verified today by whoever enters it."""
        record = DutyContact(
            code=f"TX-{new_id().replace('-', '')[8:20]}", kind=card.kind, name=card.name, area=card.area,
            unit=card.unit, post=card.post, duties=card.duties, duty_phone=card.duty_phone or "",
            mobile_phone=card.mobile_phone or "", call_order=card.call_order, verified_on=self._today(),
            verified_by=actor.name,
        )  # fmt: skip
        return self._keep(record, 0, "登记通讯录", actor, scope)

    def change(self, code: str, version: int, card: Card, *, actor: Actor, scope: Scope) -> Stored:
        """What changed of one; a number that is new was verified by whoever enters it."""
        before = self._current(code, version, scope)
        values = {
            "kind": card.kind, "name": card.name, "area": card.area, "unit": card.unit, "post": card.post,
            "duties": card.duties, "call_order": card.call_order,
        }  # fmt: skip
        numbers = {
            name: given
            for name, given in (("duty_phone", card.duty_phone), ("mobile_phone", card.mobile_phone))
            if given is not None
        }
        if any(getattr(before, name) != given for name, given in numbers.items()):
            values |= {"verified_on": self._today(), "verified_by": actor.name}
        return self._keep(before.model_copy(update=values | numbers), version, "修改通讯录", actor, scope)

    def verify(self, code: str, version: int, *, actor: Actor, scope: Scope) -> Stored:
        """That somebody tried the numbers and they are right."""
        values = {"verified_on": self._today(), "verified_by": actor.name}
        record = self._current(code, version, scope).model_copy(update=values)
        return self._keep(record, version, "核对号码", actor, scope)

    def _today(self) -> date:
        return self._clock().astimezone(CHINA).date()

    def _current(self, code: str, version: int, scope: Scope) -> DutyContact:
        stored = self._store.get(DUTY_CONTACTS, code, scope=scope)
        assert isinstance(stored.record, DutyContact)
        if stored.version != version:
            raise ConflictError(
                Text("他人刚刚修改了该条,请重新查看", "somebody changed it meanwhile; look again"),
                version=stored.version,
            )
        return stored.record

    def _keep(self, record: DutyContact, expected: int, reason: str, actor: Actor, scope: Scope) -> Stored:
        edit = Put(layer=DUTY_CONTACTS.id, record=record, expected=expected)
        self._store.commit([edit], actor=actor, reason=reason, scope=scope)
        return self._store.get(DUTY_CONTACTS, record.code, scope=scope)
