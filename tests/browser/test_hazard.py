"""A tank farm of ammonia and chlorine: identified, graded, drawn with its 500 m ring, taken over and filed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import shapely
from playwright.sync_api import expect

from casework.terms import local_day
from core.actors import Actor
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE, Sensitivity
from emergency.gb18218.grading import hazard_level
from layers.catalogue import CATALOGUE
from layers.catalogue.hazards import HazardSource
from store.embedded import open_embedded
from store.feed import Delete, Put
from tests.app.test_doors import signed_in
from tests.browser.conftest import HALL, Visit
from tests.server import Served

pytestmark = pytest.mark.browser

SLOW = 20_000
FIRM, CODE = "91990106MATYEK5E8U", "HTEST0001"
WRITER = Actor(id="test", name="试", door="cli")
RING = "path[stroke='#4FD1C5']"


def farm() -> HazardSource:
    """As it is entered before anybody graded it: 100 t of ammonia, 60 t of chlorine, no S and no R."""
    return HazardSource(
        code=CODE, name="氨氯罐区(试)", enterprise=FIRM, grade=4, substances=("氨", "氯"),
        cas_numbers=("7664-41-7", "7782-50-5"), quantities=("100000", "60000"), main_chemical="氨",
        area="990106201", geometry=shapely.Point(121.9306, 33.2045), sensitivity=Sensitivity.INTERNAL,
    )  # fmt: skip


def test_a_tank_farm_of_ammonia_and_chlorine_is_identified_graded_drawn_and_filed(
    written: Served, visit: Callable[..., Visit]
) -> None:
    store = open_embedded(written.data / "city.gpkg", CATALOGUE, utc_now)
    filing = {
        "title": "氨氯罐区备案",
        "hazard": CODE,
        "assessed_on": (local_day(utc_now()) - timedelta(days=2)).isoformat(),
    }
    asked = {"system": "major-hazard"}
    try:
        edit = Put(layer="hazard_sources", record=farm())
        store.commit([edit], actor=WRITER, reason="试", scope=SYSTEM_SCOPE)
        with signed_in(written.address, "enterprise") as firm, signed_in(written.address, "district") as officer:
            early = firm.post("/api/cases/open", json=asked | {"values": filing})
            assert early.status_code == 422
            assert "尚未按 GB 18218 辨识分级" in early.text
            desk = visit(written.address, "district", HALL)
            page = desk.open(f"/map?layers=hazard_sources&sel=hazard_sources:{CODE}&c=121.9306,33.2045&z=15")
            card = page.locator("#map-card [data-section=grading]")
            card.get_by_role("button", name="按 GB 18218 核算").click(timeout=SLOW)
            sums = card.locator("table")
            expect(sums.locator("tr", has_text="S").last).to_contain_text("22", timeout=SLOW)
            told = officer.get("/api/grading", params={"key": CODE}).json()
            assert told["s"] == pytest.approx(100 / 10 + 60 / 5)
            assert told["r"] == pytest.approx(told["alpha"] * (2 * 100 / 10 + 4 * 60 / 5))
            assert told["level"] == hazard_level(told["r"])
            expect(page.locator(RING)).to_have_count(1)
            page.wait_for_function("() => !OneMap.map.map._animatingZoom && !OneMap.map.map._panAnim?._inProgress")
            box = page.locator(RING).bounding_box()
            metres = page.evaluate("() => { const map = OneMap.map.map, c = map.getCenter(), p = map.project(c);"
                                   " return map.distance(c, map.unproject(p.add([100, 0]))) / 100; }")  # fmt: skip
            assert box is not None
            assert box["width"] * metres == pytest.approx(1000, rel=0.03), "500 m to either side"
            card.get_by_role("button", name="采用核算结果").click()
            basics = page.locator("#map-card [data-section=basics]")
            expect(basics).to_contain_text(f"{told['r']:g}", timeout=SLOW)
            case = firm.post("/api/cases/open", json=asked | {"values": filing})
            assert case.status_code == 200, case.text
            made = case.json()
            step = asked | {"code": made["code"], "version": made["version"], "step": "register"}
            filed = officer.post("/api/cases/step", json=step | {"values": {"checked": "与现场一致"}})
            assert filed.status_code == 200, filed.text
            page = desk.open(f"/cases?system=major-hazard&view=standing&code={made['code']}")
            one = page.locator("#case-one")
            expect(one).to_contain_text("在册", timeout=SLOW)
            expect(one).to_contain_text(f"{told['r']:g}")
            assert desk.faults == []
    finally:
        store.commit([Delete(layer="hazard_sources", key=CODE)], actor=WRITER, reason="试毕", scope=SYSTEM_SCOPE)
        store.close()
