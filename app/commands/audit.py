"""`onemap audit …`: proof over the record of changes."""

import typer

from app.commands.serve import Data, settings_with
from core.clock import utc_now
from layers.catalogue import CATALOGUE
from store.embedded import open_embedded

audit = typer.Typer(no_args_is_help=True, help="审计 / audit")
SHOWN = 50


@audit.callback()
def group() -> None:
    """审计 / audit."""


@audit.command("verify")
def verify(data: Data = None) -> None:
    """核验变更链、历史版本与当前记录;有不符则退出码为 1 / Verify chains, versions and live rows."""
    store = open_embedded(settings_with(data=data).data / "city.gpkg", CATALOGUE, utc_now)
    try:
        found = store.verify()
    finally:
        store.close()
    for finding in found.findings[:SHOWN]:
        place = f"#{finding.seq} {finding.layer} {finding.key}"
        print(f"✕ {place}:{finding.text.zh} / {finding.text.en}")
    state = "一致 / intact" if not found.findings else f"{len(found.findings)} 处不符 / mismatches"
    print(f"{found.entries} 条变更,{found.rows} 个版本:{state}")
    raise typer.Exit(1 if found.findings else 0)
