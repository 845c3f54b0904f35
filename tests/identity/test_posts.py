"""Posts: what somebody may do depends on which one they act under, and ends when it ends."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.caller import Right
from core.errors import ConflictError, ForbiddenError
from core.scope import Sensitivity
from store.identity import Group, Identity, Post
from tests.identity.conftest import NOON, Office


def test_rights_and_areas_are_those_of_the_post_acted_under(office: Office) -> None:
    account = office.hire("li", "regulator")
    other = office.appoint(account.id, "committee", areas=("320982",), hours=5)
    token = office.come_in("li")
    first = office.at_the_door(token)
    assert (first.role, first.scope.areas, first.scope.clearance) == ("regulator", ("320981",), Sensitivity.SENSITIVE)
    office.entrance.act_as(first.session, account, other.id)
    then = office.at_the_door(token)
    assert (then.role, then.scope.areas, then.scope.clearance) == ("committee", ("320982",), Sensitivity.INTERNAL)


def test_a_passing_post_ends_by_itself_and_leaves_the_lasting_one(office: Office) -> None:
    account = office.hire("li", "regulator")
    lent = office.appoint(account.id, "regulator", areas=("320982",), hours=2)
    token = office.come_in("li", duty=True)
    office.entrance.act_as(office.at_the_door(token).session, account, lent.id)
    assert office.at_the_door(token).scope.areas == ("320982",)
    office.clock.turn(hours=2, seconds=1)
    assert office.at_the_door(token).scope.areas == ("320981",)


def test_somebody_without_a_post_is_refused_everywhere(office: Office) -> None:
    account = office.hire("li")
    office.appoint(account.id, "regulator", hours=1)
    token = office.come_in("li", duty=True)
    office.clock.turn(hours=1, seconds=1)
    assert office.at_the_door(token) is None
    with pytest.raises(ForbiddenError, match="没有有效任职"):
        office.come_in("li")


def test_a_post_begins_when_it_says(office: Office) -> None:
    account = office.hire("li")
    office.identity.posts.give(
        Post(
            id="later", account=account.id, role="regulator", areas=("32",), since=NOON + timedelta(days=1),
            given_by="t", given_at=NOON,
        )
    )  # fmt: skip
    assert office.identity.standing("li", at=NOON) is None
    assert office.identity.standing("li", at=NOON + timedelta(days=1)) is not None


def test_nobody_acts_under_the_post_of_another(office: Office) -> None:
    li, wang = office.hire("li", "regulator"), office.hire("wang", "regulator", areas=("320982",))
    token = office.come_in("li")
    other = office.identity.posts.posts(account=wang.id)[0]
    with pytest.raises(ForbiddenError, match="不属于您"):
        office.entrance.act_as(office.at_the_door(token).session, li, other.id)


def test_members_of_a_group_hold_its_posts_until_they_leave_it(office: Office) -> None:
    li = office.hire("li")
    office.identity.people.add_group(Group(id="g", name="专班", members=frozenset({li.id})), at=NOON)
    office.identity.posts.give(
        Post(id="gp", group="g", role="regulator", areas=("32",), since=NOON, given_by="t", given_at=NOON)
    )
    assert office.identity.standing("li", at=NOON).post.id == "gp"
    office.identity.people.change_group(Group(id="g", name="专班"))
    assert office.identity.standing("li", at=NOON) is None


def test_a_disabled_account_is_out_at_once_and_its_sessions_stay_ended(office: Office) -> None:
    office.hire("li", "regulator")
    token = office.come_in("li")
    assert office.at_the_door(token) is not None
    office.identity.people.disable("li", at=NOON)
    assert office.at_the_door(token) is None
    office.identity.people.disable("li", at=NOON, disabled=False)
    assert office.at_the_door(token) is None


def test_an_account_ends_on_its_day(office: Office) -> None:
    office.hire("li", "regulator", valid_until=NOON + timedelta(hours=1))
    token = office.come_in("li", duty=True)
    office.clock.turn(hours=1, seconds=1)
    assert office.at_the_door(token) is None


def test_a_role_in_use_is_not_removed_nor_a_built_in_one(office: Office) -> None:
    with pytest.raises(ConflictError, match="内置"):
        office.identity.posts.remove_role("regulator")
    own = replace(office.identity.posts.role("regulator"), id="own", builtin=False)
    office.identity.posts.put_roles([own])
    office.hire("li", "own")
    with pytest.raises(ConflictError, match="仍有任职"):
        office.identity.posts.remove_role("own")


def test_business_roles_neither_administer_nor_audit_and_those_two_see_no_business(office: Office) -> None:
    for role in office.identity.posts.roles():
        administers = {Right.ACCOUNTS, Right.KEYS} & role.rights
        audits = {Right.AUDIT} & role.rights
        assert not (administers and audits)
        if administers or audits:
            assert not {Right.MAP, Right.HALL, Right.SERVICES, Right.EXPORT} & role.rights
            assert role.layers == {"areas", "notices", "schedules"}
            assert role.second_factor


def test_accounts_of_the_first_form_keep_what_they_could(tmp_path: Path) -> None:
    path = tmp_path / "identity.db"
    db = sqlite3.connect(path)
    db.executescript(
        """
        CREATE TABLE accounts (id TEXT PRIMARY KEY, login TEXT, name TEXT, role TEXT, password_hash TEXT, lang TEXT,
            areas JSON, clearance INTEGER, layers JSON, hidden JSON, writable JSON, demo BOOLEAN, disabled BOOLEAN,
            created_at TEXT);
        CREATE TABLE sessions (token_hash TEXT PRIMARY KEY, account TEXT);
        CREATE TABLE keys (key_hash TEXT PRIMARY KEY, name TEXT, account TEXT, expires_at TEXT, revoked_at TEXT);
        INSERT INTO accounts VALUES ('1', 'li', '李', 'regulator', 'hash', 'zh', '["3209"]', 1, '["hospitals"]',
            '[["hospitals","phone"]]', '[]', 0, 0, '2026-11-01T00:00:00.000000Z');
        INSERT INTO accounts VALUES ('2', 'city', '市', 'regulator', 'x', 'zh', '["9901"]', 2, NULL, '[]', NULL, 1, 0,
            '2026-11-01T00:00:00.000000Z');
        """
    )
    db.close()
    identity = Identity(f"sqlite:///{path}")
    assert [one.login for one in identity.people.all()] == ["li"], "demo accounts are made again by the demo"
    scope = identity.standing("li", at=NOON).scope
    assert (scope.areas, scope.clearance, scope.layers) == (("3209",), Sensitivity.INTERNAL, frozenset({"hospitals"}))
    assert scope.hidden == {("hospitals", "phone")}
    assert not scope.may_write("hospitals")
    assert identity.people.find("li").password_hash == "hash"
    identity.close()
    again = Identity(f"sqlite:///{path}")
    assert len(again.people.all()) == 1
    again.close()
