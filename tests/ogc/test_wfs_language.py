"""WFS speaks the language of the request, whatever the account's, and says which it was."""

from collections.abc import Iterator

import httpx
import pytest
from lxml import etree
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from app.doors.ogc import ogc_routes
from core.caller import current_caller
from ogc.services import Services
from tests.ogc.loopback import served
from tests.ogc.wells import PUBLIC

WRONG = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "typeNames": "nothing"}
ZH, EN = ("zh", "没有这种要素"), ("en", "no such feature type")


class Door:
    """Stands where the guard stands; this caller's own language is Chinese."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        current_caller.set(PUBLIC)
        await self.app(scope, receive, send)


@pytest.fixture(scope="module")
def client(wells_served: Services) -> Iterator[httpx.Client]:
    with (
        served(Door(Starlette(routes=ogc_routes(wells_served)))) as address,
        httpx.Client(base_url=address, headers={"accept-language": ""}) as opened,
    ):
        yield opened


@pytest.mark.parametrize(
    ("given", "wished", "told"),
    [
        ({}, "", ZH), ({}, "en-GB,zh;q=0.5", EN), ({}, "fr", ZH), ({"LANGUAGE": "en"}, "", EN),
        ({"lang": "en"}, "zh", EN), ({"language": "zh"}, "en", ZH), ({"AcceptLanguages": "fr,en"}, "zh", EN),
    ],
)  # fmt: skip
@pytest.mark.parametrize("version", ["2.0.0", "1.1.0", "1.0.0"])
def test_an_error_is_told_as_asked(
    client: httpx.Client, version: str, given: dict[str, str], wished: str, told: tuple[str, str]
) -> None:
    answer = client.get("/ogc/wfs", params={**WRONG, "version": version, **given}, headers={"accept-language": wished})
    assert told[1] in answer.text
    assert answer.headers["content-language"] == told[0]


def test_a_posted_request_and_the_capabilities_are_in_that_language_too(client: httpx.Client) -> None:
    told = client.post("/ogc/wfs", content="<wfs>", headers={"accept-language": "en", "content-type": "text/xml"}).text
    assert told.isascii()
    caps = client.get("/ogc/wfs", params={"service": "WFS", "request": "GetCapabilities", "language": "en"}).content
    titles = [one.text for one in etree.fromstring(caps).iterfind(".//{*}FeatureType/{*}Title")]
    assert "Wells" in titles
