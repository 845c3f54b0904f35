from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.actors import Actor
from core.clock import utc_now
from core.errors import FaultsError
from core.scope import SYSTEM_SCOPE
from layers.catalogue import AREA_RISKS, RISK_SCORES
from layers.codes import code_list
from monitoring.risk import Inputs, Place, above, area_risk, assess, changed, changed_areas, evolution, model_on, models
from monitoring.risk.index import INHERENT
from monitoring.risk.inputs import NEEDED
from monitoring.risk.model import OVERRIDES
from monitoring.simulate import Simulator, incident, park_of, truth
from store.feed import Put
from store.query import EVERYTHING
from tests.blank import blank_city

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
NOON = datetime(2026, 11, 28, 4, tzinfo=UTC)
MODEL = model_on(NOON.date())
TIMES = pa.timestamp("us", "UTC")


def table(name: str, *rows: dict[str, Any]) -> pa.Table:
    columns = {column: [row.get(column) for row in rows] for column in NEEDED[name]}
    kinds = {"raised_at": TIMES, "acknowledged_at": TIMES, "from": TIMES, "to": TIMES, "at": TIMES, "due_at": TIMES,
             "expires_at": TIMES, "r_value": pa.float64(), "extreme": pa.float64(),
             "hazard_source": pa.string()}  # fmt: skip
    return pa.table({column: pa.array(values, kinds.get(column)) for column, values in columns.items()})


def firm(uscc: str, **other: Any) -> dict[str, Any]:
    return {"uscc": uscc, "area": "990106201", "sector": "hazchem", "std_grade": "", "credit_grade": "B",
            "blacklist": False, **other}  # fmt: skip


def alarm(point: str, condition: str, **other: Any) -> dict[str, Any]:
    return {"point": point, "enterprise": "A", "condition": condition, "state": "acknowledged", "raised_at": NOON,
            "acknowledged_at": NOON, **other}  # fmt: skip


NOTHING = {name: table(name) for name in NEEDED if name != "enterprises"}
"""Every table is known, and none has a row."""
SENSORS = table(
    "sensors",
    {"code": "P1", "enterprise": "A", "kind": "toxic", "hazard_source": "S1"},
    {"code": "P2", "enterprise": "A", "kind": "pressure", "hazard_source": "S1"},
)


def test_points_lost_with_their_gateway_count_by_their_number() -> None:
    def offline(**alarms: Any) -> tuple[float, list[str]]:
        firms = table("enterprises", firm("A"))
        given = Inputs(at=NOON, enterprises=firms, **{**NOTHING, "sensors": SENSORS, **alarms})
        line = {line.term: line for line in assess(given, MODEL).lines(0)}["offline"]
        return line.points or 0.0, list(line.sources)

    assert offline() == (0.0, [])
    assert offline(alarms=table("alarms", alarm("P1", "link", extreme=2.0))) == (5.0, ["100%"])
    assert offline(alarms=table("alarms", alarm("P1", "silence"))) == (5.0, ["50%"])
    assert offline(alarms=table("alarms", alarm("P1", "link", extreme=2.0, state="closed"))) == (0.0, [])


def test_the_index_is_the_sum_its_terms_say() -> None:
    waiting = alarm("P2", "H", state="raised", raised_at=NOON - timedelta(minutes=31), acknowledged_at=None)
    danger = {"code": "D1", "enterprise": "A", "major": True, "due_at": NOON - timedelta(days=1)}
    given = Inputs(
        at=NOON,
        enterprises=table("enterprises", firm("A", std_grade="3"), firm("B", sector="trade")),
        **{
            **NOTHING,
            "sources": table("sources", {"code": "S1", "enterprise": "A", "grade": 3, "r_value": 100.0}),
            "sensors": SENSORS,
            "alarms": table("alarms", alarm("P1", "HH"), alarm("P1", "H"), waiting, alarm("P2", "L", state="closed")),
            "dangers": table("dangers", danger),
            "promises": table("promises", {"enterprise": "A", "at": NOON, "start_stop": False}),
            "analysed": table("analysed", {"code": "C1", "enterprise": "A"}, {"code": "C2", "enterprise": "B"}),
        },
    )  # fmt: skip
    found = assess(given, MODEL)
    lines = {line.term: line for line in found.lines(0)}
    assert {name: line.points for name, line in lines.items() if line.points} == {
        INHERENT: 40.0, "alarm_gas": 20.0, "alarm_inner": 5.0, "alarm_unanswered": 5.0, "danger_major": 20.0,
        "danger_overdue": 5.0,
    }  # fmt: skip
    assert lines["alarm_gas"].sources == ("P1 HH",)
    assert found.score[0] == pytest.approx(0.4 * 100 + 0.6 * 55 - 3)
    assert (found.grade[0], found.score[1], found.grade[1]) == (2, 0.0, 4)
    assert found.unknown(0) == ()
    assert found.highest[0] == found.score[0]


