"""Land, sea, river, districts, towns, roads, blocks and buildings."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize, unary_union

from scripts.city.frame import blob, smooth, wiggled

CITY_CODE = "990100"

DISTRICTS = (
    ("990102", "云澜市区", "Yunlan Central", (14.0, 9.0)),
    ("990106", "盐港新区", "Yangang New Area", (22.0, 15.5)),
    ("990104", "听涛新区", "Tingtao New Area", (24.0, 25.0)),
    ("990121", "青屿县", "Qingyu County", (3.0, 18.0)),
)

TOWNS = (
    ("990102001", "云湖街道", 13.2, 9.4, 2.9), ("990102002", "澜滨街道", 16.6, 8.3, 2.0),
    ("990102003", "文昌街道", 11.6, 6.6, 1.6), ("990102101", "桥头镇", 3.2, 7.6, 1.1),
    ("990102102", "浦口镇", 21.6, 3.8, 1.4), ("990102103", "南塘镇", 10.6, 1.6, 0.9),
    ("990106001", "盐港街道", 20.8, 17.4, 1.5), ("990106101", "盐港镇", 20.6, 11.6, 1.6),
    ("990106102", "石浦镇", 15.4, 15.6, 1.0), ("990106201", "盐港化工园区", 26.2, 15.6, 2.2),
    ("990104001", "听涛街道", 24.2, 24.4, 2.4), ("990104101", "观澜镇", 27.2, 20.8, 0.9),
    ("990104102", "双桥镇", 17.6, 21.4, 1.1), ("990104103", "北湾镇", 28.2, 30.0, 1.0),
    ("990121001", "青屿镇", 2.9, 22.2, 2.0), ("990121101", "白岩镇", 7.0, 26.8, 0.9),
    ("990121102", "石梁镇", 9.0, 17.4, 1.1), ("990121103", "临澜镇", 1.6, 13.4, 0.8),
)  # fmt: skip

COAST = (
    (31.0, 34.0), (31.6, 30.5), (30.4, 28.6), (31.2, 26.4), (29.6, 24.6), (29.2, 22.4), (27.9, 21.0), (28.3, 19.4),
    (28.4, 18.0), (28.9, 17.7), (28.9, 13.6), (26.9, 13.5), (26.9, 11.9), (27.9, 10.8), (27.2, 9.6), (26.0, 8.4),
    (25.6, 6.8), (27.0, 5.4), (30.2, 3.6), (32.4, 2.2), (33.8, 0.4), (34.4, -3.0),
)  # fmt: skip
RIVER = ((-4.0, 20.6), (0.0, 19.4), (3.4, 17.2), (6.4, 14.6), (9.4, 13.2), (12.2, 11.4), (15.2, 10.6), (17.6, 9.2),
         (20.2, 9.8), (23.0, 9.0), (25.0, 9.6), (28.4, 9.8))  # fmt: skip
PARK = (24.3, 13.8, 28.6, 17.7)

MOTORWAYS = (
    ("沿海高速", ((11.0, 34.0), (12.6, 28.0), (15.6, 23.0), (18.6, 20.0), (19.2, 14.0), (18.9, 9.0), (18.2, 4.0),
                 (18.4, -3.0))),
    ("青盐高速", ((-4.0, 25.6), (4.0, 24.4), (10.0, 22.6), (17.0, 20.8), (21.8, 22.4), (25.4, 29.0), (27.0, 34.0))),
)  # fmt: skip
TRUNKS = (
    ("盐港大道", ((14.2, 9.2), (18.9, 12.2), (22.0, 14.6), (24.3, 15.8))),
    ("云青路", ((14.2, 9.2), (10.0, 13.9), (6.0, 18.4), (2.9, 22.2))),
    ("听涛路", ((14.2, 9.2), (16.0, 14.8), (18.4, 19.6), (22.0, 22.4), (24.2, 24.4))),
    ("滨海路", ((24.2, 24.4), (26.4, 21.4), (23.6, 18.2), (22.6, 14.8), (21.6, 11.4), (21.8, 7.0), (21.6, 3.8))),
    ("云桥路", ((14.2, 9.2), (9.0, 8.0), (3.2, 7.6), (-4.0, 6.6))),
    ("云浦路", ((14.2, 9.2), (16.6, 6.6), (21.6, 3.8), (27.0, 3.6), (32.0, 1.4))),
    ("南塘路", ((14.2, 9.2), (12.4, 5.0), (10.6, 1.6), (9.8, -3.0))),
    ("石梁路", ((14.2, 9.2), (15.4, 15.6), (9.0, 17.4), (1.6, 13.4), (-4.0, 12.4))),
    ("北湾路", ((24.2, 24.4), (27.4, 27.2), (28.2, 30.0), (28.0, 34.0))),
)  # fmt: skip
URBAN_NAMES = (
    "人民",
    "建设",
    "解放",
    "文化",
    "新华",
    "和平",
    "团结",
    "朝阳",
    "东风",
    "胜利",
    "海棠",
    "银杏",
    "紫荆",
    "望海",
)


@dataclass(slots=True)
class Geography:
    """Everything drawn, in kilometres of the frame."""

    land: BaseGeometry
    sea: BaseGeometry
    river: BaseGeometry
    ground: BaseGeometry = field(default_factory=shapely.Polygon)
    districts: dict[str, BaseGeometry] = field(default_factory=dict)
    towns: dict[str, BaseGeometry] = field(default_factory=dict)
    urban: dict[str, BaseGeometry] = field(default_factory=dict)
    roads: list[dict[str, Any]] = field(default_factory=list)
    blocks: list[BaseGeometry] = field(default_factory=list)
    buildings: list[dict[str, Any]] = field(default_factory=list)


def geography(rng: np.random.Generator) -> Geography:
    """The whole city's ground."""
    frame = shapely.box(-4, -3, 42, 34)
    coast = wiggled(np.asarray(COAST), rng, 0.22)
    quay = np.array([(28.4, 18.0), (28.9, 17.7), (28.9, 13.6), (26.9, 13.5), (26.9, 11.9)])
    north = coast[coast[:, 1] > 18.2]
    south = coast[coast[:, 1] < 11.7]
    shore = np.vstack([north, quay, south])
    land = shapely.Polygon([*map(tuple, shore), (-4, -3), (-4, 34)]).buffer(0)
    island = blob(33.6, 21.6, 0.9, rng, 0.7).union(blob(35.6, 13.0, 0.45, rng))
    centre = wiggled(smooth(RIVER), rng, 0.16)
    widths = np.interp(np.arange(len(centre)), [0, len(centre) * 0.8, len(centre)], [0.13, 0.24, 0.75])
    pieces = [shapely.LineString(centre[i : i + 2]).buffer(widths[i]) for i in range(len(centre) - 1)]
    river = unary_union(pieces).simplify(0.01)
    land = land.difference(river.intersection(shapely.box(27.2, 8.0, 31, 12))).union(island).intersection(frame)
    city = Geography(land=land, sea=frame.difference(land), river=river.intersection(land))
    _divide(city, rng)
    _urban(city, rng)
    _roads(city, rng)
    _buildings(city, rng)
    beyond = shapely.Polygon([(29.0, 60.0), (30.0, 44.0), *map(tuple, shore), (38.0, -14.0), (41.0, -40.0), (-60.0, -40.0),
                              (-60.0, 60.0)]).buffer(0)  # fmt: skip
    city.ground = beyond.union(land).difference(river)
    city.sea = shapely.box(-60, -40, 100, 60).difference(city.ground)
    return city


