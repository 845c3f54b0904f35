"""Every business system on both engines: opened, its first steps, list, statistics and reminders, with equal answers.

What the rules of a system are is asked of one engine beside each; hidden dangers, documents and imports have their own.
"""

from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely

from app.doors.case_lists import Lists
from app.systems import FOLLOWS, FUNCTIONS, GATHERS, SYSTEMS, credited, system
from casework.calendar import china
from casework.casetype import Role
from casework.crediting import Crediting
from casework.desk import Desk, Signed
from casework.engine import Who
from core.actors import SYSTEM_ACTOR
from core.caller import Caller, UserClass
from core.scope import SYSTEM_SCOPE, Sensitivity
from layers.catalogue import CATALOGUE, CREDIT_EVENTS, ENTERPRISES
from layers.catalogue.enterprises import Enterprise
from layers.catalogue.hazards import HazardSource
from layers.catalogue.incidents import Incident
from store.attachments import Cabinet
from store.audit import AuditLog
from store.feed import Put
from store.postgis import open_postgis
from store.protocol import Store
from store.query import Order, Query
from tests.blank import blank_city
from tests.casework.test_desk import COLLEAGUE, FIRM, NOW, OFFICER, OTHER, PNG, WORKER, Day
from tests.casework.test_inspection_plan import PLAN
from tests.postgres import Emptied

pytestmark = pytest.mark.postgis

TODAY = date(2026, 3, 2)
HERE = {"geometry": shapely.Point(121.81, 33.21), "fix_accuracy": 12.0}
PAIR = {"lead": "周敏", "lead_no": "YL00", "second": "吴刚", "second_no": "YL01"}
TITLED = {"title": "试", "enterprise": FIRM}
BUILDING = Who(account="m1", name="李岚,市住房和城乡建设局", role=Role.MEMBER)
MEMBER = Signed(who=BUILDING, scope=OFFICER.scope, actor=OFFICER.actor)
Act = tuple[str, Signed, dict[str, Any]]

