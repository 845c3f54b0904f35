"""`onemap scenario handout`: a scenario, or two side by side, as a file to hand on."""

import getpass
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from app.commands.options import one_of, settings_with
from app.pictures import base_picture
from app.planning import Computed, Planning
from app.wiring import rows_of
from core.actors import Actor
from core.caller import Caller
from core.clock import utc_now
from core.errors import BadInputError, ConflictError
from core.scope import SYSTEM_SCOPE
from core.texts import Lang, Text
from dashboards.brief.window import BasePicture
from dashboards.handout.contents import MARKS, Format, Handout, Side, gathered
from dashboards.handout.writing import written
from dashboards.screens import CITY, Screens
from emergency.chain import answered
from emergency.exposure import Exposure
from emergency.scenario import Scenario, read_file
from layers.catalogue import CATALOGUE
from layers.coverage import COVERAGES
from ogc.render.pool import DrawingPool
from ogc.render.renderer import MapnikRenderer
from store.audit import Kind
from store.opening import FILE, open_audit, open_store
from store.rasters import RasterShelf
from store.series import open_series

PICTURED = frozenset({Format.HTML, Format.PDF})
UNCOUNTED = Exposure(people=None, targets=None, hazards=None, roads=None, data=())
"""Without a city nobody was counted, which every form says."""

_File = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="情景文件 / YAML or JSON")]
_Second = Annotated[
    Path | None,
    typer.Argument(metavar="[SECOND]", exists=True, dir_okay=False, help="对比的另一情景 / another to compare"),
]
_Format = typer.Option(
    "--format", parser=one_of(Format, "--format"), metavar="|".join(Format), help="缺省按扩展名 / by the suffix"
)
_Lang = typer.Option("--lang", parser=one_of(Lang, "--lang"), metavar="|".join(Lang), help="文件语言 / language")


def handout_scenario(
    file: _File,
    output: Annotated[Path, typer.Option("--output", "-o", help="写入的文件 / the file to write")],
    second: _Second = None,
    format_: Annotated[Format | None, _Format] = None,
    lang: Annotated[Lang, _Lang] = Lang.ZH,
    data: Annotated[
        Path | None,
        typer.Option(help="数据目录,给出则统计区内人口和目标并带底图 / count who is inside, and show the base map"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖已有文件 / replace an existing file")] = False,
) -> None:
    """计算情景并写成可移交的文件 / Compute a scenario and write a file to hand on."""
    form = _form(output, format_)
    if output.exists() and not force:
        raise ConflictError(
            Text(f"文件 {output} 已存在,覆盖请加 --force", f"file {output} exists already; --force replaces it"),
            file=str(output),
        )
    asked = [read_file(one) for one in (file, second) if one is not None]
    body = _bare(asked, form, lang) if data is None else _of_city(asked, form, lang, data)
    try:
        output.write_bytes(body)
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadInputError(
            Text(f"无法写入 {output}:{reason}", f"cannot write {output}: {reason}"), field="output", value=str(output)
        ) from error
    print(f"已写入 / written: {output} ({len(body):,} B)")


def _form(output: Path, given: Format | None) -> Format:
    suffix = output.suffix.lower().removeprefix(".")
    if given is None and suffix not in list(Format):
        known = "、".join(Format)
        raise BadInputError(
            Text(
                f"从扩展名“{output.suffix}”看不出格式,请用 --format 说明:{known}",
                f"the suffix {output.suffix!r} names no format; state it with --format: {known}",
            ),
            field="format",
        )
    return given or Format(suffix)


def _caller(lang: Lang) -> Caller:
    """Who commands the machine, who sees everything; the record names them."""
    return Caller(actor=Actor(id=f"cli:{getpass.getuser()}", name="命令行", door="cli"), scope=SYSTEM_SCOPE, lang=lang)


def _bare(asked: list[Scenario], form: Format, lang: Lang) -> bytes:
    """Without a city: zones and their basis alone."""
    now = utc_now()
    sides = tuple(
        Side(
            mark=mark, scenario=wish, inside=UNCOUNTED,
            result=answered(wish, at=now, code_version=version("onemap")),
        )
        for mark, wish in zip(MARKS, asked, strict=False)
    )  # fmt: skip
    nothing = Text("未读取数据", "no data read").of(lang)
    handout = Handout(
        lang=lang, city=CITY.of(lang), place=CITY.of(lang), sides=sides, made_at=now, maker=_caller(lang).actor.name,
        areas=nothing, clearance=Text("公开", "Public").of(lang), demo=False, approval="",
    )  # fmt: skip
    return written(handout, form, CATALOGUE, None)


def _of_city(asked: list[Scenario], form: Format, lang: Lang, data: Path) -> bytes:
    """Over a data folder, each layer taken out recorded before the file is written."""
    settings = settings_with(data=data)
    if settings.database_url is None and not (settings.data / FILE).exists():
        raise BadInputError(
            Text(f"{settings.data} 不是数据目录", f"{settings.data} is not a data folder"), field="data"
        )
    caller = _caller(lang)
    store = open_store(settings.data, settings.database_url, CATALOGUE, utc_now)
    audit = open_audit(settings.data, settings.database_url)
    with closing(store), closing(audit), closing(open_series(settings.data / "series", store)) as series:
        shelf = RasterShelf(store, settings.data / "rasters", COVERAGES, utc_now)
        planning = Planning(store, shelf, series, utc_now, audit.record)
        found = [planning.computed(wish.inputs(), caller) for wish in asked]
        screens = Screens(
            catalogue=CATALOGUE, store=store, clock=utc_now, shelf=shelf,
            title=Text(settings.city_title, settings.city_title_en), map_approval_no=settings.map_approval_no,
        )  # fmt: skip
        handout = gathered(screens, _sides(found), caller)
        pool = DrawingPool(processes=1)
        with closing(pool):
            renderer = MapnikRenderer(
                CATALOGUE, store, rows_of(store), settings.data / "cache", pool, shelf, relief=settings.base_relief
            )
            picture: BasePicture | None = base_picture(renderer) if form in PICTURED else None
            body = written(handout, form, CATALOGUE, picture)
        for one in found:
            planning.record(one, caller, kind=Kind.EXPORT, door=f"planner {form}")
        return body


def _sides(found: list[Computed]) -> list[Side]:
    return [
        Side(mark=mark, scenario=one.scenario, result=one.result, inside=one.inside)
        for mark, one in zip(MARKS, found, strict=False)
    ]
