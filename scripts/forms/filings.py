"""What is printed when a filing is accepted: its number, what was filed, by whom, and until when it stands."""

from docx.document import Document as Made

from scripts.forms.layout import line, only_if, say, signed, started, table

WIDTHS = (38, 120)


def filing_receipt() -> Made:
    """备案登记表."""
    form = started("备案登记表")
    table(
        form,
        [
            ["备案编号", "{{ filing_number }}"],
            ["单位名称", "{{ party }}"],
            ["统一社会信用代码", "{{ party_code }}"],
            ["单位地址", "{{ address }}"],
            ["备案种类", "{{ kind }}"],
            ["备案名称", "{{ title }}"],
            ["收到材料日期", "{{ lodged_on }}"],
            ["备案日期", "{{ accepted_on }}（{{ late_told }}）"],
            ["有效期至", "{{ valid_until }}"],
        ],
        WIDTHS,
    )
    line(form, "", after=2)
    say(form, "经核对，你单位报送的备案材料齐全，准予备案。")
    only_if(form, "about", "备案内容：{{ about }}")
    only_if(form, "checked", "核对意见：{{ checked }}")
    signed(form, "经办人：{{ officers }}")
    return form


FILINGS = {"filing-receipt": filing_receipt}
