"""Layers whose rows belong to enterprises, or to nobody, and rows of three firms."""

from typing import Annotated

import pyarrow as pa
import shapely
from pydantic import Field

from core.scope import Scope, Sensitivity
from core.texts import Text
from layers.fields import Private, Refers, Title
from layers.layer import Catalogue, Geometry, Layer, Theme
from layers.record import Record
from layers.steps import Rename

NOBODY = Text("测试", "Test")
Code = Annotated[str, Title("编码", "Code"), Field(min_length=1)]
Owner = Annotated[str, Title("所属企业", "Enterprise"), Refers("enterprises")]


class Firm(Record):
    """A line of the ledger."""

    code: Code
    name: Annotated[str, Title("名称", "Name")] = ""
    merged_into: Annotated[str, Title("并入", "Merged into"), Refers("enterprises", merged=True)] = ""


class Works(Record):
    """A plant of one firm."""

    code: Code
    enterprise: Owner = ""
    name: Annotated[str, Title("名称", "Name")] = ""
    size: Annotated[int | None, Title("规模", "Size")] = None
    keeper: Annotated[str, Title("值守人", "Keeper"), Private(Sensitivity.SENSITIVE)] = ""


class Plant(Record):
    """The same under the names of a later release."""

    code: Code
    firm: Owner = ""
    name: Annotated[str, Title("名称", "Name")] = ""
    size: Annotated[int | None, Title("规模", "Size")] = None
    keeper: Annotated[str, Title("值守人", "Keeper"), Private(Sensitivity.SENSITIVE)] = ""


class Crew(Record):
    """Rescuers everybody may call; some are a firm's own."""

    code: Code
    enterprise: Owner = ""


class Thing(Record):
    """Belongs to no firm."""

    code: Code


def _layer(id: str, record: type[Record], **more: object) -> Layer:
    return Layer(
        id=id, title=Text(f"测试{id}", id.title()), about=NOBODY, record=record, key="code", owner=NOBODY,
        geometry=Geometry.POINT, theme=Theme.SUPERVISION, **more,  # type: ignore[arg-type]
    )  # fmt: skip


FIRMS = _layer("enterprises", Firm, search=("name",), label="name")
WORKS = _layer("works", Works, search=("name",), label="name")
PLANTS = _layer(
    "works", Plant, search=("name",), label="name", schema_version=2,
    steps=(Rename(id="firm", schema_version=2, old="enterprise", new="firm"),),
)  # fmt: skip
CREWS = _layer("crews", Crew, shared=True)
CLINICS = _layer("clinics", Thing, shared=True)
PLOTS = _layer("plots", Thing)
COUNTY = Catalogue(FIRMS, WORKS, CREWS, CLINICS, PLOTS)

EAST, WEST = "330102", "330105"


def only(*firms: str, areas: tuple[str, ...] = ("",), clearance: Sensitivity = Sensitivity.SECRET) -> Scope:
    """A caller who may write every layer, for these firms."""
    return Scope(areas=areas, clearance=clearance, writable=None, enterprises=frozenset(firms))


def firm(code: str, **more: object) -> Firm:
    """A firm somewhere in the east."""
    return Firm(code=code, area=EAST, geometry=shapely.Point(121, 33), **{"name": f"{code} 化工厂", **more})  # type: ignore[arg-type]


def works(code: str, enterprise: str, *, area: str = EAST, **more: object) -> Works:
    """A plant of a firm."""
    given = {"name": "化工装置", "geometry": shapely.Point(121, 33), **more}
    return Works(code=code, enterprise=enterprise, area=area, **given)  # type: ignore[arg-type]


def table_of(firms: list[str], start: int = 0) -> pa.Table:
    """A plant for each firm named."""
    count = len(firms)
    return pa.table(
        {
            "code": [f"L{n:03}" for n in range(start, start + count)],
            "enterprise": firms,
            "name": ["化工储罐"] * count,
            "area": [EAST] * count,
            "geometry": pa.array([shapely.to_wkb(shapely.Point(121, 33))] * count, pa.binary()),
        }
    )
