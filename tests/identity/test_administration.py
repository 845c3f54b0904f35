"""What administrators may do with accounts, posts and roles, and what they are refused, on both engines."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import orjson
import pytest

from app.auth.callers import KIOSK_PREFIX, Doorman, caller_of
from app.doors.admin import accounts, chores, groups, keys, kiosks, posts, roles
from app.doors.admin.choices import choices
from app.doors.admin.desk import Desk
from app.repeating import Chore, Chores
from core.caller import Caller, Right
from core.canonical import sha256
from core.clock import iso
from core.errors import BadInputError, ConflictError, ForbiddenError, NotFoundError
from core.texts import Text
from layers.catalogue import CATALOGUE
from store.audit import Kind, Sought, UnrecordedError
from tests.identity.conftest import NOON, SECRET, Office

AREAS = {"320900": "市", "320981": "东台市", "320982": "大丰区"}
CITY, EAST, WEST = ("3209",), ("320981",), ("320982",)
LATER = iso(NOON + timedelta(days=7))


@pytest.fixture
def desk(office: Office) -> Desk:
    office.hire("boss", "administrator", areas=CITY)
    return Desk(doorman=office.doorman, catalogue=CATALOGUE, areas=lambda: AREAS, chores=Chores(office.clock))


def as_(office: Office, login: str) -> Caller:
    office.doorman.forget()
    return caller_of(office.identity.standing(login, at=office.clock()), "page")


@pytest.fixture
def boss(office: Office, desk: Desk) -> Caller:
    return as_(office, "boss")


@pytest.fixture
def east(office: Office, desk: Desk) -> Caller:
    office.hire("east", "administrator", areas=EAST)
    return as_(office, "east")


def logins(desk: Desk, caller: Caller, **asked: str) -> list[str]:
    return [one["login"] for one in accounts.listed(desk, caller, dict(asked))["accounts"]]


def post(account: str, role: str = "regulator", areas: tuple[str, ...] = EAST, **more: object) -> dict[str, object]:
    return {"account": account, "role": role, "areas": list(areas), **more}


NEW = {"login": "li", "name": "李", "class": "regulator"}


def test_a_new_account_comes_in_with_the_password_said_once_and_must_change_it(
    office: Office, desk: Desk, boss: Caller
) -> None:
    made = accounts.add(desk, boss, NEW)
    posts.give(desk, boss, post(made["id"]))
    step = office.entrance.with_password("li", made["password"], hours=8, duty=False, agent="", address="")
    assert step.stage == "renew"
    assert made["password"] not in orjson.dumps(accounts.shown(desk, boss, {}, made["id"])).decode()
    with pytest.raises(ConflictError, match="已存在"):
        accounts.add(desk, boss, NEW)


@pytest.mark.parametrize(
    ("field", "value", "allowed"),
    [
        ("login", "Li Wei", "小写字母"), ("login", "", "小写字母"), ("name", "", "1 至 60"),
        ("name", "x" * 61, "1 至 60"),
        ("class", "king", "regulator"), ("valid_until", "tomorrow", "带时区"),
        ("valid_until", "2026-12-01T00:00", "带时区"),
        ("valid_until", "2020-01-01T00:00:00Z", "晚于"), ("role", "regulator", "没有字段"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_with_its_value_and_what_is_allowed(
    desk: Desk, boss: Caller, field: str, value: object, allowed: str
) -> None:
    with pytest.raises(BadInputError, match=allowed) as refused:
        accounts.add(desk, boss, {**NEW, field: value})
    assert refused.value.facts["field"] == field


def test_accounts_are_found_by_words_class_state_and_page(office: Office, desk: Desk, boss: Caller) -> None:
    for name in ("anna", "ben", "carl"):
        office.hire(name, "regulator")
    office.hire("dora")
    office.identity.people.disable("ben", at=NOON)
    assert logins(desk, boss, q="AN") == ["anna"]
    assert logins(desk, boss, state="disabled") == ["ben"]
    assert logins(desk, boss, state="no-post") == ["dora"]
    assert logins(desk, boss, role="administrator") == ["boss"]
    assert logins(desk, boss, **{"class": "enterprise"}) == []
    page = accounts.listed(desk, boss, {"offset": "1", "limit": "2"})
    assert ([one["login"] for one in page["accounts"]], page["total"]) == (["ben", "boss"], 5)
    for wrong in ({"limit": "0"}, {"limit": "x"}, {"offset": "-1"}, {"state": "away"}, {"who": "x"}):
        with pytest.raises(BadInputError):
            accounts.listed(desk, boss, wrong)


def test_an_administrator_meets_only_those_whose_every_post_lies_in_their_areas(
    office: Office, desk: Desk, boss: Caller, east: Caller
) -> None:
    office.hire("mine", "regulator")
    both = office.hire("both", "regulator")
    office.appoint(both.id, "committee", areas=WEST)
    theirs = office.hire("theirs", "regulator", areas=WEST)
    lost = office.hire("lost")
    assert logins(desk, east) == ["east", "mine"]
    assert logins(desk, boss) == ["boss", "both", "east", "lost", "mine", "theirs"]
    for account in (both, theirs, lost):
        for ask in (
            lambda account: accounts.shown(desk, east, {}, account.id),
            lambda account: accounts.change(desk, east, {"name": "x"}, account.id),
            lambda account: accounts.reset_password(desk, east, {}, account.id),
            lambda account: accounts.sessions(desk, east, {}, account.id),
            lambda account: accounts.end_session(desk, east, {}, account.id, "all"),
            lambda account: posts.give(desk, east, post(account.id)),
            lambda account: groups.add(desk, east, {"name": "g", "members": [account.id]}),
        ):
            with pytest.raises((NotFoundError, BadInputError)):
                ask(account)
    with pytest.raises(NotFoundError):
        posts.end(desk, east, {}, office.identity.posts.posts(account=both.id)[0].id)


def test_who_adds_an_account_sees_it_before_it_has_a_post_and_another_administrator_does_not(
    office: Office, desk: Desk, east: Caller
) -> None:
    office.hire("west", "administrator", areas=WEST)
    accounts.add(desk, east, NEW)
    assert logins(desk, east) == ["east", "li"]
    assert logins(desk, as_(office, "west")) == ["west"]


def test_only_areas_inside_ones_own_are_given(office: Office, desk: Desk, boss: Caller, east: Caller) -> None:
    made = accounts.add(desk, east, NEW)
    for areas in (WEST, CITY, ("",), ("320900",), (*EAST, *WEST)):
        with pytest.raises(ForbiddenError, match="管辖范围"):
            posts.give(desk, east, post(made["id"], areas=areas))
    for areas in (("33",), ("x",), ()):
        with pytest.raises(BadInputError, match="areas"):
            posts.give(desk, boss, post(made["id"], areas=areas))
    assert posts.give(desk, boss, post(made["id"], areas=("320900",)))["areas"] == ["3209"]


def test_a_temporary_post_says_why_and_ends_by_itself(office: Office, desk: Desk, boss: Caller) -> None:
    li = office.hire("li", "committee")
    with pytest.raises(BadInputError, match="reason"):
        posts.give(desk, boss, post(li.id, until=LATER))
    with pytest.raises(BadInputError, match="until"):
        posts.give(desk, boss, post(li.id, until=iso(NOON), reason="夜间值守"))
    posts.give(desk, boss, post(li.id, until=LATER, reason="夜间值守"))
    assert {one.role.id for one in office.identity.posts.standings(li, at=NOON)} == {"committee", "regulator"}
    then = NOON + timedelta(days=7)
    assert {one.role.id for one in office.identity.posts.standings(li, at=then)} == {"committee"}


def test_who_acts_for_enterprises_must_say_for_which(office: Office, desk: Desk, boss: Caller) -> None:
    li = office.hire("li")
    with pytest.raises(BadInputError, match="enterprises"):
        posts.give(desk, boss, post(li.id, "enterprise"))
    posts.give(desk, boss, post(li.id, "enterprise", enterprises=["91990106MATYEK5E8U"]))
    assert office.identity.standing("li", at=NOON).scope.enterprises == {"91990106MATYEK5E8U"}


def test_administration_and_audit_are_never_in_one_hand(office: Office, desk: Desk, boss: Caller) -> None:
    clerk, auditor = office.hire("clerk", "administrator", areas=CITY), office.hire("auditor", "auditor", areas=CITY)
    for account, role in ((clerk, "auditor"), (auditor, "administrator")):
        with pytest.raises(ConflictError, match="职责分离"):
            posts.give(desk, boss, post(account.id, role, CITY))
        with pytest.raises(ConflictError, match="职责分离"):
            posts.give(desk, boss, post(account.id, role, CITY, since=LATER))
    group = groups.add(desk, boss, {"name": "审计组", "members": [auditor.id]})["id"]
    with pytest.raises(ConflictError, match="职责分离"):
        posts.give(desk, boss, {"group": group, "role": "administrator", "areas": list(CITY)})
    posts.give(desk, boss, {"group": group, "role": "auditor", "areas": list(CITY)})
    with pytest.raises(ConflictError, match="职责分离"):
        groups.change(desk, boss, {"members": [auditor.id, clerk.id]}, group)
    with pytest.raises(ConflictError, match="职责分离"):
        roles.add(desk, boss, own_role(rights=["accounts", "audit"], second_factor=True))
    roles.add(desk, boss, own_role())
    posts.give(desk, boss, post(auditor.id, "own", CITY))
    with pytest.raises(ConflictError, match="职责分离"):
        roles.change(desk, boss, {"rights": ["keys"], "second_factor": True}, "own")


def own_role(**more: object) -> dict[str, object]:
    given = {
        "id": "own", "title": {"zh": "值守", "en": "Watch"}, "class": "regulator", "rights": ["map"],
        "clearance": "internal", "layers": None, "hidden": [], "writable": [], "second_factor": False,
    }  # fmt: skip
    return given | more


def test_a_district_neither_makes_administrators_nor_touches_them(
    office: Office, desk: Desk, boss: Caller, east: Caller
) -> None:
    li = office.hire("li", "regulator")
    other = office.hire("other", "administrator", areas=EAST)
    for role in ("administrator", "auditor"):
        with pytest.raises(ForbiddenError, match="全市"):
            posts.give(desk, east, post(li.id, role))
    with pytest.raises(ForbiddenError, match="全市"):
        accounts.reset_password(desk, east, {}, other.id)
    with pytest.raises(ForbiddenError, match="全市"):
        posts.end(desk, east, {}, office.identity.posts.posts(account=other.id)[0].id)
    for ask in (
        lambda: roles.add(desk, east, own_role()),
        lambda: roles.change(desk, east, {}, "own"),
        lambda: roles.remove(desk, east, {}, "own"),
    ):
        with pytest.raises(ForbiddenError, match="全市"):
            ask()
    given = {one["id"]: one["may_give"] for one in choices(desk, east, {})["roles"]}
    assert (given["regulator"], given["administrator"], given["auditor"]) == (True, False, False)
    assert [one["code"] for one in choices(desk, east, {})["areas"]] == ["320981"]


def test_nobody_gives_ends_or_joins_into_posts_of_their_own_nor_shuts_themselves_out(
    office: Office, desk: Desk, boss: Caller
) -> None:
    office.hire("second", "administrator", areas=CITY)
    group = groups.add(desk, boss, {"name": "专班"})["id"]
    own = office.identity.posts.posts(account=boss.account)[0]
    asked: tuple[Callable[[], object], ...] = (
        lambda: posts.give(desk, boss, post(boss.account)),
        lambda: posts.end(desk, boss, {}, own.id),
        lambda: groups.change(desk, boss, {"members": [boss.account]}, group),
        lambda: accounts.change(desk, boss, {"disabled": True}, boss.account),
        lambda: accounts.change(desk, boss, {"valid_until": LATER}, boss.account),
        lambda: accounts.reset_password(desk, boss, {}, boss.account),
        lambda: accounts.remove_factor(desk, boss, {}, boss.account),
    )
    for ask in asked:
        with pytest.raises(ForbiddenError):
            ask()
    accounts.change(desk, boss, {"name": "新名"}, boss.account)


def test_the_city_is_never_left_without_an_administrator(office: Office, desk: Desk, boss: Caller) -> None:
    passing = office.hire("passing")
    office.appoint(passing.id, "administrator", areas=CITY, hours=5)
    caller = as_(office, "passing")
    lasting = office.identity.posts.posts(account=boss.account)[0]
    for ask in (
        lambda: posts.end(desk, caller, {}, lasting.id),
        lambda: accounts.change(desk, caller, {"disabled": True}, boss.account),
        lambda: accounts.change(desk, caller, {"valid_until": LATER}, boss.account),
    ):
        with pytest.raises(ConflictError, match="没有系统管理员"):
            ask()
    office.hire("second", "administrator", areas=CITY)
    posts.end(desk, caller, {}, lasting.id)
    assert office.identity.standing("boss", at=NOON) is None


def test_every_change_is_one_entry_written_before_it_is_made_and_says_no_secret(
    office: Office, desk: Desk, boss: Caller
) -> None:
    made = accounts.add(desk, boss, NEW)
    given = posts.give(desk, boss, post(made["id"], "agency"))
    reset = accounts.reset_password(desk, boss, {}, made["id"])
    key = keys.issue(desk, boss, {"name": "气象局", "account": made["id"], "expires_at": LATER})
    wall = kiosks.issue(desk, boss, {"name": "大厅", "screen": "/hall", "areas": list(EAST)})
    posts.end(desk, boss, {}, given["id"])
    accounts.change(desk, boss, {"disabled": True}, made["id"])
    found = [one.entry for one in office.audit.search(Sought(kinds=(Kind.ADMIN,)))][::-1]
    assert [(one.what, one.where, one.key) for one in found] == [
        ("accounts", "added", made["id"]), ("posts", "given", given["id"]), ("accounts", "password reset", made["id"]),
        ("keys", "issued", key["id"]), ("kiosks", "issued", wall["id"]), ("posts", "ended", given["id"]),
        ("accounts", "changed", made["id"]),
    ]  # fmt: skip
    assert {(one.actor, one.account, one.post) for one in found} == {("boss", boss.account, boss.post)}
    last = orjson.loads(found[-1].detail)
    assert last == {"before": {"disabled": False, "state": "open"}, "after": {"disabled": True, "state": "disabled"}}
    secrets = (made["password"], reset["password"], key["key"], wall["address"].rpartition("/")[2], "argon2", SECRET)
    assert not [one for one in found for secret in secrets if secret in repr(one)]


def test_what_cannot_be_recorded_is_not_done(office: Office, desk: Desk, boss: Caller) -> None:
    li = office.hire("li", "regulator")
    with office.audit._engine.begin() as db:
        db.exec_driver_sql("DROP TABLE audit_keys")
        db.exec_driver_sql("DROP TABLE audit")
    for ask in (
        lambda: accounts.change(desk, boss, {"disabled": True}, li.id),
        lambda: accounts.add(desk, boss, {**NEW, "login": "new"}),
    ):
        with pytest.raises(UnrecordedError):
            ask()
    assert office.identity.people.find("li").disabled is False
    assert office.identity.people.find("new") is None


def test_a_key_is_issued_once_for_an_agency_with_layers_rate_and_end(office: Office, desk: Desk, boss: Caller) -> None:
    agency, li = office.hire("weather", "agency", areas=CITY), office.hire("li", "regulator")
    form = {"name": "气象局", "account": agency.id, "layers": ["hospitals"], "per_minute": 5, "expires_at": LATER}
    for change, why in (
        ({"account": li.id}, "数据共享单位"), ({"layers": ["moon"]}, "layers"), ({"per_minute": 0}, "per_minute"),
        ({"expires_at": None}, "expires_at"), ({"expires_at": iso(NOON)}, "expires_at"), ({"name": ""}, "name"),
    ):  # fmt: skip
        with pytest.raises((BadInputError, ConflictError), match=why):
            keys.issue(desk, boss, form | change)
    made = keys.issue(desk, boss, form)
    assert office.doorman.by_key(made["key"]).scope.layers == {"hospitals"}
    listed = keys.listed(desk, boss, {})
    assert "key" not in listed["keys"][0]
    assert made["key"] not in repr(listed)
    keys.revoke(desk, boss, {}, made["id"])
    office.doorman.forget()
    assert office.doorman.by_key(made["key"]) is None


def test_a_key_edits_the_layers_it_was_issued_to_write_and_no_key_edits_of_its_own_accord(
    office: Office, desk: Desk, boss: Caller
) -> None:
    rights = [Right.SERVICES, Right.EDIT]
    role = own_role(id="keeper", rights=rights, writable=["hospitals", "shelters"], layers=None) | {"class": "system"}
    roles.add(desk, boss, role)
    agency = office.hire("health", "keeper", areas=CITY)
    form = {"name": "卫健委", "account": agency.id, "expires_at": LATER}
    with pytest.raises(BadInputError, match="writable"):
        keys.issue(desk, boss, form | {"writable": ["scenarios"]})
    with pytest.raises(BadInputError, match="writable"):
        keys.issue(desk, boss, form | {"layers": ["teams"], "writable": ["hospitals"]})
    kept = {one["id"] for one in choices(desk, boss, {})["layers"] if one["by_people"]}
    assert ("hospitals" in kept, "scenarios" in kept) == (True, False)
    reading, writing = keys.issue(desk, boss, form), keys.issue(desk, boss, form | {"writable": ["hospitals", "teams"]})
    assert Right.EDIT not in office.doorman.by_key(reading["key"]).rights
    caller = office.doorman.by_key(writing["key"])
    assert Right.EDIT in caller.rights
    assert (caller.scope.writable, caller.key) == ({"hospitals"}, writing["id"])
    assert keys.listed(desk, boss, {})["keys"][0]["writable"] in ([], ["hospitals", "teams"])


def test_a_wall_screen_is_issued_once_and_revoked(office: Office, desk: Desk, boss: Caller, east: Caller) -> None:
    form = {"name": "一楼大厅", "screen": "/hall", "areas": list(WEST), "lang": "en"}
    for change, why in (({"screen": "/map"}, "screen"), ({"role": "regulator"}, "role"), ({"lang": "fr"}, "lang")):
        with pytest.raises(BadInputError, match=why):
            kiosks.issue(desk, boss, form | change)
    with pytest.raises(ForbiddenError, match="管辖范围"):
        kiosks.issue(desk, east, form)
    made = kiosks.issue(desk, boss, form)
    token = KIOSK_PREFIX + made["address"].removeprefix("/kiosk/")
    assert office.identity.keys.kiosk(sha256(token.encode()), at=NOON).screen == "/hall"
    assert (office.at_the_door(token).lang, office.at_the_door(token).scope.areas) == ("en", WEST)
    assert kiosks.listed(desk, east, {})["kiosks"] == []
    with pytest.raises(NotFoundError):
        kiosks.revoke(desk, east, {}, made["id"])
    kiosks.revoke(desk, boss, {}, made["id"])
    assert office.at_the_door(token) is None


def test_built_in_roles_are_read_only_and_own_ones_checked_in_every_field(
    office: Office, desk: Desk, boss: Caller
) -> None:
    for ask in (roles.change, roles.remove):
        with pytest.raises(ForbiddenError, match="内置"):
            ask(desk, boss, {}, "regulator")
    for change, why in (
        ({"id": "Own"}, "id"), ({"title": "x"}, "title"), ({"title": {"zh": "值", "en": ""}}, "en"),
        ({"class": "x"}, "class"),
        ({"rights": ["fly"]}, "rights"), ({"clearance": "top"}, "clearance"), ({"layers": ["moon"]}, "layers"),
        ({"hidden": ["hospitals.moon"]}, "hidden"), ({"writable": ["moon"]}, "writable"),
        ({"rights": ["audit"]}, "second_factor"), ({"second_factor": 1}, "second_factor"),
    ):  # fmt: skip
        with pytest.raises(BadInputError, match=why):
            roles.add(desk, boss, own_role(**change))
    made = roles.add(desk, boss, own_role(layers=["hospitals"], hidden=["hospitals.name"], writable=None))
    role = office.identity.posts.role("own")
    assert (role.layers, role.hidden, role.writable) == ({"hospitals"}, {("hospitals", "name")}, None)
    assert roles.change(desk, boss, {"clearance": "public"}, "own") == made | {"clearance": "public"}
    office.hire("li", "own")
    with pytest.raises(ConflictError, match="使用该角色"):
        roles.remove(desk, boss, {}, "own")


def test_a_group_joins_people_to_its_posts_until_it_is_removed(office: Office, desk: Desk, boss: Caller) -> None:
    li = office.hire("li")
    made = groups.add(desk, boss, {"name": "危化专班", "members": [li.id]})
    posts.give(desk, boss, {"group": made["id"], "role": "regulator", "areas": list(EAST)})
    assert office.identity.standing("li", at=NOON).role.id == "regulator"
    assert groups.listed(desk, boss, {})["groups"][0]["people"][0]["login"] == "li"
    with pytest.raises(ConflictError, match="已存在"):
        groups.add(desk, boss, {"name": "危化专班"})
    groups.change(desk, boss, {"name": "专班"}, made["id"])
    groups.remove(desk, boss, {}, made["id"])
    assert office.identity.standing("li", at=NOON) is None


def test_sessions_of_others_are_listed_and_ended(office: Office, desk: Desk, boss: Caller) -> None:
    li = office.hire("li", "regulator")
    first, second = office.come_in("li"), office.come_in("li")
    live = accounts.sessions(desk, boss, {}, li.id)["sessions"]
    assert len(live) == 2
    one = office.at_the_door(first).session
    accounts.end_session(desk, boss, {}, li.id, one)
    assert (office.at_the_door(first), office.at_the_door(second) is not None) == (None, True)
    with pytest.raises(NotFoundError):
        accounts.end_session(desk, boss, {}, li.id, one)
    assert accounts.end_session(desk, boss, {}, li.id, "all") == {"ended": 1}
    assert accounts.listed(desk, boss, {"q": "li"})["accounts"][0]["last"] is not None


def test_two_processes_do_not_both_take_away_the_last_administrator(office: Office, desk: Desk, boss: Caller) -> None:
    second = office.hire("second", "administrator", areas=CITY)
    other = as_(office, "second")
    with closing(office.again()) as theirs:
        elsewhere = Desk(
            doorman=Doorman(theirs, office.audit, office.clock), catalogue=CATALOGUE, areas=lambda: AREAS,
            chores=Chores(office.clock),
        )  # fmt: skip

        def disable() -> None:
            with elsewhere.changing():
                accounts.change(elsewhere, other, {"disabled": True}, boss.account)

        with ThreadPoolExecutor(1) as apart:
            with desk.changing():
                asked = apart.submit(disable)
                accounts.change(desk, boss, {"disabled": True}, second.id)
            with pytest.raises(ConflictError, match="没有系统管理员"):
                asked.result(timeout=20)
    assert office.identity.people.get(second.id).disabled is True
    assert office.identity.people.get(boss.account).disabled is False


def test_a_change_that_comes_to_nothing_is_undone_whole_and_said_to_have_failed(
    office: Office, desk: Desk, boss: Caller
) -> None:
    def broken() -> None:
        with desk.changing():
            posts.give(desk, boss, post(accounts.add(desk, boss, NEW)["id"]))
            raise RuntimeError("the connection broke before the end")

    with pytest.raises(RuntimeError):
        broken()
    assert office.identity.people.find("li") is None
    assert {one.account for one in office.identity.posts.posts()} == {boss.account}
    found = [one.entry for one in office.audit.search(Sought(kinds=(Kind.ADMIN,)))][::-1]
    assert found[0].key == found[2].key
    assert [(one.what, str(one.outcome)) for one in found] == [
        ("accounts", "done"), ("posts", "done"), ("accounts", "failed"), ("posts", "failed"),
    ]  # fmt: skip
    with desk.changing():
        assert accounts.add(desk, boss, NEW)["login"] == "li"


def test_what_the_server_does_by_itself_is_told_to_administrators_of_the_whole_city_alone(
    office: Office, desk: Desk, boss: Caller, east: Caller
) -> None:
    chore = Chore(Text("发送消息", "Messages are sent"), "messages were not sent")
    with desk.chores.tried(logging.getLogger("test"), chore):
        raise ConnectionRefusedError(111, "mail.example secret")
    (told,) = chores.listed(desk, boss, {})["chores"]
    assert (told["title"], told["state"], told["failures"]) == ("发送消息", "failing", 1)
    assert told["since"] == iso(office.clock())
    assert "Connection refused" in told["error"]
    assert "secret" not in told["error"]
    with pytest.raises(ForbiddenError):
        chores.listed(desk, east, {})
    assert (choices(desk, boss, {})["failing"], choices(desk, east, {})["failing"]) == (1, 0)
