"""Two small layers with every kind of field, kept in a real embedded store, for the tests of the feature services."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import shapely

from core.actors import SYSTEM_ACTOR, Actor
from core.caller import Caller
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Lang, Text
from core.units import Metre
from layers.fields import Codes, Private, Title
from layers.layer import Catalogue, Geometry, Layer, Theme
from layers.record import Moment, Record
from ogc.services import Services
from store.embedded import open_embedded
from store.protocol import Store


class Well(Record):
    """A well with one field of every kind."""

    code: Annotated[str, Title("编号", "Code")]
    name: Annotated[str | None, Title("名称", "Name")] = None
    grade: Annotated[int | None, Title("等级", "Grade"), Codes("risk")] = None
    depth: Annotated[Metre | None, Title("深度", "Depth")] = None
    ready: Annotated[bool | None, Title("可用", "Ready")] = None
    drilled: Annotated[date | None, Title("成井日期", "Drilled")] = None
    seen_at: Annotated[Moment | None, Title("巡查时间", "Seen at")] = None
    tags: Annotated[tuple[str, ...] | None, Title("标签", "Tags")] = None
    phone: Annotated[str | None, Title("电话", "Phone"), Private(Sensitivity.SENSITIVE)] = None


class Fence(Record):
    """A fenced area."""

    code: Annotated[str, Title("编号", "Code")]
    height: Annotated[Metre | None, Title("高度", "Height")] = None


def _layer(id: str, record: type[Record], geometry: Geometry, **more: object) -> Layer:
    return Layer(
        id=id, title=Text(f"测试{id}", id.title()), about=Text("测试图层", "A layer for tests"), record=record,
        key="code", geometry=geometry, owner=Text("测试", "Tests"), theme=Theme.SUPERVISION, **more,  # type: ignore[arg-type]
    )  # fmt: skip


WELLS = _layer("wells", Well, Geometry.POINT, label="name", time="seen_at", search=("name",))
FENCES = _layer("fences", Fence, Geometry.POLYGON)
VAULTS = _layer("vaults", Fence, Geometry.POINT, sensitivity=Sensitivity.SECRET)
ZONES = _layer("zones", Fence, Geometry.POLYGON, made_by=Text("推演生成", "made by a model"))
LAYERS = Catalogue(WELLS, FENCES, VAULTS)

OFFICER = Caller(
    actor=Actor(id="officer", name="Officer", door="ogc"),
    scope=Scope(areas=("9901",), clearance=Sensitivity.SENSITIVE),
    lang=Lang.EN,
)
PUBLIC = Caller(
    actor=Actor(id="public", name="Public", door="ogc"), scope=Scope(areas=("9901",), clearance=Sensitivity.PUBLIC)
)

NAMES = ("澜滨井", "O'Brien & <Sons>", 'say "water"', None, "tab\there")


def wells(count: int = 25) -> pa.Table:
    """Wells on a grid from 121.0 E 33.0 N; number 4 of every five has no name, the last one no place."""
    numbers = range(count)
    shapes = [shapely.Point(121 + n % 5 / 100, 33 + n // 5 / 100) for n in numbers]
    return pa.table(
        {
            "code": [f"W{n:03}" if n != 7 else "W 7/甲" for n in numbers],
            "name": [NAMES[n % 5] for n in numbers],
            "grade": [n % 4 + 1 if n % 6 else None for n in numbers],
            "depth": [n * 1.5 for n in numbers],
            "ready": [n % 2 == 0 for n in numbers],
            "drilled": [date(2020, 1, 1 + n) for n in numbers],
            "seen_at": pa.array([datetime(2024, 1, 1 + n, 8, tzinfo=UTC) for n in numbers], pa.timestamp("us", "UTC")),
            "tags": pa.array([["a", "b&c"] if n % 3 else None for n in numbers], pa.list_(pa.string())),
            "phone": [f"139{n:08}" for n in numbers],
            "area": ["990102" if n < count - 2 else "880000" for n in numbers],
            "geometry": pa.array(
                [None if n == count - 3 else shapely.to_wkb(shape) for n, shape in enumerate(shapes)], pa.binary()
            ),
        }
    )


HOLE = shapely.box(121.005, 33.005, 121.01, 33.01)
FENCE_SHAPES = (
    shapely.MultiPolygon([shapely.box(121.0, 33.0, 121.02, 33.02).difference(HOLE)]),
    shapely.MultiPolygon([shapely.box(121.1, 33.0, 121.2, 33.1), shapely.box(121.3, 33.0, 121.4, 33.1)]),
)


def fences() -> pa.Table:
    """A fence with a hole and one of two parts."""
    return pa.table(
        {
            "code": ["F1", "F2"],
            "height": [1.5, None],
            "area": ["990102", "990102"],
            "geometry": pa.array([shapely.to_wkb(shape) for shape in FENCE_SHAPES], pa.binary()),
        }
    )


def filled(folder: Path, count: int = 25) -> Services:
    """A store with wells and fences."""
    return served(open_embedded(folder / "wells.gpkg", LAYERS, utc_now), count)


def served(store: Store, count: int = 25) -> Services:
    """Services over a store of these layers, filled."""
    store.load(WELLS, wells(count), actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
    store.load(FENCES, fences(), actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
    return Services(catalogue=store.catalogue, store=store)
