"""Rules of complaints: when they are closed, who verifies, what is answered and published, what is rewarded."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from casework.calendar import china
from casework.casetype import Chosen, Role
from casework.engine import Asked
from casework.limits import limit
from casework.rewards import reward
from casework.terms import last_day, local_day
from core.clock import CHINA
from core.scope import Sensitivity
from core.texts import Text
from layers.catalogue.complaints import Complaint, ComplaintResult
from layers.codes import code_list

Given = Asked[Complaint]
TRUE = ("true", "partly")


def named_after_the_matter(known: Mapping[str, Any]) -> str:
    """What a complaint is called: what is reported, and of whom or where."""
    kind = next((one.title.zh for one in code_list("complaint_kind") if one.code == known.get("kind")), "有关问题")
    of = str(known.get("accused_name") or "").strip() or str(known.get("place") or "").strip()
    return f"举报{kind}:{of}"[:120] if of else f"举报{kind}"


def happened_before_today(asked: Given) -> Text | None:
    """Nobody reports what is yet to happen."""
    if asked.row.happened_on is None or asked.row.happened_on <= local_day(asked.at):
        return None
    return Text("发生日期不能晚于今天", "it cannot have happened later than today")


def an_officer_says_by_what_way(asked: Given) -> Text | None:
    """What an officer takes down came by phone, visit or letter; online the public files for itself."""
    if (asked.who.role is Role.OFFICER) != (asked.row.channel == "web"):
        return None
    return Text(
        "网上举报由公众自行提交,请选择电话、来访或来信", "online the public files itself: choose phone, visit or letter"
    )


def deaths_are_verified_by_a_government(asked: Given) -> Text | None:
    """Where people died a government of county level or above organises the verification (article 73)."""
    if not asked.row.deaths or asked.row.government.strip():
        return None
    return Text(
        "涉及人员死亡的举报由县级以上人民政府组织核查,请填写组织核查的人民政府",
        "where people died a government of county level or above verifies: name it",
    )


def the_accused_is_known(asked: Given) -> Text | None:
    """A check is of an enterprise in the ledger."""
    return None if asked.row.accused.strip() else Text("请先查明被举报单位", "find out which enterprise it is first")


def verified_from_today_on(asked: Given) -> Text | None:
    """The check is for today or later."""
    if asked.row.check_by is None or asked.row.check_by >= local_day(asked.at):
        return None
    return Text("核查检查期限不能早于今天", "it cannot be checked by a day that is over")


def not_urged_of_late(asked: Given) -> Text | None:
    """The reporter urges once in a while; an officer whenever it is needed."""
    last = asked.row.urged_at
    if asked.who.role is not Role.PUBLIC or last is None or asked.at >= asked.ends("complaint-urge", last):
        return None
    day, term = last_day(asked.ends("complaint-urge", last)), asked.term("complaint-urge")
    return Text(f"{term.zh}内已催办过,{day} 后可再次催办", f"it was urged within {term.en}; again after {day}")


def not_extended_yet(asked: Given) -> Text | None:
    """It is extended once."""
    return Text("已延期一次,不能再延", "it was extended already") if asked.row.extended else None


def orders_are_signed(asked: Given) -> Text | None:
    """What is found true and has to be put right is signed by the head in charge (article 73)."""
    if asked.row.outcome not in TRUE or asked.row.approved_by.strip():
        return None
    return Text("查实的须经有关负责人签字,请填写签字负责人", "what is found true is signed by the head: name who did")


def found_true(asked: Given) -> Text | None:
    """Only of what was found true, wholly or in part."""
    return None if asked.row.outcome in TRUE else Text("核查结论不是属实或部分属实", "it was not found true")


def reported_first(asked: Given) -> Text | None:
    """Of several who report the same the first is rewarded."""
    if not asked.row.same_as:
        return None
    return Text(f"与 {asked.row.same_as} 为同一事项,只奖励首先举报的", f"the first report is {asked.row.same_as}")


def not_rewarded_yet(asked: Given) -> Text | None:
    """A reward is granted once."""
    return Text("已决定过奖励", "a reward was granted already") if asked.row.rewarded_at is not None else None


def reward_can_be_counted(asked: Given) -> Text | None:
    """A reward by deaths says how many."""
    row = asked.row
    if not row.reward_basis or reward(row.reward_basis, local_day(asked.at)).per_death is None or row.reward_deaths:
        return None
    return Text("请填写查实的瞒报谎报死亡人数", "say how many deaths were concealed")


def time_to_claim_is_over(asked: Given) -> Text | None:
    """A reward lapses when its time is over."""
    since = asked.row.rewarded_at
    if since is None or asked.at >= asked.ends("complaint-claim", since):
        return None
    return Text(f"申领期限至 {last_day(asked.ends('complaint-claim', since))}", "the time to claim it is not over")


def begins_the_sixty_days(asked: Given) -> dict[str, Any]:
    """The time to close runs from acceptance."""
    return {"accepted_at": asked.at, "close_by": last_day(asked.ends("complaint-close", asked.at))}


def prolongs(asked: Given) -> dict[str, Any]:
    """The end moves by the rule; what was is not forgotten, the log has it."""
    assert asked.row.close_by is not None
    return {"extended": True, "close_by": last_day(asked.ends("complaint-extend", _morning(asked.row.close_by)))}


def counts_the_urging(asked: Given) -> dict[str, Any]:
    """Once more."""
    return {"urged": asked.row.urged + 1, "urged_at": asked.at}


def adds_to_the_material(asked: Given) -> dict[str, Any]:
    """What was added stands with its day below what was said before."""
    said = f"{local_day(asked.at)} {asked.row.supplement.strip()}"
    return {"supplement": "", "supplements": (*asked.row.supplements, said)}


def is_answered(asked: Given) -> dict[str, Any]:
    """From now the reporter reads it."""
    return {"replied_at": asked.at}


def publishes_the_result(asked: Given) -> dict[str, Any]:
    """From now the public reads it."""
    return {"published_at": asked.at}


def rewards(asked: Given) -> dict[str, Any]:
    """The amount follows from the rule; nobody types it."""
    row = asked.row
    rule = reward(row.reward_basis, local_day(asked.at))
    return {"reward": rule.amount(row.reward_fine, row.reward_deaths), "rewarded_at": asked.at}


def claims_now(asked: Given) -> dict[str, Any]:
    """It was claimed."""
    return {"claimed_at": asked.at}


def lets_the_reward_lapse(_: Given) -> dict[str, Any]:
    """Nothing is owed any more."""
    return {"reward": None}


def is_paid(asked: Given) -> dict[str, Any]:
    """It was paid."""
    return {"paid_at": asked.at}


def time_to_close(row: Complaint, _: datetime) -> Chosen:
    """Sixty days from acceptance, thirty more where it was extended."""
    if not row.extended or row.accepted_at is None:
        return Chosen(rule="complaint-close", since=row.accepted_at)
    first = china().due(row.accepted_at, limit("complaint-close", local_day(row.accepted_at)).term)
    assert first is not None
    return Chosen(rule="complaint-extend", since=_morning(last_day(first.at)))


def time_to_answer(_: Complaint, __: datetime) -> Chosen:
    """The reporter is told soon, and not after the time to close."""
    return Chosen(rule="complaint-reply", until="close_by")


def office_handles(row: Complaint) -> Role:
    """The reporter claims a reward; the office does the rest."""
    return Role.PUBLIC if row.state == "rewarding" else Role.OFFICER


def checks_of_complaint(row: Complaint, _: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """The on-site check by which a complaint is verified: it says neither what was reported nor that anything was."""
    given = {"title": "现场检查", "enterprise": row.accused, "kind": "special", "check_by": row.check_by}
    return ({**given, "scope": "安全生产现场检查"},)


def complaint_result(row: Complaint) -> ComplaintResult | None:
    """What the public reads once it was published."""
    if row.published_at is None:
        return None
    kind = next((one.title.zh for one in code_list("complaint_kind") if one.code == row.kind), "")
    return ComplaintResult(
        code=row.code, title=f"{kind}举报核查结果", kind=row.kind, outcome=row.outcome, notice=row.notice,
        published_at=row.published_at, area=row.area, geometry=row.geometry, sensitivity=Sensitivity.PUBLIC,
    )  # fmt: skip


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9), CHINA)
