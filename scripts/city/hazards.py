"""Major hazard sources with what they hold, graded by GB 18218-2018, and their tanks."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely

from scripts.city.firms import NAMED

# name: CAS, UN, threshold Q in t, beta, density in t/m3. Q and beta are those of GB 18218-2018 tables 1, 3 and 4 as
# public secondary sources copy them, not checked against the printed standard; 环氧丙烷 boils at 34 ℃, so it is W5.1.
CHEMICALS = {
    "液氯": ("7782-50-5", "1017", 5.0, 4.0, 1.40), "液氨": ("7664-41-7", "1005", 10.0, 2.0, 0.60),
    "环氧乙烷": ("75-21-8", "1040", 10.0, 2.0, 0.87), "二氧化硫": ("7446-09-5", "1079", 20.0, 2.0, 1.37),
    "液化石油气": ("68476-85-7", "1075", 50.0, 1.5, 0.54), "氯乙烯": ("75-01-4", "1086", 50.0, 1.5, 0.90),
    "氢气": ("1333-74-0", "1049", 5.0, 1.5, 0.02), "乙烯": ("74-85-1", "1962", 50.0, 1.5, 0.45),
    "天然气": ("74-82-8", "1971", 50.0, 1.5, 0.42), "丙烯腈": ("107-13-1", "1093", 50.0, 1.0, 0.80),
    "苯": ("71-43-2", "1114", 50.0, 1.0, 0.87), "甲苯": ("108-88-3", "1294", 500.0, 1.0, 0.86),
    "甲醇": ("67-56-1", "1230", 500.0, 1.0, 0.79), "苯乙烯": ("100-42-5", "2055", 500.0, 1.0, 0.90),
    "汽油": ("86290-81-5", "1203", 200.0, 1.0, 0.74), "环氧丙烷": ("75-56-9", "1280", 10.0, 1.5, 0.82),
}  # fmt: skip
UNITS = {"hazchem": ("液氯", "液氨", "环氧乙烷", "液化石油气", "氯乙烯", "丙烯腈", "苯", "甲苯", "甲醇", "苯乙烯", "乙烯", "环氧丙烷", "二氧化硫"),
         "ammonia": ("液氨",), "station": ("汽油",), "metal": ("天然气", "氢气")}  # fmt: skip
LIKELY = {"station": 0.12, "metal": 0.2, "ammonia": 0.4, "hazchem": 0.62}
OWN = {"云澜氯碱": ("液氯", "氢气", "液氨"), "恒屿石化": ("液化石油气", "苯", "甲醇")}
"""What the two great plants of the pictures hold, a source each."""
BESIDE = {"苯": "甲苯", "甲苯": "苯", "苯乙烯": "甲苯", "甲醇": "甲苯"}
"""Flammable liquids that share a tank farm."""
SHAPES = {"液化石油气": "sphere", "氯乙烯": "sphere", "液氨": "sphere", "液氯": "horizontal"}
LIQUEFIED = {
    "液氯": (0.57e6, "gauge"),
    "液氨": (0.76e6, "gauge"),
    "液化石油气": (0.7e6, "gauge"),
    "氯乙烯": (0.24e6, ""),
}
"""Pa at 20 ℃ as a plant might file it, invented as everything here is; one substance is filed without saying from where."""

NAMES = frozenset(short for _, short, *_ in NAMED)

Inventory = list[tuple[str, float]]
"""Substances and their design amounts in tonnes, to 100 kg."""


def correction(people: int) -> float:
    """Alpha by the people who live within 500 m beyond the boundary (GB 18218-2018 table 5)."""
    return 2.0 if people >= 100 else 1.5 if people >= 50 else 1.2 if people >= 30 else 1.0 if people >= 1 else 0.5


def grading(held: Inventory, people: int) -> tuple[float, float, int]:
    """S, R and the grade of what one unit holds."""
    s = sum(amount / CHEMICALS[name][2] for name, amount in held)
    r = correction(people) * sum(CHEMICALS[name][3] * amount / CHEMICALS[name][2] for name, amount in held)
    return s, r, 1 if r >= 100 else 2 if r >= 50 else 3 if r >= 10 else 4


def _held(rng: np.random.Generator, more: np.random.Generator, firm: dict[str, Any], n: int) -> Inventory:
    """The n-th unit of a firm: one substance, sometimes with the one that is stored beside it."""
    chemical = OWN.get(firm["short_name"], (str(rng.choice(UNITS[firm["sector"]])),) * 3)[n]
    q = CHEMICALS[chemical][2]
    design = 180.0 if (firm["short_name"], n) == ("云澜氯碱", 0) else q * float(rng.lognormal(1.5, 1.15))
    held = [(chemical, round(design, 1))]
    if chemical in BESIDE and firm["short_name"] not in NAMES and more.random() < 0.6:
        held.append((BESIDE[chemical], round(design * float(more.uniform(0.2, 0.8)), 1)))
    return held


def hazards(
    rng: np.random.Generator,
    firms: list[dict[str, Any]],
    sites: list[dict[str, Any]],
    people_outside: Callable[[shapely.Geometry], int],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Hazard sources and tanks of the firms; whoever holds less than the threshold (S < 1) is none."""
    (more,) = rng.spawn(1)
    site_of = {site["enterprise"]: site for site in sites}
    sources: list[dict[str, Any]] = []
    tanks: list[dict[str, Any]] = []
    for firm in firms:
        if firm["sector"] not in UNITS:
            continue
        if firm["short_name"] not in NAMES and rng.random() > LIKELY[firm["sector"]]:
            continue
        for n in range(3 if firm["short_name"] in OWN else int(rng.integers(1, 3))):
            held = _held(rng, more, firm, n)
            site = site_of[firm["uscc"]]
            people = people_outside(site["shape"])
            if grading(held, people)[0] < 1:
                continue
            x, y = firm["km"][0] + rng.uniform(-0.07, 0.07), firm["km"][1] + rng.uniform(-0.07, 0.07)
            source = _source(rng, firm, site, held, people, len(sources) + 1, x, y)
            sources.append(source)
            tanks += _tanks(rng, source, held, x, y)
    return sources, tanks


