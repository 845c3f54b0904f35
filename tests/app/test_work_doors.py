"""Exports asked for at the door and files attached through it, from outside: each caller within their own rights."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from layers.catalogue import CATALOGUE
from tests.app.test_doors import signed_in
from tests.server import Served
from tests.waiting import until

PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 100


@pytest.fixture
def city(written: Served) -> Iterator[httpx.Client]:
    with signed_in(written.address, "city") as client:
        yield client


@pytest.fixture
def district(written: Served) -> Iterator[httpx.Client]:
    with signed_in(written.address, "district") as client:
        yield client


@pytest.fixture
def public(written: Served) -> Iterator[httpx.Client]:
    with signed_in(written.address, "public") as client:
        yield client


def ended(client: httpx.Client, job: str) -> dict[str, Any]:
    """The job once it has ended; asking is how a browser learns of it too."""
    found: dict[str, Any] = until(
        lambda: client.get(f"/api/jobs/{job}").json(), lambda told: told["state"] in ("done", "failed", "cancelled"), 60
    )
    return found


def exported(client: httpx.Client, **asked: object) -> dict[str, Any]:
    answer = client.post("/api/jobs", json={"kind": "export", "asked": asked})
    assert answer.status_code == 202, answer.text
    return ended(client, answer.json()["id"])


def keys_in(client: httpx.Client, job: dict[str, Any], folder: Path, layer: str) -> set[str]:
    path = folder / "taken.gpkg"
    path.write_bytes(client.get(f"/api/jobs/{job['id']}/file").content)
    db = sqlite3.connect(path)
    try:
        names = {row[0] for row in db.execute("SELECT table_name FROM gpkg_contents")}
        return (
            {row[0] for row in db.execute(f"SELECT {CATALOGUE[layer].key} FROM {layer}")} if layer in names else set()
        )
    finally:
        db.close()


def test_an_export_holds_the_rows_the_map_shows_under_its_filters(city: httpx.Client, tmp_path: Path) -> None:
    job = exported(city, layers=["enterprises", "sensors"], filters={"risk": "1"})
    assert job["state"] == "done", job
    assert job["title"] == f"导出{CATALOGUE['enterprises'].title}、{CATALOGUE['sensors'].title}(gpkg)"
    table = city.get("/api/table/enterprises?risk=1").json()
    assert set(table["keys"]) == keys_in(city, job, tmp_path, "enterprises")
    sensors = city.get("/api/table/sensors?risk=1").json()
    assert len(keys_in(city, job, tmp_path, "sensors")) == sensors["total"] > 0


def test_each_caller_takes_out_what_they_may_see_and_no_more(
    city: httpx.Client, district: httpx.Client, public: httpx.Client, tmp_path: Path
) -> None:
    found = {}
    for name, client in (("city", city), ("district", district), ("public", public)):
        found[name] = keys_in(client, exported(client, layers=["enterprises"]), tmp_path, "enterprises")
    assert found["district"] < found["city"]
    assert len(found["district"]) == district.get("/api/table/enterprises").json()["total"]
    assert len(found["public"]) == public.get("/api/table/enterprises").json()["total"]


def test_a_job_and_its_file_are_their_owners_alone(written: Served, city: httpx.Client, district: httpx.Client) -> None:
    job = exported(city, layers=["shelters"], format="csv")
    assert job["file"]["name"].endswith(".zip")
    for path in (f"/api/jobs/{job['id']}", f"/api/jobs/{job['id']}/file"):
        assert district.get(path).status_code == 404
        assert httpx.get(written.address + path).status_code == 401
    assert district.post(f"/api/jobs/{job['id']}/cancel").status_code == 404
    assert job["id"] not in [one["id"] for one in district.get("/api/jobs").json()["jobs"]]
    assert job["id"] in [one["id"] for one in city.get("/api/jobs").json()["jobs"]]


def test_a_file_made_under_other_rights_is_not_given_out(written: Served, district: httpx.Client) -> None:
    job = exported(district, layers=["shelters"])
    db = sqlite3.connect(written.data / "jobs.db")
    try:
        db.execute("UPDATE jobs SET result = json_set(result, '$.scope', 'other') WHERE id = ?", (job["id"],))
        db.commit()
    finally:
        db.close()
    answer = district.get(f"/api/jobs/{job['id']}/file")
    assert answer.status_code == 403
    assert "权限已变化" in answer.json()["title"]


def test_an_export_is_recorded_with_who_what_and_how_many(written: Served, city: httpx.Client) -> None:
    job = exported(city, layers=["hospitals"], filters={"area": "990106"})
    assert job["state"] == "done"
    db = sqlite3.connect(written.data / "audit.db")
    try:
        read = db.execute(
            "SELECT actor, door, what, filter, rows FROM audit WHERE kind = 'export' ORDER BY seq DESC"
        ).fetchone()
    finally:
        db.close()
    assert read[:4] == ("city", "job", "hospitals", "area=990106")
    assert read[4] == city.get("/api/table/hospitals?area=990106").json()["total"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"kind": "nothing", "asked": {}}, "可用:export"),
        ({"kind": "export", "asked": {"format": "shp"}}, "format"),
        ({"kind": "export", "asked": {"filters": {"colour": "red"}}}, "colour"),
        ({"kind": "export", "asked": {"filters": {"risk": "9"}}}, "risk=9"),
        ([], "JSON 对象"),
    ],
)
def test_a_wrong_request_is_refused_at_the_door_and_named(city: httpx.Client, asked: object, said: str) -> None:
    answer = city.post("/api/jobs", json=asked)
    assert answer.status_code in (400, 422)
    assert said in answer.text


def test_a_layer_the_caller_may_not_see_is_no_layer(public: httpx.Client) -> None:
    job = exported(public, layers=["tanks"])
    assert job["state"] == "failed"
    assert "没有图层“tanks”" in job["doing"]
    assert job["file"] is None


def attach(client: httpx.Client, key: str, content: bytes = PNG, **more: str) -> httpx.Response:
    asked = {"layer": "enterprises", "key": key, "name": "现场 照片.png", **more}
    return client.post("/api/files", params=asked, content=content)


def keys(client: httpx.Client) -> list[str]:
    found: list[str] = client.get("/api/table/enterprises").json()["keys"]
    return found


def test_a_file_goes_in_and_comes_out_unchanged(city: httpx.Client) -> None:
    key = keys(city)[0]
    sent = attach(city, key, note="东门")
    assert sent.status_code == 201, sent.text
    one = sent.json()
    listed = city.get("/api/files", params={"layer": "enterprises", "key": key}).json()
    assert one in listed["files"]
    assert listed["may_change"] is True
    given = city.get(f"/api/files/{one['id']}")
    assert given.content == PNG
    assert given.headers["content-type"] == "image/png"
    assert given.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert "%E7%8E%B0%E5%9C%BA%20%E7%85%A7%E7%89%87.png" in given.headers["content-disposition"]
    again = city.get(f"/api/files/{one['id']}", headers={"if-none-match": given.headers["etag"]})
    assert again.status_code == 304


def test_a_file_at_another_districts_record_does_not_exist(
    written: Served, city: httpx.Client, district: httpx.Client, public: httpx.Client
) -> None:
    foreign = next(key for key in keys(city) if district.get(f"/api/feature/enterprises/{key}").status_code == 404)
    one = attach(city, foreign).json()
    assert district.get(f"/api/files/{one['id']}").status_code == 404
    assert public.get(f"/api/files/{one['id']}").status_code == 404
    assert httpx.get(f"{written.address}/api/files/{one['id']}").status_code == 401
    asked = {"layer": "enterprises", "key": foreign}
    assert district.get("/api/files", params=asked).status_code == 404
    assert attach(district, foreign).status_code == 404
    assert district.post(f"/api/files/{one['id']}/remove?reason=误传误传").status_code == 404


def test_the_public_reads_no_internal_file_and_adds_none(city: httpx.Client, public: httpx.Client) -> None:
    key = keys(public)[0]
    assert attach(city, key).status_code == 201
    listed = public.get("/api/files", params={"layer": "enterprises", "key": key}).json()
    assert (listed["files"], listed["may_change"]) == ([], False)
    assert attach(public, key).status_code == 403


def test_the_register_of_files_is_no_table_of_its_own(city: httpx.Client) -> None:
    assert city.get("/api/table/attachments").status_code == 404
    assert city.get("/api/map/attachments").status_code == 404
    assert "attachments" not in city.get("/api/layers").text
    assert "attachments" not in city.get("/ogc/api/collections?f=json").text


def test_removing_a_file_needs_a_reason(city: httpx.Client) -> None:
    key = keys(city)[0]
    one = attach(city, key).json()
    assert city.post(f"/api/files/{one['id']}/remove").status_code == 400
    assert city.post(f"/api/files/{one['id']}/remove", params={"reason": "误传"}).status_code == 200
    assert city.get(f"/api/files/{one['id']}").status_code == 404


def test_another_site_can_neither_ask_nor_attach(city: httpx.Client) -> None:
    for path in ("/api/jobs", "/api/files?layer=enterprises&key=x&name=a.png"):
        answer = city.post(path, content=PNG, headers={"origin": "https://elsewhere.example"})
        assert answer.status_code == 403


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [(b"<script>", "a.png", "不是可以附加的文件类型"), (b"", "a.png", "是空的"), (PNG, "", "name")],
)
def test_a_wrong_file_is_refused_and_named(city: httpx.Client, content: bytes, name: str, said: str) -> None:
    answer = attach(city, keys(city)[0], content, name=name)
    assert answer.status_code == 400
    assert said in answer.json()["title"]