def _divide(city: Geography, rng: np.random.Generator) -> None:
    seats = shapely.MultiPoint([(x, y) for _, _, x, y, _ in TOWNS])
    cells = list(shapely.voronoi_polygons(seats, extend_to=shapely.box(-8, -8, 46, 40)).geoms)
    for code, _, x, y, _ in TOWNS:
        cell = next(c for c in cells if c.contains(shapely.Point(x, y)))
        city.towns[code] = cell.intersection(city.land)
    park = shapely.box(*PARK).buffer(0.25)
    for code in city.towns:
        inside = city.towns[code].difference(park) if code != "990106201" else park.intersection(city.land)
        city.towns[code] = inside
    leftover = city.land.difference(unary_union(list(city.towns.values())))
    city.towns["990106001"] = city.towns["990106001"].union(leftover)
    for code, _, _, _ in DISTRICTS:
        city.districts[code] = unary_union([shape for town, shape in city.towns.items() if town[:6] == code])


def _urban(city: Geography, rng: np.random.Generator) -> None:
    for code, _, x, y, radius in TOWNS:
        if code == "990106201":
            city.urban[code] = shapely.box(*PARK).intersection(city.land)
        else:
            city.urban[code] = blob(x, y, radius, rng, rng.uniform(0.75, 1.1)).intersection(city.land)


