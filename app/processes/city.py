"""What the workbench does with the city as processes: a scenario computed, and what is inside zones of any origin."""

from typing import Any

import orjson
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from app.planning import Planning
from core.caller import Caller
from core.errors import BadInputError
from core.texts import Text
from dashboards.planner.answer import answer, told_exposure
from emergency.scenario import Scenario
from emergency.zones import Level, Zone
from gis.measure import area
from gis.shapes import LonLat
from ogc.processes.process import Json, Mode, Part, Process, Value, Values
from store.audit import Kind

DOOR = "processes"
GEOJSON = "application/geo+json"
MOST_ZONES, MOST_VERTICES = 50, 20_000
FEATURES: Json = {"type": "object", "required": ["type", "features"], "properties": {"type": {"type": "string"}}}
INSIDE = Part(
    name="inside", title=Text("区域内的人员、保护目标、危险源与道路", "people, targets, hazards and roads inside"),
    about=Text("按调用者权限;看不到的类别列在 left_out", "under the caller's rights; left_out names the rest"),
    schema={"type": "object"},
)  # fmt: skip
ZONES_IN_ORDER = Text(
    "多边形要素,properties.severity 为级别(1 最重),缺省按次序",
    "polygons; properties.severity is the rank (1 the worst), in the order given if absent",
)


def scenario_process(planning: Planning) -> Process:
    """A scenario as the workbench computes it."""

    def run(asked: Json, caller: Caller) -> Values:
        one = planning.computed(asked["scenario"], caller)
        planning.record(one, caller, kind=Kind.READ, door=DOOR)
        told = answer(one.scenario, one.result, one.inside, planning.store.catalogue, caller.lang)
        return {
            "result": Value(value=told["result"]),
            "zones": Value(value=told["geojson"], media_type=GEOJSON),
            "inside": Value(value=told["exposure"]),
            "validity": Value(value={"valid": told["valid"], "checks": told["checks"], "notes": told["notes"]}),
            "evidence": Value(
                value={**told["evidence"], "verified": told["verified"], "models": told["models"], "data": told["data"]}
            ),
        }

    return Process(
        id="scenario",
        title=Text("情景推演", "Scenario"),
        about=Text(
            "由情景文件算出分区、数值、曲线与收据,并按调用者权限统计区内人员与目标",
            "Zones, figures, curves and the receipt of a scenario, and who is inside under the caller's rights",
        ),
        inputs=(
            Part(
                name="scenario", title=Text("情景", "scenario"),
                about=Text("同 onemap scenario 的文件:SI 数或 12 mm 等写法", "as in the files; SI, or `12 mm`"),
                schema={"$id": "urn:onemap:scenario:1", **Scenario.model_json_schema()},
            ),
        ),
        outputs=(
            Part(name="result", title=Text("推演结果", "result"), schema={"type": "object"}),
            Part(
                name="zones", title=Text("分区(GeoJSON)", "zones (GeoJSON)"),
                schema={**FEATURES, "contentMediaType": GEOJSON},
            ),
            INSIDE,
            Part(name="validity", title=Text("适用性", "validity"), schema={"type": "object"}),
            Part(name="evidence", title=Text("证据等级、模型与数据", "evidence and data"), schema={"type": "object"}),
        ),
        run=run, modes=(Mode.SYNC, Mode.ASYNC), always=("validity", "evidence"),
    )  # fmt: skip


