"""What is sent for a notice or an entry of the calendar, checked field by field: every fault at once, by its field."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa

from app.doors.admin.fields import Given, only
from core.caller import UserClass
from core.clock import CHINA
from core.errors import Fault, FaultsError
from core.scope import Scope, Sensitivity
from core.texts import Text
from layers.codes import code_list
from layers.layer import Layer
from layers.record import Record
from layers.validation import Severity, Terms, check

FORMS: dict[str, tuple[str, ...]] = {
    "notices": (
        "code", "title", "body", "kind", "issued_by", "published_at", "expires_on", "audience", "pinned", "area",
        "sensitivity",
    ),
    "schedules": ("code", "title", "starts_at", "ends_at", "place", "people", "audience", "area", "sensitivity"),
}  # fmt: skip
"""The fields a form sends, by layer."""

CHANGING = ("version", "reason")
"""What a correction and a withdrawal send besides: the version that was seen, and why."""

FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
NAMED = 5
"""Areas a refusal lists."""

PREFIXES = {"notices": "TZ", "schedules": "RC"}
"""What made-up numbers begin with."""

EMPTY = Text("必填,不得为空", "required, must not be empty")


def filled(
    layer: Layer, given: Given, *, scope: Scope, areas: Mapping[str, str], now: datetime, before: Record | None = None
) -> Record:
    """The record a form means, what it does not send being as it was `before`. Raises FaultsError with every fault."""
    form = FORMS[layer.id]
    only(given, *form, *(CHANGING if before is not None else ()))
    sent = {name: given.get(name) for name in form if name != "code" and (before is None or name in given)}
    faults, plain = _plain(layer, sent, scope)
    texts = {name: value for name, value in sent.items() if name not in plain and name not in faults}
    if before is None:
        texts["code"] = given.get("code")
        faults |= _texts({"code": given.get("code")})
    faults |= _texts({name: value for name, value in texts.items() if name != "code"})
    rows = pa.table({name: pa.array([_cell(value)]) for name, value in texts.items() if name not in faults})
    checked = check(layer, rows, Terms(on=now.astimezone(CHINA).date(), areas=pa.array(areas, pa.string())))
    for found in checked.listed():
        if found.severity is Severity.ERROR and found.field in texts:
            faults.setdefault(found.field, Fault(field=found.field, value=found.value, rule=found.rule))
    typed = {name: values[0] for name, values in checked.typed.to_pydict().items() if name in texts}
    values = ({} if before is None else dict(before)) | plain | typed
    for fault in (_place(sent, typed, scope, areas), *_order(values, faults), _readers(values, scope)):
        if fault is not None:
            faults.setdefault(fault.field, fault)
    if faults:
        raise FaultsError([faults[name] for name in (*form, *CHANGING) if name in faults])
    return layer.record(**{name: value for name, value in values.items() if value is not None})


def classes(layer: Layer) -> list[str]:
    """Classes of readers that could meet a row of this layer at all."""
    closed = {UserClass.PUBLIC.value} if layer.sensitivity > Sensitivity.PUBLIC else set()
    return [code.code for code in code_list("user_class") if code.code not in closed]


def levels(layer: Layer, scope: Scope) -> list[int]:
    """How far a row may travel: not above the writer's clearance, not below the layer's own level."""
    return [int(level) for level in Sensitivity if layer.sensitivity <= level <= scope.clearance]


def reason_of(given: Given) -> str:
    """Why something is corrected or withdrawn; a fault at its field when that is not said."""
    value = given.get("reason")
    text = value.strip() if isinstance(value, str) else ""
    if not 2 <= len(text) <= 200 or not text.isprintable():
        rule = Text("请写明事由,2 至 200 个字", "say why, in 2 to 200 characters")
        raise FaultsError([Fault(field="reason", value=_shown(value), rule=rule)])
    return text


def _plain(layer: Layer, sent: Given, scope: Scope) -> tuple[dict[str, Fault], Given]:
    """Fields that are not texts: for whom, pinned or not, how far it may travel."""
    faults: dict[str, Fault] = {}
    plain: Given = {}
    if "audience" in sent:
        known, value = classes(layer), sent["audience"] or []
        strange = [one for one in value if one not in known] if isinstance(value, list) else [value]
        if strange:
            rule = Text(f"可选:{'、'.join(known)}", f"must be of: {', '.join(known)}")
            faults["audience"] = Fault(field="audience", value=_shown(strange[0]), rule=rule)
        else:
            plain["audience"] = tuple(one for one in known if one in value)
    if "pinned" in sent:
        value = sent["pinned"] or False
        if isinstance(value, bool):
            plain["pinned"] = value
        else:
            rule = Text("应为 true 或 false", "must be true or false")
            faults["pinned"] = Fault(field="pinned", value=_shown(value), rule=rule)
    if "sensitivity" in sent:
        value = Sensitivity.INTERNAL if sent["sensitivity"] is None else sent["sensitivity"]
        allowed = levels(layer, scope)
        if isinstance(value, int) and not isinstance(value, bool) and value in allowed:
            plain["sensitivity"] = Sensitivity(value)
        else:
            words = [f"{level}({code_list('sensitivity').label(str(level))})" for level in allowed]
            rule = Text(f"可选:{'、'.join(words)}", f"must be of: {', '.join(map(str, allowed))}")
            faults["sensitivity"] = Fault(field="sensitivity", value=_shown(value), rule=rule)
    return faults, plain


def _texts(sent: Mapping[str, object]) -> dict[str, Fault]:
    """What should be text and is not, or holds characters that no paper has."""
    faults = {}
    for name, value in sent.items():
        if value is None:
            continue
        if not isinstance(value, str) or not _is_printable(value, lines=name == "body"):
            rule = Text("应为不含控制字符的文本", "must be text without control characters")
            faults[name] = Fault(field=name, value=_shown(value), rule=rule)
    return faults


def _is_printable(value: str, *, lines: bool) -> bool:
    return (value.translate(dict.fromkeys(map(ord, "\r\n\t"))) if lines else value).isprintable()


def _cell(value: object) -> str | None:
    return value.replace("\r\n", "\n") if isinstance(value, str) else None


def _place(sent: Given, typed: Given, scope: Scope, areas: Mapping[str, str]) -> Fault | None:
    """The area must be given and lie in the writer's own."""
    if "area" not in sent:
        return None
    area = typed.get("area")
    if area is None:
        return Fault(field="area", value="", rule=EMPTY)
    if scope.covers(area):
        return None
    own = [name for code, name in areas.items() if scope.covers(code)][:NAMED]
    rule = Text(
        f"不在您的辖区内,只能发布到本辖区:{'、'.join(own) or '无'}",
        f"is outside your own areas; you may publish in: {', '.join(own) or 'none'}",
    )
    return Fault(field="area", value=area, rule=rule)


