"""A warning through the doors: two persons, one's own areas, what the public is told, the message it is told by."""

from typing import Any

import httpx
import orjson
import pytest
import shapely

from monitoring.warnings.cap import read
from tests.app.test_doors import signed_in
from tests.server import Served

ITEMS = {
    "title": "盐港化工园区液氯泄漏预警", "kind": "hazchem", "level": 2, "starts_at": "2026-11-28T12:00:00+08:00",
    "extent": "园区及下风向 2 公里", "cautions": "可能吸入有毒气体", "measures": "关闭门窗,向上风向撤离",
    "issuer": "盐港新区应急管理局", "areas": ["990106201"], "responses": ["Evacuate"], "basis": "不公开的研判",
}  # fmt: skip


def drafted(client: httpx.Client, **other: Any) -> dict[str, Any]:
    answer = client.post("/api/warnings/draft", json=ITEMS | other)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def taken(client: httpx.Client, one: dict[str, Any], step: str, **more: Any) -> httpx.Response:
    return client.post(
        "/api/warnings/step", json={"code": one["code"], "version": one["version"], "step": step, **more}
    )


def test_a_warning_goes_out_by_two_persons_and_the_public_reads_it_until_it_is_lifted(written: Served) -> None:
    everyone = httpx.Client(base_url=written.address)
    with everyone, signed_in(written.address, "district") as district, signed_in(written.address, "city") as city:
        draft = drafted(district)
        assert draft["missing"] == []
        assert draft["inside"]["enterprises"] > 0
        own = taken(district, draft, "approve")
        assert own.status_code == 409
        assert "拟稿人不能审批本人的稿件" in own.text
        peek = read(district.get("/api/warnings/cap", params={"code": draft["code"]}).content)
        assert (peek.status, peek.message) == ("Draft", "Alert")
        assert everyone.get(f"/public/cap/{draft['code']}").status_code == 404
        approved = taken(city, draft, "approve").json()
        assert taken(district, draft, "publish").status_code == 409, "somebody took a step since"
        published = taken(district, approved, "publish").json()
        page = everyone.get("/public").text
        assert ITEMS["title"] in page
        assert "▲" in page
        assert "不公开的研判" not in page
        assert "王立" not in page
        told = read(everyone.get(f"/public/cap/{draft['code']}").content)
        assert (told.status, told.message) == ("Exercise", "Alert"), "a demo never sounds an actual alarm"
        assert told.infos[0].areas[0].geocodes == (("GB/T 2260", "990106201"),)
        assert told.infos[0].areas[0].polygons
        changing = taken(district, published, "change", items={"level": 1}).json()
        assert "二级" in everyone.get("/public").text, "what was published stands until the change is out"
        assert taken(district, changing, "lift").status_code == 422, "why it is lifted has to be said"
        lifted = taken(district, changing, "lift", why="险情排除").json()
        assert lifted["state"] == "lifted"
        assert ITEMS["title"] not in everyone.get("/public").text
        assert read(everyone.get(f"/public/cap/{draft['code']}").content).message == "Cancel"
        steps = [step["reason"] for step in lifted["history"]]
        assert steps == ["解除:险情排除", "变更", "发布", "审批通过", "拟稿"]


def test_a_red_warning_that_was_published_is_downgraded_by_two_persons_and_told_as_an_update(written: Served) -> None:
    everyone = httpx.Client(base_url=written.address)
    with everyone, signed_in(written.address, "district") as district, signed_in(written.address, "city") as city:
        draft = drafted(district, title="液氯泄漏红色预警", level=1)
        published = taken(district, taken(city, draft, "approve").json(), "publish").json()
        where = f"/public/cap/{draft['code']}"
        first = read(everyone.get(where).content)
        assert first.message == "Alert"
        assert "一级" in everyone.get("/public").text
        changing = taken(district, published, "change", items={"level": 2}).json()
        assert taken(district, changing, "publish").status_code == 409, "a change is approved too"
        assert taken(district, changing, "approve").status_code == 409, "and by another than who made it"
        lower = taken(district, taken(city, changing, "approve").json(), "publish").json()
        assert lower["standing"]["level"] == 2
        told = read(everyone.get(where).content)
        assert (told.message, told.references[0][1]) == ("Update", first.identifier)
        assert told.infos[0].areas[0].geocodes == first.infos[0].areas[0].geocodes
        assert taken(district, lower, "lift", why="险情排除").status_code == 200


