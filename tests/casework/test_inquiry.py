"""An investigation by the law: two officers, rights told, everybody signs, nothing changes under it."""

from datetime import date
from typing import Any

from app.auth.roles import BUILT_IN
from casework.documents.kinds import kinds
from casework.signatures import marks, signatures, why_not_signed
from casework.systems.penalty import PENALTY
from core.scope import Sensitivity
from layers.catalogue.enforcement import PENALTIES
from layers.catalogue.inquiries import EVIDENCE
from tests.casework.test_enforcement_papers import Folder
from tests.casework.test_penalty import DAY, FINE, HEAD, NOW, PAIR, Course, begun, refused

INK = ";".join(" ".join(f"{40 * n + 100 * k},{60 + 20 * n}" for n in range(9)) for k in range(2))
MADE: dict[str, Any] = {
    "record_from": NOW - DAY, "record_to": NOW - 0.9 * DAY, "record_place": "企业会议室", "record_by": "许静文",
    "rights_told": True,
}  # fmt: skip
ASKED: dict[str, Any] = {
    **MADE, "asked": "钱进", "asked_id": "990106198001010011", "asked_duty": "信禾助剂 安全员",
    "asked_phone": "13900000000",
    "answers": "问：报警器何时检定？\n答：上年九月，之后没有检定。",
}  # fmt: skip


def signed(role: str, **more: Any) -> dict[str, Any]:
    return {"sign_role": role, "sign_how": "signed", "sign_drawn": INK} | more


def asked() -> Course:
    return begun().take("file_case", **PAIR).take("question", **ASKED)


def test_a_questioning_is_signed_by_everybody_confirmed_by_the_other_officer_and_printed_with_the_signatures() -> None:
    case = Folder(PENALTY, begun().row)
    case.take("file_case", **PAIR)
    call = {"asked": "钱进", "call_at": NOW + DAY, "call_place": "二楼询问室", "call_about": "设备维护情况"}
    case.take("call_person", **call)
    case.take("question", **ASKED)
    for role in ("party", "lead", "second", "recorder"):
        case.take("sign_record", **signed(role))
    case.take("finish_record", HEAD)
    told = case.said["questioning-record"]
    said = ("钱进", "990106198001010011", "问：报警器何时检定？", "周敏（YL1）、何立新（YL2）", "第五十五条", "许静文")
    for words in said:
        assert words in told, words
    assert told.count("<img") == 4, "each signature as it was drawn"
    assert "本文书由云澜市应急管理局留存" in told
    assert "请你于2026年3月3日9时0分到二楼询问室接受询问" in case.said["questioning-notice"]
    assert not case.theirs["questioning-notice"], "it goes to the person, not to the firm"
    assert "survey-record" not in case.said


def test_who_does_not_sign_says_why_before_a_witness_and_officers_always_sign() -> None:
    course = asked()
    assert why_not_signed("signed", INK, "", "", 0) is None
    assert why_not_signed("signed", "1,2 3,4", "", "", 0) is not None, "a slip of the finger is no signature"
    no = {"sign_role": "party", "sign_how": "refused"}
    assert "say why it is not signed" in refused(course, "sign_record", **no, sign_witness="李强")
    assert "the writer and the interpreter sign" in refused(course, "sign_record", **no | {"sign_role": "lead"})
    assert "the case names 周敏" in refused(course, "sign_record", **signed("lead", sign_name="何立新"))
    assert "say who signs" in refused(course, "sign_record", **signed("witness"))
    course = course.take("sign_record", **no, sign_note="认为记录不全|拒签", sign_witness="李强")
    assert "钱进 has signed" in refused(course, "sign_record", **signed("party"))
    (one,) = signatures(course.row.signers)
    assert (one.name, one.outcome, one.witness, one.note) == ("钱进", "refused", "李强", "认为记录不全｜拒签")
    assert marks(course.row.signers, "被询问人")[0]["note"] == "钱进：认为记录不全｜拒签，见证人：李强"
    assert not course.row.sign_note, "the next one signs on an empty sheet"
    assert "not signed yet: lead, second, recorder" in refused(course, "finish_record", HEAD)
    for role in ("lead", "second", "recorder"):
        course = course.take("sign_record", **signed(role))
    assert "by an own account" in refused(course, "finish_record")
    assert not course.take("finish_record", HEAD).row.record_open


