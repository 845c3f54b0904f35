"""`onemap file …`: files attached to records, from the command line."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from app.commands.options import Data, settings_with
from core.actors import Actor
from core.clock import CHINA, utc_now
from core.errors import BadInputError
from core.scope import SYSTEM_SCOPE, Sensitivity
from core.texts import Text
from layers.catalogue import CATALOGUE
from layers.layer import Layer
from store.attachments import Attached, Cabinet
from store.opening import open_store

files = typer.Typer(no_args_is_help=True, help="附件 / attached files")
LayerId = Annotated[str, typer.Argument(help="图层 / layer id")]
Key = Annotated[str, typer.Argument(help="主键 / key")]


@contextmanager
def cabinet_of(data: Path | None) -> Iterator[Cabinet]:
    """The cabinet of a data folder."""
    settings = settings_with(data=data)
    store = open_store(settings.data, settings.database_url, CATALOGUE, utc_now)
    try:
        yield Cabinet(store, settings.data / "files", utc_now, largest=settings.largest_upload)
    finally:
        store.close()


@files.command("list")
def list_files(layer: LayerId, key: Key, data: Data = None) -> None:
    """列出一条记录的附件 / List the files of a record."""
    with cabinet_of(data) as cabinet:
        for one in cabinet.of(_layer(layer), key, scope=SYSTEM_SCOPE):
            print(_line(one))


@files.command("add")
def add(
    layer: LayerId,
    key: Key,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="文件 / the file")],
    note: Annotated[str, typer.Option(help="说明 / note")] = "",
    sensitivity: Annotated[
        Sensitivity, typer.Option(help="敏感级别 0-3,不低于所属记录 / sensitivity")
    ] = Sensitivity.INTERNAL,
    data: Data = None,
) -> None:
    """把文件附到一条记录上 / Attach a file to a record."""
    with cabinet_of(data) as cabinet, file.open("rb") as given:
        blocks = iter(partial(given.read, 1 << 20), b"")
        with cabinet.draft(blocks, file.name) as draft:
            kept = cabinet.keep(
                _layer(layer), key, draft, note=note, sensitivity=sensitivity, actor=_actor(), scope=SYSTEM_SCOPE
            )
    print(_line(kept))


@files.command("remove")
def remove(
    attachment: Annotated[str, typer.Argument(help="附件编号 / attachment id")],
    reason: Annotated[str, typer.Option(help="事由 / why")],
    data: Data = None,
) -> None:
    """移除附件;文件本身保留,供历史版本引用 / Take a file off its record; the file itself stays."""
    with cabinet_of(data) as cabinet:
        cabinet.remove(attachment, actor=_actor(), reason=reason, scope=SYSTEM_SCOPE)
    print(f"已移除 / removed: {attachment}")


@files.command("erase")
def erase(
    sha256: Annotated[str, typer.Argument(help="文件内容的 SHA-256 / hash of the file")],
    reason: Annotated[str, typer.Option(help="依据或事由 / legal ground")],
    yes: Annotated[bool, typer.Option("--yes", help="不再询问 / do not ask")] = False,
    data: Data = None,
) -> None:
    """依法销毁文件,并从所有记录上移除,不可恢复 / Destroy a file by law, wherever it is attached."""
    if not yes and not typer.confirm("文件将从所有记录上移除并销毁,不可恢复。确认? / Destroy for good?"):
        print("已取消 / cancelled")
        raise typer.Exit(1)
    with cabinet_of(data) as cabinet:
        taken_off = cabinet.erase(sha256, actor=_actor(), reason=reason)
    print(f"已销毁 / erased: {sha256}({taken_off} 处引用已移除)")
    print("此前的备份仍含该文件,请按保留期限销毁 / backups made before still hold it; destroy them in time")


def _actor() -> Actor:
    return Actor(id=f"cli:{getpass.getuser()}", name="命令行", door="cli")


def _layer(name: str) -> Layer:
    if name not in CATALOGUE:
        known = "、".join(one.id for one in CATALOGUE)
        raise BadInputError(Text(f"没有图层“{name}”,可用:{known}", f"no layer {name!r}; there are: {known}"))
    return CATALOGUE[name]


def _line(one: Attached) -> str:
    record = one.record
    at = record.added_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    return f"{record.id}  {at}  {record.size:>10}  {record.media_type}  {record.name}  {record.sha256}"
