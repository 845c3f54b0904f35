"""Cases in a store: a step is one transaction on the version seen, in its own area and enterprise, by its procedure."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely

from app.doors.case_drafts import CaseDrafts
from app.doors.case_lists import Lists
from app.doors.cases import Cases
from casework.calendar import china
from casework.casetype import CaseType, Role
from casework.desk import Desk, Signed
from casework.engine import StepRefusedError, Taken, Values, Who
from casework.systems.hidden_danger import HIDDEN_DANGER
from casework.versions import functions_of
from core.actors import SYSTEM_ACTOR, Actor
from core.caller import Caller, UserClass
from core.errors import ConflictError, ForbiddenError, NotFoundError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Text
from layers.catalogue import CATALOGUE, DANGER_LISTINGS, DANGERS, ENTERPRISES
from layers.catalogue.enterprises import Enterprise
from store.attachments import Cabinet
from store.audit import AuditLog
from store.feed import Put
from store.identity import Identity
from store.postgis import open_postgis
from store.protocol import Store
from store.query import Query
from tests.blank import blank_city

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
FIRM, OTHER = "91990106MATYEK5E8U", "91990106MAGULL427N"
PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 20


class Day:
    """A clock that tests turn."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def signed(name: str, role: Role, area: str, firms: frozenset[str] | None = None) -> Signed:
    scope = Scope(areas=(area,), clearance=Sensitivity.SENSITIVE, enterprises=firms)
    return Signed(who=Who(account=name, name=name, role=role), scope=scope, actor=Actor(id=name, name=name, door="api"))


WORKER, HEAD = (signed(name, Role.ENTERPRISE, "990106201", frozenset({FIRM})) for name in ("赵强", "钱进"))
OFFICER, COLLEAGUE = (signed(name, Role.OFFICER, "990106") for name in ("周敏", "吴刚"))
STRANGER = signed("郑北", Role.OFFICER, "990104")
RIVAL = signed("孙立", Role.ENTERPRISE, "990106201", frozenset({OTHER}))


@pytest.fixture
def day() -> Day:
    return Day()


EITHER = pytest.mark.parametrize(
    "store", ["embedded", pytest.param("postgis", marks=pytest.mark.postgis)], indirect=True
)
"""What depends on who keeps the rows: numbers, two at once, one commit, scopes, lists and sums."""


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path, day: Day) -> Iterator[Store]:
    if getattr(request, "param", "embedded") == "postgis":
        kept = request.getfixturevalue("postgres_catalogue")
        opened: Store = open_postgis(kept.url, CATALOGUE, day, kept.schema)
    else:
        opened = blank_city(tmp_path / "city.gpkg", day)
    firms = [
        Enterprise(uscc=uscc, name=name, area="990106201", sector="hazchem", geometry=shapely.Point(121.8, 33.2))
        for uscc, name in ((FIRM, "信禾助剂有限公司"), (OTHER, "云澜氯碱化工有限公司"))
    ]
    edits = [Put(layer=ENTERPRISES.id, record=one) for one in firms]
    opened.commit(edits, actor=SYSTEM_ACTOR, reason="登记", scope=SYSTEM_SCOPE)
    yield opened
    opened.close()


@pytest.fixture
def desk(store: Store, tmp_path: Path, day: Day) -> Desk:
    cabinet = Cabinet(store, tmp_path / "files", day, largest=100_000)
    return Desk(store, cabinet, china(), day, functions_of([HIDDEN_DANGER]))


def report(desk: Desk, by: Signed = WORKER, **values: Any) -> str:
    given = {"title": "接线盒破损", "enterprise": FIRM, "found_at": NOW, "place": "二车间", "origin": "self_check"}
    if by.who.role is Role.OFFICER:
        given["origin"] = "inspection"
    return desk.open(HIDDEN_DANGER, given | values, by=by).row.code


