"""What a situation report says of an incident at a moment, in Chinese and in English; what nobody told is named so.

It holds the facts, the level with its rule, the clocks, the zones with how far they may be believed, orders, warnings
and the last lines of the log. Names and telephones of who reported, telephones of who was ordered, stay off the paper.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import CHINA, hour_of
from core.texts import Lang, Text
from core.units import Metre
from emergency.incidents.clocks import STANDS, Clock, Shown
from emergency.incidents.grading import MEASURES, graded
from emergency.incidents.life import response_word
from emergency.incidents.reports import lacking
from layers.catalogue.incidents import INCIDENTS, Incident, IncidentEntry
from layers.catalogue.orders import IncidentOrder
from layers.codes import Status, code_list

FORMS = {Lang.ZH: "situation-report", Lang.EN: "situation-report-en"}
TITLE = Text("态势报告", "Situation report")
UNTOLD = Text("未报", "not told")
NONE = Text("无", "none")
MOST_LINES = 25
LOSSES = (
    "deaths", "missing", "serious_injuries", "minor_injuries", "trapped", "evacuated", "direct_loss",
)  # fmt: skip

Line = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneTold:
    """A zone of the incident's scenario: how far, who lives inside, what must not be overlooked.

    `most` are the people of the zone and of where it may lie when the wind turns; `cut` says that it ends where the
    model does.
    """

    title: Text
    reach: Metre
    people: float | None
    banded: bool
    most: float | None = None
    cut: bool = False
    doubts: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningTold:
    """A warning of the incident."""

    code: str
    title: str
    level: Text
    state: str
    areas: tuple[str, ...]
    issued_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All a report is made of, as it stood at `at`; `lines` of the log and `version` of the facts say as of what."""

    row: Incident
    at: datetime
    version: int
    serial: int
    by: str
    organ: str
    area: Text
    clocks: Sequence[Clock]
    log: Sequence[IncidentEntry]
    zones: Sequence[ZoneTold] = ()
    scenario: str = ""
    computed_at: datetime | None = None
    weather: str = ""
    orders: Sequence[IncidentOrder] = ()
    warnings: Sequence[WarningTold] = ()
    more: str = ""


def words(told: Situation, lang: Lang) -> dict[str, str | Sequence[str] | Sequence[Line]]:
    """What the form is filled with, beside its pictures."""
    row = told.row

    def say(zh: str, en: str) -> str:
        return Text(zh, en).of(lang)

    played = say("演　练", "EXERCISE") if row.exercise else ""
    title = say(f"{'【演练】' if row.exercise else ''}{TITLE.zh}", f"{'EXERCISE: ' if row.exercise else ''}{TITLE.en}")
    number = say(f"{row.code}　第{told.serial}号", f"{row.code}  No. {told.serial}")
    lacks = [INCIDENTS.fields[name].title.of(lang) for name in lacking(row)]
    return {
        "played": played, "organ": told.organ, "title": title, "number": number,
        "lead": say(
            f"截至{_at(told.at)}，本系统记录的情况如下。没有记录的写“{UNTOLD.zh}”，不作推测。",
            f"What this system holds as of {_at(told.at)}. What nobody told says “{UNTOLD.en}”; nothing is guessed.",
        ),
        "facts": _facts(told, lang), "losses": _losses(row, lang), "level": _level(row, lang),
        "clocks": [_clock(one, told.at, lang) for one in told.clocks],
        "zones": [_zone(one, lang) for one in told.zones], "zones_said": _zones_said(told, lang),
        "orders": [_order(one, told.at, lang) for one in told.orders],
        "orders_said": "" if told.orders else say("没有下达指令。", "No order was given."),
        "warnings": [_warning(one, lang) for one in told.warnings],
        "warnings_said": "" if told.warnings else say("没有为本事件拟发预警。", "No warning was drafted of it."),
        "summary": say("简要经过：", "What happened: ") + (row.summary or UNTOLD.of(lang)),
        "measures": say("已采取的措施：", "Measures taken: ") + (row.measures or UNTOLD.of(lang)),
        "lacks": say(f"尚缺：{'、'.join(lacks)}。", f"Missing: {', '.join(lacks)}.") if lacks else say(
            "应报事项均已填报。", "What the law asks for is there."
        ),
        "log": [_entry(one) for one in _last(told.log)], "log_said": _log_said(told.log, lang), "more": told.more,
        "made": say(f"制作：{told.by}　{_at(told.at)}", f"Made by {told.by}, {_at(told.at)}"),
        "basis": say(
            f"据事件 {row.code} 第 {told.version} 版信息、事件日志第 {_number(told.log)} 条以前的记录成文；"
            "此后的变化不在本件内。",
            f"Of version {told.version} of incident {row.code} and its log up to line {_number(told.log)}; "
            "what came later is not in it.",
        ),
        "foot": f"{say('【演练】', 'EXERCISE ') if row.exercise else ''}{row.code} {TITLE.of(lang)} {told.serial}",
    }  # fmt: skip


