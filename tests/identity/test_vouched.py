"""What somebody the identity provider vouches for is here, and what they are not."""

from dataclasses import replace

import pytest

from app.auth.person import Person
from app.auth.vouched import Vouched, claimed
from app.settings import ClaimRule
from core.errors import ForbiddenError
from store.audit import Kind, Outcome
from store.audit.search import Sought
from store.identity import Stage
from tests.identity.conftest import SECRET, Office

CITY = ClaimRule(claim="groups", value="yj-city", role="regulator", areas=("9901",))
DISTRICT = ClaimRule(claim="groups", value="yj-yangang", role="regulator", areas=("990106",))
ADMIN = ClaimRule(claim="groups", value="it", role="administrator", areas=("",))
ISSUER = "https://sso.example"


def person(*groups: str, subject: str = "u-1", **claims: object) -> Person:
    given = {"sub": subject, "name": "张晓", "preferred_username": "zhangxiao", "groups": list(groups), **claims}
    return Person(issuer=ISSUER, subject=subject, claims=given)


def enter(office: Office, who: Person, how: str = "oidc"):
    account = Vouched(office.doorman, (CITY, DISTRICT, ADMIN)).account(who)
    return office.entrance.enter(account, how=how, hours=8, duty=False, agent="t", address="10.0.0.1")


def held(office: Office) -> set[tuple[str, tuple[str, ...]]]:
    account = office.identity.people.by_subject(ISSUER, "u-1")
    return {(one.role.id, one.post.areas) for one in office.identity.posts.standings(account, at=office.clock())}


def refused(office: Office) -> list[str]:
    found = [one.entry for one in office.audit.search(Sought(kinds=(Kind.REFUSED,)))]
    return [entry.where for entry in found if entry.outcome is Outcome.REFUSED]


def test_the_first_sign_in_makes_an_account_without_a_password(office: Office) -> None:
    step = enter(office, person("yj-city"))
    assert step.stage is Stage.OPEN
    account = office.identity.people.find("zhangxiao")
    assert (account.issuer, account.subject, account.password_hash, account.name) == (ISSUER, "u-1", "", "张晓")
    caller = office.at_the_door(step.token)
    assert (caller.role, caller.scope.areas) == ("regulator", ("9901",))


def test_the_second_sign_in_is_the_same_account_under_its_new_name(office: Office) -> None:
    first = office.at_the_door(enter(office, person("yj-city")).token)
    second = office.at_the_door(enter(office, person("yj-city", name="张晓霞", preferred_username="zxx")).token)
    assert (second.account, second.actor.name, second.actor.id) == (first.account, "张晓霞", "zhangxiao")
    assert len(office.identity.posts.posts(account=first.account)) == 1


def test_a_claim_taken_away_ends_its_post_and_a_new_one_gives_another(office: Office) -> None:
    token = enter(office, person("yj-city")).token
    enter(office, person("yj-yangang"))
    assert held(office) == {("regulator", ("990106",))}
    assert office.at_the_door(token).scope.areas == ("990106",)
    ended = office.identity.posts.posts(account=office.identity.people.find("zhangxiao").id)[0]
    assert ended.ended_by == "oidc"


def test_no_claim_no_entry_and_the_session_that_was_open_ends(office: Office) -> None:
    token = enter(office, person("yj-city")).token
    with pytest.raises(ForbiddenError, match="没有岗位"):
        enter(office, person("somebody-else"))
    assert held(office) == set()
    assert office.at_the_door(token) is None
    assert refused(office) == ["no mapped claim"]


def test_a_stranger_without_a_mapped_claim_leaves_no_account(office: Office) -> None:
    with pytest.raises(ForbiddenError, match="没有岗位"):
        enter(office, person())
    assert office.identity.people.all() == []
    assert refused(office) == ["no mapped claim"]


def test_posts_given_here_are_not_taken_by_the_provider(office: Office) -> None:
    enter(office, person("yj-city"))
    office.appoint(office.identity.people.find("zhangxiao").id, "committee", areas=("9902",))
    enter(office, person("yj-yangang"))
    assert held(office) == {("regulator", ("990106",)), ("committee", ("9902",))}


def test_an_account_disabled_here_stays_out(office: Office) -> None:
    enter(office, person("yj-city"))
    office.identity.people.disable("zhangxiao", at=office.clock())
    with pytest.raises(ForbiddenError, match="已停用"):
        enter(office, person("yj-city"))
    assert refused(office) == ["account disabled"]


@pytest.mark.parametrize("claims", [{}, {"email": "wang@example.cn"}, {"preferred_username": "wang@example.cn"}])
def test_nobody_becomes_a_local_account_by_bearing_its_name(office: Office, claims: dict[str, str]) -> None:
    office.hire("zhangxiao", "administrator")
    office.hire("wang@example.cn", "administrator")
    caller = office.at_the_door(enter(office, person("yj-city", **claims)).token)
    assert caller.actor.id.endswith("-2")
    assert caller.role == "regulator"


def test_the_same_subject_of_another_issuer_is_somebody_else(office: Office) -> None:
    first = office.at_the_door(enter(office, person("yj-city")).token)
    other = replace(person("yj-city"), issuer="https://other.example")
    second = office.at_the_door(enter(office, other).token)
    assert first.account != second.account


def test_such_an_account_has_no_password_to_guess(office: Office) -> None:
    enter(office, person("yj-city"))
    for tried in ("", SECRET):
        with pytest.raises(Exception, match="账号或口令不对"):
            office.entrance.with_password("zhangxiao", tried, hours=8, duty=False, agent="t", address="")


def test_a_role_that_needs_a_second_factor_asks_for_one_unless_the_provider_did(office: Office) -> None:
    assert enter(office, person("it")).stage is Stage.ENROL
    step = enter(office, person("it"), how="oidc+mfa")
    assert step.stage is Stage.OPEN
    assert office.at_the_door(step.token).role == "administrator"


@pytest.mark.parametrize(
    ("claims", "name", "found"),
    [
        ({"groups": ["a", "b"]}, "groups", {"a", "b"}),
        ({"groups": "a"}, "groups", {"a"}),
        ({"realm_access": {"roles": ["a"]}}, "realm_access.roles", {"a"}),
        ({"https://x.example/roles": ["a"]}, "https://x.example/roles", {"a"}),
        ({"groups": None}, "groups", set()),
        ({}, "realm_access.roles", set()),
        ({"realm_access": "x"}, "realm_access.roles", set()),
        ({"groups": [{"a": 1}]}, "groups", {"{'a': 1}"}),
    ],
)
def test_claims_are_read_as_providers_write_them(claims: dict[str, object], name: str, found: set[str]) -> None:
    assert claimed(Person(issuer=ISSUER, subject="u", claims=claims), name) == found
