"""`onemap chemical …`: dangerous substances, their cards, and the grade of who holds them."""

from typing import Annotated

import typer

from core.errors import BadInputError, NotFoundError
from core.texts import Text, real
from emergency.chemicals import search as found_by
from emergency.chemicals import substance
from emergency.chemicals.card import ChemicalCard
from emergency.chemicals.card import card as card_of
from emergency.gb18218 import SOURCE, Holding
from emergency.gb18218 import grade as graded

chemical = typer.Typer(no_args_is_help=True, help="危险化学品 / dangerous substances")


@chemical.command("search")
def search(text: str) -> None:
    """按 CAS 号、UN 号或名称查找 / Find by CAS or UN number or a part of a name."""
    found = found_by(text)
    if not found:
        raise NotFoundError(Text(f"没有与“{text}”相符的物质", f"nothing matches {text!r}"), searched=text)
    for one in found:
        print(f"{one.id:28} UN {'/'.join(one.un) or '-':12} {one.name.zh} / {one.name.en}")


@chemical.command("show")
def show(key: str) -> None:
    """显示一种物质的卡片 / Show the card of a substance."""
    print("\n".join(_lines(card_of(substance(key)))))


@chemical.command("grade")
def grade(
    people: Annotated[int, typer.Option("--people", help="厂外 500 米内常住人数 / people within 500 m outside")],
    held: Annotated[list[str], typer.Argument(metavar="CAS|NAME[@CATEGORY]=TONNES...")],
) -> None:
    """按 GB 18218-2018 辨识和分级,逐步列出 / Identify and grade a unit by what it holds, step by step."""
    found = graded([_holding(one) for one in held], people)
    for step in found.steps:
        value = f"{step.value:.6g}" if step.symbol != "级别" else ""
        how = step.how.zh if step.how.zh == step.how.en else f"{step.how.zh} / {step.how.en}"
        print(f"{step.symbol:16} {value:>10}  {step.clause.zh}  {how}")
    print(f"\n{SOURCE.zh} / {SOURCE.en}")


def _holding(said: str) -> Holding:
    what, _, tonnes = said.rpartition("=")
    key, _, category = what.partition("@")
    try:
        mass = 1000 * real(tonnes)
    except ValueError:
        raise BadInputError(
            Text(f"“{said}”应为 物质[@类别]=吨数", f"{said!r} should be SUBSTANCE[@CATEGORY]=TONNES"),
            field="held",
            value=said,
        ) from None
    known = next((one for one in found_by(key) if key in (one.id, one.name.zh, one.name.en, *one.synonyms)), None)
    cas = known.cas if known else ""
    several = known is not None and len(known.serials) > 1
    return Holding(mass=mass, cas=cas, name=key if several or not known else known.name.zh, category=category)


def _lines(card: ChemicalCard) -> list[str]:
    one = card.substance
    lines = [
        f"{one.name.zh} / {one.name.en}",
        f"CAS {one.cas or '-'}  UN {'/'.join(one.un) or '-'}  {'、'.join(one.synonyms)}",
        *(f"! {remark.zh} / {remark.en}" for remark in card.remarks),
        *(
            f"GB 18218-2018 表1 序号 {row.serial}:{row.name},临界量 {row.threshold / 1000:g} t (据转录,未核实)"
            for row in card.thresholds
        ),
        "",
    ]
    for line in card.properties:
        at = f" @ {line.at - 273.15:.1f} ℃" if line.at is not None else ""
        beyond = " (外推 / continued)" if line.continued else ""
        beyond += " (估算 / estimated)" if line.estimated else ""
        lines.append(f"{line.title.zh} / {line.title.en}: {line.value:.5g} {line.unit}{at}{beyond}  [{line.source}]")
    if card.missing:
        lines.append(f"没有数据 / not known: {'、'.join(text.zh for text in card.missing)}")
    lines.append("")
    for level in card.levels:
        value = "NR" if level.value is None else f"{level.value:g} {level.unit}"
        lines.append(
            f"{level.quantity} {level.averaging / 60:g} min: {value}  {level.status.label.zh}"
            f"  [{level.source}]{f' {level.note}' if level.note else ''}"
        )
    return lines
