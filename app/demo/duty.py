"""The duty desk of the demo city: a phone book, and a day of calls in each district, the same for the same moment."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count

from shapely import from_wkb

from app.demo.cases import DISTRICTS, keep_rows
from app.wiring import System
from core.clock import CHINA
from core.scope import SYSTEM_SCOPE
from layers.catalogue import AREAS, DUTY_CALLS, DUTY_CONTACTS, DUTY_FORWARDS, DUTY_HANDOVERS, DUTY_SHIFTS, TEAMS
from layers.catalogue.duty import DutyCall, DutyContact, DutyForward, DutyHandover, DutyShift
from store.query import EVERYTHING, Order, Query

CITY = "990100"
SOURCE = "演示数据"
WRITERS = {"990106": "周敏,盐港新区应急管理局", CITY: "何川,市应急指挥中心"}
LOCAL = (
    (20, "陈师傅", "货车司机", "主路上一辆罐车停在应急车道,车尾有液体滴落,没有闻到气味", "主干道辅路", False),
    (95, "值班室", "镇应急管理站", "接群众反映沿街餐馆有燃气味,已到场关阀通风,未发现人员不适", "农贸市场西侧", False),
    (260, "李女士", "居民", "夜间听到厂区方向一声闷响,请核实是否安全", "临河小区", True),
)
OWN = (
    (45, "值班员", "市气象台", "今天夜间有七级偏北阵风,沿海港区注意加固", ""),
    (400, "调度室", "市消防救援支队", "通报晚间演练占用特勤一站车辆两台,至二十时结束", ""),
)
PEOPLE = (
    ("应急指挥中心主任", "市应急指挥中心", "王立", "全市值守与指挥", 10),
    ("值班室", "市应急指挥中心", "", "接报、转办、报送", 1),
    ("环境应急值班", "市生态环境局", "", "应急监测", 30),
    ("急救调度", "市卫生健康委员会", "", "伤员转运", 20),
    ("总值班室", "市人民政府办公室", "", "信息报送", 5),
)
POSTS: tuple[tuple[str, str, str, dict[str, tuple[tuple[str, str], ...]]], ...] = (
    (
        "市应急指挥中心", CITY, "0999-5500-1000",
        {
            "leader": (("city", "王立,市应急管理局"), ("", "吴浩,市应急管理局")),
            "officer": (("duty", "何川,市应急指挥中心"), ("", "方芸,市应急指挥中心"), ("", "贺鸣,市应急指挥中心")),
            "deputy": (("", "方芸,市应急指挥中心"), ("", "贺鸣,市应急指挥中心"), ("duty", "何川,市应急指挥中心")),
        },
    ),
    (
        "盐港新区值班室", "990106", "0999-5518-3056",
        {
            "leader": (("", "许可,盐港新区应急管理局"),),
            "officer": (("district", "周敏,盐港新区应急管理局"), ("", "吴刚,盐港新区应急管理局")),
        },
    ),
    (
        "听涛新区值班室", "990104", "0999-5517-3049",
        {"officer": (("", "陆遥,听涛新区应急管理局"), ("", "沈川,听涛新区应急管理局"))},
    ),
)  # fmt: skip


def tell_duty(system: System) -> None:
    """Keep them; nothing where there are any calls."""
    store, now = system.store, system.clock()
    if store.count(DUTY_CALLS, EVERYTHING, scope=SYSTEM_SCOPE):
        return
    keep_rows(system, DUTY_CONTACTS, told_contacts(system, now))
    calls = told_calls(system, now)
    keep_rows(system, DUTY_CALLS, calls)
    keep_rows(system, DUTY_FORWARDS, told_forwards(calls))
    accounts = {one.login: one.id for one in system.identity.people.all() if one.demo}
    shifts = told_shifts(now, accounts)
    keep_rows(system, DUTY_SHIFTS, shifts)
    keep_rows(system, DUTY_HANDOVERS, told_handovers(shifts, now))


def told_contacts(system: System, now: datetime) -> list[DutyContact]:
    """The bodies of the city, an office in each district, and the first teams of each; some verified long ago."""
    today, number = now.astimezone(CHINA).date(), count(1)
    found = [
        _contact(next(number), name=person or f"{unit}{post}", unit=unit, post=post, area=CITY, duties=duties,
                 order=order, kind="person" if person else "body", days=7 * order, today=now)
        for post, unit, person, duties, order in PEOPLE
    ]  # fmt: skip
    for n, (code, name) in enumerate(DISTRICTS.items()):
        found.append(
            _contact(next(number), name=f"{name}应急管理局值班室", unit=f"{name}应急管理局", post="值班室", area=code,
                     duties="接报与先期处置", order=40 + n, kind="body", days=12 + 40 * n, today=now)
        )  # fmt: skip
    query = Query(fields=("name", "unit", "area", "duty_phone"), geometry=False, order=(Order("code"),))
    teams = system.store.read(TEAMS, query, scope=SYSTEM_SCOPE).to_pylist()
    for n, team in enumerate(teams[:12]):
        found.append(
            DutyContact(
                code=f"TX-D{next(number):03d}", kind="body", name=team["name"], unit=team["unit"], post="值班员",
                area=team["area"], duty_phone=team["duty_phone"] or "", call_order=100 + n, duties="救援出动",
                verified_on=today - timedelta(days=9 * n), verified_by=WRITERS[CITY], source=SOURCE,
            )
        )  # fmt: skip
    return found


def _contact(
    number: int, *, name: str, unit: str, post: str, area: str, duties: str, order: int, kind: str, days: int,
    today: datetime,
) -> DutyContact:  # fmt: skip
    verified = today.astimezone(CHINA).date() - timedelta(days=days)
    return DutyContact(
        code=f"TX-D{number:03d}", kind=kind, name=name, unit=unit, post=post,
        area=area, duties=duties, duty_phone=f"0999-55{10 + number:02d}-{3000 + 7 * number}", call_order=order,
        mobile_phone=f"1990999{2000 + 13 * number}", verified_on=verified, verified_by=WRITERS[CITY], source=SOURCE,
    )  # fmt: skip


def told_calls(system: System, now: datetime) -> list[DutyCall]:
    """Some in each district, inside its towns, some to the city's desk; one is struck through."""
    query = Query(fields=("code",), order=(Order("code"),))
    areas = [one for one in system.store.read(AREAS, query, scope=SYSTEM_SCOPE).to_pylist() if one["geometry"]]
    made: list[tuple[datetime, dict[str, object]]] = []
    for n, code in enumerate(DISTRICTS):
        seats = [one for one in areas if one["code"].startswith(code) and len(one["code"]) > 6]
        for k, (minutes, caller, unit, what, place, back) in enumerate(LOCAL):
            seat = seats[k % len(seats)]
            at = now - timedelta(minutes=minutes + 17 * n)
            values = {
                "caller": caller, "caller_unit": unit, "what": what, "place": place, "call_back": back,
                "area": seat["code"], "caller_phone": f"1990999{1000 + 31 * n + k}",
                "geometry": from_wkb(seat["geometry"]).representative_point(),
                "written_by": WRITERS.get(code, f"值班员,{DISTRICTS[code]}应急管理局"),
            }  # fmt: skip
            made.append((at, values))
    for n, (minutes, caller, unit, what, place) in enumerate(OWN):
        values = {"caller": caller, "caller_unit": unit, "what": what, "place": place, "area": CITY,
                  "written_by": WRITERS[CITY], "caller_phone": f"0999-5590-{2001 + n}"}  # fmt: skip
        made.append((now - timedelta(minutes=minutes), values))
    rows, numbers = [], dict[str, int]()
    for at, values in sorted(made, key=lambda one: one[0]):
        day = f"{at.astimezone(CHINA):%Y%m%d}"
        numbers[day] = numbers.get(day, 0) + 1
        rows.append(
            DutyCall.model_validate(
                {"code": f"DH{day}-{numbers[day]:04d}", "at": at, "written_at": at + timedelta(minutes=2),
                 "observed_at": at, "source": SOURCE, **values}
            )
        )  # fmt: skip
    first = next(one for one in rows if one.area.startswith("990106"))
    struck = first.model_copy(
        update={"state": "struck", "struck_at": first.at + timedelta(minutes=9), "struck_by": first.written_by,
                "struck_reason": "与前一条重复记录", "call_back": False}
    )  # fmt: skip
    return [struck if one is first else one for one in rows]


