"""Orders of the demo's incident in hand: one under way, one being carried out, one that nobody has received."""

from collections.abc import Callable

import shapely

from app.incidents.desk import By, IncidentDesk
from app.orders.desk import Giving, OrderDesk
from core.scope import SYSTEM_SCOPE
from emergency.duty.booking import Bookings
from gis.measure import distances
from gis.shapes import LonLat
from layers.catalogue import TEAMS
from store.query import Query

Told = list[tuple[float, Callable[[], object]]]


def orders_of(name: str, desk: IncidentDesk, code: str, by: By) -> Told:
    """What is ordered and what comes back, minutes after the first report."""
    orders = OrderDesk(incidents=desk, bookings=Bookings(desk.store, desk.clock))

    def give(n: int, giving: Giving) -> Callable[[], object]:
        return lambda: orders.give(code, giving, by=by, command=f"demo-{name}-order-{n}")

    def step(n: int, act: str) -> Callable[[], object]:
        return lambda: orders.step(f"{code}/{n:03d}", act, by=by, command=f"demo-{name}-order-{n}-{act}")

    key, title = nearest_team(desk, code)
    return [
        (7, give(1, Giving(action="出动,到上风向集结,准备堵漏", to_kind="team", to_name=title, team=key))),
        (8, step(1, "receive")), (9, step(1, "leave")),
        (10, give(2, Giving(action="组织下风向学校、养老机构就地避险", to_kind="unit", to_name="盐港镇应急管理站"))),
        (11, step(2, "receive")), (13, step(2, "act")),
        (14, give(3, Giving(action="在下风向布 3 个点监测,每 10 分钟报一次", to_kind="unit", to_name="市生态环境局"))),
    ]  # fmt: skip


def nearest_team(desk: IncidentDesk, code: str) -> tuple[str, str]:
    """The key and the name of the team nearest to an incident, of its own district."""
    row = desk.find(code, scope=SYSTEM_SCOPE).row
    assert row.geometry is not None
    point = row.geometry.representative_point()
    table = desk.store.read(TEAMS, Query(fields=("code", "name", "area")), scope=SYSTEM_SCOPE).to_pylist()
    own = [one for one in table if one["geometry"] is not None and one["area"].startswith(row.area[:6])]
    places = shapely.get_coordinates(shapely.from_wkb([one["geometry"] for one in own]))
    first = int(distances(LonLat(point.x, point.y), places[:, 0], places[:, 1]).argmin())
    return str(own[first]["code"]), str(own[first]["name"])
