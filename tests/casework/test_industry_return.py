"""Monthly returns of accidents: the construction bureau files March, the office accepts, the city's total has it."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import shapely

from app.demo.registers import told_register
from app.doors.case_drafts import CaseDrafts
from app.doors.case_lists import Lists
from app.doors.cases import Cases
from app.systems import FUNCTIONS, GATHERS, SYSTEMS
from casework.calendar import china
from casework.casetype import Role
from casework.designing import designed
from casework.desk import Desk
from casework.gathering import NOTHING, Gathered
from casework.returning import OneAccepted, returns_of_the_month
from casework.systems.hidden_danger import HIDDEN_DANGER
from casework.systems.industry_return import INDUSTRY_RETURN
from casework.versions import as_data
from core.actors import SYSTEM_ACTOR, Actor
from core.caller import Caller, Right, UserClass
from core.clock import CHINA
from core.errors import BadInputError, FaultsError, ForbiddenError, OneMapError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from layers.catalogue.areas import Area
from store.attachments import Cabinet
from store.audit import AuditLog
from store.feed import Put
from store.identity import Identity
from store.protocol import Store
from tests.blank import blank_city

SYSTEM = INDUSTRY_RETURN.id
APRIL = datetime(2026, 4, 3, 9, tzinfo=CHINA)
AREAS = {"990100": "云澜市", "990102": "云澜市区", "990106": "盐港新区"}
MARCH = {"month": "2026-03", "industry": "construction", "area": "990106", "accidents": 2, "deaths": 1,
         "serious_injuries": 1, "direct_loss": 35.5}  # fmt: skip
NIL = {"month": "2026-03", "industry": "water", "area": "990102", "nil": True}


def caller(name: str, user_class: UserClass, area: str = "9901", rights: frozenset[Right] | None = None) -> Caller:
    office = user_class is UserClass.REGULATOR
    scope = Scope(areas=(area,), clearance=Sensitivity.SENSITIVE if office else Sensitivity.INTERNAL)
    return Caller(
        actor=Actor(id=name, name=name, door="page"), account=name, user_class=user_class, scope=scope,
        rights=frozenset({Right.CASES}) if rights is None else rights,
    )  # fmt: skip


BUILDERS = caller("李岚,市住房和城乡建设局", UserClass.COMMITTEE)
ROADS = caller("方远,市交通运输局", UserClass.COMMITTEE)
CITY = caller("王立,市应急管理局", UserClass.REGULATOR)
DISTRICT = caller("周敏,盐港新区应急管理局", UserClass.REGULATOR, "990106")


@dataclass(frozen=True)
class Office:
    """The desk as its doors meet it."""

    cases: Cases
    lists: Lists

    def file(self, who: Caller = BUILDERS, **values: Any) -> dict[str, Any]:
        return self.cases.open(who, {"system": SYSTEM, "values": MARCH | values})

    def step(self, one: dict[str, Any], name: str, who: Caller, reason: str = "", **values: Any) -> dict[str, Any]:
        now = self.cases.one(who, {"system": SYSTEM, "code": one["code"]})
        asked = {"system": SYSTEM, "code": one["code"], "version": now["version"], "step": name}
        return self.cases.step(who, asked | {"reason": reason, "values": values})

    def sums(self, period: str = "", who: Caller = CITY) -> dict[str, Any]:
        asked = {"system": SYSTEM} | ({"period": period} if period else {})
        found: dict[str, Any] = self.lists.statistics(who, asked)["sums"]
        return found


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    def now() -> datetime:
        return APRIL

    with (
        closing(blank_city(tmp_path / "city.gpkg", now)) as store,
        closing(AuditLog(f"sqlite:///{tmp_path / 'audit.db'}")) as audit,
        closing(Identity(f"sqlite:///{tmp_path / 'identity.db'}")) as identity,
    ):
        areas = [
            Area(code=code, name=name, level="district", area=code, geometry=shapely.box(121, 33, 122, 34))
            for code, name in AREAS.items()
        ]
        edits = [Put(layer="areas", record=one) for one in areas]
        store.commit(edits, actor=SYSTEM_ACTOR, reason="登记", scope=SYSTEM_SCOPE)
        cabinet = Cabinet(store, tmp_path / "files", now, largest=1000)
        besides = {(SYSTEM, "accept"): OneAccepted(store).kept}
        desk = Desk(store, cabinet, china(), now, FUNCTIONS, gathers=GATHERS, besides=besides)
        lists = Lists(store=store, systems=SYSTEMS, procedures=desk.procedures, audit=audit, clock=now)
        drafts = CaseDrafts(desk=desk, lists=lists, drafts=identity.drafts, clock=now)
        yield Office(Cases(desk=desk, lists=lists, cabinet=cabinet, drafts=drafts, clock=now), lists)


def refused(act: Any, *args: Any, **values: Any) -> str:
    with pytest.raises(OneMapError) as raised:
        act(*args, **values)
    return raised.value.text.zh


def test_the_construction_bureau_files_march_the_office_accepts_and_the_citys_total_has_it(office: Office) -> None:
    before = office.sums("2026-03")["total"]
    filed = office.file()
    assert (filed["name"], filed["turn"]) == ("2026年3月建筑施工事故月报", "officer")
    assert {"title": "填报单位", "value": "市住房和城乡建设局"}.items() <= next(
        one for one in filed["facts"] if one["name"] == "unit"
    ).items()
    waiting = office.sums("2026-03")["total"]
    assert (waiting["cases"], waiting["values"], waiting["waiting"], waiting["held"]["deaths"]) == (
        0, before["values"], 1, 1,
    )  # fmt: skip
    office.step(filed, "accept", CITY)
    office.step(
        office.file(ROADS, industry="road", area="990102", accidents=3, deaths=2, direct_loss=0.25), "accept", CITY
    )
    found = office.sums()
    assert (found["period"], found["whose"], found["total"]["waiting"]) == ("2026-03", "全市", 0)
    assert found["total"]["values"] == {
        "accidents": 5, "deaths": 3, "serious_injuries": 2, "minor_injuries": 0, "direct_loss": 35.75,
    }  # fmt: skip
    lines = {
        table["name"]: {row["code"]: row["values"]["deaths"] for row in table["rows"]} for table in found["tables"]
    }
    assert lines == {
        "industry": {"construction": 1, "road": 2}, "area": {"990102": 2, "990106": 1}, "months": {"2026-03": 3},
        "quarters": {"2026-Q1": 3}, "years": {"2026": 3},
    }  # fmt: skip
    assert office.sums("2026-Q1")["total"] == office.sums("2026")["total"] == found["total"]
    assert office.sums("2026-02")["total"]["cases"] == office.sums("2025")["total"]["cases"] == 0
    assert office.sums("2026-03", DISTRICT)["total"]["values"]["deaths"] == 1, "a district adds up its own"


def test_what_is_missing_is_named_by_month_industry_and_district(office: Office) -> None:
    office.step(office.file(**NIL, accidents=0, deaths=0, serious_injuries=0, direct_loss=0), "accept", CITY)
    office.file()
    (month,) = office.sums("2026-03")["missing"]
    absent = {one["code"]: one["areas"] for one in month["of"]}
    assert absent.pop("water") == ["盐港新区"], "a nil return is a return"
    assert absent.pop("construction") == ["云澜市区"], "and so is one that waits"
    assert set(absent) == {"road", "fire", "explosives", "farm_machinery", "fishing"}
    assert set(map(tuple, absent.values())) == {()}
    assert [one["month"] for one in office.sums("2026-Q2")["missing"]] == [], "April is not over"
    assert [one["whole"] for one in office.sums("2026-Q1")["missing"]] == [True, True, False]
    mine = office.sums("2026-03", DISTRICT)["missing"][0]["of"]
    assert "construction" not in {one["code"] for one in mine}


def test_numbers_that_do_not_agree_are_refused_in_words(office: Office) -> None:
    for wrong, said in (
        ({"accidents": -1}, "事故起数不得小于 0"), ({"direct_loss": -0.5}, "直接经济损失不得小于 0"),
        ({"accidents": 0, "nil": True}, "事故为 0 起"), ({"accidents": 0, "deaths": 0}, "勾选“零报告”"),
        ({"nil": True}, "不是零报告"), ({"month": "2026-05"}, "尚未开始"), ({"month": "3月"}, "2026-03 的样式"),
        ({"area": "990100"}, "选到区县"), ({"industry": "space"}, "不在代码表中"),
    ):  # fmt: skip
        assert said in refused(office.file, **wrong), wrong
    assert office.sums("2026-03")["total"]["waiting"] == 0


def test_one_return_of_a_month_industry_and_district_corrected_by_sending_back(office: Office) -> None:
    filed = office.file()
    assert f"已报送:{filed['code']}" in refused(office.file, ROADS)
    office.step(filed, "accept", CITY)
    assert "请写明理由" in refused(office.step, filed, "send_back", CITY)
    back = office.step(filed, "send_back", CITY, "死亡人数与快报不一致")
    assert (back["turn"], office.sums("2026-03")["total"]["cases"]) == ("member", 0)
    assert f"已报送:{filed['code']}" in refused(office.file)
    assert "由填报单位办理:李岚" in refused(office.step, filed, "correct", ROADS, accidents=2, deaths=2)
    assert "不是此步骤填写的内容" in refused(office.step, filed, "correct", BUILDERS, month="2026-02")
    office.step(filed, "correct", replace(BUILDERS, actor=replace(BUILDERS.actor, id="x"), account="同事"), deaths=2)
    office.step(filed, "accept", CITY)
    assert office.sums("2026-03")["total"]["values"]["deaths"] == 2
    april = office.file(month="2026-04")
    assert "尚未结束" in refused(office.step, april, "accept", CITY)
    gone = office.step(april, "withdraw", BUILDERS, "误报")
    assert (gone["state"], office.file(month="2026-04")["state"]) == ("withdrawn", "filed")


def test_of_two_returns_that_are_accepted_at_once_one_is(office: Office) -> None:
    first, desk = office.file(), office.cases.desk
    desk._gathers = dict(GATHERS) | {
        (SYSTEM, "file"): lambda *_: NOTHING
    }  # two members at once: neither sees the other
    second = office.file(ROADS)
    late: list[str] = []

    def overtaken(store: Store, given: Mapping[str, Any], at: datetime) -> Gathered:
        found = returns_of_the_month(store, given, at)
        if not late:  # another officer is faster than what was just read
            late.append("asked")
            late.append(office.step(first, "accept", CITY)["state"])
        return found

    desk._gathers = dict(GATHERS) | {(SYSTEM, "accept"): overtaken}
    assert f"已受理:{first['code']}" in refused(office.step, second, "accept", CITY)
    assert (late, office.sums("2026-03")["total"]["cases"]) == (["asked", "accepted"], 1)


def test_a_member_takes_its_own_steps_and_no_others(office: Office) -> None:
    filed = office.file()
    assert [one["name"] for one in office.cases.one(BUILDERS, {"system": SYSTEM, "code": filed["code"]})["steps"]] == [
        "withdraw"
    ]
    for step in ("accept", "send_back"):
        assert "由监管人员办理" in refused(office.step, filed, step, BUILDERS, "理由")
    assert "由安委会成员单位办理" in refused(office.file, CITY)
    asked = {"system": HIDDEN_DANGER.id, "values": {"title": "试"}}
    with pytest.raises(ForbiddenError):
        office.cases.open(BUILDERS, asked)
    with pytest.raises(ForbiddenError):
        office.cases.drafts.keep(BUILDERS, asked)
    team = caller("韩松", UserClass.COMMITTEE, rights=frozenset({Right.FIELD}))
    with pytest.raises(ForbiddenError):
        office.file(team)
    told = {one["id"]: one for one in office.lists.overview(BUILDERS, {})["systems"]}
    assert (
        [id for id, one in told.items() if one["acts"]]
        == [id for id, one in told.items() if one["may_open"]]
        == [SYSTEM]
    )
    assert office.lists.overview(CITY, {})["role"] == "officer"
    assert all(Role.MEMBER not in of.roles for of in SYSTEMS if of is not INDUSTRY_RETURN)
    data = as_data(HIDDEN_DANGER)
    data["steps"][0]["by"] = ["member"]
    with pytest.raises(FaultsError) as raised:
        designed(data, 2, HIDDEN_DANGER)
    assert [one.value for one in raised.value.faults] == ["member"], "nor does a designed procedure give it one"


def test_a_period_is_a_year_a_quarter_or_a_month_of_a_system_that_adds_up(office: Office) -> None:
    for period in ("2026-13", "2026-Q5", "26", "2026-3"):
        with pytest.raises(BadInputError):
            office.sums(period)
    with pytest.raises(BadInputError):
        office.lists.statistics(CITY, {"system": HIDDEN_DANGER.id, "period": "2026"})
    assert "sums" not in office.lists.statistics(CITY, {"system": HIDDEN_DANGER.id})


def test_the_demo_returns_every_industry_in_every_district_marked_as_demo() -> None:
    rows = [one.row for one in told_register(INDUSTRY_RETURN, [], datetime(2026, 11, 30, 9, tzinfo=CHINA))]
    assert {row.area for row in rows} >= {"990102", "990106"}
    assert len({row.industry for row in rows}) == 7
    assert {row.state for row in rows} == {"filed", "returned", "accepted"}
    assert all("演示" in row.remark for row in rows)
    assert len({(row.month, row.industry, row.area) for row in rows}) == len(rows)
