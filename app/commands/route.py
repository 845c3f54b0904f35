"""`onemap route FROM TO`: a route on the roads of the data folder, round what is to be avoided."""

import json
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from app.commands.options import Data, settings_with
from app.keeping import Archive
from app.routing.desk import RouteDesk
from app.routing.net import RoadNet
from core.actors import Actor
from core.caller import Caller
from core.clock import CHINA, from_iso, utc_now
from core.errors import BadInputError
from core.scope import SYSTEM_SCOPE
from core.texts import Text, real
from layers.catalogue import CATALOGUE
from store.attachments import Cabinet
from store.opening import open_store

PLACE = "LON,LAT|LAYER/KEY"


def route_command(
    start: Annotated[str, typer.Argument(metavar="FROM", help=f"起点 / start: {PLACE}")],
    end: Annotated[str, typer.Argument(metavar="TO", help=f"终点 / end: {PLACE}")],
    data: Data = None,
    scenario: Annotated[str, typer.Option(help="避开该保存情景的影响区 / keep out of a kept scenario's zones")] = "",
    avoid: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="避让区 GeoJSON / polygons to keep out of")
    ] = None,
    blocked: Annotated[list[str] | None, typer.Option(help="封闭道路编号 / code of a closed road")] = None,
    depart: Annotated[str, typer.Option(help="出发时刻 / when it sets out, with offset")] = "",
    height: Annotated[float | None, typer.Option(help="车高,米 / height of the vehicle, m")] = None,
    upwind: Annotated[bool, typer.Option("--upwind", help="从上风向接近情景的源 / approach from upwind")] = False,
    geojson: Annotated[Path | None, typer.Option(help="路线 GeoJSON / the route as GeoJSON")] = None,
) -> None:
    """按路网计算路线,避开影响区和封闭道路 / A route on the roads, round zones and closed roads."""
    given: dict[str, Any] = {"from": _place(start), "to": _place(end)}
    given |= {"scenario": scenario} if scenario else {}
    given |= {"avoid": _polygons(avoid)} if avoid else {}
    given |= {"blocked": [{"road": code} for code in blocked]} if blocked else {}
    given |= {"depart": depart} if depart else {}
    given |= {"vehicle": {"height": height}} if height else {}
    given |= {"approach": "upwind"} if upwind else {}
    settings = settings_with(data=data)
    with closing(open_store(settings.data, settings.database_url, CATALOGUE, utc_now)) as store:
        cabinet = Cabinet(store, settings.data / "files", utc_now, largest=settings.largest_upload)
        desk = RouteDesk(store=store, net=RoadNet(store), archive=Archive(store, cabinet, utc_now), clock=utc_now)
        told = desk.routes(given, Caller(actor=Actor(id="cli", name="命令行", door="cli"), scope=SYSTEM_SCOPE))
    if geojson:
        geojson.write_text(json.dumps(told["route"], ensure_ascii=False), "utf-8")
    _print(told)


def _place(said: str) -> list[float] | dict[str, str]:
    layer, slash, key = said.partition("/")
    if slash:
        return {"layer": layer, "key": key}
    try:
        lon, lat = (real(one) for one in said.split(","))
    except ValueError as error:
        raise BadInputError(
            Text(f"“{said}”应为 经度,纬度 或 图层/编号", f"{said!r} should be {PLACE}"), value=said
        ) from error
    return [lon, lat]


def _polygons(file: Path) -> list[Any]:
    try:
        given = json.loads(file.read_bytes())
    except ValueError as error:
        raise BadInputError(Text(f"{file.name} 不是 JSON", f"{file.name} is not JSON"), field="avoid") from error
    if isinstance(given, dict) and isinstance(given.get("features"), list):
        return [one.get("geometry") for one in given["features"] if isinstance(one, dict)]
    return [given.get("geometry", given) if isinstance(given, dict) else given]


def _print(told: dict[str, Any]) -> None:
    way = told["route"]["properties"]
    times = [datetime.strftime(from_iso(way[name]).astimezone(CHINA), "%H:%M:%S") for name in ("departs", "arrives")]
    km, straight = (f"{way[name] / 1000:.1f} km" for name in ("length_m", "straight_m"))
    print(f"{km}  {way['duration_s'] / 60:.1f} 分钟 / min  {times[0]} → {times[1]}  直线 / straight {straight}")
    for step in way["steps"]:
        wait = f"  先等 / wait {step['waits_s'] / 60:.1f} min" if step["waits_s"] else ""
        far = f"{step['length_m']:7.0f} m {step['duration_s'] / 60:5.1f} min"
        print(f"  {step['turn']:4} {step['name'] or '-':16} {far}{wait}")
    avoided = "、".join(told["avoided"])
    mark = "是 / yes" if way["avoids"] else f"否 / NO ({way['exposure_s'] / 60:.1f} min)"
    print(f"避开 / avoids {avoided or '-'}: {mark}")
    for notice in (*told["notices"], *way["notices"], way["not_known"]):
        print(f"! {notice}")