def step(desk: Desk, code: str, name: str, by: Signed, *, reason: str = "", **values: Any) -> int:
    version = desk.find(HIDDEN_DANGER, code, scope=by.scope).version
    desk.take(HIDDEN_DANGER, code, version, name, values, by=by, reason=reason)
    return version


FIVE = {"measures": "更换", "funds": 1.0, "person": "赵强", "mend_by": date(2026, 4, 1), "contingency": "停用"}
GRAVE = {"criteria": ("HC-12",), "description": "外壳开裂", "harm": "可能点燃"}


def photograph(desk: Desk, code: str, by: Signed, content: bytes = PNG) -> str:
    with desk._cabinet.draft([content], "现场.png") as draft:
        return desk.attach(HIDDEN_DANGER, code, draft, by=by).record.sha256


@EITHER
def test_a_case_has_its_number_its_area_and_every_step_in_the_log_and_in_the_feed(desk: Desk, store: Store) -> None:
    code = report(desk)
    assert code == "YH2026-000001"
    assert report(desk) == "YH2026-000002"
    row = desk.find(HIDDEN_DANGER, code, scope=OFFICER.scope).row
    assert (row.area, row.sector, row.enterprise_name) == ("990106201", "hazchem", "信禾助剂有限公司")
    assert row.geometry is not None
    step(desk, code, "grade_general", WORKER)
    step(desk, code, "plan", WORKER, **FIVE)
    sha256 = photograph(desk, code, WORKER)
    step(desk, code, "finish", WORKER, outcome="已更换")
    step(desk, code, "accept", HEAD, recheck="合格", reason="现场核对")
    log = desk.log(HIDDEN_DANGER, code, scope=OFFICER.scope)
    assert [one.step for one in log] == ["report", "grade_general", "plan", "finish", "accept"]
    assert log[3].files == (sha256,)
    assert (log[4].by, log[4].account, log[4].reason) == ("钱进", "钱进", "现场核对")
    entries = store.feed(after=0, scope=SYSTEM_SCOPE, layers=frozenset({DANGERS.id}))
    assert [one.reason for one in entries if one.key == code][-1] == "复查合格销号:现场核对"
    assert store.verify().findings == ()


@EITHER
def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(desk: Desk) -> None:
    code = report(desk, OFFICER)
    version = desk.find(HIDDEN_DANGER, code, scope=OFFICER.scope).version

    def decide(by: Signed) -> str:
        try:
            desk.take(HIDDEN_DANGER, code, version, "dismiss", {}, by=by, reason="不属实")
        except ConflictError as error:
            return error.text.zh
        return "done"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(decide, (OFFICER, COLLEAGUE)))
    assert said[0] == "done"
    assert "办理“不予认定”" in said[1]
    assert len(desk.log(HIDDEN_DANGER, code, scope=OFFICER.scope)) == 2


@EITHER
def test_two_who_report_at_once_get_two_numbers(desk: Desk) -> None:
    desk.current(HIDDEN_DANGER)
    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(lambda by: report(desk, by), (WORKER, HEAD, OFFICER, COLLEAGUE)))
    assert sorted(codes) == [f"YH2026-{n:06d}" for n in range(1, 5)]


@EITHER
def test_nobody_meets_or_moves_a_case_of_another_area_or_enterprise(desk: Desk) -> None:
    code = report(desk)
    for by in (STRANGER, RIVAL):
        with pytest.raises(NotFoundError):
            desk.find(HIDDEN_DANGER, code, scope=by.scope)
        with pytest.raises(NotFoundError):
            desk.take(HIDDEN_DANGER, code, 1, "grade_general", {}, by=by)
        assert desk.log(HIDDEN_DANGER, code, scope=by.scope) == ()
        with pytest.raises(StepRefusedError, match="no enterprise open to you"):
            report(desk, by, origin="self_check" if by is RIVAL else "inspection")
        with pytest.raises(NotFoundError):
            photograph(desk, code, by)


