"""Complaints to 12350: screened, assigned, verified, answered within sixty days, rewarded, archived.

Work Safety Law (安全生产法, 2021) articles 73, 74 and 76. Who reported is no part of the case (`app/reports.py`).
"""

from enum import StrEnum

from casework.casetype import CaseType, Copied, Role, Step
from casework.complaints import (
    adds_to_the_material,
    an_officer_says_by_what_way,
    begins_the_sixty_days,
    claims_now,
    complaint_result,
    counts_the_urging,
    deaths_are_verified_by_a_government,
    found_true,
    happened_before_today,
    is_answered,
    is_paid,
    lets_the_reward_lapse,
    named_after_the_matter,
    not_extended_yet,
    not_rewarded_yet,
    not_urged_of_late,
    office_handles,
    orders_are_signed,
    prolongs,
    publishes_the_result,
    reported_first,
    reward_can_be_counted,
    rewards,
    the_accused_is_known,
    time_to_answer,
    time_to_claim_is_over,
    time_to_close,
    verified_from_today_on,
)
from casework.reminders import ladders
from core.texts import Text
from layers.catalogue.complaints import COMPLAINT_RESULTS, COMPLAINTS
from layers.catalogue.enterprises import ENTERPRISES

ANYBODY = (Role.OFFICER, Role.PUBLIC)
OFFICER = (Role.OFFICER,)


