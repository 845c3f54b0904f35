"""What licensing refuses and what follows from its steps: guards, effects and deadlines of `admin-licence`.

Administrative Licensing Law (行政许可法, 2019), articles named in each; special limits are the kinds' own rows.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from casework.calendar import end_of
from casework.casetype import Chosen, Role
from casework.engine import Asked
from casework.permits import Permit, Way, permits
from casework.terms import AN_INSTANT, last_day, local_day
from core.clock import CHINA
from core.scope import Sensitivity
from core.texts import Text
from layers.catalogue.casework import CASE_NO
from layers.catalogue.licences import Licence, LicenceCase
from layers.codes import code_list

Given = Asked[LicenceCase]

APPLIED = frozenset({"new", "renew", "change", "cancel"})
GRANTS = frozenset({"new", "renew", "change"})
ENDS = {"cancel": "cancelled", "revoke": "revoked", "void": "cancelled"}
ALIVE = frozenset({"valid", "soon"})


def kind_of(row: LicenceCase, at: datetime) -> Permit | None:
    """The row of its kind; None while nobody has said which."""
    return next((one for one in permits() if one.id == row.kind and one.valid(local_day(at))), None)


def kind_is_given(asked: Given) -> Text | None:
    """A first application says which kind it is for."""
    if asked.row.matter != "new" or asked.row.kind:
        return None
    return Text("首次申请须选择证照种类", "a first application says which kind it is for")


def licence_is_given(asked: Given) -> Text | None:
    """Whatever is renewed, changed or ended is named; a first application names none."""
    if asked.row.matter == "new":
        return None if not asked.row.licence else Text("首次申请不填证照编码", "a first application names no licence")
    if re.fullmatch(CASE_NO, asked.row.licence):
        return None
    return Text("须填写证照编码,如 XK2026-000001", "the licence must be named by its code, such as XK2026-000001")


def handled_here(asked: Given) -> Text | None:
    """Some kinds are registered here and decided elsewhere."""
    kind = kind_of(asked.row, asked.at)
    if kind is None or kind.way is not Way.ELSEWHERE:
        return None
    return Text(
        f"“{kind.title.zh}”{kind.note.zh},本系统只登记证照", f"{kind.title.en} is {kind.note.en}, only registered here"
    )


def officers_act_of_their_own(asked: Given) -> Text | None:
    """Enterprises apply; only the authority revokes or cancels of its own accord."""
    if asked.row.matter in APPLIED or asked.who.role is not Role.ENTERPRISE:
        return None
    return Text("撤销和依职权注销由发证机关办理", "revoking and cancelling of its own accord is the authority's")


def grounds_are_given(asked: Given) -> Text | None:
    """A change says what changes, an end says why."""
    if asked.row.matter in ("new", "renew") or asked.row.grounds.strip():
        return None
    return Text("变更、注销、撤销须写明事由", "of a change or an end the grounds are written")


def licence_stands(asked: Given) -> Text | None:
    """What is renewed, changed or given up has not ended; what is asked for once it did is decided even so."""
    row = asked.row
    if row.matter not in ("renew", "change", "cancel") or row.held_state in ("", "expired", *ALIVE):
        return None
    return Text("该证照已注销、撤销、吊销或暂扣,不能办理", "the licence is suspended or has ended")


def asked_before_it_ran_out(asked: Given) -> Text | None:
    """What has run out is not renewed or changed but applied for anew (article 50)."""
    row = asked.row
    over = row.held_until is not None and row.held_until < local_day(asked.at)
    if row.matter not in ("renew", "change") or not over:
        return None
    return Text(
        f"该证照已于 {row.held_until} 届满,不能延续或者变更,应当重新申请",
        f"the licence ran out on {row.held_until}: it is applied for anew",
    )


def not_deemed_renewed(asked: Given) -> Text | None:
    """A renewal not decided before the licence runs out is deemed granted (article 50(2))."""
    row = asked.row
    if row.matter != "renew" or row.held_until is None or local_day(asked.at) <= row.held_until:
        return None
    return Text(
        f"原证已于 {row.held_until} 届满,届满前未作决定的视为准予延续(第五十条第二款),不能再不予许可",
        f"undecided when it ran out on {row.held_until}, the renewal is deemed granted (art. 50(2))",
    )


def licence_can_be_ended(asked: Given) -> Text | None:
    """What has ended does not end again; one that merely ran out is cancelled (article 70)."""
    row = asked.row
    if row.matter not in ("revoke", "void") or row.held_state in ("", "suspended", "expired", *ALIVE):
        return None
    return Text("该证照已注销、撤销或者吊销", "the licence has ended already")


def kind_can_be_renewed(asked: Given) -> Text | None:
    """Some kinds are applied for anew instead."""
    kind = kind_of(asked.row, asked.at)
    if asked.row.matter != "renew" or kind is None or kind.renews:
        return None
    said = kind.renewal_words
    return Text(
        f"“{kind.title.zh}”没有延续的规定{f':{said.zh}' if said.zh else ''}",
        f"there is no rule to renew a {kind.title.en}{f': {said.en}' if said.en else ''}",
    )


def was_applied_for(asked: Given) -> Text | None:
    """Only of an application."""
    return None if asked.row.matter in APPLIED else Text("不是依申请办理的事项", "nobody applied for it")


def papers_are_there(asked: Given) -> Text | None:
    """Papers came with the application, or with the corrections, which are not given without any."""
    if asked.files or asked.row.answer.strip():
        return None
    return Text("须附申请材料(至少 1 个附件)", "the papers of the application must be attached (one at least)")


def was_not_applied_for(asked: Given) -> Text | None:
    """Only of what the authority does of its own accord."""
    return None if asked.row.matter not in APPLIED else Text("是依申请办理的事项", "it was applied for")


def told_once(asked: Given) -> Text | None:
    """All that is to be corrected is told in one go (article 32(4))."""
    if asked.row.corrections_at is None:
        return None
    day = local_day(asked.row.corrections_at)
    return Text(
        f"补正内容须一次告知,已于 {day} 告知,不能再次要求补正(第三十二条第四项)",
        f"corrections are told once, on {day}: they cannot be asked for again (art. 32(4))",
    )


def within_the_notice_term(asked: Given) -> Text | None:
    """Who is not told in time is deemed accepted (article 32(4))."""
    row = asked.row
    if row.stopped_at is not None or row.due_at is None or asked.at < row.due_at:
        return None
    return Text(
        f"已超过告知期限({last_day(row.due_at)}),自收到申请材料之日起视为受理,请办理受理(第三十二条第四项)",
        f"the time to tell it ended on {last_day(row.due_at)}: it is deemed accepted from its receipt (art. 32(4))",
    )


def one_level(asked: Given) -> Text | None:
    """The kind is not reviewed by another level first."""
    if not _two_levels(asked.row, asked.at):
        return None
    return Text("该许可须先经市级初步审查", "it is first reviewed by the city")


def two_levels(asked: Given) -> Text | None:
    """The kind is reviewed by the lower level first."""
    return None if _two_levels(asked.row, asked.at) else Text("该许可没有初步审查", "it has no preliminary review")


def _two_levels(row: LicenceCase, at: datetime) -> bool:
    kind = kind_of(row, at)
    return row.matter == "new" and kind is not None and bool(kind.preliminary)


def two_check_the_place(asked: Given) -> Text | None:
    """Papers are checked on the spot by two or more (article 34(3))."""
    names = [one for one in asked.row.checkers.replace(",", "、").replace(",", "、").split("、") if one.strip()]
    if not asked.row.checked or len(names) >= 2:
        return None
    return Text(
        "实地核查须指派两名以上工作人员,请写明姓名,用顿号隔开(第三十四条第三款)",
        "a check on the spot is made by two or more: name them (art. 34(3))",
    )


def holder_was_heard(asked: Given) -> Text | None:
    """Whose licence is taken says what there is to say against it."""
    if asked.row.matter != "revoke" or asked.row.heard.strip():
        return None
    return Text("撤销前须听取被许可人陈述申辩并写明", "what the holder said is written before a licence is revoked")


def not_who_reviewed(asked: Given) -> Text | None:
    """Whoever reviewed it does not decide."""
    if not asked.row.reviewed_by or asked.row.reviewed_by != asked.who.account:
        return None
    return Text("审查人不能作出决定,请由他人办理", "whoever reviewed it does not decide")


def extends_once(asked: Given) -> Text | None:
    """A decision is put off once (article 42)."""
    return Text("期限已延长过一次", "it was extended once") if asked.row.extended else None


def general_limit_runs(asked: Given) -> Text | None:
    """Only the general limit of article 42 can be extended; special ones have no such rule."""
    if asked.row.due_basis == "licence-decide":
        return None
    if asked.row.due_at is None:
        return Text("现在没有期限在计算", "no limit runs")
    return Text(
        "该事项适用专门规定的期限,没有延长的规定(第四十二条第一款但书)",
        "a special limit applies, which no rule extends (art. 42(1))",
    )


def limit_is_not_over(asked: Given) -> Text | None:
    """What has run out is overdue and not extended."""
    if asked.row.due_at is None or asked.at < asked.row.due_at:
        return None
    return Text("期限已过,不能延长", "the limit has passed and cannot be extended")


def grants_a_licence(asked: Given) -> Text | None:
    """Only of matters that give, renew or change one."""
    return None if asked.row.matter in GRANTS else Text("该事项不颁发证照", "nothing is granted in this matter")


def ends_a_licence(asked: Given) -> Text | None:
    """Only of matters that end one."""
    return None if asked.row.matter in ENDS else Text("该事项不终止证照", "no licence ends in this matter")


def validity_fits(asked: Given) -> Text | None:
    """A certificate runs from the decision or the end of the last, no longer than its kind may; a change keeps it."""
    row, kind = asked.row, kind_of(asked.row, asked.at)
    if row.valid_from is None or row.valid_until is None or kind is None:
        return None
    if row.valid_until <= row.valid_from:
        return Text("有效期止须晚于有效期起", "it must end after it begins")
    if row.matter == "change":
        same = row.valid_until == row.held_until
        return (
            None if same else Text(f"变更不改变届满日期 {row.held_until}", f"a change keeps the end, {row.held_until}")
        )
    if row.matter == "new" and row.valid_from < local_day(asked.at):
        return Text("有效期不能早于决定之日", "it cannot begin before the decision")
    longest = kind.longest(row.valid_from)
    if longest is None or row.valid_until <= longest:
        return None
    assert kind.validity is not None
    sure = (
        Text("", "") if kind.status.value == "verified" else Text("(依据未核对原文)", " (a rule not read in the law)")
    )
    return Text(
        f"“{kind.title.zh}”有效期最长 {kind.validity.title.zh},不得晚于 {longest}{sure.zh}",
        f"a {kind.title.en} runs {kind.validity.title.en} at most, until {longest}{sure.en}",
    )


def is_received(asked: Given) -> dict[str, Any]:
    """Clock and content as it comes in: what is not said is as the licence has it."""
    row, day = asked.row, local_day(asked.at)
    kind = kind_of(row, asked.at)
    last = None if row.matter != "renew" or kind is None or row.held_until is None else kind.ask_by(row.held_until)
    return {
        "received_at": asked.at, "complete_at": asked.at, "late": last is not None and day > last,
        "address": row.address or row.held_address, "scope": row.scope or row.held_scope,
    }  # fmt: skip


def asks_corrections(asked: Given) -> dict[str, Any]:
    """Told once, at this moment."""
    return {"corrections_at": asked.at}


def is_corrected(asked: Given) -> dict[str, Any]:
    """From now the papers are complete."""
    return {"complete_at": asked.at}


def is_accepted(asked: Given) -> dict[str, Any]:
    """Now; too late, from the receipt, or from the corrections where they were asked for in time (art. 32(4), (5))."""
    row = asked.row
    late = row.due_at is not None and asked.at >= row.due_at
    return {"accepted_at": row.complete_at if late else asked.at}


def is_reviewed(asked: Given) -> dict[str, Any]:
    """Who may not decide it, and the validity that is proposed."""
    return {"reviewed_by": asked.who.account, **_proposed(asked)}


def _proposed(asked: Given) -> dict[str, Any]:
    row, kind = asked.row, kind_of(asked.row, asked.at)
    if kind is None or row.matter not in GRANTS:
        return {}
    if row.matter == "change":
        return {"valid_from": row.held_from, "valid_until": row.held_until, "issuer": row.held_issuer}
    day = local_day(asked.at)
    if row.matter == "renew" and row.held_until is not None and row.held_until >= day:
        day = local_day(end_of(row.held_until))
    return {"valid_from": day, "valid_until": kind.longest(day), "issuer": row.issuer or row.held_issuer}


def is_extended(_: Given) -> dict[str, Any]:
    """Once."""
    return {"extended": True}


def is_decided(asked: Given) -> dict[str, Any]:
    """When."""
    return {"decided_at": asked.at}


def is_numbered(asked: Given) -> dict[str, Any]:
    """The number typed, that of the licence it renews, or the case's own under the word of its kind."""
    row, kind = asked.row, kind_of(asked.row, asked.at)
    word = "应急许字" if kind is None else kind.word
    year, _, count = row.code[2:].partition("-")
    return {"number": row.number.strip() or row.held_number or f"{word}〔{year}〕{count} 号"}


