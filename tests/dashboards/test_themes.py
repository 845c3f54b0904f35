"""What enterprises and dangers wear on the map: the worst kind of licence, the best of each, the state of a danger."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely

from core.actors import SYSTEM_ACTOR
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Lang
from dashboards.queries.themes import CLOSED, DANGER_STATES, ENDED, ENDING, HELD, LATE, PERMITS, UNDER_WAY, Themes
from layers.catalogue.dangers import Danger
from layers.catalogue.licences import Licence, LicenceCase
from layers.record import Record
from store.feed import Put
from store.protocol import Store
from tests.blank import blank_city

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
CITY = Scope(areas=("9901",), clearance=Sensitivity.INTERNAL)
PART: dict[str, Any] = {
    "area": "990106201",
    "geometry": shapely.Point(121.8, 33.2),
    "sensitivity": Sensitivity.INTERNAL,
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = blank_city(tmp_path / "city.gpkg", lambda: NOW)
    yield opened
    opened.close()


def put(store: Store, *rows: tuple[str, Record]) -> None:
    edits = [Put(layer=layer, record=record) for layer, record in rows]
    store.commit(edits, actor=SYSTEM_ACTOR, reason="试", scope=SYSTEM_SCOPE)


def licence(number: int, of: str, days: int | None, kind: str = "hazchem-operation", state: str = "valid") -> Any:
    until = None if days is None else NOW.date() + timedelta(days=days)
    row = Licence(code=f"ZZ2026-{number:06d}", number=f"证{number}", kind=kind, enterprise=of, valid_until=until,
                  state=state, **PART)  # fmt: skip
    return "licences", row


def running(code: str, **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "title": code,
        "opened_at": NOW,
        "opened_month": "2026-11",
        "state_since": NOW,
        **PART,
        **more,
    }


def test_an_enterprise_wears_the_worst_of_its_kinds_of_licences_and_of_one_kind_the_best(store: Store) -> None:
    put(
        store, licence(1, "A", 400), licence(2, "A", -9, state="expired"), licence(3, "B", 90), licence(4, "C", 91),
        licence(5, "D", -1), licence(6, "D", 400, "firework-retail"), licence(7, "E", None),
        licence(8, "F", 500, state="revoked"), licence(9, "G", -5), licence(10, "H", 400, state="cancelled"),
        ("licence_cases", LicenceCase(**running("XK2026-000001", matter="renew", licence="ZZ2026-000009"))),
    )  # fmt: skip
    themes = Themes(store, lambda: NOW)
    worn = themes.grades(PERMITS, list("ABCDEFGHZ"), CITY).tolist()
    assert worn == [HELD, ENDING, HELD, ENDED, HELD, ENDED, ENDING, 0, 0]


def test_what_was_computed_is_kept_until_the_feed_tells_of_another_licence_or_the_day_is_over(store: Store) -> None:
    put(store, licence(1, "A", 91))
    now = [NOW]
    themes = Themes(store, lambda: now[0])
    assert themes.grades(PERMITS, ["A"], CITY).tolist() == [HELD]
    kept = themes._licences(CITY)
    put(store, ("dangers", Danger(**running("YH2026-000001", state="mending", found_at=NOW, place="罐区"))))
    assert themes._licences(CITY) is kept
    put(store, licence(1, "A", -3))
    assert themes.grades(PERMITS, ["A"], CITY).tolist() == [ENDED]
    put(store, licence(1, "A", 91))
    assert themes.grades(PERMITS, ["A"], CITY).tolist() == [HELD]
    now[0] = NOW + timedelta(days=1)
    assert themes.grades(PERMITS, ["A"], CITY).tolist() == [ENDING]


def test_a_danger_wears_its_state_and_what_is_late_before_all(store: Store) -> None:
    given: dict[str, dict[str, Any]] = {
        "late": {"state": "mending", "due_at": NOW - timedelta(hours=1)},
        "standing": {"state": "correcting", "due_at": NOW - timedelta(hours=1), "stopped_at": NOW},
        "mending": {"state": "mending", "due_at": NOW + timedelta(days=3)},
        "recheck": {"state": "rechecking"},
        "closed": {"state": "closed", "closed_at": NOW, "due_at": NOW - timedelta(days=9)},
        "dismissed": {"state": "dismissed", "closed_at": NOW},
    }
    codes = [f"YH2026-{number:06d}" for number in range(len(given))]
    rows = [("dangers", Danger(**running(code, found_at=NOW, place="罐区", **more)))
            for code, more in zip(codes, given.values(), strict=True)]  # fmt: skip
    put(store, *rows)
    worn = Themes(store, lambda: NOW).grades(DANGER_STATES, codes, CITY).tolist()
    assert worn == [LATE, UNDER_WAY, UNDER_WAY, 3, CLOSED, 0]


def test_a_theme_is_offered_to_whom_all_it_is_drawn_from_is_open(store: Store) -> None:
    themes = Themes(store, lambda: NOW)
    assert [one["id"] for one in themes.offered(CITY, Lang.ZH)] == ["permits", "danger_states"]
    public = Scope(areas=("",), clearance=Sensitivity.PUBLIC)
    assert themes.offered(public, Lang.ZH) == []
