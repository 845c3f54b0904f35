"""A step that opens a case of another system: both are kept or neither, each names the other."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely

from app.systems import FOLLOWS, FUNCTIONS
from casework.calendar import china
from casework.checklists import Answer, Mark, items_of
from casework.desk import Desk
from casework.engine import StepRefusedError
from casework.systems.hidden_danger import HIDDEN_DANGER
from casework.systems.site_check import SITE_CHECK
from core.actors import SYSTEM_ACTOR
from core.scope import SYSTEM_SCOPE
from layers.catalogue import DANGERS, ENTERPRISES
from layers.catalogue.dangers import Danger
from layers.catalogue.enforcement import SiteCheck
from layers.catalogue.enterprises import Enterprise
from store.attachments import Cabinet
from store.feed import Put
from store.protocol import Store
from store.query import EVERYTHING
from tests.blank import blank_city
from tests.casework.test_desk import COLLEAGUE, FIRM, NOW, OFFICER, PNG, Day
from tests.casework.test_site_check import PAIR

HERE = shapely.Point(121.801, 33.2)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = blank_city(tmp_path / "city.gpkg", Day())
    firm = Enterprise(
        uscc=FIRM, name="信禾助剂有限公司", area="990106201", sector="other", geometry=shapely.Point(121.8, 33.2)
    )
    opened.commit([Put(layer=ENTERPRISES.id, record=firm)], actor=SYSTEM_ACTOR, reason="登记", scope=SYSTEM_SCOPE)
    yield opened
    opened.close()


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    cabinet = Cabinet(store, tmp_path / "files", Day(), largest=100_000)
    return Desk(store, cabinet, china(), Day(), FUNCTIONS, FOLLOWS)


def go(desk: Desk, code: str, step: str, by: Any = OFFICER, *, photo: bool = False, **values: Any) -> None:
    if photo:
        with desk._cabinet.draft([PNG + step.encode()], "现场.png") as draft:
            desk.attach(SITE_CHECK, code, draft, by=by)
    version = desk.find(SITE_CHECK, code, scope=by.scope).version
    desk.take(SITE_CHECK, code, version, step, values, by=by)


@pytest.fixture
def check(desk: Desk) -> str:
    plan = {"title": "检查", "enterprise": FIRM, "check_by": date(2026, 3, 10)}
    code = desk.open(SITE_CHECK, plan, by=OFFICER).row.code
    go(desk, code, "arrive", geometry=HERE, **PAIR)
    items = [Answer(one.id, Mark.CONFORMS) for one in items_of("other", NOW.date())]
    items[0] = Answer(items[0].item, Mark.FAILS, "未建立")
    go(desk, code, "record", photo=True, items=tuple(map(str, items)), findings="一项不符合", party="赵强")
    go(desk, code, "sign", COLLEAGUE, photo=True, signature="signed")
    return code


def test_a_danger_found_at_a_check_is_registered_with_it_and_each_names_the_other(desk: Desk, check: str) -> None:
    go(desk, check, "register_danger", danger_title="防爆失效", danger_place="二车间")
    row = desk.find(SITE_CHECK, check, scope=OFFICER.scope).row
    assert isinstance(row, SiteCheck)
    (code,) = row.followed
    danger = desk.find(HIDDEN_DANGER, code, scope=OFFICER.scope).row
    assert isinstance(danger, Danger)
    assert (danger.from_case, danger.title, danger.origin, danger.enterprise) == (check, "防爆失效", "inspection", FIRM)
    assert (danger.area, danger.enterprise_name, danger.found_at) == ("990106201", "信禾助剂有限公司", NOW)
    assert [one.step for one in desk.log(HIDDEN_DANGER, code, scope=OFFICER.scope)] == ["report"]
    go(desk, check, "register_danger", danger_title="接地不良", danger_place="罐区")
    assert len(set(desk.find(SITE_CHECK, check, scope=OFFICER.scope).row.followed)) == 2  # type: ignore[attr-defined]


def test_a_step_that_is_refused_opens_nothing(desk: Desk, store: Store, check: str) -> None:
    with pytest.raises(StepRefusedError):
        go(desk, check, "register_danger", danger_title="防爆失效")
    assert store.count(DANGERS, EVERYTHING, scope=SYSTEM_SCOPE) == 0
    assert desk.find(SITE_CHECK, check, scope=OFFICER.scope).row.followed == ()  # type: ignore[attr-defined]