@EITHER
def test_an_enterprise_writes_nothing_but_through_a_step(desk: Desk, store: Store) -> None:
    code = report(desk)
    found = desk.find(HIDDEN_DANGER, code, scope=WORKER.scope)
    edit = Put(layer=DANGERS.id, record=found.row.model_copy(update={"state": "closed"}))
    with pytest.raises(ForbiddenError):
        store.commit([edit], actor=WORKER.actor, reason="改", scope=WORKER.scope)


@EITHER
def test_a_listed_danger_is_published_and_taken_off_in_the_same_commit(desk: Desk, store: Store) -> None:
    code = report(desk)
    step(desk, code, "grade_major", WORKER, **GRAVE)
    public = Scope(areas=("",), clearance=Sensitivity.PUBLIC)
    with pytest.raises(NotFoundError):
        store.get(DANGER_LISTINGS, code, scope=public)
    step(desk, code, "list", OFFICER, listed_by="盐港新区应急管理局")
    shown = store.get(DANGER_LISTINGS, code, scope=public).record
    assert shown.geometry != shapely.Point(121.8, 33.2)
    assert getattr(shown, "enterprise", "") == ""
    assert "接线盒" not in str(shown)


@EITHER
def test_running_cases_stay_on_their_version_and_new_ones_begin_with_the_newest(desk: Desk, store: Store) -> None:
    old = report(desk)
    steps = tuple(
        replace(one, title=Text("核实定级", "Grade and confirm"), reason=True) if one.name == "grade_general" else one
        for one in HIDDEN_DANGER.steps
    )
    desk.procedures.publish(replace(HIDDEN_DANGER, steps=steps, version=2), actor=SYSTEM_ACTOR)
    again = Desk(store, desk._cabinet, china(), desk._clock, functions_of([HIDDEN_DANGER]))
    new = report(again)
    assert again.find(HIDDEN_DANGER, new, scope=WORKER.scope).row.process == 2
    step(again, old, "grade_general", WORKER)
    with pytest.raises(StepRefusedError, match="say why"):
        step(again, new, "grade_general", WORKER)
    step(again, new, "grade_general", WORKER, reason="按新流程")


@EITHER
def test_an_overdue_case_is_told_upwards_once_and_never_twice(desk: Desk, day: Day) -> None:
    code = report(desk)
    step(desk, code, "grade_general", WORKER)
    step(desk, code, "plan", WORKER, **FIVE)
    assert desk.remind(HIDDEN_DANGER) == 0
    day.now = datetime(2026, 4, 5, 1, tzinfo=UTC)
    assert desk.remind(HIDDEN_DANGER) == 1
    assert desk.remind(HIDDEN_DANGER) == 0
    row = desk.find(HIDDEN_DANGER, code, scope=OFFICER.scope).row
    assert row.told == "district"
    day.now += timedelta(days=10)
    assert desk.remind(HIDDEN_DANGER) == 1
    assert [one.step for one in desk.log(HIDDEN_DANGER, code, scope=OFFICER.scope)][-2:] == ["remind", "remind"]


def test_a_file_is_not_taken_up_twice_nor_attached_by_who_has_nothing_to_do(desk: Desk) -> None:
    code = report(desk)
    step(desk, code, "grade_general", WORKER)
    photograph(desk, code, WORKER)
    step(desk, code, "mend_at_once", WORKER, outcome="已清理")
    assert desk.loose(HIDDEN_DANGER, code, scope=OFFICER.scope) == ()
    step(desk, code, "accept", HEAD, recheck="合格")
    with pytest.raises(StepRefusedError, match="nothing can be attached"):
        photograph(desk, code, WORKER, PNG + b"2")


