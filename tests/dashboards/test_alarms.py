"""Alarms on the wall and among the to-dos: one cause is one row, zeros are said, and nobody else's are counted."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.actors import SYSTEM_ACTOR
from core.caller import UserClass
from core.clock import hour_of, utc_now
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Lang
from dashboards.panels.alarms import alarm_sentence, state_words
from dashboards.queries.alarmwall import AlarmWall, alarm_wall
from dashboards.queries.todos import Desk
from dashboards.queries.todosources import unanswered_alarms
from layers.catalogue.alarms import AlarmRow
from store.feed import Put
from store.protocol import Store
from tests.blank import blank_city

NOW = datetime(2026, 11, 28, 1, 30, tzinfo=UTC)
STAFF = Scope(areas=("990106",), clearance=Sensitivity.INTERNAL)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = blank_city(tmp_path / "city.gpkg", utc_now)
    yield opened
    opened.close()


def kept(store: Store, *rows: dict[str, object]) -> None:
    given = {"condition": "HH", "level": 2, "raised_at": NOW, "area": "990106", "sensitivity": Sensitivity.INTERNAL}
    edits = [
        Put(
            layer="alarms",
            record=AlarmRow.model_validate(
                given | {"code": f"BJ20261128-{n:012x}", "title": f"{n}号罐 液位 高高报", "point": f"P{n}"} | row
            ),
        )
        for n, row in enumerate(rows)
    ]
    store.commit(edits, actor=SYSTEM_ACTOR, reason="", scope=SYSTEM_SCOPE)


def seen(store: Store, scope: Scope = STAFF) -> AlarmWall:
    found = alarm_wall(store, scope=scope, lang=Lang.ZH)
    assert found is not None
    return found


def said(found: AlarmWall) -> str:
    return "".join(part if isinstance(part, str) else "" for part in alarm_sentence(found, NOW, Lang.ZH))


def test_alarms_of_one_cause_are_one_row_that_is_new_while_any_is(store: Store) -> None:
    kept(
        store, {"group": "G", "state": "acknowledged", "level": 1}, {"group": "G"}, {"level": 3},
        {"level": 1, "state": "closed"}, {"area": "990104", "level": 1},
    )  # fmt: skip
    found = seen(store)
    assert [(row["level"], row["members"], row["state"]) for row in found.rows] == [(1, 2, "raised"), (3, 1, "raised")]
    assert (found.total, found.levels, found.waiting) == (3, {1: 1, 2: 1, 3: 1, 4: 0}, 2)
    assert found.rows[0]["object"] == "0号罐 液位"


def test_calm_is_said_with_since_when(store: Store) -> None:
    kept(
        store, {"state": "cleared", "cleared_at": NOW - timedelta(hours=41, minutes=26)}, {"level": 3},
        {"state": "false", "cleared_at": NOW - timedelta(hours=1)}, {"state": "false", "level": 1},
    )  # fmt: skip
    assert said(seen(store)) == "无红色、橙色报警，已 41 小时 26 分"


def test_whom_alarms_are_not_open_to_has_none_rather_than_zero(store: Store) -> None:
    assert alarm_wall(store, scope=Scope(areas=("",), clearance=Sensitivity.PUBLIC), lang=Lang.ZH) is None


def test_unanswered_alarms_are_one_line_to_be_done_at_once(store: Store) -> None:
    desk = Desk(store=store, now=NOW, scope=STAFF, user_class=UserClass.REGULATOR, lang=Lang.ZH)
    assert list(unanswered_alarms(desk)) == []
    kept(store, {}, {"level": 1}, {"level": 1}, {"level": 1, "area": "990104"}, {"state": "acknowledged"})
    (todo,) = unanswered_alarms(desk)
    assert (todo.subject, todo.due, todo.link) == ("红 2、橙 1", None, "alarms?state=new")


def test_an_enterprise_has_to_do_what_it_has_not_received_whoever_answered_it(store: Store) -> None:
    firm = Scope(areas=("990106",), clearance=Sensitivity.INTERNAL, enterprises=frozenset({"A"}))
    desk = Desk(store=store, now=NOW, scope=firm, user_class=UserClass.ENTERPRISE, lang=Lang.ZH)
    kept(
        store, {"enterprise": "A", "state": "acknowledged"}, {"enterprise": "A", "received_at": NOW},
        {"enterprise": "B"}, {"enterprise": "A", "state": "false"},
    )  # fmt: skip
    (todo,) = unanswered_alarms(desk)
    assert todo.subject == "橙 1"


def test_a_shelving_of_another_day_carries_its_date_on_the_wall() -> None:
    now = utc_now()
    for until in (now, now + timedelta(days=2)):
        row = {"state": "shelved", "until": until, "by": "王立"}
        assert state_words(row, Lang.ZH) == f"搁置至 {hour_of(until, now)}"
    assert len(hour_of(now + timedelta(days=2), now)) > len("15:30")
