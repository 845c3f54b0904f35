"""`onemap chemical …`: dangerous substances found by number or name, and their cards."""

import typer

from core.errors import NotFoundError
from core.texts import Text
from emergency.chemicals import search as found_by
from emergency.chemicals import substance
from emergency.chemicals.card import ChemicalCard
from emergency.chemicals.card import card as card_of

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
