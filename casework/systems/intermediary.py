"""Intermediary agencies: qualification registered, renewed before it runs out; an expired one files no report."""

from casework.casetype import CaseType, Document
from casework.registering import OFFICER, WORDS, Registration, office_registers, register_steps
from casework.reminders import ladders
from core.texts import Text
from layers.catalogue.intermediaries import INTERMEDIARIES

ASKS = (
    "title",
    "kind",
    "uscc",
    "area",
    "scope",
    "staff",
    "equipment",
    "address",
    "contact",
    "contact_phone",
    "geometry",
)

INTERMEDIARY = CaseType(
    id="intermediary",
    title=Text("中介机构管理", "Agencies"),
    about=Text(
        "安全评价、检测检验机构的资质登记、延续、变更和注销;过期机构的报告不予采用",
        "Qualifications of agencies that assess and test: registered, renewed, changed, ended; reports of expired ones "
        "are refused",
    ),
    register=INTERMEDIARIES,
    states=Registration,
    start=Registration.LODGED,
    standing=(Registration.STANDING,),
    final=(Registration.ENDED, Registration.REJECTED),
    numbering="ZJ",
    law=Text(
        "《安全评价检测检验机构管理办法》(应急管理部令第1号,未核对原文)", "Order 1 of the ministry (text not at hand)"
    ),
    turn=office_registers,
    documents=(Document(id="qualification", title=Text("机构资质登记表", "Record of the qualification")),),
    reminders=ladders()["register"],
    steps=register_steps(
        ASKS, ("title", "kind", "area", "scope"), by=OFFICER, papers=("qualification",),
        words=(Text("登记机构", "Enter an agency"), Text("核准资质", "Confirm the qualification"), WORDS[2]),
    ),
)  # fmt: skip
