"""What a person reads after an import."""

from collections.abc import Iterator

from app.imports.tables import Outcome

SHOWN = 20
"""Faults printed; the rest are in the file of faults."""


def told(outcome: Outcome) -> Iterator[str]:
    """How the file was understood, what is wrong with it, and what was kept, line by line."""
    how, checked = outcome.done.headings, outcome.done.checked
    layer = outcome.done.layer
    yield f"图层 / layer: {layer.title.zh} / {layer.id}"
    for name, heading in how.fields.items():
        yield f"  {heading} → {layer.fields[name].title.zh} ({name})"
    for name, value in how.constants.items():
        yield f"  “{value}” → {layer.fields[name].title.zh} ({name})"
    if how.unused:
        yield f"未用的列 / unused columns: {'、'.join(how.unused)}"
    yield f"共 {checked.typed.num_rows} 行,合格 {checked.good.num_rows},有误 {checked.refused} / rows, good, refused"
    yield f"错误 {checked.errors} 处,提醒 {checked.warnings} 处 / errors, warnings"
    for fault in checked.listed(SHOWN):
        mark = "错误" if fault.severity == "error" else "提醒"
        yield f"  [{mark}] 第 {fault.row} 行 {fault.field}“{fault.value}”:{fault.rule.zh} / {fault.rule.en}"
    if checked.faults.num_rows > SHOWN:
        yield f"  另有 {checked.faults.num_rows - SHOWN} 处,用 --faults 写入文件 / more; write them with --faults"
    yield f"已装入 {outcome.kept} 行 / rows kept"
