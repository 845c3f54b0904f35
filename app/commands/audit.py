"""`onemap audit …`: proof over the record of changes and over the audit; the audit asked, taken out and cleared."""

import getpass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.auditing import KINDS, OUTCOMES, as_csv, counted_by, sought, words
from app.commands.options import Data, opened, settings_with
from core.actors import Actor
from core.clock import CHINA, utc_now
from core.texts import Lang
from layers.catalogue import CATALOGUE
from layers.codes.retention import kept_until
from layers.coverage import COVERAGES
from store.attachments import Cabinet
from store.audit import AuditEntry, By, Found, Kind, Sought
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
        unindexed = store.unindexed()
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
    for name in unindexed:
        print(f"○ 缺少索引 {name},查询会变慢 / an index is missing: reads are right, and slow")
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
    """列出最近的读取与导出:何时、何人、经何处、读了什么 / List reads and exports, newest first."""
    with opened(data, open_audit) as log:
        for one in log.reads(limit=limit):
            print(_line(Found(one)))


@audit.command("search")
def search(
    actor: Annotated[str, typer.Option(help="操作者(登录名)/ login")] = "",
    kind: Annotated[str, typer.Option(help="类别,逗号分隔 / kinds: " + ",".join(Kind))] = "",
    layer: Annotated[str, typer.Option(help="图层或对象 / layer or object")] = "",
    key: Annotated[str, typer.Option(help="某条记录的主键:谁看过它 / the key of one record: who saw it")] = "",
    door: Annotated[str, typer.Option(help="入口 / door: page, ogc, api, cli, job")] = "",
    since: Annotated[str, typer.Option("--from", help="自(含)/ from, e.g. 2026-11-28")] = "",
    until: Annotated[str, typer.Option("--to", help="至 / to")] = "",
    limit: Annotated[int, typer.Option(min=1, help="最多多少条 / how many at most")] = SHOWN,
    csv: Annotated[Path | None, typer.Option(help="全部写入此 CSV 文件 / write all of them to this file")] = None,
    data: Data = None,
) -> None:
    """查审计:何人、何事、何时、经何处;--key 查谁看过某条记录 / Search the audit, newest first.

    行数多于 200 的读取只存主键合计哈希,按“可能”列出。
    Of reads above 200 rows only the hash of all keys is kept; they are listed as possible.
    """
    given = {"actor": actor, "kind": kind, "layer": layer, "key": key, "door": door, "from": since, "to": until}
    with opened(data, open_audit) as log:
        if csv is None:
            for one in log.search(sought(given), limit=limit):
                print(_line(one))
            return
        wanted = sought(given, before=log.head()[0] + 1)
        rows = log.count(wanted)
        entry = AuditEntry(
            at=utc_now(),
            kind=Kind.EXPORT,
            actor=_operator().id,
            door="cli",
            what="audit",
            where=words(given),
            rows=rows,
        )
        log.record(entry)
        with csv.open("wb") as file:
            file.writelines(as_csv(log.stream(wanted), Lang.ZH))
    print(f"已导出 / exported: {rows} 条 → {csv}")


@audit.command("totals")
def totals(
    by: Annotated[str, typer.Option(help="按何统计 / count by: " + ",".join(By))] = By.KIND,
    kind: Annotated[str, typer.Option(help="类别,逗号分隔 / kinds")] = "",
    since: Annotated[str, typer.Option("--from", help="自(含)/ from, e.g. 2026-11-28")] = "",
    until: Annotated[str, typer.Option("--to", help="至 / to")] = "",
    data: Data = None,
) -> None:
    """统计审计:按类别、人、对象、入口、地址、结果或日期 / Count the entries of the audit."""
    with opened(data, open_audit) as log:
        for group in log.totals(sought({"kind": kind, "from": since, "to": until}), counted_by(by)):
            print(f"{group.value or '-'}: {group.entries} 条,{group.rows} 行 / entries, rows")


@audit.command("clear")
def clear(
    older_than: Annotated[int | None, typer.Option(min=1, help="保留最近几个月,缺省按设置 / months to keep")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问 / do not ask")] = False,
    data: Data = None,
) -> None:
    """清除超过保存期限的审计;少于法定期限(6 个月)的不允许 / Clear what is older than it is kept."""
    months = older_than or settings_with(data=data).audit_months
    now = utc_now()
    before = kept_until("audit", now, months)
    with opened(data, open_audit) as log:
        due = log.count(Sought(until=before))
        print(f"{before.astimezone(CHINA):%Y-%m-%d} 以前的审计共 {due} 条 / entries due")
        if due and not yes and not typer.confirm("确认清除? / Clear them for good?"):
            print("已取消 / cancelled")
            raise typer.Exit(1)
        done = log.clear(before=before, actor=_operator(), at=now) if due else None
    print(
        "没有可清除的 / nothing to clear" if done is None else f"已清除 / cleared: {done.count} 条,至 #{done.through}"
    )


def _operator() -> Actor:
    return Actor(id=f"cli:{getpass.getuser()}", name="命令行", door="cli")


def _line(one: Found) -> str:
    entry = one.entry
    told = [
        f"#{entry.seq}", _local(entry.at), KINDS[entry.kind].zh, OUTCOMES[entry.outcome].zh, entry.actor, entry.door,
        entry.address, entry.what, entry.key, entry.where,
    ]  # fmt: skip
    rows = f"{entry.rows} 行 {entry.keys_hash[:16]}" if entry.rows else ""
    return " ".join(part for part in (*told, rows, "(可能 / possibly)" if one.possibly else "") if part)


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
