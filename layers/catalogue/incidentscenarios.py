"""Scenarios computed of an incident at the duty desk, round by round; what is played has layers of its own."""

from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Metre
from layers.catalogue.incidents import CODE, DESK, OWNER, STREAM
from layers.catalogue.scenarios import (
    SCENARIO_BANDS,
    SCENARIO_ZONES,
    SCENARIOS,
    KeptScenario,
    ScenarioBand,
    ScenarioZone,
)
from layers.fields import Codes, Title
from layers.layer import Geometry, Layer, Publish, Style, Theme
from layers.record import Moment, Record

ROUND = r"^(SJ|YL)[0-9]{8}-[0-9]{4}/Q[0-9]{2,4}$"
PROJECTION = r"^(SJ|YL)[0-9]{8}-[0-9]{4}/T[0-9]{2,4}$"
SHA = r"^[0-9a-f]{64}$"
Json = Annotated[str, Field(max_length=40_000)]


class IncidentScenario(Record):
    """One round: what was computed, by whom, of which inputs, and what registers and stations said at that moment."""

    code: Annotated[str, Title("轮次编号", "Round"), Field(pattern=ROUND)]
    incident: Annotated[str, Title("事件", "Incident"), Field(pattern=CODE)]
    exercise: Annotated[bool, Title("演练", "Exercise")] = False
    number: Annotated[int, Title("轮次", "Number"), Field(ge=1, le=9999)]
    scenario: Annotated[
        str,
        Title("推演情景", "Kept scenario"),
        Field(max_length=40),
    ] = ""
    title: Annotated[str, Title("名称", "Title"), Field(min_length=1, max_length=200)]
    release: Annotated[str, Title("释放类型", "Kind of release"), Field(max_length=40)]
    chemical: Annotated[str, Title("化学品", "Chemical", Text("CAS 号", "CAS number")), Field(max_length=40)] = ""
    chemical_name: Annotated[str, Title("化学品名称", "Chemical's name"), Field(max_length=80)] = ""
    begun_at: Annotated[Moment | None, Title("释放开始时间", "Release began at")] = None
    computed_at: Annotated[Moment, Title("计算时间", "Computed at")]
    by: Annotated[str, Title("计算人", "By"), Field(max_length=80)]
    account: Annotated[str, Title("账号", "Account"), Field(max_length=80)] = ""
    origins: Annotated[Json, Title("输入来源", "Where inputs came from")]
    offered: Annotated[Json, Title("当时登记和实测值", "What registers and stations said")]
    asked: Annotated[Json, Title("预填依据", "What was prefilled of")]
    front: Annotated[Json, Title("到达时间", "Times of arrival")]
    chosen: Annotated[str, Title("说明", "Note"), Field(max_length=400)] = ""
    farthest: Annotated[Metre, Title("最远距离", "Farthest"), Field(ge=0)]
    valid: Annotated[bool, Title("在适用范围内", "Within validity")]
    verified: Annotated[bool, Title("已核实", "Verified")]
    fingerprint: Annotated[str, Title("输入指纹", "Fingerprint"), Field(max_length=64)]
    scenario_sha256: Annotated[str, Title("情景文件", "Scenario file"), Field(pattern=SHA)]
    result_sha256: Annotated[str, Title("结果文件", "Result file"), Field(pattern=SHA)]


INCIDENT_SCENARIOS = Layer(
    id="incident_scenarios",
    title=Text("事件推演", "Scenarios of incidents"),
    about=Text("值班台为事件逐轮计算的情景和输入来源", "Scenarios of incidents, with where each input is from"),
    record=IncidentScenario,
    key="code",
    label="title",
    time="computed_at",
    geometry=Geometry.POINT,
    owner=OWNER,
    made_by=DESK,
    theme=Theme.EVENT,
    sensitivity=Sensitivity.INTERNAL,
    publish=Publish.NONE,
    counted=("incident",),
    style=Style(symbol="accident-4"),
    stream=STREAM,
)


