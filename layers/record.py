"""The typed row. One feature at an edge is a `Record`; many features are an Arrow table."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from core.scope import Sensitivity
from gis.shapes import Shape
from layers.fields import Codes, Header, Standard, Title


class Datum(StrEnum):
    """The datum a coordinate arrived in, before it was kept in EPSG:4490."""

    CGCS2000 = "CGCS2000"
    WGS84 = "WGS84"
    GCJ02 = "GCJ-02"
    BD09 = "BD-09"
    GAUSS_KRUGER = "CGCS2000-GK"
    UNKNOWN = "unknown"


def _aware(moment: datetime | None) -> datetime | None:
    if moment is not None and moment.tzinfo is None:
        raise ValueError("time without offset")
    return moment


Moment = Annotated[datetime, AfterValidator(_aware)]
"""An aware time."""


class Record(BaseModel):
    """What every row carries besides its own fields: place, area, how far it may travel, where it came from."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    geometry: Shape | None = None
    area: Annotated[
        str,
        Title("行政区划", "Administrative area"),
        Standard("GB/T 2260"),
        Header("行政区划代码", "区划代码", "adcode", "area_code"),
    ] = ""
    sensitivity: Annotated[Sensitivity, Title("敏感级别", "Sensitivity"), Codes("sensitivity")] = Sensitivity.PUBLIC
    source: Annotated[str, Title("来源", "Source"), Header("数据来源", "来源系统")] = ""
    source_datum: Annotated[Datum, Title("来源坐标系", "Source datum"), Codes("datum"), Header("坐标系")] = (
        Datum.CGCS2000
    )
    observed_at: Annotated[Moment | None, Title("数据时间", "Data time"), Header("更新时间", "数据日期")] = None
