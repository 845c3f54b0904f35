"""The page on which a recipient of a CAP message says that it has it: opened from the mail, one button."""

from collections.abc import Mapping
from html import escape
from pathlib import Path

from core.clock import CHINA
from core.texts import Lang, Text
from dashboards.screens import Screens

PAGE = (Path(__file__).parent / "receipt.html").read_text("utf-8")
WORDS = {
    "title": Text("确认收到预警", "Confirm a warning"),
    "public": Text("公共服务", "Public service"),
    "note": Text("说明", "What this means"),
    "what": Text(
        "确认只表示贵单位已收到本条消息，发布单位据此不再重发、不再电话催问。",
        "It says that your office has this message; the issuer need not send it again or ring.",
    ),
    "do": Text(
        "请按消息中的措施处置。链接只给贵单位，请勿转发。",
        "Act on the measures in it. The link is for your office alone.",
    ),
    "asof": Text("打开时间", "Opened at"),
}
CONFIRM = Text("确认收到", "Confirm")
KEPT = Text("已确认收到", "Confirmed")
PAIRS = {
    "headline": Text("预警", "Warning"), "identifier": Text("消息编号", "Message"),
    "to": Text("接收单位", "Recipient"), "sent": Text("发出时间", "Sent"), "kept": Text("确认时间", "Confirmed at"),
}  # fmt: skip


def document(screens: Screens, here: str, told: Mapping[str, str], *, lang: Lang) -> str:
    """The page of one delivery; `told` holds what `PAIRS` names, blank for what is not yet."""
    other = Lang.ZH if lang is Lang.EN else Lang.EN
    demo = f'<span class="tag">{escape(Text("演示数据", "Demo data").of(lang))}</span>' if screens.demo else ""
    rows = "".join(
        f"<div><dt>{escape(title.of(lang))}</dt><dd>{escape(told[name])}</dd></div>"
        for name, title in PAIRS.items()
        if told.get(name)
    )
    act = (
        f'<p class="verdict yes" role="status">{escape(KEPT.of(lang))}</p>'
        if told.get("kept")
        else f'<form method="post" action="{escape(here, quote=True)}">'
        f'<button class="button" type="submit">{escape(CONFIRM.of(lang))}</button></form>'
    )
    return PAGE.format(
        words={name: escape(text.of(lang), quote=True) for name, text in WORDS.items()},
        tag="en" if lang is Lang.EN else "zh-CN", other_lang=other.value,
        other_tag="en" if other is Lang.EN else "zh-CN", other="English" if other is Lang.EN else "中文",
        root=screens.root_path, here=escape(here, quote=True), city=escape(screens.title.of(lang)), demo=demo,
        rows=rows, act=act, at=screens.clock().astimezone(CHINA).strftime("%Y-%m-%d %H:%M"),
    )  # fmt: skip
