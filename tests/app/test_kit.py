"""The incident kit: one file under its reader's rights, no personal field in it, its page asks nobody for anything."""

import csv
import io
import re
import sqlite3
import zipfile
from pathlib import Path

import pytest

from core.canonical import sha256
from core.ids import new_id
from tests.app.test_doors import signed_in
from tests.app.test_incident_warnings import opened
from tests.server import Served

PHONE = "13900001111"


@pytest.fixture(scope="module")
def taken(written: Served, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, bytes], dict[str, bytes]]:
    """An incident of which a person reported, and its kits as an officer and as a committee member get them."""
    with signed_in(written.address, "district") as district, signed_in(written.address, "committee") as committee:
        code = opened(district, title="离线包测试泄漏", reporter="举报人甲", reporter_phone=PHONE)
        note = {"command": new_id(), "code": code, "kind": "note", "text": "=第一句"}
        assert district.post("/api/incidents/note", json=note).status_code == 200
        draft = {"command": new_id(), "code": code, "radius": 900, "level": 2, "items": {"title": "未发布的预警稿"}}
        assert district.post("/api/incidents/warnings/draft", json=draft).status_code == 200
        kits = []
        for caller in (district, committee):
            answer = caller.get("/api/incidents/kit", params={"code": code})
            assert answer.status_code == 200, answer.text
            assert answer.headers["content-type"] == "application/zip"
            with zipfile.ZipFile(io.BytesIO(answer.content)) as kit:
                kits.append({name: kit.read(name) for name in kit.namelist()})
        assert not list((written.data / "kits").glob("*.zip")), "what was sent does not stay"
        district.post("/api/incidents/step", json={"command": new_id(), "code": code, "version": 1, "step": "false",
                                                   "why": "测试结束"})  # fmt: skip
    return code, kits[0], kits[1]


Taken = tuple[str, dict[str, bytes], dict[str, bytes]]


def test_a_kit_holds_layers_page_log_and_the_hash_of_every_file(taken: Taken) -> None:
    code, kit, _ = taken
    sums = dict(reversed(line.split("  ", 1)) for line in kit["SHA256SUMS.txt"].decode().splitlines())  # type: ignore[arg-type]
    assert {name: sha256(body) for name, body in kit.items() if name != "SHA256SUMS.txt"} == sums
    assert code in kit["README.txt"].decode()
    log = list(csv.reader(io.StringIO(kit["log.csv"].decode("utf-8-sig"))))
    assert log[2][5] == "'=第一句", "a spreadsheet runs nothing of it"
    page = kit["map.html"].decode()
    assert page.count("data:image/png;base64,") >= 2, "base maps are inside"
    shown = re.sub(r"<(script|style)>.*?</\1>", "", page, flags=re.DOTALL)
    for address in re.findall(r"(?:src|href)=[\"']([^\"']*)", shown):
        assert address.startswith(("data:", "#")), address
    assert "default-src 'none'" in page


def test_personal_fields_and_layers_the_reader_may_not_see_are_not_in_a_kit(taken: Taken, tmp_path: Path) -> None:
    _, kit, others = taken
    for files in (kit, others):
        for name, body in files.items():
            assert PHONE.encode() not in body, name
            assert "举报人甲".encode() not in body, name
        path = tmp_path / "layers.gpkg"
        path.write_bytes(files["layers.gpkg"])
        base = sqlite3.connect(path)
        tables = {row[0] for row in base.execute("SELECT table_name FROM gpkg_contents")}
        assert {"incidents", "enterprises", "teams"} <= tables
        columns = {table: {row[1] for row in base.execute(f'PRAGMA table_info("{table}")')} for table in tables}
        assert not columns["incidents"] & {"reporter", "reporter_phone"}
        assert not columns["teams"] & {"leader", "leader_phone"}
        assert [row[0] for row in base.execute("SELECT title FROM incidents")] == ["离线包测试泄漏"]
        assert "warning_papers" not in tables
        base.close()
    assert "二级(橙色)" in kit["map.html"].decode()
    assert "二级(橙色)" not in others["map.html"].decode(), "papers that are drafts are for who issues warnings"


def test_who_may_not_take_out_or_see_gets_none(written: Served, taken: Taken) -> None:
    with signed_in(written.address, "enterprise") as firm, signed_in(written.address, "public") as public:
        assert firm.get("/api/incidents/kit", params={"code": taken[0]}).status_code == 403
        assert public.get("/api/incidents/kit", params={"code": taken[0]}).status_code == 404
