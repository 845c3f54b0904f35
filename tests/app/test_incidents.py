"""What the desk of incidents promises of the store: once by key, in order, linked both ways, known as of a time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import shapely

from app.incidents.desk import By, IncidentDesk, Opening
from app.incidents.incoming import opening_of
from app.incidents.replay import Known, known_at, picture, position
from app.incidents.reports import Reporting
from casework.press import Press, Signing
from core.actors import Actor
from core.clock import iso
from core.errors import BadInputError, ConflictError, ForbiddenError, NotFoundError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Lang
from dashboards.queries.incidentwall import Wall, incident_wall, moments
from emergency.incidents.life import Step
from emergency.incidents.log import entered_afterwards, reports_in
from gis.shapes import LonLat
from layers.catalogue import (
    ALARMS,
    AREAS,
    ATTACHMENTS,
    CATALOGUE,
    ENTERPRISES,
    EXERCISES,
    HAZARD_SOURCES,
    INCIDENT_COMMANDS,
    INCIDENT_LINKS,
    INCIDENT_LOG,
    INCIDENTS,
    SCENARIOS,
    SENSORS,
    WARNINGS,
)  # fmt: skip
from layers.catalogue.alarms import AlarmRow
from layers.catalogue.sensing import Sensor
from layers.layer import Catalogue
from monitoring.warnings.cap import Alert, Area, Info
from store.attachments import Cabinet
from store.embedded import open_embedded
from store.feed import Put
from store.postgis import open_postgis
from store.protocol import Store
from store.query import EVERYTHING
from tests.ogc.drawn_city import EAST, NORTH, SOUTH, WEST, load, multi, wkb

ENGINES = ["embedded", pytest.param("postgis", marks=pytest.mark.postgis)]
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MIDDLE = (WEST + EAST) / 2
HERE = LonLat(WEST + 0.01, SOUTH + 0.03)
POINT = shapely.Point(HERE.lon, HERE.lat)
FIRM = "91990102MA00000001"
ZHOU = By(actor=Actor(id="zhou", name="周敏", door="page"), account="zhou",
          scope=Scope(areas=("990102",), clearance=Sensitivity.SENSITIVE, writable=None))  # fmt: skip
WU = replace(ZHOU, actor=Actor(id="wu", name="吴浩", door="page"), account="wu")


class Watch:
    def __init__(self) -> None:
        self.at = AT

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def watch() -> Watch:
    return Watch()


SMALL = Catalogue(
    ATTACHMENTS,
    ENTERPRISES, SENSORS, ALARMS, WARNINGS, INCIDENTS, SCENARIOS, HAZARD_SOURCES, AREAS, EXERCISES, INCIDENT_LOG,
    INCIDENT_LINKS, INCIDENT_COMMANDS,
)  # fmt: skip
"""What incidents touch: a store of the whole city takes a second to make."""


def filled(store: Store) -> Store:
    load(store, AREAS, code=["990102", "990106"], name=["西区", "东区"], level=["district", "district"],
         area=["990102", "990106"],
         geometry=wkb(multi(WEST, SOUTH, MIDDLE, NORTH), multi(MIDDLE, SOUTH, EAST, NORTH)))  # fmt: skip
    load(store, ENTERPRISES, uscc=[FIRM], name=["甲厂"], sector=["hazchem"], area=["990102"],
         geometry=wkb(POINT))  # fmt: skip
    return store


@pytest.fixture
def store(tmp_path: Path, watch: Watch) -> Iterator[Store]:
    kept = filled(open_embedded(tmp_path / "city.gpkg", SMALL, watch))
    yield kept
    kept.close()


@pytest.fixture
def desk(store: Store, watch: Watch) -> IncidentDesk:
    return IncidentDesk(store=store, clock=watch)


@pytest.fixture(params=ENGINES)
def either(request: pytest.FixtureRequest, tmp_path: Path, watch: Watch) -> Iterator[IncidentDesk]:
    if request.param == "postgis":
        kept = request.getfixturevalue("postgres_catalogue")
        opened: Store = open_postgis(kept.url, CATALOGUE, watch, kept.schema)
    else:
        opened = open_embedded(tmp_path / "either.gpkg", SMALL, watch)
    yield IncidentDesk(store=filled(opened), clock=watch)
    opened.close()


def called(desk: IncidentDesk, command: str = "call-00001", by: By = ZHOU, **more: object) -> str:
    given: dict[str, object] = {"origin": "call", "title": "液氯泄漏", "kind": "leak", "place": HERE, "text": "报告"}
    return desk.open(Opening(**(given | more)), by=by, command=command).code  # type: ignore[arg-type]


def alarmed(store: Store, n: int) -> str:
    code = f"BJ20261123-{n:012x}"
    rows = (
        Sensor(code="P1", name="氯气探头", kind="toxic", unit="ppm", enterprise=FIRM, area="990102"),
        AlarmRow(code=code, title=f"氯气 {n} ppm 超限", point="P1", rule="R", condition="high", enterprise=FIRM,
                 level=1, raised_at=AT - MINUTE, area="990102", geometry=POINT),
    )  # fmt: skip
    edits = [Put(layer=SENSORS.id, record=rows[0]), Put(layer=ALARMS.id, record=rows[1])]
    store.commit(edits, actor=ZHOU.actor, reason="t", scope=SYSTEM_SCOPE)
    return code


def test_a_command_sent_again_after_a_kill_is_done_once_and_two_who_write_at_once_are_both_kept(
    either: IncidentDesk,
) -> None:
    code = called(either)
    again = either.open(Opening(origin="call", title="液氯泄漏", place=HERE), by=ZHOU, command="call-00001")
    assert (again.code, again.again) == (code, True)
    assert called(either, by=WU) != code, "another's key is another's"
    either.note(code, "note", "第一句", by=ZHOU, command="note-00001")
    assert either.note(code, "note", "第一句", by=ZHOU, command="note-00001").again
    with ThreadPoolExecutor(4) as pool:  # numbers of lines are taken by two at once
        done = list(pool.map(
            lambda n: either.note(code, "note", f"同时 {n}", by=WU, command=f"same-{n:05d}"), range(8)
        ))  # fmt: skip
    log = either.log(code, scope=ZHOU.scope)
    assert [one.number for one in log] == list(range(1, len(log) + 1))
    assert {one.entry for one in done} <= {one.code for one in log}
    assert sum(one.text == "第一句" for one in log) == 1
    verified = either.store.verify()
    assert verified.findings == ()


def test_of_two_who_lead_at_once_the_second_is_told(desk: IncidentDesk) -> None:
    code = called(desk)
    seen = desk.find(code, scope=ZHOU.scope).version
    desk.step(code, seen, Step.RESPOND, by=ZHOU, command="step-00001", response=2)
    with pytest.raises(ConflictError):
        desk.step(code, seen, Step.CONFIRM, by=WU, command="step-00002")
    log = desk.log(code, scope=ZHOU.scope)
    assert [one.kind for one in log] == ["call", "decision"]
    assert "Ⅱ级" in log[1].text


def test_an_alarm_becomes_an_incident_with_its_place_and_firm_and_a_second_is_merged_in(
    desk: IncidentDesk, store: Store
) -> None:
    first, second = alarmed(store, 1), alarmed(store, 2)
    told = desk.open(Opening(origin="alarm", of=("alarms", first)), by=ZHOU, command="alarm-0001")
    row = desk.find(told.code, scope=ZHOU.scope).row
    assert (row.enterprise, row.enterprise_name, row.kind, row.area) == (FIRM, "甲厂", "leak", "990102")
    assert row.geometry is not None
    with pytest.raises(ConflictError) as taken:
        desk.open(Opening(origin="alarm", of=("alarms", first)), by=WU, command="alarm-0002")
    assert taken.value.facts["incident"] == told.code
    desk.link(told.code, ("alarms", second), by=WU, command="link-00001")
    found = desk.linked("alarms", second, scope=ZHOU.scope)
    assert found is not None
    assert (found.incident, found.role) == (told.code, "merged")
    assert [one.of_key for one in desk.links(told.code, scope=ZHOU.scope)] == [first, second]
    assert f"alarms/{first}" in desk.log(told.code, scope=ZHOU.scope)[0].refs


def test_two_incidents_merge_and_both_logs_say_so(desk: IncidentDesk) -> None:
    one, two = called(desk), called(desk, command="call-00002")
    version = desk.find(two, scope=ZHOU.scope).version
    desk.step(two, version, Step.MERGE, by=ZHOU, command="merge-0001", why="同一处泄漏", into=one)
    merged = desk.find(two, scope=ZHOU.scope).row
    assert (merged.state, merged.merged_into) == ("merged", one)
    assert two in desk.log(one, scope=ZHOU.scope)[-1].text
    assert one in desk.log(two, scope=ZHOU.scope)[-1].text
    desk.step(two, version + 1, Step.UNMERGE, by=ZHOU, command="merge-0002", why="两处泄漏")
    assert f"{two} 液氯泄漏 撤销并入" in desk.log(one, scope=ZHOU.scope)[-1].text, "or it stays a part in its log"


def test_what_a_call_did_not_say_is_filled_in_of_the_register_and_what_people_told_stays(
    desk: IncidentDesk, store: Store
) -> None:
    for n, (cas, name) in enumerate((("7782-50-5", "氯"), ("7664-41-7", "氨")), 1):
        load(store, HAZARD_SOURCES, code=[f"MH{n}"], name=[f"{name}罐区"], enterprise=[FIRM], area=["990102"],
             grade=[1], main_chemical=[name], cas_numbers=[(cas,)],
             geometry=wkb(shapely.Point(HERE.lon + n / 1000, HERE.lat)))  # fmt: skip
    code = called(desk, place=None, area="990102", facts={"reporter": "王五"})
    assert desk.find(code, scope=ZHOU.scope).row.geometry is None
    desk.correct(code, 1, {"hazard_source": "MH1", "reporter_phone": "13800000000"}, by=ZHOU, command="correct-0001")
    row, line = desk.find(code, scope=ZHOU.scope).row, desk.log(code, scope=ZHOU.scope)[-1].text
    assert (row.enterprise_name, row.chemical, row.chemical_name) == ("甲厂", "7782-50-5", "氯")
    assert row.geometry == shapely.Point(HERE.lon + 0.001, HERE.lat)
    assert "位置 未填 → " in line
    assert "位置取自登记" in line
    assert "报告人电话 已改" in line
    assert "138" not in line, "the log goes farther than who reported may be known"
    desk.correct(code, 2, {"hazard_source": "MH2"}, by=ZHOU, command="correct-0002")
    other = desk.find(code, scope=ZHOU.scope).row
    assert (other.chemical, other.chemical_name) == ("7664-41-7", "氨"), "what came of the wrong one went with it"
    assert other.geometry == shapely.Point(HERE.lon + 0.002, HERE.lat)
    desk.correct(code, 3, {"geometry": POINT, "chemical_name": "苯"}, by=ZHOU, command="correct-0003")
    desk.correct(code, 4, {"hazard_source": "MH1"}, by=ZHOU, command="correct-0004")
    told = desk.find(code, scope=ZHOU.scope).row
    assert (told.geometry, told.chemical_name, told.hazard_source) == (POINT, "苯", "MH1")
    opened = called(desk, command="call-00003", place=None, area="", facts={"hazard_source": "MH1"})
    assert "位置取自登记" in desk.log(opened, scope=ZHOU.scope)[0].text


def test_what_was_merged_by_mistake_stands_again_where_it_stood(desk: IncidentDesk) -> None:
    one = called(desk)
    steps = [(), ((Step.CONFIRM, None),), ((Step.CONFIRM, None), (Step.RESPOND, 3))]
    for n, (done, state) in enumerate(zip(steps, ("reported", "confirmed", "responding"), strict=True)):
        code = called(desk, command=f"call-1000{n}")
        for step, response in (*done, (Step.MERGE, None), (Step.UNMERGE, None)):
            version, into = desk.find(code, scope=ZHOU.scope).version, one if step is Step.MERGE else ""
            desk.step(code, version, step, by=ZHOU, command=f"{code}{step}", why="误并", response=response, into=into)
        assert desk.find(code, scope=ZHOU.scope).row.state == state


def test_a_struck_line_stays_and_no_report_counts_by_it(desk: IncidentDesk) -> None:
    code = called(desk)
    line = desk.note(code, "report", "快报已报", by=ZHOU, command="note-00001", refs=("report/flash",)).entry
    assert reports_in(desk.log(code, scope=ZHOU.scope))
    desk.strike(line, by=WU, command="strike-001", why="误记")
    log = {one.code: one for one in desk.log(code, scope=ZHOU.scope)}
    assert (log[line].text, log[line].struck_by, log[line].struck_why) == ("快报已报", "吴浩", "误记")
    assert reports_in(log.values()) == ()
    assert desk.strike(line, by=WU, command="strike-001", why="误记").again


def test_an_exercise_is_kept_apart_and_takes_nothing_real(desk: IncidentDesk, store: Store) -> None:
    code = called(desk, exercise=True)
    assert code.startswith("YL")
    row = desk.find(code, scope=ZHOU.scope).row
    assert row.exercise
    assert row.title.startswith("【演练】")
    assert store.count(INCIDENTS, EVERYTHING, scope=SYSTEM_SCOPE) == 0
    assert store.count(EXERCISES, EVERYTHING, scope=SYSTEM_SCOPE) == 1
    assert all(one.exercise for one in desk.log(code, scope=ZHOU.scope))
    alarm = alarmed(store, 3)
    with pytest.raises(BadInputError):
        desk.open(Opening(origin="alarm", of=("alarms", alarm), exercise=True), by=ZHOU, command="alarm-0003")
    with pytest.raises(BadInputError):
        desk.link(code, ("alarms", alarm), by=ZHOU, command="link-00003")
    assert {one.stream for one in store.feed(after=0, scope=SYSTEM_SCOPE, layers=frozenset({EXERCISES.id}))} == {
        "exercise"
    }
    log = store.feed(after=0, scope=SYSTEM_SCOPE, layers=frozenset({INCIDENT_LOG.id}))
    assert {one.stream for one in log} == {"incident"}


def test_nobody_opens_an_incident_in_anothers_district_or_nowhere(desk: IncidentDesk) -> None:
    with pytest.raises(ForbiddenError):
        called(desk, place=LonLat(EAST - 0.01, SOUTH + 0.03))
    with pytest.raises(BadInputError):
        called(desk, place=None)
    assert called(desk, place=None, area="990102")


def test_a_place_outside_the_area_that_was_named_is_never_taken_in_silence(desk: IncidentDesk) -> None:
    city = replace(ZHOU, scope=replace(ZHOU.scope, areas=("99",)))
    east, sea = LonLat(EAST - 0.01, SOUTH + 0.03), LonLat(EAST + 1.0, SOUTH)
    given = Opening(origin="map", title="泄漏", kind="leak", area="990102", place=east)
    with pytest.raises(BadInputError, match="990106") as refused:
        desk.open(given, by=city, command="open-90001")
    assert refused.value.facts["field"] == "area"
    told = desk.open(replace(given, place=sea), by=city, command="open-90002")
    assert "不在所选区划 990102 内" in desk.log(told.code, scope=city.scope)[0].text
    agency = desk.open(replace(given, origin="agency"), by=city, command="open-90003")
    assert "在 990106 内" in desk.log(agency.code, scope=city.scope)[0].text, "and no report of an agency is lost"
    right = desk.open(replace(given, place=HERE), by=city, command="open-90004").code
    assert "不在" not in desk.log(right, scope=city.scope)[0].text
    with pytest.raises(BadInputError, match="990106"):
        desk.correct(right, 1, {"geometry": shapely.Point(east.lon, east.lat)}, by=city, command="correct-9001")
    desk.correct(
        right, 1, {"geometry": shapely.Point(east.lon, east.lat), "area": "990106"}, by=city, command="correct-9002"
    )


def test_replay_shows_what_was_known_then_and_nothing_that_was_learned_later(
    desk: IncidentDesk, watch: Watch, store: Store
) -> None:
    store.head()
    with pytest.raises(NotFoundError):
        picture(desk, "SJ20261123-0001", AT - MINUTE, scope=ZHOU.scope)
    code = called(desk)
    watch.at = AT + 5 * MINUTE
    desk.step(code, 1, Step.RESPOND, by=ZHOU, command="step-00001", response=3)
    watch.at = AT + 9 * MINUTE
    desk.note(code, "call", "早先的来电", by=ZHOU, command="note-00001", happened_at=AT + 2 * MINUTE)
    desk.correct(code, 2, {"deaths": 3, "serious_injuries": 0}, by=ZHOU, command="loss-00001")
    early = picture(desk, code, AT + 6 * MINUTE, scope=ZHOU.scope)
    assert (early.row.state, early.row.deaths, early.row.level) == ("responding", None, None)
    assert [one.kind for one in early.log] == ["call", "decision"], "the call of minute 2 was written in minute 9"
    assert picture(desk, code, AT + MINUTE, scope=ZHOU.scope).row.state == "reported"
    late = picture(desk, code, AT + 10 * MINUTE, scope=ZHOU.scope)
    assert (late.row.level, len(late.log)) == (3, 4)
    assert position(store, AT - 400 * DAY) == 0
    assert position(store, AT + DAY) == store.head()


def test_what_was_entered_afterwards_is_replayed_by_its_own_times_and_says_so(
    desk: IncidentDesk, watch: Watch, store: Store
) -> None:
    told = Watch()
    watch.at = AT + DAY  # the feed's own clock: what the log says of yesterday is entered today
    later = replace(desk, clock=told)
    code = called(later)
    told.at = AT + 5 * MINUTE
    later.step(code, 1, Step.RESPOND, by=ZHOU, command="step-00001", response=3)
    with pytest.raises(NotFoundError):
        picture(desk, code, AT - MINUTE, scope=ZHOU.scope)
    early = picture(desk, code, AT + MINUTE, scope=ZHOU.scope)
    assert (early.row.state, len(early.log), early.afterwards) == ("reported", 1, AT + DAY)
    late = picture(desk, code, AT + 6 * MINUTE, scope=ZHOU.scope)
    assert (late.row.state, len(late.log), late.afterwards) == ("responding", 2, AT + DAY)
    wall = Wall(store=store, at=AT, scope=ZHOU.scope, lang=Lang.ZH)
    assert moments(wall, code) == [iso(AT), iso(AT + 5 * MINUTE)]
    watch.at = AT + DAY + MINUTE
    desk.note(code, "note", "今天的一句", by=ZHOU, command="note-00001")
    now = picture(desk, code, AT + DAY + 2 * MINUTE, scope=ZHOU.scope)
    assert (len(now.log), now.afterwards) == (3, None), "what is written at its time is known by the feed"


def test_what_was_entered_afterwards_and_out_of_order_tells_nothing_before_its_time(
    either: IncidentDesk, watch: Watch
) -> None:
    told, store = Watch(), either.store
    watch.at = AT + DAY
    later = replace(either, clock=told)
    code = called(later)
    told.at = AT + 20 * MINUTE
    later.step(code, 1, Step.RESPOND, by=ZHOU, command="step-00001", response=3)
    told.at = AT + 5 * MINUTE
    later.note(code, "note", "先前的一句", by=ZHOU, command="note-00001")
    for minutes, state, numbers in ((1, "reported", [1]), (6, "reported", [1, 3]), (21, "responding", [1, 2, 3])):
        at = AT + minutes * MINUTE
        found = picture(either, code, at, scope=ZHOU.scope)
        assert (found.row.state, [one.number for one in found.log]) == (state, numbers), minutes
        known = known_at(store, code, at)
        wall = Wall(store=store, at=at, scope=ZHOU.scope, lang=Lang.ZH, seq=known.seq, afterwards=known.afterwards,
                    lines=known.lines)  # fmt: skip
        (shown,) = incident_wall(wall, exercise=False, code=code)["hand"]
        assert (sorted(line["number"] for line in shown["log"]), shown["facts"]["state"]) == (numbers, state)


def test_what_an_incident_is_read_at_is_what_all_its_lines_would_say(either: IncidentDesk, watch: Watch) -> None:
    told = Watch()
    watch.at = AT + DAY
    code, other = called(replace(either, clock=told)), called(either, "call-00002")
    for n in (5, 5, 7):  # two lines of one time
        told.at = AT + n * MINUTE
        replace(either, clock=told).note(code, "note", "补记", by=ZHOU, command=f"note-{n}-{told.at}-{watch.at}")
        watch.at += MINUTE
    watch.at += DAY
    either.note(code, "note", "当时的一句", by=ZHOU, command="note-00009")
    store = either.store
    lines = either.log(code, scope=SYSTEM_SCOPE)
    tick = timedelta(microseconds=1)
    moments_ = [one.at + by for one in lines for by in (-tick, timedelta(0), tick)] + [AT - DAY, watch.at + DAY]
    for at in moments_:
        seq, by_then = position(store, at), [one for one in lines if one.at <= at]
        expected = Known(seq=seq)
        if by_then:
            first = store.versions(INCIDENT_LOG, by_then[-1].code, scope=SYSTEM_SCOPE)[0].from_seq
            (entry,) = store.feed(after=first - 1, scope=SYSTEM_SCOPE, limit=1)
            if first > seq and entered_afterwards(by_then[-1].at, entry.at):
                expected = Known(seq=first, afterwards=entry.at, lines=first)
        assert known_at(store, code, at) == expected, at
    assert known_at(store, code, AT).afterwards is not None
    assert known_at(store, other, AT) == Known(seq=position(store, AT)), "another's lines are none of its own"


def test_a_cap_message_of_another_agency_opens_one_unconfirmed_incident(desk: IncidentDesk) -> None:
    ring = ((SOUTH + 0.01, WEST + 0.01), (SOUTH + 0.01, WEST + 0.02), (SOUTH + 0.02, WEST + 0.02),
            (SOUTH + 0.01, WEST + 0.01))  # fmt: skip
    info = Info(language="zh-CN", categories=("CBRNE",), event="氯气泄漏", headline="甲厂氯气泄漏",
                sender_name="环境局", areas=(Area(description="甲厂周边", polygons=(ring,)),))  # fmt: skip
    alert = Alert(identifier="HJ-1", sender="epb@city", sent=AT, infos=(info,))
    opening, key = opening_of(alert, AT)
    told = desk.open(opening, by=ZHOU, command=key)
    row = desk.find(told.code, scope=ZHOU.scope).row
    assert (row.state, row.origin, row.kind, row.area, row.reporter) == (
        "reported", "agency", "leak", "990102", "环境局",
    )  # fmt: skip
    assert desk.open(opening, by=ZHOU, command=key).again
    for wrong in (replace(alert, status="Test"), replace(alert, message="Cancel"), replace(alert, infos=())):
        with pytest.raises(BadInputError):
            opening_of(wrong, AT)
    played, _ = opening_of(replace(alert, status="Exercise"), AT)
    assert played.exercise


def test_no_report_of_an_agency_is_lost_for_what_is_still_to_come_or_a_code_of_another_list(desk: IncidentDesk) -> None:
    line = ((SOUTH + 0.01, WEST + 0.01), (SOUTH + 0.02, WEST + 0.02), (SOUTH + 0.01, WEST + 0.01),
            (SOUTH + 0.01, WEST + 0.01))  # fmt: skip
    info = Info(
        language="zh-CN", categories=("Met",), event="暴雨", onset=AT + DAY,
        areas=(Area(description="西区", polygons=(line,), geocodes=(("SAME", "006109"),)),),
    )  # fmt: skip
    opening, key = opening_of(Alert(identifier="QX-1", sender="met@city", sent=AT + MINUTE, infos=(info,)), AT)
    row = desk.find(desk.open(opening, by=ZHOU, command=key).code, scope=ZHOU.scope).row
    assert (row.area, row.occurred_at) == ("990102", None)
    assert "预计开始 2026-11-2" in row.summary


def unsigned() -> Signing:
    raise AssertionError("a report is not signed")


def test_a_report_is_kept_with_its_line_and_its_clock_once_and_no_later_one_changes_it(
    either: IncidentDesk, tmp_path: Path, watch: Watch
) -> None:
    cabinet = Cabinet(either.store, tmp_path / "files", watch, largest=1_000_000)
    press = Press(set_type=lambda: str.encode, organs=tuple, signing=unsigned, site="")
    reporting = Reporting(desk=either, cabinet=cabinet, press=press)
    code = called(either, reported_at=AT, facts={"deaths": 3, "direct_loss": 42_000.0, "reporter": "王五"})

    def reported(kind: str, command: str, by: By = ZHOU) -> str:
        return reporting.report(code, kind, to="市应急局", more="", by=by, command=command).entry

    def relay() -> datetime | None:
        row = either.find(code, scope=ZHOU.scope).row
        return next(one.done_at for one in either.due(row, either.log(code, scope=ZHOU.scope)) if one.id == "relay")

    with pytest.raises(ConflictError, match="尚未快报"):
        reported("followup", "report-000")
    assert relay() is None
    watch.at = AT + 5 * MINUTE

    def tried(command: str) -> str:
        try:
            return reported("flash", command)
        except ConflictError as error:
            return str(error)

    commands = ["report-001", "report-002"]
    with ThreadPoolExecutor(2) as pool:  # two press the button at once: one flash goes
        entries = dict(zip(commands, pool.map(tried, commands), strict=True))
    ((command, first),) = [(command, entry) for command, entry in entries.items() if entry.startswith(code)]
    assert any("快报已报" in one for one in entries.values())
    assert reported("flash", command) == first
    assert relay() == watch.at
    row, log = either.find(code, scope=ZHOU.scope).row, either.log(code, scope=ZHOU.scope)
    (flash,) = reporting.reports(row, log, scope=ZHOU.scope)
    text = flash.files[0].path.read_text()
    said = ("突发事件信息快报", "第1号", "至少较大事故（死亡 3人）", "4.2万元", "第十一条", "5分完成", "制作：周敏")
    assert [one for one in (*said, "市应急局：") if one not in text] == []
    lacks = text.partition("六、尚缺事项")[2].partition("七、")[0]
    assert "重伤" in lacks
    assert "死亡" not in lacks
    assert "直接经济损失" not in lacks
    assert "王五" not in text
    before = [(one.record.sha256, one.path.read_bytes()) for one in flash.files]
    assert [one.record.media_type.rpartition("/")[2] == "pdf" for one in flash.files] == [True, False]

    watch.at = AT + 30 * MINUTE
    either.correct(code, 1, {"deaths": 10}, by=ZHOU, command="loss-00001", why="又找到遇难者")
    reported("followup", "report-003", WU)
    either.strike(first, by=WU, command="strike-001", why="报错单位")
    assert relay() is None
    row, log = either.find(code, scope=ZHOU.scope).row, either.log(code, scope=ZHOU.scope)
    old, new = reporting.reports(row, log, scope=ZHOU.scope)
    assert old.line.struck_by == "吴浩"
    assert [(one.record.sha256, one.path.read_bytes()) for one in old.files] == before
    assert (new.serial, new.kind) == (2, "followup")
    assert "至少重大事故（死亡 10人）" in new.files[0].path.read_text()
    with pytest.raises(ForbiddenError):
        cabinet.remove(old.files[0].record.id, actor=WU.actor, reason="清理", scope=WU.scope)

    played = called(either, command="call-00009", exercise=True)
    reporting.report(played, "flash", to="导调组", more="", by=ZHOU, command="report-004")
    row, log = either.find(played, scope=ZHOU.scope).row, either.log(played, scope=ZHOU.scope)
    (drill,) = reporting.reports(row, log, scope=ZHOU.scope)
    assert '<div class="mark">演练</div>' in drill.files[0].path.read_text()
    assert drill.files[0].record.of_layer == EXERCISES.id
