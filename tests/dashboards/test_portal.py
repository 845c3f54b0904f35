"""The portal's sections: by deadline, for whom they are meant, and never beyond the reader's scope."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import shapely

from app import language
from casework.expiries import expiries
from core.actors import SYSTEM_ACTOR, Actor
from core.caller import Caller, Right, UserClass
from core.clock import utc_now
from core.ids import new_id
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Lang, Text
from dashboards import site
from dashboards.queries.entries import entries
from dashboards.queries.notices import notices
from dashboards.queries.place import place
from dashboards.queries.schedules import schedules
from dashboards.queries.todos import Desk, Todo, todos, told
from dashboards.queries.todosources import SOURCES, own_jobs
from layers.catalogue import CATALOGUE
from layers.catalogue.areas import Area
from layers.catalogue.enterprises import Enterprise
from layers.catalogue.hazards import HazardSource
from layers.catalogue.notices import Notice, Schedule
from store.feed import Put
from store.jobs import Job, State
from store.protocol import Store
from tests.blank import blank_city

NOW = datetime(2026, 11, 28, 1, 30, tzinfo=UTC)
TODAY = date(2026, 11, 28)
CITY, DISTRICT = "9901", "990106"
STAFF = Scope(areas=(CITY,), clearance=Sensitivity.INTERNAL)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = blank_city(tmp_path / "city.gpkg", utc_now)
    yield opened
    opened.close()


def put(store: Store, layer: str, *records: object) -> None:
    edits = [Put(layer=layer, record=record) for record in records]  # type: ignore[arg-type]
    store.commit(edits, actor=SYSTEM_ACTOR, reason="", scope=SYSTEM_SCOPE)


def firm(code: str, ends: date | None = None, area: str = "990106001", **more: object) -> Enterprise:
    given = {"uscc": code, "name": f"企业{code}", "short_name": f"企业{code}", "sector": "hazchem", "area": area}
    return Enterprise.model_validate(
        {**given, "std_expiry": ends, "geometry": shapely.Point(121.9, 33.2), **more}
    )  # fmt: skip


def desk(
    store: Store, scope: Scope = STAFF, user_class: UserClass = UserClass.REGULATOR, *, folded: bool = True
) -> Desk:
    return Desk(store=store, now=NOW, scope=scope, user_class=user_class, lang=Lang.ZH, folded=folded)


def subjects(found: list[Todo]) -> list[str]:
    return [todo.subject for todo in found]


def test_what_is_overdue_stands_first_then_what_has_no_date_then_by_deadline() -> None:
    def source(_: Desk) -> Iterator[Todo]:
        for name, days in (("later", 9), ("overdue", -3), ("today", 0)):
            yield Todo(id=name, title="", subject=name, system="", link="", due=TODAY + timedelta(days=days))
        yield Todo(id="at once", title="", subject="at once", system="", link="")

    asked = Desk(store=None, now=NOW, scope=STAFF, user_class=UserClass.REGULATOR, lang=Lang.ZH)  # type: ignore[arg-type]
    found = todos(asked, (source,))
    assert subjects(found) == ["overdue", "at once", "today", "later"]
    assert [told(todo, TODAY)["days"] for todo in found] == [-3, None, 0, 9]


def test_a_certificate_is_a_to_do_from_ninety_days_before_its_last_day(store: Store) -> None:
    put(
        store, "enterprises", firm("A", TODAY), firm("B", TODAY + timedelta(90)), firm("C", TODAY + timedelta(91)),
        firm("D", TODAY - timedelta(1)), firm("E"),
    )  # fmt: skip
    found = todos(desk(store), SOURCES)
    assert [(todo.subject, (todo.due or TODAY) - TODAY) for todo in found] == [
        ("企业D", timedelta(-1)), ("企业A", timedelta(0)), ("企业B", timedelta(90)),
    ]  # fmt: skip
    assert found[0].link == "map?layers=enterprises&sel=enterprises:D"


def test_many_of_one_rule_are_one_line_with_their_number_until_all_are_asked_for(store: Store) -> None:
    put(store, "enterprises", *(firm(f"L{n}", TODAY - timedelta(10 + n)) for n in range(40)))
    put(store, "enterprises", *(firm(f"S{n}", TODAY + timedelta(10 + n)) for n in range(5)))
    late, *soon = todos(desk(store), SOURCES)
    assert (late.count, late.due, late.subject) == (40, TODAY - timedelta(49), "逾期 40 项，最早 2026-10-10")
    assert subjects(soon) == ["企业S0", "企业S1", "企业S2", "另有 2 项 90 天内到期"]
    assert len(todos(desk(store, folded=False), SOURCES)) == 45


def test_a_hazard_source_is_assessed_again_after_three_years_and_the_rule_says_it_is_unverified(store: Store) -> None:
    shared = {"enterprise": "", "grade": 3, "area": "990106001", "geometry": shapely.Point(121.9, 33.2)}
    put(
        store,
        "hazard_sources",
        HazardSource.model_validate({"code": "H1", "name": "液氯罐区", "assessed_on": date(2023, 11, 30), **shared}),
        HazardSource.model_validate({"code": "H2", "name": "新罐区", "assessed_on": date(2026, 1, 1), **shared}),
    )
    (found,) = todos(desk(store), SOURCES)
    assert (found.subject, found.due, found.doubt) == ("液氯罐区", date(2026, 11, 30), True)
    assert "40号" in found.basis


def test_to_dos_end_where_the_readers_area_ends_and_the_public_has_none(store: Store) -> None:
    put(store, "enterprises", firm("A", TODAY, area="990106001"), firm("B", TODAY, area="990102001"))
    district = Scope(areas=(DISTRICT,), clearance=Sensitivity.INTERNAL)
    assert subjects(todos(desk(store, district), SOURCES)) == ["企业A"]
    public = Scope(areas=("",), clearance=Sensitivity.PUBLIC)
    assert todos(desk(store, public, UserClass.PUBLIC), SOURCES) == []


def test_an_enterprise_has_the_dates_of_its_own_only(store: Store) -> None:
    put(store, "enterprises", firm("A", TODAY), firm("B", TODAY))
    own = Scope(areas=(DISTRICT,), clearance=Sensitivity.INTERNAL, enterprises=frozenset({"B"}))
    assert subjects(todos(desk(store, own, UserClass.ENTERPRISE), SOURCES)) == ["企业B"]


def test_a_failed_job_is_a_to_do_for_a_day(store: Store) -> None:
    def job(hours: float, state: State) -> Job:
        ended = NOW - timedelta(hours=hours)
        return Job(
            id=new_id(), kind="export", title=Text("导出企业", "Export"), asked={}, account="a", post=None, key=None,
            state=state, done=0, total=None, doing=Text("磁盘已满", "disk full"), cancelling=False, attempt=1,
            worker=None, made_at=ended, started_at=ended, ended_at=ended, outcome=None,
        )  # fmt: skip

    jobs = (job(1, State.FAILED), job(30, State.FAILED), job(1, State.CANCELLED))
    found = list(
        own_jobs(Desk(store=store, now=NOW, scope=STAFF, user_class=UserClass.REGULATOR, lang=Lang.ZH, jobs=jobs))
    )
    assert [(todo.subject, todo.basis) for todo in found] == [("导出企业", "磁盘已满")]


def test_every_rule_names_a_date_of_a_layer() -> None:
    for rule in expiries():
        assert CATALOGUE[rule.layer].fields[rule.field].kind == "date", rule.id
        assert rule.source, rule.id


def notice(code: str, area: str, hours: float = 1, **more: object) -> Notice:
    given = {"code": code, "title": code, "body": "正文", "issued_by": "局", "area": area}
    return Notice.model_validate({**given, "published_at": NOW - timedelta(hours=hours), **more})


def test_a_notice_reaches_everybody_under_its_area_and_nobody_beside_it(store: Store) -> None:
    put(store, "notices", notice("city", "990100"), notice("port", "990106"), notice("isle", "990121"))
    read = {}
    for area in (CITY, "990106", "990106201"):
        scope = Scope(areas=(area,), clearance=Sensitivity.INTERNAL)
        found = notices(store, NOW, scope=scope, user_class=UserClass.REGULATOR, lang=Lang.ZH)
        read[area] = {one["code"] for one in found}
    assert read == {CITY: {"city"}, "990106": {"city", "port"}, "990106201": {"city", "port"}}


def test_a_notice_is_read_by_its_audience_while_it_is_in_force_pinned_ones_first(store: Store) -> None:
    put(
        store, "notices", notice("old", "990100", 30), notice("new", "990100", 1),
        notice("pinned", "990100", 9, pinned=True),
        notice("firms", "990100", audience=("enterprise",)), notice("future", "990100", -1),
        notice("over", "990100", expires_on=TODAY - timedelta(1)), notice("last day", "990100", 2, expires_on=TODAY),
        notice("internal", "990100", sensitivity=Sensitivity.INTERNAL),
    )  # fmt: skip
    asked = {"user_class": UserClass.PUBLIC, "lang": Lang.ZH}
    public = notices(store, NOW, scope=Scope(areas=("",), clearance=Sensitivity.PUBLIC), **asked)  # type: ignore[arg-type]
    assert [one["code"] for one in public] == ["pinned", "new", "last day", "old"]
    firms = notices(store, NOW, scope=STAFF, user_class=UserClass.ENTERPRISE, lang=Lang.ZH)
    assert {"firms", "internal"} <= {one["code"] for one in firms}


def test_today_is_the_local_day_and_the_calendar_is_not_for_the_public(store: Store) -> None:
    def entry(code: str, at: datetime) -> Schedule:
        return Schedule(code=code, title=code, starts_at=at, area="990100")

    morning, midnight = datetime(2026, 11, 28, 1, tzinfo=UTC), datetime(2026, 11, 28, 16, tzinfo=UTC)
    put(
        store,
        "schedules",
        entry("today", morning),
        entry("tomorrow", midnight),
        entry("before", morning - timedelta(1)),
    )
    found = schedules(store, NOW, scope=STAFF, user_class=UserClass.REGULATOR)
    assert [one["code"] for one in found or []] == ["today"]
    public = Scope(areas=("",), clearance=Sensitivity.PUBLIC)
    assert schedules(store, NOW, scope=public, user_class=UserClass.PUBLIC) is None


def area(code: str, west: float) -> Area:
    square = shapely.MultiPolygon([shapely.box(west, 33, west + 0.1, 33.1)])
    return Area(code=code, area=code, name=f"区{code}", level="district", geometry=square)


def test_the_map_opens_on_the_readers_own_area_or_enterprise(store: Store) -> None:
    put(store, "areas", area("990102", 121.0), area("990106", 121.5), area("990106201", 121.55))
    put(store, "enterprises", firm("A", geometry=shapely.Point(121.58, 33.05)))
    town = Scope(areas=("990106201",), clearance=Sensitivity.INTERNAL)
    assert place(store, scope=town, lang=Lang.ZH)["frame"] == [121.55, 33.0, 121.65, 33.1]
    assert place(store, scope=STAFF, lang=Lang.ZH)["frame"] == [121.0, 33.0, 121.65, 33.1]
    own = Scope(areas=(DISTRICT,), clearance=Sensitivity.INTERNAL, enterprises=frozenset({"A"}))
    assert place(store, scope=own, lang=Lang.ZH)["frame"] == pytest.approx([121.57, 33.04, 121.59, 33.06])


def reader(scope: Scope, user_class: UserClass, *rights: Right) -> Caller:
    actor = Actor(id="a", name="某人", door="page")
    return Caller(actor=actor, scope=scope, rights=frozenset(rights), user_class=user_class)


def test_entries_show_only_what_the_reader_may_see_and_lock_what_the_role_lacks(store: Store) -> None:
    put(store, "enterprises", firm("A"), firm("B", area="990102001"))
    district = Scope(areas=(DISTRICT,), clearance=Sensitivity.INTERNAL)
    found = {one["id"]: one for one in entries(store, reader(district, UserClass.REGULATOR, Right.MAP, Right.PORTAL))}
    assert (found["enterprises"]["line"], found["enterprises"]["href"] is None) == ("1 家", False)
    assert (found["export"]["line"], found["export"]["href"]) == ("需授权", None)
    public = Scope(areas=("",), clearance=Sensitivity.PUBLIC)
    seen = {one["id"] for one in entries(store, reader(public, UserClass.PUBLIC, Right.MAP, Right.PORTAL))}
    assert "sensors" not in seen
    assert "export" not in seen


def test_an_enterprise_finds_its_own_file_first(store: Store) -> None:
    put(store, "enterprises", firm("A"))
    own = Scope(areas=(DISTRICT,), clearance=Sensitivity.INTERNAL, enterprises=frozenset({"A"}))
    first = entries(store, reader(own, UserClass.ENTERPRISE, Right.MAP))[0]
    assert (first["id"], first["href"]) == ("own", "map?layers=enterprises&sel=enterprises:A")


def test_every_page_is_opened_in_the_language_its_link_names() -> None:
    assert set(site.PAGES) <= set(language.PAGES)
