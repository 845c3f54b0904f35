"""`onemap casework …`: the procedures of the business systems as they are declared, with limits and their sources."""

from typing import Annotated

import typer

from app.systems import SYSTEMS, system
from casework.telling import printed
from casework.terms import local_day
from core.clock import utc_now
from core.texts import Lang

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
