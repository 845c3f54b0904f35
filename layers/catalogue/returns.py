"""Monthly returns of accidents: what members of the safety committee tell of an industry, by month and district."""

from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Unit
from layers.catalogue.casework import COUNTED, ENGINE, CaseRow
from layers.catalogue.registered import BUREAU, Words
from layers.fields import Codes, Header, Title
from layers.layer import Geometry, Layer, Theme

Number = Annotated[int, Field(ge=0, le=100_000)]
"""How many of a month, in one district."""


class IndustryReturn(CaseRow):
    """Accidents of one industry in one district and month with what they cost, or that there were none."""

    state: Annotated[str, Title("办理状态", "State"), Codes("return_state")] = "filed"
    month: Annotated[
        str, Title("报送月份", "Month", Text("如 2026-03", "such as 2026-03")), Header("月份"), Field(max_length=7)
    ] = ""  # fmt: skip
    industry: Annotated[str, Title("行业领域", "Industry"), Codes("return_industry"), Header("行业")] = "construction"
    unit: Annotated[
        str, Title("填报单位", "Filing unit", Text("不填时取账号所在单位", "left out: the account's own")),
        Field(max_length=120),
    ] = ""  # fmt: skip
    nil: Annotated[bool, Title("零报告", "Nil return", Text("本月没有事故时勾选", "ticked where there were none"))] = (
        False
    )
    accidents: Annotated[Number, Title("事故起数", "Accidents"), Header("起数")] = 0
    deaths: Annotated[Number, Title("死亡人数", "Deaths"), Header("死亡")] = 0
    serious_injuries: Annotated[Number, Title("重伤人数", "Serious injuries"), Header("重伤")] = 0
    minor_injuries: Annotated[Number, Title("轻伤人数", "Minor injuries"), Header("轻伤")] = 0
    direct_loss: Annotated[
        float, Title("直接经济损失", "Direct loss"), Unit("10*4.CNY"), Header("经济损失"), Field(ge=0, le=10_000_000)
    ] = 0.0  # fmt: skip
    remark: Annotated[Words, Title("备注", "Remark")] = ""


INDUSTRY_RETURNS = Layer(
    id="industry_returns", title=Text("行业事故月报", "Monthly returns of accidents"), record=IndustryReturn,
    key="code", label="title",
    about=Text(
        "安委会成员单位按月报送的行业事故数,与事故登记分别统计,不相加",
        "Accidents of industries as members of the safety committee return them; counted apart from `accidents`",
    ),
    time="opened_at", geometry=Geometry.NONE, owner=BUREAU, made_by=ENGINE, theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL, counted=(*COUNTED, "month", "industry"), search=("code", "title", "unit"),
    lineage=Text("安委会成员单位填报", "Filed by members of the safety committee"),
)  # fmt: skip
