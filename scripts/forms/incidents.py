"""Reports of incidents: what article 12 of Decree 493 asks for, with what is missing and how the clocks stand."""

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


INCIDENTS = {"incident-report": incident_report}
