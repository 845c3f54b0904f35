"""Cases of the demo city, invented for it and marked so, and the articles of laws that are shipped."""

import csv
from datetime import date
from importlib.resources import files

import shapely

from app.demo.cases import keep_rows
from app.wiring import System
from core.clock import CHINA
from core.scope import SYSTEM_SCOPE, Sensitivity
from emergency.knowledge.laws import articles
from layers.catalogue import EMERGENCY_CASES, LAW_ARTICLES
from layers.catalogue.knowledge import EmergencyCase
from store.query import EVERYTHING

SOURCE = "演示数据:为演示城市虚构,不是真实事件"
LOSSES = ("deaths", "serious_injuries", "minor_injuries", "evacuated", "level")


def demo_cases(today: date) -> list[EmergencyCase]:
    """Every case, so many years before a day."""
    text = (files("app.demo") / "data" / "cases.csv").read_text("utf-8")
    return [
        EmergencyCase(
            **{name: int(row[name]) for name in LOSSES},
            **{name: row[name] for name in ("code", "title", "kind", "place", "setting", "summary", "course", "cause",
                                            "lessons", "area")},
            nature="demo", occurred_on=date(today.year - int(row["years_ago"]), 5, 17),
            chemicals=_list(row["chemicals"]), chemical_names=_list(row["chemical_names"]),
            direct_loss=float(row["direct_loss"]), sensitivity=Sensitivity(int(row["sensitivity"])), source=SOURCE,
            geometry=shapely.Point(float(row["lon"]), float(row["lat"])) if row["lon"] else None,
        )
        for row in csv.DictReader(text.splitlines())
    ]  # fmt: skip


def tell_knowledge(system: System) -> None:
    """Keep them; nothing where there are some already."""
    if system.store.count(LAW_ARTICLES, EVERYTHING, scope=SYSTEM_SCOPE) == 0:
        keep_rows(system, LAW_ARTICLES, articles())
    if system.store.count(EMERGENCY_CASES, EVERYTHING, scope=SYSTEM_SCOPE) == 0:
        keep_rows(system, EMERGENCY_CASES, demo_cases(system.clock().astimezone(CHINA).date()))


def _list(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(";") if part)
