"""Reports of incidents: what article 12 of Decree 493 asks for, with what is missing and how the clocks stand."""

from collections.abc import Mapping, Sequence

from docx.document import Document as Made
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Pt, RGBColor

from scripts.forms.layout import SMALL, line, say, started, table
from scripts.forms.official import RED


def incident_report() -> Made:
    """突发事件信息报告(快报、续报、专报)."""
    form = started("{{ title }}")
    over = form.sections[0].header.paragraphs[0]
    over.alignment = ALIGN.CENTER
    run = over.add_run("{{ played }}")
    run.font.size, run.bold, run.font.color.rgb = Pt(48), True, RGBColor.from_string(RED)
    line(form, "{{ to }}：", after=4)
    say(form, "{{ lead }}")
    headed(form, "一、基本情况")
    pairs(form, "facts")
    headed(form, "二、伤亡和损失")
    pairs(form, "losses")
    headed(form, "三、事故等级")
    line(form, "{%p for item in level %}")
    line(form, "{{ item }}", indent=True, after=2)
    line(form, "{%p endfor %}")
    headed(form, "四、简要经过")
    say(form, "{{ summary }}")
    headed(form, "五、已采取的措施")
    say(form, "{{ measures }}")
    headed(form, "六、尚缺事项")
    say(form, "{{ lacks }}")
    headed(form, "七、报送时限")
    table(
        form,
        [
            ["时限", "起算", "截止", "状态", "依据"],
            ["{%tr for one in clocks %}", "", "", "", ""],
            ["{{ one.name }}", "{{ one.since }}", "{{ one.until }}", "{{ one.state }}", "{{ one.basis }}"],
            ["{%tr endfor %}", "", "", "", ""],
        ],
        (28, 30, 30, 32, 38),
    )
    for row in form.tables[-1].rows:
        for cell in row.cells:
            for part in cell.paragraphs[0].runs:
                part.font.size = SMALL
    line(form, "{%p if more %}")
    headed(form, "八、其他情况和下一步工作")
    say(form, "{{ more }}")
    line(form, "{%p endif %}")
    line(form, "")
    line(form, "{{ organ }}", align=ALIGN.RIGHT)
    line(form, "{{ made }}", align=ALIGN.RIGHT, after=8)
    line(form, "{{ basis }}", size=SMALL)
    line(form, "{{ unverified }}", size=SMALL)
    form.sections[0].footer.paragraphs[0].text = "{{ foot }}"
    return form


def headed(document: Made, text: str) -> None:
    """A heading that stays with what follows."""
    line(document, text, bold=True)
    document.paragraphs[-1].paragraph_format.space_before = Pt(8)
    document.paragraphs[-1].paragraph_format.keep_with_next = True


def pairs(document: Made, name: str) -> None:
    """A table of names and what is said of them."""
    rows = [[f"{{%tr for one in {name} %}}", ""], ["{{ one.name }}", "{{ one.said }}"], ["{%tr endfor %}", ""]]
    table(document, rows, (42, 116))


