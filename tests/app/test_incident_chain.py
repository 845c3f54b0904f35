"""The chain of an incident: prefilled with origins, unknowns asked, kept whole, held against what is new, warned of."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from app.incidents.chain import ChainDesk, Standing
from app.incidents.desk import By, IncidentDesk, Opening
from app.incidents.projections import Projections
from app.incidents.rounds import Asked
from app.incidents.telling import prefill_told, proposed_told, standing_told
from app.planning import Planning
from core.actors import Actor
from core.caller import Caller, Right
from core.clock import iso
from core.errors import BadInputError, ConflictError, FaultsError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Lang
from emergency.incidents.life import Step
from emergency.zones import Cut
from gis.placing import placed
from gis.shapes import LonLat
from layers.catalogue import (
    AREAS,
    ATTACHMENTS,
    ENTERPRISES,
    EXERCISE_BANDS,
    EXERCISE_SCENARIOS,
    EXERCISE_ZONES,
    EXERCISES,
    HAZARD_SOURCES,
    HOSPITALS,
    INCIDENT_COMMANDS,
    INCIDENT_LINKS,
    INCIDENT_LOG,
    INCIDENT_ORDERS,
    INCIDENT_PROJECTIONS,
    INCIDENT_SCENARIOS,
    INCIDENTS,
    LIMIT_CHECKS,
    PROTECTION_TARGETS,
    RESOURCE_BOOKINGS,
    ROADS,
    SCENARIO_BANDS,
    SCENARIO_ZONES,
    SCENARIOS,
    SHELTERS,
    SITES,
    TANKS,
    TEAMS,
    WEATHER_STATIONS,
)
from layers.catalogue.hazards import HazardSource, Tank
from layers.catalogue.incidentscenarios import IncidentProjection
from layers.catalogue.orders import IncidentOrder
from layers.catalogue.resources import Shelter
from layers.catalogue.sensing import WeatherStation
from layers.layer import Catalogue
from layers.record import Record
from store.attachments import Cabinet
from store.embedded import open_embedded
from store.feed import Put
from store.protocol import Store
from store.query import EVERYTHING
from store.series import open_series
from tests.ogc.drawn_city import EAST, NORTH, SOUTH, WEST, load, multi, wkb

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HERE = LonLat(WEST + 0.02, SOUTH + 0.05)
FIRM = "91990102MA00000001"
CHLORINE, LPG, BENZENE, PROPANE = "7782-50-5", "68476-85-7", "71-43-2", "74-98-6"
SMALL = Catalogue(
    ATTACHMENTS, AREAS, ENTERPRISES, EXERCISES, EXERCISE_SCENARIOS, EXERCISE_ZONES, EXERCISE_BANDS,
    HAZARD_SOURCES, HOSPITALS, INCIDENT_COMMANDS, INCIDENT_LINKS, INCIDENT_LOG, INCIDENT_ORDERS,
    INCIDENT_PROJECTIONS, INCIDENT_SCENARIOS, INCIDENTS, LIMIT_CHECKS, PROTECTION_TARGETS, RESOURCE_BOOKINGS, ROADS,
    SCENARIO_BANDS, SCENARIO_ZONES, SCENARIOS, SHELTERS, SITES, TANKS, TEAMS, WEATHER_STATIONS,
)  # fmt: skip
SCOPE = Scope(areas=("99",), clearance=Sensitivity.SENSITIVE, writable=None)
ZHOU = By(actor=Actor(id="zhou", name="周敏", door="page"), account="zhou", scope=SCOPE)
CALLER = Caller(actor=ZHOU.actor, scope=SCOPE, rights=frozenset({Right.EDIT, Right.MAP}), account="zhou")
SITE = {"release.mass_rate": 0.6, "release.duration": 3600.0}
"""What only the site can tell."""


class Watch:
    def __init__(self) -> None:
        self.at = AT

    def __call__(self) -> datetime:
        return self.at


def put(store: Store, layer: Any, *rows: Record) -> None:
    store.commit([Put(layer=layer.id, record=row) for row in rows], actor=ZHOU.actor, reason="t", scope=SYSTEM_SCOPE)


def point(east: float = 0.0, north: float = 0.0) -> shapely.Point:
    lon, lat = placed(HERE, 90.0, np.array([east]), np.array([north]))
    return shapely.Point(float(lon[0]), float(lat[0]))


def station(wind_from: float = 270.0, at: datetime = AT - 5 * MINUTE, **more: Any) -> WeatherStation:
    given: dict[str, Any] = {
        "code": "W1", "name": "园区站", "kind": "automatic", "read_at": at, "wind_speed": 3.0, "wind_from": wind_from,
        "temperature": 15.0, "humidity": 60.0, "solar": 300.0, "anemometer_height": 10.0, "area": "990102",
        "geometry": point(0, 400),
    }  # fmt: skip
    return WeatherStation(**(given | more))


def tank(n: int, **more: Any) -> Tank:
    given: dict[str, Any] = {
        "code": f"H1T{n}", "name": f"{n}号液氯罐", "enterprise": FIRM, "hazard_source": "H1", "kind": "horizontal",
        "chemical": "液氯", "cas": CHLORINE, "volume": 37.8, "mass": 30_000.0 + n, "pressure": 570_000.0,
        "pressure_reference": "gauge", "temperature": 20.0, "area": "990102", "geometry": point(10.0 * n),
        "observed_at": AT - timedelta(days=2),
    }  # fmt: skip
    return Tank(**(given | more))


def hazard(cas: str) -> HazardSource:
    return HazardSource(
        code="H1", name="罐区", enterprise=FIRM, grade=1, main_chemical="", substances=("物质",), cas_numbers=(cas,),
        quantities=("90000",), area="990102", geometry=point(),
    )  # fmt: skip


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def store(tmp_path: Path, watch: Watch) -> Iterator[Store]:
    kept = open_embedded(tmp_path / "city.gpkg", SMALL, watch)
    middle = (WEST + EAST) / 2
    load(kept, AREAS, code=["990102", "990106"], name=["西区", "东区"], level=["district", "district"],
         area=["990102", "990106"],
         geometry=wkb(multi(WEST, SOUTH, middle, NORTH), multi(middle, SOUTH, EAST, NORTH)))  # fmt: skip
    put(kept, HAZARD_SOURCES, hazard(CHLORINE))
    put(kept, TANKS, tank(1), tank(2))
    put(kept, WEATHER_STATIONS, station())
    yield kept
    kept.close()


@pytest.fixture
def chain(store: Store, watch: Watch, tmp_path: Path) -> Iterator[ChainDesk]:
    series = open_series(tmp_path / "series", store)
    planning = Planning(store, None, series, watch, lambda entry: None)
    cabinet = Cabinet(store, tmp_path / "files", watch, largest=10_000_000)
    yield ChainDesk(desk=IncidentDesk(store=store, clock=watch), planning=planning, cabinet=cabinet, folder=tmp_path)
    series.close()


def opened(chain: ChainDesk, title: str = "2号液氯储罐泄漏", command: str = "open-00001", **more: Any) -> str:
    given: dict[str, Any] = {
        "origin": "call", "title": title, "kind": "leak", "place": HERE,
        "facts": {"hazard_source": "H1", "occurred_at": AT - 2 * MINUTE},
    }  # fmt: skip
    return chain.desk.open(Opening(**(given | more)), by=ZHOU, command=command).code


def computed(chain: ChainDesk, code: str, command: str = "compute-001", **more: Any) -> Standing:
    filled = chain.prefill(code, CALLER, kind="direct")
    values = {one.name: one.value for one in filled.fields} | SITE | more.pop("values", {})
    asked = Asked(kind="direct", values=values, begun_at=more.pop("begun_at", AT - 2 * MINUTE))
    chain.compute(code, asked, by=ZHOU, caller=CALLER, command=command)
    chain.remembered.clear()
    found = chain.standing(code, CALLER)
    assert found is not None
    return found


def test_each_prefilled_value_says_where_from_and_how_old_and_what_nobody_knows_is_asked(chain: ChainDesk) -> None:
    filled = chain.prefill(opened(chain), CALLER)
    assert (filled.kind, filled.source, filled.station) == ("liquid-hole", ("tanks", "H1T2"), "W1")
    mass, wind = filled.of("release.mass"), filled.of("weather.wind_from")
    assert mass is not None and mass.origin is not None and wind is not None and wind.origin is not None  # noqa: PT018
    assert (mass.value, mass.origin.text.zh, mass.origin.key) == (30_002.0, "现存量", "H1T2")
    assert mass.origin.at == AT - timedelta(days=2)
    assert (wind.value, wind.origin.key, wind.origin.at, wind.origin.stale) == (270.0, "W1", AT - 5 * MINUTE, False)
    pressure = filled.of("release.upstream_pressure")
    assert pressure is not None and pressure.value == pytest.approx(671_325.0)  # noqa: PT018
    told = prefill_told(filled, Lang.ZH)
    assert told["missing"] == ["release.hole_diameter", "release.duration"]
    by_name = {one["name"]: one for one in told["fields"]}
    assert all(one["origin"] for name, one in by_name.items() if name not in told["missing"])
    assert all(by_name[name]["why"] and by_name[name]["value"] is None for name in told["missing"])
    assert by_name["ground.roughness"]["origin"]["default"]
    assert told["begun_at"]["value"] == (AT - 2 * MINUTE).isoformat()


def test_what_is_not_known_stays_unknown_and_stale_weather_is_said_to_be_stale(chain: ChainDesk, store: Store) -> None:
    unnamed = chain.prefill(opened(chain, "罐区泄漏", facts={"hazard_source": "H1"}), CALLER)
    assert unnamed.source is None, "one of two tanks is not guessed"
    assert (unnamed.of("release.mass"), unnamed.kind) == (None, "direct")
    assert unnamed.begun_at.value is None
    assert unnamed.begun_at.why is not None
    nowhere = chain.prefill(opened(chain, "气味", "open-00009", place=None, area="990102", facts={}), CALLER)
    assert "标位置" in nowhere.notes[0].zh, "it is no lack of stations"
    put(store, WEATHER_STATIONS, station(at=AT - timedelta(hours=3), solar=None))
    stale = chain.prefill(opened(chain, command="open-00002"), CALLER)
    wind, stability = stale.of("weather.wind_speed"), stale.of("weather.stability")
    assert wind is not None and wind.origin is not None and wind.origin.stale  # noqa: PT018
    assert any("过期" in note.zh for note in stale.notes)
    assert stability is not None and stability.value is None and stability.why is not None  # noqa: PT018
    put(store, TANKS, tank(2, cas=LPG, chemical="液化石油气"))
    differ = chain.prefill(opened(chain, command="open-00003"), CALLER).of("chemical")
    assert differ is not None and (differ.value, differ.among) == (None, (CHLORINE, LPG))  # noqa: PT018
    one = {"hazard_source": "H1", "chemical": CHLORINE}
    alone = chain.prefill(opened(chain, "罐区泄漏", command="open-00005", facts=one), CALLER)
    assert alone.source == ("tanks", "H1T1"), "of two tanks one alone holds what was told"
    put(store, HAZARD_SOURCES, hazard(LPG))
    mixed = chain.prefill(opened(chain, command="open-00004"), CALLER).of("chemical")
    assert mixed is not None and mixed.value is None and PROPANE in mixed.among  # noqa: PT018


def test_a_substance_told_by_its_number_alone_has_the_name_of_its_hazard_source(chain: ChainDesk, store: Store) -> None:
    put(store, HAZARD_SOURCES, hazard(CHLORINE).model_copy(update={"main_chemical": "液氯"}))
    code = opened(chain, facts={"hazard_source": "H1", "chemical": CHLORINE})
    row = chain.desk.find(code, scope=ZHOU.scope).row
    assert (row.chemical, row.chemical_name) == (CHLORINE, "液氯")
    other = opened(chain, command="open-00002", facts={"hazard_source": "H1", "chemical": PROPANE})
    row = chain.desk.find(other, scope=ZHOU.scope).row
    assert (row.chemical, row.chemical_name) == (PROPANE, ""), "another substance is not named after it"


@pytest.mark.parametrize(
    ("kind", "held", "usual"),
    [
        ("fire", {"cas": BENZENE, "chemical": "苯", "kind": "vertical", "pressure": None, "bund": 400.0}, "pool-fire"),
        ("explosion", {"cas": PROPANE, "chemical": "丙烷", "kind": "sphere"}, "fireball"),
    ],
)
def test_a_tank_fire_and_a_bleve_are_prefilled_of_the_tank_too(
    chain: ChainDesk, store: Store, kind: str, held: dict[str, Any], usual: str
) -> None:
    put(store, TANKS, tank(2, **held))
    put(store, HAZARD_SOURCES, hazard(held["cas"]))
    code = opened(chain, kind=kind, exercise=True)
    filled = chain.prefill(code, CALLER)
    assert (filled.kind, [one.name for one in filled.fields if one.value is None]) == (usual, [])
    values = {one.name: one.value for one in filled.fields}
    chain.compute(code, Asked(kind=usual, values=values), by=ZHOU, caller=CALLER, command="compute-001")
    told = standing_told(chain.standing(code, CALLER), SMALL, Lang.ZH)
    assert [zone["distance"] > 0 for zone in told["zones"]] == [True] * len(told["zones"])
    assert {one["origin"]["key"] for one in told["inputs"] if one["name"].startswith("release.")} <= {"H1T2"}
    assert store.count(SCENARIOS, EVERYTHING, scope=SYSTEM_SCOPE) == 0, "an exercise is on no map"
    assert store.count(EXERCISE_ZONES, EVERYTHING, scope=SYSTEM_SCOPE) == len(told["zones"])


def test_a_round_is_kept_whole_with_its_line_once_and_the_round_before_is_withdrawn(
    chain: ChainDesk, store: Store
) -> None:
    code = opened(chain)
    first = computed(chain, code)
    row = chain.desk.find(code, scope=SCOPE).row
    assert row.scenario == first.round.row.scenario != ""
    line = chain.desk.log(code, scope=SCOPE)[-1]
    assert line.kind == "model"
    assert f"incident_scenarios/{first.round.row.code}" in line.refs
    zones = store.count(SCENARIO_ZONES, EVERYTHING, scope=SYSTEM_SCOPE)
    assert zones == len(first.round.one.result.zones)
    assert all(zone.band is not None for zone in first.round.one.result.zones), "the band is always there"
    cut = [zone for zone in first.round.one.result.zones if zone.reached and zone.cut is not Cut.NONE]
    assert line.text.count("至少") == len(cut), "a reach at which the model ends is no reach, in the log either"
    assert "限值或模型未核实" in line.text
    again = chain.compute(code, Asked(kind="direct", values={}), by=ZHOU, caller=CALLER, command="compute-001")
    assert again.again
    usual = {"release.mass_rate": 1.2, "release.release_height": 0.0}  # the height is what the form began with
    second = computed(chain, code, "compute-002", values=usual)
    assert (second.round.row.number, second.before and second.before.number) == (2, 1)
    codes = (first.round.row.scenario, second.round.row.scenario)
    states = {key: getattr(store.get(SCENARIOS, key, scope=SCOPE).record, "state", "") for key in codes}
    assert states == {first.round.row.scenario: "withdrawn", second.round.row.scenario: "current"}
    assert store.count(SCENARIO_ZONES, EVERYTHING, scope=SYSTEM_SCOPE) == zones
    told = standing_told(second, SMALL, Lang.ZH)
    typed = {one["name"] for one in told["inputs"] if one["typed"]}
    assert typed == {"release.mass_rate", "release.duration"}
    assert told["zones"][0]["distance"] > told["before"]["zones"][0]["distance"]
    with pytest.raises(FaultsError):
        chain.compute(code, Asked(kind="direct", values={"chemical": CHLORINE}), by=ZHOU, caller=CALLER,
                      command="compute-003")  # fmt: skip
    assert chain.desk.find(code, scope=SCOPE).row.scenario == second.round.row.scenario


def test_a_turned_wind_or_another_amount_is_told_and_nothing_is_computed_by_itself(
    chain: ChainDesk, store: Store, watch: Watch
) -> None:
    code = opened(chain)
    assert computed(chain, code).changed == ()
    watch.at += 10 * MINUTE
    put(store, WEATHER_STATIONS, station(280.0, at=watch.at))
    assert chain.standing(code, CALLER).changed == ()  # type: ignore[union-attr]
    assert chain.since(chain.desk.find(code, scope=SCOPE).row, SCOPE) is None
    put(store, WEATHER_STATIONS, station(310.0, at=watch.at))
    found = chain.standing(code, CALLER)
    assert found is not None
    told = standing_told(found, SMALL, Lang.ZH)
    assert [(one["name"], one["before"], one["after"]) for one in told["changes"]] == [
        ("weather.wind_from", 270.0, 310.0)
    ]
    assert (told["stale"], told["number"], told["changes"][0]["limit"]["status"]) == (True, 1, "unverified")
    doubt = chain.since(chain.desk.find(code, scope=SCOPE).row, SCOPE)
    assert doubt is not None
    assert doubt.zh == "计算后已变:风向(来向)", "a warning of these zones says so"
    assert len(chain.rounds(code, SCOPE)) == 1
    version = chain.desk.find(code, scope=SCOPE).version
    chain.desk.step(code, version, Step.FALSE, by=ZHOU, command="false-00001", why="误报")
    with pytest.raises(ConflictError):
        computed(chain, code, "compute-002")


def test_a_turned_wind_is_projected_once_it_has_lasted_beside_the_round_until_a_person_adopts_it(
    chain: ChainDesk, store: Store, watch: Watch
) -> None:
    put(store, SHELTERS, Shelter(code="east", name="东", places=10, area="990102", geometry=point(900)),
        Shelter(code="south", name="南", places=10, area="990102", geometry=point(0, -900)))  # fmt: skip
    projections, code = Projections(chain=chain), opened(chain)
    first = computed(chain, code)
    assert projections.look() is None
    watch.at += 10 * MINUTE
    turned = watch.at
    put(store, WEATHER_STATIONS, station(0.0, at=turned))
    assert projections.look() is None, "a gust is no turn"
    watch.at += 2 * MINUTE
    again = Projections(chain=chain)  # a server that was started anew waits its time and makes it all the same
    assert again.look() is None
    watch.at += 2 * MINUTE
    made = again.look()
    assert made == f"{code}/T01"
    assert (again.look(), projections.look()) == (None, None), "one of the same wind, whichever process"
    standing = chain.standing(code, CALLER)
    assert standing is not None
    assert [one.watched.key for one in standing.falling] == ["east"]
    assert standing.round.row.code == first.round.row.code, "the round stays until a person says so"
    proposed = again.standing(standing, CALLER)
    told = proposed_told(proposed, standing, SMALL, Lang.ZH)["projection"]
    assert [(one["key"], one["kind"]) for one in told["falling"]] == [("south", "shelter")]
    assert told["falling"][0]["after_s"] == pytest.approx(
        proposed.round.front.comes(point(0, -900)) - 4 * 60,
        abs=1.0,  # type: ignore[union-attr]
    ), "counted from when the new wind was read"
    assert (told["wind"]["from"], told["turned_at"]) == (0.0, iso(turned))
    assert {one["name"] for one in told["inputs"] if one["typed"]} == set(SITE)
    assert "风向由西风(270°)变为北风(0°)" in told["text"]
    assert told["since"] == []
    put(store, WEATHER_STATIONS, station(0.0, at=turned, temperature=25.0))
    now = chain.standing(code, CALLER)
    assert now is not None
    assert [one.name for one in again.standing(now, CALLER).since] == ["weather.ambient_temperature"]
    put(store, WEATHER_STATIONS, station(0.0, at=turned))
    line = chain.desk.log(code, scope=SCOPE)[-1]
    assert (line.kind, line.by, "未采用" in line.text) == ("system", "系统自动推算", True)
    shown = store.count(SCENARIO_ZONES, EVERYTHING, scope=SYSTEM_SCOPE)
    assert shown == len(first.round.one.result.zones), "it is on no map of kept ones"
    again.adopt(code, made, by=ZHOU, caller=CALLER, command="adopt-00001")
    adopted = chain.standing(code, CALLER)
    assert adopted is not None
    assert (adopted.round.row.number, adopted.changed) == (2, ())
    assert [one.distance for one in adopted.round.one.result.zones] == [one["distance"] for one in told["zones"]]
    wind = next(one for one in json.loads(adopted.round.row.origins) if one["name"] == "weather.wind_from")
    assert (wind["typed"], wind["key"], wind["at"]) == (False, "W1", iso(turned))
    with pytest.raises(ConflictError):
        again.adopt(code, made, by=ZHOU, caller=CALLER, command="adopt-00002")


def test_a_site_chooses_how_long_a_change_lasts_before_it_is_projected(
    chain: ChainDesk, store: Store, watch: Watch
) -> None:
    projections, code = Projections(chain=chain, settled=5.0), opened(chain)
    computed(chain, code)
    put(store, WEATHER_STATIONS, station(0.0, at=watch.at))
    assert projections.look() is None
    standing = chain.standing(code, CALLER)
    assert standing is not None
    assert "持续 5 秒" in str(projections.standing(standing, CALLER).why_none)
    watch.at += timedelta(seconds=5)
    assert projections.look() == f"{code}/T01"


def test_what_is_not_adopted_is_not_projected_again_and_a_wind_that_turns_back_takes_it_away(
    chain: ChainDesk, store: Store, watch: Watch
) -> None:
    projections, code = Projections(chain=chain), opened(chain, exercise=True)
    computed(chain, code)

    def lasts(wind: float, minutes: int = 6) -> str | None:
        put(store, WEATHER_STATIONS, station(wind, at=watch.at))
        projections.look()
        watch.at += minutes * MINUTE
        return projections.look()

    first = lasts(0.0)
    assert first is not None and first.startswith("YL")  # noqa: PT018
    row = store.get(INCIDENT_PROJECTIONS, first, scope=SCOPE).record
    assert isinstance(row, IncidentProjection)
    assert row.exercise
    with pytest.raises(BadInputError):
        projections.dismiss(code, first, why=" ", by=ZHOU, command="dismiss-001")
    projections.dismiss(code, first, why="站点受厂房遮挡", by=ZHOU, command="dismiss-002")
    assert lasts(5.0) is None, "as good as the wind that was dismissed"
    second = lasts(90.0)
    assert second == f"{code}/T02"
    assert lasts(270.0) is None
    last = projections.newest(code, SCOPE)
    assert last is not None and (last.code, last.state) == (second, "lapsed")  # noqa: PT018
    put(store, WEATHER_STATIONS, station(0.0, at=watch.at - timedelta(hours=3)))
    standing = chain.standing(code, CALLER)
    assert standing is not None
    assert "没有新的气象读数" in str(projections.standing(standing, CALLER).why_none)


def test_a_step_on_the_version_seen_before_a_round_is_taken_and_one_before_a_step_is_not(chain: ChainDesk) -> None:
    code = opened(chain)
    seen = chain.desk.find(code, scope=SCOPE).version
    computed(chain, code)
    chain.desk.step(code, seen, Step.CONFIRM, by=ZHOU, command="confirm-0001")
    row = chain.desk.find(code, scope=SCOPE).row
    assert (row.state, bool(row.scenario)) == ("confirmed", True), "neither took what the other wrote"
    with pytest.raises(ConflictError):
        chain.desk.correct(code, seen, {"deaths": 1}, by=ZHOU, command="correct-0001")


def test_a_shelter_is_warned_of_before_the_cloud_is_there_and_a_band_says_if_the_wind_turns(
    chain: ChainDesk, store: Store, watch: Watch
) -> None:
    put(store, SHELTERS, *(
        Shelter(code=code, name=code, places=10, area="990102", geometry=place)
        for code, place in (("near", point(300)), ("far", point(1500)), ("aside", point(1000, 400)),
                            ("upwind", point(-800)))
    ))  # fmt: skip
    code = opened(chain)
    place = point(900)
    chain.desk.note(code, "position", "现场指挥部", by=ZHOU, command="post-00001", place=LonLat(place.x, place.y))
    found = {one.watched.key.partition("/")[2] or one.watched.key: one for one in computed(chain, code).falling}
    assert "upwind" not in found
    assert (found["near"].reached, found["far"].reached, found["aside"].reached) == ("inside", "coming", "band")
    post = next(one for one in found.values() if one.watched.kind == "post")
    after = found["far"].after
    assert after is not None and post.after is not None and 0 < post.after < after < 1500 / 2.0  # noqa: PT018
    watch.at += timedelta(seconds=after + 1)
    later = chain.standing(code, CALLER)
    assert later is not None
    assert next(one for one in later.falling if one.watched.key == "far").reached == "inside"
    watch.at += timedelta(hours=4)
    over = chain.standing(code, CALLER)
    assert over is not None
    assert not any(one.reached == "inside" for one in over.falling), "the cloud has gone again"


def test_the_way_of_an_order_is_warned_of_unless_it_is_through_before_the_cloud_comes(
    chain: ChainDesk, store: Store
) -> None:
    code = opened(chain)
    line = [[place.x, place.y] for place in (point(1500, 300), point(1500, -300))]
    for n, seconds in ((1, 30.0), (2, 3000.0)):
        put(store, INCIDENT_ORDERS, IncidentOrder(
            code=f"{code}/{n:03d}", incident=code, number=n, action="堵漏", to_kind="team", to_name="特勤站",
            way=json.dumps(line), way_time=seconds, at=AT, by="周敏", entry=f"{code}/0001", state="on_way", left_at=AT,
            area="990102",
        ))  # fmt: skip
    ways = [one for one in computed(chain, code).falling if one.watched.kind == "route"]
    assert [one.watched.key for one in ways] == [f"{code}/002"]
    assert ways[0].reached == "coming"


def test_routes_are_given_the_zone_in_parts_that_come_one_after_another(chain: ChainDesk) -> None:
    code = opened(chain)
    assert chain.avoided(code, SCOPE) == ((), None)
    standing = computed(chain, code)
    parts, approach = chain.avoided(code, SCOPE)
    begins = [one.begins for one in parts if one.begins is not None]
    assert len(parts) > 3
    assert begins == sorted(begins)
    assert begins[0] <= AT < begins[-1]
    whole = shapely.union_all([zone.shape for zone in standing.round.one.result.zones])
    left = shapely.difference(whole, shapely.buffer(shapely.union_all([one.shape for one in parts]), 1e-7))
    assert left.area < 1e-3 * whole.area
    assert approach is not None and approach.wind_from == 270.0  # noqa: PT018
    computed(chain, code, "compute-002", begun_at=None)
    always, _ = chain.avoided(code, SCOPE)
    assert [(one.begins, one.ends) for one in always] == [(None, None)]


def test_who_may_not_see_amounts_gets_no_amount(chain: ChainDesk) -> None:
    seen = replace(CALLER, scope=replace(SCOPE, clearance=Sensitivity.INTERNAL))
    mass = chain.prefill(opened(chain), seen).of("release.mass")
    assert mass is not None and mass.value is None  # noqa: PT018
