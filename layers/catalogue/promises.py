"""Promises of safety: what an enterprise judged of its day and promised in public, a row a day."""

from datetime import date
from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from layers.catalogue.casework import COUNTED, ENGINE, CaseRow
from layers.catalogue.registered import BUREAU, Words
from layers.fields import Codes, Title
from layers.layer import Geometry, Layer, Style, Theme

Works = Annotated[int, Field(ge=0, le=1_000)]
"""How many works of one kind are planned for the day."""


class SafetyPromise(CaseRow):
    """Units that run or stand, dangerous works of the day, who promises; named as in the exchange of the province."""

    state: Annotated[str, Title("办理状态", "State"), Codes("promise_state")] = "promised"
    promised_on: Annotated[date | None, Title("承诺日期", "Day of the promise")] = None
    units: Annotated[Works, Title("生产装置套数", "Units")] = 0
    running: Annotated[Works, Title("运行套数", "Units that run")] = 0
    stopped: Annotated[Works, Title("停车套数", "Units that stand")] = 0
    special_fires: Annotated[Works, Title("特级动火作业", "Hot work, special class")] = 0
    first_fires: Annotated[Works, Title("一级动火作业", "Hot work, class 1")] = 0
    second_fires: Annotated[Works, Title("二级动火作业", "Hot work, class 2")] = 0
    confined: Annotated[Works, Title("受限空间作业", "Confined spaces")] = 0
    other_works: Annotated[Works, Title("其他特殊作业", "Other special works")] = 0
    contractors: Annotated[bool, Title("有承包商作业", "Contractors at work")] = False
    trial: Annotated[bool, Title("处于试生产期", "Trial run")] = False
    start_stop: Annotated[bool, Title("处于开停车状态", "Starting or stopping")] = False
    promiser: Annotated[str, Title("承诺人", "Who promises"), Field(max_length=60)] = ""
    promise: Annotated[Words, Title("承诺内容", "What is promised")] = ""


SAFETY_PROMISES = Layer(
    id="safety_promises", title=Text("安全承诺", "Promises of safety"), record=SafetyPromise, key="code", label="title",
    about=Text("企业每日安全风险研判与承诺", "What enterprises judge of their day, and promise"), time="opened_at",
    geometry=Geometry.POINT, owner=BUREAU, made_by=ENGINE, theme=Theme.SUPERVISION, sensitivity=Sensitivity.INTERNAL,
    counted=COUNTED, search=("code", "title", "enterprise_name", "promiser"), style=Style(symbol="permit-case"),
    lineage=Text("企业填报", "Filed by enterprises"),
)  # fmt: skip
