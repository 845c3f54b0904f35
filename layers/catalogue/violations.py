"""What cameras are watched for, and what video analysis found, each event with picture and film as attachments."""

from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Metre
from layers.fields import Codes, Refers, Title
from layers.layer import Geometry, Layer, Publish, Style, Theme
from layers.record import Moment, Record

OWNER = Text("应急指挥中心", "Emergency command centre")


class CameraRules(Record):
    """Zones, rules and calibration of one camera, as one text that video analysis checks (`video/setup.py`)."""

    camera: Annotated[str, Title("视频点", "Camera"), Refers("cameras"), Field(min_length=1, max_length=60)]
    enterprise: Annotated[str, Title("所属企业", "Enterprise"), Refers("enterprises")] = ""
    site: Annotated[str, Title("所属厂区", "Site"), Refers("sites")] = ""
    setup: Annotated[
        str, Title("设定", "Setup", Text("区域、规则、标定点,JSON", "zones, rules, calibration, JSON")),
        Field(min_length=2, max_length=262_144),
    ]  # fmt: skip
    rules: Annotated[int, Title("规则数", "Rules"), Field(ge=0)] = 0
    zones: Annotated[int, Title("区域数", "Zones"), Field(ge=0)] = 0
    pairs: Annotated[int, Title("标定点对数", "Pairs of the calibration"), Field(ge=0)] = 0
    error: Annotated[
        Metre | None,
        Title("标定误差", "Error of the calibration", Text("均方根,四对点不能得出", "root mean square; not of four")),
        Field(ge=0),
    ] = None  # fmt: skip


CAMERA_RULES = Layer(
    id="camera_rules",
    title=Text("视频规则", "Rules of cameras"),
    about=Text("视频点的区域、规则和标定", "Zones, rules and calibration of cameras"),
    record=CameraRules,
    key="camera",
    geometry=Geometry.NONE,
    owner=OWNER,
    theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL,
    search=("camera",),
    publish=Publish.NONE,
)


class Violation(Record):
    """One episode of one rule at one camera. Fire and smoke are suspected: whoever looks at the picture decides."""

    code: Annotated[str, Title("事件编号", "Event"), Field(pattern=r"^SP[0-9]{8}-[0-9a-f]{12}$")]
    title: Annotated[str, Title("事件内容", "Title"), Field(min_length=1, max_length=200)]
    kind: Annotated[str, Title("事件类型", "Kind"), Codes("video_event")]
    camera: Annotated[str, Title("视频点", "Camera"), Refers("cameras")]
    enterprise: Annotated[str, Title("所属企业", "Enterprise"), Refers("enterprises")] = ""
    site: Annotated[str, Title("所属厂区", "Site"), Refers("sites")] = ""
    rule: Annotated[str, Title("规则", "Rule"), Field(max_length=60)]
    zone: Annotated[str, Title("区域", "Zone"), Field(max_length=60)] = ""
    state: Annotated[str, Title("状态", "State"), Codes("violation_state")] = "standing"
    began_at: Annotated[Moment, Title("开始时间", "Began at")]
    raised_at: Annotated[Moment, Title("报出时间", "Raised at")]
    ended_at: Annotated[Moment | None, Title("结束时间", "Ended at")] = None
    verdict: Annotated[str, Title("人工确认", "Verdict"), Codes("violation_verdict")] = "pending"
    judged_by: Annotated[str, Title("确认人", "Judged by"), Field(max_length=80)] = ""
    judged_at: Annotated[Moment | None, Title("确认时间", "Judged at")] = None
    remark: Annotated[str, Title("确认意见", "Remark"), Field(max_length=400)] = ""
    reason: Annotated[str, Title("误报原因", "Why it is false"), Codes("violation_reason")] = ""
    quiet: Annotated[
        bool,
        Title("同位置不再报", "Not told again", Text("同一摄像机、同类、同一画面位置", "same camera, kind and place")),
    ] = False
    case_code: Annotated[str, Title("处置案件", "Case"), Field(max_length=40)] = ""
    why: Annotated[str, Title("判定依据", "Why"), Field(max_length=200)] = ""
    film: Annotated[str, Title("录像", "Film"), Codes("violation_film")] = ""
    cleared_at: Annotated[
        Moment | None, Title("证据清除时间", "Evidence cleared at", Text("画面和录像按期清除", "picture and film"))
    ] = None
    cleared_by: Annotated[
        str, Title("证据清除规则", "Evidence cleared by", Text("规则和天数或百分比", "rule, and days or per cent")),
        Field(pattern=r"^((rejected|pending|share) [0-9]{1,5})?$"),
    ] = ""  # fmt: skip
    placed: Annotated[str, Title("定位方式", "Placed by"), Codes("event_place")] = "uncalibrated"
    accuracy: Annotated[
        Metre | None,
        Title("位置误差", "Accuracy of the place", Text("脚点误差按标定换算到地面", "of the foot, on the ground")),
        Field(ge=0),
    ] = None  # fmt: skip
    boxes: Annotated[
        tuple[str, ...], Title("画面位置", "Boxes", Text("像素:左 上 右 下", "pixels: left, top, right, bottom"))
    ] = ()
    model: Annotated[str, Title("识别模型", "Model"), Field(max_length=120)] = ""
    beta: Annotated[
        bool, Title("试用", "Beta", Text("模型或规则未达到目标准确率", "the model or rule is below its aim"))
    ] = False
    origin: Annotated[str, Title("发现方式", "Found by"), Codes("violation_origin")] = "analysis"
    origin_id: Annotated[
        str, Title("来源编号", "Number there", Text("网关与其报警编号", "the gateway, and its own number")),
        Field(max_length=140),
    ] = ""  # fmt: skip


VIOLATIONS = Layer(
    id="violations",
    title=Text("视频事件", "Events on video"),
    about=Text("视频分析发现的违规行为和摄像机故障,附画面和录像", "Violations and faults of cameras, with pictures"),
    record=Violation,
    key="code",
    label="title",
    time="raised_at",
    geometry=Geometry.POINT,
    owner=OWNER,
    made_by=Text("视频分析按规则判定", "video analysis, by the rules"),
    theme=Theme.MONITORING,
    sensitivity=Sensitivity.INTERNAL,
    search=("code", "title", "camera"),
    style=Style(symbol="camera-event"),
    lineage=Text("由视频流按规则判定,明火和烟雾为疑似", "Judged of video by rules; fire and smoke are suspected"),
    frequency=Text("实时", "As it happens"),
)
