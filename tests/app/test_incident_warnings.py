"""Warnings of incidents: drafted of facts and a zone, led by two, logged with each step, played apart from the real."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import httpx
import orjson
import shapely

from app.alerting.subscribing import SEALED_FOR
from app.auth.opening import open_identity
from app.auth.sealing import Sealer
from core.clock import utc_now
from core.ids import new_id
from monitoring.warnings.cap import read
from store.identity import Identity
from store.identity.alerts import Subscriber
from store.identity.messages import Channel
from tests.app.test_doors import signed_in
from tests.server import Served
from tests.waiting import until

HERE = {"lon": 121.9306, "lat": 33.2045}


def opened(client: httpx.Client, **more: Any) -> str:
    said = {
        "command": new_id(), "origin": "map", "title": "预警测试泄漏", "kind": "leak", "chemical_name": "氯",
        "text": "标绘", **HERE,
    }  # fmt: skip
    answer = client.post("/api/incidents/open", json=said | more)
    assert answer.status_code == 200, answer.text
    code: str = answer.json()["code"]
    return code


def taken(client: httpx.Client, one: dict[str, Any], step: str, **more: Any) -> dict[str, Any]:
    body = {"code": one["code"], "version": one["version"], "step": step, **more}
    answer = client.post("/api/warnings/step", json=body)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def enlisted(written: Served, area: str) -> str:
    """A mail box that is sent the warnings of an area."""
    name = f"收件 {new_id()[-8:]}"
    with opened_identity(written) as identity:
        one = Subscriber(
            id=new_id(), name=name, channel=Channel.MAIL, areas=(area,), secret="", shown="d***@x.cn", since=utc_now(),
            sealed="nothing is sent there",
        )  # fmt: skip
        identity.alerts.enlist(one)
    return name


def delivered(client: httpx.Client, incident: str, to: str) -> dict[str, Any]:
    """What step 6 says of a recipient; empty before the message was written."""
    (row,) = client.get("/api/incidents/warnings", params={"code": incident}).json()["rows"]
    rows: list[dict[str, Any]] = row["cap"]["rows"]
    return next((one for one in rows if one["to"] == to), {})


def confirmed(written: Served, warning: str, to: str) -> None:
    """The recipient opens its link, which confirms nothing, and presses the button."""
    with opened_identity(written) as identity:
        (one,) = [one for one in identity.alerts.of_warning(warning) if one.to.name == to]
    mark = Sealer(written.data / "identity.key").for_purpose(SEALED_FOR).mark(f"receipt {one.id}")[:40]
    door = f"/public/cap/receipt/{one.id}.{mark}"
    with httpx.Client(base_url=written.address, headers={"accept": "text/html"}) as anybody:
        assert anybody.post(f"/public/cap/receipt/{one.id}.{'0' * 40}").status_code == 404
        assert '<form method="post"' in anybody.get(door).text
        assert '<form method="post"' in anybody.get(door).text, "opened, not confirmed"
        assert "已确认收到" in anybody.post(door).text


@contextmanager
def opened_identity(written: Served) -> Iterator[Identity]:
    """The accounts of the running server."""
    with closing(open_identity(written.data, None)) as identity:
        yield identity


def log_of(client: httpx.Client, code: str) -> list[str]:
    lines = client.get("/api/incidents/one", params={"code": code}).json()["log"]
    return [line["text"] for line in reversed(lines) if line["kind"] == "warning"]


def test_a_warning_is_drafted_of_an_incident_and_each_of_its_steps_is_a_line_of_its_log(written: Served) -> None:
    with signed_in(written.address, "district") as district, signed_in(written.address, "city") as city:
        code = opened(district)
        told = district.get("/api/incidents/warnings", params={"code": code}).json()
        assert told["rows"] == []
        assert "可能影响的范围" in told["proposal"]["lacking"], "no scenario: nothing is made up"
        assert "级别" in told["proposal"]["lacking"], "a person chooses the level"
        asked = {"code": code, "radius": "1500", "responses": "Shelter,Avoid"}
        told = district.get("/api/incidents/warnings", params=asked).json()["proposal"]
        assert told["lacking"] == ["级别"]
        assert [one["status"] for one in told["instructions"]] == ["secondary", "own"]
        assert "1.5 千米" in told["items"]["extent"]
        draft = {"command": new_id(), "code": code, "radius": 1500, "responses": ["Shelter", "Avoid"]}
        assert district.post("/api/incidents/warnings/draft", json=draft).status_code == 400, "no level was chosen"
        one = district.post("/api/incidents/warnings/draft", json=draft | {"level": 2}).json()
        again = district.post("/api/incidents/warnings/draft", json=draft | {"level": 2}).json()
        assert (again["code"], again["again"]) == (one["code"], True)
        assert one["missing"] == []
        assert one["incident"] == code
        assert shapely.from_geojson(orjson.dumps(one["geometry"])).contains(shapely.Point(HERE["lon"], HERE["lat"]))
        assert one["areas"], "proposed of the shape"
        coded = taken(district, one, "edit", items={"areas": one["areas"][:1], "shape": "kept"})
        assert coded["paper"]["geometry"] == one["geometry"]
        told_to = enlisted(written, one["areas"][0])
        approved = taken(city, coded, "approve")
        assert told_to in [to["name"] for to in approved["recipients"]], "who will be sent it is said before"
        said = {"code": one["code"], "version": approved["version"], "step": "publish"}
        assert district.post("/api/warnings/step", json=said).status_code == 200
        lost = district.post("/api/warnings/step", json=said)
        assert (lost.status_code, lost.json()["state"]) == (200, "published"), "sent again it is done once"
        cap = read(district.get("/api/warnings/cap", params={"code": one["code"]}).content)
        assert [value for _, value in cap.infos[0].areas[0].geocodes] == one["areas"][:1]
        sent = until(lambda: delivered(district, code, told_to), bool)
        assert (sent["state"], sent["said"]) == ("failed", "本系统未设置此方式"), "no mail is set up on this server"
        confirmed(written, one["code"], told_to)
        assert delivered(district, code, told_to)["state"] == "acknowledged"
        with opened_identity(written) as identity:
            (one,) = [one for one in identity.alerts.subscribers() if one.name == told_to]
            identity.alerts.end(one.id, at=utc_now())
        changing = taken(district, lost.json(), "change", items={"level": 1})
        published = taken(district, taken(city, changing, "approve"), "publish")
        taken(district, published, "lift", why="险情排除")
        steps = [text.split("预警")[0] for text in log_of(district, code)]
        assert steps == ["拟稿", "修改", "审批通过", "发布", "变更", "审批通过", "发布", "解除"]
        assert "险情排除" in log_of(district, code)[-1]
        (row,) = district.get("/api/incidents/warnings", params={"code": code}).json()["rows"]
        assert (row["state"], row["revision"]) == ("lifted", 3)
        told = district.get("/api/incidents/one", params={"code": code}).json()
        assert told["links"] == [], "a warning is not what the incident came of"


def test_a_warning_of_an_exercise_is_an_exercise_and_reaches_nobody(written: Served) -> None:
    everyone = httpx.Client(base_url=written.address)
    with everyone, signed_in(written.address, "district") as district, signed_in(written.address, "city") as city:
        code = opened(district, exercise=True, title="演练预警泄漏")
        draft = {"command": new_id(), "code": code, "radius": 800, "level": 1}
        one = district.post("/api/incidents/warnings/draft", json=draft).json()
        assert one["code"].startswith("YLYJ")
        assert one["title"].startswith("【演练】")
        published = taken(district, taken(city, one, "approve"), "publish")
        assert published["state"] == "published"
        told = read(district.get("/api/warnings/cap", params={"code": one["code"]}).content)
        assert (told.status, told.note) == ("Exercise", f"演练 {code}")
        assert everyone.get(f"/public/cap/{one['code']}").status_code == 404
        assert "演练预警泄漏" not in everyone.get("/public").text
        assert one["code"] not in [row["code"] for row in district.get("/api/warnings").json()["rows"]]
        (row,) = district.get("/api/incidents/warnings", params={"code": code}).json()["rows"]
        assert row["receipts"] is None
        again = district.post("/api/incidents/warnings/resend", json={"command": new_id(), "warning": one["code"]})
        assert again.status_code == 409
        assert [text.split("预警")[0] for text in log_of(district, code)] == ["拟稿", "审批通过", "发布"]
        taken(district, published, "lift", why="演练结束")