def test_what_people_are_signing_does_not_change_under_their_hands_and_nothing_is_told_to_the_party_before() -> None:
    course = asked()
    for step, values in (("question", ASKED), ("tell_party", FINE)):
        assert "waits for signatures" in refused(course, step, **values)
    dropped = course.take("drop_record", reason="问答有遗漏,重新制作")
    again = dropped.take("question", **ASKED | {"answers": "问：姓名？\n答：钱进。"})
    assert again.row.signers == ()
    filed = begun().take("file_case", **PAIR)
    assert "tell the rights first" in refused(filed, "question", **ASKED | {"rights_told": False})
    assert "after its beginning" in refused(filed, "question", **ASKED | {"record_to": NOW - 2 * DAY})
    assert "moment that is over" in refused(
        filed, "call_person", asked="钱进", call_at=NOW - DAY, call_place="二楼", call_about="维护"
    )


def test_a_survey_samples_and_an_appraisal_say_what_was_looked_at_taken_and_asked() -> None:
    case = Folder(PENALTY, begun().row)
    case.take("file_case", **PAIR)
    case.take("survey", **MADE | {"record_by": "周敏"}, met="赵强", surveyed="2 号储罐东侧报警器\n检定标签为上年九月")
    for role in ("party", "lead", "second"):
        case.take("sign_record", **signed(role))
    case.take("finish_record", HEAD)
    assert case.theirs["survey-record"]
    for words in ("检定标签为上年九月", "赵强", "信禾助剂", "当事人或在场人（签名）："):
        assert words in case.said["survey-record"], words
    bottles = {"samples": ("清洗剂|批号 20260201|2 瓶各 500 毫升",), "sample_way": "随机抽取,双方封签"}
    wrong = begun().take("file_case", **PAIR)
    assert "name|batch|amount" in refused(wrong, "take_samples", **MADE, **bottles | {"samples": ("清洗剂|2 瓶",)})
    case.take("take_samples", **MADE | {"record_by": "何立新"}, met="赵强", **bottles)
    absent = {"sign_role": "party", "sign_how": "absent", "sign_note": "负责人外出", "sign_witness": "李强"}
    case.take("sign_record", **absent)
    for role in ("lead", "second"):
        case.take("sign_record", **signed(role))
    case.take("finish_record", HEAD)
    for words in (
        "清洗剂，规格及批号：批号 20260201，数量：2 瓶各 500 毫升",
        "赵强：负责人外出，见证人：李强",
        "第五十六条",
    ):
        assert words in case.said["sampling"], words
    asks = {
        "appraiser": "云澜市检测中心",
        "appraise_what": "清洗剂 2 瓶",
        "appraise_ask": "闪点",
        "appraise_by": date(2026, 3, 20),
    }
    case.take("ask_appraisal", **asks)
    assert "请于2026年3月20日前提交书面鉴定意见" in case.said["appraisal"]
    assert not case.theirs["appraisal"]
    case.take("enter_appraisal", appraised="闪点 12 ℃")


def test_what_people_said_is_read_by_officers_and_by_nobody_who_acts_for_the_enterprise() -> None:
    fields = PENALTIES.fields
    for name in ("answers", "asked", "asked_id", "asked_phone", "signers", "sign_drawn"):
        assert fields[name].sensitivity is Sensitivity.SENSITIVE
    for role in BUILT_IN:
        if role.id in ("enterprise", "intermediary"):
            assert not EVIDENCE & PENALTIES.fields_in(role.scope(("9901",), None)).keys(), role.id
    assert all(kinds()[one].personal for one in ("questioning-notice", "questioning-record"))
