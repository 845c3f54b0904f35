"""Officers of enforcement by their certificates, and the enterprises each of them stays away from."""

from collections.abc import Mapping
from typing import Any

from casework.casetype import CaseType, Role, Step
from casework.engine import Asked
from casework.registering import OFFICER, Registration, ends_after_today, office_registers
from core.texts import Text
from layers.catalogue.inspections import AVOIDANCES, ENFORCERS, Avoidance, Enforcer

AT = Registration
LAW_42 = Text("《行政处罚法》第四十二条", "Law on Administrative Penalties, art. 42")
LAW_43 = Text("《行政处罚法》第四十三条", "Law on Administrative Penalties, art. 43")
PERSON = ("title", "number", "area", "sectors", "unit", "account", "valid_until")
NEEDED = ("title", "number", "area", "valid_until")


def certificate_is_nobody_elses(asked: Asked[Enforcer]) -> Text | None:
    """One certificate is one officer."""
    same = (asked.facts or {}).get("same") or ()
    return None if not same else Text(f"执法证号已登记:{same[0]}", f"the certificate is registered: {same[0]}")


def kept_from_the_unit(asked: Asked[Avoidance]) -> dict[str, Any]:
    """Whom an officer avoids and why is not for the enterprise to read: the row is no row of its own."""
    return {"enterprise": "", "avoided": asked.row.enterprise or asked.row.avoided}


def avoidance_named(known: Mapping[str, Any]) -> str:
    """After the certificate and the unit."""
    return f"{known.get('officer_no') or ''} 回避 {known.get('enterprise_name') or known.get('enterprise') or ''}"[:120]


ENFORCER = CaseType(
    id="enforcer",
    title=Text("执法人员", "Officers of enforcement"),
    about=Text("持证执法人员入库、变更和出库;双随机从中抽取", "Officers with a certificate; draws are made among them"),
    register=ENFORCERS,
    states=(AT.STANDING, AT.ENDED),
    start=AT.STANDING,
    standing=(AT.STANDING,),
    final=(AT.ENDED,),
    numbering="ZF",
    law=LAW_42,
    turn=office_registers,
    steps=(
        Step(
            name="enrol", title=Text("入库", "Enrol"), opens=True, source=(), target=AT.STANDING, by=OFFICER,
            asks=PERSON, needs=NEEDED, guards=(ends_after_today, certificate_is_nobody_elses), until="valid_until",
            law=LAW_42,
        ),
        Step(
            name="change", title=Text("变更登记", "Change"), source=(AT.STANDING,), target=AT.STANDING, by=OFFICER,
            asks=PERSON, needs=NEEDED, guards=(ends_after_today, certificate_is_nobody_elses), until="valid_until",
        ),
        Step(
            name="end", title=Text("出库", "Take off the roster"), source=(AT.STANDING,), target=AT.ENDED, by=OFFICER,
            reason=True,
        ),
    ),
)  # fmt: skip

AVOIDANCE = CaseType(
    id="avoidance",
    title=Text("执法回避", "Avoidances"),
    about=Text("执法人员与企业的回避关系;抽取时不派往该企业", "Whom officers stay away from; no draw sends them there"),
    register=AVOIDANCES,
    states=(AT.STANDING, AT.ENDED),
    start=AT.STANDING,
    standing=(AT.STANDING,),
    final=(AT.ENDED,),
    numbering="HB",
    law=LAW_43,
    turn=office_registers,
    named=avoidance_named,
    steps=(
        Step(
            name="declare", title=Text("登记回避", "Enter an avoidance"), opens=True, source=(), target=AT.STANDING,
            by=(Role.OFFICER,), asks=("officer_no", "enterprise", "relation", "note", "title"),
            needs=("officer_no", "enterprise", "relation"), sets=kept_from_the_unit, law=LAW_43,
        ),
        Step(
            name="end", title=Text("回避情形消除", "It is over"), source=(AT.STANDING,), target=AT.ENDED, by=OFFICER,
            reason=True,
        ),
    ),
)  # fmt: skip