@EITHER
def test_a_file_of_the_log_is_taken_off_by_nobody_and_one_that_no_step_took_up_can_be(desk: Desk) -> None:
    code = report(desk)
    step(desk, code, "grade_general", WORKER)
    photograph(desk, code, WORKER)
    step(desk, code, "mend_at_once", WORKER, outcome="已清理")
    loose = photograph(desk, code, HEAD, PNG + b"2")
    may_all = replace(OFFICER.scope, writable=None)
    by_hash = {one.record.sha256: one.record.id for one in desk._cabinet.of(DANGERS, code, scope=may_all)}
    for sha256, attachment in by_hash.items():
        if sha256 == loose:
            desk._cabinet.remove(attachment, actor=OFFICER.actor, reason="误传", scope=may_all)
        else:
            with pytest.raises(ForbiddenError, match="已写入办理记录"):
                desk._cabinet.remove(attachment, actor=OFFICER.actor, reason="误传", scope=may_all)
    (kept,) = desk._cabinet.of(DANGERS, code, scope=may_all)
    assert desk._cabinet.erase(kept.record.sha256, actor=SYSTEM_ACTOR, reason="个人信息保护法第四十七条") == 1


KEY = "9f0c1f6e-2f3b-4a53-9d0e-6a1f0f3f2a11"


class Raced(Desk):
    """By the time this window opens a case, another of the same device has sent the same."""

    def open(self, of: CaseType, values: Values, *, by: Signed, reason: str = "", sent: str = "") -> Taken:
        super().open(of, values, by=by, reason=reason, sent=sent)
        return super().open(of, values, by=by, reason=reason, sent=sent)


def test_of_two_windows_that_open_the_same_case_at_once_both_are_answered_with_it(
    desk: Desk, store: Store, tmp_path: Path, day: Day
) -> None:
    raced = Raced(store, desk._cabinet, china(), day, functions_of([HIDDEN_DANGER]))
    audit, identity = AuditLog(f"sqlite:///{tmp_path / 'audit.db'}"), Identity(f"sqlite:///{tmp_path / 'identity.db'}")
    lists = Lists(store=store, systems=(HIDDEN_DANGER,), procedures=raced.procedures, audit=audit, clock=day)
    drafts = CaseDrafts(desk=raced, lists=lists, drafts=identity.drafts, clock=day)
    cases = Cases(desk=raced, lists=lists, cabinet=desk._cabinet, drafts=drafts, clock=day)
    caller = Caller(actor=WORKER.actor, scope=WORKER.scope, user_class=UserClass.ENTERPRISE, account=WORKER.who.account)
    values = {"title": "接线盒破损", "found_at": "2026-03-01T08:00:00+08:00", "place": "二车间", "origin": "self_check"}
    asked = {"system": HIDDEN_DANGER.id, "values": values | {"enterprise": FIRM}}
    assert cases.open(caller, asked | {"key": KEY})["code"] == "YH2026-000001"
    assert store.count(DANGERS, Query(), scope=SYSTEM_SCOPE) == 1
    assert desk.filed(HIDDEN_DANGER, KEY, by=WORKER) == "YH2026-000001"
    audit.close()
    identity.close()


@EITHER
def test_what_a_device_sends_twice_under_one_key_is_one_step(desk: Desk, store: Store) -> None:
    given = {"title": "接线盒破损", "enterprise": FIRM, "found_at": NOW, "place": "二车间", "origin": "self_check"}
    desk.current(HIDDEN_DANGER)

    def send(key: str) -> str:
        try:
            return desk.open(HIDDEN_DANGER, given, by=WORKER, sent=key).row.code
        except ConflictError:
            return desk.filed(HIDDEN_DANGER, key, by=WORKER) or "lost"

    with ThreadPoolExecutor(4) as pool:
        (code,) = set(pool.map(send, [KEY] * 4))
    assert desk.filed(HIDDEN_DANGER, KEY, by=HEAD) is None, "a key is its person's own"
    version = desk.find(HIDDEN_DANGER, code, scope=WORKER.scope).version
    desk.take(HIDDEN_DANGER, code, version, "grade_general", {}, by=WORKER, sent=KEY + "2")
    with pytest.raises(ConflictError):
        desk.take(HIDDEN_DANGER, code, version, "grade_general", {}, by=WORKER, sent=KEY + "2")
    assert desk.filed(HIDDEN_DANGER, KEY + "2", by=WORKER) == code
    assert len(desk.log(HIDDEN_DANGER, code, scope=OFFICER.scope)) == 2
    assert photograph(desk, code, WORKER) == photograph(desk, code, WORKER)
    assert len(desk._cabinet.of(DANGERS, code, scope=SYSTEM_SCOPE)) == 1
    assert store.verify().findings == ()


