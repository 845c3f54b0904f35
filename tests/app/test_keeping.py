"""What the archive promises of the store, on both engines: whole or not at all, under rights, provable afterwards."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import shapely
from typer.testing import CliRunner

from app.cli import command_line
from app.keeping import Archive, record
from app.planning import Planning
from core.actors import Actor
from core.caller import Caller
from core.clock import utc_now
from core.errors import ConflictError, FaultsError, ForbiddenError, NotFoundError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from emergency.scenario import Scenario, scenario, spelt
from layers.catalogue import (
    AREAS,
    ATTACHMENTS,
    CATALOGUE,
    ENTERPRISES,
    HAZARD_SOURCES,
    SCENARIO_ZONES,
    SCENARIOS,
)
from store.attachments import Cabinet
from store.postgis import open_postgis
from store.protocol import Store, Stored
from store.query import EVERYTHING
from store.series import open_series
from tests.blank import blank_city
from tests.ogc.drawn_city import EAST, NORTH, SOUTH, WEST, load, multi, wkb

ENGINES = ["embedded", pytest.param("postgis", marks=pytest.mark.postgis)]
MIDDLE = (WEST + EAST) / 2
FIRM, OTHER = "91990102MA00000001", "91990106MA00000002"
ONE = Actor(id="one", name="甲", door="page")
WEST_SIDE = Scope(areas=("990102",), clearance=Sensitivity.SENSITIVE, writable=None)
EAST_SIDE = Scope(areas=("990106",), clearance=Sensitivity.SENSITIVE, writable=None)
READER = Scope(areas=("9901",), clearance=Sensitivity.INTERNAL)
OF_FIRM = Scope(areas=("9901",), clearance=Sensitivity.SENSITIVE, enterprises=frozenset({FIRM}))


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "postgis":
        kept = request.getfixturevalue("postgres_catalogue")
        found: Store = open_postgis(kept.url, CATALOGUE, utc_now, kept.schema)
    else:
        found = blank_city(tmp_path / "city.gpkg", utc_now)
    load(found, AREAS, code=["990102", "990106"], name=["西区", "东区"], level=["district", "district"],
         area=["990102", "990106"],
         geometry=wkb(multi(WEST, SOUTH, MIDDLE, NORTH), multi(MIDDLE, SOUTH, EAST, NORTH)))  # fmt: skip
    load(found, ENTERPRISES, uscc=[FIRM, OTHER], name=["甲厂", "乙厂"], sector=["hazchem"] * 2,
         area=["990102", "990106"],
         geometry=wkb(*(shapely.Point(x, SOUTH + 0.03) for x in (WEST + 0.01, EAST - 0.01))))  # fmt: skip
    load(found, HAZARD_SOURCES, code=["H1", "H2"], name=["甲库", "乙库"], enterprise=[FIRM, OTHER], grade=[1, 2],
         area=["990102", "990106"],
         geometry=wkb(*(shapely.Point(x, SOUTH + 0.03) for x in (WEST + 0.01, EAST - 0.01))))  # fmt: skip
    yield found
    found.close()


@pytest.fixture
def archive(store: Store, tmp_path: Path) -> Archive:
    return Archive(store, Cabinet(store, tmp_path / "files", utc_now, largest=10_000_000), utc_now)


@pytest.fixture
def planning(store: Store, tmp_path: Path) -> Iterator[Planning]:
    series = open_series(tmp_path / "series", store)
    yield Planning(store, None, series, utc_now, lambda _: None)
    series.close()


def wish(lon: float = WEST + 0.01, source: str = "H1", **more: object) -> Scenario:
    return scenario(
        {
            "title": "爆炸", "place": {"lon": lon, "lat": SOUTH + 0.03}, "chemical": "7664-41-7",
            "hazard_source": source or None, "release": {"kind": "tnt", "tnt_mass": 500.0},
            "weather": {"wind_speed": 3.0, "wind_from": 45.0, "stability": "D", "ambient_temperature": 281.0}, **more,
        }
    )  # fmt: skip


def keep(
    archive: Archive, planning: Planning, given: Scenario, scope: Scope, actor: Actor = ONE, enterprise: str = ""
) -> Stored:
    where = archive.where(given, scope, enterprise)
    one = planning.computed(given.inputs(), Caller(actor=actor, scope=scope))
    return archive.keep(one, where, Caller(actor=actor, scope=scope))


def test_a_scenario_has_the_area_of_its_place_and_the_enterprise_of_its_source(
    archive: Archive, planning: Planning
) -> None:
    row = record(keep(archive, planning, wish(), SYSTEM_SCOPE))
    assert (row.area, row.enterprise, row.sensitivity) == ("990102", FIRM, Sensitivity.INTERNAL)
    assert row.made_by == "甲"
    assert len(archive.files(row.code, WEST_SIDE)) == 3


def test_it_is_kept_in_one_commit_or_not_at_all(
    archive: Archive, planning: Planning, store: Store, tmp_path: Path
) -> None:
    head = store.head()
    given = wish()
    one = planning.computed(given.inputs(), Caller(actor=ONE, scope=SYSTEM_SCOPE))
    where = archive.where(given, SYSTEM_SCOPE)
    with pytest.raises(ForbiddenError):
        archive.keep(one, replace(where, area="990106"), Caller(actor=ONE, scope=WEST_SIDE))
    assert store.head() == head
    assert not [path for path in (tmp_path / "files").rglob("*") if path.is_file() and len(path.name) == 64]
    row = record(archive.keep(one, where, Caller(actor=ONE, scope=WEST_SIDE)))
    entries = store.feed(after=head, scope=SYSTEM_SCOPE)
    assert {entry.layer for entry in entries} >= {SCENARIOS.id, SCENARIO_ZONES.id, ATTACHMENTS.id}
    assert len({entry.at for entry in entries}) == 1
    assert row.code == entries[0].key


def test_a_place_outside_ones_areas_and_a_source_of_others_are_refused(archive: Archive, planning: Planning) -> None:
    with pytest.raises(ForbiddenError, match="outside your own areas"):
        archive.where(wish(), EAST_SIDE)
    with pytest.raises(FaultsError) as nowhere:
        archive.where(wish(lon=WEST - 1.0), SYSTEM_SCOPE)
    assert nowhere.value.faults[0].field == "place"
    with pytest.raises(FaultsError) as foreign:
        archive.where(wish(source="H2"), OF_FIRM)
    assert foreign.value.faults[0].field == "hazard_source"
    with pytest.raises(FaultsError) as firm:
        archive.where(wish(source=""), OF_FIRM, OTHER)
    assert firm.value.faults[0].field == "enterprise"


def test_a_district_and_an_enterprise_meet_their_own_alone(archive: Archive, planning: Planning, store: Store) -> None:
    west = record(keep(archive, planning, wish(), WEST_SIDE))
    east = record(keep(archive, planning, wish(lon=EAST - 0.01, source="H2"), EAST_SIDE))
    for scope, own, other in ((WEST_SIDE, west, east), (EAST_SIDE, east, west), (OF_FIRM, west, east)):
        assert record(archive.one(own.code, scope)) == own
        with pytest.raises(NotFoundError):
            archive.one(other.code, scope)
        with pytest.raises(NotFoundError):
            archive.files(other.code, scope)
        zones = store.read(SCENARIO_ZONES, EVERYTHING, scope=scope)
        assert set(zones["scenario"].to_pylist()) == {own.code}


def test_who_plans_for_a_firm_keeps_for_it_without_the_right_to_write(archive: Archive, planning: Planning) -> None:
    row = record(keep(archive, planning, wish(source=""), OF_FIRM))
    assert row.enterprise == FIRM
    with pytest.raises(NotFoundError):
        archive.one(row.code, replace(OF_FIRM, enterprises=frozenset({OTHER})))


def test_withdrawn_it_leaves_the_maps_and_everything_is_still_proved(
    archive: Archive, planning: Planning, store: Store
) -> None:
    code = record(keep(archive, planning, wish(), WEST_SIDE)).code
    zones = archive.rows(SCENARIO_ZONES, code, WEST_SIDE, "code")["code"].to_pylist()
    after = record(archive.withdraw(code, "录入有误", Caller(actor=ONE, scope=WEST_SIDE)))
    assert (after.state, after.withdrawn_why) == ("withdrawn", "录入有误")
    assert archive.rows(SCENARIO_ZONES, code, WEST_SIDE).num_rows == 0
    assert [len(store.versions(SCENARIO_ZONES, zone, scope=WEST_SIDE)) for zone in zones] == [1] * len(zones)
    assert len(archive.files(code, WEST_SIDE)) == 3
    with pytest.raises(ConflictError):
        archive.withdraw(code, "再撤", Caller(actor=ONE, scope=WEST_SIDE))
    assert store.verify().findings == ()
    assert list(archive.cabinet.mismatches()) == []


def test_computed_again_by_the_present_code_it_has_two_versions(
    archive: Archive, planning: Planning, store: Store
) -> None:
    before = keep(archive, planning, wish(), WEST_SIDE)
    one = planning.computed(wish().inputs(), Caller(actor=ONE, scope=WEST_SIDE))
    done = archive.again(before, one, Caller(actor=ONE, scope=WEST_SIDE))
    row = record(done.after)
    assert (done.after.version, row.fingerprint, row.made_at) == (2, done.before.fingerprint, done.before.made_at)
    assert all(one.before == one.after for one in done.reaches)
    assert len(store.versions(SCENARIOS, row.code, scope=WEST_SIDE)) == 2
    with pytest.raises(ConflictError):
        archive.again(before, one, Caller(actor=ONE, scope=WEST_SIDE))


def test_levels_called_alike_are_each_compared_with_itself(archive: Archive, planning: Planning) -> None:
    levels = [{"name": "疏散", "value": value, "unit": "Pa"} for value in (20_000.0, 2_000.0)]
    before = keep(archive, planning, wish(levels=levels), WEST_SIDE)
    one = planning.computed(wish(levels=levels).inputs(), Caller(actor=ONE, scope=WEST_SIDE))
    reaches = archive.again(before, one, Caller(actor=ONE, scope=WEST_SIDE)).reaches
    assert [found.id for found in reaches] == ["20000 Pa", "2000 Pa"]
    near, far = reaches
    assert (near.before, far.before) == (near.after, far.after)
    assert near.after is not None
    assert far.after is not None
    assert near.after < far.after


def test_who_may_not_write_changes_what_they_kept_themselves_only(archive: Archive, planning: Planning) -> None:
    theirs = record(keep(archive, planning, wish(), WEST_SIDE)).code
    two = Actor(id="two", name="乙", door="page")
    own = record(keep(archive, planning, wish(), READER, two)).code
    with pytest.raises(ForbiddenError, match="was kept by 甲"):
        archive.withdraw(theirs, "不该", Caller(actor=two, scope=READER))
    assert record(archive.withdraw(own, "演练结束", Caller(actor=two, scope=READER))).state == "withdrawn"


def test_an_enterprise_does_not_withdraw_what_the_authority_kept_of_it(archive: Archive, planning: Planning) -> None:
    code = record(keep(archive, planning, wish(), WEST_SIDE)).code
    with pytest.raises(ForbiddenError):
        archive.withdraw(code, "不该", Caller(actor=Actor(id="firm", name="厂", door="page"), scope=OF_FIRM))


def test_a_file_that_somebody_attached_is_not_taken_for_the_result(
    archive: Archive, planning: Planning, tmp_path: Path
) -> None:
    row = record(keep(archive, planning, wish(), WEST_SIDE))
    result = archive.result_file(row, WEST_SIDE)
    with archive.cabinet.made(b"{}", "result-later.json", "application/json") as draft:
        archive.cabinet.keep(SCENARIOS, row.code, draft, actor=ONE, scope=WEST_SIDE)
    assert archive.result_file(row, WEST_SIDE) == result


def test_a_file_is_kept_listed_and_compared_from_the_command_line(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    small = blank_city(data / "city.gpkg", utc_now)
    load(small, AREAS, code=["990102"], name=["西区"], level=["district"], area=["990102"],
         geometry=wkb(multi(WEST, SOUTH, EAST, NORTH)))  # fmt: skip
    small.close()
    files = []
    for name, mass in (("one", 500.0), ("two", 800.0)):
        given = wish(source="", release={"kind": "tnt", "tnt_mass": mass}).inputs()
        file = tmp_path / f"{name}.yaml"
        file.write_text(spelt(scenario(given)), "utf-8")
        files.append(str(file))
    cli = command_line("scenario")
    kept_one = CliRunner().invoke(cli, ["scenario", "keep", files[0], "--data", str(data)], catch_exceptions=False)
    assert kept_one.exit_code == 0
    code = kept_one.output.split()[0]
    listed = CliRunner().invoke(cli, ["scenario", "kept", "--data", str(data)], catch_exceptions=False)
    assert [line.split()[0] for line in listed.output.splitlines()] == [code]
    compared = CliRunner().invoke(cli, ["scenario", "diff", *files])
    assert compared.exit_code == 1
    assert [line.split() for line in compared.output.splitlines()] == [
        ["-", "tnt_mass:", "500.0"], ["+", "tnt_mass:", "800.0"]
    ]  # fmt: skip
    assert CliRunner().invoke(cli, ["scenario", "diff", files[0], files[0]]).exit_code == 0
