"""The public page as text: no script, so that it works in whatever reads it; every value from the store is escaped."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from core.clock import CHINA, from_iso
from core.texts import Lang, Text
from dashboards.public.lookup import LOOKUPS, MOST, Lookup
from dashboards.public.warnings import section
from dashboards.screens import Screens

PAGE = (Path(__file__).parent / "page.html").read_text("utf-8")

WORDS = {
    "title": Text("公共服务", "Public service"),
    "enter": Text("登录", "Sign in"),
    "find": Text("公共查询", "Look up"),
    "ask": Text("查询", "Search"),
    "told": Text("通知公告", "Notices"),
    "map": Text("公共地图", "Public map"),
    "map_alt": Text("全市基础地图", "Map of the city"),
    "map_open": Text("登录后打开一张图", "Sign in to open the map"),
    "call": Text("举报投诉", "Report a danger"),
    "call_how": Text(
        "发现事故隐患或安全生产违法行为，请拨打安全生产举报投诉电话，说明单位、地点和情况。"
        "正在发生的险情请先拨打 119、110 或 120。",
        "Call the work-safety line if you find a danger or a breach: say where, who and what. "
        "In an emergency call 119, 110 or 120 first.",
    ),
    "call_online": Text("网上举报、查询办理情况", "Report online, follow a report"),
    "call_law": Text(
        "依据《中华人民共和国安全生产法》第七十三条、第七十四条。", "Work Safety Law, articles 73 and 74."
    ),
    "open": Text("公开范围", "What is open"),
    "open_what": Text(
        "本页只提供公开图层的公开字段：企业基本信息与标准化等级、证照、行政处罚决定、双随机抽查结果、挂牌督办的重大隐患、避难场所、医院、"
        "公告和基础地图。"
        "风险等级、重大危险源、监测数据和个人信息不公开。",
        "Only what is declared public is told here: basic facts of enterprises, standardization grade, licences, "
        "penalties, results of random checks, listed dangers, shelters, hospitals, notices and the base map. "
        "Risk levels, hazard sources, readings and persons are not.",
    ),
    "asof": Text("数据截至", "As of"),
    "trace": Text("查询次数有限制，请勿频繁刷新。", "The number of searches is limited."),
}
NONE_YET = Text("目前没有公开的内容。", "Nothing is published now.")
NO_HITS = Text("没有找到“{q}”，请换名称、代码或地址中的连续两个字以上再查。", "Nothing was found for “{q}”.")
HITS = Text("找到 {count} 条", "{count} found")
FIRST = Text("找到 {count} 条，显示前 {most} 条，请补充文字缩小范围", "{count} found, the first {most} are shown")
NO_NOTICES = Text("目前没有在期的公告。", "No notice is in force.")
OVER = Text("已过期", "expired")


def document(
    screens: Screens,
    one: Lookup,
    q: str,
    *,
    lang: Lang,
    notices: Sequence[Mapping[str, Any]],
    warnings: Sequence[Mapping[str, Any]] = (),
    found: Mapping[str, Any] | None = None,
    fault: str = "",
) -> str:
    """The page with the answer to one question, or with none asked."""
    other_lang = Lang.ZH if lang is Lang.EN else Lang.EN
    now = screens.clock().astimezone(CHINA)
    approval = f"审图号 {screens.map_approval_no}" if screens.map_approval_no else ""
    return PAGE.format(
        words={name: escape(text.of(lang)) for name, text in WORDS.items()},
        tag="en" if lang is Lang.EN else "zh-CN",
        other_lang=other_lang.value,
        other_tag="en" if other_lang is Lang.EN else "zh-CN",
        other="English" if other_lang is Lang.EN else "中文",
        root=screens.root_path,
        city=escape(screens.title.of(lang)),
        demo=f'<span class="tag">{escape(Text("演示数据", "Demo data").of(lang))}</span>' if screens.demo else "",
        tabs=_tabs(screens.root_path, one, lang),
        of=one.id,
        q=escape(q, quote=True),
        hint=escape(one.hint.of(lang), quote=True),
        found=_answer(q, found, fault, lang),
        notices=_notices(notices, lang),
        warned=section(screens.root_path, warnings, lang),
        at=now.strftime("%Y-%m-%d %H:%M"),
        approval=f"<span>{escape(approval)}</span>" if approval else "",
    )


def _tabs(root: str, one: Lookup, lang: Lang) -> str:
    here = ' class="here" aria-current="true"'
    return "".join(
        f'<a href="{root}/public?of={other.id}"{here if other is one else ""}>{escape(other.title.of(lang))}</a>'
        for other in LOOKUPS.values()
    )


def _answer(q: str, found: Mapping[str, Any] | None, fault: str, lang: Lang) -> str:
    if fault:
        return f'<p class="fault" role="alert">{escape(fault)}</p>'
    if found is None:
        return ""
    if not found["rows"]:
        said = NO_HITS.of(lang).format(q=q) if q else NONE_YET.of(lang)
        return f'<p class="none" role="status">{escape(said)}</p>'
    words = (FIRST if found["count"] > MOST else HITS).of(lang).format(count=f"{found['count']:,}", most=MOST)
    rows = "".join(_row(row, lang) for row in found["rows"])
    return f'<p class="count" role="status">{escape(words)}</p><ol class="hits">{rows}</ol>'


def _row(row: Mapping[str, Any], lang: Lang) -> str:
    pairs = "".join(
        f"<div><dt>{escape(value['title'])}</dt><dd>{escape(value['words'])}"
        f"{_over(lang) if value['over'] else ''}</dd></div>"
        for value in row["values"]
    )
    return f"<li><h3>{escape(row['name'])}</h3><dl>{pairs}</dl></li>"


def _over(lang: Lang) -> str:
    return f' <b class="over">{escape(OVER.of(lang))}</b>'


def _notices(notices: Sequence[Mapping[str, Any]], lang: Lang) -> str:
    if not notices:
        return f'<p class="none">{escape(NO_NOTICES.of(lang))}</p>'
    return "".join(_notice(one) for one in notices)


def _notice(one: Mapping[str, Any]) -> str:
    day = from_iso(str(one["at"])).astimezone(CHINA)
    body = "".join(f"<p>{escape(part)}</p>" for part in str(one["body"]).split("\n") if part.strip())
    return (
        f"<details><summary><span>{escape(one['title'])}</span><time>{_date(day)}</time></summary>"
        f'<div><p class="small">{escape(one["kind"])} · {escape(one["issued_by"])}</p>{body}</div></details>'
    )


def _date(day: datetime) -> str:
    return day.strftime("%Y-%m-%d")
