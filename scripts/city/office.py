"""What the invented bureaus tell and plan: notices and a calendar, by tables and no chance, so that nothing else moves."""

from datetime import date, datetime, timedelta
from typing import Any

from scripts.city.geography import CITY_CODE
from scripts.city.resources import REFERENCE

CITY, PORT, COAST, CENTRE, ISLE = CITY_CODE, "990106", "990104", "990102", "990121"
BUREAUS = {CITY: "云澜市应急管理局", PORT: "盐港新区应急管理局", COAST: "听涛新区应急管理局", CENTRE: "云澜市区应急管理局",
           ISLE: "青屿县应急管理局"}  # fmt: skip
STAFF, FIRMS = ["regulator", "committee"], ["enterprise", "intermediary"]
DAYS = range(-7, 61)
"""The calendar's days from the day of reference."""

NOTICES = (
    (CITY, 0.5, True, STAFF, 1, "notice", "关于开展重大危险源安全评估到期情况排查的通知",
     "各区县应急管理局：请对照重大危险源台账，逐一核对安全评估日期，距到期不足四个月的，督促企业启动评估并按时重新备案。"
     "排查结果记入台账，逾期未评估的依法处理。"),
    (CITY, 18.0, False, ["regulator"], 1, "notice", "关于核实在线监测停报点位的通知",
     "监测点停报超过一小时的，由属地应急管理局在当日内联系企业核实原因，属检维修停用的须提供作业票据，属设备故障的须说明恢复时间。"),
    (CITY, 46.0, False, ["regulator", "committee", "enterprise"], 1, "notice", "关于落实危险化学品企业特殊作业管控措施的通知",
     "动火、受限空间等特殊作业须先辨识风险、再审批作业，作业期间监护人不得离开现场。各企业请于本周内完成自查。"),
    (CITY, 70.0, False, ["enterprise"], 1, "notice", "关于安全生产标准化证书续期的提醒",
     "标准化证书有效期届满前三个月可提出复评申请。证书已过期的企业，请尽快与属地应急管理局联系，过期期间不得对外使用标准化等级。"),
    (CITY, 95.0, False, ["intermediary"], 1, "notice", "关于安全评价报告公开情况抽查的通知",
     "请各安全评价机构自查已出具报告的公开情况，重点核对项目组成员、现场勘验记录与影像资料是否齐全。"),
    (CITY, 16.5, True, [], 0, "announcement", "关于公布应急避难场所查询服务的公告",
     "全市应急避难场所的名称、地址、可容纳人数已在本页公布，可按名称或地址查询。启用情况以现场和本市正式发布为准。"),
    (CITY, 41.0, False, [], 0, "announcement", "关于企业安全生产信息公示的公告",
     "企业名称、统一社会信用代码、监管行业、经营状态、安全生产标准化等级及有效期、严重失信情况向社会公示，可在本页查询。"
     "发现信息有误的，请向属地应急管理局反映。"),
    (CITY, 112.0, False, [], 0, "announcement", "关于安全生产举报受理方式的公告",
     "发现生产安全事故隐患或违法行为，可拨打安全生产举报投诉特服电话 12350，说明单位名称、地点和情况。举报人信息依法保密。"),
    (PORT, 17.0, False, STAFF, 1, "notice", "关于盐港化工园区夜间值守安排的通知",
     "园区夜间值守实行双人双岗，交接班须当面核对在线监测、视频和消防设施状态，异常情况先处置后补记。"),
    (PORT, 45.0, False, ["enterprise"], 1, "notice", "关于园区企业更新应急联系人的通知",
     "应急联系人、主要负责人电话如有变动，请在三日内更新台账。联系不上的，按台账信息不实处理。"),
    (PORT, 66.0, False, [], 0, "announcement", "关于盐港化工园区应急演练的公告",
     "园区将组织氯气泄漏应急演练，演练期间会有警报声和消防车辆通行，请周边居民不必惊慌。"),
    (COAST, 22.0, False, STAFF, 1, "notice", "关于氨制冷企业清单更新的通知",
     "请各街道（镇）核对辖区氨制冷企业清单，重点核对储氨器数量、实际储量和检测报警装置。"),
    (CENTRE, 40.0, False, STAFF, 1, "notice", "关于人员密集场所联合检查的通知",
     "会同消防、商务部门对大型商业综合体开展联合检查，检查组名单和线路另行下发。"),
    (ISLE, 43.0, False, STAFF, 1, "notice", "关于非煤矿山边坡巡查的通知",
     "雨后须对露天采场边坡和排土场逐处巡查，发现裂缝、渗水先撤人后处置。"),
)  # fmt: skip