def test_what_is_not_known_is_said_and_could_be_the_worst() -> None:
    given = Inputs(
        at=NOON,
        enterprises=table("enterprises", firm("A"), firm("B")),
        sources=table("sources", {"code": "S1", "enterprise": "A", "grade": 4, "r_value": None}),
        alarms=NOTHING["alarms"],
    )  # fmt: skip
    found = assess(given, MODEL)
    assert INHERENT in found.unknown(0)
    assert INHERENT not in found.unknown(1)
    assert {"danger_major", "promise_missing", "alarm_gas"} <= set(found.unknown(1))
    assert "alarm_outer" not in found.unknown(1)
    assert (found.score[0], found.grade_highest[0]) == (0.0, 1)
    nothing = assess(Inputs(at=NOON, enterprises=table("enterprises", firm("A"))), MODEL)
    assert np.isnan(nothing.score[0])
    assert nothing.table()["grade"].to_pylist() == [None]


def test_video_counts_where_cameras_are_analysed_and_is_unknown_elsewhere() -> None:
    def video(**known: Any) -> list[float | None]:
        firms = table("enterprises", firm("A"), firm("B"), firm("C"))
        found = assess(Inputs(at=NOON, enterprises=firms, **{**NOTHING, **known}), MODEL)
        return [{line.term: line.points for line in found.lines(n)}["video_violation"] for n in range(3)]

    seen = [{"code": f"SP{n}", "enterprise": "A", "at": NOON - timedelta(hours=n)} for n in range(5)]
    old = {"code": "SP9", "enterprise": "B", "at": NOON - timedelta(hours=30)}
    cameras = table("analysed", {"code": "C1", "enterprise": "A"}, {"code": "C2", "enterprise": "B"})
    assert video(violations=table("violations", *seen, old), analysed=cameras) == [15.0, 0.0, None]
    assert video(violations=table("violations", *seen)) == [15.0, None, None]
    assert video(violations=None, analysed=cameras) == [None, None, None]


def test_a_toxic_alarm_at_a_grave_source_is_red_whatever_the_sum() -> None:
    for grade, red in ((2, True), (3, False)):
        sources = table("sources", {"code": "S1", "enterprise": "A", "grade": grade, "r_value": 5.0})
        known = {**NOTHING, "sources": sources, "sensors": SENSORS, "alarms": table("alarms", alarm("P1", "HH"))}
        found = assess(Inputs(at=NOON, enterprises=table("enterprises", firm("A")), **known), MODEL)
        assert bool(found.grade[0] == 1) is red
        assert found.override[0] == ("toxic_at_grave_source" if red else "")
    listed = Inputs(at=NOON, enterprises=table("enterprises", firm("A", blacklist=True)), **NOTHING)
    assert assess(listed, MODEL).grade[0] == 1


def test_weather_counts_where_it_is_and_the_gravest_of_it() -> None:
    day = {"from": NOON - timedelta(hours=1), "to": None}
    weather = table(
        "weather",
        {"code": "W1", "area": "990106", "level": 2, **day},
        {"code": "W2", "area": "99", "level": 3, **day},
        {"code": "W3", "area": "", "level": 1, **day, "to": NOON},
    )
    firms = table("enterprises", firm("A"), firm("B", area="990104001"))
    found = assess(Inputs(at=NOON, enterprises=firms, **{**NOTHING, "weather": weather}), MODEL)
    points = [next(line for line in found.lines(place) if line.term == "weather") for place in (0, 1)]
    assert [(line.points, line.sources) for line in points] == [(6.0, ("W1",)), (3.0, ("W2",))]


def test_penalties_of_a_year_count_from_the_version_that_has_the_term_and_only_up_to_its_most() -> None:
    later = NOON + timedelta(days=2)
    told = [
        {"code": f"F{days}", "enterprise": "A", "at": later - timedelta(days=days)} for days in (1, 2, 300, 364, 366)
    ]
    given = Inputs(at=later, enterprises=table("enterprises", firm("A"), firm("B")),
                   **{**NOTHING, "penalties": table("penalties", *told)})  # fmt: skip
    now = model_on(later.date())
    lines = [next(one for one in assess(given, now).lines(place) if one.term == "penalty_decided") for place in (0, 1)]
    assert [(line.points, line.count) for line in lines] == [(15.0, 4), (0.0, 0)]
    assert "F366" not in lines[0].sources
    assert all(line.term != "penalty_decided" for line in assess(given, MODEL).lines(0)), "the version before has none"
    assert (MODEL.version, now.version) == ("2026-1", "2026-2")


