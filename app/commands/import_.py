"""`onemap import`: a table or a raster into the city; the work is done in `app/imports`."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.commands.serve import Data, settings_with
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
from layers.readers.tabular import read_table
from layers.record import Datum
from store.opening import open_store
from store.rasters import Provenance, RasterShelf

CLI = Actor(id="cli", name="命令行导入", door="cli")


def import_command(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV、XLSX 或 GeoTIFF / the file")],
    layer: Annotated[str | None, typer.Option(help="图层 / layer id")] = None,
    coverage: Annotated[str | None, typer.Option(help="栅格:population、terrain、imagery / coverage id")] = None,
    mapping: Annotated[list[str] | None, typer.Option("--map", help="字段=表头,可多次 / FIELD=HEADING")] = None,
    constant: Annotated[list[str] | None, typer.Option("--set", help="字段=取值,可多次 / FIELD=VALUE")] = None,
    datum: Annotated[Datum | None, typer.Option(help="来源坐标系 / source datum")] = None,
    encoding: Annotated[str | None, typer.Option(help="文件编码 / encoding")] = None,
    faults: Annotated[Path | None, typer.Option(help="错误清单写入此 CSV 或 XLSX / write the faults here")] = None,
    good_only: Annotated[bool, typer.Option(help="只装入合格行 / keep the good rows")] = False,
    dry_run: Annotated[bool, typer.Option(help="只检查,不装入 / check only")] = False,
    anywhere: Annotated[bool, typer.Option(help="允许中国以外的坐标 / places outside China")] = False,
    source: Annotated[str, typer.Option(help="栅格的数据来源 / who made the raster")] = "",
    observed: Annotated[str | None, typer.Option(help="栅格的数据日期,如 2020 或 2020-11-01 / its date")] = None,
    verified: Annotated[bool, typer.Option(help="栅格已对照原始资料核实 / the raster was verified")] = False,
    data: Data = None,
) -> None:
    """导入表格或栅格:任何一行有误则整个不装入 / Import a table or raster, whole or not at all."""
    if (layer is None) == (coverage is None):
        raise BadInputError(Text("请给出 --layer 或 --coverage 之一", "give one of --layer and --coverage"))
    settings = settings_with(data=data)
    if coverage is not None:
        about = Provenance(source=source, observed_at=day_of(observed), verified=verified)
        keep_raster(file, coverage, about, settings, dry_run=dry_run)
        return
    table = read_table(file, encoding=encoding, datum=datum)
    wish = Wish(
        stated=pairs(mapping, "--map"), constants=pairs(constant, "--set"), good_only=good_only, dry_run=dry_run,
        faults=faults, anywhere=anywhere,
    )  # fmt: skip
    store = open_store(settings.data, settings.database_url, CATALOGUE, utc_now)
    try:
        target = layer_named(CATALOGUE, str(layer))
        outcome = import_table(store, target, table, wish, actor=CLI, scope=SYSTEM_SCOPE, clock=utc_now, name=file.name)
    finally:
        store.close()
    for line in told(outcome):
        print(line)
    raise typer.Exit(outcome.status)


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
