"""What a report of an incident says: the facts as known at that moment, what is not known yet named as missing.

It is what article 12 of Decree 493 asks a report to hold. Names and telephones of who reported stay off the paper: it
travels as far as the incident does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.documents.filling import Values
from casework.documents.wording import moment
from core.errors import ConflictError
from core.texts import Text
from emergency.incidents.clocks import STANDS, Clock, Reported, Shown
from emergency.incidents.grading import MEASURES, graded
from emergency.incidents.life import response_word
from emergency.incidents.log import REPORTS
from layers.catalogue.incidents import INCIDENTS, Incident
from layers.codes import Status, code_list

FORM = "incident-report"
PAPERS: dict[str, Text] = {
    "flash": Text("突发事件信息快报", "Flash report"),
    "followup": Text("突发事件信息续报", "Follow-up report"),
    "special": Text("突发事件信息专报(终报)", "Special report (final)"),
}
"""Reports that are papers, by the kind the clocks know."""

ASKED = (
    "occurred_at", "enterprise_name", "address", "summary", "deaths", "missing", "serious_injuries", "minor_injuries",
    "direct_loss", "measures",
)  # fmt: skip
"""What a report is to hold."""

LACKS = "缺（尚未掌握）"
PEOPLE = ("deaths", "missing", "serious_injuries", "minor_injuries")
IF_TOLD = ("trapped", "evacuated")
PLAYED = "【演练】"
WIDE = str.maketrans("(),;:", "（），；：")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a report says beside the incident: which it is, to whom, by whom, of which version and line of the log."""

    kind: str
    serial: int
    to: str
    more: str
    first: str
    by: str
    organ: str
    at: datetime
    area: str
    version: int
    lines: int

    @property
    def number(self) -> str:
        """Within its incident."""
        return f"第{self.serial}号"


def lacking(row: Incident) -> tuple[str, ...]:
    """What a report is to hold and nobody has told."""
    return tuple(name for name in ASKED if getattr(row, name) in (None, ""))


def allowed(row: Incident, kind: str, sent: Sequence[Reported]) -> None:
    """Refuse a report of what was no incident, a second flash, and a follow-up of what nobody reported.

    Raises: ConflictError.
    """
    if row.state in ("false", "merged"):
        state = code_list("incident_state").label(row.state)
        raise ConflictError(Text(f"事件{state},不再报送", f"the incident is {row.state}: nothing is reported"))
    kinds = {one.kind for one in sent}
    if kind == "flash" and "flash" in kinds:
        raise ConflictError(Text("快报已报,新的情况请用续报", "the flash has gone; send a follow-up"), kind=kind)
    if kind != "flash" and not kinds & {"flash", "phone_flash"}:
        name = REPORTS[kind]
        raise ConflictError(
            Text(f"尚未快报,不能{name.zh};请先报快报", f"no flash has gone yet: no {name.en.lower()}"), kind=kind
        )


def words(row: Incident, due: Sequence[Clock], told: Told) -> Values:
    """What the form of a report is filled with; `due` are the clocks with this report among what was sent."""
    lacks = [_title(name) for name in lacking(row)]
    title = PAPERS[told.kind].zh
    played = "演　练" if row.exercise else ""
    return {
        "played": played, "organ": told.organ, "title": f"{PLAYED if played else ''}{_wide(title)}",
        "number": f"{row.code}　{told.number}", "to": told.to, "lead": _lead(row, told),
        "facts": [{"name": name, "said": said} for name, said in _facts(row, told)],
        "losses": [{"name": name, "said": said} for name, said in _losses(row)],
        "level": _level(row), "summary": row.summary or (f"{LACKS}。接报记录：{told.first}" if told.first else LACKS),
        "measures": row.measures or LACKS,
        "lacks": f"缺：{'、'.join(lacks)}。查明后续报。" if lacks else "无。应报事项均已填报。",
        "clocks": [_clock(one, told.at) for one in due], "more": told.more,
        "made": f"制作：{told.by}　{moment(told.at)}",
        "basis": f"据事件 {row.code} 第 {told.version} 版信息、事件日志第 {told.lines} 条以前的记录成文；"
        "此后的变化见续报，本件不改。",
        "foot": f"{PLAYED if played else ''}{row.code} {_wide(title)} {told.number}",
    }  # fmt: skip


def _lead(row: Incident, told: Told) -> str:
    origin = code_list("incident_origin").label(row.origin) or row.origin
    return (
        f"{moment(row.reported_at)}，接到“{row.title}”的报告（来源：{origin}）。截至{moment(told.at)}，"
        f"事件{code_list('incident_state').label(row.state)}，现将已掌握的情况报告如下。"
    )


