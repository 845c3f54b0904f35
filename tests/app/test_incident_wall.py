"""What the wall shows of incidents: the gravest first, zones with their doubt, now and as it was known; no drill."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely

from app.doors.incident_wall import IncidentWall
from app.incidents.desk import IncidentDesk
from core.caller import Caller, Right
from core.clock import iso
from core.errors import BadInputError, NotFoundError
from core.scope import SYSTEM_SCOPE
from emergency.incidents.life import Step
from layers.catalogue import HOSPITALS, PROTECTION_TARGETS, SCENARIO_BANDS, SCENARIO_ZONES, SCENARIOS
from layers.catalogue.resources import Hospital
from layers.catalogue.scenarios import KeptScenario, ScenarioZone
from layers.catalogue.targets import ProtectionTarget
from layers.layer import Catalogue
from store.embedded import open_embedded
from store.feed import Put
from tests.app.test_incidents import AT, HERE, MINUTE, POINT, SMALL, ZHOU, Watch, called, filled

OFFICER = Caller(actor=ZHOU.actor, scope=ZHOU.scope, rights=frozenset({Right.HALL}), account="zhou")
CODE = "QJ20261123-0123456789ab"


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def desk(tmp_path: Path, watch: Watch) -> Iterator[IncidentDesk]:
    whole = Catalogue(*SMALL, SCENARIO_ZONES, SCENARIO_BANDS, PROTECTION_TARGETS, HOSPITALS)
    kept = filled(open_embedded(tmp_path / "city.gpkg", whole, watch))
    yield IncidentDesk(store=kept, clock=watch)
    kept.close()


def computed(desk: IncidentDesk, code: str, watch: Watch) -> None:
    """A scenario of the incident with one zone that is reached, a school and a hospital inside."""
    own = {"area": "990102", "made_at": watch.at}
    scenario = KeptScenario(
        code=CODE, title="液氯", release="gas-hole", chemical="7782-50-5", made_by="何川", computed_at=watch.at,
        code_version="1", fingerprint="0" * 64, verified=False, valid=True, evidence=3, geometry=POINT, **own,
    )  # fmt: skip
    zone = ScenarioZone(
        code=f"{CODE}/1", scenario=CODE, title="AEGL-2", severity=2, level="AEGL-2 严重伤害", value=2, unit="ppm",
        reached=True, distance=500, extent=1, residents=None, model="m", verified=False, valid=True,
        geometry=shapely.MultiPolygon([POINT.buffer(0.005)]), **own,
    )  # fmt: skip
    school = ProtectionTarget(code="M1", name="第一中学", kind="school", people_day=855, area="990102",
                              geometry=shapely.Point(HERE.lon + 0.001, HERE.lat))  # fmt: skip
    row = desk.find(code, scope=SYSTEM_SCOPE).row.model_copy(update={"scenario": CODE})
    ward = Hospital(code="HO1", name="第二医院", beds=300, area="990102",
                    geometry=shapely.Point(HERE.lon, HERE.lat + 0.002))  # fmt: skip
    rows = ((SCENARIOS, scenario), (SCENARIO_ZONES, zone), (PROTECTION_TARGETS, school), (HOSPITALS, ward))
    puts = [Put(layer=layer.id, record=record) for layer, record in rows]
    desk.store.commit([*puts, Put(layer="incidents", record=row)], actor=ZHOU.actor, reason="t", scope=SYSTEM_SCOPE)


def test_the_wall_has_the_gravest_first_waits_with_the_unconfirmed_and_keeps_the_played_apart(
    desk: IncidentDesk, watch: Watch
) -> None:
    door = IncidentWall(store=desk.store, clock=watch)
    less, more, waiting = (called(desk, command=f"call-1000{n}", facts={"reporter": "王五"}) for n in range(3))
    drill = called(desk, command="call-20000", exercise=True)
    for code, level in ((less, 4), (more, 2), (drill, 1)):
        desk.step(code, 1, Step.RESPOND, by=ZHOU, command=f"step-{code}", response=level)
    told = door.wall(OFFICER, {})
    assert [one["code"] for one in told["hand"]] == [more, less]
    assert [one["code"] for one in told["waiting"]] == [waiting]
    assert "YL" not in str(told)
    assert "演练" not in str(told)
    assert "王五" not in str(told), "who reported is nothing for a wall"
    (played,) = door.wall(OFFICER, {"exercise": "1"})["hand"]
    assert played["code"] == drill
    assert "SJ" not in str(played)
    assert told["hand"][0]["facts"]["deaths"] is None, "nobody told: no zero"
    assert "没有推演情景" in told["hand"][0]["limits"][0]
    assert told["hand"][0]["orders"] is None, "a store without orders: the log has them"


def test_zones_come_with_whom_they_hold_and_what_was_not_counted_and_a_past_wall_has_none_of_it(
    desk: IncidentDesk, watch: Watch
) -> None:
    door = IncidentWall(store=desk.store, clock=watch)
    code = called(desk)
    watch.at = AT + 5 * MINUTE
    desk.step(code, 1, Step.RESPOND, by=ZHOU, command="step-00001", response=2)
    computed(desk, code, watch)
    (now,) = door.wall(OFFICER, {})["hand"]
    (zone,) = now["zones"]
    assert (zone["level"], zone["people"], zone["geometry"]["type"]) == ("AEGL-2 严重伤害", None, "MultiPolygon")
    assert [(one["name"], one["people"], one["room"]) for one in now["targets"]] == [
        ("第一中学", 855, ""), ("第二医院", None, "300 床"),
    ]  # fmt: skip
    assert now["targets_total"] == 2
    assert [part for part in ("未核实", "人口没有统计", "风向偏转没有算", "未经任何主管部门验证")
            if part not in "".join(now["limits"])] == []  # fmt: skip
    then = door.wall(OFFICER, {"code": code, "at": iso(AT + 2 * MINUTE)})
    (past,) = then["hand"]
    assert (past["facts"]["state"], past["scenario"], past["zones"], past["lines"]) == ("reported", None, [], 1)
    assert {one["shown"] for one in past["clocks"] if one["id"] == "relay"} == {"runs"}
    assert then["moments"] == [iso(AT), iso(AT + 5 * MINUTE)], "when, not what"
    assert door.wall(OFFICER, {"code": code, "at": iso(AT - MINUTE)})["hand"] == []
    with pytest.raises(NotFoundError):
        door.wall(OFFICER, {"code": "SJ20261123-0099", "at": iso(AT)})
    late = iso(AT + 60 * MINUTE)
    with pytest.raises(BadInputError):
        door.wall(OFFICER, {"code": code, "at": late})
