"""Cases at the doors: the loop of a danger by two sides, refusals with every reason, scopes, lists, files, export."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import openpyxl
import pytest

from core.clock import CHINA, iso
from tests.app.test_doors import signed_in
from tests.server import Served

SYSTEM = "hidden-danger"
FIRM = "91990106MATYEK5E8U"
OTHER = "91990106MAGULL427N"
PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 30


def report(browser: httpx.Client, **more: Any) -> dict[str, Any]:
    found_at = iso(datetime.now(UTC) - timedelta(hours=1))
    values = {
        "title": "接线盒破损",
        "enterprise": FIRM,
        "found_at": found_at,
        "place": "二车间",
        "origin": "self_check",
    }
    answer = browser.post("/api/cases/open", json={"system": SYSTEM, "values": values | more})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def step(browser: httpx.Client, case: dict[str, Any], name: str, reason: str = "", **values: Any) -> httpx.Response:
    body = {"system": case.get("system", SYSTEM), "code": case["code"], "version": case["version"], "step": name,
            "values": values, "reason": reason}  # fmt: skip
    return browser.post("/api/cases/step", json=body)


def done(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def attach(browser: httpx.Client, case: dict[str, Any], content: bytes = PNG) -> httpx.Response:
    query = {"system": case.get("system", SYSTEM), "code": case["code"], "name": "现场.png"}
    return browser.post("/api/cases/files", params=query, content=content)


def one(browser: httpx.Client, code: str, system: str = SYSTEM) -> httpx.Response:
    return browser.get("/api/cases/one", params={"system": system, "code": code})


FIVE = {"measures": "更换", "funds": 1000, "person": "赵强", "contingency": "停用",
        "mend_by": (datetime.now(CHINA) + timedelta(days=20)).date().isoformat()}  # fmt: skip


def test_a_firm_reports_and_mends_and_the_authority_lists_and_closes_a_major_danger(written: Served) -> None:
    with signed_in(written.address, "enterprise") as firm, signed_in(written.address, "district") as officer:
        case = report(firm)
        assert [one["name"] for one in case["steps"]] == ["grade_general", "grade_major"]
        refused = step(firm, case, "grade_general", criteria=["HC-12"])
        assert refused.status_code == 422
        assert refused.json()["code"] == "step-refused"
        assert "不能定为一般隐患" in refused.json()["title"]
        case = done(step(firm, case, "grade_major", criteria=["HC-12"], description="外壳开裂", harm="可能点燃"))
        assert case["state"] == "listing"
        assert [one["name"] for one in case["steps"]] == ["stop_work"], "a firm may always take its people out"
        seen = done(one(officer, case["code"]))
        assert seen["clock"]["basis"].startswith("5 个工作日")
        assert "未核对原文" in seen["clock"]["basis"]
        assert {option["name"] for option in seen["steps"]} == {
            "return_report", "regrade", "list", "stop_work", "resume_work", "cut_supply", "give_supply_back",
        }  # fmt: skip
        stop = next(option for option in seen["steps"] if option["name"] == "resume_work")
        assert stop["reasons"] == ["没有停产撤人"]
        case = done(step(officer, seen, "list", listed_by="盐港新区应急管理局"))
        case = done(step(firm, case, "plan", **FIVE))
        refused = step(firm, case, "finish", outcome="已更换")
        assert "附件" in refused.json()["title"]
        assert attach(firm, case).status_code == 201
        case = done(step(firm, case, "finish", outcome="已更换"))
        assert [file["name"] for file in case["log"][0]["files"]] == ["现场.png"]
        case = done(step(officer, case, "accept", recheck="合格"))
        assert (case["state"], case["steps"], case["turn"]) == ("closed", [], "")
        assert [line["step"] for line in reversed(case["log"])] == [
            "report", "grade_major", "list", "plan", "finish", "accept"]  # fmt: skip
        assert attach(firm, case, PNG + b"2").status_code == 422
    with signed_in(written.address, "public") as public:
        answer = public.get("/ogc/api/collections/danger_listings/items", params={"limit": 1000, "f": "json"}).json()
        (listed,) = [found for found in answer["features"] if found["id"] == case["code"]]
        assert "enterprise" not in listed["properties"]
        assert "接线盒" not in str(listed)
        assert one(public, case["code"]).status_code == 403


def test_of_two_officers_the_second_is_told_who_was_first(written: Served) -> None:
    with signed_in(written.address, "city") as city, signed_in(written.address, "duty") as duty:
        case = report(city, origin="inspection")
        done(step(city, case, "dismiss", reason="经核查不属实"))
        late = step(duty, case, "dismiss", reason="重复登记")
        assert late.status_code == 409
        assert "王立" in late.json()["title"]
        assert "不予认定" in late.json()["title"]


def test_a_form_is_told_what_is_wrong_as_it_is_filled_in(written: Served) -> None:
    with signed_in(written.address, "enterprise") as firm:
        form = done(firm.get("/api/cases/form", params={"system": SYSTEM}))
        assert {field["name"] for field in form["form"] if field["needed"]} >= {"title", "enterprise", "place"}
        answer = firm.post(
            "/api/cases/check", json={"system": SYSTEM, "values": {"title": "甲", "origin": "inspection"}}
        )
        said = {(reason["field"], reason["rule"]) for reason in answer.json()["reasons"]}
        assert ("place", "须填写隐患部位") in said or ("place", "必须填写") in said
        wrong = firm.post(
            "/api/cases/check", json={"system": SYSTEM, "values": {"found_at": "昨天", "state": "closed"}}
        )
        assert {reason["field"] for reason in wrong.json()["reasons"]} == {"found_at", "state"}
        rival = firm.post("/api/cases/check", json={"system": SYSTEM, "values": {"enterprise": OTHER}})
        assert [reason["rule"] for reason in rival.json()["reasons"]] == ["不是您可办理的企业"]


def test_nobody_meets_a_case_of_another_district_or_firm_at_any_door(written: Served) -> None:
    with (
        signed_in(written.address, "city") as city,
        signed_in(written.address, "enterprise") as firm,
        signed_in(written.address, "district") as district,
        signed_in(written.address, "committee") as committee,
    ):
        listed = done(city.get("/api/cases/list", params={"system": SYSTEM, "limit": "200"}))
        assert listed["total"] > 100
        elsewhere = next(row for row in listed["rows"] if not row["area"].startswith("990106"))
        rivals = next(row for row in listed["rows"] if row["area"].startswith("990106") and row["enterprise"] != FIRM)
        for browser, row in ((district, elsewhere), (firm, elsewhere), (firm, rivals)):
            never = one(browser, "YH1999-000001")
            assert one(browser, row["code"]).status_code == never.status_code == 404
            assert step(browser, row | {"version": 1}, "accept", recheck="合格").status_code == 404
            assert attach(browser, row).status_code == 404
            asked = {"system": SYSTEM, "code": row["code"], "step": "accept", "values": {}}
            assert browser.post("/api/cases/check", json=asked).status_code == 404
        mine = done(firm.get("/api/cases/list", params={"system": SYSTEM, "limit": "200"}))
        assert {row["enterprise"] for row in mine["rows"]} == {FIRM}
        assert mine["total"] < listed["total"]
        near = done(district.get("/api/cases/statistics", params={"system": SYSTEM}))
        assert {row["code"] for row in near["areas"]} == {"990106"}
        seen = done(one(committee, rivals["code"]))
        assert seen["steps"] == []
        assert step(committee, seen, "accept", recheck="合格").status_code == 403


def test_the_list_is_narrowed_sorted_and_counted_by_the_server(written: Served) -> None:
    with signed_in(written.address, "city") as city:
        ask = lambda **query: done(city.get("/api/cases/list", params={"system": SYSTEM, **query}))  # noqa: E731
        late = ask(view="overdue", limit="200")
        assert late["total"] == len(late["rows"]) >= 10
        assert all(row["overdue"] and row["days"] <= 0 for row in late["rows"])
        assert [row["due_at"] for row in late["rows"]] == sorted(row["due_at"] for row in late["rows"])
        major = ask(level="1", view="open", limit="200")
        assert {row["grade"] for row in major["rows"]} == {1}
        found = ask(q="可燃气体", limit="200")
        assert found["total"] == len([row for row in found["rows"] if "可燃气体" in row["title"]]) > 0
        page = ask(sort="code", desc="1", limit="5", offset="5")
        assert [row["code"] for row in page["rows"]] == [row["code"] for row in ask(sort="code", desc="1")["rows"]][
            5:10
        ]
        assert city.get("/api/cases/list", params={"system": SYSTEM, "colour": "red"}).status_code == 400
        overview = done(city.get("/api/cases"))["systems"][0]
        assert overview["counts"]["overdue"] == late["total"]
        tiers = done(city.get("/api/cases/supervision", params={"system": SYSTEM}))
        assert [one["overdue"] for one in tiers["cases"]] == sorted(
            (one["overdue"] for one in tiers["cases"]), reverse=True
        )
        held = tiers["cases"][0]
        last = next(line for line in done(one(city, held["code"]))["log"] if line["step"] != "remind")
        assert (held["overdue"], held["turn_word"] != "", held["by"]) == (True, True, last["by"])
        assert sum(row.get("overdue", 0) for row in tiers["areas"]) == late["total"]
        stated = done(city.get("/api/cases/statistics", params={"system": SYSTEM}))
        assert stated["total"] == overview["counts"]["all"] == sum(row["count"] for row in stated["months"])


def test_a_device_that_goes_away_is_told_the_steps_of_every_state_its_reader_could_bring_the_case_to(
    written: Served,
) -> None:
    ask = {"system": "site-check", "view": "open", "state": "planned", "limit": "1"}
    with signed_in(written.address, "city") as city, signed_in(written.address, "enterprise") as firm:
        code = done(city.get("/api/cases/list", params=ask))["rows"][0]["code"]
        told = done(city.get("/api/cases/one", params={"system": "site-check", "code": code, "ahead": "1"}))
        steps = {state: {one["name"] for one in there["steps"]} for state, there in told["ahead"].items()}
        assert steps["planned"] == {one["name"] for one in told["steps"]}
        assert ["record" in steps["on_site"], "sign" in steps["signing"], steps["closed"]] == [True, True, set()]
        assert all(not one["reasons"] for there in told["ahead"].values() for one in there["steps"])
        mine = {"system": SYSTEM, "view": "open", "limit": "1"}
        code = done(firm.get("/api/cases/list", params=mine))["rows"][0]["code"]
        own = done(firm.get("/api/cases/one", params={"system": SYSTEM, "code": code, "ahead": "1"}))["ahead"]
        assert not {one["name"] for there in own.values() for one in there["steps"]} & {"list", "extend", "regrade"}
        assert "ahead" not in done(firm.get("/api/cases/one", params={"system": SYSTEM, "code": code}))
        may = {one["id"]: one["may_take"] for one in done(city.get("/api/cases"))["systems"]}
        assert (may["site-check"], may["complaint"]) == (True, False), "what is sensitive as a whole stays here"


def test_a_worker_of_a_page_that_opens_without_a_network_may_stand_in_front_of_that_page_alone(server: str) -> None:
    with signed_in(server, "city") as city:
        for name, page in (("away", "/cases"), ("field", "/field")):
            assert city.get(f"/assets/worker/{name}.js").headers["service-worker-allowed"] == page
        assert "service-worker-allowed" not in city.get("/assets/worker/read.js").headers


def test_the_list_leaves_as_a_file_of_ones_own_rows_and_is_recorded(written: Served) -> None:
    with signed_in(written.address, "district") as district, signed_in(written.address, "auditor") as auditor:
        answer = district.post("/api/cases/export", json={"system": SYSTEM, "view": "overdue"})
        assert answer.status_code == 200, answer.text
        lines = answer.content.decode("utf-8-sig").splitlines()
        mine = done(district.get("/api/cases/list", params={"system": SYSTEM, "view": "overdue"}))
        assert len(lines) == mine["total"] + 1
        assert "编号" in lines[0]
        book = district.post("/api/cases/export", json={"system": SYSTEM, "view": "overdue", "format": "xlsx"})
        sheet, about = openpyxl.load_workbook(io.BytesIO(book.content)).worksheets
        rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.values]
        assert [row[0] for row in rows] == ["编号", *(row["code"] for row in mine["rows"])]
        state = rows[0].index("办理状态")
        assert [row[state] for row in rows[1:]] == [row["state_word"] for row in mine["rows"]]
        assert ["view=overdue" in str(row[1]) for row in about.values][1]
        entry = auditor.get("/api/audit", params={"kind": "export"}).json()
        assert "dangers" in str(entry)


@pytest.mark.parametrize("body", [{}, {"system": "none"}, {"system": SYSTEM, "values": 3}, {"system": SYSTEM, "x": 1}])
def test_what_is_no_request_of_a_case_is_refused_with_a_sentence(server: str, body: dict[str, Any]) -> None:
    with signed_in(server, "city") as city:
        answer = city.post("/api/cases/open", json=body)
        assert answer.status_code in (400, 404, 422)
        assert answer.json()["title"]