def _facts(told: Situation, lang: Lang) -> list[Line]:
    row = told.row
    untold = UNTOLD.of(lang)
    chemical = " ".join(part for part in (row.chemical_name, row.chemical and f"CAS {row.chemical}") if part)
    where = Text("未标绘", "not marked").of(lang)
    if row.geometry is not None:
        place = row.geometry.representative_point()
        where = f"{place.x:.5f}, {place.y:.5f} (CGCS2000)"
    response = response_word(row.response, row.response_ended_at).of(lang) or Text("未启动", "not begun").of(lang)
    found = [
        (_title("title", lang), row.title), (_title("kind", lang), _label("incident_kind", row.kind, lang)),
        (_title("state", lang), _label("incident_state", row.state, lang)), (_title("response", lang), response),
        (_title("reported_at", lang), _at(row.reported_at)),
        (_title("occurred_at", lang), untold if row.occurred_at is None else _at(row.occurred_at)),
        (_title("enterprise_name", lang), row.enterprise_name or untold),
        (_title("address", lang), f"{told.area.of(lang)} {row.address or untold}"),
        (Text("位置坐标", "Coordinates").of(lang), where), (_title("chemical_name", lang), chemical or untold),
    ]  # fmt: skip
    if row.hazard_source:
        found.append((_title("hazard_source", lang), row.hazard_source))
    return [{"name": name, "said": said} for name, said in found]


def _losses(row: Incident, lang: Lang) -> list[Line]:
    return [{"name": _title(name, lang), "said": _loss(row, name, lang)} for name in LOSSES]


def _loss(row: Incident, name: str, lang: Lang) -> str:
    value = getattr(row, name)
    if value is None:
        return UNTOLD.of(lang)
    if name != "direct_loss":
        return Text(f"{value}人", str(value)).of(lang)
    plain = f"{value / 10_000:,.6f}".rstrip("0").rstrip(".")
    return Text(f"{plain}万元", f"{value:,.2f} yuan").of(lang)


def _level(row: Incident, lang: Lang) -> list[str]:
    found = graded(row)
    doubt = "" if found.status is Status.VERIFIED else f" ({_label('basis_status', found.status.value, lang)})"
    basis = Text(f"依据：{found.source}{doubt}", f"By {found.source}{doubt}").of(lang)
    lines = [basis] if found.source else []
    unknown = [MEASURES[name].of(lang) for name in found.unknown]
    if found.level is None:
        why = Text("按已知情况未达到任何等级", "what is known reaches none") if found.none is None else found.none
        return [Text(f"未定级：{why.zh}。", f"No level: {why.en}.").of(lang), *lines]
    word = _label("accident_level", found.level, lang)
    least = Text("至少", "at least ").of(lang) if found.at_least else ""
    more = Text(f"；{'、'.join(unknown)}未报", f"; not told: {', '.join(unknown)}").of(lang) if unknown else ""
    reached = Text("、", ", ").of(lang).join(MEASURES[name].of(lang) for name in found.reached)
    return [f"{least}{word} ({reached}){more}", *lines]


def _clock(one: Clock, at: datetime, lang: Lang) -> Line:
    doubt = "" if one.status is Status.VERIFIED else f" ({_label('basis_status', one.status.value, lang)})"
    return {
        "name": one.title.of(lang), "since": UNTOLD.of(lang) if one.since is None else _at(one.since),
        "until": "—" if one.until is None else _at(one.until), "state": _stands(one, at, lang),
        "basis": f"{one.basis}{doubt}",
    }  # fmt: skip


def _stands(one: Clock, at: datetime, lang: Lang) -> str:
    word = STANDS[one.shown].of(lang)
    if one.done_at is not None or one.until is None or one.shown is Shown.OVER:
        return word if one.done_at is None else f"{word} {_at(one.done_at)}"
    span = _span(abs(one.until - at), lang)
    return (
        f"{word} {span}" if one.shown is Shown.OVERDUE else Text(f"{word}，余{span}", f"{word}, {span} left").of(lang)
    )