def test_the_risk_of_an_area_is_of_its_worst_and_its_mean() -> None:
    sources = table("sources", {"code": "S1", "enterprise": "A", "grade": 1, "r_value": 100.0})
    firms = table("enterprises", firm("A", sector="trade"), firm("B", sector="trade"), firm("C", area="99"))
    found = assess(Inputs(at=NOON, enterprises=firms, **{**NOTHING, "sources": sources}), MODEL)
    towns = above(np.asarray(firms["area"].to_pylist(), dtype=object), 9)
    (row,) = area_risk(found, towns).to_pylist()
    assert row["score"] == pytest.approx(0.6 * 40 + 0.4 * 20)
    assert (row["area"], row["enterprises"], row["worst"], row["grade"]) == ("990106201", 2, "A", 4)


def test_every_version_says_whose_it_is_and_its_terms_are_in_the_code_list() -> None:
    for model in models():
        assert "非法定公式" in model.label.zh
        assert {term.id for term in model.terms} | {INHERENT} == set(code_list("risk_term").valid(model.valid_from))
    assert set(OVERRIDES) == set(code_list("risk_override").valid(NOON.date()))


def test_a_table_without_a_needed_column_is_named() -> None:
    with pytest.raises(FaultsError, match=r"alarms\.condition"):
        Inputs(at=NOON, enterprises=table("enterprises"), alarms=NOTHING["alarms"].drop_columns("condition"))


@pytest.fixture(scope="module")
def city() -> dict[str, pa.Table]:
    found = {name: pq.read_table(SAMPLES / f"{name}.parquet") for name in ("enterprises", "sensors", "hazard_sources")}
    return found | {"enterprises": found["enterprises"].slice(0, 30)}


def told_by(city: dict[str, pa.Table], enterprise: str, at: datetime) -> Iterator[tuple[datetime, Inputs]]:
    """Every ten minutes of two hours round an accident, the alarms that stand then."""
    park = park_of(city["sensors"], 5.0)
    simulator = Simulator(park=park, seed=8, events=incident(park, enterprise, at).events)
    start = at - timedelta(minutes=90)
    said = truth(simulator, start, at + timedelta(minutes=30)).to_pandas().dropna(subset="expected_at")
    for minutes in range(0, 121, 10):
        now = start + timedelta(minutes=minutes)
        standing = said[(said["expected_at"] <= now) & (said["to"] > now)]
        alarms = pa.Table.from_pandas(
            standing.rename(columns={"expected_at": "raised_at"}).assign(
                state="raised", acknowledged_at=None, extreme=float("nan")
            ),
            preserve_index=False,
        )
        known = {**NOTHING, "sources": city["hazard_sources"], "sensors": city["sensors"], "alarms": alarms}
        yield now, Inputs(at=now, enterprises=city["enterprises"], **known | {"promises": None})


def test_the_index_of_a_seeded_accident_rises_before_it_and_can_be_read_from_versions(
    city: dict[str, pa.Table], tmp_path: Path
) -> None:
    firms, who = city["enterprises"], "91990106MAG5TWAQ2F"
    store = blank_city(tmp_path / "city.gpkg", utc_now)
    actor = Actor(id="test", name="测试", door="cli")
    places, rows = Place.of(firms), []
    areas = above(np.asarray(firms["area"].to_pylist(), dtype=object), 6)
    for _, given in told_by(city, who, NOON):
        found = assess(given, MODEL)
        new = changed(found, places, store.read(RISK_SCORES, EVERYTHING, scope=SYSTEM_SCOPE))
        before = store.read(AREA_RISKS, EVERYTHING, scope=SYSTEM_SCOPE)
        new_areas = changed_areas(area_risk(found, areas), found, before)
        edits = [Put(layer="risk_scores", record=one) for one in new]
        edits += [Put(layer="area_risks", record=one) for one in new_areas]
        if edits:
            store.commit(edits, actor=actor, reason="风险指数变化", scope=SYSTEM_SCOPE)
        rows.append(len(new))
    assert rows[0] == firms.num_rows
    assert max(rows[1:]) == 1
    story = evolution(store.versions(RISK_SCORES, who, scope=SYSTEM_SCOPE)).to_pandas().set_index("at")
    quiet, rising, last = (story[: NOON - timedelta(minutes=early)].iloc[-1] for early in (80, 20, 1))
    assert quiet["score"] < rising["score"] <= last["score"]
    assert last["score"] - quiet["score"] >= 0.6 * 15
    assert any("alarm_outer" in term for term in last["terms"])
    assert "promise_missing" in last["unknown"]
    assert story["score"].max() >= last["score"]
    district = evolution(store.versions(AREA_RISKS, "990106", scope=SYSTEM_SCOPE))
    assert district["score"].to_pylist()[0] < max(district["score"].to_pylist())
    store.close()
