"""Early warnings on the public page: level by shape, word and colour, then the eight items of the law."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from core.texts import Lang, Text

TITLE = Text("预警", "Warnings")
GLYPHS = "■▲◆●"
ITEMS: tuple[tuple[str, Text], ...] = (
    ("kind", Text("类别", "Kind")),
    ("level_word", Text("级别", "Level")),
    ("starts_at", Text("起始时间", "Starts")),
    ("ends_at", Text("预计结束", "Expected to end")),
    ("extent", Text("可能影响的范围", "Where it may reach")),
    ("cautions", Text("警示事项", "Cautions")),
    ("measures", Text("应当采取的措施", "What to do")),
    ("issuer", Text("发布单位", "Issued by")),
    ("issued_at", Text("发布时间", "Issued at")),
    ("contact", Text("咨询求助", "Where to ask")),
)


def section(root: str, warnings: Sequence[Mapping[str, Any]], lang: Lang) -> str:
    """All that stand; nothing at all where none does."""
    if not warnings:
        return ""
    rows = "".join(_one(root, one, lang) for one in warnings)
    return f'<section class="warned" aria-labelledby="warned"><h2 id="warned">{TITLE.of(lang)}</h2>{rows}</section>'


def _one(root: str, one: Mapping[str, Any], lang: Lang) -> str:
    level = int(one["level"])
    pairs = "".join(
        f"<div><dt>{escape(title.of(lang))}</dt><dd>{_lines(str(one[name]))}"
        f"{_areas(one) if name == 'extent' else ''}</dd></div>"
        for name, title in ITEMS
        if one[name]
    )
    message = Text("CAP 消息", "CAP message").of(lang)
    return (
        f'<article class="l{level}"><h3><span aria-hidden="true">{GLYPHS[level - 1]}</span> '
        f"{escape(one['level_word'])} {escape(one['title'])}</h3><dl>{pairs}</dl>"
        f'<p class="small"><a href="{root}/public/cap/{escape(one["code"])}" download>{message}</a></p></article>'
    )


def _areas(one: Mapping[str, Any]) -> str:
    return f'<br><span class="small">{escape("、".join(one["areas"]))}</span>' if one["areas"] else ""


def _lines(words: str) -> str:
    return "<br>".join(escape(part) for part in words.split("\n"))
