"""The papers of licensing."""

from docx.document import Document as Made

from scripts.forms.layout import line, listed, say, signed, started, table


def licence_form(title: str) -> Made:
    """Begin a paper of licensing: what was applied for, and when."""
    form = started(title)
    line(form, "{{ party }}：", after=4)
    return form


APPLIED = "你单位于{{ received_on }}提出的“{{ kind }}”（{{ matter }}）申请（办件编号 {{ case_no }}），"
SUIT = (
    "如果不服本决定，可以依法在{{ review_days }}日内向{{ review_organ }}申请行政复议，或者在{{ suit_months }}个月内依法向"
    "{{ court }}提起行政诉讼。"
)


def licence_accepted() -> Made:
    """受理通知书."""
    form = licence_form("行政许可受理通知书")
    say(
        form,
        APPLIED + "属于本机关职权范围，申请材料齐全、符合法定形式。依据{{ law }}的规定，决定予以受理。",
        "本环节办理期限至{{ until }}。依法需要听证、招标、拍卖、检验、检测、检疫、鉴定和专家评审的，所需时间不计算在期限内。",
    )
    signed(form, "经办人：{{ officers }}")
    return form


def licence_corrections() -> Made:
    """补正告知书."""
    form = licence_form("行政许可申请材料补正告知书")
    say(form, APPLIED + "经审查，申请材料不齐全或者不符合法定形式。依据{{ law }}的规定，现一次告知需要补正的全部内容：")
    listed(form, "missing")
    say(form, "{{ corrections }}", "请按上述要求补正后提交本机关。")
    signed(form, "经办人：{{ officers }}")
    return form


def licence_rejected() -> Made:
    """不予受理决定书."""
    form = licence_form("行政许可不予受理决定书")
    say(form, APPLIED + "经审查，存在下列情形：", "{{ reason }}", "依据{{ law }}的规定，决定不予受理。", SUIT)
    signed(form, "经办人：{{ officers }}")
    return form


def licence_granted() -> Made:
    """准予许可决定书."""
    form = licence_form("准予行政许可决定书")
    say(form, APPLIED + "经审查，符合法定条件、标准。依据{{ law }}的规定，决定准予行政许可：")
    table(
        form,
        [
            ["许可种类", "{{ kind }}"],
            ["统一社会信用代码", "{{ party_code }}"],
            ["许可地址", "{{ licensed_address }}"],
            ["许可范围", "{{ scope }}"],
            ["有效期", "{{ valid_from }} 至 {{ valid_until }}"],
        ],
        (45, 113),
    )
    line(form, "")
    say(form, "本机关将于{{ until }}前向你单位颁发、送达许可证件。", SUIT)
    signed(form)
    return form


def licence_refused() -> Made:
    """不予许可决定书."""
    form = licence_form("不予行政许可决定书")
    say(form, APPLIED + "经审查，不符合法定条件、标准，理由如下：", "{{ reason }}")
    say(form, "依据{{ law }}的规定，决定不予行政许可。", SUIT)
    signed(form)
    return form


def licence_certificate() -> Made:
    """许可证."""
    form = started("{{ kind }}")
    table(
        form,
        [
            ["证号", "{{ licence_number }}"],
            ["单位名称", "{{ party }}"],
            ["统一社会信用代码", "{{ party_code }}"],
            ["主要负责人", "{{ head }}"],
            ["许可地址", "{{ licensed_address }}"],
            ["许可范围", "{{ scope }}"],
            ["有效期", "{{ valid_from }} 至 {{ valid_until }}"],
            ["发证机关", "{{ issuer }}"],
        ],
        (45, 113),
    )
    signed(form)
    form.sections[0].footer.paragraphs[0].text = "证照状态以核验结果为准"
    return form


LICENCES = {
    "licence-accepted": licence_accepted,
    "licence-corrections": licence_corrections,
    "licence-rejected": licence_rejected,
    "licence-granted": licence_granted,
    "licence-refused": licence_refused,
    "licence-certificate": licence_certificate,
}