JOURNEYS: dict[str, tuple[Act, ...]] = {
    "hidden-danger": (
        ("report", WORKER, {**TITLED, "found_at": NOW, "place": "二车间", "origin": "self_check"}),
        ("grade_general", WORKER, {}),
    ),
    "admin-licence": (
        ("lodge", WORKER, {"enterprise": FIRM, "matter": "new", "kind": "P11", "address": "园区三路", "scope": "丙酮"}),
        ("accept", OFFICER, {}),
        ("review", OFFICER, {"findings": "齐全"}),
        ("grant", COLLEAGUE, {"valid_from": TODAY, "valid_until": date(2029, 3, 1), "issuer": "盐港新区应急管理局"}),
        ("deliver", OFFICER, {}),
    ),
    "major-hazard": (
        ("lodge", WORKER, {"title": "试", "hazard": "H9901060001", "assessed_on": date(2026, 2, 20)}),
        ("register", OFFICER, {"checked": "一致"}),
    ),
    "intermediary": (
        ("lodge", OFFICER, {"title": "云澜安评", "kind": "evaluation", "area": "990106", "uscc": "91990106MA00000001",
                            "scope": "安全评价"}),
        ("register", OFFICER, {}),
    ),
    "filing": (
        ("lodge", WORKER, {**TITLED, "kind": "emergency_plan", "agency": "ZJ2026-000001"}),
        ("register", OFFICER, {"checked": "齐全"}),
        ("renew", WORKER, {}),
    ),
    "standardization": (
        ("lodge", WORKER, {**TITLED, "grade": 3, "self_score": 82.0}),
        ("announce", OFFICER, {"review_score": 80.0, "finding": "符合"}),
        ("register", OFFICER, {"announced": "无异议"}),
    ),
    "credit": (
        ("propose", OFFICER, {**TITLED, "condition": "risky", "grounds": "冒险作业"}),
        ("tell", OFFICER, {}),
        ("answer", WORKER, {"reply": "已整改"}),
        ("list_firm", OFFICER, {}),
    ),
    "body": (("enrol", OFFICER, {"title": "盐港站", "area": "990106"}),),
    "expert": (("enrol", OFFICER, {"title": "郑予安", "kind": "hazchem", "area": "990106",
                            "phone": "19900000001"}),),
    "firework-flow": (
        ("send", WORKER, {"enterprise": FIRM, "product": "组合烟花", "batch": "B1", "boxes": 20, "other": "零售点",
                          "permit": "YH1", "moved_on": TODAY}),
        ("confirm", OFFICER, {"arrived": 20}),
    ),
    "safety-promise": (
        ("promise", WORKER, {"enterprise": FIRM, "units": 2, "running": 1, "stopped": 1, "promiser": "赵强",
                             "promise": "今天已研判安全风险,各项措施落实到位"}),
    ),
    "industry-return": (
        ("file", MEMBER, {"month": "2026-02", "industry": "construction", "area": "990106", "accidents": 2, "deaths": 1,
                          "direct_loss": 35.5}),
        ("accept", OFFICER, {}),
    ),
    "enforcer": (
        ("enrol", OFFICER, {"title": "周敏", "number": "YL00", "area": "990106", "valid_until": date(2029, 1, 1)}),
    ),
    "avoidance": (("declare", OFFICER, {"officer_no": "YL00", "enterprise": OTHER, "relation": "relative"}),),
    "inspection-plan": (
        ("draw_up", OFFICER, PLAN | {"items": ("1|key|990106|||2|",)}),
        ("submit", OFFICER, {"items": ("1|key|990106|||2|",)}),
        ("review", COLLEAGUE, {"opinion": "同意"}),
        ("approve", OFFICER, {"government": "管委会", "approval_no": "1 号", "approved_on": TODAY}),
    ),
    "random-draw": (
        ("prepare", OFFICER, {"plan_item": "JH2026-000001/01", "units": 1, "check_by": date(2026, 3, 31)}),
        ("draw", OFFICER, {}),
    ),
    "site-check": (
        ("plan", OFFICER, {**TITLED, "check_by": date(2026, 3, 9)}),
        ("arrive", OFFICER, HERE | PAIR),
    ),
    "penalty": (
        ("open_penalty", OFFICER, {**TITLED, "facts": "涉嫌违法"}),
        ("file_case", OFFICER, PAIR),
    ),
    "complaint": (
        ("report", OFFICER, {"kind": "violation", "channel": "phone", "area": "990106", "place": "三路",
                             "description": "夜班动火没有监护"}),
        ("accept", OFFICER, {}),
        ("dispatch", OFFICER, {"handler": "执法大队", "area": "990106"}),
        ("open_check", OFFICER, {"accused": FIRM, "check_by": date(2026, 3, 20)}),
    ),
    "accident-investigation": (
        ("file_investigation", OFFICER, {"incident": "SJ20260301-0001", "title": "试"}),
        ("form_group", OFFICER, {"group_by": "county", "group_organ": "管委会", "group_head": "王立",
                                 "group_members": "周敏,应急局"}),
    ),
    "official-document": (
        ("draft", OFFICER, {"area": "990106", "title": "通知", "recipients": "各站", "body": "请报送",
                            "confirmed": True}),
        ("submit", OFFICER, {}),
        ("check", COLLEAGUE, {}),
    ),
    "incoming-document": (
        ("register", OFFICER, {"area": "990106", "title": "来文", "from_organ": "市局", "received_on": TODAY,
                               "confirmed": True}),
        ("propose", OFFICER, {"proposal": "转执法大队"}),
        ("instruct", COLLEAGUE, {"instruction": "同意", "handler": "吴刚", "handle_by": date(2026, 3, 9)}),
    ),
}  # fmt: skip
"""In an order in which what a case names was registered before it."""
LATER = {("standardization", "register"): timedelta(days=10)}


