"""What is drawn of many places is counted from the rows there are now, and from those the caller may see."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely
from PIL import Image

from app.wiring import rows_of
from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from gis.shapes import Bounds
from layers.catalogue import CATALOGUE, ENTERPRISES
from layers.filters import Compare, Op
from ogc.render import clusters, plates
from ogc.render.drawing import Drawing, Extent
from ogc.render.plate import Plate, Points
from ogc.render.plates import Plates
from ogc.render.pool import DrawingPool
from ogc.render.renderer import MapnikRenderer
from ogc.render.request import CLUSTERS_STYLE, SHAPES_STYLE, LayerRequest, MapRequest
from store.embedded import open_embedded
from store.feed import Delete, Put
from store.merging import Desk, merge
from store.postgis import open_postgis
from store.protocol import Store
from store.query import COUNT, EVERYTHING, Query
from tests.ogc.drawn_city import EVERYONE, ONE_DISTRICT, PUBLIC

ROWS = 3000
SCOPES = (EVERYONE.scope, ONE_DISTRICT.scope, PUBLIC.scope)
WORLD = Bounds(-180.0, -90.0, 180.0, 90.0)
AREAS = ("990102001", "990102002", "990106001")


def enterprises(first: int, rows: int, seed: int) -> pa.Table:
    rng = np.random.default_rng(seed)
    places = rng.normal([121.75, 33.14], [0.05, 0.03], (rows, 2))
    return pa.table({
        "uscc": [f"9199{i:014d}" for i in range(first, first + rows)], "name": [f"企业{i}" for i in range(rows)],
        "sector": rng.choice(list(ENTERPRISES.style.symbols), rows), "risk": rng.integers(1, 5, rows),
        "area": rng.choice(AREAS, rows), "sensitivity": rng.choice([0, 0, 0, 1, 2], rows),
        "geometry": pa.array(shapely.to_wkb(shapely.points(places)), pa.binary()),
    })  # fmt: skip


def load(store: Store, rows: pa.Table) -> None:
    store.load(ENTERPRISES, rows, actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)


@pytest.fixture(scope="module", params=["embedded", pytest.param("postgis", marks=pytest.mark.postgis)])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    if request.param == "embedded":
        found: Store = open_embedded(Path(tmp_path_factory.mktemp("plates")) / "city.gpkg", CATALOGUE, utc_now)
    else:
        found = open_postgis(request.getfixturevalue("postgres_url"), CATALOGUE, utc_now, "drawn_plates")
    load(found, enterprises(0, ROWS, 1))
    yield found
    found.close()


def shown(kept: Plates, scope: Scope, zoom: int) -> Points:
    source = kept.settled(ENTERPRISES, scope)
    assert source is not None
    areas = None if scope.everywhere else scope.areas
    return Plate(source).window(WORLD, 360 / 2**zoom / 256, areas, int(scope.clearance))


def add_up(kept: Plates, store: Store) -> None:
    """At each zoom and for each caller, the places of each grade are as many as the store counts."""
    for scope in SCOPES:
        wanted: dict[int, int] = {}
        if "risk" in ENTERPRISES.fields_in(scope):
            table = store.totals(ENTERPRISES, EVERYTHING, by=("risk",), of=(COUNT,), scope=scope)
            wanted = dict(zip(table["risk"].to_pylist(), table["count"].to_pylist(), strict=True))
        for zoom in range(4, 15):
            points = shown(kept, scope, zoom)
            counts = np.bincount(points.grade, weights=points.weight, minlength=5)
            assert {grade: counts[grade] for grade in wanted} == wanted
            assert points.weight.sum() == store.count(ENTERPRISES, EVERYTHING, scope=scope)


def test_what_is_drawn_adds_up_to_the_stores_count_whatever_was_done_to_the_rows(store: Store, tmp_path: Path) -> None:
    kept = Plates(store, tmp_path, big=1)
    add_up(kept, store)
    first = kept.settled(ENTERPRISES)
    assert first is not None
    written = {"actor": SYSTEM_ACTOR, "reason": "test", "scope": SYSTEM_SCOPE}
    rows = [store.get(ENTERPRISES, f"9199{i:014d}", scope=SYSTEM_SCOPE).record for i in range(9)]
    new = [row.model_copy(update={"uscc": f"9198{n:014d}"}) for n, row in enumerate(rows[:3])]
    moved = [row.model_copy(update={"geometry": shapely.Point(121.9, 33.2), "area": AREAS[2]}) for row in rows[3:6]]
    graded = [row.model_copy(update={"risk": 1, "sensitivity": Sensitivity.SENSITIVE}) for row in rows[6:8]]
    store.commit([Put(layer="enterprises", record=row) for row in (*new, *moved, *graded)], **written)
    add_up(kept, store)
    store.commit([Delete(layer="enterprises", key=f"9199{i:014d}") for i in (0, 3, 20)], **written)
    add_up(kept, store)
    desk = Desk(store=store, layer=ENTERPRISES, actor=SYSTEM_ACTOR, scope=SYSTEM_SCOPE)
    merge(desk, f"9199{30:014d}", f"9199{31:014d}", reason="同一企业")
    add_up(kept, store)
    now = kept.settled(ENTERPRISES)
    assert now is not None
    assert now.base == first.base
    assert now.changes is not None
    load(store, enterprises(ROWS - 50, 100, 2))
    add_up(kept, store)
    again = kept.settled(ENTERPRISES)
    assert again is not None
    assert again.base != first.base
    kept.close()


def test_clusters_of_a_picture_add_up_and_the_worst_comes_first() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.uniform(0, 512, (2, 5000))
    grade, weight = rng.integers(0, 5, 5000).astype(np.int8), rng.integers(1, 9, 5000).astype(np.int32)
    drawing = Drawing(parts=(), extent=Extent(left=13.0, bottom=7.0, right=525.0, top=519.0), width=512, height=512)
    found = clusters.gathered(drawing, x, y, grade, weight)
    assert sum(one.total for one in found) == weight.sum()
    assert [sum(one.counts[level] for one in found) for level in range(5)] == [
        weight[grade == level].sum() for level in range(5)
    ]
    assert [one.worst or 9 for one in found] == sorted(one.worst or 9 for one in found)


def drawn(renderer: MapnikRenderer, style: str, scope: Scope, where: Compare | None = None) -> np.ndarray:
    request = MapRequest(
        layers=(LayerRequest(layer="enterprises", style=style, where=where),), crs=4490, width=512, height=512,
        extent=Extent(left=121.7, bottom=33.09, right=121.8, top=33.19), scope=scope,
    )  # fmt: skip
    return np.asarray(Image.open(io.BytesIO(renderer.draw(request))).convert("RGBA"), np.int16)


def test_a_plate_shows_what_the_rows_show(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = []
    for big in (1, 10**9):
        monkeypatch.setattr(plates, "BIG", big)
        renderer = MapnikRenderer(CATALOGUE, store, rows_of(store), tmp_path / str(big), DrawingPool(processes=1))
        renderer.plates.settled(ENTERPRISES, ONE_DISTRICT.scope)
        pictures.append(drawn(renderer, SHAPES_STYLE, ONE_DISTRICT.scope)[..., 3] > 128)
        renderer.close()
    plate, rows = pictures
    assert (plate & rows).sum() > 0.98 * (plate | rows).sum() > 0


def test_clusters_under_a_filter_are_of_the_filtered_rows(store: Store, tmp_path: Path) -> None:
    renderer = MapnikRenderer(CATALOGUE, store, rows_of(store), tmp_path, DrawingPool(processes=1))
    red = drawn(renderer, CLUSTERS_STYLE, EVERYONE.scope, Compare("risk", Op.EQ, 1))
    none = drawn(renderer, CLUSTERS_STYLE, EVERYONE.scope, Compare("risk", Op.GT, 7))
    renderer.close()
    blue = np.abs(red[..., :3] - [0x1B, 0x5F, 0xD1]).sum(axis=2) < 30
    assert (red[..., 3] > 0).any()
    assert not (blue & (red[..., 3] > 0)).any()
    assert not none[..., 3].any()
    assert store.count(ENTERPRISES, Query(where=Compare("risk", Op.EQ, 1)), scope=EVERYONE.scope) > 0
