"""The register of major hazard sources: assessed, filed, reviewed every three years, noted off."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from layers.catalogue.casework import COUNTED, ENGINE
from layers.catalogue.registered import BUREAU, Registered, Words
from layers.fields import Codes, Header, Refers, Standard, Title
from layers.layer import Geometry, Layer, Style, Theme

GB = Standard("GB 18218")


class HazardFiling(Registered):
    """One hazard source as filed: its numbers are read anew from the graded source at each step."""

    TERMS: ClassVar[str] = "hazard"

    hazard: Annotated[
        str,
        Title("危险源编码", "Source"),
        Refers("hazard_sources"),
        Header("重大危险源编码"),
        Field(min_length=1),
    ]
    hazard_name: Annotated[str, Title("危险源名称", "Its name"), Field(max_length=120)] = ""
    main_chemical: Annotated[str, Title("主要物质", "Main substance")] = ""
    s_value: Annotated[float | None, Title("S 值", "S value"), GB, Field(ge=0)] = None
    r_value: Annotated[float | None, Title("R 值", "R value"), GB, Field(ge=0)] = None
    grade: Annotated[int | None, Title("级别", "Grade"), Codes("hazard_grade"), GB, Field(ge=1, le=4)] = None
    exposed_people: Annotated[int | None, Title("厂外 500 米人数", "People within 500 m outside"), Field(ge=0)] = None
    assessed_on: Annotated[date | None, Title("评估日期", "Assessed on"), Header("安全评估日期")] = None
    assessor: Annotated[str, Title("评估单位", "Assessed by"), Field(max_length=120)] = ""
    late: Annotated[bool, Title("逾期备案", "Filed late")] = False
    checked: Annotated[Words, Title("核查意见", "Finding of the check")] = ""

    @property
    def counts_from(self) -> date | None:
        """The review is due so long after the assessment."""
        return self.assessed_on


HAZARD_FILINGS = Layer(
    id="hazard_filings", title=Text("重大危险源备案", "Filings of major hazards"), record=HazardFiling, key="code",
    about=Text("重大危险源的评估备案、三年复评和核销", "Hazard sources as assessed, filed, reviewed and noted off"),
    label="title", time="opened_at", geometry=Geometry.POINT, owner=BUREAU, made_by=ENGINE, theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL, counted=(*COUNTED, "grade"),
    search=("code", "title", "enterprise_name", "hazard", "number"),
    style=Style(
        symbol="hazard-4", by="grade", grade="grade",
        symbols={"1": "hazard-1", "2": "hazard-2", "3": "hazard-3", "4": "hazard-4"},
    ),
    lineage=Text("企业评估后申报,监管部门核查备案", "Filed by enterprises after an assessment"),
)  # fmt: skip
