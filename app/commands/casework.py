"""`onemap casework …`: the procedures as they are declared, with limits and sources; and cases out of a file."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from app.commands.options import Data, settings_with
from app.imports.progress import Progress
from app.systems import FUNCTIONS, GATHERS, SYSTEMS, system
from casework.bulk import Bulk, Wish
from casework.calendar import china
from casework.casetype import Role
from casework.desk import Desk
from casework.engine import Who
from casework.following import Signed
from casework.telling import printed
from casework.terms import local_day
from core.actors import Actor
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from core.texts import Lang, Text
from layers.catalogue import CATALOGUE
from layers.readers.delivery import Stated
from layers.readers.process import read
from store.attachments import Cabinet
from store.opening import open_store

Id = Annotated[str, typer.Argument(metavar="ID", help="业务系统 / business system")]
English = Annotated[bool, typer.Option("--en", help="英文 / in English")]

casework = typer.Typer(no_args_is_help=True, help="业务系统 / business systems")


@casework.command("list")
def list_systems(en: English = False) -> None:
    """列出业务系统 / List the business systems."""
    lang = Lang.EN if en else Lang.ZH
    for of in SYSTEMS:
        print(f"{of.id:<20} {of.title.of(lang)}  ({len(of.state_codes)} / {len(of.steps)})  {of.law.of(lang)}")


@casework.command("show")
def show(id: Id, en: English = False) -> None:
    """一个业务系统的状态、步骤、期限和依据 / States, steps, limits and sources of one."""
    for line in printed(system(id), local_day(utc_now()), Lang.EN if en else Lang.ZH):
        print(line)


@casework.command("import")
def import_cases(
    id: Id,
    file: Annotated[Path, typer.Argument(help="CSV 或 XLSX 文件 / the file")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只核对,不保存 / check only")] = False,
    good_only: Annotated[bool, typer.Option("--good-only", help="只导入合格的行 / keep the good rows")] = False,
    standing: Annotated[bool, typer.Option("--standing", help="直接登记在册 / register at once")] = False,
    faults: Annotated[Path | None, typer.Option(help="错误清单写入此 CSV / write the faults here")] = None,
    data: Data = None,
) -> None:
    """批量导入一个业务系统的案件:逐行按立项表单核对,同一文件再次导入不会重复 / Cases out of a file, once.

    退出码:0 全部导入(或全部合格);1 未导入任何行;3 按 --good-only 导入了合格行。
    Exit status: 0 all kept; 1 nothing kept; 3 the good rows kept.
    """
    from app.doors.case_import import faults_csv, outcome_told

    of, settings, progress = system(id), settings_with(data=data), Progress()
    role = Role.OFFICER if Role.OFFICER in of.opening.by else of.opening.by[0]
    by = Signed(
        who=Who(account="cli", name="命令行导入", role=role), scope=SYSTEM_SCOPE,
        actor=Actor(id="cli", name="命令行导入", door="cli"),
    )  # fmt: skip
    wish = Wish(dry_run=dry_run, good_only=good_only, standing=standing)
    try:
        delivery = read(file, Stated(), progress=partial(progress, Text("读取", "reading")))
        store = open_store(settings.data, settings.database_url, CATALOGUE, utc_now)
        try:
            cabinet = Cabinet(store, settings.data / "files", utc_now, largest=settings.largest_upload)
            bulk = Bulk(Desk(store, cabinet, china(), utc_now, FUNCTIONS, gathers=GATHERS), utc_now)
            done = bulk.take(of, delivery, wish, by=by, name=file.name, progress=lambda what, n, _: progress(what, n))
        finally:
            store.close()
    finally:
        progress.close()
    told = outcome_told(of, done, Lang.ZH)
    print(f"共 {done.rows} 行,合格 {done.good},有误 {done.refused},已导入过 {done.known} / rows, good, refused, there")
    for one in told["faults"][:20]:
        print(f"  第 {one['row']} 行 {one['title']}“{one['value']}”:{one['rule']}")
    if done.unused:
        print(f"未用的列 / unused columns: {'、'.join(done.unused)}")
    if faults is not None:
        faults.write_text(faults_csv(told["faults"], Lang.ZH), encoding="utf-8")
    if done.kept:
        print(f"已导入 {done.kept} 件:{done.first} 至 {done.last} / kept")
    elif dry_run:
        print("只核对,未导入 / checked only")
    else:
        print("未导入任何行 / nothing kept")
    raise typer.Exit(0 if not done.refused else 3 if done.kept else 1)
