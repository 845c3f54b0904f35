"""The city graded from what its store has: what alarms and warnings do to it, and how little is written of it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE, Sensitivity
from layers.catalogue import (
    ALARM_RULES,
    ALARMS,
    AREA_RISKS,
    CAMERA_RULES,
    CAMERAS,
    CATALOGUE,
    COMPOUNDS,
    PENALTIES,
    RISK_SCORES,
    SAFETY_PROMISES,
    VIOLATIONS,
    WARNINGS,
)
from layers.catalogue.alarms import AlarmRow, AlarmRule
from layers.catalogue.enforcement import Penalty
from layers.catalogue.promises import SafetyPromise
from layers.catalogue.risk import AreaRisk, CompoundWarning, RiskScore
from layers.catalogue.sensing import Camera
from layers.catalogue.violations import CameraRules, Violation
from layers.catalogue.warnings import EarlyWarning
from layers.codes import code_list
from layers.record import Record
from monitoring.risk.compound import declared
from monitoring.risk.grading import grade
from store.feed import Put
from store.protocol import Store
from store.query import EVERYTHING
from tests.blank import blank_city

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
NOON = datetime(2026, 11, 28, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FIRM, POINT = "91990106MAGULL427N", "P00001"
"""A firm in the chemical park and the level of one of its chlorine tanks."""


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Store]:
    store = blank_city(tmp_path / "city.gpkg", utc_now)
    for name in ("areas", "grids", "enterprises", "hazard_sources", "sensors"):
        rows = pq.read_table(SAMPLES / f"{name}.parquet")
        store.load(CATALOGUE[name], rows, actor=SYSTEM_ACTOR, reason="城市", scope=SYSTEM_SCOPE)
    yield store
    store.close()


def put(store: Store, layer: str, record: Record) -> None:
    store.commit([Put(layer=layer, record=record)], actor=SYSTEM_ACTOR, reason="试", scope=SYSTEM_SCOPE)


def rule() -> AlarmRule:
    return AlarmRule(code="R1", title="限值", kind="limit", state="in_force", area="9901", observed_at=NOON)


def alarm(state: str = "raised", **other: object) -> AlarmRow:
    return AlarmRow.model_validate(
        {
            "code": "BJ20261128-0123456789ab", "title": "液位高高报", "point": POINT, "rule": "R1", "condition": "HH",
            "enterprise": FIRM, "level": 2, "state": state, "raised_at": NOON - 40 * MINUTE, "area": "990106201",
            "sensitivity": Sensitivity.INTERNAL, "observed_at": NOON, **other,
        }
    )  # fmt: skip


def storm() -> EarlyWarning:
    return EarlyWarning(
        code="YJ20261128-0001", title="大风橙色预警", kind="weather", level=2, starts_at=NOON - 60 * MINUTE,
        areas=("990100",), state="published", revision=1, area="9901", sensitivity=Sensitivity.PUBLIC, observed_at=NOON,
    )  # fmt: skip


def score(store: Store, key: str = FIRM) -> RiskScore:
    found = store.get(RISK_SCORES, key, scope=SYSTEM_SCOPE).record
    assert isinstance(found, RiskScore)
    return found


def test_an_alarm_lifts_its_firm_and_its_areas_and_nothing_else_is_written(city: Store) -> None:
    first = grade(city, NOON)
    assert first.scores == first.enterprises == 857
    quiet = score(city)
    assert "alarm_outer" in quiet.unknown, "no rule is in force: no alarm says nothing"
    assert grade(city, NOON + MINUTE).scores == 0
    put(city, ALARM_RULES.id, rule())
    grade(city, NOON + 2 * MINUTE)
    known = score(city)
    assert known.score == quiet.score
    assert "alarm_outer" not in known.unknown
    assert (known.highest or 0) <= (quiet.highest or 0)
    put(city, ALARMS.id, alarm())
    lifted = grade(city, NOON + 3 * MINUTE)
    assert (lifted.scores, lifted.areas) == (1, 4), "the city, the district, the town and the grid cell"
    after = score(city)
    assert (after.score or 0) - (known.score or 0) == pytest.approx(0.6 * (15 + 5))
    assert any(alarm().code in term for term in after.terms), "the alarm can be opened from the term"
    town = city.get(AREA_RISKS, "990106201", scope=SYSTEM_SCOPE).record
    assert isinstance(town, AreaRisk)
    assert town.level == "town"
    assert (town.highest or 0) > (town.score or 0)
    assert town.partly > 0
    put(city, ALARMS.id, alarm("cleared", cleared_at=NOON))
    grade(city, NOON + 5 * MINUTE)
    assert score(city).score == known.score


def test_a_storm_over_an_alarm_of_a_tank_is_a_compound_warning_until_one_of_them_ends(city: Store) -> None:
    put(city, ALARM_RULES.id, rule())
    put(city, ALARMS.id, alarm())
    assert grade(city, NOON).compounds == 0
    put(city, WARNINGS.id, storm())
    assert grade(city, NOON + MINUTE).compounds == 1
    assert grade(city, NOON + 2 * MINUTE).compounds == 0, "it is told once"
    (row,) = city.read(COMPOUNDS, EVERYTHING, scope=SYSTEM_SCOPE).to_pylist()
    assert (row["condition"], row["enterprise"], row["area"]) == ("level_weather", FIRM, "990106201")
    assert row["cause"].startswith(f"恶劣天气下储罐液位报警:储罐液位报警未恢复({POINT})")
    assert "YJ20261128-0001" in row["cause"]
    assert "weather" not in score(city).unknown
    put(city, ALARMS.id, alarm("closed", cleared_at=NOON - 30 * MINUTE))
    assert grade(city, NOON + 3 * MINUTE).compounds == 1
    ended = city.get(COMPOUNDS, row["code"], scope=SYSTEM_SCOPE).record
    assert isinstance(ended, CompoundWarning)
    assert ended.ended_at == NOON + 3 * MINUTE


def fined(number: int, state: str, **other: Any) -> Penalty:
    told: dict[str, Any] = {
        "code": f"CF2026-{number:06d}", "title": "处罚", "state": state, "enterprise": FIRM, "opened_at": NOON,
        "opened_month": "2026-11", "state_since": NOON, "steps": 1, "area": "990106201",
        "sensitivity": Sensitivity.INTERNAL, **other,
    }  # fmt: skip
    return Penalty(**told)


def test_penalties_are_unknown_until_a_case_is_registered_and_count_once_they_are_decided(city: Store) -> None:
    later = NOON + timedelta(days=2)
    grade(city, later)
    assert "penalty_decided" in score(city).unknown
    before = score(city).score or 0
    put(city, PENALTIES.id, fined(1, "investigating"))
    grade(city, later + MINUTE)
    assert "penalty_decided" not in score(city).unknown
    assert score(city).score == before
    put(city, PENALTIES.id, fined(2, "paying", decided_at=NOON))
    put(city, PENALTIES.id, fined(3, "transferred", decided_at=NOON))
    assert grade(city, later + 2 * MINUTE).scores == 1
    assert (score(city).score or 0) - before == pytest.approx(0.6 * 5)
    assert any("CF2026-000002" in term for term in score(city).terms)


def promised(number: int, enterprise: str, at: datetime, start_stop: bool) -> SafetyPromise:
    return SafetyPromise(
        code=f"CN2026-{number:06d}", title="安全承诺", enterprise=enterprise, area="990106001", state="promised",
        opened_at=at, opened_month="2026-11", opened_by="赵强", state_since=at, start_stop=start_stop,
        sensitivity=Sensitivity.INTERNAL,
    )  # fmt: skip


def test_promises_are_unknown_until_one_is_filed_and_one_counts_for_a_day(city: Store) -> None:
    later = NOON + timedelta(days=2)
    grade(city, later)
    assert {"promise_missing", "start_stop"} <= set(score(city).unknown)
    put(city, SAFETY_PROMISES.id, promised(1, "91990106MATYEK5E8U", later, False))
    grade(city, later + MINUTE)
    lacking = score(city).score or 0
    assert not {"promise_missing", "start_stop"} & set(score(city).unknown)
    put(city, SAFETY_PROMISES.id, promised(2, FIRM, later, False))
    grade(city, later + 2 * MINUTE)
    kept = score(city).score or 0
    assert kept < lacking
    put(city, SAFETY_PROMISES.id, promised(3, FIRM, later + MINUTE, True))
    grade(city, later + 3 * MINUTE)
    assert (score(city).score or 0) > kept
    grade(city, later + timedelta(days=1, minutes=2))
    assert score(city).score == lacking


def test_true_events_on_video_count_and_open_ones_do_not_where_a_camera_is_analysed(city: Store) -> None:
    def video() -> float | None:
        grade(city, NOON)
        one = score(city)
        return None if "video_violation" in one.unknown else round((one.score or 0.0) - before, 3)

    def event(number: int, **other: Any) -> Violation:
        told = {
            "code": f"SP20261128-{number:012x}", "title": "罐区 区域入侵", "kind": "intrusion", "camera": "C1",
            "enterprise": FIRM, "rule": "gate", "began_at": NOON - MINUTE, "raised_at": NOON - MINUTE,
            "area": "990106201", "sensitivity": Sensitivity.INTERNAL,
        }  # fmt: skip
        return Violation.model_validate(told | other)

    def rules(kind: str) -> CameraRules:
        setup = json.dumps({"zones": {}, "rules": [{"id": "gate", "kind": kind, "zone": "gate"}]})
        return CameraRules(camera="C1", enterprise=FIRM, setup=setup, rules=1, zones=1, pairs=0, area="990106201",
                           sensitivity=Sensitivity.SENSITIVE)  # fmt: skip

    grade(city, NOON)
    before = score(city).score or 0.0
    camera = Camera(code="C1", name="罐区", enterprise=FIRM, area="990106201", sensitivity=Sensitivity.INTERNAL)
    put(city, CAMERAS.id, camera)
    put(city, VIOLATIONS.id, event(1))
    assert video() is None, "nobody looks"
    put(city, CAMERA_RULES.id, rules("frozen"))
    assert video() is None, "a rule about the camera is none about the firm"
    put(city, CAMERA_RULES.id, rules("intrusion"))
    assert video() == 0.0, "nobody judged it yet"
    put(city, VIOLATIONS.id, event(1, verdict="confirmed", judged_by="王立", judged_at=NOON))
    put(city, VIOLATIONS.id, event(2, verdict="rejected", reason="glare", judged_by="王立", judged_at=NOON))
    put(city, VIOLATIONS.id, event(3, kind="frozen", verdict="confirmed", judged_by="王立", judged_at=NOON))
    assert video() == 3.0, "five points of the dynamic part"
    put(city, VIOLATIONS.id, event(1))
    put(city, CAMERAS.id, camera.model_copy(update={"state": "offline"}))
    assert video() is None


def test_every_condition_has_a_word_in_the_code_list() -> None:
    known = {one.code: one for one in code_list("compound_condition")}
    assert set(known) == {one.id for one in declared().conditions}
