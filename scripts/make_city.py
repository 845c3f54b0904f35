"""Make the demo city 云澜市: `python scripts/make_city.py` writes data/samples, the same bytes at every run.

`--scale N --out DIR` writes a benchmark set instead: the city with N enterprises and N/2 sensors (440,000 at most).
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from layers.catalogue import CATALOGUE  # noqa: E402
from layers.layer import Geometry, Layer  # noqa: E402
from scripts.city import crowd, firms, hazards, office, rasters, resources  # noqa: E402
from scripts.city.frame import degrees  # noqa: E402
from scripts.city.geography import CITY_CODE, DISTRICTS, PARK, TOWNS, Geography, geography  # noqa: E402
from scripts.city.junctions import joined  # noqa: E402
from store.schema import ARROW  # noqa: E402

SEED = 20261123
FORM = {"compression": "zstd", "store_schema": False}
GROWN = ("enterprises", "sensors")
OURS = frozenset({"point", "shape", "line", "km"})


def table(layer: Layer, rows: list[dict[str, Any]]) -> pa.Table:
    """Rows as the layer's columns; a field the layer does not have is a mistake of the generator."""
    names = {name for row in rows for name in row} - OURS
    unknown = names - set(layer.fields)
    if unknown:
        raise SystemExit(f"{layer.id}: no such fields {sorted(unknown)}")
    columns: dict[str, Any] = {
        name: pa.array([row.get(name) for row in rows], ARROW[spec.kind])
        for name, spec in layer.fields.items()
        if name in names or name == "source"
    }
    columns["source"] = pa.array(["演示数据生成器"] * len(rows))
    if layer.geometry is not Geometry.NONE:
        shapes = degrees(
            np.array([row.get("point") or row.get("shape") or row.get("line") for row in rows], dtype=object)
        )
        if layer.geometry is Geometry.POLYGON:
            shapes = [_multi(shapely.make_valid(s), "Polygon", shapely.MultiPolygon) for s in shapes]
        elif layer.geometry is Geometry.LINE:
            shapes = [_multi(s, "LineString", shapely.MultiLineString) for s in shapes]
        columns["geometry"] = pa.array(list(shapely.to_wkb(np.array(shapes, dtype=object))), pa.binary())
    return pa.table(columns)


def _multi(shape: Any, part: str, whole: Any) -> Any:
    """All the parts of one kind, however deep a collection nests them."""
    found = shapely.get_parts(shapely.get_parts(shape)).tolist()
    parts = [p for p in found if p.geom_type == part]
    if not parts:
        raise SystemExit(f"a shape has no {part}: {shape.geom_type}")
    return whole(parts)


