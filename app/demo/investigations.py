"""Investigations of the demo city: one of an incident that is over, in each district, as far as its days allow."""

from collections import Counter
from datetime import datetime, timedelta

from app.demo.cases import DISTRICTS, Told, keep_rows
from app.wiring import System
from casework.casetype import CaseType, Role
from casework.desk import Desk
from casework.engine import Who
from casework.rows import log_line
from casework.systems.accident import ACCIDENT
from casework.terms import local_day
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CASE_STEPS, ENTERPRISES, INCIDENTS, INVESTIGATIONS
from layers.catalogue.incidents import Incident
from layers.filters import Compare, Op
from store.query import EVERYTHING, Order, Query

DAY = timedelta(days=1)


def tell_investigations(system: System, desk: Desk) -> None:
    """Keep the demo's investigations; nothing where there are some already."""
    store = system.store
    if store.count(INVESTIGATIONS, EVERYTHING, scope=SYSTEM_SCOPE):
        return
    query = Query(where=Compare("state", Op.EQ, "closed"), fields=("code",), order=(Order("occurred_at"),))
    codes = store.read(INCIDENTS, query, scope=SYSTEM_SCOPE)["code"].to_pylist()
    incidents = [store.get(INCIDENTS, code, scope=SYSTEM_SCOPE).record for code in codes]
    sectors = {row["uscc"]: row["sector"] or "" for row in store.read(
        ENTERPRISES, Query(fields=("uscc", "sector"), geometry=False), scope=SYSTEM_SCOPE).to_pylist()}  # fmt: skip
    numbers: Counter[int] = Counter()
    cases, seen = [], set()
    for one in incidents:
        assert isinstance(one, Incident)
        if (district := one.area[:6]) in seen or district not in DISTRICTS:
            continue
        seen.add(district)
        cases.append(_told(desk.current(ACCIDENT), one, sectors.get(one.enterprise, ""), numbers, system.clock()))
    keep_rows(system, INVESTIGATIONS, [case.row for case in cases if case.row is not None])
    keep_rows(system, CASE_STEPS, [log_line(ACCIDENT, case.row, one) for case in cases if case.row for one in case.log])


def _told(of: CaseType, incident: Incident, sector: str, numbers: Counter[int], now: datetime) -> Told:
    assert incident.occurred_at is not None
    at = incident.occurred_at + DAY
    year = local_day(at).year
    numbers[year] += 1
    about = {"enterprise_name": "", "sector": sector, "area": incident.area, "geometry": incident.geometry}
    case = Told(of, f"{of.numbering}{year}-{numbers[year]:06d}", about, now)
    bureau = DISTRICTS[incident.area[:6]]
    officer = Who(account="demo-inquiry", name=f"调查评估人员,{bureau}应急管理局", role=Role.OFFICER)
    assert of.copied is not None
    copied = {ours: getattr(incident, theirs) for theirs, ours in of.copied.into if ours not in about}
    case.open(at, officer, {"incident": incident.code, "unit": incident.enterprise}, **copied)
    if now < at + 2 * DAY:
        return case
    case.take("form_group", at + 2 * DAY, officer, group_by="county", group_organ=f"{bureau}管理委员会",
              group_head="分管副主任", group_members="周敏,应急管理局\n吴刚,公安分局\n郑予安,总工会")  # fmt: skip
    if now >= at + 15 * DAY:
        case.take("send_to_appraisal", at + 4 * DAY, officer, appraiser="云澜市特种设备检验所")
    return case
