"""What people send for a step of a case, turned into values; and the form of a step, generated from the register."""

from datetime import date
from typing import Any

import shapely

from app.doors.admin.fields import Given
from app.doors.case_checks import checklist, drawn_kind
from app.doors.case_plans import plan_field
from casework.casetype import CaseType, Step
from casework.engine import StepRefusedError
from core.clock import CHINA, from_iso, iso
from core.errors import BadInputError, Fault
from core.texts import Lang, Text
from dashboards.queries.wording import unit
from layers.catalogue.casework import CaseRow
from layers.codes import code_list
from layers.fields import FieldSpec, Kind
from layers.layer import Geometry

LONG = 400
"""A text that may be longer than this has several lines on the form."""

FORMS: dict[Kind, Text] = {
    Kind.TEXT: Text("应为文本", "must be text"),
    Kind.INTEGER: Text("应为整数", "must be a whole number"),
    Kind.REAL: Text("应为数字", "must be a number"),
    Kind.BOOLEAN: Text("应为是或否", "must be true or false"),
    Kind.DATE: Text("应为日期,如 2026-12-01", "must be a date such as 2026-12-01"),
    Kind.DATETIME: Text("应为带时区的时刻", "must be a time with offset"),
    Kind.LIST: Text("应为列表", "must be a list"),
}
WHERE = Text("应为 {lon, lat},经纬度(度)", "must be {lon, lat} in degrees")


def values_of(of: CaseType, step: Step, given: object) -> dict[str, Any]:
    """The values sent for a step; what cannot be read is refused, every field of it."""
    if not isinstance(given, dict):
        raise BadInputError(Text("values 应为字段与值", "values must be fields and values"), field="values")
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, sent in given.items():
        if name not in step.asks:
            rule = Text("不是此步骤填写的内容", "is not for this step to fill in")
            faults.append(Fault(field=str(name)[:40], value="", rule=rule))
            continue
        try:
            values[name] = _place(sent) if name == "geometry" else _value(of.register.fields[name], sent)
        except (ValueError, TypeError, OverflowError):
            rule = WHERE if name == "geometry" else FORMS[of.register.fields[name].kind]
            faults.append(Fault(field=name, value=str(sent)[:80], rule=rule))
    if faults:
        raise StepRefusedError(faults)
    return values


def _value(spec: FieldSpec, sent: object) -> object:
    """One value; nothing is nothing, or the field's own default."""
    if sent is None or sent == "":
        return spec.default if not spec.required else ""
    match spec.kind:
        case Kind.TEXT if isinstance(sent, str) and sent.replace("\n", "").replace("\t", "").isprintable():
            return sent.strip()
        case Kind.INTEGER if isinstance(sent, int) and not isinstance(sent, bool):
            return sent
        case Kind.REAL if isinstance(sent, int | float) and not isinstance(sent, bool):
            return float(sent)
        case Kind.BOOLEAN if isinstance(sent, bool):
            return sent
        case Kind.DATE if isinstance(sent, str):
            return date.fromisoformat(sent)
        case Kind.DATETIME if isinstance(sent, str):
            return from_iso(sent)
        case Kind.LIST if isinstance(sent, list) and len(sent) <= 100 and all(isinstance(one, str) for one in sent):
            return tuple(sent)
    raise ValueError(sent)


def _place(sent: object) -> shapely.Point | None:
    if sent is None:
        return None
    if not isinstance(sent, dict) or set(sent) != {"lon", "lat"}:
        raise ValueError(sent)
    lon, lat = sent["lon"], sent["lat"]
    if isinstance(lon, bool) or isinstance(lat, bool):
        raise TypeError(sent)
    if not (-180 <= float(lon) <= 180 and -90 <= float(lat) <= 90):
        raise ValueError(sent)
    return shapely.Point(float(lon), float(lat))


def form_of(of: CaseType, step: Step, row: CaseRow | None, lang: Lang) -> list[Given]:
    """The fields of a step as a page draws them, with what stands there now."""
    return [
        _field(of, of.register.fields[name], name in step.needs, row, lang) if name in of.register.fields
        else _where(step, row, lang)
        for name in step.asks
        if name in of.register.fields or of.register.geometry is Geometry.POINT
    ]  # fmt: skip


def _where(step: Step, row: CaseRow | None, lang: Lang) -> Given:
    place = None if row is None or row.geometry is None else row.geometry.representative_point()
    owned = "enterprise" in step.asks or (row is not None and bool(row.enterprise))
    return {
        "name": "geometry", "title": Text("位置", "Place").of(lang), "kind": "place", "unit": "", "choices": None,
        "needed": "geometry" in step.needs, "long": False, "longest": None, "refers": None,
        "about": Text("不填时取企业位置", "left out: the enterprise's own").of(lang) if owned else "",
        "value": None if place is None else {"lon": round(place.x, 6), "lat": round(place.y, 6)},
    }  # fmt: skip


def _field(of: CaseType, spec: FieldSpec, needed: bool, row: CaseRow | None, lang: Lang) -> Given:
    longest = next((int(one.max_length) for one in spec.constraints if getattr(one, "max_length", None)), None)
    choices = None
    if spec.codes is not None:
        only = None if of.choices is None or row is None else of.choices(row, spec.name)
        codes = [one for one in code_list(spec.codes) if only is None or one.code in only]
        choices = [{"code": one.code, "name": one.title.of(lang)} for one in codes]
    value = spec.default if row is None else getattr(row, spec.name)
    named = spec.name == "title" and of.named is not None
    about = Text("不填时按企业和事项命名", "left out: named after firm and matter") if named else spec.about
    return {
        "name": spec.name, "title": spec.title.of(lang), "kind": spec.kind.value,
        "needed": needed or (spec.required and not named),
        "about": "" if about is None else about.of(lang), "unit": unit(spec.unit, lang), "choices": choices,
        "long": longest is not None and longest >= LONG, "longest": longest, "refers": spec.refers,
        "value": plain(value),
    } | _special(of.register.id, spec.name, row, lang)  # fmt: skip


def _special(register: str, name: str, row: CaseRow | None, lang: Lang) -> Given:
    """What a field needs that the page draws in a way of its own."""
    return checklist(register, name, row, lang) | drawn_kind(register, name) | plan_field(register, name, lang)


def plain(value: Any) -> Any:
    """A value as JSON carries it."""
    if hasattr(value, "astimezone"):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def said(faults: tuple[Fault, ...], of: CaseType, lang: Lang) -> list[Given]:
    """Reasons as a page shows them: beside their field, or above the form."""
    fields = of.register.fields
    return [
        {
            "field": one.field, "rule": one.rule.of(lang), "value": one.value,
            "title": fields[one.field].title.of(lang) if one.field in fields else "",
        }
        for one in faults
    ]  # fmt: skip


def minute(at: Any) -> str:
    """A time as it stands on the page."""
    return "" if at is None else str(at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M"))