class State(StrEnum):
    """Where a complaint stands (code list `complaint_state`)."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    HANDLING = "handling"
    CONCLUDED = "concluded"
    REPLIED = "replied"
    REWARDING = "rewarding"
    PAYING = "paying"
    ARCHIVED = "archived"
    TRANSFERRED = "transferred"
    REFUSED = "refused"


LAW_73 = Text("《安全生产法》第七十三条", "Work Safety Law, art. 73")
LAW_76 = Text("《安全生产法》第七十六条", "Work Safety Law, art. 76")
REPORT = (
    "title",
    "kind",
    "channel",
    "area",
    "accused_name",
    "place",
    "happened_on",
    "description",
    "deaths",
    "geometry",
)
ASSIGNED = ("handler", "area", "accused", "accused_name", "government")
IN_HAND = (State.RECEIVED, State.ACCEPTED, State.HANDLING, State.CONCLUDED)

COMPLAINT = CaseType(
    id="complaint",
    title=Text("举报投诉(12350)", "Complaints (12350)"),
    about=Text(
        "网上、电话、来访举报:筛查、受理、分办、核查、答复、公开、奖励、归档;举报人信息密封,不在案件中",
        "Reported online, by phone or in person: assigned, verified, answered, rewarded; the reporter is sealed",
    ),
    register=COMPLAINTS, states=State, start=State.RECEIVED, numbering="JB", turn=office_handles,
    final=(State.ARCHIVED, State.TRANSFERRED, State.REFUSED), named=named_after_the_matter,
    law=Text("《安全生产法》第七十三条、第七十四条、第七十六条", "Work Safety Law, art. 73, 74 and 76"),
    copied=Copied(field="accused", layer=ENTERPRISES, into=(("name", "accused_name"),)),
    reminders=ladders()["complaint"], public=COMPLAINT_RESULTS, public_copy=complaint_result,
    steps=(
        Step(name="report", title=Text("登记举报", "Take down"), opens=True, source=(), target=State.RECEIVED,
             by=ANYBODY, asks=REPORT, needs=("kind", "area", "place", "description"), limit="complaint-screen",
             guards=(happened_before_today, an_officer_says_by_what_way), law=LAW_73),
        Step(name="accept", title=Text("受理", "Accept"), source=(State.RECEIVED,), target=State.ACCEPTED, by=OFFICER,
             asks=("kind", "deaths", "same_as"), sets=begins_the_sixty_days, limit="complaint-dispatch", law=LAW_73),
        Step(name="transfer", title=Text("转交有关部门", "Hand on"), source=(State.RECEIVED, State.ACCEPTED),
             target=State.TRANSFERRED, by=OFFICER, asks=("transferred_to", "answer"),
             needs=("transferred_to", "answer"), sets=is_answered, law=LAW_73),
        Step(name="refuse", title=Text("不予受理", "Do not accept"), source=(State.RECEIVED,), target=State.REFUSED,
             by=OFFICER, asks=("answer",), needs=("answer",), reason=True, sets=is_answered),
        Step(name="dispatch", title=Text("分办", "Assign"), source=(State.ACCEPTED,), target=State.HANDLING, by=OFFICER,
             asks=ASSIGNED, needs=("handler", "area"), guards=(deaths_are_verified_by_a_government,),
             deadline=time_to_close, law=LAW_73),
        Step(name="assign_again", title=Text("改派", "Assign to another"), source=(State.HANDLING,),
             target=State.HANDLING, by=OFFICER, asks=ASSIGNED, needs=("handler", "area"), reason=True,
             guards=(deaths_are_verified_by_a_government,), deadline=time_to_close),
        Step(name="open_check", title=Text("转现场检查", "Open a check"), source=(State.HANDLING,), target=None,
             by=OFFICER, asks=("accused", "check_by"), needs=("accused", "check_by"),
             guards=(the_accused_is_known, verified_from_today_on), law=LAW_73),
        Step(name="urge", title=Text("催办", "Urge"), source=(State.ACCEPTED, State.HANDLING, State.CONCLUDED),
             target=None, by=ANYBODY, reason=True, guards=(not_urged_of_late,), sets=counts_the_urging),
        Step(name="add_material", title=Text("补充材料", "Add material"), source=IN_HAND, target=None, by=ANYBODY,
             asks=("supplement",), needs=("supplement",), sets=adds_to_the_material),
        Step(name="extend", title=Text("延期办结", "Extend"), source=(State.HANDLING,), target=State.HANDLING,
             by=OFFICER, reason=True, guards=(not_extended_yet,), sets=prolongs, deadline=time_to_close),
        Step(name="conclude", title=Text("核查办结", "Conclude"), source=(State.HANDLING,), target=State.CONCLUDED,
             by=OFFICER, asks=("outcome", "finding", "approved_by"), needs=("outcome", "finding"),
             guards=(orders_are_signed,), deadline=time_to_answer, law=LAW_73),
        Step(name="reply", title=Text("答复举报人", "Answer"), source=(State.CONCLUDED,), target=State.REPLIED,
             by=OFFICER, asks=("answer",), needs=("answer",), sets=is_answered, limit="complaint-archive"),
        Step(name="publish", title=Text("公开核查结果", "Publish"), source=(State.REPLIED,), target=None, by=OFFICER,
             asks=("notice",), needs=("notice",), guards=(found_true,), sets=publishes_the_result),
        Step(name="grant_reward", title=Text("决定奖励", "Grant a reward"), source=(State.REPLIED,),
             target=State.REWARDING, by=OFFICER, asks=("reward_basis", "reward_fine", "reward_deaths"),
             needs=("reward_basis",), guards=(found_true, reported_first, not_rewarded_yet, reward_can_be_counted),
             sets=rewards, limit="complaint-claim", law=LAW_76),
        Step(name="claim_reward", title=Text("申领奖励", "Claim the reward"), source=(State.REWARDING,),
             target=State.PAYING, by=ANYBODY, sets=claims_now, limit="complaint-pay"),
        Step(name="lapse_reward", title=Text("逾期未领", "Reward not claimed"), source=(State.REWARDING,),
             target=State.REPLIED, by=OFFICER, reason=True, guards=(time_to_claim_is_over,),
             sets=lets_the_reward_lapse, limit="complaint-archive"),
        Step(name="pay_reward", title=Text("兑付奖励", "Pay the reward"), source=(State.PAYING,), target=State.REPLIED,
             by=OFFICER, asks=("voucher",), needs=("voucher",), sets=is_paid, limit="complaint-archive"),
        Step(name="archive", title=Text("归档", "Archive"), source=(State.REPLIED,), target=State.ARCHIVED, by=OFFICER,
             asks=("archive_no",)),
    ),
)  # fmt: skip
