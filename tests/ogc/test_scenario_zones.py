"""Zones of kept scenarios as the WMS draws them: a colour for each level, and hatched where nobody verified it."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import shapely
from PIL import Image

from app.wiring import rows_of
from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE, Sensitivity
from core.texts import Lang
from layers.catalogue import CATALOGUE, SCENARIO_ZONES
from layers.catalogue.scenarios import ScenarioZone
from ogc.kvp import KVP
from ogc.render.palette import MapTheme
from ogc.render.pool import DrawingPool
from ogc.render.renderer import MapnikRenderer
from ogc.services import Services
from ogc.wms import wms
from ogc.wms.legend import legend
from store.embedded import open_embedded
from store.feed import Put
from store.postgis import open_postgis
from store.protocol import Store
from tests.ogc.drawn_city import EAST, EVERYONE, NORTH, SOUTH, WEST

AT = datetime(2026, 11, 28, tzinfo=UTC)


def zone(severity: int, west: float, *, verified: bool) -> ScenarioZone:
    box = shapely.MultiPolygon([shapely.box(west, SOUTH + 0.01, west + 0.03, NORTH - 0.01)])
    return ScenarioZone(
        code=f"Z-{severity}", scenario="QJ", title="级", severity=severity, level="级", value=1.0, unit="ppm",
        reached=True, distance=1.0, extent=1.0, model="test", verified=verified, valid=True, made_at=AT,
        area="990102", sensitivity=Sensitivity.INTERNAL, geometry=box,
    )  # fmt: skip


@pytest.fixture(scope="module", params=["embedded", pytest.param("postgis", marks=pytest.mark.postgis)])
def services(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Side by side, a worst level that was verified and a second one that nobody did."""
    folder = Path(tmp_path_factory.mktemp("zones"))
    if request.param == "embedded":
        store: Store = open_embedded(folder / "city.gpkg", CATALOGUE, utc_now)
    else:
        store = open_postgis(request.getfixturevalue("postgres_url"), CATALOGUE, utc_now, "drawn_zones")
    rows = (zone(1, WEST + 0.01, verified=True), zone(2, EAST - 0.04, verified=False))
    edits = [Put(layer=SCENARIO_ZONES.id, record=row) for row in rows]
    store.commit(edits, actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
    pool = DrawingPool(processes=1)
    yield Services(
        catalogue=CATALOGUE, store=store, renderer=MapnikRenderer(CATALOGUE, store, rows_of(store), folder, pool)
    )
    pool.close()
    store.close()


def half(services: Services, west: float) -> np.ndarray:
    """The colours inside one of the two boxes, its outline and its label left out."""
    asked = {
        "service": "WMS", "version": "1.3.0", "request": "GetMap", "layers": "scenario_zones", "styles": "",
        "width": "400", "height": "300", "format": "image/png", "crs": "CRS:84", "transparent": "true",
        "bbox": f"{west},{SOUTH + 0.02},{west + 0.02},{NORTH - 0.02}",
    }  # fmt: skip
    answer = wms(KVP(asked.items()), EVERYONE, services, "http://127.0.0.1/ogc/wms")
    picture = np.asarray(Image.open(io.BytesIO(answer.content())).convert("RGBA"), np.int16)
    return picture[:60].reshape(-1, 4)


def test_a_verified_level_is_plain_and_an_unverified_one_is_hatched(services: Services) -> None:
    plain, hatched = half(services, WEST + 0.015), half(services, EAST - 0.035)
    assert len(np.unique(plain, axis=0)) == 1
    opaque = (hatched[:, 3] > 2 * plain[0, 3]).mean()
    assert 0.05 < opaque < 0.6
    assert plain[0, 0] > plain[0, 1]


def test_the_legend_says_what_hatching_means() -> None:
    graded = legend(SCENARIO_ZONES, EVERYONE.scope, Lang.ZH, MapTheme.DAY)
    assert Image.open(io.BytesIO(graded)).height > 5 * 34
