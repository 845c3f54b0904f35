"""Licences of the demo city and the cases in which they are decided: made by the engine itself, from a seed."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import shapely

from app.demo.cases import DISTRICTS, OWN, Told, keep_rows, keep_told, photograph
from app.wiring import System
from casework.calendar import china
from casework.casetype import CaseType, Role
from casework.desk import Desk
from casework.engine import Who
from casework.permits import Way, permit, standing
from casework.systems.admin_licence import ADMIN_LICENCE
from casework.terms import local_day
from core.clock import CHINA
from core.scope import SYSTEM_SCOPE, Sensitivity
from layers.catalogue import ENTERPRISES, LICENCES
from layers.catalogue.licences import Licence
from store.query import EVERYTHING, Query

SEED = 20261107
IMPORTED = 900_000
"""Licences issued before the system began are numbered above those that its own cases give."""

HELD: dict[str, tuple[tuple[str, int], ...]] = {
    "hazchem": (("P01", 1), ("P21", 1), ("P04", 3), ("P05", 6), ("P11", 9), ("P08", 40), ("P12", 20)),
    "station": (("P04", 1),), "mine": (("P02", 1),), "firework": (("P07", 1),), "trade": (("P04", 12), ("P10", 25)),
}  # fmt: skip
"""Which kinds the firms of a sector hold: all of them, or one in so many."""

SCOPES = {
    "P01": "有机化学品、专用助剂生产", "P02": "建筑石料露天开采", "P04": "危险化学品经营(带储存设施)",
    "P05": "化工生产使用危险化学品", "P06": "烟花爆竹批发:C 级、D 级", "P07": "烟花爆竹零售:C 级、D 级个人燃放类",
    "P08": "1-苯基-2-丙酮等第一类生产", "P10": "第二类非药品类易制毒化学品经营",
    "P11": "第三类非药品类易制毒化学品生产",
    "P12": "改扩建项目安全条件审查", "P21": "危险化学品登记",
}  # fmt: skip
PLOTS = {
    "granted": 30, "mended": 10, "lodged": 7, "correcting": 5, "reviewing": 12, "examining": 3, "deciding": 6,
    "delivering": 4, "late": 4, "refused": 4, "rejected": 3, "withdrawn": 3, "ended": 3, "unanswered": 2,
}  # fmt: skip
"""How many cases of each course; the demo's own enterprise has five more."""

OWNS = (("correcting", "P09"), ("reviewing", ""), ("granted", "P10"), ("lodged", "P12"), ("delivering", "P08"))
"""Those, and for which kind each is a first application; one renews what runs out first."""

DAYS_AGO = {
    "granted": (60, 170), "mended": (70, 170), "lodged": (1, 3), "correcting": (5, 12), "reviewing": (6, 13),
    "examining": (10, 20), "deciding": (14, 18), "delivering": (20, 26), "late": (52, 64), "refused": (50, 120),
    "rejected": (20, 90), "withdrawn": (20, 80), "ended": (20, 60), "unanswered": (10, 14),
}  # fmt: skip
CORRECTIONS = (
    "安全评价报告缺少评价机构资质证明复印件",
    "主要负责人考核合格证已过期,请补交现行证书",
    "平面布置图未标注安全间距",
)
FINDINGS = "申请材料齐全,安全评价结论为符合安全条件,人员资格和制度核对一致,建议准予许可"
PAPERS = "申请材料扫描件.png"


class _NotYetError(Exception):
    """A step would lie ahead: days off came in between."""


class Course(Told):
    """A case that ends where the present day does."""

    def take(self, step: str, at: datetime, who: Who, *, reason: str = "", photo: str = "", **values: Any) -> None:
        """The next one, if it is past."""
        if at > self.now:
            raise _NotYetError
        super().take(step, at, who, reason=reason, photo=photo, **values)


@dataclass
class Held:
    """A licence as it stands while cases are told."""

    row: Licence
    firm: dict[str, Any]
    busy: bool = False