def _facts(row: Incident, told: Told) -> list[tuple[str, str]]:
    place = "" if row.geometry is None else _place(row)
    chemical = " ".join(part for part in (row.chemical_name, row.chemical and f"CAS {row.chemical}") if part)
    response = _wide(response_word(row.response, row.response_ended_at).zh) or "未启动"
    found = [
        ("事件名称", row.title), ("事件类型", _label("incident_kind", row.kind)),
        (_title("occurred_at"), LACKS if row.occurred_at is None else moment(row.occurred_at)),
        (_title("enterprise_name"), row.enterprise_name or LACKS),
        (_title("address"), f"{told.area}，{row.address or f'详细地址{LACKS}'}"), ("位置坐标", place or "未标绘"),
        ("涉及物质", chemical or "未填"), ("响应级别", response),
    ]  # fmt: skip
    if row.hazard_source:
        found.append((_title("hazard_source"), row.hazard_source))
    return found


def _place(row: Incident) -> str:
    assert row.geometry is not None
    point = row.geometry.representative_point()
    return f"东经 {point.x:.5f}°，北纬 {point.y:.5f}°（CGCS2000）"


def _losses(row: Incident) -> list[tuple[str, str]]:
    told = [name for name in IF_TOLD if getattr(row, name) is not None]
    found = [(_title(name), _count(getattr(row, name))) for name in (*PEOPLE, *told)]
    return [*found, (_title("direct_loss"), _money(row.direct_loss))]


def _level(row: Incident) -> list[str]:
    found = graded(row)
    unknown = "、".join(MEASURES[name].zh for name in found.unknown)
    basis = f"依据：{_wide(found.source)}{_doubt(found.status)}。" if found.source else ""
    if found.level is None:
        why = "按已知情况未达到任何等级" if found.none is None else found.none.zh
        return [f"未定级：{_wide(why)}{f'（未知：{unknown}）' if unknown else ''}。", *([basis] if basis else [])]
    word = _label("accident_level", found.level)
    reached = "、".join(
        f"{MEASURES[name].zh} {_money(row.direct_loss) if name == 'direct_loss' else _count(getattr(row, name))}"
        for name in found.reached
    )
    said = f"{'至少' if found.at_least else ''}{word}（{reached}）"
    more = f"；{unknown}尚未掌握，查明后可能定为更高等级" if found.at_least else ""
    lost = "；失踪人员未计入死亡人数" if row.missing else ""
    return [f"{said}{more}{lost}。", *([basis] if basis else [])]


def _clock(one: Clock, at: datetime) -> Mapping[str, str]:
    return {
        "name": _wide(one.title.zh), "since": "未知" if one.since is None else moment(one.since),
        "until": "—" if one.until is None else moment(one.until), "state": _stands(one, at),
        "basis": f"{_wide(one.basis)}{_doubt(one.status)}",
    }  # fmt: skip


def _stands(one: Clock, at: datetime) -> str:
    word = STANDS[one.shown].zh
    if one.done_at is not None:
        late = one.until is not None and one.done_at > one.until
        over = f"，逾期{_span(one.done_at - one.until)}" if late and one.until is not None else ""
        return f"{moment(one.done_at)}完成{over}"
    if one.until is None or one.shown is Shown.OVER:
        return word
    return f"超时{_span(at - one.until)}" if one.shown is Shown.OVERDUE else f"{word}，余{_span(one.until - at)}"


def _span(of: timedelta) -> str:
    minutes = int(of.total_seconds() // 60)
    days, rest = divmod(minutes, 1440)
    parts = ((days, "天"), (rest // 60, "小时"), (rest % 60, "分"))
    return "".join(f"{n}{unit}" for n, unit in parts if n) or "不足1分"


def _wide(text: str) -> str:
    """Our own words with the marks of Chinese print; what people wrote stays as they wrote it."""
    return text.translate(WIDE)


def _title(name: str) -> str:
    return INCIDENTS.fields[name].title.zh


def _count(value: int | None) -> str:
    return LACKS if value is None else f"{value}人"


def _money(yuan: float | None) -> str:
    """In ten thousands of yuan, to the cent.

    >>> _money(42_000.0), _money(0.0), _money(None)
    ('4.2万元', '0万元', '缺（尚未掌握）')
    """
    return LACKS if yuan is None else f"{yuan / 10_000:,.6f}".rstrip("0").rstrip(".") + "万元"


def _doubt(status: Status) -> str:
    return "" if status is Status.VERIFIED else f"（{_label('basis_status', status.value)}）"


def _label(codes: str, code: object) -> str:
    return code_list(codes).label(str(code)) or str(code)
