"""Official documents: those an organ sends, those it receives, and to whom what was sent has come."""

from datetime import date
from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from layers.catalogue.casework import CASE_NO, COUNTED, ENGINE, INTERNAL, CaseRow, Person
from layers.catalogue.registered import BUREAU
from layers.fields import Codes, Header, Title
from layers.layer import Geometry, Layer, Publish, Style, Theme
from layers.record import Moment, Record

NO_SECRETS = Text(
    "涉及国家秘密、工作秘密的内容不得录入本系统",
    "what is a secret of the state or of the office must not be put into this system",
)
Named = Annotated[str, Field(max_length=400)]
Names = tuple[str, ...]


class Paper(CaseRow):
    """What documents that are sent and documents that are received have in common."""

    kind: Annotated[str, Title("文种", "Kind"), Codes("official_kind"), Header("公文种类")] = "notice"
    secrecy: Annotated[str, Title("公开属性", "For whom", NO_SECRETS), Codes("official_secrecy")] = "internal"
    confirmed: Annotated[
        bool, Title("已作保密审查,不涉及国家秘密、工作秘密", "Checked: holds no secret", NO_SECRETS)
    ] = False  # fmt: skip
    urgency: Annotated[str, Title("紧急程度", "Urgency"), Codes("official_urgency")] = "ordinary"
    retention: Annotated[str, Title("保管期限", "Kept for"), Codes("official_retention")] = ""
    archive_no: Annotated[str, Title("档号", "Number in the archive"), Field(max_length=60)] = ""
    archived_by: Annotated[Person, Title("归档人", "Archived by")] = ""


class OfficialDocument(Paper):
    """A document that an organ drafts, checks, signs, numbers, seals and distributes; the title is its title."""

    state: Annotated[str, Title("办理状态", "State"), Codes("official_state")] = "drafting"
    layout: Annotated[str, Title("公文格式", "Layout"), Codes("official_layout")] = "document"
    recipients: Annotated[
        Named, Title("主送机关", "To", Text("多个机关用顿号分开", "several are set apart by 、")), Header("主送")
    ] = ""  # fmt: skip
    body: Annotated[
        str, Title("正文", "Text", Text("每段一行", "each paragraph a line")), Field(max_length=20_000)
    ] = ""  # fmt: skip
    annexes: Annotated[
        str, Title("附件说明", "Annexes", Text("每件一行,文件随“送核稿”等步骤上传", "one a line; files go with steps")),
        Field(max_length=1000),
    ] = ""  # fmt: skip
    copies: Annotated[Named, Title("抄送机关", "Copies to"), Header("抄送")] = ""
    cosigners: Annotated[
        Names, Title("会签人", "To countersign", Text("不需会签的不选", "nobody where none is wanted"))
    ] = ()
    cosigned: Annotated[Names, Title("已会签", "Countersigned")] = ()
    drafter: Annotated[Person, Title("拟稿人", "Drafted by")] = ""
    drafter_account: Annotated[Person, Title("拟稿账号", "Account that drafted it"), INTERNAL] = ""
    checked_by: Annotated[Person, Title("核稿人", "Checked by")] = ""
    signed_by: Annotated[Person, Title("签发人", "Signed by")] = ""
    signed_on: Annotated[date | None, Title("签发日期", "Signed on")] = None
    number: Annotated[str, Title("发文字号", "Number"), Header("文号"), Field(max_length=80)] = ""
    sealed_at: Annotated[Moment | None, Title("用印时间", "Sealed at")] = None
    to_areas: Annotated[Names, Title("分发至机关", "To the organs of")] = ()
    to_groups: Annotated[Names, Title("分发至分组", "To groups")] = ()
    to_people: Annotated[Names, Title("分发至个人", "To persons")] = ()
    distributed_at: Annotated[Moment | None, Title("分发时间", "Distributed at")] = None
    published_at: Annotated[Moment | None, Title("公告栏发布时间", "On the notice board since")] = None
    published_step: Annotated[int, Title("发布步骤", "Step that published it"), Field(ge=0)] = 0


