"""The demo city's devices: a logger or a gateway for some enterprises of two districts, carrying their points."""

from datetime import date, timedelta

from app.demo.alive import DEMO_ACTOR
from app.wiring import System
from core.clock import CHINA
from core.scope import SYSTEM_SCOPE, Sensitivity
from layers.catalogue import DEVICES, SENSORS
from layers.catalogue.devices import Device
from layers.filters import Under
from store.feed import Put
from store.query import EVERYTHING, Query

DISTRICTS = ("990106", "990104")
EACH = 6
MADE = (
    ("logger", "hj212", "数采仪"), ("gateway", "http", "监测网关"), ("gateway", "mqtt", "监测网关"),
    ("edge", "edge", "边缘转发机"), ("gateway", "http", "监测网关"), ("logger", "hj212", "数采仪"),
)  # fmt: skip
CALIBRATED: tuple[int | None, ...] = (200, 21, 330, None, 96, 12)
"""Days until the calibration of each runs out; of one nobody registered it. None is overdue: that would be a doubt."""


def register_devices(system: System) -> None:
    """Register them; nothing where there are some already."""
    store = system.store
    if store.count(DEVICES, EVERYTHING, scope=SYSTEM_SCOPE):
        return
    today = system.clock().astimezone(CHINA).date()
    edits = [
        Put(layer=DEVICES.id, record=_device(number, n, firm, area, points, today))
        for number, district in enumerate(DISTRICTS)
        for n, (firm, (area, points)) in enumerate(sorted(_carried(system, district).items(), key=_most_first)[:EACH])
    ]
    store.commit(edits, actor=DEMO_ACTOR, reason="演示数据:登记设备", scope=SYSTEM_SCOPE)


def _carried(system: System, district: str) -> dict[str, tuple[str, list[str]]]:
    """The area and the points of each enterprise of a district that has any."""
    query = Query(where=Under("area", district), fields=("code", "enterprise", "area"), geometry=False)
    found: dict[str, tuple[str, list[str]]] = {}
    for row in system.store.read(SENSORS, query, scope=SYSTEM_SCOPE).to_pylist():
        if row["enterprise"]:
            found.setdefault(row["enterprise"], (row["area"], []))[1].append(row["code"])
    return found


def _most_first(one: tuple[str, tuple[str, list[str]]]) -> tuple[int, str]:
    firm, (_, points) = one
    return -len(points), firm


def _device(number: int, n: int, firm: str, area: str, points: list[str], today: date) -> Device:
    kind, protocol, name = MADE[n]
    until = CALIBRATED[n]
    code = f"SB{DISTRICTS[number]}{n + 1:02d}"
    return Device(
        code=code, name=f"{name} {code[-4:]}", kind=kind, protocol=protocol, enterprise=firm, area=area,
        mn=f"{DISTRICTS[number]}0000DEMO{n:010d}" if protocol == "hj212" else "", points=tuple(points),
        calibrated_at=None if until is None else today + timedelta(days=until - 365),
        calibrated_until=None if until is None else today + timedelta(days=until),
        calibrated_by="" if until is None else "云澜市计量检定所(演示)", source="演示数据生成器",
        sensitivity=Sensitivity.INTERNAL,
    )  # fmt: skip
