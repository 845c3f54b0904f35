"""The score sheet of an exercise: our own form."""

from docx.document import Document as Made
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Pt, RGBColor

from scripts.forms.incidents import headed
from scripts.forms.layout import SMALL, line, say, started, table
from scripts.forms.official import RED


def exercise_score() -> Made:
    """应急演练评估表."""
    form = started("{{ title }}")
    over = form.sections[0].header.paragraphs[0]
    over.alignment = ALIGN.CENTER
    run = over.add_run("{{ played }}")
    run.font.size, run.bold, run.font.color.rgb = Pt(48), True, RGBColor.from_string(RED)
    say(form, "{{ lead }}", "{{ total }}")
    headed(form, "一、预期处置")
    table(
        form,
        [
            ["号", "注入", "致", "导调信息", "预期处置", "结果", "回应"],
            ["{%tr for one in lines %}", "", "", "", "", "", ""],
            ["{{ one.number }}", "{{ one.at }}", "{{ one.to }}", "{{ one.text }}", "{{ one.expected }}",
             "{{ one.result }}", "{{ one.reply }}"],
            ["{%tr endfor %}", "", "", "", "", "", ""],
        ],
        (9, 21, 22, 32, 29, 18, 27),
    )  # fmt: skip
    for row in form.tables[-1].rows:
        for cell in row.cells:
            for part in cell.paragraphs[0].runs:
                part.font.size = SMALL
    headed(form, "二、评估意见")
    line(form, "{%p for item in remarks %}")
    line(form, "{{ item }}", indent=True, after=2)
    line(form, "{%p endfor %}")
    line(form, "")
    line(form, "{{ made }}", align=ALIGN.RIGHT, after=8)
    line(form, "{{ basis }}", size=SMALL)
    line(form, "{{ unverified }}", size=SMALL)
    form.sections[0].footer.paragraphs[0].text = "{{ foot }}"
    return form


EXERCISES = {"exercise-score": exercise_score}
