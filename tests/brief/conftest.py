"""A small city of its own for briefs, and what the tests read out of a document."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
import shapely
from lxml import html

from core.actors import SYSTEM_ACTOR, Actor
from core.caller import Caller
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Lang
from dashboards.brief.contents import Brief, gather
from dashboards.brief.document import document
from dashboards.brief.window import window_round
from dashboards.questions import question_of
from dashboards.screens import Screens
from gis.measure import ELLIPSOID
from layers.catalogue import CATALOGUE
from layers.catalogue.enterprises import Enterprise
from layers.catalogue.resources import Hospital
from layers.record import Record
from store.feed import Put
from tests.blank import blank_city

CENTRE = (121.84, 33.14)
NASTY = "</script><script>alert(1)</script>"
STAFF = Scope(areas=("9901",), clearance=Sensitivity.SENSITIVE)


def away(metres: float, degrees: float) -> shapely.Point:
    """A place so far from the centre in a direction."""
    lon, lat, _ = ELLIPSOID.fwd(*CENTRE, degrees, metres)
    return shapely.Point(lon, lat)


def firm(number: int, name: str, place: shapely.Point, **more: object) -> Enterprise:
    """An enterprise of the district 990106."""
    given = {"sector": "trade", "area": "990106", "principal_phone": "0999-5550-1001", **more}
    return Enterprise(uscc=f"91990106MA{number:08d}", name=name, short_name=name, geometry=place, **given)


def hospital(code: str, place: shapely.Point) -> Hospital:
    """A hospital of the other district, with a telephone that the public is not told."""
    return Hospital(code=code, name="澜滨医院", area="990102", geometry=place, emergency_phone="0999-5550-2002")


class Desk:
    """Makes briefs of a store as somebody with a scope."""

    def __init__(self, screens: Screens) -> None:
        self.screens = screens

    def put(self, layer: str, *records: Record) -> None:
        """Keep rows."""
        edits = [Put(layer=layer, record=record) for record in records]
        self.screens.store.commit(edits, actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)

    def brief(self, scope: Scope = STAFF, lang: Lang = Lang.ZH, radius: float = 3000.0, **more: object) -> Brief:
        """A brief on the circle round the centre."""
        asked = {"layers": ["hospitals", "enterprises"], "circle": dict(zip(("lon", "lat"), CENTRE, strict=True))}
        asked["circle"]["radius"] = radius  # type: ignore[index]
        caller = Caller(actor=Actor(id="t", name="王立", door="page"), scope=scope, lang=lang)
        return gather(self.screens, question_of(self.screens, caller, orjson.dumps(asked | more)), caller)

    def written(self, brief: Brief, picture: bytes | None = None) -> str:
        """The document of a brief."""
        return document(brief, window_round(brief.reach.outline), picture).decode()

    def demo(self) -> "Desk":
        """The same over data that are marked as a demonstration."""
        return Desk(replace(self.screens, demo=True))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = blank_city(tmp_path / "city.gpkg", utc_now)
    yield Desk(Screens(catalogue=CATALOGUE, store=store, clock=utc_now))
    store.close()


def rows(text: str, layer: str) -> list[list[str]]:
    """The cells of a layer's list as a reader sees them."""
    tree = html.fromstring(text)
    found = tree.xpath(f"//tr[starts-with(@data-mark, '{layer}:')]")
    return [[re.sub(r"\s+", " ", cell.text_content()).strip() for cell in row] for row in found]