def told_forwards(calls: list[DutyCall]) -> list[DutyForward]:
    """The newest call of each district was passed on; half of them have their receipts."""
    newest = {call.area[:6]: call for call in calls if call.state == "logged" and call.area != CITY}
    found = []
    for n, (code, call) in enumerate(sorted(newest.items())):
        made = DutyForward(
            code=f"{call.code}-1", call=call.code, to=f"{DISTRICTS[code]}应急管理局值班室",
            asked="派员到场核实,一小时内回复", sent_at=call.written_at, sent_by=call.written_by, area=call.area,
            due_at=call.written_at + timedelta(hours=1), source=SOURCE,
        )  # fmt: skip
        if n % 2:
            made = made.model_copy(
                update={"state": "receipted", "receipt_at": call.written_at + timedelta(minutes=15),
                        "receipt_from": "值班员", "receipt": "已派员到场,未见异常,正在疏导交通",
                        "noted_by": call.written_by}
            )  # fmt: skip
        found.append(made)
    return found


def told_shifts(now: datetime, accounts: Mapping[str, str]) -> list[DutyShift]:
    """Two weeks of three posts around a moment; `accounts` are those of the demo by login."""
    found, number = [], count(1)
    first = (now.astimezone(CHINA) - timedelta(days=7)).replace(hour=8, minute=30, second=0, microsecond=0)
    for post, area, phone, roles in POSTS:
        for role, people in roles.items():
            for n in range(21):
                login, person = people[n % len(people)]
                start = first + timedelta(days=n)
                found.append(
                    DutyShift(
                        code=f"ZB-D{next(number):04d}", post=post, role=role, person=person, area=area,
                        account=accounts.get(login, ""), duty_phone=phone, starts_at=start,
                        ends_at=start + timedelta(days=1), source=SOURCE,
                    )
                )  # fmt: skip
    return found


def told_handovers(shifts: list[DutyShift], now: datetime) -> list[DutyHandover]:
    """Those of the last two days at each post; nobody's password was asked for them, and each says so."""
    found: list[DutyHandover] = []
    for shift in shifts:
        if shift.role != "officer" or not now - timedelta(days=2) < shift.ends_at <= now:
            continue
        after = next(one for one in shifts if one.post == shift.post and one.role == "officer"
                     and one.starts_at == shift.ends_at)  # fmt: skip
        found.append(
            DutyHandover(
                code=f"JJ{shift.ends_at.astimezone(CHINA):%Y%m%d%H%M}-D{len(found):05d}", post=shift.post,
                area=shift.area, due_at=shift.ends_at, drafted_at=shift.ends_at - timedelta(minutes=12), state="taken",
                devices="电台、录音系统、会商终端正常", notes="夜间大风,港区加固情况请早间回访", source=SOURCE,
                out_name=shift.person, out_account=shift.account, out_at=shift.ends_at - timedelta(minutes=8),
                out_how="demo", in_how="demo",
                in_name=after.person, in_account=after.account, in_at=shift.ends_at - timedelta(minutes=3),
            )
        )  # fmt: skip
    return found