def _span(of: timedelta, lang: Lang) -> str:
    minutes = int(of.total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    return Text(f"{hours}小时{rest}分", f"{hours} h {rest} min").of(lang)


def _zone(one: ZoneTold, lang: Lang) -> Line:
    people = (
        Text("未统计", "not counted").of(lang)
        if one.people is None
        else Text(f"约{one.people:,.0f}", f"about {one.people:,.0f}").of(lang)
    )
    if one.people is not None and one.banded:
        most = None if one.most is None else max(one.most, one.people)
        people += (
            Text("，未含风向带", ", the band not counted").of(lang)
            if most is None
            else Text(f"；含风向带最多约{most:,.0f}", f"; with the band at most about {most:,.0f}").of(lang)
        )
    doubts = Text("；", "; ").of(lang).join(text.of(lang) for text in one.doubts)
    least = Text("至少 ", "at least ").of(lang) if one.cut else ""
    return {
        "name": one.title.of(lang), "reach": f"{least}{one.reach:,.0f} m", "people": people,
        "band": (Text("有，图中虚线", "drawn dashed") if one.banded else Text("未计算", "not computed")).of(lang),
        "doubts": doubts or NONE.of(lang),
    }  # fmt: skip


def _zones_said(told: Situation, lang: Lang) -> str:
    if not told.scenario:
        return Text("没有推演情景，影响区未知。", "There is no scenario: the zones are not known.").of(lang)
    at = "" if told.computed_at is None else _at(told.computed_at)
    age = None if told.computed_at is None else told.at - told.computed_at
    old = Text("", "")
    if age is not None:
        zh, en = _span(age, Lang.ZH), _span(age, Lang.EN)
        old = Text(
            f"计算距本报告{zh}，其后风和泄漏的变化未计入。", f" It is {en} old: wind and release since are not in it."
        )
    return Text(
        f"情景 {told.scenario}，{at}计算，气象（风速、来向、稳定度、气温、湿度）{told.weather}。"
        "按已发表方法推演，未经主管部门验证，"
        f"不得单独作为疏散依据；人口为常住人口估算，外区含内区，不可相加。{old.zh}",
        f"Scenario {told.scenario}, computed {at}, air (wind, from, class, temperature, humidity) {told.weather}. "
        "By published methods that no authority has "
        f"validated for evacuation decisions; people are residents by estimate, outer zones count those of inner ones: "
        f"not to be added up.{old.en}",
    ).of(lang)  # fmt: skip


def _order(one: IncidentOrder, now: datetime, lang: Lang) -> Line:
    times = (
        (Text("签收", "received"), one.received_at), (Text("出发", "left"), one.left_at),
        (Text("到达", "arrived"), one.arrived_at), (Text("办结", "ended"), one.ended_at),
    )  # fmt: skip
    said = [f"{word.of(lang)} {hour_of(at, now)}" for word, at in times if at is not None]
    late = Text("未签收", "no receipt").of(lang)
    return {
        "number": str(one.number), "to": one.to_name, "action": one.action, "at": hour_of(one.at, now),
        "state": " ".join([_label("order_state", one.state, lang), *(said or [late])]),
    }  # fmt: skip


def _warning(one: WarningTold, lang: Lang) -> Line:
    at = Text("未发布", "not published").of(lang) if one.issued_at is None else _at(one.issued_at)
    return {
        "level": one.level.of(lang), "title": f"{one.code} {one.title}",
        "areas": Text("、", ", ").of(lang).join(one.areas),
        "state": f"{_label('warning_state', one.state, lang)} {at}",
    }  # fmt: skip


def _last(log: Sequence[IncidentEntry]) -> list[IncidentEntry]:
    return [one for one in log if one.struck_at is None][-MOST_LINES:]


def _log_said(log: Sequence[IncidentEntry], lang: Lang) -> str:
    standing = [one for one in log if one.struck_at is None]
    struck, left = len(log) - len(standing), max(0, len(standing) - MOST_LINES)
    return Text(
        f"共 {len(log)} 条，划去 {struck} 条不列{f'，最早 {left} 条从略' if left else ''}。日志原文不翻译。",
        f"{len(log)} lines, {struck} struck are not listed{f', the {left} oldest left out' if left else ''}. "
        "Lines are as written.",
    ).of(lang)  # fmt: skip


def _entry(one: IncidentEntry) -> Line:
    return {"number": str(one.number), "at": _at(one.happened_at), "by": one.by, "text": one.text}


def _number(log: Sequence[IncidentEntry]) -> int:
    return log[-1].number if log else 0


def _title(name: str, lang: Lang) -> str:
    return INCIDENTS.fields[name].title.of(lang)


def _label(codes: str, code: object, lang: Lang) -> str:
    return code_list(codes).label(str(code), lang) or str(code)


def _at(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"
