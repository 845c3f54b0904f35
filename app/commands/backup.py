"""`onemap backup` and `onemap restore`."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands.options import Data, settings_with
from core.clock import utc_now
from store import backup as backups


def backup(
    target: Annotated[Path, typer.Argument(help="备份写入的新目录 / the new folder to write")],
    since: Annotated[Path | None, typer.Option(help="在此前备份基础上增量 / build on an older backup")] = None,
    data: Data = None,
) -> None:
    """备份数据目录,可在服务运行时进行 / Back the data folder up, also while the server runs."""
    settings = settings_with(data=data)
    saved = backups.backup(settings.data, target, at=utc_now(), since=since, database_url=settings.database_url)
    print(f"已备份 / saved: {saved.files} 个文件,{saved.size / 1e6:.1f} MB,新复制 {saved.copied} 个 → {target}")


def restore(
    source: Annotated[Path, typer.Argument(help="备份目录 / the backup")],
    data: Annotated[Path, typer.Option(help="恢复到的空目录 / the empty folder to restore into")],
) -> None:
    """恢复到空目录,并逐一比对哈希和条数 / Restore into an empty folder and compare every hash and count."""
    saved = backups.restore(source, data, database_url=settings_with(data=data).database_url)
    total = sum(saved.rows.values())
    print(f"已恢复 / restored: {saved.files} 个文件,{total} 行,与备份一致 / equal to the backup → {data}")
    print("如有晚于此备份的签名头,请运行 onemap audit sign --restart 事由 / sign anew if heads are newer")
