"""The raster register: which population, terrain and imagery files are in use, and what is known of each."""

from typing import Annotated

from pydantic import Field

from core.texts import Text
from core.units import Unit
from layers.fields import Title
from layers.layer import Geometry, Layer, Style, Theme
from layers.precision import FRAME
from layers.record import Moment, Record


class Raster(Record):
    """The raster in use for one coverage; `observed_at` is the date the data speak of, `source` who made them."""

    code: Annotated[str, Title("栅格编号", "Coverage"), Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    title: Annotated[str, Title("名称", "Name"), Field(min_length=1, max_length=60)]
    unit: Annotated[str, Title("单位", "Unit")] = ""
    file: Annotated[
        str,
        Title("文件", "File", Text("文件名含内容哈希,内容一变文件名即变", "Named by the hash of its content")),
        Field(pattern=r"^[a-z0-9_]+-[0-9a-f]{64}\.tif$"),
    ]
    sha256: Annotated[str, Title("SHA-256", "SHA-256"), Field(pattern=r"^[0-9a-f]{64}$")]
    size: Annotated[int, Title("文件大小", "File size"), Unit("byte"), Field(gt=0)]
    crs: Annotated[str, Title("坐标系", "Reference system")]
    width: Annotated[int, Title("列数", "Columns"), Field(gt=0)]
    height: Annotated[int, Title("行数", "Rows"), Field(gt=0)]
    bands: Annotated[int, Title("波段数", "Bands"), Field(gt=0)]
    resolution_lon: Annotated[float, Title("经向分辨率", "Resolution in longitude"), Unit("deg"), Field(gt=0)]
    resolution_lat: Annotated[float, Title("纬向分辨率", "Resolution in latitude"), Unit("deg"), Field(gt=0)]
    nodata: Annotated[float | None, Title("无数据值", "No-data value")] = None
    least: Annotated[float, Title("最小值", "Least value")]
    most: Annotated[float, Title("最大值", "Greatest value")]
    total: Annotated[
        float | None, Title("合计", "Total", Text("仅计数类栅格有合计", "Only for rasters that count"))
    ] = None
    cells: Annotated[int, Title("有效像元数", "Cells with a value"), Field(gt=0)]
    verified: Annotated[
        bool, Title("已核实", "Verified", Text("有人对照原始资料核对过", "Somebody compared it with its origin"))
    ] = False
    kept_by: Annotated[str, Title("入库人", "Put in by"), Field(min_length=1, max_length=60)]
    kept_at: Annotated[Moment, Title("入库时间", "Put in at")]


RASTERS = Layer(
    id="coverages",
    title=Text("栅格登记", "Raster register"),
    about=Text("在用的人口、地形、影像栅格及其来源、范围与哈希", "Rasters in use: source, extent, facts and hash"),
    record=Raster,
    key="code",
    label="title",
    geometry=Geometry.POLYGON,
    owner=Text("应急管理部门信息中心", "Information centre"),
    theme=Theme.BASE,
    shared=True,
    style=Style(role="boundary"),
    made_by=Text("栅格入库时登记", "written when a raster is put in"),
    lineage=Text("入库时由文件本身读出", "Read from the file when it is put in"),
    frequency=Text("更换栅格时", "When a raster is replaced"),
    precision=FRAME,
)
