"""What watches: sensors, cameras, weather stations. Their readings are series, not rows."""

from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Degree, Metre
from layers.catalogue.enterprises import USCC
from layers.fields import Codes, Private, Refers, Standard, Title
from layers.layer import Geometry, Layer, Style, Theme
from layers.record import Record


class Sensor(Record):
    """A measuring point with its limits."""

    code: Annotated[str, Title("点位编码", "Point code"), Field(min_length=1)]
    tag: Annotated[str | None, Title("位号", "Tag")] = None
    name: Annotated[str, Title("点位名称", "Name"), Field(min_length=1)]
    enterprise: Annotated[str | None, Title("企业", "Enterprise"), Refers("enterprises"), Standard(USCC)] = None
    hazard_source: Annotated[str | None, Title("所属危险源", "Hazard source"), Refers("hazard_sources")] = None
    tank: Annotated[str | None, Title("所属储罐", "Tank"), Refers("tanks")] = None
    kind: Annotated[str, Title("类型", "Kind"), Codes("sensor_kind")]
    medium: Annotated[str | None, Title("介质", "Medium")] = None
    unit: Annotated[str, Title("单位", "Unit")]
    range_low: Annotated[float | None, Title("量程下限", "Range low")] = None
    range_high: Annotated[float | None, Title("量程上限", "Range high")] = None
    low_low: Annotated[float | None, Title("低低限", "LL")] = None
    low: Annotated[float | None, Title("低限", "L")] = None
    high: Annotated[float | None, Title("高限", "H")] = None
    high_high: Annotated[float | None, Title("高高限", "HH")] = None
    device: Annotated[str | None, Title("设备型号", "Device")] = None
    in_use: Annotated[bool, Title("在用", "In use")] = True


SENSORS = Layer(
    id="sensors",
    title=Text("监测点", "Sensors"),
    about=Text("企业在线监测点及报警限值", "Online monitoring points with their alarm limits"),
    record=Sensor,
    key="code",
    geometry=Geometry.POINT,
    owner=Text("企业", "Enterprises"),
    theme=Theme.MONITORING,
    label="name",
    sensitivity=Sensitivity.INTERNAL,
    search=("code", "tag", "name", "medium"),
    style=Style(
        symbol="sensor-gas",
        by="kind",
        symbols={
            "gas": "sensor-gas",
            "level": "sensor-level",
            "temperature": "sensor-temp",
            "pressure": "sensor-press",
            "wind": "sensor-wind",
            "water": "sensor-water",
        },
        min_zoom=12,
    ),
)


class Camera(Record):
    """A camera; its stream is registered apart, with its secrets."""

    code: Annotated[str, Title("摄像机编码", "Code"), Field(min_length=1)]
    name: Annotated[str, Title("名称", "Name"), Field(min_length=1)]
    enterprise: Annotated[str | None, Title("企业", "Enterprise"), Refers("enterprises"), Standard(USCC)] = None
    kind: Annotated[str | None, Title("类型", "Kind"), Codes("camera_kind")] = None
    state: Annotated[str, Title("状态", "State"), Codes("camera_state")] = "offline"
    azimuth: Annotated[Degree | None, Title("朝向", "Azimuth"), Field(ge=0, lt=360)] = None
    view_angle: Annotated[Degree | None, Title("视角", "View angle"), Field(gt=0, le=360)] = None
    height: Annotated[Metre | None, Title("架设高度", "Height"), Field(ge=0)] = None
    stream: Annotated[str | None, Title("视频流标识", "Stream id"), Private(Sensitivity.SENSITIVE)] = None


CAMERAS = Layer(
    id="cameras",
    title=Text("视频", "Cameras"),
    about=Text("视频监控点", "Video cameras"),
    record=Camera,
    key="code",
    geometry=Geometry.POINT,
    owner=Text("企业", "Enterprises"),
    theme=Theme.MONITORING,
    label="name",
    sensitivity=Sensitivity.INTERNAL,
    search=("code", "name"),
    style=Style(symbol="camera", by="state", symbols={"online": "camera", "offline": "camera-off"}, min_zoom=12),
)


class WeatherStation(Record):
    """A weather station; wind, gust, temperature, humidity, pressure, cloud and radiation are its series."""

    code: Annotated[str, Title("站号", "Station"), Field(min_length=1)]
    name: Annotated[str, Title("站名", "Name"), Field(min_length=1)]
    elevation: Annotated[Metre | None, Title("海拔", "Elevation")] = None
    wind_height: Annotated[Metre, Title("风速仪高度", "Anemometer height"), Field(gt=0)] = 10.0


WEATHER_STATIONS = Layer(
    id="weather_stations",
    title=Text("气象站", "Weather stations"),
    about=Text("气象站;观测值含风、阵风、气温、湿度、气压、云量、辐射", "Weather stations; observations are series"),
    record=WeatherStation,
    key="code",
    geometry=Geometry.POINT,
    owner=Text("气象局", "Weather bureau"),
    theme=Theme.MONITORING,
    label="name",
    shared=True,
    search=("code", "name"),
    style=Style(symbol="sensor-wind"),
)
