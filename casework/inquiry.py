"""Investigating: people called and questioned, places surveyed, samples taken, appraisals commissioned.

A record is written by one officer, read and signed by everybody it concerns, and finished by the other officer, which
makes the document. Law on Administrative Penalties (行政处罚法, 2021) articles 42, 46, 55 and 56; the forms of the
documents were not compared with the official ones.
"""

from datetime import timedelta
from typing import Any

from casework.casetype import Document, Role, Step
from casework.documents.filling import Mark
from casework.documents.wording import moment
from casework.engine import Asked
from casework.papers import Drafting
from casework.penalty_papers import handled_by, officers
from casework.penalty_rules import State
from casework.signatures import Signature, marks, signatures, why_not_signed
from casework.terms import local_day
from core.texts import Text
from layers.catalogue.enforcement import Penalty
from layers.codes import code_list

Given = Asked[Penalty]
Drawn = Drafting[Penalty]
OFFICER, HERE = (Role.OFFICER,), (State.INVESTIGATING,)
CALL = ("asked", "asked_duty", "call_at", "call_place", "call_about", "call_bring")
MADE = ("record_from", "record_to", "record_place", "record_by")
PERSON = ("asked", "asked_id", "asked_duty", "asked_phone", "interpreter")
SIGN = ("sign_role", "sign_name", "sign_how", "sign_drawn", "sign_note", "sign_witness")
APPRAISAL = ("appraiser", "appraise_what", "appraise_ask", "appraise_by")
ALWAYS = ("party", "lead", "second")
"""Whose signature every record has."""
A_MINUTE = timedelta(minutes=1)
"""Times are filled in to the minute."""


def called_for_a_time_ahead(asked: Given) -> Text | None:
    """Nobody is called for a moment that is over."""
    if asked.row.call_at is None or asked.row.call_at >= asked.at - A_MINUTE:
        return None
    return Text("通知询问时间不能早于现在", "nobody can be called for a moment that is over")


def no_record_waits(asked: Given) -> Text | None:
    """One record after the other: what people are signing does not change under their hands."""
    if asked.before is None or not asked.before.record_open:
        return None
    return Text("上一份笔录尚未完成签字", "the record before still waits for signatures")


def a_record_waits(asked: Given) -> Text | None:
    """Only of a record that is in hand."""
    return None if asked.row.record_open else Text("没有待签字的笔录", "no record waits for signatures")


def rights_were_told(asked: Given) -> Text | None:
    """Certificates were shown and rights told before anything was asked or looked at (article 55)."""
    if asked.row.rights_told:
        return None
    return Text("须先出示执法证件并告知权利义务", "show the certificates and tell the rights first")


def record_has_its_time(asked: Given) -> Text | None:
    """A record ends after it began, and by now."""
    start, end = asked.row.record_from, asked.row.record_to
    if start is None or end is None or start < end <= asked.at + A_MINUTE:
        return None
    return Text("结束时间须在开始时间与现在之间", "it ends after its beginning, and by now")


def samples_are_told_apart(asked: Given) -> Text | None:
    """Every sample has a name, a batch and an amount."""
    wrong = [one for one in asked.row.samples if len([part for part in one.split("|") if part.strip()]) != 3]
    if not wrong:
        return None
    return Text(
        f"样品每行写:名称|规格批号|数量,有误:{wrong[0][:40]}", f"each sample: name|batch|amount: {wrong[0][:40]}"
    )


def signer_is_named(asked: Given) -> Text | None:
    """Who is named in the case signs as that; others say their name."""
    row = asked.row
    if not row.sign_role:
        return None
    known, given = _named(row).get(row.sign_role, ""), row.sign_name.strip()
    if given and known and given != known:
        return Text(f"登记的该身份人员为{known}", f"the case names {known}")
    return None if given or known else Text("须填写签字人姓名", "say who signs")


def nobody_signs_twice(asked: Given) -> Text | None:
    """Each signs once; of witnesses and those present there may be several."""
    row = asked.row
    name = row.sign_name.strip() or _named(row).get(row.sign_role, "")
    if any((one.role, one.name) == (row.sign_role, name) for one in signatures(row.signers)):
        return Text(f"{name}已经签字", f"{name} has signed")
    return None


def signature_holds(asked: Given) -> Text | None:
    """Drawn or attached; officers sign, and of others who does not it is said why and who saw it."""
    row = asked.row
    if not row.sign_how:
        return None
    if row.sign_how != "signed" and row.sign_role in ("lead", "second", "recorder", "interpreter"):
        return Text("执法人员、记录人和翻译人员必须签字", "officers, the writer and the interpreter sign")
    return why_not_signed(row.sign_how, row.sign_drawn, row.sign_note, row.sign_witness, asked.files)