class IncidentProjection(IncidentScenario):
    """A round that nobody asked for: the newest one computed again of what is true now, adopted by a person or not.

    `scenario` is the kept scenario it is held against; the geometry is its widest zone.
    """

    code: Annotated[str, Title("推算编号", "Projection"), Field(pattern=PROJECTION)]
    of_round: Annotated[str, Title("所依轮次", "Of round"), Field(pattern=ROUND)]
    state: Annotated[str, Title("状态", "State"), Codes("projection_state")] = "proposed"
    turned_at: Annotated[
        Moment | None,
        Title("新风读数时间", "New wind read at", Text("最早读到新风的时间", "when the new wind was read first")),
    ] = None
    told: Annotated[str, Title("变化和结果", "What changed"), Field(max_length=1000)]
    told_en: Annotated[str, Title("变化和结果英文稿", "What changed, in English"), Field(max_length=1000)]
    decided_at: Annotated[Moment | None, Title("决定时间", "Decided at")] = None
    decided_by: Annotated[str, Title("决定人", "Decided by"), Field(max_length=80)] = ""
    why: Annotated[str, Title("原因", "Why"), Field(max_length=400)] = ""
    adopted_as: Annotated[str, Title("采用为轮次", "Adopted as"), Field(max_length=40)] = ""


INCIDENT_PROJECTIONS = Layer(
    id="incident_projections",
    title=Text("按当前条件推算", "Projections of incidents"),
    about=Text(
        "风或泄放条件变化后系统按当前条件推算的情景,采用前不是事件的情景",
        "Scenarios the system computes when the wind or the release has changed; none is the incident's own unless a "
        "person adopts it",
    ),
    record=IncidentProjection,
    key="code",
    label="title",
    time="computed_at",
    geometry=Geometry.POLYGON,
    owner=OWNER,
    made_by=DESK,
    theme=Theme.EVENT,
    sensitivity=Sensitivity.INTERNAL,
    publish=Publish.NONE,
    counted=("incident",),
    style=Style(symbol="accident-4"),
    stream=STREAM,
)


class ExerciseScenario(KeptScenario):
    """A kept scenario that is played: of another layer, on no map of real ones."""


class ExerciseZone(ScenarioZone):
    """A zone of a scenario that is played."""


class ExerciseBand(ScenarioBand):
    """Where a zone that is played may lie when the wind turns."""


def _played(of: Layer, record: type[Record], id: str, zh: str, en: str) -> Layer:
    return Layer(
        id=id, title=Text(zh, en), about=Text(f"{zh},不上真实地图", f"{en}, on no map of real ones"), record=record,
        key=of.key, label=of.label, time=of.time, geometry=of.geometry, owner=OWNER, made_by=DESK, theme=Theme.EVENT,
        sensitivity=Sensitivity.INTERNAL, publish=Publish.NONE, style=of.style, stream="exercise",
    )  # fmt: skip


EXERCISE_SCENARIOS = _played(SCENARIOS, ExerciseScenario, "exercise_scenarios", "演练情景", "Scenarios of exercises")
EXERCISE_ZONES = _played(SCENARIO_ZONES, ExerciseZone, "exercise_zones", "演练影响区", "Zones of exercises")
EXERCISE_BANDS = _played(SCENARIO_BANDS, ExerciseBand, "exercise_bands", "演练风向带", "Bands of exercises")


def scenario_layers(exercise: bool) -> tuple[Layer, Layer, Layer]:
    """Where the scenario of an incident, its zones and its bands are kept."""
    if exercise:
        return EXERCISE_SCENARIOS, EXERCISE_ZONES, EXERCISE_BANDS
    return SCENARIOS, SCENARIO_ZONES, SCENARIO_BANDS


PLAYED: dict[type[Record], type[Record]] = {
    KeptScenario: ExerciseScenario, ScenarioZone: ExerciseZone, ScenarioBand: ExerciseBand,
}  # fmt: skip


def played(row: Record) -> Record:
    """The same row of an exercise."""
    return PLAYED[type(row)](**{name: getattr(row, name) for name in type(row).model_fields})
