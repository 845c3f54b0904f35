"""`onemap export`: layers out of the city into a file; the work is done in `app/exports`."""

import getpass
from pathlib import Path
from typing import Annotated

import typer

from app.auth.opening import open_identity
from app.commands.options import Data, one_of, settings_with
from app.exports import Exported, Format, Wish, export
from app.imports.progress import Progress
from app.settings import Settings
from core.actors import Actor
from core.clock import CHINA, utc_now
from core.errors import BadInputError, ForbiddenError, NotFoundError
from core.scope import SYSTEM_SCOPE, Scope
from core.texts import Text
from layers.catalogue import CATALOGUE
from layers.writers.columns import Headings
from layers.writers.delimited import Encoding
from store.identity import Identity
from store.opening import FILE, open_audit, open_store

ENDINGS = {".gpkg": Format.GPKG, ".csv": Format.CSV, ".geojson": Format.GEOJSON, ".json": Format.GEOJSON,
           ".xlsx": Format.XLSX}  # fmt: skip

FORMAT = typer.Option(
    "--format", parser=one_of(Format, "--format"), metavar="|".join(Format), help="缺省按扩展名 / by the suffix"
)
HEADINGS = typer.Option(
    parser=one_of(Headings, "--headings"),
    metavar="|".join(Headings),
    help="表头用中文名或字段标识 / titles or field ids",
)
ENCODING = typer.Option(
    parser=one_of(Encoding, "--encoding"), metavar="|".join(Encoding), help="CSV 的文字编码 / encoding of a CSV"
)


def export_command(
    file: Annotated[Path | None, typer.Argument(help="写入的文件 / the file to write")] = None,
    gpkg: Annotated[Path | None, typer.Option(help="写入的 GeoPackage / the GeoPackage to write")] = None,
    layer: Annotated[list[str] | None, typer.Option(help="图层,可多次,缺省为全部 / layer id, repeatable")] = None,
    where: Annotated[str | None, typer.Option(help="CQL2 条件,如 risk = 1 / CQL2 text")] = None,
    bbox: Annotated[str | None, typer.Option(help="西,南,东,北(度)/ west,south,east,north")] = None,
    area: Annotated[str | None, typer.Option(help="行政区划代码及其以下 / area code and all below")] = None,
    as_login: Annotated[str | None, typer.Option("--as", help="按此账号的权限 / under this account's rights")] = None,
    format_: Annotated[Format | None, FORMAT] = None,
    headings: Annotated[Headings, HEADINGS] = Headings.ZH,
    encoding: Annotated[Encoding, ENCODING] = Encoding.UTF8,
    force: Annotated[bool, typer.Option("--force", help="覆盖已有文件 / replace an existing file")] = False,
    data: Data = None,
) -> None:
    """按权限导出图层,全部图层为同一时刻 / Export layers under rights, all of one moment.

    GeoPackage 和 XLSX 可装多个图层,CSV 和 GeoJSON 装一个。每个图层记一条读取审计。
    GeoPackage and XLSX hold many layers, CSV and GeoJSON one. Each layer's read is recorded.
    """
    settings = settings_with(data=data)
    if settings.database_url is None and not (settings.data / FILE).exists():
        raise BadInputError(
            Text(f"{settings.data} 不是数据目录", f"{settings.data} is not a data folder"), field="data"
        )
    target, form = _target(file, gpkg, format_, settings)
    wish = Wish(
        target=target, format=form, layers=tuple(layer or ()), where=where, bbox=bbox, area=area, headings=headings,
        encoding=encoding, force=force,
    )  # fmt: skip
    store = open_store(settings.data, settings.database_url, CATALOGUE, utc_now)
    identity = open_identity(settings.data, settings.database_url)
    audit = open_audit(settings.data, settings.database_url)
    progress = Progress()
    try:
        actor, scope = _caller(identity, as_login)
        done = export(
            store, wish, scope=scope, actor=actor, clock=utc_now, audit=audit,
            progress=lambda rows, _: progress(Text("导出", "exporting"), rows),
        )  # fmt: skip
    finally:
        progress.close()
        audit.close()
        identity.close()
        store.close()
    _tell(done)


def _target(file: Path | None, gpkg: Path | None, form: Format | None, settings: Settings) -> tuple[Path, Format]:
    if (file is None) == (gpkg is None):
        raise BadInputError(Text("请给出文件,或 --gpkg 文件", "give a FILE, or --gpkg FILE"), field="file")
    if gpkg is not None and form not in (None, Format.GPKG):
        raise BadInputError(Text("--gpkg 与 --format 不一致", "--gpkg and --format contradict"), field="format")
    target = file or gpkg or Path()
    form = Format.GPKG if gpkg is not None else form or ENDINGS.get(target.suffix.lower())
    if form is None:
        known = "、".join(one.value for one in Format)
        raise BadInputError(
            Text(
                f"从扩展名“{target.suffix}”看不出格式,请用 --format 说明:{known}",
                f"the suffix {target.suffix!r} names no format; state it with --format: {known}",
            ),
            field="format",
        )
    if target.resolve().is_relative_to(settings.data.resolve()):
        raise BadInputError(
            Text(
                f"{target} 在数据目录内,数据目录为本系统专用,请写到别处",
                f"{target} lies in the data folder, which is private to this software; write elsewhere",
            ),
            field="file",
        )
    return target, form


def _caller(identity: Identity, login: str | None) -> tuple[Actor, Scope]:
    """The operator, who sees everything, or what the account named may see; the record names both."""
    operator = Actor(id=f"cli:{getpass.getuser()}", name="命令行", door="cli")
    if login is None:
        return operator, SYSTEM_SCOPE
    if identity.people.find(login) is None:
        raise NotFoundError(Text(f"没有账号“{login}”", f"no account {login!r}"))
    standing = identity.standing(login, at=utc_now())
    if standing is None:
        raise ForbiddenError(Text(f"账号“{login}”已停用或无任职", f"account {login!r} is disabled or holds no post"))
    return Actor(id=f"{operator.id} as {login}", name=f"命令行(按账号“{login}”的权限)", door="cli"), standing.scope


def _tell(done: Exported) -> None:
    for one in done.taken:
        print(f"{one.layer.title.zh} {one.layer.id}: {one.rows} 行 / rows")
    print(f"数据时刻 / as of: 变更 #{done.head},{done.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}")
    print(f"已导出 / exported: {'、'.join(str(file) for file in done.files)}")
