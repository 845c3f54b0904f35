"""Bodies of supervision and experts: who they are, what for, where, and how they are called."""

from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from layers.catalogue.casework import COUNTED, ENGINE, INTERNAL, Person
from layers.catalogue.registered import BUREAU, Registered, Words
from layers.fields import Codes, Header, Title
from layers.layer import Geometry, Layer, Style, Theme

Phone = Annotated[str, Field(max_length=40), INTERNAL]


class Body(Registered):
    """An authority, a unit of it or a team of enforcement; the title is its name."""

    state: Annotated[str, Title("登记状态", "State"), Codes("register_state")] = "standing"
    kind: Annotated[str, Title("机构类别", "Kind"), Codes("body_kind"), Header("机构类型")] = "authority"
    duties: Annotated[Words, Title("职责", "Duties")] = ""
    posts: Annotated[int | None, Title("编制人数", "Posts"), Field(ge=0, le=100_000)] = None
    staff: Annotated[int | None, Title("在岗人数", "Staff"), Field(ge=0, le=100_000)] = None
    head: Annotated[Person, Title("负责人", "Head"), INTERNAL] = ""
    duty_phone: Annotated[Phone, Title("值班电话", "Duty phone")] = ""
    address: Annotated[str, Title("地址", "Address"), Field(max_length=200)] = ""


class Expert(Registered):
    """An expert; the title is the name."""

    state: Annotated[str, Title("登记状态", "State"), Codes("register_state")] = "standing"
    kind: Annotated[str, Title("专业领域", "Field"), Codes("sector"), Header("专业", "行业")] = "hazchem"
    strengths: Annotated[Words, Title("专长", "Strengths")] = ""
    post: Annotated[str, Title("职称", "Title held"), Field(max_length=60)] = ""
    unit: Annotated[str, Title("工作单位", "Works at"), Field(max_length=120)] = ""
    phone: Annotated[Phone, Title("联系电话", "Phone")] = ""


BODIES = Layer(
    id="bodies", title=Text("监管机构", "Bodies of supervision"), record=Body, key="code", label="title",
    about=Text("监管部门、所属单位和执法队伍", "Authorities, their units and teams of enforcement"),
    geometry=Geometry.POINT, owner=BUREAU, made_by=ENGINE, theme=Theme.SUPERVISION, shared=True,
    sensitivity=Sensitivity.INTERNAL, counted=(*COUNTED, "kind"), search=("code", "title", "duties"),
    style=Style(symbol="res-post"), lineage=Text("监管部门登记维护", "Kept by the authority"),
)  # fmt: skip

EXPERTS = Layer(
    id="experts", title=Text("安全生产专家", "Experts"), record=Expert, key="code", label="title",
    about=Text("可供咨询和调派的专家", "Experts who may be asked and called"),
    geometry=Geometry.POINT, owner=BUREAU, made_by=ENGINE, theme=Theme.RESOURCE, shared=True,
    sensitivity=Sensitivity.INTERNAL, counted=(*COUNTED, "kind"), search=("code", "title", "strengths", "unit"),
    style=Style(symbol="res-team"), lineage=Text("监管部门登记维护", "Kept by the authority"),
)  # fmt: skip
