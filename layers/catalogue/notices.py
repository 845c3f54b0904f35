"""What the authority tells people: notices, and the calendar of what takes place."""

from datetime import date
from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from layers.fields import Codes, Header, Title
from layers.layer import Geometry, Layer, Publish, Theme
from layers.record import Moment, Record

Audience = Annotated[
    tuple[str, ...],
    Title(
        "发送对象",
        "Audience",
        Text(
            "门户按此挑选显示，空为全部用户；权限由敏感级别决定",
            "Whom the portal shows it to, nobody named means everybody; rights follow from the sensitivity",
        ),
    ),
    Codes("user_class"),
    Header("接收对象"),
]


class Notice(Record):
    """One notice to everybody at and under its administrative area; a public one is read without an account."""

    code: Annotated[str, Title("通知编号", "Number"), Header("编号", "文号"), Field(min_length=1, max_length=40)]
    title: Annotated[str, Title("标题", "Title"), Header("通知标题"), Field(min_length=1, max_length=120)]
    body: Annotated[str, Title("正文", "Text"), Header("内容"), Field(min_length=1, max_length=20_000)]
    kind: Annotated[str, Title("类别", "Kind"), Codes("notice_kind"), Header("通知类别")] = "notice"
    issued_by: Annotated[
        str, Title("发布单位", "Issued by"), Header("发文单位", "发布机构"), Field(min_length=1, max_length=80)
    ]
    published_at: Annotated[Moment, Title("发布时间", "Published at"), Header("发布日期")]
    expires_on: Annotated[
        date | None, Title("失效日期", "Expires on", Text("当日仍有效", "Still in force that day"))
    ] = None
    audience: Audience = ()
    pinned: Annotated[bool, Title("置顶", "Pinned"), Header("是否置顶")] = False


NOTICES = Layer(
    id="notices",
    title=Text("通知公告", "Notices"),
    about=Text(
        "门户通知与公告：所列区划及其下级可见", "Notices of the portal, for everybody at and under the area they name"
    ),
    record=Notice,
    key="code",
    label="title",
    time="published_at",
    geometry=Geometry.NONE,
    owner=Text("应急管理局办公室", "Office of the emergency management bureau"),
    theme=Theme.SUPERVISION,
    shared=True,
    publish=Publish.NONE,
    lineage=Text("由有发布权的人员发布", "Published by whoever may publish notices"),
)


class Schedule(Record):
    """Something that takes place: a meeting, a joint inspection, a drill."""

    code: Annotated[str, Title("日程编号", "Number"), Header("编号"), Field(min_length=1, max_length=40)]
    title: Annotated[str, Title("事项", "Title"), Header("日程", "主题"), Field(min_length=1, max_length=120)]
    starts_at: Annotated[Moment, Title("开始时间", "Starts at"), Header("开始")]
    ends_at: Annotated[Moment | None, Title("结束时间", "Ends at"), Header("结束")] = None
    place: Annotated[str, Title("地点", "Place"), Field(max_length=120)] = ""
    people: Annotated[str, Title("参加人员", "Who takes part"), Header("参加人"), Field(max_length=200)] = ""
    audience: Audience = ()


SCHEDULES = Layer(
    id="schedules",
    title=Text("日程", "Calendar"),
    about=Text("会议、检查、演练等日程", "Meetings, inspections and drills by date"),
    record=Schedule,
    key="code",
    label="title",
    time="starts_at",
    geometry=Geometry.NONE,
    owner=Text("应急管理局办公室", "Office of the emergency management bureau"),
    theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL,
    shared=True,
    publish=Publish.NONE,
    lineage=Text("由主办单位登记", "Entered by whoever convenes"),
)