def tell_licences(system: System, desk: Desk) -> None:
    """Keep the demo's licences and their cases; nothing where there are some already."""
    store = system.store
    if store.count(LICENCES, EVERYTHING, scope=SYSTEM_SCOPE):
        return
    of, now = desk.current(ADMIN_LICENCE), system.clock()
    with system.cabinet.made(photograph(), PAPERS, "image/png") as draft:
        held, cases = told_licences(of, _firms(system), now, draft.sha256)
        keep_rows(system, LICENCES, held)
        keep_told(system, of, cases, draft, PAPERS, "安全负责人")


def told_licences(
    of: CaseType, firms: Sequence[dict[str, Any]], now: datetime, paper: str
) -> tuple[list[Licence], list[Told]]:
    """Every licence and every case, the same for the same firms and the same day."""
    rng = np.random.default_rng(SEED)
    held = {one.row.code: one for one in _held(firms, local_day(now), rng)}
    plots = [name for name, count in PLOTS.items() for _ in range(count)]
    own = len(plots)
    plots += [plot for plot, _ in OWNS]
    begun = sorted((_begins(plot, now, rng), n) for n, plot in enumerate(plots))
    numbers: dict[int, int] = {}
    cases = []
    for at, n in begun:
        year = local_day(at).year
        code = f"{of.numbering}{year}-{numbers.get(year, 0) + 1:06d}"
        case = _told(of, code, plots[n], n, at, now, held, firms, None if n < own else OWNS[n - own][1], paper)
        if case is None:
            continue
        numbers[year] = numbers.get(year, 0) + 1
        case.remind()
        cases.append(case)
        if isinstance(case.public, Licence):
            held[case.public.code] = Held(case.public, case.firm, busy=True)
    today = local_day(now)
    licences = [
        one.row.model_copy(update={"state": standing(one.row.state, one.row.kind, one.row.valid_until, today)})
        for one in held.values()
    ]
    return licences, cases


def _held(firms: Sequence[dict[str, Any]], today: date, rng: np.random.Generator) -> Iterator[Held]:
    """What was issued before: validity ends spread over the coming years, a few have run out."""
    for n, firm in enumerate(firms):
        kinds = [kind for kind, each in HELD.get(firm["sector"], ()) if firm["uscc"] == OWN or n % each == 0]
        if firm["sector"] == "firework" and n % 7 == 0:
            kinds = ["P06"]
        if firm["uscc"] == OWN:
            kinds = ["P01", "P04", "P05", "P11", "P21"]
        ends = {kind: _end(kind, today, rng, firm["uscc"] == OWN) for kind in kinds}
        for kind, end in ends.items():
            yield Held(_issued(firm, kind, end, n, today), firm)


OWN_ENDS = {"P01": 108, "P04": 96, "P05": 410, "P11": 610, "P21": 24}
"""In how many days the licences of the demo's own enterprise run out: one may be renewed and waits for it."""


def _end(kind: str, today: date, rng: np.random.Generator, own: bool) -> date:
    validity = permit(kind, today).validity
    years = 3 if validity is None else validity.count
    day = int(rng.integers(-140, 12)) if rng.random() < 0.04 else int(rng.integers(12, 365 * years - 40))
    return today + timedelta(days=OWN_ENDS[kind] if own else day)


def _issued(firm: dict[str, Any], kind: str, end: date, n: int, today: date) -> Licence:
    rule = permit(kind, today)
    years = 3 if rule.validity is None else rule.validity.count
    start = _earlier(end + timedelta(days=1), years)
    first = start if n % 3 else _earlier(start, years)
    code = f"XK{first.year}-{IMPORTED + n * 10 + int(kind[1:]) % 10:06d}"
    return Licence(
        code=code, number=f"{rule.word or '证书编号'}〔{start.year}〕{n + 1:04d}{kind[1:]} 号", kind=kind,
        enterprise=firm["uscc"], enterprise_name=firm["name"], address=firm["address"] or "",
        scope=SCOPES.get(kind, ""), issuer=_issuer(kind, firm), valid_from=start, valid_until=end, first_from=first,
        area=firm["area"], geometry=firm["geometry"], source="演示数据生成器", sensitivity=Sensitivity.PUBLIC,
    )  # fmt: skip


def _earlier(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=min(day.day, 28))


