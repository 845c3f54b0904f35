"""What watches: sensor points, cameras and weather stations."""

from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Celsius, Degree, Metre, Speed, Unit
from layers.fields import Codes, Header, Private, Refers, Title
from layers.layer import Geometry, Layer, Style, Theme
from layers.precision import GROUND
from layers.record import Moment, Record

SENSITIVE = Private(Sensitivity.SENSITIVE)


class Sensor(Record):
    """A measuring point with its four limits; readings live in the time series under the same code."""

    code: Annotated[
        str, Title("监测点编码", "Point code"), Header("传感器编码", "点位编码"), Field(min_length=1, max_length=60)
    ]
    name: Annotated[str, Title("监测点名称", "Name"), Header("点位名称", "名称"), Field(min_length=1, max_length=80)]
    kind: Annotated[str, Title("监测类型", "Kind"), Codes("sensor_kind"), Header("类型", "指标类型")]
    quantity: Annotated[str, Title("监测指标", "Quantity"), Header("介质")] = ""
    unit: Annotated[str, Title("计量单位", "Unit"), Header("单位"), Field(max_length=16)]
    enterprise: Annotated[str, Title("所属企业", "Enterprise"), Refers("enterprises"), Header("统一社会信用代码")] = ""
    site: Annotated[str, Title("所属厂区", "Site"), Refers("sites")] = ""
    tank: Annotated[str, Title("所属储罐", "Tank"), Refers("tanks"), Header("储罐编码")] = ""
    hazard_source: Annotated[str, Title("所属重大危险源", "Hazard source"), Refers("hazard_sources")] = ""
    range_low: Annotated[float | None, Title("量程下限", "Range, low"), Header("量程下限值")] = None
    range_high: Annotated[float | None, Title("量程上限", "Range, high"), Header("量程上限值")] = None
    low_low: Annotated[float | None, Title("低低报", "Low-low limit"), Header("LL", "低低限")] = None
    low: Annotated[float | None, Title("低报", "Low limit"), Header("L", "低限")] = None
    high: Annotated[float | None, Title("高报", "High limit"), Header("H", "高限")] = None
    high_high: Annotated[float | None, Title("高高报", "High-high limit"), Header("HH", "高高限")] = None
    device: Annotated[str, Title("设备编码", "Device")] = ""
    gateway: Annotated[str, Title("网关", "Gateway"), SENSITIVE] = ""
    tag: Annotated[str, Title("位号", "Tag"), Header("工艺位号")] = ""
    interval_seconds: Annotated[int | None, Title("采集间隔(秒)", "Interval, seconds"), Field(gt=0)] = None
    in_use: Annotated[bool, Title("启用", "In use"), Header("是否启用")] = True
    state: Annotated[str, Title("状态", "State"), Codes("sensor_state")] = "normal"
    alarm: Annotated[int | None, Title("报警级别", "Alarm level"), Codes("risk"), Field(ge=1, le=4)] = None


SENSORS = Layer(
    id="sensors",
    title=Text("监测点", "Sensors"),
    about=Text("企业与公共区域在线监测点", "Online measuring points of enterprises and public places"),
    record=Sensor,
    key="code",
    label="name",
    geometry=Geometry.POINT,
    owner=Text("应急指挥中心", "Emergency command centre"),
    theme=Theme.MONITORING,
    sensitivity=Sensitivity.INTERNAL,
    search=("code", "name", "tag", "quantity"),
    style=Style(
        symbol="sensor-gas",
        by="kind",
        symbols={
            "combustible": "sensor-gas",
            "toxic": "sensor-gas",
            "oxygen": "sensor-gas",
            "level": "sensor-level",
            "pressure": "sensor-press",
            "temperature": "sensor-temp",
            "flow": "sensor-press",
            "vibration": "sensor-press",
            "displacement": "sensor-press",
            "water_level": "sensor-water",
            "rainfall": "sensor-water",
            "wind": "sensor-wind",
        },
        grade="alarm",
    ),
    frequency=Text("随设备接入", "As devices are connected"),
)


