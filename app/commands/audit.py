"""`onemap audit …`: proof over the record of changes."""

from datetime import datetime
from typing import Annotated

import typer

from app.commands.options import Data, settings_with
from core.clock import CHINA, utc_now
from layers.catalogue import CATALOGUE
from layers.coverage import COVERAGES
from store.attachments import Cabinet
from store.audit.verifying import AuditVerified
from store.heads import Heads, Read
from store.opening import open_audit, open_store
from store.rasters import RasterShelf

audit = typer.Typer(no_args_is_help=True, help="审计 / audit")
SHOWN = 50


@audit.callback()
def group() -> None:
    """审计 / audit."""


@audit.command("verify")
def verify(data: Data = None) -> None:
    """核验变更链、审计、签名头、各版本、栅格与附件;有不符则退出码为 1 / Verify chains, audit, heads and rows."""
    settings = settings_with(data=data)
    folder = settings.data
    signed = Heads(settings.heads_folder, settings.heads_key_file).read()
    store = open_store(folder, settings.database_url, CATALOGUE, utc_now)
    log = open_audit(folder, settings.database_url)
    try:
        found = store.verify(signed.of_feed)
        recorded = log.verify(signed.of_audit)
        rasters = list(RasterShelf(store, folder / "rasters", COVERAGES, utc_now).mismatches())
        cabinet = Cabinet(store, folder / "files", utc_now, largest=settings.largest_upload)
        files = list(cabinet.mismatches())
    finally:
        log.close()
        store.close()
    for finding in found.findings[:SHOWN]:
        place = f"#{finding.seq} {finding.layer} {finding.key}"
        print(f"✕ {place}:{finding.text.zh} / {finding.text.en}")
    for gone in found.erasures[:SHOWN]:
        print(f"○ #{gone.seq} {gone.layer} {gone.key}:{gone.versions} 个版本已依法删除({gone.actor},{_local(gone.at)})")
        print(f"    {gone.reason}")
    if found.erasures:
        versions = sum(gone.versions for gone in found.erasures)
        print(f"已依法删除 / erased by law: {len(found.erasures)} 次,{versions} 个版本")
    for mismatch in rasters:
        print(f"✕ {mismatch.coverage}:{mismatch.text.zh} / {mismatch.text.en}")
    for wrong_file in files:
        print(f"✕ {wrong_file.attachment}:{wrong_file.text.zh} / {wrong_file.text.en}")
    for fault in signed.faults[:SHOWN]:
        print(f"✕ {fault.zh} / {fault.en}")
    _tell(recorded)
    print(_signed(signed))
    wrong = len(found.findings) + len(recorded.findings) + len(rasters) + len(files) + len(signed.faults)
    state = "一致 / intact" if not wrong else f"{wrong} 处不符 / mismatches"
    print(f"{found.entries} 条变更,{found.rows} 个版本:{state}")
    raise typer.Exit(1 if wrong else 0)


@audit.command("sign")
def sign(
    restart: Annotated[str, typer.Option(help="自此重新开始的事由,如恢复备份 / why earlier heads bind no longer")] = "",
    data: Data = None,
) -> None:
    """立即签署当前链头 / Sign where the feed stands now."""
    settings = settings_with(data=data)
    store = open_store(settings.data, settings.database_url, CATALOGUE, utc_now)
    log = open_audit(settings.data, settings.database_url)
    try:
        heads = Heads(settings.heads_folder, settings.heads_key_file)
        head = heads.sign({**store.streams(), **log.streams()}, at=utc_now(), restart=restart)
    finally:
        log.close()
        store.close()
    print(f"已签署 / signed: {len(head.streams)} 条链,{_local(head.at)} → {heads.folder}")


@audit.command("reads")
def reads(
    limit: Annotated[int, typer.Option(min=1, help="最近多少条 / how many")] = SHOWN,
    data: Data = None,
) -> None:
    """列出最近的读取记录:何时、何人、经何处、读了什么 / List recorded reads, newest first."""
    settings = settings_with(data=data)
    log = open_audit(settings.data, settings.database_url)
    try:
        for one in log.reads(limit=limit):
            where = f" {one.where}" if one.where else ""
            print(f"{_local(one.at)} {one.actor} {one.door} {one.what}{where}: {one.rows} 行 {one.keys_hash[:16]}")
    finally:
        log.close()


def _tell(recorded: AuditVerified) -> None:
    for wrong in recorded.findings[:SHOWN]:
        print(f"✕ 审计 / audit #{wrong.seq}:{wrong.text.zh} / {wrong.text.en}")
    gone = recorded.cleared
    if gone is not None:
        print(f"○ 审计 / audit #1-{gone.through}:{_local(gone.before)} 以前的已按期清除 / cleared when due")
    print(f"{recorded.entries} 条审计:" + ("一致 / intact" if not recorded.findings else "不符 / mismatches"))


def _signed(signed: Read) -> str:
    if not signed.heads:
        return "没有签名头,截断或整体改写无法发现 / no signed heads: a feed cut or rewritten whole would not be found"
    line = f"签名头 / heads: {len(signed.heads)} 个,最近 {_local(signed.heads[-1].at)}"
    begun = signed.restarted
    return line if begun is None else f"{line};自 {_local(begun.at)} 重新开始({begun.restart}),此前的不再核对"


def _local(moment: datetime) -> str:
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
