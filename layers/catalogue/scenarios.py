"""What was computed and kept: scenarios of consequences, the zones they came to, and the bands of the wind."""

from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Fraction, Metre, Second, SquareMetre, Unit
from layers.fields import Codes, Header, Refers, Standard, Title
from layers.layer import Geometry, Layer, Style, Theme
from layers.record import Moment, Record

NOT_VALIDATED = Text(
    "按已发表方法推演,未经任何主管部门验证,不得单独作为疏散依据",
    "computed by published methods; no authority has validated them for evacuation decisions",
)
OWNER = Text("应急指挥中心", "Emergency command centre")
MADE = Text("推演保存时计算", "computed when a scenario is kept")
LINEAGE = Text(
    f"由有推演权限的人员保存,数值由系统计算。{NOT_VALIDATED.zh}",
    f"Kept by whoever may plan, computed by the system; {NOT_VALIDATED.en}",
)
KEY = r"^QJ[0-9]{8}-[0-9a-f]{12}$"


class KeptScenario(Record):
    """One scenario as it was computed; each computation again is a further version of the row."""

    code: Annotated[str, Title("情景编号", "Scenario"), Header("编号"), Field(pattern=KEY)]
    title: Annotated[str, Title("情景名称", "Title"), Header("名称", "情景"), Field(min_length=1, max_length=200)]
    state: Annotated[str, Title("状态", "State"), Codes("scenario_state")] = "current"
    release: Annotated[str, Title("事故类型", "Kind of release"), Codes("release_kind"), Header("释放类型")]
    chemical: Annotated[str, Title("物质 CAS 号", "CAS number of the substance"), Standard("CAS"), Header("CAS")]
    chemical_name: Annotated[str, Title("物质", "Substance"), Header("物质名称")] = ""
    hazard_source: Annotated[str, Title("重大危险源", "Hazard source"), Refers("hazard_sources")] = ""
    enterprise: Annotated[str, Title("所属企业", "Enterprise"), Refers("enterprises")] = ""
    weather: Annotated[str, Title("气象条件", "Weather"), Field(max_length=200)] = ""
    made_by: Annotated[str, Title("推演人", "Made by"), Field(min_length=1, max_length=60)]
    account: Annotated[str, Title("推演人账号", "Account"), Field(max_length=80)] = ""
    made_at: Annotated[Moment, Title("保存时间", "Kept at")]
    computed_at: Annotated[Moment, Title("计算时间", "Computed at")]
    code_version: Annotated[str, Title("程序版本", "Code version"), Field(min_length=1, max_length=60)]
    fingerprint: Annotated[
        str,
        Title("输入指纹", "Fingerprint", Text("输入的 SHA-256", "SHA-256 of the inputs")),
        Field(pattern=r"^[0-9a-f]{64}$"),
    ]
    verified: Annotated[
        bool,
        Title(
            "已核实", "Verified", Text("所用限值、数据和模型均有据可比", "Levels, data and models could be compared")
        ),
    ]
    valid: Annotated[bool, Title("在适用范围内", "Within validity")]
    evidence: Annotated[int, Title("证据等级", "Evidence"), Codes("evidence_tier"), Field(ge=1, le=6)]
    farthest: Annotated[Metre, Title("最远距离", "Farthest reach"), Field(ge=0)] = 0.0
    scenario_sha256: Annotated[str, Title("情景文件 SHA-256", "SHA-256 of the scenario's file")] = ""
    result_sha256: Annotated[str, Title("结果文件 SHA-256", "SHA-256 of the result's file")] = ""
    note: Annotated[str, Title("备注", "Note"), Field(max_length=2000)] = ""
    withdrawn_at: Annotated[Moment | None, Title("撤回时间", "Withdrawn at")] = None
    withdrawn_why: Annotated[str, Title("撤回事由", "Why withdrawn"), Field(max_length=200)] = ""


SCENARIOS = Layer(
    id="scenarios",
    title=Text("推演情景", "Scenarios"),
    about=Text(
        f"保存的后果推演情景。{NOT_VALIDATED.zh}", f"Scenarios of consequences that were kept; {NOT_VALIDATED.en}"
    ),
    record=KeptScenario,
    key="code",
    label="title",
    time="made_at",
    geometry=Geometry.POINT,
    owner=OWNER,
    made_by=MADE,
    theme=Theme.PLANNING,
    sensitivity=Sensitivity.INTERNAL,
    search=("code", "title", "chemical", "chemical_name", "hazard_source", "enterprise"),
    style=Style(
        symbol="incident-toxic",
        by="release",
        symbols={
            "direct": "incident-toxic",
            "instantaneous": "incident-toxic",
            "liquid-hole": "incident-toxic",
            "gas-hole": "incident-toxic",
            "pool": "incident-toxic",
            "pool-fire": "incident-fire",
            "jet-fire": "incident-fire",
            "fireball": "incident-fire",
            "flash-fire": "incident-fire",
            "vapour-cloud": "incident-blast",
            "vapour-cloud-explosion": "incident-blast",
            "vessel-burst": "incident-blast",
            "tnt": "incident-blast",
        },
    ),
    lineage=LINEAGE,
)