def travelled(store: Store, folder: Path) -> dict[str, dict[str, Any]]:
    """Each system's journey on a store, and what its list, statistics and reminders say then."""
    day = Day()
    firms = [
        Enterprise(uscc=uscc, name=name, area="990106201", sector="hazchem", status="open", credit_grade="B",
                   geometry=shapely.Point(121.8, 33.2))
        for uscc, name in ((FIRM, "信禾助剂"), (OTHER, "云澜氯碱"))
    ]  # fmt: skip
    tank = HazardSource(
        code="H9901060001", name="氨罐区", enterprise=FIRM, grade=3, area="990106201", s_value=13.3, r_value=40.0,
        geometry=shapely.Point(121.8, 33.2), sensitivity=Sensitivity.INTERNAL,
    )  # fmt: skip
    fire = Incident(
        code="SJ20260301-0001", title="泵房着火", kind="fire", origin="call", reported_at=NOW, occurred_at=NOW,
        area="990106201", geometry=shapely.Point(121.8, 33.2), state="closed",
    )  # fmt: skip
    named = [Put(layer="hazard_sources", record=tank), Put(layer="incidents", record=fire)]
    edits = [*(Put(layer=ENTERPRISES.id, record=one) for one in firms), *named]
    store.commit(edits, actor=SYSTEM_ACTOR, reason="登记", scope=SYSTEM_SCOPE)
    cabinet = Cabinet(store, folder / "files", day, largest=100_000)
    desk = Desk(store, cabinet, china(), day, FUNCTIONS, FOLLOWS, gathers=GATHERS, besides=credited(store, day))
    desk.open(system("enforcer"), {"title": "吴刚", "number": "YL01", "area": "990106",
                                   "valid_until": date(2029, 1, 1)}, by=OFFICER)  # fmt: skip
    found: dict[str, dict[str, Any]] = {}
    with closing(AuditLog(f"sqlite:///{folder / 'audit.db'}")) as audit:
        lists = Lists(store=store, systems=SYSTEMS, procedures=desk.procedures, audit=audit, clock=day)
        for name, ((_, opener, values), *steps) in JOURNEYS.items():
            of, day.now = system(name), NOW
            code = desk.open(of, values, by=opener).row.code
            for step, by, given in steps:
                day.now += LATER.get((name, step), timedelta(0))
                with cabinet.draft([PNG + step.encode()], f"{step}.png") as paper:
                    desk.attach(of, code, paper, by=by)
                version = desk.find(of, code, scope=by.scope).version
                desk.take(of, code, version, step, given, by=by, reason="依规定")
            found[name] = {"log": [(one.step, one.target_state, one.by, len(one.files))
                                   for one in desk.log(of, code, scope=OFFICER.scope)]}  # fmt: skip
        caller = Caller(
            actor=OFFICER.actor, scope=OFFICER.scope, user_class=UserClass.REGULATOR, account=OFFICER.who.account
        )
        day.now = NOW + timedelta(days=5)
        for of in SYSTEMS:
            told = found[of.id]
            for asked in ({"view": "all", "sort": "code"}, {"view": "overdue"}, {"view": "standing"}, {"q": "试"}):
                told[str(asked)] = lists.listed(caller, {"system": of.id} | asked)["rows"]
            told["statistics"] = lists.statistics(caller, {"system": of.id})
            told["supervision"] = lists.supervision(caller, {"system": of.id})
        day.now = NOW + timedelta(days=1200)
        for of in SYSTEMS:
            found[of.id]["told"] = (desk.remind(of), desk.remind(of))
        file = Crediting(store=store, clock=day)
        given = (file.lapse(), file.lapse())
        entries = store.read(CREDIT_EVENTS, Query(order=(Order("at"),), geometry=False), scope=SYSTEM_SCOPE).to_pylist()
        found["credit"]["given back"] = given, [(one["rule"], one["points"], one["score"]) for one in entries]
    return found


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, _postgres_tables: Emptied) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same journeys on either engine: a few seconds in all."""
    first, second = (tmp_path_factory.mktemp(name) for name in ("embedded", "postgis"))
    with closing(blank_city(first / "city.gpkg", Day())) as store:
        here = travelled(store, first)
    try:
        with closing(open_postgis(_postgres_tables.url, CATALOGUE, Day(), _postgres_tables.schema)) as store:
            there = travelled(store, second)
    finally:
        _postgres_tables.empty()
    return here, there


@pytest.mark.parametrize("of", SYSTEMS, ids=lambda of: of.id)
def test_a_case_is_opened_worked_on_listed_and_told_of_alike_on_both_engines(of: Any, both: Any) -> None:
    here, there = (one[of.id] for one in both)
    assert [step for step, *_ in here["log"]] == [step for step, *_ in JOURNEYS[of.id]]
    assert len(here["{'view': 'all', 'sort': 'code'}"]) == here["statistics"]["total"] > 0
    assert here["told"][1] == 0
    assert there == here
