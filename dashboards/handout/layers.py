"""The tables of a scenario's GeoPackage; words in them are in the language of whoever it was made for."""

from typing import Annotated

from core.texts import Text
from core.units import Degree, Fraction, Metre, Second, SquareMetre, Unit
from dashboards.handout.contents import LIMITS
from layers.fields import Title
from layers.layer import Geometry, Layer, Publish, Theme
from layers.record import Moment, Record

Mark = Annotated[str, Title("情景", "Scenario", Text("A 或 B", "A or B"))]
Row = Annotated[str, Title("编号", "Row")]
Severity = Annotated[int, Title("级序", "Severity", Text("1 最重", "1 is the worst"))]
LevelName = Annotated[str, Title("级别", "Level")]
Key = Annotated[str, Title("对象编号", "Key")]
Name = Annotated[str, Title("名称", "Name")]
Distance = Annotated[Metre, Title("距离", "Distance", Text("自释放点", "from the release"))]
Bearing = Annotated[Degree, Title("方位", "Bearing", Text("自正北顺时针", "clockwise from north"))]
Model = Annotated[str, Title("模型", "Model")]
Source = Annotated[str, Title("出处", "Source")]


class ZoneRow(Record):
    """One level of one scenario; one that is nowhere reached has no geometry."""

    row: Row
    scenario: Mark
    label: Annotated[str, Title("标注", "Label", Text("未核实、截断均在其中", "what is unverified or cut is in it"))]
    severity: Severity
    level: LevelName
    value: Annotated[float, Title("限值", "Value of the level")]
    unit: Annotated[str, Title("限值单位", "Unit of the value")]
    averaging_time: Annotated[Second | None, Title("平均时间", "Averaging time")]
    level_source: Annotated[str, Title("限值出处", "Source of the level")]
    reached: Annotated[bool, Title("达到", "Reached")]
    distance: Annotated[Metre, Title("最远距离", "Reach")]
    extent: Annotated[SquareMetre, Title("面积", "Extent")]
    residents: Annotated[float | None, Title("区内人口", "People inside"), Unit("{people}")]
    residents_known: Annotated[Fraction | None, Title("有人口数据的面积占比", "Share with data on people")]
    verified: Annotated[bool, Title("限值已核实", "Level verified")]
    valid: Annotated[bool, Title("在适用范围内", "Within validity")]
    cut: Annotated[str, Title("截断", "Cut")]
    doubts: Annotated[str, Title("存疑", "Doubts")]
    model: Model


class BandRow(Record):
    """Where a zone may lie when the wind turns."""

    row: Row
    scenario: Mark
    severity: Severity
    level: LevelName


class ReleaseRow(Record):
    """Where and what is released, in what air."""

    row: Row
    scenario: Mark
    title: Annotated[str, Title("情景名称", "Title")]
    chemical: Annotated[str, Title("物质", "Substance")]
    cas: Annotated[str, Title("CAS 号", "CAS number")]
    kind: Annotated[str, Title("事故类型", "Kind of release")]
    wind_from: Annotated[Degree, Title("风向(来向)", "Wind from")]
    wind_speed: Annotated[float, Title("风速", "Wind speed"), Unit("m/s")]
    stability: Annotated[str, Title("稳定度", "Stability class")]
    verified: Annotated[bool, Title("全部已核实", "All of it verified")]
    fingerprint: Annotated[str, Title("输入指纹", "Fingerprint of the inputs")]


class InsideRow(Record):
    """What lies inside a zone, and how bad it is there."""

    row: Row
    scenario: Mark
    layer: Annotated[str, Title("图层", "Layer")]
    key: Key
    name: Name
    severity: Severity
    level: LevelName
    distance: Distance
    bearing: Bearing
    kind: Annotated[str | None, Title("类别", "Kind")]


class TargetRow(InsideRow):
    """People and places to protect."""

    people_day: Annotated[int | None, Title("白天人数", "People by day")]
    people_night: Annotated[int | None, Title("夜间人数", "People by night")]
    vulnerable: Annotated[int | None, Title("行动不便人数", "People who cannot walk")]
    grade: Annotated[str | None, Title("医院等级", "Hospital grade")]
    beds: Annotated[int | None, Title("床位", "Beds")]
    places: Annotated[int | None, Title("可容纳人数", "Places")]


class HazardRow(InsideRow):
    """Other hazard sources: where a chain of accidents may go on."""

    enterprise: Annotated[str | None, Title("所属企业", "Enterprise")]
    grade: Annotated[int | None, Title("危险源级别", "Grade")]
    main_chemical: Annotated[str | None, Title("主要物质", "Main chemical")]
    chemical: Annotated[str | None, Title("储存物质", "Chemical")]


