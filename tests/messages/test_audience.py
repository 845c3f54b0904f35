"""Who is told: by level, area, enterprise and right; and never nobody while somebody higher is there."""

from datetime import UTC, datetime

from app.auth.roles import BUILT_IN
from app.messages.audience import of_areas, of_case
from casework.reminders import Tier
from core.scope import Sensitivity
from store.identity import Account, Post, Standing

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
ROLES = {role.id: role for role in BUILT_IN}
FIRM, OTHER = "91990106MATYEK5E8U", "91990100MA0000000X"


def standing(name: str, role: str, *areas: str, firm: str = "") -> Standing:
    account = Account(id=name, login=name, name=name, user_class=ROLES[role].user_class)
    post = Post(
        id=name, role=role, areas=areas, since=NOW, given_by="x", given_at=NOW, account=name,
        enterprises=frozenset({firm}) if firm else None,
    )  # fmt: skip
    return Standing(account=account, post=post, role=ROLES[role])


CITY = standing("city", "regulator", "")
DISTRICT = standing("district", "regulator", "990106")
NORTH = standing("north", "regulator", "990102")
TOWN = standing("town", "regulator", "990106001")
OWN = standing("own", "enterprise", "990106", firm=FIRM)
FOREIGN = standing("foreign", "enterprise", "990106", firm=OTHER)
REST = [
    standing("audit", "auditor", ""), standing("admin", "administrator", ""), standing("public", "public", ""),
    standing("committee", "committee", ""), standing("kiosk", "kiosk", ""),
]  # fmt: skip
ALL = [CITY, DISTRICT, NORTH, TOWN, OWN, FOREIGN, *REST]


def told(tier: Tier, standings: list[Standing] = ALL, sensitivity: Sensitivity = Sensitivity.INTERNAL) -> list[str]:
    return of_case(standings, register="dangers", area="990106001", enterprise=FIRM, sensitivity=sensitivity, told=tier)


def test_each_level_is_told_with_those_below_it_and_no_other_firm_area_or_role() -> None:
    assert told(Tier.NONE) == []
    assert told(Tier.ENTERPRISE) == ["own"]
    assert told(Tier.TOWN) == ["own", "town"]
    assert told(Tier.DISTRICT) == ["own", "town", "district"]
    assert told(Tier.CITY) == ["own", "town", "district", "city"]


def test_where_a_level_has_nobody_the_next_that_has_somebody_is_told() -> None:
    assert told(Tier.TOWN, [CITY, DISTRICT, OWN]) == ["own", "district"]
    assert told(Tier.ENTERPRISE, [CITY, FOREIGN]) == ["city"]
    assert told(Tier.CITY, [DISTRICT]) == ["district"]


def test_who_may_not_see_the_row_is_not_told_of_it() -> None:
    assert told(Tier.CITY, sensitivity=Sensitivity.SECRET) == []


def test_a_warning_reaches_posts_that_meet_its_areas_above_and_below() -> None:
    assert of_areas(ALL, ["990106"]) == ["city", "district", "town", "own", "foreign", "audit", "admin", "committee"]
    assert "north" in of_areas(ALL, [])
