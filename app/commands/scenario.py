"""`onemap scenario …`: a scenario's file checked, spelt anew and computed."""

import json
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from core.clock import utc_now
from emergency.chain import computed
from emergency.result import Result
from emergency.scenario import Scenario, read_file, spelt

File = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="情景文件 / YAML or JSON")]

scenario = typer.Typer(no_args_is_help=True, help="情景 / scenarios of consequences")


@scenario.command("check")
def check(file: File) -> None:
    """检查情景文件,按国际单位重写 / Check a file and print it in SI, line by line comparable."""
    print(spelt(read_file(file)), end="")


@scenario.command("schema")
def schema() -> None:
    """情景文件的 JSON Schema / The JSON Schema of scenarios."""
    print(json.dumps(Scenario.model_json_schema(), ensure_ascii=False, indent=2))


@scenario.command("run")
def run(
    file: File,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="结果 JSON / the result as JSON")] = None,
    geojson: Annotated[Path | None, typer.Option(help="影响区 GeoJSON / the zones as GeoJSON")] = None,
) -> None:
    """计算情景:影响区、数值、适用性和回执 / Compute a scenario: zones, figures, validity and receipt."""
    found = computed(read_file(file), at=utc_now(), code_version=version("onemap"))
    if output:
        output.write_bytes(found.to_json())
    if geojson:
        geojson.write_text(json.dumps(found.geojson(), ensure_ascii=False), "utf-8")
    _print(found)


def _print(found: Result) -> None:
    for zone in found.zones:
        mark = "" if zone.verified else " 未核实 / unverified"
        cut = "" if zone.cut == "none" else f" {zone.cut.text.zh} / {zone.cut.text.en}"
        print(
            f"{zone.level.name.zh} / {zone.level.name.en}: {zone.distance:,.0f} m, {zone.area / 1e6:.3f} km2{mark}{cut}"
        )
    for figure in found.figures:
        print(f"{figure.title.zh} / {figure.title.en}: {figure.value:.4g} {figure.unit}")
    for one in found.outside:
        print(
            f"超出适用范围 / outside validity: {one.title.zh} / {one.title.en} {one.value:g} {one.unit}, "
            f"{one.low:g}–{one.high:g}"
        )
    for note in found.notes:
        print(f"注意 / note: {note.zh} / {note.en}")
    receipt = found.receipt
    print(f"证据 / evidence: {receipt.evidence.title.zh} / {receipt.evidence.title.en}")
    made = f"onemap {receipt.code_version} {receipt.computed_at:%Y-%m-%dT%H:%MZ}"
    print(f"回执 / receipt: {receipt.fingerprint[:16]}… {made}")
