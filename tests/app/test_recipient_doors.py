"""Recipients of warnings at the doors of a real server: taken up, tried until the receipt is there, ended."""

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from monitoring.warnings.cap import read
from tests.app.test_doors import signed_in
from tests.messages.test_alerts import Agency
from tests.server import set_server
from tests.waiting import until

ROOT = "/api/admin/recipients"


@pytest.fixture
def agency() -> Iterator[Agency]:
    with Agency() as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield serving
        serving.shutdown()


def test_a_recipient_is_taken_up_tried_and_ended_by_who_keeps_keys_alone(tmp_path: Path, agency: Agency) -> None:
    agency.acknowledging = True
    hosts = f'["{agency.url}"]'
    with set_server(tmp_path / "city", ONEMAP_CAP_HOSTS=hosts) as address, signed_in(address, "admin") as admin:
        form = {"name": "广播平台", "channel": "webhook", "address": f"{agency.url}/cap", "areas": ["990106"]}
        with signed_in(address, "city") as city:
            assert city.get(ROOT).status_code == city.post(ROOT, json=form).status_code == 403
        assert httpx.post(address + ROOT, json=form).status_code == 401
        assert admin.post(ROOT, json=form, headers={"origin": "http://evil.example"}).status_code == 403
        wrong = admin.post(ROOT, json=form | {"address": "https://evil.example/", "areas": ["111111"]})
        assert wrong.status_code == 422
        assert {one["field"] for one in wrong.json()["faults"]} == {"address", "areas"}
        made = admin.post(ROOT, json=form)
        assert made.status_code == 200, made.text
        one, secret = made.json()["id"], made.json()["secret"]
        assert admin.post(f"{ROOT}/{one}/test", json={}).status_code == 200

        def last() -> dict[str, object]:
            (found,) = admin.get(ROOT).json()["recipients"]
            return dict(found["last"])

        receipt = until(last, lambda told: told["state"] not in ("waiting", "delivered"))
        assert (receipt["state"], receipt["trial"]) == ("acknowledged", True)
        ((_, body),) = agency.got
        assert read(body).status == "Test"
        assert admin.post(f"{ROOT}/{one}/test", json={}).status_code == 503, "not again within half a minute"
        assert admin.post(f"{ROOT}/{one}", json={"name": "应急广播"}).json()["name"] == "应急广播"
        assert admin.post(f"{ROOT}/{one}/end", json={}).status_code == 200
        listed = admin.get(ROOT)
        assert [each["state"] for each in listed.json()["recipients"]] == ["over"]
        assert secret not in listed.text
