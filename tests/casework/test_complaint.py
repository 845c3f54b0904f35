"""Complaints: sixty days from acceptance, who verifies, what is rewarded; and the whole way of an anonymous one."""

import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely

from app.auth.sealing import Sealer
from app.reports import REPORTER, Reports
from app.systems import FOLLOWS, FUNCTIONS
from casework.calendar import china
from casework.casetype import Role
from casework.desk import Desk
from casework.engine import StepRefusedError, Who, opened, taken
from casework.systems.complaint import COMPLAINT
from casework.systems.site_check import SITE_CHECK
from core.actors import SYSTEM_ACTOR
from core.caller import Caller, current_caller
from core.clock import CHINA
from core.errors import NotFoundError
from core.scope import SYSTEM_SCOPE
from layers.catalogue import ATTACHMENTS, COMPLAINTS, ENTERPRISES
from layers.catalogue.complaints import Complaint, ComplaintResult
from layers.catalogue.enforcement import SiteCheck
from layers.catalogue.enterprises import Enterprise
from store.attachments import Cabinet
from store.audit import AuditLog
from store.feed import Put
from store.opening import open_audit
from store.protocol import Store
from store.query import EVERYTHING
from tests.blank import blank_city
from tests.casework.test_desk import FIRM, OFFICER, PNG, STRANGER, WORKER, Day

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
DAY = timedelta(days=1)
ONE = Who(account="o1", name="周敏", role=Role.OFFICER)
SAID = {
    "kind": "violation", "channel": "phone", "area": "990106", "place": "园区三路", "description": "夜班动火没有监护",
}  # fmt: skip
KEY = "k" * 32


def begun(**more: Any) -> Any:
    return opened(COMPLAINT, "JB2026-000001", SAID | more, who=ONE, at=NOW, calendar=china()).row


def then(row: Any, step: str, at: datetime, who: Who = ONE, reason: str = "依规定", **values: Any) -> Any:
    return taken(COMPLAINT, row, step, values, who=who, at=at, calendar=china(), reason=reason).row


def refused(row: Any, step: str, at: datetime, who: Who = ONE, **values: Any) -> str:
    with pytest.raises(StepRefusedError) as raised:
        then(row, step, at, who, **values)
    return raised.value.text.zh


def handled(**more: Any) -> Any:
    return then(then(begun(**more), "accept", NOW + DAY), "dispatch", NOW + 2 * DAY, handler="执法大队", area="990106")


def test_it_is_closed_within_sixty_days_of_acceptance_and_extended_once_by_thirty() -> None:
    row = handled()
    assert (row.due_basis, row.due_at, row.close_by) == ("complaint-close", end(5, 2), date(2026, 5, 2))
    late = then(row, "extend", NOW + 20 * DAY)
    assert (late.due_basis, late.due_at, late.close_by) == ("complaint-extend", end(6, 1), date(2026, 6, 1))
    assert "已延期一次" in refused(late, "extend", NOW + 30 * DAY)
    other = then(late, "assign_again", NOW + 31 * DAY, handler="镇应急站", area="990106101")
    assert other.due_at == late.due_at
    done = then(late, "conclude", NOW + 88 * DAY, outcome="false", finding="未发现")
    assert (done.due_basis, done.due_at) == ("close_by", end(6, 1))


def end(month: int, day: int) -> datetime:
    return datetime(2026, month, day, tzinfo=CHINA) + DAY


def test_deaths_are_verified_by_a_government_and_what_is_true_is_signed() -> None:
    row = then(begun(deaths=True), "accept", NOW + DAY)
    assert "县级以上人民政府" in refused(row, "dispatch", NOW + DAY, handler="执法大队", area="990106")
    row = then(row, "dispatch", NOW + DAY, handler="执法大队", area="990106", government="盐港新区管理委员会")
    assert "签字负责人" in refused(row, "conclude", NOW + 9 * DAY, outcome="true", finding="属实")
    assert "由监管人员办理" in refused(row, "conclude", NOW + 9 * DAY, REPORTER.who, outcome="false", finding="x")
    assert then(row, "conclude", NOW + 9 * DAY, outcome="unclear", finding="无法查清").state == "concluded"