def test_a_warning_is_for_ones_own_areas_and_faults_name_their_field(written: Served) -> None:
    with signed_in(written.address, "district") as district, signed_in(written.address, "enterprise") as firm:
        for wrong, field in (
            ({"areas": ["990102"]}, "区划 990102"), ({"areas": []}, "区划 未选"), ({"level": 5}, "level"),
            ({"kind": "ufo"}, "kind"), ({"ends_at": "2026-11-28T11:00:00+08:00"}, "ends_at"),
            ({"polygon": {"type": "Point", "coordinates": [121.9, 33.2]}}, "polygon"),
        ):  # fmt: skip
            answer = district.post("/api/warnings/draft", json=ITEMS | wrong)
            assert answer.status_code in (400, 422), answer.text
            assert field in answer.text
        ring = [[121.97, 33.19], [121.99, 33.19], [121.99, 33.21], [121.97, 33.19]]
        shape = {"type": "Polygon", "coordinates": [ring]}
        drawn = drafted(district, areas=[], polygon=shape)
        assert drawn["paper"]["areas"]
        assert all(code.startswith("990106") for code in drawn["paper"]["areas"])
        towns = district.get("/api/warnings/choices").json()["areas"]
        other = next(
            one["code"] for one in towns if len(one["code"]) > 6 and one["code"] not in drawn["paper"]["areas"]
        )
        coded = taken(district, drawn, "edit", items={"areas": [other], "shape": "kept"}).json()
        assert coded["paper"]["areas"] == [other]
        assert coded["paper"]["geometry"] == drawn["paper"]["geometry"], "codes change, what was drawn stays"
        assert taken(district, coded, "edit", items={"areas": ["990102"], "shape": "kept"}).status_code == 400
        assert taken(district, coded, "edit", items={"areas": [], "shape": "kept"}).status_code == 400
        assert taken(district, coded, "withdraw").json()["state"] == "withdrawn"
        assert firm.get("/api/warnings").status_code == 403


def test_what_is_drawn_beyond_ones_own_areas_is_cut_at_their_edge_and_named(written: Served) -> None:
    wide = shapely.box(121.4, 33.0, 122.2, 33.4)
    polygon = orjson.loads(shapely.to_geojson(wide))
    with signed_in(written.address, "district") as district:
        told = district.post("/api/warnings/areas", json={"polygon": polygon}).json()
        assert told["beyond"]
        assert told["areas"]
        assert all(code.startswith("990106") for code in told["areas"])
        drawn = drafted(district, areas=[], polygon=polygon)
        kept = shapely.from_geojson(orjson.dumps(drawn["paper"]["geometry"]))
        assert kept.area < wide.area
        assert drawn["paper"]["areas"] == told["areas"]
        assert taken(district, drawn, "withdraw").json()["state"] == "withdrawn"


@pytest.mark.parametrize("login", ["public", "intermediary"])
def test_the_risk_index_is_not_open_to_everybody_and_says_so(server: str, login: str) -> None:
    with signed_in(server, login) as caller:
        assert caller.get("/api/risk").status_code == 403


def test_a_district_meets_its_own_risk_with_how_high_it_may_be_and_a_firm_its_own_alone(server: str) -> None:
    with signed_in(server, "district") as district, signed_in(server, "enterprise") as firm:
        told = district.get("/api/risk").json()
        assert {code[:6] for code in told["enterprises"]["area"]} == {"990106"}
        assert {one["code"][:6] for one in told["areas"]} == {"990106"}
        assert all(one["highest"] >= one["score"] for one in told["areas"])
        firms = told["enterprises"]
        assert all(most >= known for known, most in zip(firms["score"], firms["highest"], strict=True))
        key = firms["keys"][0]
        one = district.get("/api/risk/one", params={"key": key}).json()
        assert sum(not term["known"] for term in one["terms"]) == one["unknown"] > 0
        assert "非法定公式" in one["label"]
        before = district.get("/api/risk", params={"at": "2020-01-01T00:00:00Z"})
        assert before.status_code in (400, 422)
        own = firm.get("/api/risk").json()
        assert own["enterprises"]["keys"] == ["91990106MATYEK5E8U"]
        assert own["areas"] == []
        assert firm.get("/api/risk/area", params={"code": "990106"}).status_code == 403
        assert firm.get("/api/risk/one", params={"key": key}).status_code in (200, 404)
