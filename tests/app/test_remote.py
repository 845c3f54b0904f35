"""Layers of other bodies: only from allowed hosts, only what they offer, marked when old, taken off by who may."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import morecantile
import numpy as np
import orjson
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.doors.remote import record_of, remote_routes
from app.problems import on_error
from app.remote.fetching import Elsewhere, ElsewhereError
from app.remote.gate import Gate
from app.remote.kept import Shelf
from core.actors import Actor
from core.caller import Caller, Right
from core.errors import BadInputError, OneMapError
from core.scope import Scope, Sensitivity
from gis.shapes import Bounds
from layers.catalogue import CATALOGUE
from ogc.kvp import KVP
from ogc.oapi import oapi_routes
from ogc.remote.addresses import degrees, tile_box
from ogc.remote.reading import offered
from ogc.render.pool import DrawingPool
from ogc.render.renderer import MapnikRenderer
from ogc.render.sources import GeoPackageRows
from ogc.services import Services
from ogc.wfs.service import wfs
from ogc.wms import wms
from store.feed import Put
from tests.ogc.drawn_city import EAST, EVERYONE, NORTH, SOUTH, WEST, built
from tests.ogc.loopback import served
from tests.ogc.test_oapi import Door

OFFICER = Caller(
    actor=Actor(id="o", name="王立", door="page"), rights=frozenset({Right.MAP}), session="s",
    scope=Scope(areas=("9901",), clearance=Sensitivity.SENSITIVE, writable=None),
)  # fmt: skip
READER = replace(
    OFFICER, actor=Actor(id="r", name="李敏", door="page"), scope=replace(OFFICER.scope, writable=frozenset())
)
CITY = Bounds(WEST, SOUTH, EAST, NORTH)


class Bureau:
    """Another body's server: our own services under its address, and what servers do when they fail."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.address = ""
        self.broken = False
        self.asked = 0

    def routes(self) -> list[Route]:
        return [
            Route("/wms", self.wms), Route("/wfs", self.wfs), Route("/away", lambda _: RedirectResponse("http://evil.example/")),
            Route("/endless", lambda _: RedirectResponse("/endless")), Route("/huge", self.huge),
            Route("/bomb", lambda _: Response(b'<!DOCTYPE a [<!ENTITY b "cc">]><a>&b;</a>', media_type="text/xml")),
        ]  # fmt: skip

    def _said(self, body: bytes, media_type: str, status: int = 200) -> Response:
        self.asked += 1
        return Response(b"broken", status_code=500) if self.broken else Response(body, status, media_type=media_type)

    def wms(self, request: Request) -> Response:
        found = wms(KVP.of_query(request.url.query), EVERYONE, self.services, f"{self.address}/wms")
        return self._said(found.content(), found.media_type, found.status)

    def wfs(self, request: Request) -> Response:
        found = wfs(KVP.of_query(request.url.query), b"", EVERYONE, self.services, f"{self.address}/wfs")
        return self._said(found.content(), found.media_type, found.status)

    def huge(self, _: Request) -> Response:
        return Response(b"x" * 17_000_000, media_type="image/png")


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("bureau")
    store = built(folder / "city.gpkg")
    renderer = MapnikRenderer(CATALOGUE, store, GeoPackageRows(folder / "city.gpkg"), folder, DrawingPool(processes=1))
    yield Services(catalogue=CATALOGUE, store=store, renderer=renderer)
    renderer.close()
    store.close()


@pytest.fixture(scope="module")
def bureau(services: Services) -> Iterator[Bureau]:
    one = Bureau(services)
    features = Starlette(routes=[*one.routes(), *oapi_routes(services, lambda request, path: f"{one.address}{path}")])
    door = Door(features)
    door.caller = EVERYONE
    with served(door) as address:
        one.address = address
        yield one


class Clockwork:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 28, 3, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clockwork:
    return Clockwork()


@pytest.fixture
def gate(bureau: Bureau, services: Services, clock: Clockwork, tmp_path: Path) -> Iterator[Gate]:
    bureau.broken = False
    elsewhere = Elsewhere([bureau.address])
    yield Gate(store=services.store, elsewhere=elsewhere, shelf=Shelf(tmp_path, clock, largest=10_000_000))
    elsewhere.close()


@pytest.fixture
def office(gate: Gate, clock: Clockwork) -> Iterator[tuple[httpx.Client, Door]]:
    door = Door(Starlette(routes=remote_routes(gate, clock), exception_handlers={OneMapError: on_error}))
    door.caller = OFFICER
    with served(door) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield client, door


