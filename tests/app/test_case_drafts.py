"""Drafts of forms of cases at the doors: their writer's alone, on every device, gone with the step they were of."""

from typing import Any

import httpx

from tests.app.test_case_doors import SYSTEM, done, report, step
from tests.app.test_doors import signed_in
from tests.server import Served


def draft(browser: httpx.Client, **asked: Any) -> Any:
    return done(browser.get("/api/cases/draft", params={"system": SYSTEM, **asked}))["draft"]


def keep(browser: httpx.Client, seen: str = "", **more: Any) -> httpx.Response:
    return browser.post("/api/cases/draft", json={"system": SYSTEM, "seen": seen, **more})


def mine(browser: httpx.Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = done(browser.get("/api/cases/drafts"))["drafts"]
    return [one for one in found if one["name"].endswith("(稿)")]


def test_what_is_typed_survives_signing_out_is_met_by_nobody_else_and_ends_with_the_filing(written: Served) -> None:
    with signed_in(written.address, "enterprise") as firm:
        kept = done(keep(firm, values={"title": "阀门渗漏(稿)", "found_at": "昨天"}))["draft"]
        assert keep(firm, values={"title": "另一窗口"}).status_code == 409, "a window that has not seen it"
        kept = done(keep(firm, kept["mark"], values={"title": "阀门渗漏(稿)"}, reason="待核"))["draft"]
    with signed_in(written.address, "duty") as officer, signed_in(written.address, "enterprise") as firm:
        assert draft(officer) is None
        assert mine(officer) == []
        assert draft(firm)["values"] == {"title": "阀门渗漏(稿)"}
        assert [(one["name"], one["code"], one["open"]) for one in mine(firm)] == [("阀门渗漏(稿)", "", True)]
        case = report(firm, title="阀门渗漏(稿)")
        assert draft(firm) is None
        done(keep(firm, code=case["code"], step="grade_major", values={"harm": "可能"}))
        (one,) = mine(firm)
        assert (one["code"], one["step"], one["step_title"]) == (case["code"], "grade_major", "定为重大隐患")
        refused = step(firm, case, "grade_major", criteria=[])
        assert refused.status_code == 422
        assert draft(firm, code=case["code"], step="grade_major"), "a step that was refused keeps what was typed"
        done(keep(firm, code=case["code"], step="grade_major"))
        assert mine(firm) == []


def test_what_is_no_draft_of_a_form_open_to_the_caller_is_not_kept(written: Served) -> None:
    with (
        signed_in(written.address, "city") as city,
        signed_in(written.address, "enterprise") as firm,
        signed_in(written.address, "committee") as committee,
    ):
        listed = done(city.get("/api/cases/list", params={"system": SYSTEM, "limit": "200"}))["rows"]
        elsewhere = next(row["code"] for row in listed if not row["area"].startswith("990106"))
        assert keep(firm, code=elsewhere, step="plan", values={}).status_code == 404
        assert keep(firm, values={"state": "closed"}).status_code == 400
        assert keep(firm, values={"title": "长" * 30_000}).status_code == 400
        assert keep(committee, values={"title": "甲"}).status_code == 403
        assert done(committee.get("/api/cases/drafts"))["drafts"] == []
