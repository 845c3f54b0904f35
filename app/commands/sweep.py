"""`onemap scenario sweep`: one scenario in many weathers, to a table."""

import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import typer
from shapely.geometry.base import BaseGeometry

from app.commands.options import settings_with
from core.clock import utc_now
from core.errors import BadInputError, NotFoundError
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from emergency.population import residents
from emergency.scenario import Scenario, read_file
from emergency.sweep import sweep
from emergency.weathers import every_combination, read_weathers
from emergency.wind_rose import Roses
from gis.zonal import Inside
from layers.catalogue import CATALOGUE
from layers.coverage import COVERAGES, POPULATION
from store.opening import open_store
from store.rasters import RasterShelf
from store.series import open_series

File = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="情景文件 / YAML or JSON")]


WORTH_A_PROCESS = 5000
"""Weathers: a process takes seconds to start, and as long to compute a few thousand."""


def sweep_scenario(
    file: File,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="TABLE", help="输出 .parquet 或 .csv / the table, by its ending")
    ],
    weathers: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="气象表 CSV 或 Parquet / a table of weathers")
    ] = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=A,B,…", help="各取值的全部组合,可重复 / every combination; may be repeated"),
    ] = None,
    rose: Annotated[
        bool, typer.Option("--rose", help="最近气象站的风玫瑰 / the wind rose of the nearest station; needs --data")
    ] = False,
    people: Annotated[bool, typer.Option("--people", help="统计各区人口 / people in each zone; needs --data")] = False,
    data: Annotated[Path | None, typer.Option(help="数据目录 / the data folder")] = None,
    workers: Annotated[
        int,
        typer.Option(min=1, max=64, help="并行进程数,每 5,000 行至多一个 / processes, one for 5,000 rows"),
    ] = 1,
) -> None:
    """多种气象下的同一情景:各限值的距离与面积,每种气象一行 / One scenario in many weathers, a row each."""
    if output.suffix not in (".parquet", ".csv"):
        raise BadInputError(
            Text("输出文件应以 .parquet 或 .csv 结尾", "the output ends in .parquet or .csv"), field="output",
            value=output.name,
        )  # fmt: skip
    if (weathers is not None) + bool(vary) + rose != 1:
        raise BadInputError(
            Text("气象请用 --weathers、--vary、--rose 之一给出", "give weathers by one of --weathers, --vary, --rose"),
            field="weathers",
        )
    if (rose or people) and data is None:
        raise BadInputError(Text("--rose 和 --people 需要 --data", "--rose and --people need --data"), field="data")
    asked = read_file(file)
    with ExitStack() as held:
        if weathers is not None:
            table = read_weathers(weathers)
        else:
            table = every_combination(_varied(vary)) if vary else _rose(asked, data, held)
        counting = _counting(data, held) if people else None
        at_work = max(1, min(workers, table.num_rows // WORTH_A_PROCESS))
        found = sweep(asked, table, code_version=version("onemap"), people=counting, workers=at_work)
        held.enter_context(closing(found))
        writer: pq.ParquetWriter | pacsv.CSVWriter | None = None
        for one in found:
            if writer is None:
                writer = held.enter_context(_writer(output, one.table.schema))
            writer.write_table(one.table)
            print(f"{one.done}/{one.total}", file=sys.stderr)
    print(f"{table.num_rows} 种气象 / weathers → {output}")


def _writer(output: Path, schema: pa.Schema) -> pq.ParquetWriter | pacsv.CSVWriter:
    return pq.ParquetWriter(output, schema) if output.suffix == ".parquet" else pacsv.CSVWriter(output, schema)


def _varied(vary: Sequence[str]) -> dict[str, list[object]]:
    """`wind_speed=1.5,3` as a name and its values; what is no number stays a text."""
    found: dict[str, list[object]] = {}
    for one in vary:
        name, equals, values = one.partition("=")
        if not equals or not values:
            raise BadInputError(Text(f"--vary “{one}” 应为 名称=值,值", f"--vary {one!r} is NAME=A,B"), field="vary")
        texts = values.split(",")
        numbers = [_number(text) for text in texts]
        found[name] = list(texts) if None in numbers else list(numbers)
    return found


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _rose(asked: Scenario, data: Path | None, held: ExitStack) -> pa.Table:
    settings = settings_with(data=data)
    store = held.enter_context(closing(open_store(settings.data, settings.database_url, CATALOGUE, utc_now)))
    series = held.enter_context(closing(open_series(settings.data / "series", store)))
    found = Roses(store, series).near(asked.place.point, at=utc_now(), scope=SYSTEM_SCOPE)
    print(
        f"风玫瑰 / wind rose: {found.station}, {found.readings:,} 条读数 / readings, 静风 / calm {found.calm:.1%}; "
        f"{found.how.zh} / {found.how.en}"
    )
    return found.table


def _counting(data: Path | None, held: ExitStack) -> Callable[[Sequence[BaseGeometry]], Sequence[Inside]]:
    settings = settings_with(data=data)
    store = held.enter_context(closing(open_store(settings.data, settings.database_url, CATALOGUE, utc_now)))
    raster = RasterShelf(store, settings.data / "rasters", COVERAGES, utc_now).find(POPULATION.id, SYSTEM_SCOPE)
    if raster is None:
        raise NotFoundError(Text("没有人口栅格", "there is no population raster"))
    return lambda shapes: residents(raster, shapes)