def _order(values: Given, known: Mapping[str, Fault]) -> list[Fault | None]:
    """Moments lie in this century, and an end is not before its beginning."""
    faults: list[Fault | None] = []
    for name in ("published_at", "starts_at", "ends_at", "expires_on"):
        value = values.get(name)
        moment = datetime(value.year, value.month, value.day, tzinfo=UTC) if type(value) is date else value
        if moment is not None and not FIRST <= moment <= LAST:
            rule = Text("应在 2000 年至 2100 年之间", "must lie between the years 2000 and 2100")
            faults.append(Fault(field=name, value=_local(value), rule=rule))
    begins, ends = values.get("starts_at"), values.get("ends_at")
    if begins is not None and ends is not None and ends <= begins and "starts_at" not in known:
        rule = Text(f"应晚于开始时间 {_local(begins)}", f"must be later than the start, {_local(begins)}")
        faults.append(Fault(field="ends_at", value=_local(ends), rule=rule))
    begins, ends = values.get("published_at"), values.get("expires_on")
    if begins is not None and ends is not None and ends < begins.astimezone(CHINA).date() and not faults:
        rule = Text(f"不得早于发布时间 {_local(begins)}", f"must not be before its publication, {_local(begins)}")
        faults.append(Fault(field="expires_on", value=_local(ends), rule=rule))
    return faults


def _readers(values: Given, scope: Scope) -> Fault | None:
    """What is meant for the public must be open to it, or nobody of the public would ever see it."""
    if UserClass.PUBLIC.value not in values.get("audience", ()) or values.get("sensitivity") == Sensitivity.PUBLIC:
        return None
    rule = Text("发给公众的,公开范围须选“公开”", "must be public when it is meant for the public")
    return Fault(field="sensitivity", value=_shown(int(values.get("sensitivity") or 0)), rule=rule)


def _local(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    return str(value)


def _shown(value: object) -> str:
    return "" if value is None else str(value)[:60]


def new_code(layer: Layer, now: datetime) -> str:
    """A number for what was sent without one: its kind and the local moment."""
    return PREFIXES[layer.id] + now.astimezone(CHINA).strftime("%Y%m%d%H%M%S")
