"""The papers of checks and penalties: each step makes its own, they say what the law asks for, some stay inside."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from casework.calendar import china
from casework.casetype import CaseType, Document, Step
from casework.documents.filling import filled_form
from casework.documents.kinds import kinds
from casework.documents.organs import Organ
from casework.documents.printing import left_out, page
from casework.documents.wording import in_capitals
from casework.engine import taken
from casework.papers import Drafting, Firm, paper
from casework.systems.penalty import PENALTY
from casework.systems.site_check import SITE_CHECK
from layers.catalogue.casework import CaseRow
from layers.catalogue.documents import IssuedDocument
from tests.casework.test_penalty import DAY, FINE, FIRM, HEAD, NOW, ONE, PAIR, begun, hearing, notice, served
from tests.casework.test_site_check import HERE, OTHER, WRITTEN, answers, planned
from tests.casework.test_site_check import PAIR as CHECKED_BY

ORGAN = Organ(
    area="9901", name="云澜市应急管理局", short="云澜", review_organ="云澜市人民政府", court="云澜市中级人民法院"
)
LEDGER = Firm(name="信禾助剂", uscc="91990106MATYEK5E8U", address="盐港三路 8 号", head="赵强")


@dataclass
class Folder:
    """A case that is taken on step by step, with the text of every paper its steps made."""

    of: CaseType
    row: CaseRow
    said: dict[str, str] = field(default_factory=dict)
    theirs: dict[str, bool] = field(default_factory=dict)
    issued: tuple[IssuedDocument, ...] = ()
    drawn: bool = True

    def take(self, step: str, who: Any = ONE, at: datetime = NOW, *, reason: str = "", **values: Any) -> None:
        done = taken(
            self.of, self.row, step, values, who=who, at=at, calendar=china(), reason=reason, files=("a" * 64,)
        )
        given = Drafting(row=done.row, who=who, at=at, reason=reason, organ=ORGAN, issued=self.issued)
        for one in done.documents:
            self.made(one, self.of.step(step), given)
        self.row = done.row

    def made(self, one: Document, step: Step | None, given: Drafting[CaseRow]) -> None:
        made = paper(self.of, one, step, given, LEDGER)
        number = f"（云澜）{made.kind.word}〔2026〕{len(self.issued) + 1}号"
        self.theirs[one.id] = made.theirs
        if self.drawn:
            more = {"number": number, "code": "AAAA", "seal": "", "qr": ""}
            docx = filled_form(made.kind.template.read_bytes(), made.words | more)
            assert left_out(docx) == frozenset()
            self.said[one.id] = page(docx)
        self.issued += (issued(one.id, made.kind.title.zh, number, given.at),)


def issued(document: str, title: str, number: str, at: datetime) -> IssuedDocument:
    return IssuedDocument(
        code=f"云澜/{document[:20]}/2026-000001", number=number, kind=document, title=title, document=document,
        of_layer="penalties", of_key="CF2026-000001", step=1, organ=ORGAN.name, issued_at=at, signer="周敏",
        sha256="a" * 64, size=1, form_sha256="a" * 64, status="unverified",
        check_code="AAAA-AAAA-AAAA-AAAA", area="990106",
    )  # fmt: skip


def fined(*, drawn: bool = True, **values: Any) -> Folder:
    """A penalty decided after a hearing."""
    of = Folder(PENALTY, begun().row, drawn=drawn)
    of.take("file_case", **PAIR)
    of.take("tell_party", **FINE | values)
    of.take("serve_notice", **notice(NOW.date()))
    of.take("ask_hearing", FIRM, NOW + DAY)
    of.take("notify_hearing", at=NOW + DAY, **hearing(date(2026, 3, 13)))
    at = NOW + 11 * DAY
    of.take("hold_hearing", HEAD, at, hearing_held="维持原处罚建议")
    of.take("tell_party", at=at, **FINE | values)
    of.take("serve_notice", at=at, **notice(at.date()))
    of.take("state_defence", ONE, at, statement="已着手整改")
    of.take("end_telling", at=at + 9 * DAY, considered="情况属实,已予考虑")
    of.take("discuss", HEAD, at + 9 * DAY, discussed="同意处罚建议")
    of.take("review_law", HEAD, at + 9 * DAY, reviewed="程序合法")
    of.take("decide_penalty", HEAD, at + 9 * DAY)
    return of


SAID = {
    "case-filing": ("立案审批表", "执法人员登记", "周敏（YL1）、何立新（YL2）", "90日", "期限至2026年5月31日"),
    "penalty-notice": (
        "《安全生产法》第三十六条", "《安全生产法》第九十九条", "罚款人民币20,000元（贰万元整）", "5个工作日",
        "听证告知书",
    ),
    "hearing-right": ("第六十三条、第六十四条", "贰万元整", "有权要求听证"),
    "notice-receipt": ("行政处罚告知书 （云澜）应急告", "听证告知书 （云澜）应急听告", "直接送达", "2026年3月13日"),
    "statement-record": ("已着手整改",),
    "hearing-notice": ("2026年3月13日九时,市应急局三楼会议室", "许静文"),
    "hearing-record": ("维持原处罚建议",),
    "case-approval": ("情况属实,已予考虑", "贰万元整"),
    "panel-record": ("同意处罚建议",),
    "penalty-unit": (
        "行政处罚决定书（单位）", "信禾助剂", "未维护", "检查记录", "《安全生产法》第九十九条", "15日内", "3%",
        "60日内向云澜市人民政府", "6个月", "云澜市中级人民法院", "2026年3月22日",
    ),
}  # fmt: skip


def test_the_papers_of_a_penalty_say_what_the_law_asks_of_them() -> None:
    case = fined()
    assert set(SAID) == set(case.said)
    for name, told in SAID.items():
        for words in (*told, "本文书式样尚未与原文核对"):
            assert words in case.said[name], (name, words)
    at = NOW + 21 * DAY
    case.take("serve", at=at, **served(date(2026, 3, 23)))
    receipt = case.said["service-receipt"]
    for words in ("行政处罚决定书(单位) （云澜）应急罚单", "直接送达", "办公楼", "2026年3月23日", "赵强"):
        assert words in receipt, words
    case.take("urge_payment", at=at + 20 * DAY)
    assert "缴款期限至2026年4月7日" in case.said["payment-reminder"]
    assert "加处罚款3,000元（叁仟元整）" in case.said["payment-reminder"]
    case.take("ask_court", at=at + 21 * DAY)
    assert case.said["enforcement-request"].count("应急罚单〔2026〕") == 1
    case.take("publish_penalty", at=at + 21 * DAY, public_summary="未维护安全设备")
    paid = {"paid_on": date(2026, 4, 13), "paid": 20000.0, "paid_late": 3600.0}
    case.take("pay_fine", at=at + 22 * DAY, **paid)
    case.take("close_penalty", at=at + 22 * DAY, archive_no="2026-1")
    assert "2026年4月13日缴清罚款20,000元，加处罚款3,600元。" in case.said["case-closing"]


def test_what_approves_or_discusses_is_never_the_partys_and_what_is_addressed_to_a_person_not_the_firms() -> None:
    case = fined(drawn=False)
    inside = {"case-filing", "case-approval", "panel-record"}
    assert {name for name, theirs in case.theirs.items() if not theirs} == inside
    approvals = {one.id for one in kinds().values() if one.title.zh.endswith(("审批表", "呈批表"))}
    assert all(not kinds()[one].for_party for one in approvals)
    person = fined(drawn=False, party="person", person="钱进", basis="WSL99-3", amount=10000.0)
    assert "penalty-unit" not in person.theirs
    assert "penalty-person" in person.theirs
    assert not any(person.theirs.values())


def test_on_the_spot_the_decision_says_all_of_article_52() -> None:
    case = Folder(PENALTY, begun().row)
    case.take("decide_on_spot", **FINE | PAIR | {"amount": 3000.0})
    assert set(case.said) == {"spot-penalty-unit"}
    for words in ("未维护", "叁仟元整", "第五十一条、第五十二条", "申请行政复议", "当场交付", "周敏（YL1）"):
        assert words in case.said["spot-penalty-unit"], words


def test_the_papers_of_a_check_name_officers_place_and_every_item_that_fails() -> None:
    case = Folder(SITE_CHECK, planned().row)
    given: Drafting[CaseRow] = Drafting(row=case.row, who=ONE, at=NOW, reason="", organ=ORGAN)
    case.made(SITE_CHECK.documents[0], SITE_CHECK.opening, given)
    assert "到场前确定" in case.said["inspection-plan"]
    assert not case.theirs["inspection-plan"]
    case.take("arrive", geometry=HERE, **CHECKED_BY)
    case.take("record", items=answers("G-01"), **WRITTEN)
    case.take("sign", OTHER, signature="signed")
    case.take("take_measures", on_spot="停止使用 2 号储罐")
    case.take("order", order="更新责任制并培训", mend_by=date(2026, 3, 20))
    case.take("serve_order", served_on=NOW.date(), served_how="direct", served_to="赵强", served_place="办公楼")
    assert "责令限期整改指令书 （云澜）应急责改" in case.said["service-receipt"]
    late = NOW + timedelta(days=20)
    case.take("recheck_of_office", OTHER, late)
    case.take("order_again", OTHER, late, recheck="培训未做", mend_by=date(2026, 4, 3))
    record = case.said["site-record"]
    for words in ("周敏（YL07001）、何立新（YL07002）", "东经 121.80300°", "不符合 1 项", "安全生产责任制", "赵强"):
        assert words in record, words
    assert "停止使用 2 号储罐" in case.said["site-measures"]
    assert "重大事故隐患，排除前" not in case.said["site-measures"], "nobody found a major danger"
    assert "整改要求：" in case.said["rectify-order"]
    assert "2026年3月20日前整改完毕" in case.said["rectify-order"]
    assert "应急责改〔2026〕" in case.said["recheck-opinion"]
    assert "整改不合格，须于2026年4月3日前" in case.said["recheck-opinion"]


def test_amounts_are_spelled_so_that_nothing_can_be_put_before_them() -> None:
    spelled = {20000: "贰万元整", 1010050.25: "壹佰零壹万零伍拾元贰角伍分", 3000.07: "叁仟元零柒分", 0.5: "零元伍角"}
    assert {amount: in_capitals(amount) for amount in spelled} == spelled
