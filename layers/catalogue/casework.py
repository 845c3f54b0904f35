"""What every case carries, the log of the steps taken in all of them, and the published procedures."""

from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from layers.fields import Codes, Header, Private, Refers, Title
from layers.layer import Geometry, Layer, Publish, Theme
from layers.record import Moment, Record

INTERNAL = Private(Sensitivity.INTERNAL)
ENGINE = Text("办理引擎按已发布的流程写入", "the casework engine, by the published procedure")
Person = Annotated[str, Field(max_length=80)]
CASE_NO = r"^[A-Z]{2}[0-9]{4}-[0-9]{6}$"


COUNTED = ("closed_at", "stopped_at", "due_at", "turn", "state", "sector", "opened_month", "told", "opened_at",
           "state_since", "enterprise")  # fmt: skip
"""What lists of cases are counted, narrowed and put in order by, of every register."""


class CaseRow(Record):
    """One case of a business system: whose it is, where it stands, by when and who has been told.

    The register of a system adds its own fields and says by `Codes` which states its `state` may hold.
    """

    code: Annotated[str, Title("编号", "Number"), Header("案件编号"), Field(pattern=CASE_NO)]
    title: Annotated[str, Title("名称", "Title"), Header("标题"), Field(min_length=1, max_length=120)]
    state: Annotated[str, Title("办理状态", "State"), Field(min_length=1, max_length=40)]
    enterprise: Annotated[
        str, Title("企业代码", "Enterprise"), Refers("enterprises"), Header("统一社会信用代码", "所属企业")
    ] = ""
    enterprise_name: Annotated[str, Title("企业名称", "Enterprise's name"), Field(max_length=120)] = ""
    sector: Annotated[str, Title("监管行业", "Sector"), Codes("sector")] = ""
    process: Annotated[
        int, Title("流程版本", "Version of the procedure", Text("在办案件按立项时的版本办完", "each case by its own")),
        Field(ge=1),
    ] = 1  # fmt: skip
    turn: Annotated[
        str, Title("待办方", "To act next", Text("办结后为空", "blank once closed")), Codes("case_role")
    ] = ""
    opened_at: Annotated[Moment, Title("立项时间", "Opened at")]
    opened_month: Annotated[str, Title("立项月份", "Month opened"), Field(pattern=r"^[0-9]{4}-[0-9]{2}$")]
    opened_by: Annotated[Person, Title("立项人", "Opened by"), INTERNAL] = ""
    opened_account: Annotated[Person, Title("立项账号", "Account that opened it"), INTERNAL] = ""
    state_since: Annotated[Moment, Title("进入本状态时间", "In this state since")]
    due_at: Annotated[Moment | None, Title("本环节期限", "Due"), Header("截止时间")] = None
    due_from: Annotated[Moment | None, Title("期限起算", "Time limit runs from")] = None
    due_assumed: Annotated[
        bool, Title("期限为推算", "Deadline assumed", Text("放假安排未收录", "holidays of a year not known"))
    ] = False
    due_basis: Annotated[str, Title("期限依据", "Basis of the time limit"), Field(max_length=40)] = ""
    stopped_at: Annotated[
        Moment | None, Title("计时暂停时间", "Clock stopped", Text("等待补正期间", "while corrections are awaited"))
    ] = None  # fmt: skip
    closed_at: Annotated[Moment | None, Title("办结时间", "Closed at")] = None
    reminded: Annotated[int, Title("已提醒次数", "Reminders sent"), Field(ge=0)] = 0
    told: Annotated[str, Title("已提醒层级", "Told up to"), Codes("case_tier")] = "none"
    told_at: Annotated[Moment | None, Title("提醒时间", "Told at")] = None
    steps: Annotated[int, Title("办理步骤数", "Steps taken"), Field(ge=0, le=9999)] = 0


