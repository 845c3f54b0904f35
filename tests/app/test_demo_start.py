"""The demo city is served before it is whole; a start that is killed in between is finished by the next one."""

from contextlib import closing
from pathlib import Path
from typing import Any

from app.demo.histories import LOADED, Histories
from app.demo.loader import load_demo
from app.demo.past import told_already
from app.demo.scenario import compute_scenario
from app.settings import Settings
from app.wiring import assemble
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import ALARMS, CASE_STEPS, CATALOGUE, DANGERS, INCIDENT_SCENARIOS, INCIDENTS, RISK_SCORES
from layers.catalogue.incidents import Incident
from monitoring.alarms.desk import Desk
from store.embedded import open_embedded
from store.query import EVERYTHING
from tests.alarmed import Told, transitions
from tests.server import demo_city
from video.drawn.source import PACES


class Kept(Histories):
    """Histories that stand in the series already."""

    def begin(self) -> None:
        """Nothing to compute."""

    def kept(self) -> None:
        """Nothing to wait for."""


def test_a_load_that_was_killed_while_it_was_served_is_finished_once_and_then_marked(tmp_path: Path) -> None:
    data = demo_city(tmp_path / "city")
    (data / LOADED).unlink()
    with closing(assemble(Settings(data=data, render_workers=1))) as system:

        def kept() -> list[int]:
            return [
                system.store.count(layer, EVERYTHING, scope=SYSTEM_SCOPE)
                for layer in (ALARMS, DANGERS, CASE_STEPS, RISK_SCORES, CATALOGUE["sensors"])
            ]

        before = kept()
        assert all(before)
        cameras = system.store.read(CATALOGUE["cameras"], EVERYTHING, scope=SYSTEM_SCOPE).to_pylist()
        assert {one["stream"] for one in cameras if one["stream"]} >= {f"demo:{name}" for name in PACES}
        assert {one["state"] for one in cameras} == {"no_stream"}, "nobody receives a stream of theirs"
        loading = load_demo(system, Kept(data / "series", utc_now()))
        loading.needed()
        assert not (data / LOADED).exists(), "marked before it is whole"
        loading.later()
        assert (data / LOADED).exists()
        assert kept() == before


def test_alarms_the_served_city_raises_do_not_stand_for_those_of_its_past(tmp_path: Path) -> None:
    with closing(open_embedded(tmp_path / "city.gpkg", CATALOGUE, utc_now)) as store:
        desk = Desk(store, utc_now)
        desk.apply(transitions([Told("S1", ago=30.0)], utc_now()))
        assert store.count(ALARMS, EVERYTHING, scope=SYSTEM_SCOPE) == 1
        assert not told_already(store, utc_now())
        desk.apply(transitions([Told("S2", ago=2 * 86400.0)], utc_now()))
        assert told_already(store, utc_now())


def test_the_incident_in_hand_gets_its_scenario_once(tmp_path: Path) -> None:
    data = demo_city(tmp_path / "city")
    with closing(assemble(Settings(data=data, render_workers=1))) as system:

        def kept() -> list[dict[str, Any]]:
            return system.store.read(INCIDENT_SCENARIOS, EVERYTHING, scope=SYSTEM_SCOPE).to_pylist()

        before = kept()
        compute_scenario(system)
        (made,) = [one for one in kept() if one not in before]
        incident = system.store.get(INCIDENTS, made["incident"], scope=SYSTEM_SCOPE).record
        assert isinstance(incident, Incident)
        assert (incident.state, made["number"], made["chemical_name"]) == ("responding", 1, "氯")
        assert made["farthest"] > 100
        compute_scenario(system)
        assert len(kept()) == len(before) + 1