class Camera(Record):
    """A camera, where it stands and what it looks at."""

    code: Annotated[
        str, Title("视频点编码", "Camera code"), Header("国标编码", "通道编码"), Field(min_length=1, max_length=60)
    ]
    name: Annotated[str, Title("视频点名称", "Name"), Header("名称"), Field(min_length=1, max_length=80)]
    kind: Annotated[str, Title("类型", "Kind"), Codes("camera_kind")] = "fixed"
    enterprise: Annotated[str, Title("所属企业", "Enterprise"), Refers("enterprises"), Header("统一社会信用代码")] = ""
    site: Annotated[str, Title("所属厂区", "Site"), Refers("sites")] = ""
    gb_code: Annotated[
        str, Title("国标设备编号", "GB/T 28181 number", Text("20 位,网关报警所用", "20 digits; gateways report by it")),
        Field(pattern=r"^([0-9]{20})?$"),
    ] = ""  # fmt: skip
    watches: Annotated[str, Title("监视部位", "Watches"), Header("安装位置")] = ""
    stream: Annotated[
        str,
        Title("视频流地址", "Stream address", Text(
            "不含用户名和口令,口令由 onemap video credentials 加密保存;地址中须带口令的写 {user}、{password}",
            "without user and password, which onemap video credentials seals; where they belong: {user}, {password}",
        )),
        SENSITIVE, Header("rtsp"),
    ] = ""  # fmt: skip
    height: Annotated[Metre | None, Title("安装高度", "Height"), Field(ge=0, le=500)] = None
    azimuth: Annotated[Degree | None, Title("方位角", "Azimuth"), Field(ge=0, lt=360)] = None
    tilt: Annotated[Degree | None, Title("俯仰角", "Tilt"), Field(ge=-90, le=90)] = None
    field_of_view: Annotated[Degree | None, Title("水平视场角", "Field of view"), Field(gt=0, le=360)] = None
    reach: Annotated[Metre | None, Title("可视距离", "Reach"), Field(gt=0)] = None
    state: Annotated[str, Title("状态", "State"), Codes("camera_state")] = "no_stream"


CAMERAS = Layer(
    id="cameras",
    title=Text("视频", "Cameras"),
    about=Text("企业与公共区域视频点", "Cameras of enterprises and public places"),
    record=Camera,
    key="code",
    label="name",
    geometry=Geometry.POINT,
    owner=Text("应急指挥中心", "Emergency command centre"),
    theme=Theme.MONITORING,
    sensitivity=Sensitivity.INTERNAL,
    search=("code", "name", "watches"),
    style=Style(
        symbol="camera",
        by="state",
        symbols={
            "online": "camera",
            "event": "camera-event",
            "stalled": "camera-off",
            "offline": "camera-off",
            "no_stream": "camera-off",
        },
    ),
)


class WeatherStation(Record):
    """A weather station with its latest observation; history lives in the time series."""

    code: Annotated[str, Title("站号", "Station number"), Header("区站号"), Field(min_length=1, max_length=40)]
    name: Annotated[str, Title("站名", "Name"), Field(min_length=1, max_length=80)]
    kind: Annotated[str, Title("类型", "Kind"), Codes("weather_station_kind")] = "automatic"
    elevation: Annotated[Metre | None, Title("海拔", "Elevation")] = None
    anemometer_height: Annotated[Metre | None, Title("风速仪高度", "Anemometer height"), Field(gt=0, le=500)] = None
    read_at: Annotated[Moment | None, Title("观测时间", "Observed at"), Header("观测时次")] = None
    wind_speed: Annotated[Speed | None, Title("风速", "Wind speed"), Field(ge=0, le=120)] = None
    wind_from: Annotated[Degree | None, Title("风向", "Wind from"), Field(ge=0, le=360)] = None
    gust: Annotated[Speed | None, Title("阵风", "Gust"), Field(ge=0, le=150)] = None
    temperature: Annotated[Celsius | None, Title("气温", "Temperature"), Field(ge=-80, le=60)] = None
    humidity: Annotated[float | None, Title("相对湿度", "Relative humidity"), Unit("%"), Field(ge=0, le=100)] = None
    pressure: Annotated[float | None, Title("气压", "Pressure"), Unit("Pa"), Field(ge=30000, le=110000)] = None
    cloud: Annotated[float | None, Title("总云量", "Cloud cover"), Unit("1/10"), Field(ge=0, le=10)] = None
    solar: Annotated[float | None, Title("太阳辐射", "Solar radiation"), Unit("W/m2"), Field(ge=0, le=1500)] = None
    rain_hour: Annotated[float | None, Title("小时雨量", "Rain in an hour"), Unit("mm"), Field(ge=0, le=500)] = None
    visibility: Annotated[Metre | None, Title("能见度", "Visibility"), Field(ge=0)] = None
    valid_minutes: Annotated[
        int | None,
        Title(
            "有效时长(分钟)", "Valid for, minutes", Text("人工录入的观测此后作废", "an observation by hand lapses then")
        ),
        Field(gt=0, le=1440),
    ] = None


WEATHER_STATIONS = Layer(
    id="weather_stations",
    title=Text("气象站", "Weather stations"),
    about=Text("气象站与最新观测", "Weather stations and their latest observation"),
    record=WeatherStation,
    key="code",
    label="name",
    time="read_at",
    geometry=Geometry.POINT,
    owner=Text("气象部门", "Meteorology"),
    theme=Theme.MONITORING,
    shared=True,
    search=("code", "name"),
    style=Style(symbol="sensor-wind"),
    frequency=Text("每 10 分钟", "Every 10 minutes"),
    precision=GROUND,
)