def exposure_process(planning: Planning) -> Process:
    """What is inside zones that somebody else computed."""

    def run(asked: Json, caller: Caller) -> Values:
        zones = _zones(asked["zones"], asked.get("source"))
        inside = planning.inside(zones, caller, door=DOOR)
        return {INSIDE.name: Value(value=told_exposure(inside, planning.store.catalogue, caller.lang))}

    point = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
    return Process(
        id="exposure",
        title=Text("区域内的人员与目标", "Who and what is inside zones"),
        about=Text(
            "按人口栅格计常住人口,列出保护目标、危险源与道路;以调用者权限为限",
            "Residents by the raster, protection targets, hazard sources and roads, within the caller's rights",
        ),
        inputs=(
            Part(
                name="zones", title=Text("分区(GeoJSON,经度在前)", "zones (GeoJSON, longitude first)"),
                about=ZONES_IN_ORDER, schema={**FEATURES, "contentMediaType": GEOJSON},
            ),
            Part(
                name="source", title=Text("事故点(经度、纬度)", "source (longitude, latitude)"), required=False,
                about=Text("距离由此起算,缺省为最重区的形心", "distances are from here, else the worst zone's middle"),
                schema=point,
            ),
        ),
        outputs=(INSIDE,),
        run=run,
    )  # fmt: skip


def _zones(given: Any, source: Any) -> list[Zone]:
    """Zones of a feature collection. Raises BadInputError that says which feature is wrong."""
    features = given.get("features") if isinstance(given, dict) else None
    if not isinstance(features, list) or not 1 <= len(features) <= MOST_ZONES:
        raise _refused("zones", f"应为 1 至 {MOST_ZONES} 个要素的集合", f"must be 1 to {MOST_ZONES} features")
    shapes = [_polygon(one, number) for number, one in enumerate(features)]
    if sum(shapely.get_num_coordinates(one) for one in shapes) > MOST_VERTICES:
        raise _refused("zones", f"顶点超过 {MOST_VERTICES}", f"more than {MOST_VERTICES} vertices")
    ranks = [_rank(one, number) for number, one in enumerate(features, 1)]
    worst = shapes[ranks.index(min(ranks))]
    point = _point(source) if source is not None else LonLat(*worst.centroid.coords[0])
    return [
        Zone(
            level=Level(name=Text(f"区域 {rank}", f"zone {rank}"), value=0.0, unit="", severity=rank, verified=False),
            source=point, shape=one, distance=0.0, area=area(one), model="",
        )
        for one, rank in zip(shapes, ranks, strict=True)
    ]  # fmt: skip


def _polygon(feature: Any, number: int) -> BaseGeometry:
    try:
        found = shapely.from_geojson(orjson.dumps(feature["geometry"]))
    except (ShapelyError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise _refused(f"zones.features.{number}", "几何不能读取", "its geometry cannot be read") from error
    if (corners := int(shapely.get_num_coordinates(found))) > MOST_VERTICES:  # before anything weighs each of them
        said = f"zones.features.{number}"
        raise _refused(
            said, f"有 {corners} 个顶点,超过 {MOST_VERTICES}", f"has {corners} vertices, over {MOST_VERTICES}"
        )
    if found.geom_type not in ("Polygon", "MultiPolygon") or found.is_empty or not found.is_valid:
        raise _refused(f"zones.features.{number}", "应为有效的多边形", "must be a valid polygon")
    west, south, east, north = found.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise _refused(f"zones.features.{number}", "坐标应为经度、纬度", "coordinates must be longitude, latitude")
    return shapely.force_2d(found)


def _rank(feature: Json, number: int) -> int:
    properties = feature.get("properties") or {}
    said = properties.get("severity", number) if isinstance(properties, dict) else number
    if isinstance(said, bool) or not isinstance(said, int) or not 1 <= said <= 1000:
        raise _refused(f"zones.features.{number - 1}.properties.severity", "应为 1 至 1000 的整数", "must be 1 to 1000")
    return said


def _point(given: Any) -> LonLat:
    numbers = isinstance(given, list) and len(given) == 2 and all(type(one) in (int, float) for one in given)
    if not numbers or not (-180 <= given[0] <= 180 and -90 <= given[1] <= 90):
        raise _refused("source", "应为 [经度, 纬度]", "must be [longitude, latitude]")
    return LonLat(float(given[0]), float(given[1]))


def _refused(field: str, zh: str, en: str) -> BadInputError:
    return BadInputError(Text(f"{field}{zh}", f"{field} {en}"), field=field)
