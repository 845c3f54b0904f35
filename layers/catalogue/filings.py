"""Filings that no licence comes of: emergency plans, safety facilities of projects, occupational hazards."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from layers.catalogue.casework import COUNTED, ENGINE
from layers.catalogue.registered import BUREAU, Registered, Words
from layers.fields import Codes, Header, Refers, Title
from layers.layer import Geometry, Layer, Style, Theme


class Filing(Registered):
    """One filing: of what kind, what it is about, since when it was due, and the agency whose report it rests on."""

    TERMS: ClassVar[str] = "filing"

    kind: Annotated[str, Title("备案种类", "Kind"), Codes("filing_kind"), Header("备案类型")] = "emergency_plan"
    about: Annotated[Words, Title("备案内容", "What is filed"), Header("内容")] = ""
    basis_on: Annotated[
        date | None,
        Title("公布或竣工日期", "Published or completed on", Text("备案期限自此起算", "the time runs from it")),
    ] = None
    late: Annotated[bool, Title("逾期备案", "Filed late")] = False
    agency: Annotated[
        str, Title("报告出具机构", "Agency of the report", Text("填中介机构编号", "its number in the register")),
        Refers("intermediaries"),
    ] = ""  # fmt: skip
    agency_name: Annotated[str, Title("机构名称", "Agency's name"), Field(max_length=120)] = ""
    agency_state: Annotated[str, Title("机构登记状态", "Agency's state"), Codes("register_state")] = ""
    agency_until: Annotated[date | None, Title("机构资质有效期至", "Agency qualified until")] = None
    checked: Annotated[Words, Title("核对意见", "Finding of the check")] = ""


FILINGS = Layer(
    id="filings",
    title=Text("备案", "Filings"),
    about=Text(
        "应急预案、建设项目安全设施、职业病危害等备案", "Emergency plans, projects, occupational hazards as filed"
    ),
    record=Filing,
    key="code",
    label="title",
    time="opened_at",
    geometry=Geometry.POINT,
    owner=BUREAU,
    made_by=ENGINE,
    theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL,
    counted=(*COUNTED, "kind"),
    search=("code", "title", "enterprise_name", "number"),
    style=Style(symbol="permit-case", by="state", symbols={"standing": "permit", "ended": "permit-off"}),
    lineage=Text("企业网上申报,监管部门核对登记", "Lodged by enterprises, checked by the authority"),
)