def _source(
    rng: np.random.Generator, firm: dict[str, Any], site: dict[str, Any], held: Inventory, people: int, number: int,
    x: float, y: float,
) -> dict[str, Any]:  # fmt: skip
    s, r, grade = grading(held, people)
    main = max(held, key=lambda part: CHEMICALS[part[0]][3] * part[1] / CHEMICALS[part[0]][2])[0]
    return {"code": f"H{firm['uscc'][2:8]}{number:04d}", "enterprise": firm["uscc"], "site": site["code"],
            "name": f"{firm['short_name']}{held[0][0]}罐区", "kind": "storage", "grade": grade, "s_value": round(s, 3),
            "r_value": round(r, 2), "alpha": correction(people), "exposed_people": people, "main_chemical": main,
            "substances": [name for name, _ in held], "cas_numbers": [CHEMICALS[name][0] for name, _ in held],
            "quantities": [f"{amount * 1000:.0f}" for _, amount in held], "monitored": True,
            "filing_no": f"BA{firm['uscc'][2:8]}[2025]{number:03d}",
            "assessed_on": date(2024, 3, 1) + timedelta(days=int(rng.integers(0, 800))),
            "chief": firm["principal"], "chief_phone": firm["principal_phone"], "area": firm["area"],
            "point": shapely.Point(x, y), "km": (x, y)}  # fmt: skip


def _tanks(
    rng: np.random.Generator, source: dict[str, Any], held: Inventory, x: float, y: float
) -> list[dict[str, Any]]:
    """One to four tanks a substance, which together hold its design amount."""
    rows: list[dict[str, Any]] = []
    for chemical, design in held:
        cas, un, q, _, density = CHEMICALS[chemical]
        pressure, reference = LIQUEFIED.get(chemical, (None, ""))
        count = int(np.clip(round(design / max(20.0, q)), 1, 4))
        for _ in range(count):
            mass, t = design / count, len(rows)
            rows.append({"code": f"{source['code']}T{t + 1}", "enterprise": source["enterprise"], "site": source["site"],
                         "hazard_source": source["code"], "name": f"{t + 1}号{chemical}罐", "chemical": chemical, "cas": cas,
                         "un": un, "kind": SHAPES.get(chemical, "vertical"), "volume": round(mass / density / 0.85, 1),
                         "design_mass": round(mass * 1000, 0), "mass": round(mass * 1000 * float(rng.uniform(0.35, 0.82)), 0),
                         "pressure": pressure, "pressure_reference": reference,
                         "temperature": None if pressure is None else 20.0,
                         "area": source["area"], "point": shapely.Point(x + 0.035 * (t % 2), y + 0.035 * (t // 2))})  # fmt: skip
    return rows