class CaseStep(Record):
    """One step taken in a case; never changed once written."""

    code: Annotated[str, Title("步骤编号", "Step entry"), Field(pattern=r"^[a-z][a-z0-9_]*/[A-Z0-9-]+/[0-9]{4}$")]
    of_layer: Annotated[str, Title("业务登记", "Register"), Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    of_key: Annotated[str, Title("案件编号", "Case"), Field(pattern=CASE_NO)]
    number: Annotated[int, Title("序号", "Number"), Field(ge=1, le=9999)]
    step: Annotated[str, Title("步骤", "Step"), Field(min_length=1, max_length=40)]
    step_title: Annotated[str, Title("步骤名称", "Step's title"), Field(max_length=80)] = ""
    source_state: Annotated[str, Title("原状态", "From"), Field(max_length=40)] = ""
    target_state: Annotated[str, Title("新状态", "To"), Field(min_length=1, max_length=40)]
    at: Annotated[Moment, Title("办理时间", "Taken at")]
    by: Annotated[Person, Title("办理人", "Taken by")]
    account: Annotated[Person, Title("办理账号", "Account"), INTERNAL] = ""
    role: Annotated[str, Title("办理身份", "Acting as"), Codes("case_role")]
    reason: Annotated[str, Title("办理意见", "Reason"), Field(max_length=2000)] = ""
    files: Annotated[
        tuple[str, ...], Title("附件", "Attachments", Text("本步骤所附文件的 SHA-256", "SHA-256 of each file"))
    ] = ()
    documents: Annotated[
        tuple[str, ...], Title("印发文书", "Documents issued", Text("文书登记号", "their register numbers"))
    ] = ()
    changed: Annotated[tuple[str, ...], Title("填写字段", "Fields written")] = ()
    due_at: Annotated[Moment | None, Title("下一环节期限", "Then due")] = None
    process: Annotated[int, Title("流程版本", "Version of the procedure"), Field(ge=1)] = 1
    enterprise: Annotated[str, Title("企业代码", "Enterprise"), Refers("enterprises")] = ""


CASE_STEPS = Layer(
    id="case_steps",
    title=Text("办理记录", "Steps of cases"),
    about=Text(
        "各业务案件的办理步骤、意见和附件,只增不改", "Every step of every case with reason and files, append only"
    ),
    record=CaseStep,
    key="code",
    label="step_title",
    time="at",
    geometry=Geometry.NONE,
    owner=Text("各业务主管部门", "Whoever runs the business system"),
    made_by=ENGINE,
    theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL,
    publish=Publish.NONE,
)


class CaseFiling(Record):
    """A step that a device sent under a key of its own: sent again, it is known and not taken twice."""

    code: Annotated[str, Title("提交标识", "Key of the filing"), Field(min_length=1, max_length=160)]
    of_layer: Annotated[str, Title("业务登记", "Register"), Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    of_key: Annotated[str, Title("案件编号", "Case"), Field(pattern=CASE_NO)]
    number: Annotated[int, Title("序号", "Number of the step"), Field(ge=1, le=9999)]
    at: Annotated[Moment, Title("办理时间", "Taken at")]
    account: Annotated[Person, Title("办理账号", "Account"), INTERNAL]
    enterprise: Annotated[str, Title("企业代码", "Enterprise"), Refers("enterprises")] = ""


CASE_FILINGS = Layer(
    id="case_filings",
    title=Text("离线提交", "Filings from devices"),
    about=Text(
        "设备断网时填写、联网后补交的步骤所带的标识,同一标识只办理一次",
        "Keys of steps that devices send when the network is back; each key is one step",
    ),
    record=CaseFiling,
    key="code",
    time="at",
    geometry=Geometry.NONE,
    owner=Text("各业务主管部门", "Whoever runs the business system"),
    made_by=ENGINE,
    theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL,
    publish=Publish.NONE,
)


class Procedure(Record):
    """One published version of a business system's procedure, as data."""

    code: Annotated[str, Title("流程编号", "Procedure"), Field(pattern=r"^[a-z][a-z0-9-]*/[0-9]{4}$")]
    system: Annotated[str, Title("业务系统", "Business system"), Field(pattern=r"^[a-z][a-z0-9-]*$")]
    version: Annotated[int, Title("版本", "Version"), Field(ge=1, le=9999)]
    digest: Annotated[str, Title("内容哈希", "Digest"), Field(pattern=r"^[0-9a-f]{64}$")]
    body: Annotated[str, Title("流程内容", "Declaration"), Field(min_length=2)]
    published_at: Annotated[Moment, Title("发布时间", "Published at")]
    published_by: Annotated[Person, Title("发布人", "Published by")]
    account: Annotated[Person, Title("发布账号", "Account"), INTERNAL] = ""
    origin: Annotated[
        str, Title("发布方", "Published as", Text("管理员发布的不被程序更新替换", "updates replace none of theirs")),
        Codes("procedure_origin"),
    ] = "program"  # fmt: skip
    reason: Annotated[str, Title("发布理由", "Why"), Field(max_length=400)] = ""


PROCEDURES = Layer(
    id="procedures",
    title=Text("业务流程", "Procedures"),
    about=Text("各业务系统发布过的流程版本", "Published versions of each business system's procedure"),
    record=Procedure,
    key="code",
    time="published_at",
    geometry=Geometry.NONE,
    owner=Text("系统管理部门", "System administration"),
    made_by=ENGINE,
    theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL,
    publish=Publish.NONE,
)
