"""Bodies of supervision and experts: enrolled by the office, changed, taken off."""

from casework.casetype import CaseType
from casework.registering import Registration, office_registers, roster_steps
from core.texts import Text
from layers.catalogue.rosters import BODIES, EXPERTS

BODY = CaseType(
    id="body",
    title=Text("监管机构和人员", "Bodies of supervision"),
    about=Text("监管部门、所属单位和执法队伍的登记维护", "Authorities, their units and teams of enforcement"),
    register=BODIES,
    states=(Registration.STANDING, Registration.ENDED),
    start=Registration.STANDING,
    standing=(Registration.STANDING,),
    final=(Registration.ENDED,),
    numbering="JG",
    law=Text("《安全生产法》第九条、第十条", "Work Safety Law, art. 9 and 10"),
    turn=office_registers,
    steps=roster_steps(
        ("title", "kind", "area", "duties", "posts", "staff", "head", "duty_phone", "address", "geometry"),
        ("title", "kind", "area"),
    ),
)

EXPERT = CaseType(
    id="expert",
    title=Text("安全生产专家", "Experts"),
    about=Text("专家入库、变更和出库;在图上按距离和专业查找", "Experts, found on the map by distance and field"),
    register=EXPERTS,
    states=(Registration.STANDING, Registration.ENDED),
    start=Registration.STANDING,
    standing=(Registration.STANDING,),
    final=(Registration.ENDED,),
    numbering="ZK",
    law=Text("本系统约定", "this system's own"),
    turn=office_registers,
    steps=roster_steps(
        ("title", "kind", "area", "strengths", "post", "unit", "phone", "geometry"), ("title", "kind", "area", "phone")
    ),
)
