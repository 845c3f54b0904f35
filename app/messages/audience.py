"""Who is told: everybody whose post reaches the matter, by the level of government or the enterprise they act for."""

from collections.abc import Iterable, Sequence

from casework.reminders import Tier
from core.caller import Right, UserClass
from core.scope import Sensitivity
from store.identity import Standing

LEVELS: dict[int, Tier] = {0: Tier.CITY, 2: Tier.CITY, 4: Tier.CITY, 6: Tier.DISTRICT}
"""Digits of GB/T 2260 that name an area, and its level; more than six name a town."""
ORDER = (Tier.ENTERPRISE, Tier.TOWN, Tier.DISTRICT, Tier.CITY)


def tier_of(standing: Standing, area: str) -> Tier | None:
    """At which level somebody acts for a place; None where their post does not reach it, or acts at no level."""
    if not standing.scope.covers(area):
        return None
    if standing.role.user_class is UserClass.ENTERPRISE:
        return Tier.ENTERPRISE
    if standing.role.user_class is not UserClass.REGULATOR:
        return None
    nearest = max(len(one) for one in standing.post.areas if area.startswith(one))
    return LEVELS.get(nearest, Tier.TOWN)


def of_case(
    standings: Iterable[Standing], *, register: str, area: str, enterprise: str, sensitivity: Sensitivity, told: Tier
) -> list[str]:
    """Accounts told of a case: every level up to `told`; if nobody is there, the next level that has somebody."""
    found: dict[Tier, list[str]] = {tier: [] for tier in ORDER}
    for one in standings:
        scope, tier = one.scope, tier_of(one, area)
        sees = scope.clearance >= sensitivity and (scope.layers is None or register in scope.layers)
        own = scope.enterprises is None or enterprise in scope.enterprises
        if tier is not None and Right.CASES in one.role.rights and sees and own:
            found[tier].append(one.account.id)
    return _up_to(found, told)


def _up_to(found: dict[Tier, list[str]], told: Tier) -> list[str]:
    if told not in ORDER:
        return []
    last = ORDER.index(told)
    chosen = [account for tier in ORDER[: last + 1] for account in found[tier]]
    higher = iter(ORDER[last + 1 :])
    while not found[told] and (told := next(higher, Tier.NONE)) in ORDER:
        chosen += found[told]
    return list(dict.fromkeys(chosen))


def of_areas(standings: Iterable[Standing], areas: Sequence[str]) -> list[str]:
    """Accounts of the portal whose post meets any of the areas; no areas are the whole city."""
    chosen = [
        one.account.id
        for one in standings
        if Right.PORTAL in one.role.rights
        and one.role.user_class not in (UserClass.SYSTEM, UserClass.PUBLIC)
        and (not areas or any(_meet(mine, area) for mine in one.post.areas for area in areas))
    ]
    return list(dict.fromkeys(chosen))


def _meet(mine: str, area: str) -> bool:
    return area.startswith(mine) or mine.startswith(area)
