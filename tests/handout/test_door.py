"""`POST /api/planner/export` from outside: who gets which file, what is recorded and what is refused."""

import io
import re
from contextlib import closing
from typing import Any
from urllib.parse import unquote

import httpx
import pypdf
import pytest

from store.audit import Kind
from store.opening import open_audit
from tests.app.test_doors import signed_in
from tests.handout.conftest import BLAST, CHLORINE, LESS
from tests.server import Served

TYPES = {
    "gpkg": "application/geopackage+sqlite3", "kml": "application/vnd.google-earth.kml+xml",
    "html": "text/html",
    "pdf": "application/pdf",
}  # fmt: skip


def exported(server: str, login: str = "city", **body: Any) -> httpx.Response:
    with signed_in(server, login) as client:
        return client.post("/api/planner/export", json=body, timeout=120)


@pytest.mark.parametrize("form", TYPES)
def test_a_file_comes_with_its_type_and_the_scenarios_title_as_name(server: str, form: str) -> None:
    answer = exported(server, format=form, scenario=CHLORINE)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].split(";")[0] == TYPES[form]
    named = unquote(answer.headers["content-disposition"].split("''")[1])
    assert re.fullmatch(rf"推演_2-号储罐泄漏--氯_\d{{8}}-\d{{4}}\.{form}", named)
    assert answer.headers["cache-control"] == "no-store"


def test_a_comparison_is_named_so_and_holds_both(server: str) -> None:
    answer = exported(server, format="kml", scenario=CHLORINE, second=LESS)
    assert "推演对比_" in unquote(answer.headers["content-disposition"])
    assert "B 阀门泄漏" in answer.text


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"format": "docx", "scenario": CHLORINE}, {"format"}),
        ({"scenario": CHLORINE, "more": 1}, {"format", "more"}),
        ({"format": "kml", "scenario": CHLORINE | {"place": {"lon": 400, "lat": 33}}}, {"place.lon"}),
        ({"format": "kml", "scenario": BLAST, "second": BLAST | {"chemical": "x"}}, {"second.chemical"}),
    ],
)
def test_every_wrong_field_is_named(server: str, body: dict[str, Any], fields: set[str]) -> None:
    answer = exported(server, **body)
    assert answer.status_code == 422
    assert {fault["field"] for fault in answer.json()["faults"]} == fields


def test_a_file_without_a_scenario_is_refused(server: str) -> None:
    assert exported(server, format="kml").status_code == 400


@pytest.mark.parametrize("login", ["public", "intermediary"])
def test_handing_on_is_for_planners(server: str, login: str) -> None:
    assert exported(server, login, format="kml", scenario=CHLORINE).status_code == 403


def test_an_enterprise_hands_on_its_own_hazards_alone(server: str) -> None:
    with signed_in(server, "enterprise") as client:
        own = client.get("/api/map/hazard_sources").json()
    place = {"lon": own["lon"][0], "lat": own["lat"][0]}
    wide = BLAST | {"place": place, "release": {"kind": "tnt", "tnt_mass": "2000 t"}}
    mine, every = (exported(server, login, format="kml", scenario=wide).text for login in ("enterprise", "city"))
    counts = [int(re.findall(r"其他重大危险源 (\d+)", text)[0]) for text in (mine, every)]
    assert 0 < counts[0] < counts[1]


def test_chlorine_at_2_kg_a_second_gives_zones_people_schools_and_a_printed_plan(server: str) -> None:
    """MISSION C06: chlorine, 2 kg/s, wind north-east 3 m/s, class D."""
    with signed_in(server, "city") as client:
        told = client.post("/api/planner/compute", json=CHLORINE, timeout=60).json()
        printed = client.post("/api/planner/export", json={"format": "pdf", "scenario": CHLORINE}, timeout=240)
    names = [zone["name"] for zone in told["zones"] if zone["reached"]]
    assert [name.split(" ")[0] for name in names] == ["AEGL-3", "AEGL-2", "AEGL-1"]
    people = [one["residents"] for one in told["exposure"]["people"]]
    assert 0 < people[0] <= people[1] <= people[2]
    assert printed.status_code == 200, printed.text
    pages = pypdf.PdfReader(io.BytesIO(printed.content)).pages
    plan = re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))
    for zone, inside in zip(told["zones"], people, strict=True):
        assert zone["name"].replace(" ", "") in plan
        assert f"{round(inside):,}" in plan
    schools = [row["name"] for row in told["exposure"]["targets"]["rows"] if "中学" in row["name"]]
    assert schools
    assert all(name in plan for name in schools)
    assert "东北风3m/s" in plan
    assert told["fingerprint"] in plan


def test_what_is_taken_out_is_recorded_under_the_fingerprint(written: Served) -> None:
    with closing(open_audit(written.data, None)) as log:
        before = log.head()[0]
        answer = exported(written.address, format="kml", scenario=CHLORINE)
        kept = {one.what: one for one in log.reads() if one.kind == Kind.EXPORT and one.seq > before}
    with signed_in(written.address, "city") as client:
        told = client.post("/api/planner/compute", json=CHLORINE, timeout=60).json()
    assert told["fingerprint"] in answer.text
    listed = {row["layer"] for kind in ("targets", "hazards", "roads") for row in told["exposure"][kind]["rows"]}
    assert set(kept) == listed
    (where,) = {one.where for one in kept.values()}
    assert where.startswith(f"planner kml; {told['fingerprint']}; asked ")
    assert {one.actor for one in kept.values()} == {"city"}
