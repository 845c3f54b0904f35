"""A scenario kept in each of two districts, for the tests that compare what the two are shown."""

from datetime import timedelta
from pathlib import Path

import shapely

from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from emergency.chain import computed
from emergency.keeping import Made, kept
from emergency.scenario import scenario
from emergency.wind_band import Turning
from layers.catalogue import AREAS, CATALOGUE, SCENARIO_BANDS, SCENARIO_ZONES, SCENARIOS
from store.feed import Put
from store.opening import open_store

LEAK = {
    "title": "氯气泄漏", "chemical": "7782-50-5",
    "release": {"kind": "direct", "mass_rate": 0.2, "duration": 600.0},
    "weather": {"wind_speed": 3.0, "wind_from": 45.0, "stability": "D", "ambient_temperature": 281.0},
}  # fmt: skip


def keep(data: Path, database: str | None, *districts: str) -> None:
    """One chlorine leak in the middle of each district."""
    at = utc_now()
    turning = Turning(
        station="S", spread=20.0, share=0.9, ahead=3600.0, pairs=900, since=at - timedelta(days=90), until=at
    )
    store = open_store(data, database, CATALOGUE, utc_now)
    for place, district in enumerate(districts):
        shape = store.get(AREAS, district, scope=SYSTEM_SCOPE).record.geometry
        assert shape is not None
        middle = shapely.point_on_surface(shape)
        wish = scenario({**LEAK, "place": {"lon": middle.x, "lat": middle.y}})
        made = Made(code=f"QJ20261128-00000000000{place}", by="测试", at=at, area=district)
        rows = kept(wish, computed(wish, at=at, code_version="0", turning=turning), None, made)
        layers = [SCENARIOS.id, *[SCENARIO_ZONES.id] * len(rows.zones), *[SCENARIO_BANDS.id] * len(rows.bands)]
        edits = [Put(layer=layer, record=row) for layer, row in zip(layers, rows.rows, strict=True)]
        store.commit(edits, actor=SYSTEM_ACTOR, reason="测试", scope=SYSTEM_SCOPE)
    store.close()