def _issuer(kind: str, firm: dict[str, Any]) -> str:
    if kind in ("P07", "P04", "P11"):
        return _bureau(firm)
    return "云澜市应急管理局" if kind in ("P05", "P06", "P10", "P12", "P20") else "应急管理厅"


def _bureau(firm: dict[str, Any]) -> str:
    return DISTRICTS.get(str(firm["area"])[:6], "云澜市") + "应急管理局"


def _begins(plot: str, now: datetime, rng: np.random.Generator) -> datetime:
    least, most = DAYS_AGO[plot]
    day = local_day(now) - timedelta(days=int(rng.integers(least, most + 1)))
    while not china().works(day):
        day -= timedelta(days=1)
    return datetime.combine(day, time(9, int(rng.integers(0, 50))), CHINA)


def _after(at: datetime, days: int, hour: int) -> datetime:
    """So many working days later, at an hour of the office."""
    day = local_day(at)
    for _ in range(days):
        day += timedelta(days=1)
        while not china().works(day):
            day += timedelta(days=1)
    return datetime.combine(day, time(hour, at.minute), CHINA)


RENEWED = frozenset({"granted", "reviewing", "deciding", "delivering", "late", "correcting"})
"""Courses that renewals run as well as first applications."""


def _told(
    of: CaseType, code: str, plot: str, n: int, at: datetime, now: datetime, held: dict[str, Held],
    firms: Sequence[dict[str, Any]], own: str | None, paper: str,
) -> Told | None:  # fmt: skip
    """One case, or None where no licence is there that it could be about."""
    today = local_day(at)
    renewal = own == "" or (own is None and plot in RENEWED and (n % 2 == 0 or plot == "late"))
    about: Licence | None = None
    if plot == "ended" or renewal:
        found = next((one for one in held.values() if _fits(one, plot, today, local_day(now), own is not None)), None)
        if found is None:
            return None
        found.busy, about, firm = True, found.row, found.firm
        kind, matter = about.kind, "void" if plot == "ended" else "renew"
    else:
        firm, kind = _applicant(firms, plot, n, own)
        matter = "new"
    case = Course(of, code, firm, now)
    with suppress(_NotYetError):
        _tell(case, plot, matter, kind, about, at, n, paper)
    return case


def _fits(one: Held, plot: str, then: date, today: date, own: bool) -> bool:
    """It could be renewed on that day, or had run out before it was cancelled."""
    until = one.row.valid_until
    if until is None or one.busy or (one.firm["uscc"] == OWN) != own:
        return False
    if plot == "ended":
        return until < then and permit(one.row.kind, then).way is not Way.ELSEWHERE
    if not today < until < then + timedelta(days=260) or (own and one.row.kind != "P01"):
        return False
    rule = permit(one.row.kind, then)
    last = rule.ask_by(until) if rule.way is Way.LICENCE else None
    return last is not None and then <= last


