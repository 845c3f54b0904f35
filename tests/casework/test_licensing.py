"""Licensing from application to certificate: clocks, limits of each kind, silence, and what its rules refuse."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from shapely import Point

from casework.calendar import china, end_of
from casework.casetype import Role
from casework.engine import StepRefusedError, Who, opened, options, taken
from casework.expiries import expiries
from casework.limits import limit, limits
from casework.permits import Way, permit, permits, standing
from casework.renewals import as_of
from casework.systems.admin_licence import ADMIN_LICENCE
from casework.telling import limit_words
from core.clock import CHINA
from core.texts import Lang
from layers.catalogue.licences import Licence, LicenceCase
from layers.codes import Status, code_list

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
DAY = timedelta(days=1)
FIRM = Who(account="f1", name="赵强", role=Role.ENTERPRISE)
WINDOW = Who(account="o1", name="周敏", role=Role.OFFICER)
CHIEF = Who(account="o2", name="何立新", role=Role.OFFICER)
PAPERS = ("a" * 64,)
FIRST = {"title": "申请许可", "enterprise": "91990106MATYEK5E8U", "matter": "new", "address": "园区三路258号"}
LEDGER = {
    "enterprise_name": "信禾助剂有限公司",
    "area": "990106201",
    "sector": "hazchem",
    "geometry": Point(121.8, 33.2),
}
HELD = {
    "kind": "P04", "held_state": "valid", "held_from": date(2023, 6, 20), "held_until": date(2026, 6, 19),
    "held_number": "应急危经字〔2023〕000007 号", "held_address": "园区三路258号", "held_scope": "甲醇",
    "held_issuer": "盐港新区应急管理局", "first_from": date(2020, 6, 20),
}  # fmt: skip
GIVEN = {"valid_from": date(2026, 3, 20), "valid_until": date(2029, 3, 19), "issuer": "盐港新区应急管理局"}


@dataclass
class Case:
    """One case, step after step."""

    row: LicenceCase
    licence: Licence | None = None

    def take(self, step: str, who: Who = WINDOW, at: datetime = MONDAY, *, reason: str = "", files: Any = (),
             **values: Any) -> "Case":  # fmt: skip
        done = taken(
            ADMIN_LICENCE, self.row, step, values, who=who, at=at, calendar=china(), reason=reason, files=files
        )
        assert isinstance(done.row, LicenceCase)
        assert done.public is None or isinstance(done.public, Licence)
        return replace(self, row=done.row, licence=done.public)


def lodged(who: Who = FIRM, at: datetime = MONDAY, held: dict[str, Any] | None = None, **values: Any) -> Case:
    done = opened(
        ADMIN_LICENCE, "XK2026-000001", FIRST | values, who=who, at=at, calendar=china(), about=LEDGER | (held or {})
    )
    assert isinstance(done.row, LicenceCase)
    return Case(done.row)


def renewal(at: datetime = MONDAY, **held: Any) -> Case:
    return lodged(at=at, held=HELD | held, matter="renew", licence="XK2023-900001")


def accepted(case: Case, at: datetime = MONDAY + DAY) -> Case:
    return case.take("accept", at=at, files=PAPERS)


def refused(made: Any, *arguments: Any, **more: Any) -> str:
    with pytest.raises(StepRefusedError) as raised:
        made(*arguments, **more)
    return " ".join(one.rule.zh for one in raised.value.faults)


def test_the_clock_stands_while_corrections_are_awaited_and_the_certificate_runs_three_years() -> None:
    case = lodged(kind="P04", scope="甲醇、乙醇")
    assert case.row.due_at == end_of(date(2026, 3, 9)), "five working days from a Monday"
    case = case.take("ask_corrections", at=MONDAY + DAY, corrections="补交评价机构资质证明")
    assert (case.row.stopped_at, case.row.turn) == (MONDAY + DAY, "enterprise")
    assert "至少附 1 个附件" in refused(case.take, "correct", FIRM, answer="已补")
    case = case.take("correct", FIRM, MONDAY + 8 * DAY, files=PAPERS, answer="已补")
    assert case.row.stopped_at is None
    assert case.row.due_at == end_of(date(2026, 3, 16)), "five working days that it stood are added"
    assert "须一次告知" in refused(case.take, "ask_corrections", at=MONDAY + 8 * DAY, corrections="再补")
    case = accepted(case, MONDAY + 9 * DAY)
    assert case.row.due_at == end_of(date(2026, 4, 9)), "thirty days from the day the papers were complete, 10 March"
    case = case.take("review", at=MONDAY + 15 * DAY, findings="符合条件", checked=True, checkers="周敏、钱进")
    assert case.row.due_at == end_of(date(2026, 4, 9)), "the decision keeps the limit of the review"
    assert (case.row.valid_from, case.row.valid_until) == (date(2026, 3, 17), date(2029, 3, 16))
    at = MONDAY + 18 * DAY
    assert "审查人不能作出决定" in refused(case.take, "grant", WINDOW, at, **GIVEN)
    case = case.take("grant", CHIEF, at, **GIVEN)
    assert case.row.due_at == end_of(date(2026, 4, 3)), "ten working days to deliver"
    case = case.take("deliver", at=at + 3 * DAY)
    held = case.licence
    assert held is not None
    assert (held.code, held.number, held.kind) == ("XK2026-000001", "应急危经字〔2026〕000001 号", "P04")
    assert (held.valid_from, held.valid_until) == (date(2026, 3, 20), date(2029, 3, 19))
    assert held.first_from == held.valid_from
    assert (held.state, held.scope, case.row.turn, case.row.due_at) == ("valid", "甲醇、乙醇", "", None)


@pytest.mark.parametrize(
    ("kind", "rule", "until"),
    [
        ("P01", "licence-decide-production", date(2026, 4, 16)),
        ("P02", "licence-decide-production", date(2026, 4, 16)),
        ("P04", "licence-decide-trading", date(2026, 4, 1)), ("P05", "licence-decide-use", date(2026, 4, 16)),
        ("P06", "licence-decide-wholesale", date(2026, 4, 2)), ("P07", "licence-decide-retail", date(2026, 3, 23)),
        ("P08", "licence-decide-precursor-make", date(2026, 5, 1)),
        ("P09", "licence-decide-precursor-trade", date(2026, 4, 1)),
        ("P10", "licence-filing", date(2026, 3, 2)), ("P12", "licence-decide-project", date(2026, 4, 16)),
        ("P15", "licence-decide-body", date(2026, 3, 31)),
    ],
)  # fmt: skip
def test_each_kind_is_decided_by_its_own_limit_from_receipt_or_acceptance(kind: str, rule: str, until: date) -> None:
    case = accepted(lodged(kind=kind), MONDAY if kind == "P10" else MONDAY + DAY)
    assert (case.row.due_basis, case.row.due_at) == (rule, end_of(until))


def test_fireworks_production_is_reviewed_by_the_city_and_then_by_the_province() -> None:
    case = lodged(kind="P03")
    assert "须先经市级初步审查" in refused(accepted, case)
    case = case.take("accept_first", at=MONDAY + DAY, files=PAPERS)
    assert (case.row.state, case.row.due_at) == ("preliminary", end_of(date(2026, 3, 22)))
    case = case.take("forward", at=MONDAY + 14 * DAY, preliminary="符合条件,报省厅")
    assert case.row.due_at == end_of(date(2026, 4, 30)), "forty-five days from the finding"


def test_who_is_not_told_in_time_is_accepted_from_the_receipt() -> None:
    late = MONDAY + 8 * DAY
    case = lodged(kind="P06")
    for step, more in (("ask_corrections", {"corrections": "补"}), ("reject", {"reason": "不属于职权"})):
        assert "自收到申请材料之日起视为受理" in refused(case.take, step, WINDOW, late, **more)
    case = accepted(case, late)
    assert case.row.accepted_at == MONDAY
    assert case.row.due_at == end_of(date(2026, 4, 1)), "thirty days of the wholesale rule from the receipt"


def test_a_renewal_is_decided_before_the_licence_runs_out_and_is_then_deemed_granted() -> None:
    assert renewal().row.late is False
    asked = datetime(2026, 6, 1, 9, 0, tzinfo=CHINA)
    case = accepted(renewal(asked), asked + DAY)
    assert case.row.late is True, "a trading licence is renewed three months ahead"
    assert (case.row.due_basis, case.row.due_at) == ("held_until", end_of(date(2026, 6, 19)))
    stood = case.take("ask_experts", at=asked + 3 * DAY, reason="评审", expert_days=20)
    stood = stood.take("hear_experts", at=asked + 13 * DAY, reason="评审通过")
    assert stood.row.due_at == end_of(date(2026, 6, 19)), "no stopped clock moves the day it runs out"
    case = case.take("review", at=asked + 4 * DAY, findings="人员变动")
    after = datetime(2026, 6, 20, 9, 0, tzinfo=CHINA)
    assert "视为准予延续" in refused(case.take, "refuse", CHIEF, after, reason="不符合")
    begins = {"valid_from": case.row.valid_from, "valid_until": case.row.valid_until}
    assert begins == {"valid_from": date(2026, 6, 20), "valid_until": date(2029, 6, 19)}, "it joins the last one"
    granted = case.take("grant", CHIEF, after, issuer="盐港新区应急管理局", **begins).take("deliver", at=after)
    assert granted.licence is not None
    assert (granted.licence.code, granted.licence.number) == ("XK2023-900001", HELD["held_number"])
    assert (granted.licence.first_from, granted.licence.scope) == (date(2020, 6, 20), "甲醇")
    assert case.take("refuse", CHIEF, asked + 5 * DAY, reason="不符合").row.state == "refused"


@pytest.mark.parametrize(
    ("values", "held", "said"),
    [
        ({}, {}, "首次申请须选择证照种类"),
        ({"kind": "P04", "licence": "XK2023-900001"}, {}, "首次申请不填证照编码"),
        ({"kind": "P17"}, {}, "在培训考核系统办理,本系统只登记证照"),
        ({"matter": "renew"}, {}, "须填写证照编码"),
        ({"matter": "renew", "licence": "XK2023-900001"}, {"held_until": date(2026, 3, 1)}, "应当重新申请"),
        ({"matter": "renew", "licence": "XK2023-900001"}, {"kind": "P07"}, "期满重新申请"),
        ({"matter": "renew", "licence": "XK2023-900001"}, {"held_state": "cancelled"}, "已注销、撤销、吊销或暂扣"),
        ({"matter": "change", "licence": "XK2023-900001"}, {}, "须写明事由"),
        ({"matter": "revoke", "licence": "XK2023-900001", "grounds": "骗取"}, {}, "由发证机关办理"),
    ],
)  # fmt: skip
def test_an_application_that_cannot_be_is_refused_with_the_reason(
    values: dict[str, Any], held: dict[str, Any], said: str
) -> None:
    assert said in refused(lodged, held=HELD | held if values.get("licence") else {}, **values)


def test_only_the_general_limit_is_extended_and_once() -> None:
    special = accepted(lodged(kind="P04"))
    assert "没有延长的规定" in refused(special.take, "extend_limit", reason="需要")
    change = accepted(lodged(held=HELD, matter="change", licence="XK2023-900001", grounds="变更法定代表人"))
    assert (change.row.due_basis, change.row.due_at) == ("licence-decide", end_of(date(2026, 3, 31)))
    change = change.take("extend_limit", at=MONDAY + 5 * DAY, reason="材料复杂,经负责人批准")
    assert change.row.due_at == end_of(date(2026, 4, 15)), "ten working days more, over Qingming"
    assert "已延长过一次" in refused(change.take, "extend_limit", reason="再延")
    change = change.take("review", at=MONDAY + 7 * DAY, findings="属实")
    other = {"valid_from": date(2023, 6, 20), "valid_until": date(2027, 6, 19), "issuer": "局"}
    assert "变更不改变届满日期 2026-06-19" in refused(change.take, "grant", CHIEF, **other)
    over = accepted(lodged(kind="P15"))
    assert over.row.due_at is not None
    assert "没有延长的规定" in refused(over.take, "extend_limit", at=over.row.due_at, reason="需要")


def test_a_certificate_runs_no_longer_than_its_kind_and_an_unread_rule_says_so() -> None:
    case = accepted(lodged(kind="P06")).take("review", findings="符合")
    longer = GIVEN | {"valid_until": date(2029, 3, 20)}
    said = refused(case.take, "grant", CHIEF, **longer)
    assert "有效期最长 3 年,不得晚于 2029-03-19(依据未核对原文)" in said
    sure = accepted(lodged(kind="P01")).take("review", findings="符合")
    assert "不得晚于 2029-03-19" in (said := refused(sure.take, "grant", CHIEF, **longer))
    assert "未核对原文" not in said


def test_a_licence_is_revoked_after_its_holder_was_heard_by_somebody_who_did_not_review_it() -> None:
    about = {"matter": "revoke", "licence": "XK2023-900001", "grounds": "以欺骗手段取得"}
    case = lodged(WINDOW, held=HELD, **about)
    assert case.row.due_at is None
    assert "不是依申请办理的事项" in refused(accepted, case)
    case = case.take("begin_review")
    assert "须听取被许可人陈述申辩" in refused(case.take, "review", findings="属实")
    assert "两名以上工作人员" in refused(
        case.take, "review", findings="属实", heard="无异议", checked=True, checkers="周敏"
    )
    case = case.take("review", findings="属实", heard="承认提供虚假材料")
    assert "不能作出决定" in refused(case.take, "end", reason="撤销")
    ended = case.take("end", CHIEF, reason="撤销许可").licence
    assert ended is not None
    assert (ended.state, ended.ended_on, ended.valid_until) == ("revoked", date(2026, 3, 2), date(2026, 6, 19))


def test_every_reason_against_a_step_is_a_sentence_in_both_languages() -> None:
    said = set()
    for case in (lodged(kind="P04"), lodged(kind="P03"), accepted(lodged(kind="P04")), accepted(renewal())):
        for one in options(ADMIN_LICENCE, case.row, who=CHIEF, at=MONDAY, calendar=china()):
            said |= set(one.reasons)
    assert len(said) == 4
    assert all(one.zh and one.en and one.zh != one.en for one in said)


def test_there_are_22_kinds_whose_numbers_are_rules_with_a_source() -> None:
    assert [one.id for one in permits()] == [f"P{n:02d}" for n in range(1, 23)]
    assert [one.code for one in code_list("permit_kind")] == [one.id for one in permits()]
    for one in permits():
        for rule in filter(None, (one.decision, one.preliminary, one.renewal)):
            assert limit(rule, MONDAY.date()).source
        assert one.source, one.id
        assert one.way is Way.ELSEWHERE or one.decision
        assert one.way is not Way.ELSEWHERE or one.note.zh
        assert one.way is not Way.LICENCE or one.papers or one.id == "P15", "papers where a source was at hand"


def test_a_limit_says_by_which_law_and_whether_the_law_was_read() -> None:
    words = {one.id: limit_words(one, Lang.ZH) for one in limits()}
    assert words["licence-decide-trading"].endswith("第三十五条(已核对原文)")
    assert words["licence-decide-body"].endswith("(二手资料,未核对原文)")
    assert words["licence-renew-use"].endswith("(未核实)")
    assert words["licence-renew-production"].startswith("有效期届满前 3 个月")
    assert {one.status for one in limits() if one.id == "licence-renew-use"} == {Status.UNVERIFIED}


def test_a_licence_is_soon_to_run_out_from_the_first_reminder_of_its_kind() -> None:
    end = date(2026, 6, 30)
    assert permit("P04", MONDAY.date()).ask_by(end) == date(2026, 3, 31), "three months ahead"
    assert permit("P06", MONDAY.date()).ask_by(end) == date(2026, 5, 31), "thirty days ahead"
    days = {120: "soon", 121: "valid", 0: "soon", -1: "expired"}
    assert {left: standing("valid", "P04", end, end - timedelta(days=left)) for left in days} == days
    assert standing("valid", "P06", end, end - timedelta(days=61)) == "valid"
    assert standing("revoked", "P04", end, end + DAY) == "revoked"


def test_a_precursor_trader_files_and_has_the_proof_the_same_day_and_its_end_is_in_the_list_of_reminders() -> None:
    hour = timedelta(hours=1)
    case = lodged(kind="P11", title="第三类易制毒化学品经营备案")
    assert (case.row.due_basis, case.row.due_at) == ("licence-filing", end_of(MONDAY.date()))
    case = accepted(case, at=MONDAY + hour)
    assert (case.row.due_basis, case.row.due_at) == ("licence-filing", end_of(MONDAY.date()))
    case = case.take("review", at=MONDAY + 2 * hour, findings="材料齐全")
    given = GIVEN | {"valid_from": MONDAY.date(), "valid_until": date(2029, 3, 1)}
    case = case.take("grant", CHIEF, MONDAY + 5 * hour, **given).take("deliver", at=MONDAY + 6 * hour)
    assert case.licence is not None
    assert (case.licence.kind, case.licence.valid_until, case.licence.state) == ("P11", date(2029, 3, 1), "valid")
    assert case.row.decided_at == MONDAY + 5 * hour
    rule = next(one for one in expiries() if one.layer == "licences")
    near = date(2029, 1, 4)
    told = as_of(case.licence, datetime(2029, 1, 4, 9, tzinfo=CHINA), False)
    assert told is not None
    assert told[0].state == "soon"
    assert rule.ends(told[0].valid_until) <= rule.horizon(near)  # the list of what runs out
    assert rule.only is not None
    assert told[0].state in rule.only[1]
