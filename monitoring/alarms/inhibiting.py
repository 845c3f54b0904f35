"""An inhibition read and checked: who takes which rules or points out of service, from when until when, and why."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from pydantic import ValidationError

from core.errors import Fault, FaultsError
from core.texts import Text
from layers.catalogue.alarms import ALARM_INHIBITIONS, AlarmInhibition
from monitoring.alarms.rules import Point, model_faults


def inhibition_of(
    given: Mapping[str, object], points: Mapping[str, Point], rules: frozenset[str], now: datetime
) -> AlarmInhibition:
    """A new one as a person gave it; FaultsError lists everything that is wrong with it."""
    try:
        wanted = AlarmInhibition.model_validate(dict(given))
    except ValidationError as error:
        raise FaultsError(model_faults(error, ALARM_INHIBITIONS)) from error
    found = list(_faults(wanted, points, rules, now))
    if found:
        raise FaultsError(found)
    return wanted


def ended(inhibition: AlarmInhibition, now: datetime) -> AlarmInhibition | None:
    """The same ended now, or before it begins; None when it is over already."""
    if inhibition.ends <= now:
        return None
    return inhibition.model_copy(update={"ends": max(now, inhibition.starts)})


def _faults(one: AlarmInhibition, points: Mapping[str, Point], rules: frozenset[str], now: datetime) -> Iterator[Fault]:
    if not one.rule and not one.points:
        yield _fault("points", "", "规则和监测点至少填一项", "give a rule, points or both")
    if one.rule and one.rule not in rules:
        yield _fault("rule", one.rule, "没有这条规则", "is the code of no rule")
    for code in one.points:
        if code not in points:
            yield _fault("points", code, "没有这个监测点", "is the code of no sensor")
        elif not points[code].within(one.area):
            yield _fault("points", code, f"不在区划 {one.area} 内", f"is outside the area {one.area}")
    if one.ends <= one.starts:
        yield _fault("ends", one.ends, "应晚于开始时间", f"must be after {one.starts}")
    elif one.ends <= now:
        yield _fault("ends", one.ends, "已经过去,应晚于现在", f"is past; must be after {now}")


def _fault(field: str, value: object, zh: str, en: str) -> Fault:
    return Fault(field=field, value=str(value)[:80], rule=Text(zh, en))
