"""`onemap import`: a table or a raster into the city; the work is done in `app/imports`."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from app.commands.options import Data, one_of, settings_with
from app.imports.progress import Progress
from app.imports.rasters import import_raster
from app.imports.tables import Wish, import_table
from app.imports.telling import raster_told, told
from app.settings import Settings
from core.actors import Actor
from core.clock import CHINA, utc_now
from core.errors import BadInputError
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from layers.catalogue import CATALOGUE
from layers.coverage import COVERAGES
from layers.coverage import coverage as coverage_named
from layers.layer import Catalogue, Layer
from layers.readers.delivery import Stated
from layers.readers.process import read
from layers.record import Datum
from store.opening import open_store
from store.rasters import Provenance, RasterShelf

CLI = Actor(id="cli", name="命令行导入", door="cli")
DATUMS = "、".join(datum.value for datum in Datum)
PLACES = ("lon", "lat", "geometry")
WHAT = partial(typer.Option, rich_help_panel="读什么 / what is read")
MEANING = partial(typer.Option, rich_help_panel="怎样理解 / how it is meant")
HOW = partial(typer.Option, rich_help_panel="怎样装入 / how it is kept")
RASTER = partial(typer.Option, rich_help_panel="栅格的出处 / provenance of a raster")


def import_command(
    file: Annotated[Path, typer.Argument(help="文件 / the file")],
    layer: Annotated[str | None, WHAT(help="装入哪个图层,如 enterprises / layer id")] = None,
    coverage: Annotated[str | None, WHAT(help="栅格:population、terrain、imagery / coverage id")] = None,
    table: Annotated[str | None, WHAT(help="工作表、GeoPackage 图层或 zip 内的 Shapefile / which table")] = None,
    heading_row: Annotated[int, WHAT(min=1, max=100, help="表头在第几行 / the heading's row")] = 1,
    mapping: Annotated[
        list[str] | None, MEANING("--map", help="字段=表头,可多次;坐标列:lon=、lat=、geometry= / FIELD=HEADING")
    ] = None,
    constant: Annotated[list[str] | None, MEANING("--set", help="字段=取值,填入每一行 / FIELD=VALUE")] = None,
    datum: Annotated[
        Datum | None,
        MEANING(parser=one_of(Datum, "--datum"), metavar="DATUM", help=f"来源坐标系 / source datum: {DATUMS}"),
    ] = None,
    crs: Annotated[str | None, MEANING(help="坐标的投影,如 EPSG:4549 / reference system")] = None,
    encoding: Annotated[str | None, MEANING(help="文字编码,如 GB18030 / encoding")] = None,
    dry_run: Annotated[bool, HOW("--dry-run", help="只检查,不装入 / check only")] = False,
    good_only: Annotated[bool, HOW("--good-only", help="舍去有误的行,装入其余 / keep the good rows")] = False,
    only_new: Annotated[bool, HOW("--only-new", help="主键已在库中的行算有误 / refuse keys that exist")] = False,
    replace: Annotated[
        bool, HOW("--replace", help="整行替换:文件没有的列也清空 / whole rows: columns the file lacks are emptied")
    ] = False,
    repair: Annotated[bool, HOW("--repair", help="修复不合法的几何,并逐行注明 / mend invalid geometry")] = False,
    anywhere: Annotated[bool, HOW("--anywhere", help="允许中国以外的坐标 / places outside China")] = False,
    faults: Annotated[Path | None, HOW(help="错误清单写入此 CSV 或 XLSX / write the faults here")] = None,
    source: Annotated[str, RASTER(help="数据来源 / who made it")] = "",
    observed: Annotated[str | None, RASTER(help="数据日期,如 2020 或 2020-11-01 / its date")] = None,
    verified: Annotated[bool, RASTER("--verified", help="已对照原始资料核实 / it was verified")] = False,
    data: Data = None,
) -> None:
    """导入表格、地图数据或栅格:任何一行有误则整个不装入 / Import tables, map data, rasters, whole or not at all.

    表格:CSV、XLSX。地图数据:Shapefile(或其 zip)、GeoPackage、GeoJSON、OpenStreetMap(.osm、.osm.pbf)。栅格:GeoTIFF。
    格式由文件内容判断;编码、坐标系能认则认,不能认时请说明。

    退出码:0 全部装入;1 未装入任何行;2 命令写错;3 按 --good-only 装入了合格行。
    Exit status: 0 all kept; 1 nothing kept; 2 wrong command; 3 the good rows kept.
    """
    if (layer is None) == (coverage is None):
        raise BadInputError(Text("请给出 --layer 或 --coverage 之一", "give one of --layer and --coverage"))
    settings = settings_with(data=data)
    if coverage is not None:
        about = Provenance(source=source, observed_at=day_of(observed), verified=verified)
        keep_raster(file, coverage, about, settings, dry_run=dry_run)
        return
    target = layer_named(CATALOGUE, str(layer))
    mapped = pairs(mapping, "--map")
    places: dict[str, str] = {name: mapped.pop(name) for name in PLACES if name in mapped}
    stated = Stated(
        encoding=encoding, datum=datum, crs=crs, table=table, heading_row=heading_row, coordinates=places,
        spoken_for=tuple(mapped.values()), preset=target.id, repair=repair,
    )  # fmt: skip
    wish = Wish(
        stated=mapped, constants=pairs(constant, "--set"), good_only=good_only, only_new=only_new, dry_run=dry_run,
        faults=faults, anywhere=anywhere, replace=replace,
    )  # fmt: skip
    raise typer.Exit(keep_table(file, target, stated, wish, settings))


def keep_table(file: Path, layer: Layer, stated: Stated, wish: Wish, settings: Settings) -> int:
    """A table or map file read elsewhere, checked and kept; the answer is the exit status."""
    progress = Progress()
    try:
        delivery = read(file, stated, progress=partial(progress, Text("读取", "reading")))
        store = open_store(settings.data, settings.database_url, CATALOGUE, utc_now)
        try:
            outcome = import_table(
                store, layer, delivery, wish, actor=CLI, scope=SYSTEM_SCOPE, clock=utc_now, name=file.name,
                progress=progress,
            )  # fmt: skip
        finally:
            store.close()
    finally:
        progress.close()
    for line in told(outcome, delivery.notes):
        print(line)
    return outcome.status


def keep_raster(file: Path, coverage_id: str, about: Provenance, settings: Settings, *, dry_run: bool) -> None:
    """A raster put into use, or only checked, and what was found in it."""
    store = open_store(settings.data, settings.database_url, CATALOGUE, utc_now)
    try:
        shelf = RasterShelf(store, settings.data / "rasters", COVERAGES, utc_now)
        facts = import_raster(shelf, file, coverage_id, about, actor=CLI, dry_run=dry_run)
    finally:
        store.close()
    for line in raster_told(coverage_named(coverage_id), facts, about, kept=not dry_run):
        print(line)


def day_of(text: str | None) -> datetime | None:
    """The first moment of a year, month or day of China; what is none of them is refused."""
    if text is None:
        return None
    for form in ("%Y-%m-%d", "%Y-%m", "%Y"):
        try:
            return datetime.strptime(text.strip(), form).replace(tzinfo=CHINA)
        except ValueError:
            continue
    raise BadInputError(
        Text(f"--observed {text} 应写作 2020、2020-11 或 2020-11-01", f"--observed {text} must be like 2020-11-01"),
        field="observed",
    )


def pairs(options: list[str] | None, option: str) -> dict[str, str]:
    """`FIELD=VALUE` options as a mapping."""
    found = {}
    for text in options or ():
        name, mark, value = text.partition("=")
        if not mark or not name.strip() or not value.strip():
            raise BadInputError(
                Text(f"{option} 应写作 字段=值,给出的是“{text}”", f"{option} takes FIELD=VALUE, not {text!r}"),
                option=option,
            )
        found[name.strip()] = value.strip()
    return found


def layer_named(catalogue: Catalogue, layer_id: str) -> Layer:
    """A layer by its id; BadInputError lists those there are."""
    if layer_id not in catalogue:
        known = "、".join(layer.id for layer in catalogue)
        raise BadInputError(
            Text(f"没有图层“{layer_id}”,可用:{known}", f"no layer {layer_id!r}; there are: {known}"), layer=layer_id
        )
    return catalogue[layer_id]
