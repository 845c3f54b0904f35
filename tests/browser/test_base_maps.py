"""External base maps in the browser, from a tile server on the loopback address that keeps what it is asked."""

import json
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import PHONE, Visit
from tests.server import demo_server

pytestmark = pytest.mark.browser


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


TILE = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\x00\x30\x40\x50"))
    + _chunk(b"IEND", b"")
)


WHOLE = """() => {
  const ground = [...document.querySelectorAll("img.leaflet-tile")].filter((one) => one.src.includes("/tiles/base/"));
  return ground.length > 0 && ground.every((one) => one.classList.contains("leaflet-tile-loaded") && one.naturalWidth);
}"""
"""Every piece of the ground that is in sight has come."""


class Tiles(ThreadingHTTPServer):
    """Answers /good with a picture and /broken with 503."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), _Answer)


class _Answer(BaseHTTPRequestHandler):
    server: Tiles

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        good = self.path.startswith("/good/")
        self.send_response(200 if good else 503)
        self.send_header("content-type", "image/png")
        self.end_headers()
        if good:
            self.wfile.write(TILE)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture(scope="module")
def tiles() -> Iterator[Tiles]:
    served = Tiles()
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    yield served
    served.shutdown()
    thread.join()
    served.server_close()


@pytest.fixture(scope="module")
def with_external(tiles: Tiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    host = f"http://127.0.0.1:{tiles.server_port}"
    known = {"title_en": "Outside", "key": "S3CRET", "attribution": "测绘院", "map_approval_no": "GS(2026)7号"}
    listed = [
        {"id": "outside", "title_zh": "外部图", "url": host + "/good/{z}/{x}/{y}?tk={key}", **known},
        {"id": "broken", "title_zh": "坏底图", "url": host + "/broken/{z}/{x}/{y}?tk={key}", **known},
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONEMAP_EXTERNAL_BASE_MAPS", json.dumps(listed))
        with demo_server(tmp_path_factory.mktemp("external")) as address:
            yield address


def test_what_the_server_had_no_time_to_draw_is_asked_for_again(server: str, visit: Callable[..., Visit]) -> None:
    """A wall stands for days, and a hole in its ground stood with it."""
    page, refused = visit(server, "city").page, set[str]()

    def once(route: Route) -> None:
        if route.request.url in refused:
            route.continue_()
        else:
            refused.add(route.request.url)
            route.fulfill(status=503, headers={"retry-after": "5"})

    page.route("**/tiles/base/**", once)
    for path in ("/map", "/hall?incident=none"):
        refused.clear()
        page.goto(server + path)
        page.wait_for_selector("[data-ready]")
        page.wait_for_function(WHOLE)
        assert refused


def test_none_is_offered_and_no_request_leaves_by_default(server: str, visit: Callable[..., Visit]) -> None:
    found = visit(server)
    page = found.open("/map?base=outside")
    assert page.query_selector("#base-map") is None
    assert found.faults == []


def test_a_listed_one_is_offered_asked_rightly_and_says_what_it_is(
    tiles: Tiles, with_external: str, visit: Callable[..., Visit]
) -> None:
    page = visit(with_external).open("/map?z=12&c=121.9,33.2")
    assert tiles.asked == []
    page.select_option("#base-map", "outside")
    page.wait_for_selector("img.leaflet-tile-loaded[src*='/good/12/']")
    assert any(path.startswith("/good/12/3435/") and path.endswith("?tk=S3CRET") for path in tiles.asked)
    assert all(path.startswith("/good/") for path in tiles.asked)
    expect(page.locator(".source")).to_contain_text("测绘院 · 审图号 GS(2026)7号")
    page.wait_for_function("() => location.search.includes('base=outside')")
    page.select_option("#base-map", "own")
    page.wait_for_selector("img.leaflet-tile-loaded[src*='/tiles/base/night/']")


def test_a_failing_one_is_said_on_the_map_and_ours_is_one_press_away(
    with_external: str, visit: Callable[..., Visit]
) -> None:
    page = visit(with_external, size=PHONE).open("/map?base=broken")
    expect(page.locator(".ground-state")).to_contain_text("坏底图有")
    page.tap(".ground-state button")
    page.wait_for_selector("img.leaflet-tile-loaded[src*='/tiles/base/night/']")
    expect(page.locator(".ground-state")).to_be_hidden()


def test_a_host_that_is_not_listed_is_kept_out(with_external: str, visit: Callable[..., Visit]) -> None:
    page = visit(with_external).open("/map")
    load = """() => new Promise(done => { const image = new Image();
      image.onload = () => done('shown'); image.onerror = () => done('kept out');
      image.src = 'http://localhost:9/good/1/1/1'; })"""
    refused = "() => new Promise(done => document.addEventListener('securitypolicyviolation', e => done(e.blockedURI)))"
    page.evaluate(f"() => {{ window.refused = ({refused})(); }}")
    assert page.evaluate(load) == "kept out"
    assert page.evaluate("window.refused").startswith("http://localhost:9")
