"""Whom documents may be sent to, and whose a delivery is: organs by areas, groups, persons of the authority."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from casework.dispatching import Named
from casework.documents.organs import Organ
from core.caller import Caller, Right, UserClass
from core.clock import Clock
from core.scope import SYSTEM_SCOPE
from dashboards.queries.wording import area_names
from layers.catalogue.official import DOCUMENT_DELIVERIES
from layers.filters import Compare, Op
from store.identity import Identity, Standing
from store.protocol import Store
from store.query import Query

CHOSEN = {"cosigners": "person", "to_people": "person", "to_groups": "group", "to_areas": "area"}
"""Fields of documents that are filled in by choosing, and among what."""
WORKING = frozenset({UserClass.REGULATOR, UserClass.COMMITTEE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Names of those who may be addressed, as they are now."""

    store: Store
    identity: Identity
    organs: Callable[[], Sequence[Organ]]
    clock: Clock

    def named(self) -> Named:
        """By `area`, `group` and `person`: each code with its name."""
        organs = {one.area: one.name for one in self.organs()}
        areas = {
            code: name for code, name in sorted(area_names(self.store, SYSTEM_SCOPE).items()) if len(code) in (6, 9)
        }
        now = self.clock()
        people = [one for one in self.identity.people.all() if one.open(now) and one.user_class in WORKING]
        return {
            "area": {code: organs.get(prefix(code), name) for code, name in areas.items()},
            "group": {one.id: one.name for one in self.identity.people.groups()},
            "person": {one.id: one.name for one in people},
        }

    def known(self, key: str) -> frozenset[str]:
        """The deliveries of a document that there are."""
        query = Query(where=Compare("of_key", Op.EQ, key), fields=("code",), geometry=False)
        return frozenset(self.store.read(DOCUMENT_DELIVERIES, query, scope=SYSTEM_SCOPE)["code"].to_pylist())

    def addresses(self, caller: Caller) -> tuple[str, ...]:
        """As whom the caller receives documents."""
        acts = caller.user_class is UserClass.REGULATOR and caller.may(Right.CASES)
        own = {prefix(area) for area in caller.scope.areas} if acts else set()
        areas = [code for code in area_names(self.store, SYSTEM_SCOPE) if prefix(code) in own] if own else []
        if not caller.account:
            return ()
        groups = [one.id for one in self.identity.people.groups() if caller.account in one.members]
        return (f"person:{caller.account}", *(f"area:{one}" for one in areas), *(f"group:{one}" for one in groups))

    def reached(self, address: str, standings: Sequence[Standing]) -> list[str]:
        """The accounts that an address means now."""
        kind, _, code = address.partition(":")
        if kind == "person":
            return [code]
        if kind == "group":
            return sorted(next((one.members for one in self.identity.people.groups() if one.id == code), frozenset()))
        return list(dict.fromkeys(
            one.account.id for one in standings
            if one.role.user_class is UserClass.REGULATOR and Right.CASES in one.role.rights
            and prefix(code) in {prefix(area) for area in one.post.areas}
        ))  # fmt: skip


def prefix(area: str) -> str:
    """A code of GB/T 2260 without the zeros that stand for a whole city or province.

    >>> prefix("990100"), prefix("990106"), prefix("990106101")
    ('9901', '990106', '990106101')
    """
    if len(area) != 6:
        return area
    return area[:2] if area.endswith("0000") else area.removesuffix("00")
