"""`onemap audit …`: proof over the record of changes."""

import typer

from app.commands.serve import Data, settings_with
from core.clock import CHINA, utc_now
from layers.catalogue import CATALOGUE
from layers.coverage import COVERAGES
from store.embedded import open_embedded
from store.rasters import RasterShelf

audit = typer.Typer(no_args_is_help=True, help="审计 / audit")
SHOWN = 50


@audit.callback()
def group() -> None:
    """审计 / audit."""


@audit.command("verify")
def verify(data: Data = None) -> None:
    """核验变更链、历史版本、当前记录与栅格文件;有不符则退出码为 1 / Verify chains, versions, rows and rasters."""
    folder = settings_with(data=data).data
    store = open_embedded(folder / "city.gpkg", CATALOGUE, utc_now)
    try:
        found = store.verify()
        rasters = list(RasterShelf(store, folder / "rasters", COVERAGES, utc_now).mismatches())
    finally:
        store.close()
    for finding in found.findings[:SHOWN]:
        place = f"#{finding.seq} {finding.layer} {finding.key}"
        print(f"✕ {place}:{finding.text.zh} / {finding.text.en}")
    for gone in found.erasures[:SHOWN]:
        when = gone.at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
        print(f"○ #{gone.seq} {gone.layer} {gone.key}:{gone.versions} 个版本已依法删除({gone.actor},{when})")
        print(f"    {gone.reason}")
    if found.erasures:
        versions = sum(gone.versions for gone in found.erasures)
        print(f"已依法删除 / erased by law: {len(found.erasures)} 次,{versions} 个版本")
    for mismatch in rasters:
        print(f"✕ {mismatch.coverage}:{mismatch.text.zh} / {mismatch.text.en}")
    wrong = len(found.findings) + len(rasters)
    state = "一致 / intact" if not wrong else f"{wrong} 处不符 / mismatches"
    print(f"{found.entries} 条变更,{found.rows} 个版本:{state}")
    raise typer.Exit(1 if wrong else 0)
