"""`onemap scenario …`: a scenario's file checked, spelt anew and computed."""

import getpass
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from app.commands.handout import handout_scenario
from app.commands.history import place_of, print_history
from app.commands.options import Data, settings_with
from app.commands.sweep import sweep_scenario
from app.keeping import Archive, record
from app.planning import Planning
from core.actors import Actor
from core.caller import Caller
from core.clock import CHINA, utc_now
from core.scope import SYSTEM_SCOPE
from emergency.chain import answered
from emergency.chain.history import history
from emergency.exposure import People, exposure
from emergency.grids import cog, ground
from emergency.keeping import difference
from emergency.result import Result
from emergency.scenario import Scenario, read_file, spelt
from emergency.scenario import scenario as scenario_of
from emergency.wind_band import Turning, Turnings
from emergency.zones import Level
from layers.catalogue import CATALOGUE, SCENARIOS
from layers.codes import code_list
from layers.coverage import COVERAGES
from store.attachments import Cabinet
from store.audit import AuditEntry
from store.opening import open_store
from store.query import Order, Query
from store.rasters import RasterShelf
from store.series import open_series

File = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="情景文件 / YAML or JSON")]

scenario = typer.Typer(no_args_is_help=True, help="情景 / scenarios of consequences")


@scenario.command("check")
def check(file: File) -> None:
    """检查情景文件,按国际单位重写 / Check a file and print it in SI, line by line comparable."""
    print(spelt(read_file(file)), end="")


@scenario.command("schema")
def schema() -> None:
    """情景文件的 JSON Schema / The JSON Schema of scenarios."""
    print(json.dumps(Scenario.model_json_schema(), ensure_ascii=False, indent=2))


scenario.command("sweep")(sweep_scenario)
scenario.command("handout")(handout_scenario)


@scenario.command("run")
def run(
    file: File,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="结果 JSON / the result as JSON")] = None,
    geojson: Annotated[Path | None, typer.Option(help="影响区 GeoJSON / the zones as GeoJSON")] = None,
    data: Annotated[
        Path | None,
        typer.Option(help="数据目录,给出则统计区内人口和目标并给出风向带 / count who is inside, and band the wind"),
    ] = None,
    grid: Annotated[
        Path | None,
        typer.Option(metavar="TIF", help="地面最大值网格,GeoTIFF / the ground's highest values as a COG"),
    ] = None,
    at_place: Annotated[
        str | None, typer.Option("--at", metavar="LON,LAT", help="该点随时间的变化 / a place in time, outdoors and in")
    ] = None,
    air_changes: Annotated[
        float | None, typer.Option(help="--at 室内换气次数,次/小时 / air changes an hour of the house at the place")
    ] = None,
) -> None:
    """计算情景:影响区、数值、适用性和回执 / Compute a scenario: zones, figures, validity and receipt."""
    asked, at = read_file(file), utc_now()
    turning = _turning(asked, at, data) if data else None
    found = answered(asked, at=at, code_version=version("onemap"), turning=turning)
    if output:
        output.write_bytes(found.to_json())
    if geojson:
        geojson.write_text(json.dumps(found.geojson(), ensure_ascii=False), "utf-8")
    _print(found)
    if data:
        _print_inside(found, data)
    if grid:
        grid.write_bytes(cog(ground(scenario_of(found.receipt.given), code_version=version("onemap"))))
    if at_place:
        print_history(history(scenario_of(found.receipt.given), place_of(at_place), air_changes=air_changes))


@scenario.command("keep")
def keep(
    file: File,
    data: Data = None,
    enterprise: Annotated[str, typer.Option(help="所属企业 / the enterprise it belongs to")] = "",
) -> None:
    """计算情景并连同影响区、结果和网格保存 / Compute a scenario and keep it with zones, result and grid."""
    asked = read_file(file)
    with _archive(data) as (archive, planning):
        where = archive.where(asked, SYSTEM_SCOPE, enterprise)
        actor = Actor(id=f"cli:{getpass.getuser()}", name="命令行", door="cli")
        caller = Caller(actor=actor, scope=SYSTEM_SCOPE)
        row = record(archive.keep(planning.computed(asked.inputs(), caller), where, caller))
    mark = "" if row.verified else " 未核实 / unverified"
    print(f"{row.code} {row.title} {row.fingerprint[:16]}…{mark}")


@scenario.command("kept")
def list_kept(
    data: Data = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="至多几条 / how many")] = 50,
) -> None:
    """列出保存的情景,新的在前 / List the kept scenarios, newest first."""
    with _archive(data) as (archive, _):
        query = Query(order=(Order("made_at", descending=True),), limit=limit, geometry=False)
        rows = archive.store.read(SCENARIOS, query, scope=SYSTEM_SCOPE).to_pylist()
    for row in rows:
        state = code_list("scenario_state").label(row["state"])
        made = row["made_at"].astimezone(CHINA)
        print(f"{row['code']} {made:%Y-%m-%d %H:%M} {state} {row['title']} {row['area']} {row['made_by']}")


