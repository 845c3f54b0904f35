"""Monthly returns of accidents: filed by members of the safety committee, accepted by the office, added up."""

from casework.casetype import CaseType, Role, Step
from casework.returning import (
    State,
    area_is_a_district,
    is_the_units_own,
    losses_come_of_accidents,
    month_is_over,
    month_is_told_and_not_ahead,
    named_after_the_month,
    nil_is_said,
    none_is_accepted_yet,
    none_is_filed_yet,
    office_accepts_and_the_member_corrects,
    unit_is_the_accounts,
)
from casework.sums import Sums
from core.texts import Text
from layers.catalogue.returns import INDUSTRY_RETURNS

LOSSES = ("accidents", "deaths", "serious_injuries", "minor_injuries", "direct_loss")
NUMBERS = ("unit", "nil", *LOSSES, "remark")
AGREED = (nil_is_said, losses_come_of_accidents)
MEMBER, OFFICER = (Role.MEMBER,), (Role.OFFICER,)

INDUSTRY_RETURN = CaseType(
    id="industry-return", title=Text("行业事故月报", "Monthly returns"),
    about=Text("安委会成员单位按月报送行业事故,受理后计入汇总", "Accidents of industries, a month each, added up"),
    register=INDUSTRY_RETURNS, states=State, start=State.FILED, final=(State.ACCEPTED, State.WITHDRAWN), numbering="TB",
    law=Text("《安全生产法》第十条、第八十九条;报送时限未见来源,不设期限",
             "Work Safety Law, arts. 10 and 89; no source gives a day by which returns are due, so none is set"),
    turn=office_accepts_and_the_member_corrects, named=named_after_the_month,
    sums=Sums(
        about=Text("只汇总已受理的月报;与事故登记(accidents 图层)分别统计,不相加",
                   "Of accepted returns alone; counted apart from the register of accidents, and not added to it"),
        fields=LOSSES, month="month", by=("industry", "area"), expected="industry", counted=(State.ACCEPTED,),
        waiting=(State.FILED, State.RETURNED),
    ),
    steps=(
        Step(name="file", title=Text("报送月报", "File a return"), opens=True, source=(), target=State.FILED, by=MEMBER,
             asks=("month", "industry", "area", *NUMBERS), needs=("month", "industry", "area"),
             guards=(month_is_told_and_not_ahead, area_is_a_district, *AGREED, none_is_filed_yet),
             sets=unit_is_the_accounts),
        Step(name="send_back", title=Text("退回更正", "Send back"), source=(State.FILED, State.ACCEPTED),
             target=State.RETURNED, by=OFFICER, reason=True, afterwards=True),
        Step(name="correct", title=Text("更正后重报", "File again"), source=(State.RETURNED,), target=State.FILED,
             by=MEMBER, asks=NUMBERS, guards=(is_the_units_own, *AGREED), sets=unit_is_the_accounts),
        Step(name="accept", title=Text("受理", "Accept"), source=(State.FILED,), target=State.ACCEPTED, by=OFFICER,
             guards=(month_is_over, none_is_accepted_yet)),
        Step(name="withdraw", title=Text("撤回", "Withdraw"), source=(State.FILED, State.RETURNED),
             target=State.WITHDRAWN, by=MEMBER, guards=(is_the_units_own,), reason=True),
    ),
)  # fmt: skip
