"""Registers at their doors: rows that stand are listed apart, and what a case names is read from its own register."""

from datetime import datetime, timedelta
from typing import Any

import httpx

from core.clock import CHINA
from tests.app.test_case_doors import FIRM, done
from tests.app.test_doors import signed_in
from tests.server import Served


def listed(browser: httpx.Client, system: str, view: str, **more: str) -> dict[str, Any]:
    return done(browser.get("/api/cases/list", params={"system": system, "view": view, **more}))


def opened(browser: httpx.Client, system: str, **values: Any) -> httpx.Response:
    return browser.post("/api/cases/open", json={"system": system, "values": values})


def test_what_stands_is_listed_apart_and_an_expired_intermediary_reports_for_nobody(written: Served) -> None:
    with signed_in(written.address, "city") as city, signed_in(written.address, "enterprise") as firm:
        counts = {one["id"]: one["counts"] for one in done(city.get("/api/cases"))["systems"]}["intermediary"]
        assert counts["standing"] > 0
        assert counts["open"] + counts["standing"] + counts["closed"] == counts["all"]
        rows = listed(city, "intermediary", "standing", sort="due_at")["rows"]
        assert {row["turn"] for row in rows} == {""}
        over, fit = rows[0], rows[-1]
        assert over["overdue"]
        assert not fit["overdue"]
        plan = {"title": "应急预案备案", "kind": "emergency_plan", "enterprise": FIRM}
        refused = opened(firm, "filing", **plan, agency=over["code"])
        assert refused.status_code == 422
        assert "资质已过期或不在册" in refused.json()["title"]
        case = done(opened(firm, "filing", **plan, agency=fit["code"]))
        assert fit["title"] in str(case["facts"])
        assert case["state"] == "lodged"
        assert opened(firm, "expert", title="自荐", kind="mine", area="990106", phone="1").status_code == 422
        (area,) = [one for one in done(city.get("/api/cases/form?system=expert"))["form"] if one["name"] == "area"]
        assert {"990102", "990106"} <= {one["code"] for one in area["choices"]}


def test_a_hazard_is_filed_with_the_numbers_of_its_graded_source_whatever_is_typed(written: Served) -> None:
    today = datetime.now(CHINA).date()
    with signed_in(written.address, "enterprise") as firm:
        asked = {"f": "json", "limit": 50}
        sources = firm.get("/ogc/api/collections/hazard_sources/items", params=asked).json()["features"]
        assert {one["properties"]["enterprise"] for one in sources} == {FIRM}
        source = sources[0]["properties"]
        values = {"title": "复评备案", "hazard": source["code"], "assessed_on": (today - timedelta(days=3)).isoformat()}
        typed = opened(firm, "major-hazard", **values, grade=4)
        assert typed.status_code == 422
        case = done(opened(firm, "major-hazard", **values))
        facts = {one["name"]: one["value"] for one in case["facts"]}
        assert facts["r_value"].startswith(f"{source['r_value']:g}")
        assert case["enterprise"] == FIRM
        other = opened(firm, "major-hazard", **values | {"hazard": "H9901060001"})
        assert other.status_code == 422
        assert "不归您办理" in str(other.json())


def test_an_expired_agency_is_refused_and_the_report_of_a_fit_one_stands_with_both(written: Served) -> None:
    with signed_in(written.address, "city") as city:
        agency = listed(city, "intermediary", "standing", sort="due_at")["rows"][-1]
        plan = {"title": "三同时评价备案", "kind": "project_safety", "enterprise": FIRM, "agency": agency["code"]}
        case = done(opened(city, "filing", **plan))
        sections = {
            one["id"]: one for one in city.get(f"/api/feature/intermediaries/{agency['code']}").json()["sections"]
        }
        assert case["code"] in {row["key"] for row in sections["filings"]["rows"]}
        step = {"system": "filing", "code": case["code"], "version": case["version"], "step": "register", "reason": ""}
        done(city.post("/api/cases/step", json=step | {"values": {"checked": "齐全"}}))


def test_hazchem_experts_within_fifty_kilometres_are_found_with_their_phones_and_one_taken_off_is_not(
    written: Served,
) -> None:
    with signed_in(written.address, "city") as city:
        asked = {"layers": ["experts"], "circle": {"lon": 121.85, "lat": 33.2, "radius": 50_000}}
        (block,) = done(city.post("/api/within", json=asked))["blocks"]
        rows = list(zip(block["keys"], block["kind"], block["phone"], block["distance"], strict=True))
        found = [row for row in rows if row[1] == "危险化学品"]
        assert 0 < len(found) < len(rows) == block["count"]
        assert all(phone and distance <= 50_000 for _, _, phone, distance in found)
        assert block["distance"] == sorted(block["distance"])
        values = {"title": "试填专家", "kind": "hazchem", "area": "990106", "phone": "19900009999",
                  "geometry": {"lon": 121.85, "lat": 33.2}}  # fmt: skip
        case = done(opened(city, "expert", **values))
        assert done(city.post("/api/within", json=asked))["blocks"][0]["keys"][0] == case["code"]
        step = {"system": "expert", "code": case["code"], "version": case["version"], "step": "end", "values": {}}
        done(city.post("/api/cases/step", json=step | {"reason": "试填"}))
        assert case["code"] not in done(city.post("/api/within", json=asked))["blocks"][0]["keys"]