class IncomingDocument(Paper):
    """A document that came from another organ, and what became of it here."""

    state: Annotated[str, Title("办理状态", "State"), Codes("incoming_state")] = "registered"
    from_organ: Annotated[str, Title("来文机关", "From"), Header("来文单位"), Field(min_length=0, max_length=120)] = ""
    from_number: Annotated[str, Title("来文字号", "Their number"), Header("来文文号"), Field(max_length=80)] = ""
    received_on: Annotated[date | None, Title("收文日期", "Received on")] = None
    summary: Annotated[str, Title("内容摘要", "What it says"), Field(max_length=2000)] = ""
    delivery: Annotated[str, Title("来文分发编号", "Delivered as"), Field(max_length=80)] = ""
    proposal: Annotated[str, Title("拟办意见", "Proposed handling"), Field(max_length=2000)] = ""
    handler: Annotated[str, Title("承办单位或承办人", "Handled by"), Field(max_length=120)] = ""
    instruction: Annotated[str, Title("批示意见", "Instructions"), Field(max_length=2000)] = ""
    handle_by: Annotated[date | None, Title("办理时限", "To be handled by")] = None
    outcome: Annotated[str, Title("办理结果", "Outcome"), Field(max_length=2000)] = ""


class DocumentDelivery(Record):
    """One addressee of a document: an organ, a group or a person; who has opened it, and who signed for it."""

    code: Annotated[str, Title("分发编号", "Delivery"), Field(min_length=1, max_length=80)]
    of_key: Annotated[str, Title("公文编号", "Document"), Field(pattern=CASE_NO)]
    document: Annotated[str, Title("文书登记号", "Register number"), Field(max_length=80)]
    number: Annotated[str, Title("发文字号", "Number"), Field(max_length=80)] = ""
    title: Annotated[str, Title("标题", "Title"), Field(min_length=1, max_length=120)]
    organ: Annotated[str, Title("发文机关", "From"), Field(max_length=80)] = ""
    urgency: Annotated[str, Title("紧急程度", "Urgency"), Codes("official_urgency")] = "ordinary"
    to: Annotated[str, Title("收文方", "Addressee", Text("机关按区划,或分组、个人", "area, group or person")),
                  Field(pattern=r"^(area|group|person):.{1,60}$")]  # fmt: skip
    to_name: Annotated[str, Title("收文方名称", "Addressee's name"), Field(max_length=120)] = ""
    sent_at: Annotated[Moment, Title("分发时间", "Sent at")]
    sent_by: Annotated[Person, Title("分发人", "Sent by")] = ""
    read_at: Annotated[Moment | None, Title("首次阅读时间", "First read at")] = None
    readers: Annotated[
        Names, Title("阅读人", "Read by", Text("账号|姓名|时间", "account|name|time")), INTERNAL
    ] = ()  # fmt: skip
    received_at: Annotated[Moment | None, Title("签收时间", "Signed for at")] = None
    received_by: Annotated[Person, Title("签收人", "Signed for by")] = ""
    registered_as: Annotated[str, Title("登记为收文", "Registered as"), Field(max_length=20)] = ""


OFFICIAL_DOCUMENTS = Layer(
    id="official_documents", title=Text("公文(发文)", "Official documents"), record=OfficialDocument, key="code",
    label="title", time="opened_at",
    about=Text("本机关起草、签发、编号、用印、分发和归档的公文", "Documents drafted, signed, sent and archived"),
    geometry=Geometry.NONE, owner=BUREAU, made_by=ENGINE, theme=Theme.SUPERVISION, sensitivity=Sensitivity.INTERNAL,
    counted=(*COUNTED, "kind"), search=("code", "title", "number", "recipients"), style=Style(symbol="permit-case"),
    lineage=Text("公文办理逐环节留痕", "As handled, step by step"),
)  # fmt: skip

INCOMING_DOCUMENTS = Layer(
    id="incoming_documents", title=Text("公文(收文)", "Incoming documents"), record=IncomingDocument, key="code",
    label="title", time="opened_at",
    about=Text("收到的公文及其拟办、批示、承办和归档", "Documents received, and how they were handled"),
    geometry=Geometry.NONE, owner=BUREAU, made_by=ENGINE, theme=Theme.SUPERVISION, sensitivity=Sensitivity.INTERNAL,
    counted=(*COUNTED, "kind"), search=("code", "title", "from_number", "from_organ"),
    style=Style(symbol="permit-case"), lineage=Text("收文登记和办理逐环节留痕", "As registered and handled"),
)  # fmt: skip

DOCUMENT_DELIVERIES = Layer(
    id="document_deliveries", title=Text("公文分发", "Deliveries of documents"), record=DocumentDelivery, key="code",
    label="title", time="sent_at",
    about=Text("公文分发到的机关、分组和个人,阅读和签收情况", "To whom documents were sent, and who read them"),
    geometry=Geometry.NONE, owner=BUREAU, made_by=ENGINE, theme=Theme.SUPERVISION, sensitivity=Sensitivity.INTERNAL,
    counted=("to", "of_key", "sent_at"), publish=Publish.NONE,
    lineage=Text("分发、阅读和签收时自动登记", "Written when a document is sent, read, signed for"),
)  # fmt: skip