def test_a_reward_follows_from_its_rule_and_is_the_first_reporters_alone() -> None:
    true = {"outcome": "true", "finding": "属实", "approved_by": "王立"}
    row = then(then(handled(), "conclude", NOW + 9 * DAY, **true), "reply", NOW + 10 * DAY, answer="已查处")
    for given, amount in (
        ({"reward_basis": "violation", "reward_fine": 50_000.0}, 7_500.0), ({"reward_basis": "danger_major"}, 3_000.0),
        ({"reward_basis": "concealed_general", "reward_deaths": 2}, 60_000.0),
        ({"reward_basis": "violation", "reward_fine": 9e6}, 300_000.0),
    ):  # fmt: skip
        assert then(row, "grant_reward", NOW + 11 * DAY, **given).reward == amount
    assert "死亡人数" in refused(row, "grant_reward", NOW + 11 * DAY, reward_basis="concealed_major")
    second = row.model_copy(update={"same_as": "JB2026-000009"})
    assert "JB2026-000009" in refused(second, "grant_reward", NOW + 11 * DAY, reward_basis="violation")
    owed = then(row, "grant_reward", NOW + 11 * DAY, reward_basis="violation")
    assert "申领期限至 2026-05-12" in refused(owed, "lapse_reward", NOW + 50 * DAY)
    assert then(owed, "lapse_reward", NOW + 80 * DAY).reward is None
    false = then(then(handled(), "conclude", NOW + 9 * DAY, outcome="false", finding="无"), "reply", NOW + 10 * DAY,
                 answer="未发现")  # fmt: skip
    assert "核查结论" in refused(false, "grant_reward", NOW + 11 * DAY, reward_basis="violation")
    assert "核查结论" in refused(false, "publish", NOW + 11 * DAY, notice="x")


def test_an_officer_files_nothing_as_if_it_came_online_and_the_reporter_urges_once_a_week() -> None:
    with pytest.raises(StepRefusedError, match="网上举报由公众自行提交"):
        begun(channel="web")
    row = then(handled(), "urge", NOW + 5 * DAY, REPORTER.who)
    assert "2026-03-14" in refused(row, "urge", NOW + 8 * DAY, REPORTER.who)
    assert then(row, "urge", NOW + 8 * DAY).urged == 2
    assert then(row, "urge", NOW + 13 * DAY, REPORTER.who).urged == 2


@pytest.fixture
def day() -> Day:
    return Day()


@pytest.fixture
def store(tmp_path: Path, day: Day) -> Iterator[Store]:
    kept = blank_city(tmp_path / "city.gpkg", day)
    firm = Enterprise(
        uscc=FIRM, name="信禾助剂有限公司", area="990106201", sector="other", geometry=shapely.Point(121.8, 33.2)
    )
    kept.commit([Put(layer=ENTERPRISES.id, record=firm)], actor=SYSTEM_ACTOR, reason="登记", scope=SYSTEM_SCOPE)
    yield kept
    kept.close()


@pytest.fixture
def reports(store: Store, tmp_path: Path, day: Day) -> Iterator[Reports]:
    cabinet = Cabinet(store, tmp_path / "files", day, largest=100_000)
    desk = Desk(store, cabinet, china(), day, FUNCTIONS, FOLLOWS)
    audit: AuditLog = open_audit(tmp_path, None)
    sealer = Sealer(tmp_path / "identity.key").for_purpose("reporters")
    yield Reports(desk=desk, store=store, cabinet=cabinet, sealer=sealer, audit=audit, clock=day)
    audit.close()


ONLINE = SAID | {"channel": "web", "accused_name": "信禾"}


def go(reports: Reports, code: str, step: str, reason: str = "", **values: Any) -> Any:
    version = reports.desk.find(COMPLAINT, code, scope=OFFICER.scope).version
    return reports.desk.take(COMPLAINT, code, version, step, values, by=OFFICER, reason=reason)


