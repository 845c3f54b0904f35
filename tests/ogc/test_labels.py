"""No two names share a place, whatever is drawn together."""

import io
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely
from PIL import Image

from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE, ENTERPRISES
from ogc.render.drawing import Box, Extent
from ogc.render.pool import DrawingPool
from ogc.render.renderer import MapnikRenderer
from ogc.render.request import BASEMAP, LayerRequest, MapRequest
from ogc.render.sources import GeoPackageRows
from ogc.tilefiles import extent
from store.embedded import open_embedded
from tests.ogc.drawn_city import EVERYONE
from tests.server import demo_city

SHOWN = (BASEMAP, "grids", "sites", "hazard_sources", "protection_targets", "hospitals", "sensors", "enterprises")
GLYPHS = ("base-road-names",)
"""Names along a line are reported letter by letter; letters that follow one another on a bend may touch."""


def renderer_over(file: Path, cache: Path) -> MapnikRenderer:
    store = open_embedded(file, CATALOGUE, utc_now)
    return MapnikRenderer(CATALOGUE, store, GeoPackageRows(file), cache, DrawingPool(processes=1))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MapnikRenderer]:
    folder = demo_city(Path(tmp_path_factory.mktemp("labels")))
    found = renderer_over(folder / "city.gpkg", folder / "cache")
    yield found
    found.close()
    found.store.close()


def labels(renderer: MapnikRenderer, layers: tuple[str, ...], window: Extent, crs: int) -> tuple[Box, ...]:
    request = MapRequest(
        layers=tuple(LayerRequest(layer=name) for name in layers), extent=window, crs=crs, width=1024, height=1024,
        scope=EVERYONE.scope,
    )  # fmt: skip
    return renderer.reported(request).labels


def overlapping(found: tuple[Box, ...]) -> list[tuple[Box, Box]]:
    """Pairs of boxes that share area, but for neighbouring letters of one name along a line."""
    met: dict[int, list[int]] = defaultdict(list)
    for one, box in enumerate(found):
        for other in range(one + 1, len(found)):
            if box.meets(found[other]):
                met[one].append(other)
                met[other].append(one)

    def letter(number: int) -> bool:
        return found[number].layer in GLYPHS and len(met[number]) <= 2

    return [
        (found[one], found[other])
        for one, others in met.items()
        for other in others
        if one < other and not (letter(one) and letter(other) and found[one].layer == found[other].layer)
    ]


@pytest.mark.parametrize("zoom", range(10, 17))
def test_no_two_labels_of_the_demo_city_overlap(city: MapnikRenderer, zoom: int) -> None:
    x, y = (int(share * 2**zoom) - 2 for share in (0.83842, 0.40220))
    found = labels(city, SHOWN, extent(zoom, x, y, 4), 3857)
    assert len(found) > 2
    assert overlapping(found) == []


def test_of_two_thousand_names_on_one_street_some_are_drawn_none_overlaps_and_the_worst_is_among_them(
    tmp_path: Path,
) -> None:
    rows, rng = 2000, np.random.default_rng(4)
    places = rng.normal([121.75, 33.14], 0.002, (rows, 2))
    renderer = renderer_over(tmp_path / "city.gpkg", tmp_path / "cache")
    table = pa.table({
        "uscc": [f"9199{i:014d}" for i in range(rows)], "name": [f"第{i}厂" for i in range(rows)],
        "short_name": [f"云澜第{i}化工厂" for i in range(rows)],
        "sector": ["hazchem"] * rows, "risk": [1 if i == rows - 1 else 4 for i in range(rows)],
        "area": ["990102001"] * rows, "geometry": shapely.to_wkb(shapely.points(places)),
    })  # fmt: skip
    renderer.store.load(ENTERPRISES, table, actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
    half = 0.004
    window = Extent(left=121.75 - half, bottom=33.14 - half, right=121.75 + half, top=33.14 + half)
    found = labels(renderer, ("enterprises",), window, 4490)
    assert len(found) > 20
    assert overlapping(found) == []
    across, up = (places[-1] - [window.left, window.bottom]) / (2 * half) * 1024
    middles = [((box.left + box.right) / 2, box.top) for box in found]
    assert any(abs(x - across) < 2 and 0 < y - (1024 - up) < 30 for x, y in middles)
    renderer.close()
    renderer.store.close()


def test_roads_drawn_over_the_base_map_leave_its_names_legible(city: MapnikRenderer) -> None:
    window = Extent(left=121.83, bottom=33.155, right=121.905, top=33.205)

    def inked(*layers: str) -> int:
        request = MapRequest(
            layers=tuple(LayerRequest(layer=name) for name in layers), extent=window, crs=4490, width=900, height=600,
            scope=EVERYONE.scope,
        )  # fmt: skip
        picture = np.asarray(Image.open(io.BytesIO(city.draw(request))).convert("L"))
        return int((picture < 130).sum())  # letters alone are that dark on a base map by day

    alone = inked(BASEMAP)
    assert alone > 100
    assert inked(BASEMAP, "roads") > 0.9 * alone
    assert inked(BASEMAP, "landuse", "roads") > 0.9 * alone