def base_layers(city: Geography) -> dict[str, list[dict[str, Any]]]:
    """Areas, grids, roads, buildings, water, land use, places."""
    people = {"990102": 612_000, "990106": 238_000, "990104": 296_000, "990121": 140_000}
    areas = [{"code": CITY_CODE, "name": "云澜市", "name_en": "Yunlan", "level": "city", "residents": rasters.TOTAL,
              "area": CITY_CODE, "shape": shapely.union_all(list(city.districts.values()))}]  # fmt: skip
    areas += [{"code": code, "name": name, "name_en": english, "level": "district", "parent": CITY_CODE, "area": code,
               "residents": people[code], "shape": city.districts[code]} for code, name, english, _ in DISTRICTS]  # fmt: skip
    areas += [{"code": code, "name": name, "level": "town", "parent": code[:6], "area": code, "shape": city.towns[code]}
              for code, name, *_ in TOWNS]  # fmt: skip
    grids = []
    for code, name, *_ in TOWNS:
        west, south, east, north = city.urban[code].bounds
        for n, (i, j) in enumerate([(i, j) for i in range(3) for j in range(3)]):
            w, h = (east - west) / 3, (north - south) / 3
            cell = shapely.box(west + i * w, south + j * h, west + (i + 1) * w, south + (j + 1) * h)
            cell = cell.intersection(city.towns[code])
            if not cell.is_empty and cell.area > 0.01:
                grids.append(
                    {
                        "code": f"{code}{n + 1:03d}",
                        "name": f"{name}第{n + 1}网格",
                        "town": code,
                        "area": code,
                        "shape": cell,
                    }
                )
    roads = [{"code": f"RD{n + 1:05d}", "name": road["name"] or "", "kind": road["kind"], "lanes": road["lanes"],
              "speed_limit": float(road["speed_limit"]), "area": CITY_CODE, "line": line}
             for n, (road, line) in enumerate(zip(city.roads, joined(city.roads), strict=True)) if not line.is_empty]  # fmt: skip
    buildings = [{"code": f"BD{n + 1:05d}", "kind": b["kind"], "floors": b["floors"], "height": b["height"], "area": CITY_CODE,
                  "shape": b["shape"]} for n, b in enumerate(city.buildings)]  # fmt: skip
    water = [{"code": "WT001", "name": "盐港湾", "kind": "sea", "area": CITY_CODE, "shape": city.sea},
             {"code": "WT002", "name": "澜河", "kind": "river", "area": CITY_CODE, "shape": city.river}]  # fmt: skip
    land = [{"code": "LU0001", "kind": "land", "area": CITY_CODE, "shape": city.ground}]
    land += [{"code": f"LU1{n:03d}", "name": name, "kind": "chemical_park" if code == "990106201" else "urban", "area": code,
              "shape": city.urban[code]} for n, (code, name, *_) in enumerate(TOWNS)]  # fmt: skip
    land += [{"code": f"LU2{n:03d}", "name": name, "kind": "park", "area": CITY_CODE,
              "shape": shapely.Point(x, y).buffer(r).intersection(city.land)}
             for n, (name, x, y, r) in enumerate((("白岩山森林公园", 11.6, 25.6, 1.1), ("澜滨湿地公园", 17.4, 10.4, 0.5), ("望海公园", 27.6, 24.4, 0.5)))]  # fmt: skip
    places = [{"code": f"PL{code}", "name": name, "name_en": english, "kind": "district", "rank": 1, "area": code,
               "point": shapely.Point(x, y)} for code, name, english, (x, y) in
              (("990102", "云澜市区", "Yunlan Central", (14.4, 5.6)), ("990106", "盐港新区", "Yangang", (21.2, 19.4)),
               ("990104", "听涛新区", "Tingtao", (24.4, 28.2)), ("990121", "青屿县", "Qingyu", (3.2, 25.4)))]  # fmt: skip
    places += [{"code": f"PL{code}", "name": name, "kind": "town", "rank": 2, "area": code, "point": shapely.Point(x, y - 0.3)}
               for code, name, x, y, _ in TOWNS if name.endswith("镇")]  # fmt: skip
    west, south, east, north = PARK
    places += [{"code": "PLPARK", "name": "盐港化工园区", "kind": "industrial", "rank": 2, "area": "990106201",
                "point": shapely.Point((west + east) / 2, north + 0.5)},
               {"code": "PLBAY", "name": "盐港湾", "kind": "water", "rank": 2, "area": CITY_CODE, "point": shapely.Point(31.6, 11.2)},
               {"code": "PLRIVER", "name": "澜河", "kind": "water", "rank": 2, "area": CITY_CODE, "point": shapely.Point(7.2, 14.4)},
               {"code": "PLISLE", "name": "青屿岛", "kind": "island", "rank": 2, "area": CITY_CODE, "point": shapely.Point(33.6, 20.6)}]  # fmt: skip
    return {
        "areas": areas,
        "grids": grids,
        "roads": roads,
        "buildings": buildings,
        "water": water,
        "landuse": land,
        "places": places,
    }


