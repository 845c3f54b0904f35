"""A city of measuring points to measure live monitoring by: as many as asked for, with rules and accounts."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
import pyarrow as pa
import shapely

from app.auth.opening import open_identity
from app.demo_accounts import FIRMS, add_demo_accounts
from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE
from layers.catalogue.alarms import ALARM_RULES
from layers.catalogue.sensing import SENSORS
from store.opening import open_store
from tests.server import configured_server

LIMIT = 80.0
PLACES = ("990106201", "990106101", "990102001", "990104001")
"""Where the points stand, in turn; those of the first belong to the enterprise of the demo's account."""


def codes(points: int) -> list[str]:
    """The codes of the points."""
    return [f"K{n:06d}" for n in range(points)]


def prepare(data: Path, database_url: str | None, points: int, rules: int) -> None:
    """Points and rules in an empty store, and the demo's accounts beside them."""
    store = open_store(data, database_url, CATALOGUE, utc_now)
    names = codes(points)
    places = [PLACES[n % len(PLACES)] for n in range(points)]
    firm = next(iter(FIRMS))
    dots = shapely.points(121.7 + np.arange(points) % 100 * 5e-4, 33.1 + np.arange(points) // 100 * 5e-4)
    sensors = {
        "code": names, "name": names, "kind": ["level"] * points, "unit": ["%"] * points, "area": places,
        "range_low": [0.0] * points, "range_high": [1000.0] * points, "high": [LIMIT] * points,
        "enterprise": [firm if place == PLACES[0] else "" for place in places],
        "geometry": pa.array(shapely.to_wkb(dots), pa.binary()),
    }  # fmt: skip
    judged = names[:rules]
    made = {
        "code": [f"R-{name}" for name in judged], "title": judged, "kind": ["limits"] * rules,
        "state": ["in_force"] * rules, "points": [[name] for name in judged], "limits": [["H"]] * rules,
        "area": places[:rules],
    }  # fmt: skip
    try:
        for layer, columns in ((SENSORS, sensors), (ALARM_RULES, made)):
            store.load(layer, pa.table(columns), actor=SYSTEM_ACTOR, reason="benchmark", scope=SYSTEM_SCOPE)
    finally:
        store.close()
    identity = open_identity(data, database_url)
    try:
        add_demo_accounts(identity, utc_now)
    finally:
        identity.close()


@contextmanager
def served(data: Path, database_url: str | None, **settings: str) -> Iterator[str]:
    """The address of a server that judges."""
    given = settings | ({} if database_url is None else {"database_url": database_url})
    with configured_server(data, None, **given) as server:
        while httpx.get(f"{server}/healthz").json()["alarms"] != "judging":
            time.sleep(0.2)
        yield server


def processor_seconds(pid: int) -> float:
    """Of one process, of its own and the system's on its behalf."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
