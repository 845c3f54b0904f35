"""A hazard source graded again at the door: by clause, people counted outside its fence, under the caller's rights."""

from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest
import shapely
from shapely.geometry import shape

from gis.measure import buffer
from tests.app.test_doors import signed_in
from tests.conftest import ROOT

SOURCES: list[dict[str, Any]] = pq.read_table(ROOT / "data" / "samples" / "hazard_sources.parquet").to_pylist()
MIXED = max(SOURCES, key=lambda one: len(one["substances"]))


def graded(client: httpx.Client, key: str) -> dict[str, Any]:
    answer = client.get("/api/grading", params={"key": key})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_r_is_alpha_times_the_sum_of_its_steps_and_each_step_names_its_clause(server: str) -> None:
    with signed_in(server, "city") as city:
        found = graded(city, MIXED["code"])
    steps = {one["symbol"]: one for one in found["steps"]}
    shares = [(name, one["value"]) for name, one in steps.items() if name.startswith("q/Q")]
    betas = [steps[name.replace("q/Q", "β")]["value"] for name, _ in shares]
    assert found["s"] == pytest.approx(sum(value for _, value in shares))
    assert found["r"] == pytest.approx(found["alpha"] * sum(v * b for (_, v), b in zip(shares, betas, strict=True)))
    assert all(one["clause"] and one["how"] for one in found["steps"])
    assert not found["verified"]
    assert [one["share"] for one in found["drivers"]] == sorted(
        (one["share"] for one in found["drivers"]), reverse=True
    )


def test_people_are_counted_outside_the_fence_and_within_five_hundred_metres_of_it(server: str) -> None:
    with signed_in(server, "city") as city:
        found = graded(city, MIXED["code"])
    ring = shape(found["around"]["ring"])
    assert "厂界" in found["around"]["from"]
    assert shapely.get_num_interior_rings(ring) == 1
    outer = shapely.Polygon(shapely.get_exterior_ring(ring))
    fence = shapely.Polygon(shapely.get_interior_ring(ring, 0))
    apart = shapely.symmetric_difference(buffer(fence, 500.0), outer)
    assert shapely.area(apart) < 1e-6 * shapely.area(outer)
    assert 0 <= found["people"] - found["around"]["residents"] < 1


def test_amounts_are_for_those_who_may_see_them_and_the_asking_is_recorded(server: str) -> None:
    with signed_in(server, "committee") as committee:
        refused = committee.get("/api/grading", params={"key": MIXED["code"]})
        assert refused.status_code in (400, 403)
        assert "数量" in refused.text
    with signed_in(server, "public") as public:
        assert public.get("/api/grading", params={"key": MIXED["code"]}).status_code == 404
    with signed_in(server, "auditor") as auditor:
        listed = auditor.get("/api/audit").text
        assert "grading" in listed


def test_a_source_of_another_firm_is_not_there_for_an_enterprise(server: str) -> None:
    own = {"91990106MATYEK5E8U"}
    other = next(one for one in SOURCES if one["enterprise"] not in own)
    with signed_in(server, "enterprise") as firm:
        assert firm.get("/api/grading", params={"key": other["code"]}).status_code == 404
        for one in (one for one in SOURCES if one["enterprise"] in own):
            assert graded(firm, one["code"])["s"] > 0
