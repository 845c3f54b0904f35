"""The view of a camera at its door: by its row and the terrain, said to whom both are open."""

import pytest
from shapely.geometry import shape

from gis.measure import area
from tests.app.test_doors import signed_in


def test_the_view_of_a_camera_is_its_sector_less_what_the_terrain_hides_and_says_what_it_does_not_know(
    server: str,
) -> None:
    with signed_in(server, "city") as city:
        found = city.get("/api/cameras/sight", params={"key": "C0001", "reach": "500"}).json()
        refused = city.get("/api/cameras/sight", params={"key": "C0001", "reach": "501"})
        unknown = city.get("/api/cameras/sight", params={"key": "C9999", "reach": "500"})
        camera = city.get("/api/feature/cameras/C0001").json()
    view = shape(found["shape"])
    sector = 3.14159265 * 500.0**2 * 62.0 / 360.0
    assert found["hidden"] is not None
    assert area(view) == pytest.approx(sector * (1 - found["hidden"]), rel=0.03)
    west = view.bounds[0] < camera["lon"] - 0.003
    assert west, "it looks west, by 272 degrees"
    assert any("可视距离未登记,按所选 500 米绘制" in one for one in found["notes"])
    assert any("云台可转动" in one for one in found["notes"])
    assert (refused.status_code, unknown.status_code) == (400, 404)
    assert "200、500、1000、2000" in refused.text


def test_of_a_camera_one_does_not_see_no_view_is_told(server: str) -> None:
    with signed_in(server, "public") as public, signed_in(server, "district") as district:
        assert public.get("/api/cameras/sight", params={"key": "C0001", "reach": "500"}).status_code == 404
        assert district.get("/api/cameras/sight", params={"key": "C0001", "reach": "500"}).status_code in (200, 404)
        seen = {one: district.get(f"/api/feature/cameras/{one}").status_code for one in ("C0001", "C0003")}
        told = {
            one: district.get("/api/cameras/sight", params={"key": one, "reach": "200"}).status_code for one in seen
        }
    assert told == seen
    assert sorted(told.values()) == [200, 404]
