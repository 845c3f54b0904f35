"""The batch as a process: queued always, its file the result."""

from app.jobs.sweeping import MOST, SweepAsked
from core.caller import Caller
from core.errors import ConflictError
from core.texts import Text
from emergency.scenario import Scenario
from ogc.processes.process import Json, Mode, Part, Process, Values

_SCHEMA = SweepAsked.model_json_schema()["properties"]
_TITLES = {
    "scenario": Text("情景", "scenario"),
    "weathers": Text(f"气象表,至多 {MOST} 行", f"a table of weathers, at most {MOST}"),
    "vary": Text("各量取值,全部组合", "values of quantities, every combination"),
    "rose": Text("最近气象站的风玫瑰", "the nearest station's wind rose"),
    "people": Text("是否计人口", "whether people are counted"),
    "targets": Text("是否计保护目标", "whether protection targets are counted"),
    "format": Text("表格格式", "form of the table"),
}


def _run(_: Json, __: Caller) -> Values:
    raise ConflictError(Text("批量推演只能作为任务执行", "a batch is executed as a job only"))


SWEEP_PROCESS = Process(
    id="scenario-sweep",
    title=Text("批量推演", "Scenario in many weathers"),
    about=Text(
        "一个情景在多种气象下的结果表;weathers、vary、rose 给出一项",
        "One scenario in many weathers, as a table; give one of weathers, vary and rose",
    ),
    inputs=tuple(
        Part(
            name=name, title=title, required=name == "scenario",
            schema={"$id": "urn:onemap:scenario:1", **Scenario.model_json_schema()}
            if name == "scenario"
            else _SCHEMA[name],
        )
        for name, title in _TITLES.items()
    ),
    outputs=(
        Part(
            name="table", title=Text("结果表与汇总(压缩包)", "table and summary (an archive)"),
            schema={"type": "string", "contentMediaType": "application/zip", "contentEncoding": "binary"},
        ),
    ),
    run=_run, modes=(Mode.ASYNC,),
)  # fmt: skip