def test_an_anonymous_report_gets_a_code_is_dispatched_turned_into_a_check_closed_in_sixty_days_and_rewarded(
    reports: Reports, store: Store, day: Day
) -> None:
    query = reports.file(ONLINE, {}, KEY, [io.BytesIO(PNG)])
    row, may = reports.progress(query)
    assert (row.state, row.title, row.opened_by, may) == (
        "received",
        "举报安全生产违法行为:信禾",
        "举报人",
        ("add_material",),
    )
    code = row.code
    reports.add(query, "又见一次", [])
    go(reports, code, "accept")
    go(reports, code, "dispatch", handler="盐港新区执法大队", area="990106", accused=FIRM)
    day.now += 10 * DAY
    checked = go(reports, code, "open_check", accused=FIRM, check_by=date(2026, 3, 20)).row
    (follows,) = checked.followed
    check = reports.desk.find(SITE_CHECK, follows, scope=OFFICER.scope).row
    assert isinstance(check, SiteCheck)
    assert (check.enterprise, check.enterprise_name, check.area, check.check_by) == (
        FIRM, "信禾助剂有限公司", "990106201", date(2026, 3, 20)
    )  # fmt: skip
    said = check.model_dump_json(exclude={"geometry"})
    assert not [word for word in (code, "举报", "动火", "complaint") if word in said]  # the firm does not learn why
    day.now += 20 * DAY
    go(reports, code, "conclude", outcome="true", finding="属实", approved_by="王立")
    go(reports, code, "reply", answer="已责令整改并处罚")
    row, _ = reports.progress(query)
    assert row.answer == "已责令整改并处罚"
    assert row.replied_at is not None
    assert row.close_by is not None
    assert row.replied_at.date() < row.close_by
    public = go(reports, code, "publish", notice="已查处").public
    assert isinstance(public, ComplaintResult)
    go(reports, code, "grant_reward", reward_basis="violation", reward_fine=40_000.0)
    row, may = reports.progress(query)
    assert (row.reward, row.turn, may) == (6_000.0, "public", ("claim_reward",))
    reports.claim(query, "到窗口领取现金")
    paid = go(reports, code, "pay_reward", voucher="JL-1").row
    closed = go(reports, code, "archive").row
    assert (paid.paid_at, closed.state) == (day.now, "archived")
    steps = [one.step for one in reports.desk.log(COMPLAINT, code, scope=OFFICER.scope)]
    assert steps == ["report", "add_material", "accept", "dispatch", "open_check", "conclude", "reply", "publish",
                     "grant_reward", "claim_reward", "pay_reward", "archive"]  # fmt: skip


def test_a_report_sent_twice_is_one_with_one_code_and_only_a_mark_of_it_is_kept(
    reports: Reports, store: Store, tmp_path: Path
) -> None:
    query = reports.file(ONLINE, {"name": "李明", "phone": "13900001111"}, KEY, [io.BytesIO(PNG)])
    assert reports.file(ONLINE, {}, KEY, []) == query
    assert reports.file(ONLINE, {}, "j" * 32, []) != query
    assert store.count(COMPLAINTS, EVERYTHING, scope=SYSTEM_SCOPE) == 2
    on_disk = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert "夜班动火没有监护".encode() in on_disk
    for secret in (query, query.replace("-", ""), KEY, "李明", "13900001111"):
        assert secret.encode() not in on_disk
    (file,) = store.read(ATTACHMENTS, EVERYTHING, scope=SYSTEM_SCOPE).to_pylist()
    assert (file["name"], file["added_by"], file["sensitivity"]) == ("举报照片1", "举报人", 2)
    with pytest.raises(NotFoundError, match="查询码"):
        reports.progress("0000-0000-0000-0000")


def test_the_accused_firm_never_meets_the_complaint_and_another_district_neither(reports: Reports) -> None:
    code = reports.progress(reports.file(ONLINE, {}, KEY, []))[0].code
    go(reports, code, "accept")
    go(reports, code, "dispatch", handler="执法大队", area="990106", accused=FIRM)
    found = reports.desk.find(COMPLAINT, code, scope=OFFICER.scope).row
    assert isinstance(found, Complaint)
    assert (found.accused, found.accused_name, found.enterprise) == (FIRM, "信禾助剂有限公司", "")
    for by in (WORKER, STRANGER):
        with pytest.raises(NotFoundError):
            reports.desk.find(COMPLAINT, code, scope=by.scope)


def test_who_is_signed_in_while_they_report_is_written_down_nowhere_and_reading_a_seal_is_on_record(
    reports: Reports,
) -> None:
    caller = Caller(actor=WORKER.actor, scope=WORKER.scope, account="zhao-qiang")
    token = current_caller.set(caller)
    try:
        query = reports.file(ONLINE, {"name": "李明"}, KEY, [])
        code = reports.progress(query)[0].code
    finally:
        current_caller.reset(token)
    assert reports.audit.head()[0] == 0
    officer = Caller(actor=OFFICER.actor, scope=OFFICER.scope, account="zhou-min")
    assert reports.known(code) == {"code": True, "sealed": True, "payee": False}
    assert reports.holds(code, query, caller=officer)
    assert not reports.holds(code, "0000-0000-0000-0000", caller=officer)
    assert reports.audit.head()[0] == 0
    assert reports.read(code, "核实情况", caller=officer) == {"name": "李明"}
    assert reports.audit.head()[0] == 1
