"""What helps and what must be protected: teams, depots, materials, hospitals, shelters, stations, schools; accidents."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import shapely

from core.clock import CHINA
from scripts.city.firms import person, phone
from scripts.city.geography import DISTRICTS, TOWNS, Geography

REFERENCE = datetime(2026, 11, 23, tzinfo=UTC)
"""The day the files speak of; the loader moves every date by the days gone since."""


def _near(rng: np.random.Generator, city: Geography, code: str, spread: float = 0.55) -> shapely.Point:
    _, _, x, y, radius = next(town for town in TOWNS if town[0] == code)
    for _ in range(80):
        point = shapely.Point(x + rng.normal() * radius * spread, y + rng.normal() * radius * spread)
        if city.towns[code].contains(point) and not city.river.contains(point):
            return point
    return city.towns[code].representative_point()


def _town(rng: np.random.Generator) -> tuple[str, str, str]:
    weights = np.array([radius**1.5 for *_, radius in TOWNS])
    code, name, *_ = TOWNS[int(rng.choice(len(TOWNS), p=weights / weights.sum()))]
    return code, name, next(n for c, n, *_ in DISTRICTS if c == code[:6])


def _base(rng: np.random.Generator, city: Geography, prefix: str, number: int) -> tuple[dict[str, Any], str, str]:
    code, town, district = _town(rng)
    street = "人民建设文化望海"[2 * (number % 4) : 2 * (number % 4) + 2]
    address = f"{district}{town}{street}路{int(rng.integers(1, 300))}号"
    return (
        {"code": f"{prefix}{number:04d}", "area": code, "address": address, "point": _near(rng, city, code)},
        town,
        district,
    )


def resources(rng: np.random.Generator, city: Geography) -> dict[str, list[dict[str, Any]]]:
    """Rows by layer."""
    rows: dict[str, list[dict[str, Any]]] = {}
    rows["fire_stations"] = []
    for n in range(1, 25):
        base, town, _ = _base(rng, city, "FS", n)
        kind = ("special", "first", "second", "second")[n % 4]
        rows["fire_stations"].append({**base, "name": f"{town[:2]}{'特勤' if n % 4 == 0 else ''}消防救援站{n}号", "kind": kind,
            "people": int(rng.integers(18, 56)), "engines": int(rng.integers(3, 11)), "foam": float(rng.integers(2, 26)),
            "hazmat": n % 4 == 0, "duty_phone": phone(rng)})  # fmt: skip
    rows["hospitals"] = []
    for n in range(1, 41):
        base, town, district = _base(rng, city, "HP", n)
        name = (
            f"{district}人民医院" if n <= 4 else f"{town[:2]}{('中心卫生院', '中医院', '社区卫生服务中心')[n % 3]}{n}"
        )
        beds = int(rng.integers(400, 1600)) if n <= 4 else int(rng.integers(20, 300))
        rows["hospitals"].append({**base, "name": name, "beds": beds, "icu_beds": beds // 30, "burn_unit": n <= 3,
            "poison_unit": n <= 5, "hyperbaric": n <= 3, "ambulances": max(1, beds // 120), "emergency_phone": phone(rng)})  # fmt: skip
    rows["shelters"] = []
    for n in range(1, 121):
        base, town, _ = _base(rng, city, "SH", n)
        word = ("中学操场", "体育馆", "文化广场", "公园")[n % 4]
        rows["shelters"].append({**base, "name": f"{town[:2]}{word}避难场所{n}", "places": int(rng.integers(3, 60)) * 100,
            "indoor": n % 4 == 1, "open_now": False, "contact": person(rng), "contact_phone": phone(rng)})  # fmt: skip
    rows["teams"] = []
    kinds = ("hazchem", "fire", "mine", "medical", "enterprise", "volunteer")
    words = ("危险化学品救援队", "综合救援队", "矿山救护队", "医疗救护队", "专职消防队", "志愿救援队")
    for n in range(1, 61):
        base, town, district = _base(rng, city, "TM", n)
        rows["teams"].append({**base, "name": f"{town[:2]}{words[n % 6]}", "kind": kinds[n % 6], "unit": f"{district}应急管理局",
            "people": int(rng.integers(8, 60)), "on_duty": int(rng.integers(4, 12)), "vehicles": int(rng.integers(1, 9)),
            "skills": [("堵漏", "洗消", "侦检", "破拆")[n % 4]], "turnout_minutes": int(rng.integers(3, 30)),
            "leader": person(rng), "leader_phone": phone(rng), "duty_phone": phone(rng)})  # fmt: skip
    rows["depots"] = []
    for n in range(1, 31):
        base, town, district = _base(rng, city, "DP", n)
        rows["depots"].append({**base, "name": f"{town[:2]}应急物资库{n}", "unit": f"{district}应急管理局",
            "floor_area": float(rng.integers(2, 40)) * 50, "keeper": person(rng), "keeper_phone": phone(rng), "duty_phone": phone(rng)})  # fmt: skip
    rows["materials"] = []
    goods = (("foam", "抗溶性泡沫液", "t", 20), ("neutraliser", "碱液", "t", 12), ("absorbent", "吸附棉", "箱", 90),
             ("protective", "重型防化服", "套", 40), ("breathing", "正压式空气呼吸器", "具", 60), ("detector", "有毒气体检测仪", "台", 25),
             ("plugging", "堵漏工具", "套", 8), ("pump", "大功率排水泵", "台", 6), ("boom", "围油栏", "m", 900), ("sand", "消防沙", "t", 50),
             ("tent", "救灾帐篷", "顶", 120), ("light", "移动照明灯", "台", 14))  # fmt: skip
    for depot in rows["depots"]:
        for kind, name, unit, size in goods:
            rows["materials"].append({"code": f"MT{len(rows['materials']) + 1:05d}", "name": name, "depot": depot["code"], "kind": kind,
                "quantity": float(max(1, int(size * rng.lognormal(0, 0.5)))), "unit": unit,
                "expiry": date(2027, 1, 1) + timedelta(days=int(rng.integers(0, 1500))),
                "checked_on": REFERENCE.date() - timedelta(days=int(rng.integers(1, 90))), "area": depot["area"],
                "point": depot["point"]})  # fmt: skip
    rows["protection_targets"] = _targets(rng, city)
    return rows


def _targets(rng: np.random.Generator, city: Geography) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    named = (("school", "盐港中学", "990106101", 22.9, 13.0, 2180, 460), ("school", "盐港中心小学", "990106101", 21.6, 12.2, 1320, 0),
             ("nursing", "盐港敬老院", "990106101", 22.3, 12.6, 164, 164), ("hospital", "盐港镇卫生院", "990106101", 21.0, 11.9, 210, 90))  # fmt: skip
    for kind, name, code, x, y, day, night in named:
        rows.append({"code": f"PT{len(rows) + 1:04d}", "name": name, "kind": kind, "people_day": day, "people_night": night,
                     "contact": person(rng), "contact_phone": phone(rng), "area": code, "address": f"盐港新区{name}",
                     "point": shapely.Point(x, y)})  # fmt: skip
    words = {
        "school": ("小学", "中学"),
        "kindergarten": ("幼儿园",),
        "nursing": ("养老院",),
        "residential": ("新村", "花园", "家园"),
    }
    for _ in range(260):
        kind = str(rng.choice(["school", "kindergarten", "nursing", "residential"], p=[0.25, 0.2, 0.12, 0.43]))
        base, town, _ = _base(rng, city, "PT", len(rows) + 1)
        word = words[kind][int(rng.integers(len(words[kind])))]
        day, night = {
            "school": (1400, 120),
            "kindergarten": (320, 0),
            "nursing": (150, 150),
            "residential": (900, 2400),
        }[kind]
        size = float(rng.lognormal(0, 0.5))
        rows.append({**base, "name": f"{town[:2]}{'第' + '一二三四五六七八九'[len(rows) % 9]}{word}" if kind != "residential"
                     else f"{town[:2]}{'海棠银杏紫荆望海'[2 * (len(rows) % 4) : 2 * (len(rows) % 4) + 2]}{word}", "kind": kind,
                     "people_day": int(day * size), "people_night": int(night * size), "contact": person(rng),
                     "contact_phone": phone(rng)})  # fmt: skip
    return rows


TYPES = {"machine": ("03", "04", "09"), "build": ("09", "010", "01"), "hazchem": ("08", "019", "018", "07"), "mine": ("01", "011", "013"),
         "metal": ("07", "03", "08"), "trade": ("02", "08", "01"), "material": ("03", "010", "02"), "ammonia": ("019", "03"),
         "station": ("08", "018"), "firework": ("014", "08")}  # fmt: skip
TYPE_NAMES = {"01": "物体打击", "02": "车辆伤害", "03": "机械伤害", "04": "起重伤害", "07": "灼烫", "08": "火灾", "09": "高处坠落",
              "010": "坍塌", "011": "冒顶片帮", "013": "放炮", "014": "火药爆炸", "018": "其他爆炸", "019": "中毒和窒息"}  # fmt: skip


def accidents(rng: np.random.Generator, firms: list[dict[str, Any]], count: int = 400) -> list[dict[str, Any]]:
    """Five years of accidents; levels by deaths, serious injuries and loss (Decree 493 art. 3)."""
    weights = np.array([{1: 6.0, 2: 3.0, 3: 1.6, 4: 1.0}[firm["risk"]] for firm in firms])
    rows: list[dict[str, Any]] = []
    for n in range(count):
        firm = firms[int(rng.choice(len(firms), p=weights / weights.sum()))]
        kind = str(rng.choice(TYPES[firm["sector"]]))
        back = int(rng.integers(1, 365 * 5))
        at = REFERENCE - timedelta(days=back, minutes=int(rng.integers(0, 1440)))
        local = at.astimezone(CHINA)
        deaths = int(rng.choice([0, 1, 2, 3, 4], p=[0.72, 0.22, 0.04, 0.012, 0.008]))
        serious = int(rng.choice([0, 1, 2, 4, 11], p=[0.55, 0.33, 0.1, 0.015, 0.005]))
        loss = float(np.round(rng.lognormal(3.6, 1.1), 1))
        level = 3 if deaths >= 3 or serious >= 10 or loss >= 1000 else 4
        angle, off = rng.uniform(0, 6.28), rng.uniform(0, 0.05)
        point = shapely.Point(firm["km"][0] + off * np.cos(angle), firm["km"][1] + off * np.sin(angle))
        rows.append({"code": f"SG{local:%Y}{n + 1:04d}", "name": f"{firm['short_name']}“{local.month}·{local.day}”{TYPE_NAMES[kind]}事故",
            "kind": kind, "level": level, "occurred_at": at, "enterprise": firm["uscc"], "enterprise_name": firm["name"],
            "sector": firm["sector"], "deaths": deaths, "serious_injuries": serious, "minor_injuries": int(rng.integers(0, 4)),
            "direct_loss": loss * 10_000.0, "address": firm["address"], "area": firm["area"],
            "summary": f"{firm['name']}作业过程中发生{TYPE_NAMES[kind]}。", "point": point})  # fmt: skip
    return rows