@scenario.command("diff")
def diff(first: File, second: File) -> None:
    """逐行比较两个情景文件,不同则以 1 退出 / Compare two files line by line; leaves with 1 where they differ."""
    lines = difference(spelt(read_file(first)), spelt(read_file(second)))
    changed = [line for line in lines if line.mark != " "]
    for line in changed:
        print(f"{line.mark} {line.text}")
    if changed:
        raise typer.Exit(1)


@contextmanager
def _archive(data: Path | None) -> Iterator[tuple[Archive, Planning]]:
    """The kept scenarios of a data folder, and what computes them."""
    settings = settings_with(data=data)
    store = open_store(settings.data, settings.database_url, CATALOGUE, utc_now)
    with closing(store), closing(open_series(settings.data / "series", store)) as series:
        shelf = RasterShelf(store, settings.data / "rasters", COVERAGES, utc_now)
        cabinet = Cabinet(store, settings.data / "files", utc_now, largest=settings.largest_upload)
        yield Archive(store, cabinet, utc_now), Planning(store, shelf, series, utc_now, _unrecorded)


def _unrecorded(_: AuditEntry) -> None:
    """Who commands the machine reads the store itself: what a scenario listed of it is recorded for callers only."""


def _turning(wish: Scenario, at: datetime, data: Path) -> Turning | None:
    """What the nearest station saw of the wind, for the bands; one with readings enough, or none."""
    settings = settings_with(data=data)
    store = open_store(settings.data, settings.database_url, CATALOGUE, utc_now)
    with closing(store), closing(open_series(settings.data / "series", store)) as series:
        return Turnings(store, series).near(wish.place.point, at=at, scope=SYSTEM_SCOPE)


def _print_inside(found: Result, data: Path) -> None:
    settings = settings_with(data=data)
    store = open_store(settings.data, settings.database_url, CATALOGUE, utc_now)
    with closing(store):
        shelf = RasterShelf(store, settings.data / "rasters", COVERAGES, utc_now)
        inside = exposure(found.zones, found.source, store=store, shelf=shelf, scope=SYSTEM_SCOPE)
    for zone in found.zones:
        people = next((one for one in inside.people or () if one.severity == zone.level.severity), None)
        if people is not None:
            print(f"{_named(zone.level)}: {_people(people)}")
    rows = inside.counts().astype({"kind": "string"}).fillna({"kind": ""})
    for severity, layer, kind, count in rows[["severity", "layer", "kind", "count"]].to_numpy().tolist():
        level = next(zone.level for zone in found.zones if zone.level.severity == severity)
        title = CATALOGUE[layer].title
        print(f"{_named(level)}: {title.zh} / {title.en} {kind} {count}")
    for left in inside.left_out:
        print(f"未统计 / not counted: {left.zh} / {left.en}")


def _named(level: Level) -> str:
    return f"{level.name.zh} / {level.name.en}"


def _people(inside: People) -> str:
    """A number only where there is data for it, and "at least" where there is for a part."""
    if inside.known < NOTHING:
        return "没有人口数据 / no population data"
    count = f"{inside.residents:,.0f}"
    if inside.known > WHOLE:
        return f"约 {count} 人 / about {count} people"
    share = f"{inside.known:.0%}"
    return f"至少 {count} 人,仅 {share} 的面积有数据 / at least {count} people, with data for {share} of it"


NOTHING = 0.005
WHOLE = 0.999
"""From here a zone counts as covered by the population raster."""


def _print(found: Result) -> None:
    for zone in found.zones:
        mark = "" if zone.verified else " 未核实 / unverified"
        least = "" if zone.cut == "none" else "≥ "
        cut = "" if zone.cut == "none" else f" {zone.cut.text.zh} / {zone.cut.text.en}"
        reach = f"{least}{zone.distance:,.0f} m, {zone.area / 1e6:.3f} km2"
        print(f"{_named(zone.level)}: {reach}{mark}{cut}")
    for figure in found.figures:
        print(f"{figure.title.zh} / {figure.title.en}: {figure.value:.4g} {figure.unit}")
    for one in found.outside:
        print(
            f"超出适用范围 / outside validity: {one.title.zh} / {one.title.en} {one.value:g} {one.unit}, "
            f"{one.low:g}–{one.high:g}"
        )
    for note in found.notes:
        print(f"注意 / note: {note.zh} / {note.en}")
    receipt = found.receipt
    print(f"证据 / evidence: {receipt.evidence.title.zh} / {receipt.evidence.title.en}")
    made = f"onemap {receipt.code_version} {receipt.computed_at:%Y-%m-%dT%H:%MZ}"
    print(f"回执 / receipt: {receipt.fingerprint[:16]}… {made}")