MEETINGS = (
    (CITY, "每日值班会商", 8.5, 0.5, "指挥中心", "值班领导、值班员", STAFF, 1),
    (CITY, "重大危险源包保调度会", 10.0, 1.5, "3 楼会议室", "危化处、盐港新区", STAFF, 2),
    (CITY, "执法支队例会", 9.0, 1.0, "2 楼会议室", "执法支队全体", ["regulator"], 5),
    (CITY, "盐港化工园区联合检查", 14.5, 3.0, "盐港化工园区", "危化处、执法支队", ["regulator", "committee"], 3),
    (CITY, "安委会成员单位联络员会", 15.0, 1.0, "1 楼报告厅", "成员单位联络员", STAFF, 7),
    (CITY, "企业安全总监培训", 13.5, 3.0, "市应急培训中心", "危险化学品企业安全总监", ["enterprise", "regulator"], 4),
    (CITY, "安全评价机构座谈", 16.0, 1.5, "3 楼会议室", "规划科技处", ["intermediary", "regulator"], 6),
    (PORT, "园区晨会", 8.0, 0.5, "园区管理办", "园区科、驻园监管员", STAFF, 1),
    (PORT, "液氯罐区现场检查", 15.5, 2.0, "云澜氯碱", "危化科 2 人", ["regulator", "enterprise"], 3),
    (PORT, "园区企业例会", 17.5, 1.0, "园区管理办 2 楼", "各企业安全负责人", STAFF + FIRMS, 5),
    (COAST, "冷链企业检查", 14.0, 2.0, "听涛冷链", "工贸科 2 人", ["regulator"], 2),
    (CENTRE, "商业综合体联合检查", 9.5, 2.5, "文昌街道", "工贸科、消防", STAFF, 2),
    (ISLE, "采石场边坡巡查", 9.0, 3.0, "青屿采石场", "矿山科 2 人", ["regulator"], 2),
)  # fmt: skip


def notices() -> list[dict[str, Any]]:
    """Public and internal notices of the city and its districts, newest half an hour before the day of reference."""
    return [
        {"code": f"TZ{n:04d}", "title": title, "body": body, "kind": kind, "issued_by": BUREAUS[area],
         "published_at": REFERENCE - timedelta(hours=hours), "audience": audience, "pinned": pinned, "area": area,
         "expires_on": date(2027, 6, 30), "sensitivity": sensitivity}
        for n, (area, hours, pinned, audience, sensitivity, kind, title, body) in enumerate(NOTICES, 1)
    ]  # fmt: skip


def schedules() -> list[dict[str, Any]]:
    """What takes place on each day; `every` says how many days lie between two of a kind. Hours are local, UTC+8."""
    rows: list[dict[str, Any]] = []
    for day in DAYS:
        midnight = datetime.combine(REFERENCE.date(), datetime.min.time(), REFERENCE.tzinfo) + timedelta(days=day)
        for shift, (area, title, hour, length, place, people, audience, every) in enumerate(MEETINGS):
            if (day + shift) % every:
                continue
            starts = midnight + timedelta(hours=hour - 8)
            rows.append({"code": f"RC{len(rows) + 1:05d}", "title": title, "starts_at": starts,
                         "ends_at": starts + timedelta(hours=length), "place": place, "people": people,
                         "audience": audience, "area": area, "sensitivity": 1})  # fmt: skip
    return rows
