"""What the wall states: one span for figure and bars, names of areas, and no zero for what is kept."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import shapely

from core.actors import SYSTEM_ACTOR
from core.clock import CHINA, utc_now
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Lang
from dashboards.pages.hall import head
from dashboards.panels import wall as panels
from dashboards.panels.marks import middle
from dashboards.queries.hall import wall
from dashboards.queries.trend import trend
from dashboards.screens import Screens
from layers.catalogue import CATALOGUE
from layers.catalogue.areas import Area
from layers.catalogue.duty import DutyShift
from layers.catalogue.events import Accident
from layers.catalogue.incidents import ExerciseIncident, Incident
from store.feed import Put
from store.protocol import Store
from tests.blank import blank_city

NOW = datetime(2026, 11, 28, 1, 30, tzinfo=UTC)
PUBLIC = Scope(areas=("",), clearance=Sensitivity.PUBLIC)


def staff(*areas: str) -> Scope:
    return Scope(areas=areas, clearance=Sensitivity.INTERNAL)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = blank_city(tmp_path / "city.gpkg", utc_now)
    names = {"990100": "云澜市", "990102": "云澜市区", "990106": "盐港新区"}
    square = shapely.MultiPolygon([shapely.box(121, 33, 122, 34)])
    areas = [
        Put(layer="areas", record=Area(code=code, area=code, name=name, level="county", geometry=square))
        for code, name in names.items()
    ]
    opened.commit(areas, actor=SYSTEM_ACTOR, reason="", scope=SYSTEM_SCOPE)
    yield opened
    opened.close()


def happened(store: Store, *moments: datetime, deaths: int = 1) -> None:
    edits = [
        Put(
            layer="accidents",
            record=Accident(
                code=f"SG{n}", name=f"事故{n}", kind="08", occurred_at=at, deaths=deaths, area="990106",
                geometry=shapely.Point(121.5, 33.5),
            ),
        )
        for n, at in enumerate(moments)
    ]  # fmt: skip
    store.commit(edits, actor=SYSTEM_ACTOR, reason="", scope=SYSTEM_SCOPE)


def test_a_wall_with_an_incident_in_hand_never_says_that_all_is_calm(store: Store) -> None:
    def said() -> str:
        state = wall(store, None, NOW, scope=staff("9901"), lang=Lang.ZH)
        return str(head(Screens(catalogue=CATALOGUE, store=store, clock=lambda: NOW), state, Lang.ZH))

    assert "平稳" in said()
    own = {"kind": "leak", "origin": "call", "reported_at": NOW, "area": "990106", "sensitivity": Sensitivity.INTERNAL}
    played = ExerciseIncident(code="YL20261128-0001", title="【演练】泄漏", state="responding", **own)
    store.commit([Put(layer="exercise_incidents", record=played)], actor=SYSTEM_ACTOR, reason="", scope=SYSTEM_SCOPE)
    assert "平稳" in said(), "an exercise is nothing to the wall"
    assert "演练" not in said()
    real = Incident(code="SJ20261128-0001", title="液氯储罐泄漏", **own)
    store.commit([Put(layer="incidents", record=real)], actor=SYSTEM_ACTOR, reason="", scope=SYSTEM_SCOPE)
    assert "平稳" not in said()
    assert "待核实" in said()
    led = real.model_copy(update={"state": "responding", "response": 2})
    store.commit([Put(layer="incidents", record=led)], actor=SYSTEM_ACTOR, reason="", scope=SYSTEM_SCOPE)
    assert "平稳" not in said()
    assert "Ⅱ级响应" in said()
    assert wall(store, None, NOW, scope=PUBLIC, lang=Lang.ZH).incidents is None


def test_figure_and_bars_count_the_same_accidents_and_the_same_days_of_both_years(store: Store) -> None:
    first, year = datetime(2025, 12, 1, tzinfo=CHINA), NOW.replace(year=2025)
    hour = timedelta(hours=1)
    happened(store, NOW + hour, NOW - hour, first, first - hour, year, year - hour, first.replace(year=2024))
    found = trend(store, NOW, scope=SYSTEM_SCOPE)
    assert found is not None
    assert (found.rows, found.before, found.deaths) == (2, 2, 2)
    assert [m.number for m in found.months] == [12, *range(1, 12)]
    assert (found.months[-1].now, found.months[-1].before) == (1, 1)
    assert (found.months[0].now, found.months[0].before) == (1, 1)
    drawn = str(panels.trend(found, Lang.ZH))
    assert "近 12 月 2 起" in drawn
    assert "12 月至 11 月截至今日" in drawn


def test_the_last_of_february_is_compared_with_a_whole_february(store: Store) -> None:
    happened(store, datetime(2027, 2, 28, 23, tzinfo=CHINA), datetime(2027, 3, 1, 1, tzinfo=CHINA))
    found = trend(store, datetime(2028, 2, 29, 8, tzinfo=CHINA), scope=SYSTEM_SCOPE)
    assert found is not None
    assert (found.months[-1].before, found.rows) == (1, 1)


def test_deaths_that_are_kept_are_no_zero(store: Store) -> None:
    happened(store, NOW - timedelta(days=1), deaths=3)
    kept = Scope(areas=("",), clearance=Sensitivity.PUBLIC, hidden=frozenset({("accidents", "deaths")}))
    found = trend(store, NOW, scope=kept)
    assert found is not None
    assert found.deaths is None


@pytest.mark.parametrize(
    ("areas", "word"),
    [(("",), "全市"), (("9901",), "全市"), (("990106",), "盐港新区"), (("990106201", "990102"), "本辖区")],
)
def test_the_wall_is_called_by_the_area_of_its_reader(store: Store, areas: tuple[str, ...], word: str) -> None:
    assert wall(store, None, NOW, scope=staff(*areas), lang=Lang.ZH).area == word


def test_who_is_on_duty_is_the_readers_own_post_nobody_is_said_and_what_is_kept_is_left_out(store: Store) -> None:
    def told(*areas: str) -> str:
        return str(panels.head_duty(wall(store, None, NOW, scope=staff(*areas), lang=Lang.ZH).on_duty, Lang.ZH))

    assert "此刻无人在岗" in told("990106")
    shifts = [
        DutyShift(code=f"BC{n}", post=post, role=role, person=person, starts_at=NOW - timedelta(hours=begun),
                  ends_at=NOW - timedelta(hours=begun - 24), area=area)
        for n, (post, role, person, begun, area) in enumerate([
            ("中心", "officer", "何川,市应急指挥中心", 2, "990100"), ("中心", "leader", "王立,市应急局", 1, "990100"),
            ("中心", "officer", "方芸,市应急指挥中心", 26, "990100"), ("新区", "officer", "周敏,新区", 3, "990106"),
        ])
    ]  # fmt: skip
    edits = [Put(layer="duty_shifts", record=one) for one in shifts]
    store.commit(edits, actor=SYSTEM_ACTOR, reason="", scope=SYSTEM_SCOPE)
    assert "王立、何川" in told("9901")
    assert "值班 至 07:30" in told("9901"), "when the first of them goes, at China's clock"
    assert "周敏" in told("990106")
    assert "王立、何川" in told("990102"), "no post of its own: the one above it"
    assert wall(store, None, NOW, scope=PUBLIC, lang=Lang.ZH).on_duty is None
    assert panels.head_duty(None, Lang.ZH) == []


def test_a_district_is_told_which_resources_are_the_whole_citys(store: Store) -> None:
    def shared(*areas: str) -> set[str]:
        rows = wall(store, None, NOW, scope=staff(*areas), lang=Lang.ZH).forces
        return {row["layer"] for row in rows if row["shared"]}

    assert shared("990106") == {"fire_stations", "hospitals", "shelters", "teams"}
    assert shared("9901") == set()


def test_what_the_public_may_not_see_is_said_panel_by_panel(store: Store) -> None:
    state = wall(store, None, NOW, scope=PUBLIC, lang=Lang.ZH)
    assert state.districts is None
    assert "企业风险分级无权查看" in str(panels.districts(state.districts, Lang.ZH))
    kept = {row["layer"] for row in state.forces if row["count"] is None}
    assert kept == {"teams", "depots"}
    assert str(panels.forces(state.forces, "", Lang.ZH)).count("无权查看") == len(kept)
    assert "监测读数无权查看" in str(panels.parameters(None, True, Lang.ZH))
    assert "读数尚未接入" in str(panels.parameters(state.parameters, False, Lang.ZH))


def test_a_long_name_keeps_both_ends() -> None:
    names = [f"盐港丰润新材料有限责任公司{n}号苯乙烯罐{what}" for n in (1, 2) for what in ("液位", "压力")]
    short = [middle(name, 17) for name in names]
    assert len(set(short)) == len(names)
    assert all(name.startswith("盐港丰润") for name in short)
