"""The whole product on PostgreSQL: the demo city through every door, with the numbers of the embedded store."""

import json
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from store.audit import Kind, Sought
from store.opening import open_audit
from tests.commands import run
from tests.server import CityCopies, demo_server
from tests.system.test_ogc_check import EXTENDED_ELSEWHERE, NOT_OURS, failures

pytestmark = [pytest.mark.postgis, pytest.mark.system]
LAYERS = ("enterprises", "hazard_sources", "sensors", "hospitals", "areas", "roads", "accidents")
DANGER = "配电箱门锁损坏(库)"
LOGINS = ("city:yunlan-city", "district:yunlan-district", "public:yunlan-public")


@pytest.fixture(scope="module")
def on_postgis(tmp_path_factory: pytest.TempPathFactory, postgres_city: CityCopies) -> Iterator[tuple[str, str, Path]]:
    """A demo server whose rows and accounts are in a database: its address, the database's, the data folder."""
    folder = tmp_path_factory.mktemp("demo-postgis")
    with postgres_city.copied(folder) as database, demo_server(folder, database) as address:
        yield address, database, folder


def get(url: str, login: str = "") -> bytes:
    request = urllib.request.Request(url)
    if login:
        import base64

        request.add_header("Authorization", "Basic " + base64.b64encode(login.encode()).decode())
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


def hits(address: str, layer: str, login: str) -> str:
    url = f"{address}/ogc/wfs?service=WFS&version=2.0.0&request=GetFeature&resultType=hits&typeNames=onemap:{layer}"
    try:
        text = get(url, login).decode()
    except urllib.error.HTTPError as error:
        return f"HTTP {error.code}"
    return text.partition('numberMatched="')[2].partition('"')[0]


def test_every_account_counts_the_same_rows_on_both_stores(on_postgis: tuple[str, str, Path], server: str) -> None:
    address = on_postgis[0]
    found = {(login, layer): hits(address, layer, login) for login in LOGINS for layer in LAYERS}
    assert found == {(login, layer): hits(server, layer, login) for login in LOGINS for layer in LAYERS}
    assert int(found["city:yunlan-city", "enterprises"]) > 800


def test_the_ogc_api_filters_alike(on_postgis: tuple[str, str, Path], server: str) -> None:
    query = (
        "/ogc/api/collections/enterprises/items?f=json&limit=200&filter-lang=cql2-text&filter="
        "risk%3C%3D2%20AND%20S_INTERSECTS(geometry,POLYGON((121.7%2033,122%2033,122%2033.4,121.7%2033.4,121.7%2033)))"
    )
    both = [json.loads(get(base + query, LOGINS[0])) for base in (on_postgis[0], server)]
    assert [f["id"] for f in both[0]["features"]] == [f["id"] for f in both[1]["features"]]
    assert both[0]["features"]


def test_a_map_is_drawn_from_the_database(on_postgis: tuple[str, str, Path], server: str) -> None:
    query = (
        "/ogc/wms?service=WMS&version=1.3.0&request=GetMap&layers=basemap,enterprises,hazard_sources&styles=,,"
        "&crs=EPSG:4490&bbox=33.02,121.6,33.36,122.1&width=600&height=400&format=image/png"
    )
    pictures = [get(base + query, LOGINS[0]) for base in (on_postgis[0], server)]
    import io

    import numpy as np
    from PIL import Image

    pixels = [np.asarray(Image.open(io.BytesIO(p)).convert("RGB")).astype(int) for p in pictures]
    assert pixels[0].std() > 5
    different = (np.abs(pixels[0] - pixels[1]).max(axis=2) > 40).mean()
    assert different < 0.01


def test_a_sensitive_read_is_in_the_audit_in_the_database(on_postgis: tuple[str, str, Path]) -> None:
    address, database, _ = on_postgis
    query = "/ogc/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=enterprises&count=3&startIndex=17"
    get(address + query, LOGINS[0])
    with closing(open_audit(Path(), database)) as log:
        newest = log.search(Sought(kinds=(Kind.READ,), what="enterprises"), limit=1)[0].entry
        assert (newest.actor, newest.door, newest.rows, newest.address) == ("city", "ogc", 3, "127.0.0.1")
        found = log.verify()
    assert found.entries > 0
    assert found.findings == ()