def situation_report(words: Mapping[str, str]) -> Made:
    """态势报告, in one language: facts, level, clocks, zones, orders, warnings, log, and maps."""
    form = started("{{ title }}")
    over = form.sections[0].header.paragraphs[0]
    over.alignment = ALIGN.CENTER
    run = over.add_run("{{ played }}")
    run.font.size, run.bold, run.font.color.rgb = Pt(36), True, RGBColor.from_string(RED)
    say(form, "{{ lead }}")
    headed(form, words["facts"])
    pairs(form, "facts")
    headed(form, words["losses"])
    pairs(form, "losses")
    headed(form, words["level"])
    line(form, "{%p for item in level %}")
    line(form, "{{ item }}", indent=True, after=2)
    line(form, "{%p endfor %}")
    headed(form, words["summary"])
    say(form, "{{ summary }}", "{{ measures }}", "{{ lacks }}")
    headed(form, words["zones"])
    say(form, "{{ zones_said }}")
    rows(
        form,
        "zones",
        words["zone_heads"].split("|"),
        ("name", "reach", "people", "band", "doubts"),
        (46, 24, 24, 28, 36),
    )
    line(form, "{%p for picture in pictures %}")
    line(form, "{{ picture.png }}", align=ALIGN.CENTER)
    line(form, "{{ picture.said }}", size=SMALL, align=ALIGN.CENTER, after=4)
    line(form, "{%p endfor %}")
    headed(form, words["orders"])
    line(form, "{%p if orders_said %}")
    say(form, "{{ orders_said }}")
    line(form, "{%p endif %}")
    rows(
        form, "orders", words["order_heads"].split("|"), ("number", "at", "to", "action", "state"), (12, 20, 34, 46, 46)
    )
    headed(form, words["warnings"])
    line(form, "{%p if warnings_said %}")
    say(form, "{{ warnings_said }}")
    line(form, "{%p endif %}")
    rows(form, "warnings", words["warning_heads"].split("|"), ("level", "title", "areas", "state"), (26, 56, 34, 42))
    headed(form, words["clocks"])
    rows(
        form,
        "clocks",
        words["clock_heads"].split("|"),
        ("name", "since", "until", "state", "basis"),
        (28, 30, 30, 32, 38),
    )
    headed(form, words["log"])
    line(form, "{{ log_said }}", size=SMALL)
    rows(form, "log", words["log_heads"].split("|"), ("number", "at", "by", "text"), (12, 34, 32, 80))
    line(form, "{%p if more %}")
    headed(form, words["more"])
    say(form, "{{ more }}")
    line(form, "{%p endif %}")
    line(form, "")
    line(form, "{{ organ }}", align=ALIGN.RIGHT)
    line(form, "{{ made }}", align=ALIGN.RIGHT, after=8)
    line(form, "{{ basis }}", size=SMALL)
    line(form, "{{ unverified }}", size=SMALL)
    form.sections[0].footer.paragraphs[0].text = "{{ foot }}"
    return form


def rows(document: Made, name: str, heads: Sequence[str], fields: Sequence[str], widths: Sequence[float]) -> None:
    """A table with a head and a row for each of a list."""
    blank = [""] * (len(fields) - 1)
    cells = [f"{{{{ one.{field} }}}}" for field in fields]
    table(document, [heads, [f"{{%tr for one in {name} %}}", *blank], cells, ["{%tr endfor %}", *blank]], widths)
    for row in document.tables[-1].rows:
        for cell in row.cells:
            for part in cell.paragraphs[0].runs:
                part.font.size = SMALL


ZH = {
    "facts": "一、基本情况", "losses": "二、伤亡和损失", "level": "三、事故等级", "summary": "四、经过、措施和尚缺事项",
    "zones": "五、影响区", "orders": "六、力量和指令", "warnings": "七、预警", "clocks": "八、报送时限", "log": "九、事件日志",
    "more": "十、其他情况", "zone_heads": "级别|最远|区内人口|风向带|须注意", "order_heads": "号|时间|对象|内容|回执",
    "warning_heads": "级别|预警|区划|状态", "clock_heads": "时限|起算|截止|状态|依据", "log_heads": "号|时间|记录人|内容",
}  # fmt: skip
EN = {
    "facts": "1. Facts", "losses": "2. Casualties and losses", "level": "3. Level",
    "summary": "4. What happened, measures, what is missing", "zones": "5. Zones", "orders": "6. Forces and orders",
    "warnings": "7. Warnings", "clocks": "8. Reporting clocks", "log": "9. Log", "more": "10. Other matters",
    "zone_heads": "Level|Reach|People inside|Band of the wind|Mind", "order_heads": "No.|At|To|What|Receipts",
    "warning_heads": "Level|Warning|Areas|State", "clock_heads": "Clock|Since|Until|State|By", "log_heads": "No.|At|By|Text",
}  # fmt: skip
INCIDENTS = {
    "incident-report": incident_report, "situation-report": lambda: situation_report(ZH),
    "situation-report-en": lambda: situation_report(EN),
}  # fmt: skip
