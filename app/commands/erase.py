"""`onemap erase`: personal fields out of a row, every version of it, the search index and the bytes of the files."""

import getpass
from typing import Annotated

import typer

from app.commands.options import Data, settings_with
from core.actors import Actor
from core.clock import utc_now
from core.errors import BadInputError
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from layers.catalogue import CATALOGUE
from store.erasing import erasable
from store.opening import open_store


def erase(
    layer: Annotated[str, typer.Argument(help="图层 / layer id")],
    keys: Annotated[list[str], typer.Argument(help="主键,可多个 / keys")],
    field: Annotated[list[str], typer.Option(help="要删除的字段,可多次 / field to erase, repeatable")],
    reason: Annotated[str, typer.Option(help="依据或事由 / legal ground")],
    yes: Annotated[bool, typer.Option("--yes", help="不再询问 / do not ask")] = False,
    data: Data = None,
) -> None:
    """依法删除个人信息字段,不可恢复 / Erase personal fields by law, for good."""
    if layer not in CATALOGUE:
        known = "、".join(one.id for one in CATALOGUE)
        raise BadInputError(Text(f"没有图层“{layer}”,可用:{known}", f"no layer {layer!r}; there are: {known}"))
    target = CATALOGUE[layer]
    names = erasable(target, field, SYSTEM_SCOPE)
    titles = "、".join(target.fields[name].title.zh if name in target.fields else "几何" for name in names)
    print(f"将从{target.title.zh} {'、'.join(keys)} 的当前记录和全部历史版本中删除:{titles}。此操作不可恢复。")
    if not yes and not typer.confirm("确认删除? / Erase for good?"):
        print("已取消 / cancelled")
        raise typer.Exit(1)
    actor = Actor(id=f"cli:{getpass.getuser()}", name="命令行", door="cli")
    settings = settings_with(data=data)
    store = open_store(settings.data, settings.database_url, CATALOGUE, utc_now)
    try:
        done = store.erase(target, keys, names, actor=actor, reason=reason, scope=SYSTEM_SCOPE)
    finally:
        store.close()
    for entry in done.entries:
        print(f"已删除 / erased: {entry.key}(变更 #{entry.seq})")
    if not done.gone:
        print("有查询尚未结束,旧数据将在服务空闲后清除 / an open reader still holds old bytes; they go when it ends")
    print("此前的备份仍含原内容,请按保留期限销毁 / backups made before still hold the values; destroy them in time")