def test_commands_work_on_the_database(on_postgis: tuple[str, str, Path], tmp_path: Path) -> None:
    _, database, folder = on_postgis
    there = {"ONEMAP_DATABASE_URL": database}
    done = run("audit", "verify", "--data", str(folder), environment=there)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "一致" in done.stdout
    listed = run("account", "list", "--data", str(folder), environment=there)
    assert "district" in listed.stdout


def test_a_backup_is_brought_back_into_another_database(
    on_postgis: tuple[str, str, Path], postgres_url: str, tmp_path: Path
) -> None:
    _, database, folder = on_postgis

    def onemap(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return run(*arguments, environment={"ONEMAP_DATABASE_URL": url})

    saved = onemap(database, "backup", str(tmp_path / "saved"), "--data", str(folder))
    assert saved.returncode == 0, saved.stderr
    from tests.postgres import own_database

    with own_database(postgres_url) as other:
        back = onemap(other, "restore", str(tmp_path / "saved"), "--data", str(tmp_path / "back"))
        assert back.returncode == 0, back.stderr
        checked = onemap(other, "audit", "verify", "--data", str(tmp_path / "back"))
        assert checked.returncode == 0, checked.stdout + checked.stderr
        again = onemap(other, "restore", str(tmp_path / "saved"), "--data", str(tmp_path / "twice"))
        assert again.returncode == 1
        assert "空数据库" in again.stderr


@pytest.mark.browser
def test_the_screens_work_on_the_database(on_postgis: tuple[str, str, Path], chromium: Browser) -> None:
    address = on_postgis[0]
    with chromium.new_context(viewport={"width": 1920, "height": 1080}) as context:
        page = context.new_page()
        errors: list[str] = []
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(address + "/signin?next=/map")
        page.fill("input[name=login]", "city")
        page.fill("input[name=password]", "yunlan-city")
        page.keyboard.press("Enter")
        page.wait_for_url("**/map*")
        page.get_by_text("857").first.wait_for(timeout=20_000)
        page.goto(address + "/hall?incident=none")
        page.get_by_text("在管企业").first.wait_for(timeout=20_000)
        page.get_by_text("857").first.wait_for(timeout=20_000)
        page.goto(address + "/cases?view=open")
        page.locator("#case-bar").get_by_role("button", name="上报").click(timeout=20_000)
        form = page.locator("dialog.case-dialog")
        for name, value in (("title", DANGER), ("place", "二车间"), ("found_at", "2026-01-05T08:00")):
            form.locator(f"[name={name}]").fill(value)
        form.locator("[name=enterprise]").fill("91990106MATYEK5E8U")
        form.get_by_role("button", name="上报").click()
        case = page.locator("#case-one")
        expect(case.locator("h2")).to_have_text(DANGER, timeout=20_000)
        case.get_by_role("button", name="定为一般隐患").click(timeout=20_000)
        form.get_by_role("button", name="定为一般隐患").click()
        expect(case.locator(".case-log li")).to_have_count(2, timeout=20_000)
        expect(case.locator(".case-log li").first).to_contain_text("定为一般隐患")
        page.goto(address + f"/cases?view=open&q={DANGER[:6]}")
        expect(page.locator(".case-rows li", has_text=DANGER)).to_be_visible(timeout=20_000)
    assert errors == []


def test_the_ogc_harness_finds_no_fault_on_postgresql(on_postgis: tuple[str, str, Path], test_data: Path) -> None:
    failed, skipped, passed = failures(on_postgis[0], test_data)
    assert set(failed) <= set(NOT_OURS), failed
    assert skipped <= EXTENDED_ELSEWHERE
    assert passed >= 75
