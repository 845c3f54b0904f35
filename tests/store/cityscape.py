"""A small town of layers for the store's tests, and rows for it."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import numpy as np
import pyarrow as pa
import shapely
from pydantic import Field

from core.actors import Actor
from core.scope import Scope, Sensitivity
from core.texts import Text
from layers.fields import Private, Refers, Title
from layers.layer import Catalogue, Geometry, Layer, Theme
from layers.precision import BLOCK, Precision
from layers.record import Moment, Record

NOBODY = Text("测试", "Test")


class Shop(Record):
    """One of everything a field can be."""

    code: Annotated[str, Title("编码", "Code"), Field(min_length=1)]
    name: Annotated[str, Title("名称", "Name")] = ""
    risk: Annotated[int | None, Title("风险", "Risk")] = None
    worth: Annotated[float | None, Title("产值", "Worth")] = None
    open_now: Annotated[bool, Title("营业", "Open")] = False
    founded: Annotated[date | None, Title("成立", "Founded")] = None
    checked_at: Annotated[Moment | None, Title("检查时间", "Checked")] = None
    goods: Annotated[tuple[str, ...], Title("货物", "Goods")] = ()
    phone: Annotated[str, Title("电话", "Phone"), Private(Sensitivity.SENSITIVE)] = ""
    merged_into: Annotated[str, Title("并入商户", "Merged into"), Refers("shops", merged=True)] = ""


class Tank(Record):
    """Belongs to a shop."""

    code: Annotated[str, Title("编码", "Code"), Field(min_length=1)]
    shop: Annotated[str, Title("企业", "Shop"), Refers("shops")] = ""
    chemical: Annotated[str, Title("介质", "Chemical")] = ""


class Road(Record):
    """Everybody sees it."""

    code: Annotated[str, Title("编码", "Code"), Field(min_length=1)]
    name: Annotated[str, Title("路名", "Name")] = ""


class Zone(Record):
    """An area of land."""

    code: Annotated[str, Title("编码", "Code"), Field(min_length=1)]


class Note(Record):
    """A register without a place."""

    code: Annotated[str, Title("编号", "Number"), Field(min_length=1)]
    text: Annotated[str, Title("内容", "Text")] = ""


SHOPS = Layer(
    id="shops", title=Text("商户", "Shops"), about=NOBODY, record=Shop, key="code", geometry=Geometry.POINT,
    owner=NOBODY, theme=Theme.SUPERVISION, label="name", search=("name", "code", "goods", "phone"),
    counted=("risk", "founded"), precision=Precision(metres=BLOCK, reason=NOBODY),
)  # fmt: skip
TANKS = Layer(
    id="tanks", title=Text("储罐", "Tanks"), about=NOBODY, record=Tank, key="code", geometry=Geometry.POINT,
    owner=NOBODY, theme=Theme.SUPERVISION, search=("chemical",), sensitivity=Sensitivity.INTERNAL,
)  # fmt: skip
ROADS = Layer(
    id="roads", title=Text("道路", "Roads"), about=NOBODY, record=Road, key="code", geometry=Geometry.LINE,
    owner=NOBODY, theme=Theme.BASE, shared=True, search=("name",),
)  # fmt: skip
ZONES = Layer(
    id="zones", title=Text("区域", "Zones"), about=NOBODY, record=Zone, key="code", geometry=Geometry.POLYGON,
    owner=NOBODY, theme=Theme.BASE,
)  # fmt: skip
NOTES = Layer(
    id="notes", title=Text("记录", "Notes"), about=NOBODY, record=Note, key="code", geometry=Geometry.NONE,
    owner=NOBODY, theme=Theme.EVENT, search=("text",),
)  # fmt: skip
TOWN = Catalogue(SHOPS, TANKS, ROADS, ZONES, NOTES)

BATCHED = tuple(f"store.{module}.BATCH" for module in (
    "loads", "embedded.loading", "embedded.store", "postgis.loading", "postgis.store",
))  # fmt: skip
"""Where it is said how many rows of a load are one entry: a test of what happens there needs no fifty thousand."""

CLERK = Actor(id="clerk", name="王芳", door="page")
CITY = Scope(areas=("",), clearance=Sensitivity.SECRET, writable=None)
DISTRICT = Scope(areas=("330102",), clearance=Sensitivity.INTERNAL, writable=None)
PUBLIC = Scope(areas=("",), clearance=Sensitivity.PUBLIC)


class Clock:
    """A second passes each time somebody looks."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def shop(code: str = "S1", area: str = "330102001", lon: float = 121.0, lat: float = 33.0, **more: object) -> Shop:
    """A shop at a place."""
    return Shop(code=code, area=area, geometry=shapely.Point(lon, lat), **more)  # type: ignore[arg-type]


def many_shops(count: int, start: int = 0) -> pa.Table:
    """Shops in a row of a table, in two districts, scattered over half a degree."""
    random = np.random.default_rng(7 + start)
    numbers = np.arange(start, start + count)
    return pa.table(
        {
            "code": [f"S{n:07d}" for n in numbers],
            "name": [f"第{n}号化工商店" for n in numbers],
            "risk": pa.array(numbers % 4 + 1, pa.int64()),
            "worth": pa.array(random.uniform(0, 1e6, count)),
            "open_now": pa.array(numbers % 2 == 0),
            "founded": pa.array([date(2000, 1, 1) + timedelta(days=int(n) % 5000) for n in numbers]),
            "area": ["330102001" if n % 2 else "330105003" for n in numbers],
            "geometry": shapely.to_wkb(
                shapely.points(random.uniform(121, 121.5, count), random.uniform(33, 33.5, count))
            ).tolist(),
        }
    )