def added(client: httpx.Client, url: str, kind: str, name: str) -> str:
    wish = {
        "url": url,
        "kind": kind,
        "name": name,
        "title": "邻市企业",
        "attribution": "邻市应急管理局",
        "fresh_seconds": 60,
    }
    answer = client.post("/api/remote", json=wish)
    assert answer.status_code == 200, answer.text
    found: str = answer.json()["id"]
    return found


def pixels(body: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(body)).convert("RGBA"), np.int16)


WEB = morecantile.tms.get("WebMercatorQuad")
TILE = (lambda one: (one.z, one.x, one.y))(WEB.tile(WEST + 0.02, SOUTH + 0.06, 12))
"""A tile over the town's four enterprises."""


def test_each_kind_of_service_is_read_put_on_the_map_and_fetched(
    bureau: Bureau, office: tuple[httpx.Client, Door]
) -> None:
    client, _ = office
    box = WEB.bounds(morecantile.Tile(TILE[1], TILE[2], TILE[0]))
    assert tuple(degrees(tile_box(*TILE))) == pytest.approx(tuple(box), abs=1e-9)
    maps = added(client, f"{bureau.address}/wms", "wms", "enterprises")
    picture = client.get(f"/tiles/remote/{maps}/{TILE[0]}/{TILE[1]}/{TILE[2]}")
    assert picture.headers["content-type"] == "image/png"
    assert (pixels(picture.content)[..., 3] > 0).any()
    window = {"bbox": f"{WEST},{SOUTH},{EAST},{NORTH}"}
    for url, kind, name in (
        (f"{bureau.address}/wfs", "wfs", "onemap:enterprises"), (f"{bureau.address}/ogc/api", "oapif", "enterprises"),
    ):  # fmt: skip
        one = added(client, url, kind, name)
        told = client.get(f"/api/remote/{one}/features", params=window).json()
        assert len(told["features"]) == 5
        lon, lat = told["features"][0]["geometry"]["coordinates"]
        assert WEST <= lon <= EAST
        assert SOUTH <= lat <= NORTH
        client.post("/api/remote/remove", json={"id": one, "version": 1})
    listed = client.get("/api/remote").json()
    assert [(one["title"], one["attribution"], one["kind"]) for one in listed["rows"]] == [
        ("邻市企业", "邻市应急管理局", "wms")
    ]
    client.post("/api/remote/remove", json={"id": maps, "version": 1})
    assert client.get("/api/remote").json()["rows"] == []
    assert client.get(f"/tiles/remote/{maps}/1/0/0").status_code == 404


def test_a_failing_service_is_answered_for_with_what_is_kept_and_its_age(
    bureau: Bureau, office: tuple[httpx.Client, Door], clock: Clockwork
) -> None:
    client, _ = office
    one = added(client, f"{bureau.address}/wms", "wms", "enterprises")
    place = f"/tiles/remote/{one}/{TILE[0]}/{TILE[1]}/{TILE[2]}"
    first, before = client.get(place), bureau.asked
    assert client.get(place).content == first.content
    assert bureau.asked == before
    assert "x-stale" not in first.headers
    bureau.broken = True
    clock.now += timedelta(seconds=61)
    late = client.get(place)
    assert (late.status_code, late.content) == (200, first.content)
    assert late.headers["x-stale"] == first.headers["x-fetched-at"]
    assert (late.headers["age"], late.headers["cache-control"]) == ("61", "no-store")
    assert "warning" not in late.headers, "RFC 9111 took it away"
    assert "500" in client.get("/api/remote").json()["rows"][0]["why"]
    before = bureau.asked
    client.get(place)
    assert bureau.asked == before
    assert client.get(f"/tiles/remote/{one}/12/0/0").status_code == 502
    clock.now += timedelta(days=31)
    assert client.get(place).status_code == 502
    bureau.broken = False
    clock.now += timedelta(seconds=30)
    assert "x-stale" not in client.get(place).headers
    client.post("/api/remote/remove", json={"id": one, "version": 1})


def test_only_allowed_hosts_are_asked_and_no_redirect_leads_away(bureau: Bureau, gate: Gate) -> None:
    for url in ("http://evil.example/wms", "http://127.0.0.1:1/wms", bureau.address.replace("http", "https"),
                "file:///etc/passwd", "http://", bureau.address.replace("//", "//u:p@")):  # fmt: skip
        with pytest.raises(BadInputError):
            gate.look(url, "wms")
    with pytest.raises(BadInputError, match=r"evil\.example"):
        gate.elsewhere.get(f"{bureau.address}/away")
    for path in ("/endless", "/huge", "/nothing"):
        with pytest.raises(ElsewhereError):
            gate.elsewhere.get(bureau.address + path)
    with pytest.raises(BadInputError, match="允许名单"):
        Elsewhere([]).get(bureau.address)