TITLES = ("接线盒破损", "阀门渗漏", "护栏 100% 松动", "气瓶倒放", "围堰破裂", "安全阀未校验")


@EITHER
def test_the_list_and_the_statistics_say_what_the_rows_say(desk: Desk, store: Store, tmp_path: Path, day: Day) -> None:
    for n, title in enumerate(TITLES):
        day.now = NOW + timedelta(days=n)
        code = report(desk, (WORKER, OFFICER)[n % 2], title=title, found_at=day.now)
        if n < 4:
            step(desk, code, "grade_general", (WORKER, OFFICER)[n % 2])
        if n in (0, 3):
            step(desk, code, "plan", WORKER, **FIVE | {"mend_by": date(2026, 3, 20 + n)})
    step(desk, "YH2026-000006", "dismiss", OFFICER, reason="不属实")
    day.now = datetime(2026, 3, 22, 1, tzinfo=UTC)  # the first is late, the fourth is not
    cases = store.read(DANGERS, Query(geometry=False), scope=SYSTEM_SCOPE).to_pylist()
    with closing(AuditLog(f"sqlite:///{tmp_path / 'audit.db'}")) as audit:
        lists = Lists(store=store, systems=(HIDDEN_DANGER,), procedures=desk.procedures, audit=audit, clock=day)
        officer = Caller(
            actor=OFFICER.actor, scope=OFFICER.scope, user_class=UserClass.REGULATOR, account=OFFICER.who.account
        )

        def asked(**given: Any) -> list[str]:
            told = lists.listed(officer, {"system": HIDDEN_DANGER.id} | given)
            assert told["total"] >= len(told["rows"])
            return [row["code"] for row in told["rows"]]

        def of(*numbers: int) -> list[str]:
            return [f"YH2026-{n:06d}" for n in numbers]

        assert asked(sort="opened_at", desc="1") == of(6, 5, 4, 3, 2, 1)
        assert asked(sort="opened_at", offset="2", limit="2") == of(3, 4)
        assert asked(view="overdue") == [
            one["code"] for one in sorted(cases, key=lambda one: one["due_at"] or day.now)
            if one["closed_at"] is None and one["due_at"] is not None and one["due_at"] <= day.now
        ]  # fmt: skip
        assert set(asked(view="overdue")) == set(of(1, 2, 3, 5)), "what nobody graded or planned is late as well"
        assert asked(view="closed") == of(6)
        assert asked(q="100%") == of(3), "the sign is a sign, not whatever one likes"
        assert asked(q="渗漏") == of(2)
        for state in {one["state"] for one in cases}:
            assert set(asked(state=state)) == {one["code"] for one in cases if one["state"] == state}
        assert asked(area="990104") == []
        told = lists.statistics(officer, {"system": HIDDEN_DANGER.id})
        counted = Counter(one["state"] for one in cases)
        assert {one["code"]: one["count"] for one in told["states"] if one["count"]} == counted
        assert told["total"] == 6
        (area,) = told["areas"]
        assert (area["code"], area["count"], area["open"], area["overdue"]) == ("990106", 6, 5, 4)
        (month,) = told["months"]
        assert (month["code"], month["count"]) == ("2026-03", 6)
        stranger = replace(officer, scope=STRANGER.scope)
        assert lists.listed(stranger, {"system": HIDDEN_DANGER.id})["rows"] == []
        assert lists.statistics(stranger, {"system": HIDDEN_DANGER.id})["total"] == 0
