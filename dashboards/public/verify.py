"""The page that the QR code of a document opens: whether it was issued here, by whom, and whether it still holds."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from core.clock import CHINA, from_iso
from core.texts import Lang, Text
from dashboards.screens import Screens

PAGE = (Path(__file__).parent / "verify.html").read_text("utf-8")

WORDS = {
    "title": Text("文书核验", "Check a document"),
    "public": Text("公共服务", "Public service"),
    "hint": Text("文书上的核验码，16 位", "the code on the document, 16 characters"),
    "check": Text("核验", "Check"),
    "how": Text("怎样核验", "How to check"),
    "how_code": Text(
        "扫描文书上的二维码，或输入二维码旁的核验码，对照本页的文号、机关、日期与文书是否一致。",
        "Scan the QR code of the document or type the code beside it, and compare number, organ and date.",
    ),
    "how_file": Text(
        "手中是 PDF 文件的，可再选择文件比对：改动过一个字节即不一致。打印、截图、另存的文件无法比对。",
        "If you hold the PDF, compare the file as well: one changed byte is told. Prints, pictures and re-saved files "
        "cannot be compared.",
    ),
    "how_not": Text(
        "本页不显示当事人和文书正文。对文书有疑问的，请联系印发机关。",
        "Neither parties nor text are shown here. Ask the issuing organ if in doubt.",
    ),
    "asof": Text("核验时间", "Checked at"),
}
NONE = Text(
    "没有以此核验码印发的文书，请核对后再试；仍查不到的，文书可能是伪造的。",
    "No document was issued under this code; if it is typed as printed, the document may be forged.",
)
VALID = Text("本系统印发，现行有效", "Issued here and valid")
ENDED = {
    "withdrawn": Text("本系统印发，已于 {day} 撤回，不再有效", "Issued here, withdrawn on {day}: no longer valid"),
    "replaced": Text("本系统印发，已于 {day} 更换，不再有效", "Issued here, replaced on {day}: no longer valid"),
}
PAIRS = (
    ("title", Text("文书名称", "Title")), ("number", Text("文号", "Number")), ("organ", Text("印发机关", "Issued by")),
)  # fmt: skip
ISSUED = Text("印发时间", "Issued at")
DEMO = Text("演示文书，机关为虚构，无法律效力", "Demo document of an invented organ, without legal force")
FILE = Text("选择 PDF 文件比对", "Compare the PDF file")
SAID = {
    "same": Text("文件与印发时一致，未被改动", "The file is as it was issued"),
    "different": Text(
        "文件与印发的不一致：已被改动，或不是原文件", "The file is not as issued: changed, or not the original"
    ),
    "unknown": Text("没有以此核验码印发的文书", "No document was issued under this code"),
    "failed": Text("未能比对，请稍后再试", "Could not be compared; try again later"),
    "large": Text("文件超过 1 MB，不是本系统印发的文书", "The file is larger than any issued here"),
    "busy": Text("正在比对", "Comparing"),
}


def document(screens: Screens, code: str, *, lang: Lang, found: Mapping[str, Any] | None, fault: str = "") -> str:
    """The page with the answer to one code, or with none asked."""
    other = Lang.ZH if lang is Lang.EN else Lang.EN
    demo = f'<span class="tag">{escape(Text("演示数据", "Demo data").of(lang))}</span>' if screens.demo else ""
    held = found is not None and found["found"]
    return PAGE.format(
        words={name: escape(text.of(lang), quote=True) for name, text in WORDS.items()},
        tag="en" if lang is Lang.EN else "zh-CN", other_lang=other.value,
        other_tag="en" if other is Lang.EN else "zh-CN", other="English" if other is Lang.EN else "中文",
        root=screens.root_path, city=escape(screens.title.of(lang)), demo=demo, code=escape(code, quote=True),
        again=f"&amp;code={quote(code)}" if code else "", found=_answer(screens, found, fault, lang),
        compare=_compare(screens.root_path, found, lang) if found is not None and held else "",
        at=screens.clock().astimezone(CHINA).strftime("%Y-%m-%d %H:%M"),
    )  # fmt: skip


def _answer(screens: Screens, found: Mapping[str, Any] | None, fault: str, lang: Lang) -> str:
    if fault:
        return f'<p class="fault" role="alert">{escape(fault)}</p>'
    if found is None:
        return ""
    if not found["found"]:
        return f'<p class="verdict no" role="status">{escape(NONE.of(lang))}</p>'
    one = found["document"]
    if one["state"] == "valid":
        verdict, look = VALID.of(lang), "yes"
    else:
        verdict, look = ENDED[one["state"]].of(lang).format(day=_moment(one["state_at"])[:10]), "no"
    pairs = [(title.of(lang), str(one[name])) for name, title in PAIRS]
    pairs.append((ISSUED.of(lang), _moment(one["issued_at"])))
    rows = "".join(f"<div><dt>{escape(title)}</dt><dd>{escape(words)}</dd></div>" for title, words in pairs)
    demo = f'<p class="fault">{escape(DEMO.of(lang))}</p>' if screens.demo else ""
    return f'<p class="verdict {look}" role="status">{escape(verdict)}</p><dl class="paper">{rows}</dl>{demo}'


def _compare(root: str, found: Mapping[str, Any], lang: Lang) -> str:
    said = "".join(f' data-{name}="{escape(text.of(lang), quote=True)}"' for name, text in SAID.items())
    return (
        f'<div class="compare" hidden data-door="{root}/api/verify?code={quote(found["code"])}"{said}>'
        f'<label>{escape(FILE.of(lang))} <input type="file" accept="application/pdf"></label>'
        '<p role="status" class="verdict"></p></div>'
    )


def _moment(at: str) -> str:
    return from_iso(at).astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
