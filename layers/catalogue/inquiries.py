"""What an investigation leaves: calls to be questioned, records that others sign, samples, appraisals.

A case has one record in hand at a time; what was signed is the document that came of it. What people said, who they
are and their signatures are sensitive, and are nothing that an enterprise reads in its case.
"""

from datetime import date
from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from layers.catalogue.casework import INTERNAL, CaseRow, Person
from layers.fields import Codes, Private, Standard, Title
from layers.record import Moment

PERSONAL = Private(Sensitivity.SENSITIVE)
LAW_55 = Standard("行政处罚法 第五十五条")
LAW_56 = Standard("行政处罚法 第五十六条")
LAW_46 = Standard("行政处罚法 第四十六条")
Line = Annotated[str, Field(max_length=200)]
Words = Annotated[str, Field(max_length=2000)]
Long = Annotated[str, Field(max_length=20_000)]
DRAWN = r"^[0-9,; ]*$"


class Inquiry(CaseRow):
    """What the register of a case that is investigated adds."""

    asked: Annotated[Person, Title("被询问人", "Person questioned"), PERSONAL, LAW_55] = ""
    asked_id: Annotated[str, Title("身份证件号码", "Identity number"), PERSONAL, Field(max_length=30)] = ""
    asked_duty: Annotated[Line, Title("单位和职务", "Works at, as"), PERSONAL] = ""
    asked_phone: Annotated[str, Title("联系电话", "Telephone"), PERSONAL, Field(max_length=30)] = ""
    call_at: Annotated[Moment | None, Title("通知询问时间", "To be questioned at"), INTERNAL] = None
    call_place: Annotated[Line, Title("通知询问地点", "To be questioned where"), INTERNAL] = ""
    call_about: Annotated[Words, Title("询问事项", "What about"), INTERNAL] = ""
    call_bring: Annotated[Words, Title("请携带的证件和材料", "What to bring"), INTERNAL] = ""
    record_kind: Annotated[str, Title("笔录种类", "Kind of record"), Codes("record_kind"), INTERNAL] = ""
    record_open: Annotated[bool, Title("笔录待签字", "A record waits for signatures"), INTERNAL] = False
    record_from: Annotated[Moment | None, Title("笔录开始时间", "Record begun at"), INTERNAL] = None
    record_to: Annotated[Moment | None, Title("笔录结束时间", "Record ended at"), INTERNAL] = None
    record_place: Annotated[Line, Title("笔录地点", "Where it was made"), INTERNAL] = ""
    record_by: Annotated[Person, Title("记录人", "Written by"), INTERNAL] = ""
    interpreter: Annotated[Person, Title("翻译人员", "Interpreter"), INTERNAL] = ""
    rights_told: Annotated[
        bool, Title("已出示执法证件并告知权利义务", "Certificates shown, rights and duties told"), INTERNAL, LAW_55
    ] = False
    answers: Annotated[Long, Title("询问内容", "Questions and answers", Text("一问一答分行写", "a line each")),
                       PERSONAL, LAW_55] = ""  # fmt: skip
    met: Annotated[Person, Title("当事人或在场人", "Party, or who was there"), PERSONAL] = ""
    surveyed: Annotated[Long, Title("勘验情况", "What was surveyed and found"), INTERNAL, LAW_46] = ""
    samples: Annotated[
        tuple[str, ...], Title("抽取的样品", "Samples", Text("每行:名称|规格批号|数量", "each: name|batch|amount")),
        INTERNAL, LAW_56,
    ] = ()  # fmt: skip
    sample_way: Annotated[Words, Title("抽样方法和封样情况", "How samples were taken and sealed"), INTERNAL] = ""
    recorded_by: Annotated[Person, Title("笔录账号", "Account that wrote the record"), INTERNAL] = ""
    signers: Annotated[tuple[str, ...], Title("签字", "Signatures"), PERSONAL] = ()
    sign_role: Annotated[str, Title("签字人身份", "Signs as"), Codes("signer_role"), INTERNAL] = ""
    sign_name: Annotated[
        Person,
        Title("签字人姓名", "Who signs", Text("已登记的人员可不填", "left out for those named already")),
        PERSONAL,
    ] = ""
    sign_how: Annotated[str, Title("签字情况", "Signature"), Codes("check_signature"), INTERNAL] = ""
    sign_drawn: Annotated[
        str, Title("手写签名", "Signature drawn"), PERSONAL, Field(max_length=20_000, pattern=DRAWN)
    ] = ""
    sign_note: Annotated[Words, Title("未签字的理由", "Why it is not signed"), INTERNAL] = ""
    sign_witness: Annotated[Person, Title("见证人", "Witness"), PERSONAL] = ""
    appraiser: Annotated[Line, Title("鉴定机构", "Who appraises"), INTERNAL] = ""
    appraise_what: Annotated[Words, Title("送鉴材料", "What is sent"), INTERNAL, LAW_46] = ""
    appraise_ask: Annotated[Words, Title("鉴定事项和要求", "What is asked"), INTERNAL] = ""
    appraise_by: Annotated[date | None, Title("鉴定意见提交期限", "Opinion asked by"), INTERNAL] = None
    appraised: Annotated[Words, Title("鉴定意见", "Opinion"), INTERNAL, LAW_46] = ""


EVIDENCE = frozenset(Inquiry.model_fields) - frozenset(CaseRow.model_fields)
"""What the organ keeps for itself until it tells the party."""
