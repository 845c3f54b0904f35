"""`onemap enterprise …`: two records of one enterprise merged, and taken apart again."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from app.commands.options import Data, settings_with
from core.actors import Actor
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE, ENTERPRISES
from store.merging import Desk, Merge, merge, planned
from store.opening import open_store
from store.unmerging import planned as unmerge_planned
from store.unmerging import unmerge

enterprise = typer.Typer(no_args_is_help=True, help="企业 / enterprises")

Reason = Annotated[str, typer.Option(help="事由 / why")]
Yes = Annotated[bool, typer.Option("--yes", help="不再询问 / do not ask")]


@enterprise.command("merge")
def merge_command(
    keep: Annotated[str, typer.Argument(help="保留的企业(统一社会信用代码)/ the one kept")],
    drop: Annotated[str, typer.Argument(help="并入的企业 / the one merged into it")],
    reason: Reason,
    fill: Annotated[bool, typer.Option("--fill", help="保留企业的空白项取自并入企业 / fill empty fields")] = False,
    yes: Yes = False,
    data: Data = None,
) -> None:
    """合并两条企业记录,引用一并转移 / Merge two records of one enterprise; references follow."""
    with _desk(data) as desk:
        plan = planned(desk, keep, drop, fill=fill)
        seen = {key: desk.store.get(ENTERPRISES, key, scope=desk.scope).version for key in (keep, drop)}
        print(f"保留 / keep  {keep} {_name(desk, keep)}")
        print(f"并入 / drop  {drop} {_name(desk, drop)}")
        _tell(plan.done, "将转移 / will move")
        _confirm(yes, "确认合并? / Merge?")
        done = merge(desk, keep, drop, reason=reason, fill=fill, seen=seen)
        print(f"已合并 / merged: 变更 #{done.entries[0].seq}–#{done.entries[-1].seq}")


@enterprise.command("unmerge")
def unmerge_command(
    drop: Annotated[str, typer.Argument(help="当初并入的企业 / the one that was merged away")],
    reason: Reason,
    yes: Yes = False,
    data: Data = None,
) -> None:
    """撤销合并,当时转移的引用如数退回 / Undo a merge; exactly what it moved goes back."""
    with _desk(data) as desk:
        plan = unmerge_planned(desk, drop).done
        print(f"自 / from    {plan.keep} {_name(desk, plan.keep)}")
        print(f"分出 / out   {drop} {_name(desk, drop)}")
        _tell(plan, "将退回 / will return")
        _confirm(yes, "确认撤销合并? / Undo the merge?")
        done = unmerge(desk, drop, reason=reason)
        print(f"已撤销 / undone: 变更 #{done.entries[0].seq}–#{done.entries[-1].seq}")


@contextmanager
def _desk(data: Data) -> Iterator[Desk]:
    settings = settings_with(data=data)
    store = open_store(settings.data, settings.database_url, CATALOGUE, utc_now)
    try:
        actor = Actor(id=f"cli:{getpass.getuser()}", name="命令行", door="cli")
        yield Desk(store=store, layer=ENTERPRISES, actor=actor, scope=SYSTEM_SCOPE)
    finally:
        store.close()


def _name(desk: Desk, key: str) -> str:
    return str(getattr(desk.store.get(desk.layer, key, scope=desk.scope).record, "name", ""))


def _tell(plan: Merge, what: str) -> None:
    by_layer: dict[str, list[str]] = {}
    for moved in plan.moved:
        by_layer.setdefault(moved.layer, []).append(moved.key)
    for layer, keys in by_layer.items():
        more = "…" if len(keys) > 10 else ""
        print(f"{what}  {CATALOGUE[layer].title.zh} {len(keys)} 条:{'、'.join(keys[:10])}{more}")
    if not by_layer:
        print(f"{what}  没有引用 / no references")
    if plan.filled:
        titles = (ENTERPRISES.fields[name].title.zh if name in ENTERPRISES.fields else "几何" for name in plan.filled)
        print(f"涉及的填补项 / filled fields: {'、'.join(titles)}")


def _confirm(yes: bool, question: str) -> None:
    if not yes and not typer.confirm(question):
        print("已取消 / cancelled")
        raise typer.Exit(1)