def test_what_is_no_service_or_not_fit_for_the_map_is_said(bureau: Bureau, gate: Gate) -> None:
    for path in ("/bomb", "/wms?service=WMS&request=GetMap"):
        with pytest.raises(BadInputError):
            gate.look(f"{bureau.address}{path}", "wms")
    with pytest.raises(BadInputError):
        offered(b"{}", "https://x.example")
    body = wms(
        KVP.of_query("service=WMS&request=GetCapabilities&version=1.3.0"), EVERYONE, bureau.services, "http://x"
    ).content()
    plain = (
        body.replace(b"EPSG:3857", b"EPSG:2")
        .replace(b"EPSG:4326", b"EPSG:2")
        .replace(b"EPSG:4490", b"EPSG:2")
        .replace(b"CRS:84", b"EPSG:2")
    )
    assert all(one.why_not is not None for one in offered(plain, "http://x"))
    assert all(one.why_not is None for one in offered(body, "http://x"))
    links = {"teams": "items", "terrain": "http://www.opengis.net/def/rel/ogc/1.0/coverage"}
    listed = [{"id": name, "links": [{"rel": rel, "href": "http://x"}]} for name, rel in links.items()]
    told = {one.name: one.why_not for one in offered(orjson.dumps({"collections": listed}), "http://x")}
    assert told["teams"] is None
    assert told["terrain"] is not None
    assert told["terrain"].en == "no features in it"


def test_a_service_that_draws_degrees_only_lies_where_it_should(bureau: Bureau, gate: Gate, clock: Clockwork) -> None:
    one = next(one for one in gate.look(f"{bureau.address}/wms", "wms") if one.name == "enterprises")
    assert one.crs == "EPSG:3857"
    wish: dict[str, Any] = {"title": "度", "attribution": "邻市", "fresh_seconds": 60}
    tiles = []
    for crs in ("EPSG:3857", "EPSG:4490", "CRS:84"):
        record = record_of(replace(one, crs=crs), wish, OFFICER)
        gate.store.commit(
            [Put(layer="remote_layers", record=record)], actor=OFFICER.actor, reason="t", scope=OFFICER.scope
        )
        tiles.append(pixels(gate.tile(OFFICER, record.code, 9, TILE[1] >> 3, TILE[2] >> 3).body))
    middle = [np.argwhere(tile[..., 3] > 128).mean(axis=0) for tile in tiles]
    assert np.abs(middle[0] - middle[1]).max() < 1.5
    assert np.abs(middle[0] - middle[2]).max() < 1.5


def test_who_may_not_change_the_register_neither_adds_nor_looks(
    bureau: Bureau, office: tuple[httpx.Client, Door]
) -> None:
    client, door = office
    one = added(client, f"{bureau.address}/wms", "wms", "roads")
    assert client.post("/api/remote/remove", json={"id": one, "version": 7}).status_code == 409
    wish = {
        "url": f"{bureau.address}/wms",
        "kind": "wms",
        "name": "no_such",
        "title": "t",
        "attribution": "a",
        "fresh_seconds": 60,
    }
    assert client.post("/api/remote", json=wish).status_code == 400
    assert client.post("/api/remote", json={**wish, "fresh_seconds": 1}).status_code == 400
    assert client.post("/api/remote/look", json={"url": "x", "kind": "ftp"}).status_code == 400
    before = bureau.asked
    for caller in (READER, replace(OFFICER, session=None)):
        door.caller = caller
        assert client.post("/api/remote/look", json={"url": wish["url"], "kind": "wms"}).status_code == 403
        assert client.post("/api/remote", json={**wish, "name": "roads"}).status_code == 403
        assert client.post("/api/remote/remove", json={"id": one, "version": 1}).status_code == 403
    assert bureau.asked == before
    door.caller = READER
    told = client.get("/api/remote").json()
    assert (told["may_change"], told["hosts"], one in {row["id"] for row in told["rows"]}) == (False, [], True)
    door.caller = replace(READER, scope=replace(READER.scope, clearance=Sensitivity.PUBLIC))
    assert client.get("/api/remote").json()["rows"] == []
    assert client.get(f"/tiles/remote/{one}/1/0/0").status_code == 404
