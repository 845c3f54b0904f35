"""What named persons found when they held a limit against its printed source."""

from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from layers.fields import Title
from layers.layer import Geometry, Layer, Publish, Theme
from layers.record import Moment, Record

Name = Annotated[str, Field(max_length=80)]
Document = Annotated[str, Field(max_length=200)]
Numbers = Annotated[str, Field(max_length=600)]


class LimitCheck(Record):
    """The readings of one limit, the first person's and the second's once there is one; numbers are JSON, as typed."""

    code: Annotated[str, Title("限值编号", "Limit"), Field(min_length=1, max_length=80)]
    title: Annotated[str, Title("限值", "What it is"), Field(min_length=1, max_length=200)]
    digest: Annotated[
        str,
        Title("所核对数值的指纹", "Digest of its numbers", Text("数值一变,核对失效", "Another number: it lapses")),
        Field(pattern=r"^[0-9a-f]{16}$"),
    ]
    first_account: Annotated[str, Title("核对账号", "First account"), Field(min_length=1, max_length=80)]
    first_name: Annotated[Name, Title("核对人", "First reader")]
    first_at: Annotated[Moment, Title("核对时间", "First reading")]
    first_document: Annotated[Document, Title("核对所据文件", "First document")]
    first_page: Annotated[Name, Title("核对所据页码", "First page")]
    first_numbers: Annotated[Numbers, Title("核对读数", "First numbers")]
    second_account: Annotated[Name, Title("复核账号", "Second account")] = ""
    second_name: Annotated[Name, Title("复核人", "Second reader")] = ""
    second_at: Annotated[Moment | None, Title("复核时间", "Second reading")] = None
    second_document: Annotated[Document, Title("复核所据文件", "Second document")] = ""
    second_page: Annotated[Name, Title("复核所据页码", "Second page")] = ""
    second_numbers: Annotated[Numbers, Title("复核读数", "Second numbers")] = ""


LIMIT_CHECKS = Layer(
    id="limit_checks",
    title=Text("限值核实记录", "Verification of limits"),
    about=Text(
        "毒性限值、临界量等与原件的核对和复核:谁、何时、据何文件、读到何数",
        "Limits held against their source: by whom, when, in which document, what was read",
    ),
    record=LimitCheck,
    key="code",
    label="title",
    time="first_at",
    geometry=Geometry.NONE,
    owner=Text("应急管理局", "Emergency management bureau"),
    theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL,
    shared=True,
    publish=Publish.NONE,
    lineage=Text("由具名人员在限值核实页录入,须两人独立读数一致", "Entered by two persons who read independently"),
)