def _applicant(firms: Sequence[dict[str, Any]], plot: str, n: int, own: str | None) -> tuple[dict[str, Any], str]:
    if own is not None:
        return next(one for one in firms if one["uscc"] == OWN), own
    wanted = ("hazchem", "station", "firework", "trade", "mine", "hazchem")[n % 6]
    fit = [one for one in firms if one["sector"] == wanted and one["uscc"] != OWN]
    kinds = {"hazchem": ("P12", "P05", "P08", "P04"), "station": ("P04",), "firework": ("P07", "P06"),
             "trade": ("P10", "P11", "P04", "P09"), "mine": ("P02", "P12")}[wanted]  # fmt: skip
    kind = kinds[n // 6 % len(kinds)]
    if plot not in ("granted", "mended", "lodged", "correcting") and kind in ("P10", "P11"):
        kind = "P04"  # a filing is answered the same day and never stands for weeks
    return fit[n * 7 % len(fit)], kind


def _tell(
    case: Told, plot: str, matter: str, kind: str, about: Licence | None, at: datetime, n: int, paper: str
) -> None:  # fmt: skip
    firm, title = case.firm, permit(kind, local_day(at)).title.zh
    head = Who(account=f"demo-firm-{n}", name="安全负责人", role=Role.ENTERPRISE)
    bureau = _bureau(firm)
    window, reviewer, boss = (
        Who(account=f"demo-{part}", name=f"{name},{bureau}", role=Role.OFFICER)
        for part, name in (("window", "窗口"), ("review", "审查科"), ("chief", "分管负责人"))
    )
    said = {"new": f"申请{title}", "renew": f"{title}延续", "void": f"注销过期的{title}"}[matter]
    values: dict[str, Any] = {"title": f"{firm['name']}{said}"[:120], "matter": matter, "enterprise": firm["uscc"]}
    if about is None:
        values |= {"kind": kind, "address": firm["address"] or "", "scope": SCOPES.get(kind, "")}
    else:
        values |= {"licence": about.code}
    if matter == "void":
        values["grounds"] = "有效期届满未延续"
    case.open(at, window if matter == "void" else head, values, **({} if about is None else _copied(about)))
    if plot in ("lodged", "unanswered"):
        return
    if plot == "ended":
        case.take("begin_review", _after(at, 1, 10), reviewer)
        case.take("review", _after(at, 4, 11), reviewer, findings="证照届满未申请延续,企业确认不再从事该活动")
        case.take("end", _after(at, 8, 10), boss, reason="有效期届满未延续,依法注销")
        return
    if plot == "rejected":
        case.take("reject", _after(at, 2, 10), window, reason="申请事项不属于本机关职权范围,请向有权机关申请")
        return
    filing = permit(kind, local_day(at)).way is Way.FILING
    pace = 0 if filing else 1
    if plot in ("correcting", "mended"):
        ask = CORRECTIONS[n % len(CORRECTIONS)]
        case.take("ask_corrections", _after(at, 2 * pace, 15), window, corrections=ask)
        if plot == "correcting":
            return
        case.take("correct", _after(at, 6, 10), head, photo=paper, answer="已按告知内容补齐")
    begun = _after(at, 7 if plot == "mended" else 2 * pace, 11)
    case.take("accept", begun, window, photo=paper)
    if plot == "withdrawn":
        case.take("withdraw", _after(begun, 3, 14), head, reason="项目调整,暂缓申请")
        return
    if plot in ("reviewing", "late"):
        return
    if plot == "examining":
        case.take("ask_experts", _after(begun, 3, 10), reviewer, expert_days=20, reason="组织专家评审安全评价报告")
        return
    checked: dict[str, Any] = {"checked": True, "checkers": "周敏、何立新"} if not filing else {}
    case.take("review", _after(begun, 5 * pace, 15), reviewer, findings=FINDINGS, **checked)
    if plot == "deciding":
        return
    if plot == "refused":
        case.take("refuse", _after(begun, 9, 10), boss, reason="外部安全距离不符合标准要求,不予许可")
        return
    row = case.row
    assert row is not None
    proposed: dict[str, Any] = {name: getattr(row, name) for name in ("valid_from", "valid_until")}
    when = _after(begun, 8 * pace, 16)
    if matter == "new":
        proposed = {
            "valid_from": local_day(when),
            "valid_until": permit(kind, local_day(when)).longest(local_day(when)),
        }
    case.take("grant", when, boss, issuer=_issuer(kind, firm), **proposed)
    if plot != "delivering":
        case.take("deliver", _after(begun, 11 * pace, 17), window)


def _copied(about: Licence) -> dict[str, Any]:
    """What the desk copies of the licence that a case names."""
    copied = ADMIN_LICENCE.copied
    assert copied is not None
    return {ours: getattr(about, theirs) for theirs, ours in copied.into if ours != "enterprise"}


def _firms(system: System) -> list[dict[str, Any]]:
    """The firms of the sectors that are licensed, in one order, with their place."""
    fields = ("uscc", "name", "sector", "area", "address", "status")
    rows = system.store.read(ENTERPRISES, Query(fields=fields), scope=SYSTEM_SCOPE).to_pylist()
    return [
        {**row, "enterprise_name": row["name"], "geometry": shapely.from_wkb(row["geometry"])}
        for row in sorted(rows, key=lambda row: str(row["uscc"]))
        if row["geometry"] is not None and row["sector"] in HELD and row["status"] == "open"
    ]
