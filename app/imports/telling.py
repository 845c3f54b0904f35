"""What a person reads after an import."""

from collections.abc import Iterator, Sequence
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from app.imports.tables import Outcome
from core.clock import CHINA
from core.texts import Text
from layers.coverage import Coverage, Kind, RasterFacts
from layers.layer import Layer
from layers.validation.faults import Rule, Severity, findings
from store.rasters import Provenance

SHOWN = 20
"""Kinds of faults printed; the rest are in the file of faults."""
EXAMPLES = 5
"""Rows named for each of them."""
COLUMNS = 20
"""Unused columns named."""
KEPT = 8
"""Columns named that keep their values; a ledger lacks dozens."""


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
        more = f" 等 {len(how.unused)} 列" if len(how.unused) > COLUMNS else ""
        yield f"未用的列 / unused columns: {'、'.join(how.unused[:COLUMNS])}{more}"
    if outcome.kept and outcome.known:
        yield f"{_keeping(outcome)}(已有的 {outcome.known} 行)/ columns the file lacks keep their values"
    for by, count in checked.areas:
        yield f"行政区划由{by.zh}判定 {count} 行 / area told from {by.en.lower()}: rows"
    yield f"共 {done.rows} 行,合格 {checked.good.num_rows},有误 {done.refused} / rows, good, refused"
    yield f"错误 {checked.errors} 处,提醒 {checked.warnings} 处 / errors, warnings"
    yield from _faults(checked.faults, layer)
    yield from _kept(outcome)


def _faults(faults: pa.Table, layer: Layer) -> Iterator[str]:
    """Errors before warnings, each kind once with how many rows have it and the first of them."""
    same = ["severity", "field", "rule", "zh", "en"]
    kinds = faults.group_by(same).aggregate([("row", "count"), ("row", "min")])
    kinds = kinds.sort_by([("severity", "ascending"), ("row_min", "ascending")])
    for kind in kinds.slice(0, SHOWN).to_pylist():
        alike = reduce(pc.and_, [pc.equal(faults[name], kind[name]) for name in same])
        rows = findings(faults.filter(alike), EXAMPLES)
        named = "、".join(f"第 {fault.row} 行" + (f"“{fault.value}”" if fault.value else "") for fault in rows)
        mark = "错误" if kind["severity"] == Severity.ERROR else "提醒"
        rest = " 等" if kind["row_count"] > EXAMPLES else ""
        spec = layer.fields.get(kind["field"])
        name = kind["field"] if spec is None else f"{spec.title.zh} ({spec.name})"
        yield f"  [{mark}] {'位置 (geometry)' if name == 'geometry' else name}:{kind['zh']} / {kind['en']}"
        yield f"         {kind['row_count']} 行:{named}{rest}"
        if kind["rule"] == Rule.OUTSIDE:
            yield "         请核对 --datum 与 --crs;确为境外数据时加 --anywhere / check the datum, or --anywhere"
    if faults.num_rows:
        yield "  逐行清单用 --faults 文件.xlsx 写出 / every row: --faults FILE"


def _keeping(outcome: Outcome) -> str:
    names = ["位置" if name == "geometry" else outcome.done.layer.fields[name].title.zh for name in outcome.kept]
    more = f" 等 {len(names)} 列" if len(names) > KEPT else ""
    return f"文件没有的列保持原值:{'、'.join(names[:KEPT])}{more}"


def _kept(outcome: Outcome) -> Iterator[str]:
    good, known, loaded = outcome.done.checked.good.num_rows, outcome.known, outcome.loaded
    if outcome.dry_run:
        yield f"只检查,未装入:合格行中新增 {good - known},已有 {known} / checked only: new, there already"
        return
    if outcome.done.rows == 0:
        yield "文件中没有属于该图层的行,未装入 / no row of the file belongs to the layer"
        return
    if outcome.status == 1:
        yield "未装入任何行:改正后重新导入,或用 --good-only 只装入合格行 / nothing kept: mend the file, or --good-only"
        return
    yield (
        f"已装入 {loaded.rows} 行:新增 {loaded.new},更新 {loaded.changed};"
        f"相同未动 {loaded.unchanged} / rows kept: new, changed; unchanged"
    )
    if not loaded.indexed:
        yield "数据完整,但索引未建成,查询会变慢;服务重新启动时补建 / kept whole; an index failed, a restart makes it"


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
