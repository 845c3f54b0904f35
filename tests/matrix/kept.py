"""A scenario kept in each of two districts, for the tests that compare what the two are shown."""

from typing import Any

import httpx

LEAK: dict[str, Any] = {
    "title": "氯气泄漏", "chemical": "7782-50-5",
    "release": {"kind": "direct", "mass_rate": 0.2, "duration": 600.0},
    "weather": {"wind_speed": 3.0, "wind_from": 45.0, "stability": "D", "ambient_temperature": 281.0},
}  # fmt: skip


def keep(browser: httpx.Client) -> None:
    """A chlorine leak at the first hazard source that somebody sees, unless they have kept one already."""
    if browser.get("/api/scenarios").json()["total"]:
        return
    found = browser.get("/api/map/hazard_sources").json()
    place = {"lon": found["lon"][0], "lat": found["lat"][0]}
    wish = {**LEAK, "place": place, "hazard_source": found["keys"][0]}
    answer = browser.post("/api/scenarios", json={"scenario": wish})
    assert answer.status_code == 201, answer.text
