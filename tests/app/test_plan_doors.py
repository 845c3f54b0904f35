"""Plans of inspection at the doors: one's own district's, with progress, and items to choose for a check."""

import httpx

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
        found = east.get("/api/cases/list", params=checks).json()
        assert found["total"] == sum(told["items"][0][name] for name in ("arranged", "begun", "done")) > 0