def stations() -> list[dict[str, Any]]:
    """Weather stations."""
    sites = (("WS01", "云澜国家站", 14.0, 10.2), ("WS02", "盐港化工园站", 25.6, 17.2), ("WS03", "盐港码头站", 28.4, 14.2),
             ("WS04", "听涛站", 24.0, 25.2), ("WS05", "青屿站", 3.4, 21.6), ("WS06", "浦口站", 22.0, 4.4))  # fmt: skip
    return [{"code": code, "name": name, "elevation": 8.0, "anemometer_height": 10.0, "area": CITY_CODE,
             "point": shapely.Point(x, y)} for code, name, x, y in sites]  # fmt: skip


def make(out: Path, scale: int | None = None) -> dict[str, str]:
    """Write everything; the answer is the SHA-256 of each file. `scale` enterprises in all, sensors for half of them."""
    rng = np.random.default_rng(SEED)
    city = geography(rng)
    cells, *_ = rasters.people(rng, city)
    ground = rasters.heights(rng, city)
    ledger = firms.enterprises(rng, city)
    if scale is not None and scale < len(ledger):
        raise SystemExit(f"--scale {scale} is below the {len(ledger)} enterprises of the city itself")
    places = firms.sites(rng, ledger)
    sources, tanks = hazards.hazards(rng, ledger, places, lambda ground: rasters.people_outside(cells, ground, 0.5))
    by_code = {firm["uscc"]: firm for firm in ledger}
    for source in sources:
        firm = by_code[source["enterprise"]]
        firm[f"mhi_{source['grade']}"] = firm.get(f"mhi_{source['grade']}", 0) + 1
    points = firms.sensors(rng, tanks, ledger, 2000)
    rows = {"enterprises": ledger, "sites": places, "hazard_sources": sources, "tanks": tanks, "sensors": points,
            "cameras": firms.cameras(rng, ledger), "weather_stations": stations(), **resources.resources(rng, city),
            "accidents": resources.accidents(rng, ledger), "notices": office.notices(), "schedules": office.schedules(),
            **base_layers(city)}  # fmt: skip
    out.mkdir(parents=True, exist_ok=True)
    tables = {layer.id: table(layer, rows[layer.id]) for layer in CATALOGUE if layer.id in rows}
    for name, made in tables.items():
        if scale is None or name not in GROWN:
            pq.write_table(made, out / f"{name}.parquet", **FORM)
    if scale is not None:
        grow(out, city, tables["enterprises"], tables["sensors"], scale)
    rasters.write_rasters(out / "rasters", cells, ground, city, rng)
    files = [*(out / f"{name}.parquet" for name in tables), *sorted((out / "rasters").glob("*.tif"))]
    hashes = {path.relative_to(out).as_posix(): sha256(path) for path in files}
    about = {"seed": SEED, "reference": resources.REFERENCE.isoformat(), "population": rasters.TOTAL, "sha256": hashes}
    (out / "city.json").write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n")
    return hashes


def grow(out: Path, city: Geography, ledger: pa.Table, points: pa.Table, scale: int) -> None:
    """The city's enterprises and sensors with a crowd behind them, written piece by piece."""
    more = scale - ledger.num_rows
    heads = max(0, min(crowd.MOST_SENSORS, scale // 2) - points.num_rows)
    done = 0
    with (
        pq.ParquetWriter(out / "enterprises.parquet", ledger.schema, **FORM) as firm_file,
        pq.ParquetWriter(out / "sensors.parquet", points.schema, **FORM) as point_file,
    ):
        firm_file.write_table(ledger)
        point_file.write_table(points)
        for made in crowd.enterprises(SEED, city, more, ledger.schema):
            firm_file.write_table(made)
            share = min(heads - done, -(-heads * made.num_rows // more))
            if share > 0:
                point_file.write_table(crowd.sensors(SEED, made, points.num_rows + done + 1, share, points.schema))
                done += share


def sha256(path: Path) -> str:
    """The hash of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "data" / "samples")
    parser.add_argument("--scale", type=int, help="enterprises in all")
    given = parser.parse_args()
    for name, digest in make(given.out, given.scale).items():
        print(digest[:16], name)
