"""Enterprises with their sites, sensors and cameras; names invented, check digits right."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely

from scripts.city.geography import DISTRICTS, PARK, TOWNS, Geography

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

SECTORS: dict[str, tuple[int, str, str, tuple[str, ...]]] = {
    "hazchem": (118, "C2614", "化工", ("化工", "石化", "新材料", "精细化工", "气体", "助剂", "树脂")),
    "trade": (150, "F5199", "商贸", ("物流", "仓储", "商贸", "冷链食品", "超市", "供应链")),
    "machine": (190, "C3484", "机械", ("机械", "重工", "精密制造", "铸造", "船舶", "电器", "泵阀", "汽配")),
    "material": (90, "C3021", "建材", ("建材", "水泥", "玻璃", "陶瓷", "混凝土", "石材")),
    "metal": (60, "C3130", "冶金", ("钢铁", "金属", "铝业", "铜业", "特钢")),
    "station": (70, "F5265", "加油加气", ("加油站", "加气站")),
    "ammonia": (46, "C1351", "涉氨制冷", ("冷链食品", "水产", "肉类食品", "冷冻食品")),
    "build": (80, "E4710", "建筑", ("建设工程", "建筑安装", "市政工程", "路桥")),
    "firework": (22, "F5169", "烟花爆竹", ("烟花爆竹", "烟花")),
    "mine": (26, "B1019", "矿山", ("采石场", "矿业", "石料")),
}
LUCK = (
    "恒",
    "瑞",
    "宏",
    "鑫",
    "盛",
    "华",
    "泰",
    "隆",
    "昌",
    "远",
    "兴",
    "嘉",
    "和",
    "信",
    "德",
    "安",
    "丰",
    "荣",
    "晟",
    "博",
    "禾",
    "润",
)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = (
    "伟",
    "敏",
    "静",
    "强",
    "磊",
    "洋",
    "艳",
    "勇",
    "军",
    "杰",
    "娟",
    "涛",
    "明",
    "超",
    "霞",
    "平",
    "刚",
    "立群",
    "启明",
    "建国",
    "志远",
    "海燕",
)


def uscc(region: str, rng: np.random.Generator) -> str:
    """A code of GB 32100 with both check digits right: 91, the region, an invented organisation code."""
    body = "MA" + "".join(ALPHABET[i] for i in rng.integers(0, 31, 6))
    values = [int(c) if c.isdigit() else ord(c) - 55 for c in body]
    left = 11 - sum(v * w for v, w in zip(values, ORG_WEIGHTS, strict=True)) % 11
    first = "91" + region + body + ("X" if left == 10 else "0" if left == 11 else str(left))
    total = sum(ALPHABET.index(c) * w for c, w in zip(first, WEIGHTS, strict=True))
    return first + ALPHABET[(31 - total % 31) % 31]


def person(rng: np.random.Generator) -> str:
    """An invented name."""
    return SURNAMES[int(rng.integers(len(SURNAMES)))] + GIVEN[int(rng.integers(len(GIVEN)))]


def phone(rng: np.random.Generator) -> str:
    """A number in a range that does not exist."""
    return f"0999-55{int(rng.integers(0, 100)):02d}-{int(rng.integers(0, 10000)):04d}"


def _place(rng: np.random.Generator, city: Geography, sector: str) -> tuple[str, shapely.Point]:
    if sector == "hazchem" and rng.random() < 0.62:
        x, y = rng.uniform(PARK[0] + 0.1, PARK[2] - 0.3), rng.uniform(PARK[1] + 0.1, PARK[3] - 0.1)
        return "990106201", shapely.Point(x, y)
    weights = np.array([radius**1.6 for *_, radius in TOWNS])
    if sector == "mine":
        weights = np.array([5.0 if code[:6] == "990121" else 0.05 for code, *_ in TOWNS])
    weights[[t[0] for t in TOWNS].index("990106201")] = 0.0
    code, _, x, y, radius = TOWNS[int(rng.choice(len(TOWNS), p=weights / weights.sum()))]
    spread = 2.2 if sector in ("mine", "firework", "station") else 1.0
    for _ in range(60):
        point = shapely.Point(x + rng.normal() * radius * 0.5 * spread, y + rng.normal() * radius * 0.5 * spread)
        if city.towns[code].contains(point) and not city.river.contains(point):
            return code, point
    return code, city.towns[code].representative_point()


NAMED: tuple[tuple[str, str, str, str, float, float, int], ...] = (
    ("云澜氯碱化工有限公司", "云澜氯碱", "hazchem", "990106201", 25.5, 16.3, 1),
    ("恒屿石化有限公司", "恒屿石化", "hazchem", "990106201", 26.6, 16.4, 1),
    ("听涛冷链食品有限公司", "听涛冷链", "ammonia", "990104001", 24.9, 24.0, 2),
    ("青屿采石场有限公司", "青屿采石场", "mine", "990121001", 4.2, 23.6, 2),
    ("盐港码头仓储有限公司", "盐港码头", "trade", "990106201", 28.0, 14.6, 2),
    ("浦口加油站", "浦口加油站", "station", "990102102", 21.2, 3.5, 3),
    ("盐港液化气储配有限公司", "盐港液化气", "hazchem", "990106101", 21.6, 11.0, 2),
)


def enterprises(rng: np.random.Generator, city: Geography) -> list[dict[str, Any]]:
    """The ledger; the firms of the pictures first."""
    rows = [_enterprise(rng, name, short, sector, town, shapely.Point(x, y), risk)
            for name, short, sector, town, x, y, risk in NAMED]  # fmt: skip
    names = {row["name"] for row in rows}
    for sector, (count, _, _, words) in SECTORS.items():
        for _ in range(count):
            town, point = _place(rng, city, sector)
            place = next(name for code, name, *_ in TOWNS if code == town)[:2]
            lead = "云澜" if rng.random() < 0.3 else place if rng.random() < 0.5 else ""
            luck = "".join(rng.choice(LUCK, 2, replace=False))
            word = words[int(rng.integers(len(words)))]
            short = lead + luck + word
            name = short if sector in ("station", "mine") and word.endswith(("站", "场")) else short + "有限公司"
            if name in names:
                continue
            names.add(name)
            rows.append(_enterprise(rng, name, short, sector, town, point, _risk(rng, sector)))
    return rows


RISKS = {"hazchem": (0.06, 0.22, 0.42), "mine": (0.03, 0.25, 0.45), "firework": (0.02, 0.28, 0.5),
         "ammonia": (0.02, 0.2, 0.5), "metal": (0.02, 0.15, 0.4)}  # fmt: skip
OTHER_RISKS = (0.0, 0.05, 0.25)
"""How likely red, orange and yellow are; the rest is blue."""


def _risk(rng: np.random.Generator, sector: str) -> int:
    chances = RISKS.get(sector, OTHER_RISKS)
    draw = rng.random()
    return 1 if draw < chances[0] else 2 if draw < sum(chances[:2]) else 3 if draw < sum(chances) else 4


def _yuan(ten_thousands: float) -> float:
    """Money is kept in yuan; firms think of their size in ten thousands of it."""
    return round(ten_thousands * 10_000, -3)


def _enterprise(
    rng: np.random.Generator, name: str, short: str, sector: str, town: str, point: shapely.Point, risk: int
) -> dict[str, Any]:
    district = next(n for code, n, *_ in DISTRICTS if code == town[:6])
    town_name = next(n for code, n, *_ in TOWNS if code == town)
    employees = int(np.clip(rng.lognormal(4.0, 0.9), 6, 4200))
    number = int(rng.integers(1, 288))
    address = (
        f"{district}{town_name}{'园区' if town == '990106201' else ''}{'一二三四五六七八'[number % 8]}路{number}号"
    )
    founded = date(1992, 1, 1) + timedelta(days=int(rng.integers(0, 11500)))
    graded = rng.random() < 0.7
    special = int(employees * rng.uniform(0.02, 0.2))
    return {
        "uscc": uscc(town[:6], rng), "name": name, "short_name": short, "sector": sector,
        "industry_code": SECTORS[sector][1], "status": "open" if rng.random() < 0.96 else "suspended", "risk": risk,
        "reg_address": address, "address": address, "town": town, "area": town, "legal_person": person(rng),
        "principal": person(rng), "principal_phone": phone(rng), "safety_head": person(rng), "safety_head_phone": phone(rng),
        "employees": employees,
        "scale": "large" if employees >= 1000 else "medium" if employees >= 300 else "small" if employees >= 20 else "micro",
        "revenue": _yuan(employees * float(rng.uniform(40, 160))), "assets": _yuan(employees * float(rng.uniform(20, 120))),
        "founded": founded, "scope_of_business": f"{SECTORS[sector][2]}相关产品生产、储存、销售", "safety_org": True,
        "safety_fulltime": max(1, employees // 100), "safety_parttime": employees // 60, "safety_engineers": employees // 300,
        "special_ops": special, "special_ops_certified": int(special * rng.uniform(0.85, 1.0)),
        "liability_insurance": bool(rng.random() < 0.8), "injury_insurance": bool(rng.random() < 0.95),
        "std_grade": str(int(rng.choice([2, 3, 3, 3]))) if graded else None,
        "std_expiry": date(2026, 1, 1) + timedelta(days=int(rng.integers(-200, 1000))) if graded else None,
        "credit_grade": str(rng.choice(["A", "A", "B", "B", "B", "C", "D"], p=[.2, .2, .2, .18, .15, .05, .02])),
        "blacklist": bool(rng.random() < 0.01), "reg_level": "district", "regulator": f"{district}应急管理局",
        "audit_state": "district", "point": point, "km": (point.x, point.y),
    }  # fmt: skip


def sites(rng: np.random.Generator, firms: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Boundaries of the firms that hold dangerous things."""
    rows = []
    for firm in firms:
        if firm["sector"] not in ("hazchem", "ammonia", "mine", "metal", "firework", "station"):
            continue
        x, y = firm["km"]
        w, h = rng.uniform(0.05, 0.24, 2)
        rows.append({"code": f"S{firm['uscc'][8:17]}", "enterprise": firm["uscc"], "name": f"{firm['short_name']}厂区",
                     "address": firm["address"], "ground": round(float(4 * w * h * 1e6), 0), "contact": firm["safety_head"],
                     "contact_phone": firm["safety_head_phone"], "area": firm["area"], "shape": shapely.box(x - w, y - h, x + w, y + h)})  # fmt: skip
    return rows


