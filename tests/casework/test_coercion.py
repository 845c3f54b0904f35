"""What is done at once: things sealed or seized are decided on, power is cut off a day ahead and comes back first."""

from datetime import date, timedelta
from typing import Any

from casework.systems.hidden_danger import HIDDEN_DANGER
from casework.systems.site_check import SITE_CHECK, State
from tests.casework.test_enforcement_papers import Folder
from tests.casework.test_hidden_danger import FIRM, HARM, OFFICER, reported
from tests.casework.test_hidden_danger import refused as danger_refused
from tests.casework.test_site_check import DAY, NOW, ONE, OTHER, PHOTO, refused, signed

SEIZED: dict[str, Any] = {
    "seize_kind": "seize", "seized": ("液氯钢瓶|50 升|3 只",), "seize_why": "超期未检仍在使用",
    "seize_place": "市局库房", "seize_until": date(2026, 3, 30), "seize_approver": "许静文",
}  # fmt: skip
CUT: dict[str, Any] = {
    "cut_kind": "power", "cut_supplier": "云澜供电公司", "cut_from": NOW + DAY, "cut_why": "现场仍在生产,可燃气体报警",
    "cut_approver": "许静文",
}  # fmt: skip


def test_what_is_seized_has_its_list_and_is_decided_on_before_the_check_is_over() -> None:
    case = Folder(SITE_CHECK, signed("G-01").row)
    case.take("seize", **SEIZED)
    assert set(case.said) == {"seizure", "seizure-list"}
    assert all(case.theirs.values()), "the firm has the decision and the list"
    for words in (
        "液氯钢瓶，规格型号：50 升，数量：3 只",
        "第六十五条第一款第四项",
        "扣押",
        "2026年3月30日",
        "申请行政复议",
    ):
        assert words in case.said["seizure"], words
    assert "市局库房" in case.said["seizure-list"]
    visit = signed("G-01").take("seize", files=PHOTO, **SEIZED)
    assert refused(visit, "correct_on_spot", files=PHOTO, mended="已清退") == {
        "decide first on what is sealed or seized"
    }
    assert refused(visit, "seize", files=PHOTO, **SEIZED) == {"what was seized is not decided on"}
    case.take("decide_seized", seize_outcome="检验合格后退还")
    assert "（云澜）应急查扣〔2026〕1号" in case.said["seizure-handling"]
    done = visit.take("decide_seized", seize_outcome="退还").take("correct_on_spot", files=PHOTO, mended="已清退")
    assert done.row.state == State.CLOSED


def test_a_seizure_says_what_until_when_and_who_approved_it_other_than_those_who_check() -> None:
    visit = signed("G-01")
    wrong = SEIZED | {"seized": ("钢瓶",), "seize_until": NOW.date(), "seize_approver": "何立新"}
    assert refused(visit, "seize", files=PHOTO, **wrong) == {
        "each: name|model|amount: 钢瓶", "it must end after today", "the head approves it, and nobody who checks"
    }  # fmt: skip
    assert refused(visit, "decide_seized", OTHER, seize_outcome="退还") == {"nothing is sealed or seized"}


def test_power_is_cut_off_where_a_stop_is_defied_told_a_day_ahead_and_given_back_before_work_goes_on() -> None:
    graded = reported().take("grade_major", FIRM, **HARM, criteria=("HC-12",))
    assert danger_refused(graded, "cut_supply", OFFICER, **CUT) == {"a major danger must have stopped the work"}
    loop = graded.take("stop_work", OFFICER, reason="无法保证安全")
    soon = CUT | {"cut_from": NOW + timedelta(hours=23)}
    early = "it is cut off at 2026年3月3日9时0分 at the earliest"
    assert danger_refused(loop, "cut_supply", OFFICER, **soon) == {early}
    assert loop.take("cut_supply", OFFICER, **soon, cut_urgent=True).row.cut_at == NOW
    assert loop.take("cut_supply", OFFICER, **soon | {"cut_kind": "explosives"}).row.cut_at == NOW
    loop = loop.take("cut_supply", OFFICER, **CUT)
    assert danger_refused(loop, "cut_supply", OFFICER, **CUT) == {"it is cut off already"}
    assert danger_refused(loop, "resume_work", OFFICER, reason="可以") == {"give the supply back first"}
    loop = loop.take("give_supply_back", OFFICER, back_why="已停止生产,可燃气体浓度正常")
    assert not loop.take("resume_work", OFFICER, reason="经审查同意").row.stopped_work


def test_the_firm_has_the_decision_the_supplier_its_notice() -> None:
    case = Folder(HIDDEN_DANGER, reported().take("grade_major", FIRM, **HARM, criteria=("HC-12",)).row)
    case.take("stop_work", ONE, reason="无法保证安全")
    case.take("cut_supply", ONE, **CUT)
    case.take("give_supply_back", ONE, back_why="该单位已停止生产。")
    assert {name: case.theirs[name] for name in ("power-cut", "power-cut-notice", "power-back")} == {
        "power-cut": True, "power-cut-notice": False, "power-back": True
    }  # fmt: skip
    for words in ("拒不执行", "第七十条", "自2026年3月3日9时0分起通知云澜供电公司", "（云澜）应急现决〔2026〕1号"):
        assert words in case.said["power-cut"], words
    assert "紧急情形" not in case.said["power-cut"]
    assert "云澜供电公司：" in case.said["power-cut-notice"]
    assert "恢复对该单位供电" in case.said["power-back"]
