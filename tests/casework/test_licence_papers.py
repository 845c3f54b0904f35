"""The papers of licensing say what was decided, when, and where a party may turn to."""

from datetime import date, datetime
from typing import Any

import pytest

from casework.casetype import Role
from casework.documents.filling import filled_form
from casework.documents.organs import Organ
from casework.documents.printing import left_out, page
from casework.engine import Who
from casework.papers import Drafting, Firm, paper
from casework.systems.admin_licence import ADMIN_LICENCE
from core.clock import CHINA
from layers.catalogue.licences import LicenceCase

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=CHINA)
ORGAN = Organ(
    area="9901", name="云澜市应急管理局", short="云澜", review_organ="云澜市人民政府", court="云澜市中级人民法院"
)
ROW: dict[str, Any] = {
    "code": "XK2026-000012", "title": "危险化学品经营许可", "state": "reviewing", "kind": "P04", "matter": "new",
    "enterprise": "91990106MATYEK5E8U", "enterprise_name": "信禾助剂有限公司", "address": "园区三路258号",
    "scope": "甲醇、丙酮(不带储存)", "received_at": datetime(2026, 3, 2, 9, 0, tzinfo=CHINA), "opened_at": NOW,
    "due_at": datetime(2026, 4, 14, 16, 0, tzinfo=CHINA), "issuer": "云澜市应急管理局", "corrections": "补交评价报告",
    "opened_month": "2026-03", "state_since": NOW, "valid_from": date(2026, 3, 20),
    "valid_until": date(2029, 3, 19), "number": "应急危经字〔2026〕000012 号",
    "area": "990106201",
}  # fmt: skip
SAID = {
    "accepted": (
        "行政许可受理通知书",
        "于2026年3月2日提出",
        "办件编号 XK2026-000012",
        "期限至2026年4月14日",
        "第四十二条",
    ),
    "corrections": ("一次告知", "补交评价报告"),
    "rejected": ("不予受理", "不属于本机关职权范围", "向云澜市人民政府申请行政复议"),
    "granted": ("准予行政许可", "甲醇、丙酮(不带储存)", "2026年3月20日 至 2029年3月19日", "园区三路258号"),
    "refused": ("不予行政许可", "不属于本机关职权范围", "6个月内依法向云澜市中级人民法院提起行政诉讼"),
    "certificate": ("应急危经字〔2026〕000012 号", "信禾助剂有限公司", "91990106MATYEK5E8U"),
}


@pytest.mark.parametrize("id", SAID)
def test_a_paper_of_licensing_says_what_was_decided(id: str) -> None:
    document = next(one for one in ADMIN_LICENCE.documents if one.id == id)
    step = next(one for one in ADMIN_LICENCE.steps if id in one.documents)
    who = Who(account="o1", name="周敏", role=Role.OFFICER)
    given = Drafting(row=LicenceCase(**ROW), who=who, at=NOW, reason="不属于本机关职权范围", organ=ORGAN)
    firm = Firm(name="信禾助剂有限公司", uscc="91990106MATYEK5E8U", head="赵强")
    one = paper(ADMIN_LICENCE, document, step, given, firm)
    more = {"number": "（云澜）应急许〔2026〕1号", "code": "AAAA", "seal": "", "qr": ""}
    docx = filled_form(one.kind.template.read_bytes(), one.words | more)
    assert left_out(docx) == frozenset()
    text = page(docx)
    for words in (*SAID[id], "本文书式样尚未与原文核对", "2026年3月10日"):
        assert words in text, words