KINDS = (("toxic", "AT", "气体浓度", "ppm", 0.0, 100.0), ("level", "LT", "液位", "%", 0.0, 100.0),
         ("temperature", "TT", "温度", "℃", -20.0, 120.0), ("pressure", "PT", "压力", "MPa", 0.0, 2.5))  # fmt: skip


OFTEN, MINUTE, HOUR = 40, 60, 3600
"""As the demo reports: the first points each minute, the rest each hour, all of an enterprise by one data logger."""


def sensors(
    rng: np.random.Generator, tanks: list[dict[str, Any]], firms: list[dict[str, Any]], most: int
) -> list[dict[str, Any]]:
    """Measuring points: level, pressure and temperature on each tank, gas beside it, then fixed gas heads elsewhere."""
    by_code = {firm["uscc"]: firm for firm in firms}
    rows: list[dict[str, Any]] = []

    def add(
        firm: dict[str, Any], kind: tuple[Any, ...], name: str, x: float, y: float, medium: str | None, **more: Any
    ) -> None:
        code, letters, word, unit, low, high = kind
        limits = {"toxic": (None, None, 25.0, 50.0), "level": (10.0, 15.0, 80.0, 85.0), "temperature": (None, None, 55.0, 75.0),
                  "pressure": (None, None, 1.1, 1.4)}[code]  # fmt: skip
        number = len(rows) + 1
        rows.append({"code": f"P{number:05d}", "tag": f"{letters}-{200 + number % 800}", "name": f"{name}{word}",
                     "enterprise": firm["uscc"], "kind": code, "quantity": medium or word, "unit": unit, "range_low": low, "range_high": high,
                     "low_low": limits[0], "low": limits[1], "high": limits[2], "high_high": limits[3], "in_use": True,
                     "interval_seconds": MINUTE if number <= OFTEN else HOUR, "device": f"SCJ-{firm['uscc'][8:17]}",
                     "area": firm["area"], "point": shapely.Point(x, y), **more})  # fmt: skip

    for tank in tanks:
        firm = by_code[tank["enterprise"]]
        for kind in (KINDS[1], KINDS[3], KINDS[2], KINDS[0]):
            x, y = tank["point"].x + rng.uniform(-0.012, 0.012), tank["point"].y + rng.uniform(-0.012, 0.012)
            add(firm, kind, f"{firm['short_name']}{tank['name']}", x, y, tank["chemical"], tank=tank["code"],
                hazard_source=tank["hazard_source"])  # fmt: skip
    others = [firm for firm in firms if firm["sector"] in ("hazchem", "ammonia", "metal", "trade", "machine")]
    while len(rows) < most:
        firm = others[int(rng.integers(len(others)))]
        kind = KINDS[0] if rng.random() < 0.7 else KINDS[2]
        x, y = firm["km"][0] + rng.uniform(-0.08, 0.08), firm["km"][1] + rng.uniform(-0.08, 0.08)
        add(
            firm,
            kind,
            f"{firm['short_name']}{'车间库房泵区装置'[2 * (len(rows) % 4) : 2 * (len(rows) % 4) + 2]}",
            x,
            y,
            None,
        )
    return rows[:most]


def cameras(rng: np.random.Generator, firms: list[dict[str, Any]], most: int = 200) -> list[dict[str, Any]]:
    """Cameras at the firms with the worst grades first."""
    chosen = sorted(firms, key=lambda firm: firm["risk"])[: most // 2]
    rows = []
    for n in range(most):
        firm = chosen[n % len(chosen)]
        x, y = firm["km"][0] + rng.uniform(-0.06, 0.06), firm["km"][1] + rng.uniform(-0.06, 0.06)
        rows.append({"code": f"C{n + 1:04d}", "name": f"{firm['short_name']}{('东门', '罐区东', '装卸台', '中控室外')[n % 4]}",
                     "enterprise": firm["uscc"], "kind": ("ptz", "bullet")[n % 2], "state": "online" if rng.random() < 0.93 else "offline",
                     "azimuth": float(rng.integers(0, 360)), "field_of_view": 62.0, "height": 6.0, "area": firm["area"],
                     "point": shapely.Point(x, y)})  # fmt: skip
    return rows