def everybody_signed(asked: Given) -> Text | None:
    """The party or person questioned, both officers, and the writer and interpreter that are named."""
    row = asked.row
    if not row.record_open:
        return None
    signed = signatures(row.signers)
    others = [role for role, name in (("recorder", row.record_by), ("interpreter", row.interpreter)) if name.strip()]
    wanted = [*ALWAYS, *(role for role in others if _named(row)[role] not in (row.lead, row.second))]
    left = [role for role in wanted if all(one.role != role for one in signed)]
    if not left:
        return None
    names = {one.code: one.title.zh for one in code_list("signer_role")} | {"party": _party_title(row)}
    return Text(f"尚未签字:{'、'.join(names[one] for one in left)}", f"not signed yet: {', '.join(left)}")


def finished_by_the_other_officer(asked: Given) -> Text | None:
    """Whoever wrote the record does not confirm it: the other officer does, by an own account (article 42)."""
    if asked.row.recorded_by != asked.who.account:
        return None
    return Text("笔录须由另一名执法人员以本人账号确认", "the other officer confirms the record by an own account")


def begins_questioning(asked: Given) -> dict[str, Any]:
    """A record of questioning waits to be signed."""
    return {**_waits(asked, "questioning"), "surveyed": "", "samples": (), "met": ""}


def begins_survey(asked: Given) -> dict[str, Any]:
    """A record of survey waits to be signed."""
    return {**_waits(asked, "survey"), **_nobody_asked(), "samples": ()}


def begins_sampling(asked: Given) -> dict[str, Any]:
    """A voucher of samples waits to be signed."""
    return {**_waits(asked, "sampling"), **_nobody_asked(), "surveyed": ""}


def adds_signature(asked: Given) -> dict[str, Any]:
    """One more signature, with its moment."""
    row = asked.row
    one = Signature(
        role=row.sign_role, name=row.sign_name.strip() or _named(row)[row.sign_role], outcome=row.sign_how,
        at=asked.at, note=row.sign_note, witness=row.sign_witness,
        drawn=row.sign_drawn if row.sign_how == "signed" else "",
    )  # fmt: skip
    return {"signers": (*row.signers, str(one)), **dict.fromkeys(SIGN, "")}


def ends_record(_: Given) -> dict[str, Any]:
    """Nothing waits any more."""
    return {"record_open": False}


def appraisal_lies_ahead(asked: Given) -> Text | None:
    """An opinion is asked for a day to come."""
    if asked.row.appraise_by is None or asked.row.appraise_by > local_day(asked.at):
        return None
    return Text("鉴定意见提交期限须晚于今天", "an opinion is asked for a day after today")


def an_appraisal_was_asked(asked: Given) -> Text | None:
    """What was not commissioned has no opinion."""
    return None if asked.row.appraiser.strip() else Text("尚未委托鉴定", "no appraisal was commissioned")


def asks_appraisal(_: Given) -> dict[str, Any]:
    """There is no opinion yet."""
    return {"appraised": ""}


def is_of_questioning(asked: Given) -> Text | None:
    """Made of what a person said."""
    return _of_kind(asked, "questioning")


def is_of_survey(asked: Given) -> Text | None:
    """Made of what was looked at."""
    return _of_kind(asked, "survey")


def is_of_sampling(asked: Given) -> Text | None:
    """Made of samples taken."""
    return _of_kind(asked, "sampling")


def addressee(drafting: Drawn) -> str:
    """To whom it goes who is not the enterprise: who is questioned, who appraises, or another organ."""
    row = drafting.row
    return {"appraisal": row.appraiser, "transfer-letter": row.transfer_to}.get(drafting.document, row.asked)


def answer_lines(drafting: Drawn) -> tuple[str, ...]:
    """Questions and answers, line by line."""
    return _lines(drafting.row.answers)


def survey_lines(drafting: Drawn) -> tuple[str, ...]:
    """What was found, line by line."""
    return _lines(drafting.row.surveyed)


def sample_lines(drafting: Drawn) -> tuple[str, ...]:
    """Each sample in words."""
    parts = (tuple(part.strip() for part in one.split("|")) for one in drafting.row.samples)
    return tuple(f"{name}，规格及批号：{batch}，数量：{amount}" for name, batch, amount in parts)


def signed_by(drafting: Drawn) -> tuple[Mark, ...]:
    """Every signature, as it was drawn."""
    return marks(drafting.row.signers, _party_title(drafting.row))


def recorder(drafting: Drawn) -> str:
    """Who wrote the record down."""
    return drafting.row.record_by


def began(drafting: Drawn) -> str:
    """When it began."""
    return "" if drafting.row.record_from is None else moment(drafting.row.record_from)


def ended(drafting: Drawn) -> str:
    """When it ended."""
    return "" if drafting.row.record_to is None else moment(drafting.row.record_to)


def _waits(asked: Given, kind: str) -> dict[str, Any]:
    return {
        "record_kind": kind, "record_open": True, "recorded_by": asked.who.account, "signers": (),
        "rights_told": True,
    }  # fmt: skip


def _nobody_asked() -> dict[str, Any]:
    """Nothing of the person questioned before stands in another record."""
    return dict.fromkeys((*PERSON, "answers"), "")