class ScenarioZone(Record):
    """Where one level of a kept scenario is reached; a level that is reached nowhere has no place."""

    code: Annotated[str, Title("影响区编号", "Zone"), Field(min_length=1, max_length=60)]
    scenario: Annotated[str, Title("所属情景", "Scenario"), Refers("scenarios")]
    enterprise: Annotated[str, Title("所属企业", "Enterprise"), Refers("enterprises")] = ""
    title: Annotated[
        str,
        Title("标注", "Label", Text("未核实、截断的在标注中说明", "Says what is unverified or cut")),
        Field(min_length=1, max_length=200),
    ]
    title_en: Annotated[str, Title("英文标注", "Label in English")] = ""
    severity: Annotated[int, Title("级序", "Severity", Text("1 最重", "1 is the worst")), Field(ge=1)]
    level: Annotated[str, Title("级别", "Level"), Field(min_length=1, max_length=120)]
    level_en: Annotated[str, Title("英文级别", "Level in English")] = ""
    value: Annotated[float, Title("限值", "Value of the level")]
    unit: Annotated[str, Title("限值单位", "Unit of the value"), Field(max_length=20)]
    averaging_time: Annotated[Second | None, Title("平均时间", "Averaging time"), Field(gt=0)] = None
    reached: Annotated[bool, Title("达到", "Reached")]
    distance: Annotated[Metre, Title("最远距离", "Reach"), Field(ge=0)]
    extent: Annotated[SquareMetre, Title("面积", "Extent"), Field(ge=0)]
    residents: Annotated[
        float | None,
        Title("区内人口", "People inside", Text("空为未统计", "None: not counted")),
        Unit("{people}"),
        Field(ge=0),
    ] = None
    residents_known: Annotated[
        Fraction | None, Title("有人口数据的面积占比", "Share with data on people"), Field(ge=0, le=1)
    ] = None
    model: Annotated[str, Title("模型", "Model"), Field(min_length=1, max_length=80)]
    verified: Annotated[bool, Title("已核实", "Verified")]
    valid: Annotated[bool, Title("在适用范围内", "Within validity")]
    cut: Annotated[str, Title("截断", "Cut"), Codes("zone_cut")] = "none"
    made_at: Annotated[Moment, Title("保存时间", "Kept at")]


SCENARIO_ZONES = Layer(
    id="scenario_zones",
    title=Text("推演影响区", "Zones of scenarios"),
    about=Text(
        f"保存的推演情景各级影响区,撤回的情景不再显示。{NOT_VALIDATED.zh}",
        f"The zones of kept scenarios, none of withdrawn ones; {NOT_VALIDATED.en}",
    ),
    record=ScenarioZone,
    key="code",
    label="title",
    time="made_at",
    geometry=Geometry.POLYGON,
    owner=OWNER,
    made_by=MADE,
    theme=Theme.PLANNING,
    sensitivity=Sensitivity.INTERNAL,
    style=Style(role="boundary", grade="severity", verified="verified"),
    lineage=LINEAGE,
)


class ScenarioBand(Record):
    """Where a zone of a kept scenario may lie when the wind turns as its station has seen it turn."""

    code: Annotated[str, Title("风向带编号", "Band"), Field(min_length=1, max_length=60)]
    scenario: Annotated[str, Title("所属情景", "Scenario"), Refers("scenarios")]
    enterprise: Annotated[str, Title("所属企业", "Enterprise"), Refers("enterprises")] = ""
    title: Annotated[str, Title("标注", "Label"), Field(min_length=1, max_length=200)]
    title_en: Annotated[str, Title("英文标注", "Label in English")] = ""
    severity: Annotated[int, Title("级序", "Severity", Text("1 最重", "1 is the worst")), Field(ge=1)]
    verified: Annotated[bool, Title("已核实", "Verified")]
    made_at: Annotated[Moment, Title("保存时间", "Kept at")]


SCENARIO_BANDS = Layer(
    id="scenario_bands",
    title=Text("推演风向带", "Bands of the wind"),
    about=Text(
        f"风向偏转时影响区可能落入的范围。{NOT_VALIDATED.zh}",
        f"Where the zones of kept scenarios may lie when the wind turns; {NOT_VALIDATED.en}",
    ),
    record=ScenarioBand,
    key="code",
    label="title",
    time="made_at",
    geometry=Geometry.POLYGON,
    owner=OWNER,
    made_by=MADE,
    theme=Theme.PLANNING,
    sensitivity=Sensitivity.INTERNAL,
    style=Style(role="boundary"),
    lineage=LINEAGE,
)