def accept_term(row: LicenceCase, at: datetime) -> Chosen:
    """A filing is answered the same day, an application accepted or corrected in time; of its own accord without."""
    if row.matter not in APPLIED:
        return Chosen()
    kind = kind_of(row, at)
    filing = row.matter == "new" and kind is not None and kind.way is Way.FILING
    return Chosen(rule="licence-filing" if filing else "licence-notice")


def decision_term(row: LicenceCase, at: datetime) -> Chosen:
    """The special limit of its kind for what is granted, the general one for changes and ends; a renewal is decided
    before the licence runs out (articles 42, 50).
    """
    kind = kind_of(row, at)
    own = kind.decision if kind is not None and row.matter in ("new", "renew") else ""
    rule = own or ("licence-filing" if kind is not None and kind.way is Way.FILING else "licence-decide")
    from_receipt = bool(own) and kind is not None and not kind.from_acceptance
    since = row.complete_at if from_receipt else row.accepted_at
    return Chosen(rule=rule, since=since, until=_runs_out(row))


def preliminary_term(row: LicenceCase, at: datetime) -> Chosen:
    """The lower level's own limit."""
    kind = kind_of(row, at)
    return Chosen(rule="" if kind is None else kind.preliminary, since=row.complete_at)


def forwarded_term(row: LicenceCase, at: datetime) -> Chosen:
    """The upper level's limit counts from its receipt of the preliminary finding."""
    kind = kind_of(row, at)
    return Chosen(rule="" if kind is None else kind.decision, since=at)