def _named(row: Penalty) -> dict[str, str]:
    """Whom the case names for a role."""
    party = row.asked if row.record_kind == "questioning" else row.met
    return {
        "party": party.strip(), "lead": row.lead, "second": row.second, "recorder": row.record_by.strip(),
        "interpreter": row.interpreter.strip(),
    }  # fmt: skip


def _party_title(row: Penalty) -> str:
    return "被询问人" if row.record_kind == "questioning" else "当事人或在场人"


def _of_kind(asked: Given, kind: str) -> Text | None:
    return None if asked.row.record_kind == kind else Text("是另一种笔录", "the record is of another kind")


def _lines(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.splitlines() if one.strip())


LAW_42, LAW_46, LAW_55, LAW_56 = (
    Text(f"《行政处罚法》第{zh}条", f"Law on Administrative Penalties, art. {en}")
    for zh, en in (("四十二", 42), ("四十六", 46), ("五十五", 55), ("五十六", 56))
)
RECORD = (began, ended, recorder, signed_by, officers)

INQUIRY_PAPERS = (
    Document(
        id="questioning-notice",
        title=Text("询问通知书", "Notice of questioning"),
        form="questioning-notice",
        fills=(addressee, officers),
    ),
    Document(
        id="questioning-record",
        title=Text("询问笔录", "Record of questioning"),
        form="questioning-record",
        fills=(addressee, answer_lines, *RECORD),
        when=is_of_questioning,
    ),
    Document(
        id="survey-record",
        title=Text("勘验笔录", "Record of survey"),
        form="survey-record",
        fills=(survey_lines, *RECORD),
        when=is_of_survey,
    ),
    Document(
        id="sampling",
        title=Text("抽样取证凭证", "Voucher of samples taken"),
        form="sampling",
        fills=(sample_lines, *RECORD),
        when=is_of_sampling,
    ),
    Document(
        id="appraisal",
        title=Text("鉴定委托书", "Commission of an appraisal"),
        form="appraisal",
        fills=(addressee, officers, handled_by),
    ),
)

INQUIRY_STEPS = (
    Step(
        name="call_person", title=Text("通知询问", "Call to be questioned"), source=HERE, target=None, by=OFFICER,
        asks=CALL, needs=CALL[:1] + CALL[2:5], guards=(no_record_waits, called_for_a_time_ahead),
        documents=("questioning-notice",), law=LAW_55,
    ),
    Step(
        name="question", title=Text("制作询问笔录", "Record a questioning"), source=HERE, target=None, by=OFFICER,
        asks=(*PERSON, *MADE, "rights_told", "answers"), needs=("asked", *MADE, "answers"), sets=begins_questioning,
        guards=(no_record_waits, rights_were_told, record_has_its_time), law=LAW_55,
    ),
    Step(
        name="survey", title=Text("制作勘验笔录", "Record a survey"), source=HERE, target=None, by=OFFICER,
        asks=("met", *MADE, "rights_told", "surveyed"), needs=(*MADE, "surveyed"), sets=begins_survey, files=1,
        guards=(no_record_waits, rights_were_told, record_has_its_time), law=LAW_55,
    ),
    Step(
        name="take_samples", title=Text("抽样取证", "Take samples"), source=HERE, target=None, by=OFFICER,
        asks=("met", *MADE, "rights_told", "samples", "sample_way"), needs=(*MADE, "samples", "sample_way"),
        guards=(no_record_waits, rights_were_told, record_has_its_time, samples_are_told_apart),
        sets=begins_sampling, law=LAW_56,
    ),
    Step(
        name="sign_record", title=Text("笔录签字", "Sign the record"), source=HERE, target=None, by=OFFICER,
        asks=SIGN, needs=("sign_role", "sign_how"), sets=adds_signature, law=LAW_55,
        guards=(a_record_waits, signer_is_named, nobody_signs_twice, signature_holds),
    ),
    Step(
        name="finish_record", title=Text("确认笔录", "Confirm the record"), source=HERE, target=None, by=OFFICER,
        guards=(a_record_waits, everybody_signed, finished_by_the_other_officer), sets=ends_record,
        documents=("questioning-record", "survey-record", "sampling"), law=LAW_42,
    ),
    Step(
        name="drop_record", title=Text("废止未完成的笔录", "Drop the record"), source=HERE, target=None, by=OFFICER,
        guards=(a_record_waits,), sets=ends_record, reason=True,
    ),
    Step(
        name="ask_appraisal", title=Text("委托鉴定", "Commission an appraisal"), source=HERE, target=None, by=OFFICER,
        asks=APPRAISAL, needs=APPRAISAL, guards=(appraisal_lies_ahead,), sets=asks_appraisal,
        documents=("appraisal",), law=LAW_46,
    ),
    Step(
        name="enter_appraisal", title=Text("登记鉴定意见", "Enter the opinion"), source=HERE, target=None, by=OFFICER,
        asks=("appraised",), needs=("appraised",), files=1, guards=(an_appraisal_was_asked,), law=LAW_46,
    ),
)  # fmt: skip
