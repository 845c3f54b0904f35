"""Plans of inspection at the doors: one's own district's, with progress, and items to choose for a check."""

from datetime import timedelta

import httpx

from casework.terms import local_day
from core.clock import utc_now
from tests.app.test_case_doors import FIRM
from tests.app.test_doors import signed_in
from tests.server import Served


def _plans(browser: httpx.Client) -> dict[str, str]:
    listed = browser.get("/api/cases/list", params={"system": "inspection-plan", "view": "all"}).json()["rows"]
    return {row["code"]: row["area"] for row in listed}


def test_a_district_reads_its_own_plan_and_no_other_and_chooses_among_its_items(written: Served) -> None:
    with signed_in(written.address, "district") as east, signed_in(written.address, "city") as city:
        own, all_ = _plans(east), _plans(city)
        assert set(own.values()) == {"990106"}
        assert len(set(all_.values())) > 1
        foreign = next(code for code, area in all_.items() if area == "990104")
        assert east.get("/api/cases/plan", params={"code": foreign}).status_code == 404
        code = next(iter(own))
        told = city.get("/api/cases/plan", params={"code": code}).json()
        assert told == east.get("/api/cases/plan", params={"code": code}).json()
        assert told["units"] == sum(one["units"] for one in told["items"]) > 0
        assert [one["code"] for one in told["items"]] == [f"{code}/{n:02d}" for n in range(1, len(told["items"]) + 1)]
        form = east.get("/api/cases/form", params={"system": "site-check"}).json()["form"]
        (field,) = [one for one in form if one["name"] == "plan_item"]
        assert field["choices"]
        assert {one["code"].partition("/")[0] for one in field["choices"]} <= set(own)
        checks = {"system": "site-check", "view": "all", "plan_item": told["items"][0]["code"]}
        if not east.get("/api/cases/list", params=checks).json()["total"]:  # the demo's own are of last year in January
            due = (local_day(utc_now()) + timedelta(days=5)).isoformat()
            more = {"title": "计划内检查(试)", "enterprise": FIRM, "check_by": due, "plan_item": checks["plan_item"]}
            made = east.post("/api/cases/open", json={"system": "site-check", "values": more})
            assert made.status_code == 200, made.text
            told = city.get("/api/cases/plan", params={"code": code}).json()
        found = east.get("/api/cases/list", params=checks).json()
        assert found["total"] == sum(told["items"][0][name] for name in ("arranged", "begun", "done")) > 0


def test_anyone_with_the_right_does_a_draw_again_and_the_map_shows_what_was_drawn(written: Served) -> None:
    with signed_in(written.address, "district") as east, signed_in(written.address, "city") as city:
        listed = {"system": "random-draw", "view": "all"}
        draws = {one["code"]: one["area"] for one in city.get("/api/cases/list", params=listed).json()["rows"]}
        own = next(code for code, area in sorted(draws.items()) if area == "990106")
        foreign = next(code for code, area in draws.items() if area != "990106")
        for door in ("draw", "draw/verify"):
            assert east.get(f"/api/cases/{door}", params={"code": foreign}).status_code == 404
        said = east.get("/api/cases/draw/verify", params={"code": own}).json()
        assert (said["identical"], said["differs"]) == (True, [])
        told = east.get("/api/cases/draw", params={"code": own}).json()
        assert (said["seed"], said["units"]) == (told["seed"], len(told["rows"]))
        assert all(len({one["no"] for one in row["officers"]}) == 2 for row in told["rows"])
        assert sum(one["count"] for one in told["reasons"]) == told["candidates"] - told["standing"] == len(told["out"])
        table = east.get("/api/table/site_checks", params={"checks": own}).json()
        assert table["total"] == len(told["rows"]) == len({row["check"] for row in told["rows"]})
        assert east.get("/api/table/site_checks", params={"checks": "today"}).status_code == 400
        day = east.get("/api/cases/one", params={"system": "random-draw", "code": own}).json()["clock"]["due_day"]
        due = east.get("/api/table/site_checks", params={"checks": day}).json()["total"]
        waiting = {"system": "site-check", "view": "all", "state": "planned", "draw": own}
        assert due >= east.get("/api/cases/list", params=waiting).json()["total"] > 0
        assert due < east.get("/api/table/site_checks").json()["total"]
        assert east.get("/api/table/site_checks", params={"checks": "2020-01-01"}).json()["total"] == 0
