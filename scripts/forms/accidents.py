"""The report of an accident investigation: what article 30 of Decree 493 asks for, and who signs it."""

from docx.document import Document as Made

from scripts.forms.layout import line, only_if, say, started, table

WIDTHS = (38, 120)


def chapter(form: Made, title: str) -> None:
    """A heading of the body."""
    line(form, title, bold=True, after=4)


def paragraphs(form: Made, name: str) -> None:
    """One paragraph for each line of a long text."""
    line(form, f"{{%p for item in {name} %}}")
    line(form, "{{ item }}", indent=True, after=4)
    line(form, "{%p endfor %}")


def accident_report() -> Made:
    """生产安全事故调查报告."""
    form = started("生产安全事故调查报告")
    table(
        form,
        [
            ["事故名称", "{{ incident_title }}"],
            ["发生时间", "{{ happened_at }}"],
            ["发生地点", "{{ address }}"],
            ["事故发生单位", "{{ unit_name }}"],
            ["事故类别", "{{ accident_kind }}"],
            ["事故等级", "{{ level_found }}"],
            ["案件编号", "{{ case_no }}"],
        ],
        WIDTHS,
    )
    line(form, "", after=2)
    chapter(form, "一、事故发生单位概况")
    say(form, "事故发生单位：{{ unit_name }}。事发地点：{{ address }}。")
    only_if(form, "chemical_name", "涉及物质：{{ chemical_name }}。")
    chapter(form, "二、事故发生经过和事故救援情况")
    paragraphs(form, "course_told")
    chapter(form, "三、事故造成的人员伤亡和直接经济损失")
    say(form, "{{ losses_told }}")
    chapter(form, "四、事故发生的原因和事故性质")
    say(form, "直接原因：{{ direct_cause }}", "间接原因：{{ indirect_cause }}")
    only_if(form, "appraisal_told", "技术鉴定：{{ appraisal_told }}")
    say(form, "事故性质：{{ nature }}。")
    chapter(form, "五、事故责任的认定以及对事故责任者的处理建议")
    paragraphs(form, "responsibility_told")
    chapter(form, "六、事故防范和整改措施")
    paragraphs(form, "prevention_told")
    chapter(form, "七、事故调查组成员")
    say(form, "负责调查的机关：{{ group_organ }}。")
    line(form, "{%p for item in members %}")
    line(form, "{{ item }}　　签名：＿＿＿＿＿＿", indent=True, after=4)
    line(form, "{%p endfor %}")
    line(form, "附具的证据材料存于案件 {{ case_no }}。", after=6)
    line(form, "{{ seal }}")
    line(form, "{{ organ }}", after=2)
    line(form, "{{ date }}", after=6)
    line(form, "{{ qr }}")
    line(form, "扫码核验真伪；核验码 {{ code }}")
    line(form, "{{ unverified }}")
    form.sections[0].footer.paragraphs[0].text = "本报告由{{ organ }}留存，经批复后依法公布处理情况"
    return form


ACCIDENTS = {"accident-report": accident_report}
