"""Agencies that assess and test for enterprises: qualification, people, equipment, until when."""

from typing import Annotated, ClassVar

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from layers.catalogue.casework import COUNTED, ENGINE, INTERNAL, Person
from layers.catalogue.registered import BUREAU, Registered, Words
from layers.fields import Codes, Header, Title
from layers.layer import Geometry, Layer, Style, Theme


class Agency(Registered):
    """One agency and its qualification; the title is its name."""

    TERMS: ClassVar[str] = "intermediary"

    kind: Annotated[str, Title("机构类别", "Kind"), Codes("agency_kind"), Header("业务类别")] = "evaluation"
    uscc: Annotated[str, Title("统一社会信用代码", "Social credit code"), Field(max_length=18)] = ""
    scope: Annotated[Words, Title("业务范围", "Scope"), Header("资质范围")] = ""
    staff: Annotated[int | None, Title("专职技术人员", "Technical staff"), Field(ge=0, le=100_000)] = None
    equipment: Annotated[Words, Title("主要仪器设备", "Equipment")] = ""
    address: Annotated[str, Title("地址", "Address"), Field(max_length=200)] = ""
    contact: Annotated[Person, Title("联系人", "Contact"), INTERNAL] = ""
    contact_phone: Annotated[str, Title("联系电话", "Phone"), Field(max_length=40), INTERNAL] = ""


INTERMEDIARIES = Layer(
    id="intermediaries",
    title=Text("中介机构", "Agencies"),
    about=Text(
        "安全评价、检测检验等技术服务机构及其资质", "Agencies of assessment and testing, and their qualification"
    ),
    record=Agency,
    key="code",
    label="title",
    time="opened_at",
    geometry=Geometry.POINT,
    owner=BUREAU,
    made_by=ENGINE,
    theme=Theme.SUPERVISION,
    shared=True,
    sensitivity=Sensitivity.INTERNAL,
    counted=(*COUNTED, "kind"),
    search=("code", "title", "number", "scope"),
    style=Style(symbol="permit-case", by="state", symbols={"standing": "permit", "ended": "permit-off"}),
    lineage=Text("机构资质登记,监管部门核对", "Qualifications as registered and checked"),
)