def extension_term(row: LicenceCase, at: datetime) -> Chosen:
    """So much longer, from the end of the first limit; of a renewal not beyond the licence's end."""
    since = at if row.due_at is None else row.due_at - AN_INSTANT
    return Chosen(rule="licence-extend", since=since, until=_runs_out(row))


def before_it_runs_out(row: LicenceCase, _: datetime) -> Chosen:
    """No stopped clock moves the day on which the licence runs out (article 50)."""
    return Chosen(until=_runs_out(row))


def _runs_out(row: LicenceCase) -> str:
    return "held_until" if row.matter == "renew" else ""


def turn_of_licensing(row: LicenceCase) -> Role:
    """The enterprise corrects, the authority does the rest."""
    return Role.ENTERPRISE if row.state == "correcting" else Role.OFFICER


def papers_of_the_kind(row: LicenceCase, field: str) -> frozenset[str] | None:
    """Only the papers of its own kind are ticked."""
    kind = None if field != "missing" or row.received_at is None else kind_of(row, row.received_at)
    return None if kind is None else frozenset(kind.papers)


def name_of_the_case(known: Mapping[str, Any]) -> str:
    """What an application is called that nobody named: who, which kind, what is asked."""
    day = local_day(known["opened_at"])
    kind = next((one.title.zh for one in permits() if one.id == known.get("kind") and one.valid(day)), "许可")
    matter = next((one.title.zh for one in code_list("licence_matter") if one.code == known.get("matter")), "")
    return f"{known.get('enterprise_name') or ''}{kind}{matter}"[:120]


def as_licensed(row: LicenceCase) -> Licence | None:
    """What the register holds once a case is over: the certificate given, or the end of the one there was."""
    if row.state == "granted":
        return _certificate(row, "valid")
    if row.state == "ended":
        return _certificate(row, ENDS[row.matter])
    return None


def _certificate(row: LicenceCase, state: str) -> Licence:
    ends = state != "valid"
    return Licence(
        code=row.licence or row.code, number=(row.held_number if ends else row.number), kind=row.kind,
        enterprise=row.enterprise, enterprise_name=row.enterprise_name, site=row.site,
        address=row.held_address if ends else row.address, scope=row.held_scope if ends else row.scope,
        issuer=row.held_issuer if ends else row.issuer, valid_from=row.held_from if ends else row.valid_from,
        valid_until=row.held_until if ends else row.valid_until, first_from=row.first_from or row.valid_from,
        state=state, ended_on=None if not ends or row.decided_at is None else row.decided_at.astimezone(CHINA).date(),
        case=row.code, area=row.area, geometry=row.geometry, sensitivity=Sensitivity.PUBLIC,
    )  # fmt: skip