def _roads(city: Geography, rng: np.random.Generator) -> None:
    add = city.roads.append
    for kind, roads in (("motorway", MOTORWAYS), ("trunk", TRUNKS)):
        for name, points in roads:
            line = shapely.LineString(wiggled(smooth(points), rng, 0.08, 0.4)).intersection(city.land.buffer(0.3))
            add({"name": name, "kind": kind, "lanes": 6 if kind == "motorway" else 4,
                 "speed_limit": 120 if kind == "motorway" else 70, "line": line})  # fmt: skip
    seats = {code: (x, y) for code, _, x, y, _ in TOWNS}
    for code, (x, y) in seats.items():
        near = sorted(seats, key=lambda c: (seats[c][0] - x) ** 2 + (seats[c][1] - y) ** 2)[1:3]
        for other in near:
            if other > code:
                ends = [
                    (x, y),
                    ((x + seats[other][0]) / 2 + rng.normal() * 0.3, (y + seats[other][1]) / 2),
                    seats[other],
                ]
                line = shapely.LineString(wiggled(smooth(ends), rng, 0.1, 0.4)).intersection(city.land)
                add({"name": f"{_town_name(code)[:2]}{_town_name(other)[0]}路", "kind": "primary", "lanes": 4,
                     "speed_limit": 60, "line": line})  # fmt: skip
    for code, _, x, y, radius in TOWNS:
        _streets(city, rng, code, x, y, radius)


def _town_name(code: str) -> str:
    return next(name for c, name, *_ in TOWNS if c == code)


def _streets(city: Geography, rng: np.random.Generator, code: str, x: float, y: float, radius: float) -> None:
    urban = city.urban[code]
    park = code == "990106201"
    step = 0.62 if park else 0.24 + 0.05 * radius
    turn = 0.0 if park else rng.uniform(-0.5, 0.5)
    reach = 2.6 * radius
    lines = []
    for axis in (0, 1):
        for n, offset in enumerate(np.arange(-reach, reach + step, step)):
            ends = np.array([(-reach, offset), (reach, offset)] if axis == 0 else [(offset, -reach), (offset, reach)])
            spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
            middle = (26.5, 15.75) if park else (x, y)
            line = shapely.LineString(ends @ spin.T + middle).intersection(urban)
            if line.is_empty or line.length < step:
                continue
            lines.append(line)
            main = n % 3 == 0
            ordinal = "一二三四五六七八九十"[n % 10]
            word = URBAN_NAMES[int(rng.integers(len(URBAN_NAMES)))]
            way = "路" if axis == 0 else "街"
            name = f"园区{ordinal}{way}" if park else f"{word}{'东西南北中'[n % 5]}{way}" if main else None
            city.roads.append({"name": name, "kind": "secondary" if main else "residential", "lanes": 2,
                               "speed_limit": 40 if main else 30, "line": line})  # fmt: skip
    net = unary_union([*lines, urban.boundary])
    found = [p for p in polygonize(net) if urban.contains(p.representative_point())]
    for block in found:
        inner = block.buffer(-0.022, join_style="mitre").difference(city.river.buffer(0.03))
        if not inner.is_empty and inner.area > 0.004:
            city.blocks.append(inner)


def _buildings(city: Geography, rng: np.random.Generator) -> None:
    park = shapely.box(*PARK)
    for block in city.blocks:
        inside = block.centroid
        industrial = park.contains(inside)
        if not industrial and rng.random() > 0.5:
            continue
        west, south, east, north = block.bounds
        count = 14 if industrial else int(rng.integers(3, 9))
        for _ in range(count):
            w, h = (rng.uniform(0.03, 0.12, 2) if industrial else rng.uniform(0.015, 0.06, 2)).tolist()
            x, y = rng.uniform(west, max(west, east - w)), rng.uniform(south, max(south, north - h))
            shape = shapely.box(x, y, x + w, y + h)
            if block.contains(shape):
                floors = int(rng.integers(1, 4)) if industrial else int(rng.integers(2, 26))
                height = round(floors * (6.0 if industrial else 3.0), 1)
                kind = "industrial" if industrial else "residential"
                city.buildings.append({"kind": kind, "floors": floors, "height": height, "shape": shape})