class RoadRow(InsideRow):
    """A road that a zone touches, whole."""

    ref: Annotated[str | None, Title("编号", "Number")]
    length_inside: Annotated[Metre, Title("区内长度", "Length inside")]


class FigureRow(Record):
    """One number of the chain."""

    row: Row
    scenario: Mark
    name: Name
    title: Annotated[str, Title("量", "Quantity")]
    value: Annotated[float, Title("数值", "Value")]
    unit: Annotated[str, Title("单位", "Unit")]
    model: Model


class CurveRow(Record):
    """One point of a curve."""

    row: Row
    scenario: Mark
    name: Name
    title: Annotated[str, Title("量", "Quantity")]
    x: Annotated[float, Title("横坐标", "x")]
    x_unit: Annotated[str, Title("横坐标单位", "Unit of x")]
    y: Annotated[float, Title("纵坐标", "y")]
    y_unit: Annotated[str, Title("纵坐标单位", "Unit of y")]
    model: Model


class CheckRow(Record):
    """One condition of a method's validity, and whether it holds here."""

    row: Row
    scenario: Mark
    level: Annotated[str | None, Title("级别", "Level", Text("空为整个情景", "none: of the scenario as a whole"))]
    parameter: Annotated[str, Title("参数", "Parameter")]
    title: Annotated[str, Title("量", "Quantity")]
    value: Annotated[float, Title("取值", "Value")]
    low: Annotated[float, Title("下限", "Lower end")]
    high: Annotated[float | None, Title("上限", "Upper end")]
    unit: Annotated[str, Title("单位", "Unit")]
    holds: Annotated[bool, Title("适用", "Holds")]


class ModelRow(Record):
    """A method that took part."""

    row: Row
    scenario: Mark
    model: Model
    title: Annotated[str, Title("名称", "Title")]
    version: Annotated[str, Title("版本", "Version")]
    origin: Source
    how: Annotated[str, Title("怎么算的", "How")]
    neglects: Annotated[str, Title("未计", "Left out")]
    tier: Annotated[int, Title("证据等级", "Evidence")]
    evidence: Annotated[str, Title("证据", "Evidence in words")]


class DataRow(Record):
    """Data that took part."""

    row: Row
    scenario: Mark
    name: Name
    title: Annotated[str, Title("数据", "Data")]
    origin: Source
    version: Annotated[str, Title("版本", "Version")]
    as_of: Annotated[Moment | None, Title("数据时间", "As of")]
    verified: Annotated[bool, Title("已核实", "Verified")]


class ReceiptRow(Record):
    """What must be the same for the same result, and what nobody may miss."""

    row: Row
    scenario: Mark
    name: Name
    words: Annotated[str, Title("内容", "Content")]


def _table(id: str, title: Text, record: type[Record], geometry: Geometry = Geometry.NONE) -> Layer:
    return Layer(
        id=id, title=title, about=Text(f"{title.zh}。{LIMITS.zh}", f"{title.en}. {LIMITS.en}"), record=record,
        key="row", geometry=geometry, owner=Text("制作人", "Its maker"), theme=Theme.EVENT, publish=Publish.NONE,
    )  # fmt: skip


ZONES = _table("zones", Text("影响区", "Zones"), ZoneRow, Geometry.POLYGON)
BANDS = _table("bands", Text("风向带", "Bands of the wind"), BandRow, Geometry.POLYGON)
RELEASES = _table("releases", Text("释放点", "Releases"), ReleaseRow, Geometry.POINT)
TARGETS = _table("targets", Text("区内保护目标", "Protection targets inside"), TargetRow, Geometry.POINT)
HAZARDS = _table("hazards", Text("区内其他重大危险源", "Other hazard sources inside"), HazardRow, Geometry.POINT)
ROADS = _table("roads", Text("区内道路", "Roads inside"), RoadRow, Geometry.LINE)
FIGURES = _table("figures", Text("数值", "Figures"), FigureRow)
CURVES = _table("curves", Text("曲线", "Curves"), CurveRow)
CHECKS = _table("checks", Text("适用条件", "Conditions of validity"), CheckRow)
METHODS = _table("methods", Text("模型", "Models"), ModelRow)
DATA = _table("data", Text("数据", "Data"), DataRow)
RECEIPT = _table("receipt", Text("回执", "Receipt"), ReceiptRow)
