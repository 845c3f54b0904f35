"""`POST /api/brief` from outside: who gets which file, and what the door refuses."""

import base64
import hashlib
import io
import re
from contextlib import closing
from urllib.parse import unquote

import httpx
import pytest
from lxml import html
from PIL import Image

from store.audit import Kind
from store.opening import open_audit
from tests.app.test_doors import signed_in
from tests.brief.conftest import rows
from tests.server import Served

CIRCLE = {"lon": 121.84, "lat": 33.14, "radius": 3000}
LAYERS = ["teams", "hospitals", "enterprises"]


def test_the_file_holds_what_the_screen_lists_and_has_the_city_in_its_name(server: str) -> None:
    body = {"layers": LAYERS, "circle": CIRCLE}
    with signed_in(server, "city") as client:
        answer = client.post("/api/brief", json=body, timeout=60)
        screen = client.post("/api/within", json=body).json()
    assert answer.headers["content-type"].startswith("text/html")
    named = answer.headers["content-disposition"]
    assert re.search(r"filename\*=UTF-8''(.*)$", named)
    assert re.fullmatch(r"简报_云澜市_\d{8}-\d{4}\.html", unquote(named.split("''")[1]))
    assert len(answer.content) < 3_000_000
    for block in screen["blocks"]:
        listed = rows(answer.text, block["layer"])
        assert len(listed) == block["count"] == len(block["keys"])
        assert [row[1].startswith(name) for row, name in zip(listed, block["label"], strict=True)]
        assert [row[-1] for row in listed] == [phone or "无电话" for phone in block["phone"]]
    tree = html.fromstring(answer.text)
    said = tree.xpath("string(//main)")
    assert "演示数据" in said
    assert f"{screen['people']['people']}" == tree.xpath("string(//p[@class='figure']/@data-people)")
    assert screen["people"]["source"] in said


def test_the_base_map_in_the_file_is_ours_and_as_large_as_said(server: str) -> None:
    with signed_in(server, "city") as client:
        text = client.post("/api/brief", json={"layers": LAYERS, "circle": CIRCLE}, timeout=60).text
    found = re.search(r'L\.imageOverlay\(\s*"data:image/png;base64,([^"]+)"', text)
    assert found is not None
    picture = Image.open(io.BytesIO(base64.b64decode(found[1])))
    assert max(picture.size) == 2048
    assert len(picture.convert("RGB").getcolors(1 << 24) or []) > 20


def test_a_district_gets_its_own_area_and_the_public_no_phones(server: str) -> None:
    with signed_in(server, "city") as city, signed_in(server, "district") as district:
        # the middle of the city: the city sees firms of several districts there
        body = {"layers": ["enterprises"], "circle": {**CIRCLE, "radius": 12_000}}
        whole, own = (client.post("/api/brief", json=body, timeout=60).text for client in (city, district))
        keys = district.post("/api/within", json=body).json()["blocks"][0]["count"]
    assert 0 < len(rows(own, "enterprises")) == min(keys, 300) < len(rows(whole, "enterprises"))
    assert "盐港新区" in html.fromstring(own).xpath("string(//dl[@class='facts'])")
    with signed_in(server, "public") as public:
        open_layers = {"layers": ["hospitals", "enterprises"], "circle": CIRCLE}
        text = public.post("/api/brief", json=open_layers, timeout=60).text
        refused = public.post("/api/brief", json={"layers": ["teams"], "circle": CIRCLE})
    assert rows(text, "hospitals")
    assert "0999-" not in text
    assert "常住人口" not in text
    assert refused.status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"circle": CIRCLE}, 400), ({"layers": ["enterprises"]}, 400), ({"layers": ["moon"], "circle": CIRCLE}, 404),
        ({"layers": ["enterprises"], "circle": {**CIRCLE, "radius": 1e6}}, 400),
        ({"layers": ["enterprises"], "circle": CIRCLE, "subject": "x"}, 400),
        ({"layers": ["enterprises"], "circle": CIRCLE, "subject": {"layer": "enterprises", "key": "no"}}, 404),
    ],
)  # fmt: skip
def test_a_wrong_question_is_refused(server: str, body: dict[str, object], status: int) -> None:
    with signed_in(server, "city") as client:
        assert client.post("/api/brief", json=body).status_code == status


def test_each_layer_taken_out_is_recorded_with_the_shape_and_the_hash_of_its_keys(written: Served) -> None:
    with closing(open_audit(written.data, None)) as log, signed_in(written.address, "district") as client:
        before = log.head()[0]
        body = {"layers": ["hospitals", "shelters"], "circle": CIRCLE}
        blocks = client.post("/api/within", json=body).json()["blocks"]
        assert client.post("/api/brief", json=body, timeout=60).status_code == 200
        found = [one for one in log.reads() if one.seq > before]
    kept = {one.what: one for one in found if one.kind == Kind.EXPORT}
    seen = [one.what for one in found if one.kind == Kind.READ]
    assert set(kept) == {"hospitals", "shelters"}
    assert seen == ["shelters"], "by /api/within alone: a brief is recorded once"
    for block in blocks:
        one = kept[block["layer"]]
        digest = hashlib.sha256("".join(f"{key}\n" for key in sorted(block["keys"])).encode()).hexdigest()
        assert (one.actor, one.door, one.rows, one.keys_hash) == ("district", "page", block["count"], digest)
        assert one.where == "brief; circle=121.840000,33.140000,3000"


def test_a_stranger_gets_no_file(server: str) -> None:
    answer = httpx.post(server + "/api/brief", json={"layers": ["hospitals"], "circle": CIRCLE})
    assert answer.status_code in (401, 403)
