"""Video of one object: its own cameras before those near it, events of the span, and what is kept is said as kept."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely

from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.errors import NotFoundError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Lang
from dashboards.queries.camerawall import key_cameras
from dashboards.queries.footage import footage
from layers.catalogue.enterprises import Enterprise
from layers.catalogue.licences import Licence
from layers.catalogue.sensing import Camera, Sensor
from layers.catalogue.violations import Violation
from store.feed import Put
from store.protocol import Store
from tests.blank import blank_city

SHOP, OTHER, AREA = "91990000MA0000001A", "91990000MA0000002B", "990106"
NOW = datetime.fromisoformat("2026-11-23T06:00:00+00:00")
DAY = timedelta(days=1)


def event(n: int, firm: str, raised: timedelta, ended: timedelta | None) -> Violation:
    return Violation(
        code=f"SP20261120-{n:012x}", title="有人进入", kind="intrusion", camera="C-OWN", enterprise=firm, rule="gate",
        state="standing" if ended is None else "over", began_at=NOW - raised, raised_at=NOW - raised,
        ended_at=None if ended is None else NOW - ended, area=AREA, geometry=shapely.Point(121.0, 33.0),
    )  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Any:
    opened = blank_city(tmp_path / "city.gpkg", utc_now)
    firm = {"sector": "trade", "area": AREA, "geometry": shapely.Point(121.0, 33.0)}
    camera = {"area": AREA, "kind": "fixed"}
    rows: dict[str, list[Any]] = {
        "enterprises": [
            Enterprise(uscc=SHOP, name="鞭炮店", short_name="鞭炮店", **firm),
            Enterprise(uscc=OTHER, name="五金店", short_name="五金店", **firm),
        ],
        "licences": [
            Licence(code="XK2026-000001", number="1", kind="P07", enterprise=SHOP, state="expired", area=AREA),
            Licence(code="XK2026-000002", number="2", kind="P07", enterprise=OTHER, state="revoked", area=AREA),
        ],
        "sensors": [
            Sensor(code="S1", name="仓库温度", kind="temperature", unit="℃", enterprise=SHOP, area=AREA,
                   geometry=shapely.Point(121.0, 33.0)),
        ],
        "cameras": [
            Camera(code="C-OWN", name="自家", enterprise=SHOP, geometry=shapely.Point(121.03, 33.0), **camera),
            Camera(code="C-NEAR", name="邻家", enterprise=OTHER, geometry=shapely.Point(121.005, 33.0), **camera),
            Camera(code="C-FAR", name="远处", enterprise=OTHER, geometry=shapely.Point(121.03, 33.0), **camera),
        ],
        "violations": [
            event(1, SHOP, 9 * DAY, 8 * DAY), event(2, SHOP, 9 * DAY, DAY / 2), event(3, SHOP, 8 * DAY, None),
            event(4, SHOP, DAY / 4, DAY / 5), event(5, OTHER, DAY / 4, DAY / 5), event(6, SHOP, -DAY, -2 * DAY),
        ],
    }  # fmt: skip
    puts = [Put(layer=layer, record=record) for layer, records in rows.items() for record in records]
    opened.commit(puts, actor=SYSTEM_ACTOR, reason="", scope=SYSTEM_SCOPE)
    yield opened
    opened.close()


def test_video_of_a_point_its_own_cameras_first_and_what_went_on_in_the_span(store: Store) -> None:
    def asked(scope: Scope) -> dict[str, Any]:
        return footage(store, None, "sensors", "S1", NOW - DAY, NOW, scope=scope, lang=Lang.ZH)

    found = asked(SYSTEM_SCOPE)
    assert [(one["code"], one["own"]) for one in found["cameras"]] == [("C-OWN", True), ("C-NEAR", False)]
    assert [one["code"][-1] for one in found["events"]] == ["4", "3", "2"], "none before, after, or of another"
    assert found["fireworks"] == ["烟花爆竹经营(零售)许可证"]
    assert found["enterprise_name"] == "鞭炮店"
    with pytest.raises(NotFoundError):
        asked(Scope(areas=("990102",), clearance=Sensitivity.SENSITIVE))
    with pytest.raises(NotFoundError):
        asked(Scope(areas=("",), clearance=Sensitivity.PUBLIC))
    firms, wall = key_cameras(store, scope=SYSTEM_SCOPE, lang=Lang.ZH)
    assert (firms, [(one["code"], one["event"]) for one in wall]) == (1, [("C-OWN", "区域入侵")])
