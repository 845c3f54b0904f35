"""Rules of a camera at their doors: drawn, checked, kept as versions, of one's own areas, by officers alone."""

from collections.abc import Iterator
from contextlib import closing

import httpx
import numpy as np
import pytest

from app.video.recording import ANALYST
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from core.texts import Lang
from dashboards.queries.violations import one_event
from layers.catalogue import CAMERAS, CATALOGUE, VIOLATIONS
from layers.filters import Under
from store.attachments import Cabinet
from store.feed import Put
from store.opening import open_store
from store.query import Query
from tests.app.test_doors import signed_in
from tests.server import Served
from tests.video.telling import ELSEWHERE, HERE, telling
from tests.video.test_geometry import NORTH, ORIGIN, WEST
from tests.video.test_grounding import LENS, SIZE, pairs

DRAWN = {"size": list(SIZE), "zones": {"门": [[500, 400], [700, 400], [700, 700], [500, 700]]},
         "rules": [{"id": "in", "kind": "intrusion", "zone": "门"}]}  # fmt: skip


def a_camera(data: Served, area: str) -> str:
    with closing(open_store(data.data, None, CATALOGUE, utc_now)) as store:
        query = Query(where=Under("area", area), fields=("code",), geometry=False)
        return str(sorted(store.read(CAMERAS, query, scope=SYSTEM_SCOPE)["code"].to_pylist())[-1])


@pytest.fixture
def district(written: Served) -> Iterator[httpx.Client]:
    with signed_in(written.address, "district") as client:
        yield client


def test_what_is_drawn_is_checked_put_on_the_ground_and_kept_as_versions_of_which_the_second_of_two_is_refused(
    written: Served,
    district: httpx.Client,
) -> None:
    camera = a_camera(written, HERE)
    first = district.get("/api/cameras/rules", params={"camera": camera}).json()
    assert (first["version"], first["setup"], first["may_write"]) == (0, {}, True)
    by_code = {one["code"]: one for one in first["kinds"]}
    assert by_code["black"]["missing"] == ""
    assert "未安装" in by_code["intrusion"]["missing"], "no model is installed"
    assert (by_code["absence"]["after"], by_code["absence"]["people"]) == (300, True)
    assert all(one["source"] and one["status"] for one in [*first["kinds"], *first["limits"].values()])
    wrong = DRAWN | {"rules": [{"id": "in", "kind": "intrusion", "zone": "窗", "people": -1}]}
    told = district.post("/api/cameras/rules/preview", json={"camera": camera, "setup": wrong}).json()
    assert [(one["field"], one["value"], one["rule"]) for one in told["faults"]] == [
        ("rules.0.people", "-1", "须不小于 0")
    ]
    worse = DRAWN | {"calibration": pairs(noise=6.0)}
    told = district.post("/api/cameras/rules/preview", json={"camera": camera, "setup": worse}).json()
    assert told["drawn"]["rms"] > 0.5
    assert max(told["drawn"]["errors"]) == told["drawn"]["errors"][2]
    assert "须不超过 0.5 米" in told["faults"][0]["rule"]
    good = DRAWN | {"calibration": pairs()}
    order = {"camera": camera, "version": 0, "reason": "首次设定", "setup": good}
    assert district.post("/api/cameras/rules", json=order | {"setup": worse}).status_code == 422
    kept = district.post("/api/cameras/rules", json=order)
    assert kept.status_code == 200, kept.text
    drawn = kept.json()["drawn"]
    ring = np.array(drawn["zones"]["门"]["ground"])
    seen = LENS.picture(NORTH, WEST)
    a, b, c = drawn["horizon"]
    assert (seen @ [a, b] + c > 0).all()
    assert abs(ring - [ORIGIN.lon, ORIGIN.lat]).max() < 1e-3
    again = district.post("/api/cameras/rules", json=order)
    assert again.status_code == 409
    later = district.post("/api/cameras/rules", json=order | {"version": 1, "reason": "增加标定", "setup": good}).json()
    assert [(one["version"], one["reason"]) for one in later["history"]] == [(2, "增加标定"), (1, "首次设定")]


def test_rules_of_a_camera_are_read_and_written_in_ones_own_area_by_officers(written: Served) -> None:
    mine, other = a_camera(written, HERE), a_camera(written, ELSEWHERE)
    order = {"version": 0, "reason": "试", "setup": DRAWN}
    with signed_in(written.address, "district") as client:
        assert client.get("/api/cameras/rules", params={"camera": other}).status_code == 404
        assert client.post("/api/cameras/rules", json=order | {"camera": other}).status_code == 404
    with signed_in(written.address, "committee") as client:
        assert client.get("/api/cameras/rules", params={"camera": mine}).status_code == 403
        assert client.post("/api/cameras/rules", json=order | {"camera": mine}).status_code == 403


def test_an_event_says_where_it_stands_and_by_how_much_that_may_be_off(written: Served) -> None:
    with telling(written.data) as tell:
        event = tell()
    assert event is not None
    with closing(open_store(written.data, None, CATALOGUE, utc_now)) as store:
        cabinet = Cabinet(store, written.data / "files", utc_now, largest=1)
        one = one_event(store, cabinet, event.code, scope=SYSTEM_SCOPE, lang=Lang.ZH, now=utc_now())
        assert (one["place"]["words"], one["place"]["on_ground"]) == ("标于摄像机处:未标定", False)
        there = event.model_copy(update={"placed": "ground", "accuracy": 2.2})
        store.commit([Put(layer=VIOLATIONS.id, record=there)], actor=ANALYST, reason="t", scope=SYSTEM_SCOPE)
        one = one_event(store, cabinet, event.code, scope=SYSTEM_SCOPE, lang=Lang.ZH, now=utc_now())
        assert one["place"]["words"] == "按标定,误差约 3 m"
