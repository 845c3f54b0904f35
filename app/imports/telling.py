"""What a person reads after an import."""

from collections.abc import Iterator, Sequence

from app.imports.tables import Outcome
from core.clock import CHINA
from core.texts import Text
from layers.coverage import Coverage, Kind, RasterFacts
from store.rasters import Provenance

SHOWN = 20
"""Faults printed; the rest are in the file of faults."""


def told(outcome: Outcome, notes: Sequence[Text] = ()) -> Iterator[str]:
    """How the file was understood, what is wrong with it, and what was kept, line by line."""
    done, how, checked = outcome.done, outcome.done.headings, outcome.done.checked
    layer = done.layer
    yield f"图层 / layer: {layer.title.zh} / {layer.id}"
    for note in notes:
        yield f"  {note.zh} / {note.en}"
    for name, heading in how.fields.items():
        yield f"  {heading} → {layer.fields[name].title.zh} ({name})"
    for name, value in how.constants.items():
        yield f"  “{value}” → {layer.fields[name].title.zh} ({name})"
    if how.unused:
        yield f"未用的列 / unused columns: {'、'.join(how.unused)}"
    yield f"共 {done.rows} 行,合格 {checked.good.num_rows},有误 {done.refused} / rows, good, refused"
    yield f"错误 {checked.errors} 处,提醒 {checked.warnings} 处 / errors, warnings"
    for fault in checked.listed(SHOWN):
        mark = "错误" if fault.severity == "error" else "提醒"
        yield f"  [{mark}] 第 {fault.row} 行 {fault.field}“{fault.value}”:{fault.rule.zh} / {fault.rule.en}"
    if checked.faults.num_rows > SHOWN:
        yield f"  另有 {checked.faults.num_rows - SHOWN} 处,用 --faults 写入文件 / more; write them with --faults"
    yield from _kept(outcome)


def _kept(outcome: Outcome) -> Iterator[str]:
    good, known, loaded = outcome.done.checked.good.num_rows, outcome.known, outcome.loaded
    if outcome.dry_run:
        yield f"只检查,未装入:合格行中新增 {good - known},已有 {known} / checked only: new, there already"
        return
    yield (
        f"已装入 {loaded.rows} 行:新增 {loaded.new},更新 {loaded.changed};"
        f"相同未动 {loaded.unchanged} / rows kept: new, changed; unchanged"
    )
    if outcome.status == 1:
        yield "未装入任何行:改正后重新导入,或用 --good-only 只装入合格行 / nothing kept: mend the file, or --good-only"


def raster_told(declared: Coverage, facts: RasterFacts, about: Provenance, *, kept: bool) -> Iterator[str]:
    """What a raster holds, where it lies and what is still to be said of it, line by line."""
    yield f"栅格 / coverage: {declared.title.zh} / {declared.id}"
    yield f"  {facts.width} x {facts.height} 像元,{facts.bands} 波段,{facts.crs} / cells, bands, CRS"
    west, south, east, north = facts.bounds
    yield f"  范围 {west:.6f}, {south:.6f} 至 {east:.6f}, {north:.6f} / extent"
    yield f"  取值 {facts.least:g} 至 {facts.most:g},有效像元 {facts.cells:,} / values, cells with a value"
    if declared.kind is Kind.COUNT:
        yield f"  合计 {facts.total:,.0f} / total"
    when = "未注明" if about.observed_at is None else f"{about.observed_at.astimezone(CHINA):%Y-%m-%d}"
    yield f"  来源 {about.source or '未注明'},数据日期 {when},{'已核实' if about.verified else '未核实'} / source, date"
    yield "已启用 / in use" if kept else "只检查,未装入 / checked only"
