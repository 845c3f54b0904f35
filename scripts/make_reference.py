"""Writes docs/reference from the declarations: the data dictionary, the code lists, the error codes, the procedures."""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import core.errors  # noqa: E402
from app.systems import SYSTEMS  # noqa: E402
from casework.limits import limit as rule_of  # noqa: E402
from casework.permits import Way, permits  # noqa: E402
from casework.telling import STATUS, deadline_words, guard_words, limits_of, mermaid, roles_words, rung_words  # noqa: E402
from core.scope import Sensitivity  # noqa: E402
from core.texts import Lang  # noqa: E402
from layers.catalogue import CATALOGUE  # noqa: E402
from layers.codes import code_list, list_ids  # noqa: E402
from layers.codes.accidents import level_rules  # noqa: E402
from layers.codes.retention import retention_rules  # noqa: E402
from layers.fields import FieldSpec  # noqa: E402
from layers.layer import THEMES, Geometry, Layer  # noqa: E402

FOLDER = ROOT / "docs" / "reference"
NOTE = "<!-- written by scripts/make_reference.py from the declarations; do not edit -->"
LONGEST = 100


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _table(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    lines = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    return [*lines, *("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows), ""]


def _limits(spec: FieldSpec) -> str:
    words = []
    for limit in spec.constraints:
        for name, sign in (("ge", "≥"), ("gt", ">"), ("le", "≤"), ("lt", "<")):
            if getattr(limit, name, None) is not None:
                words.append(f"{sign} {getattr(limit, name):g}")
        for name, sign in (("min_length", "≥"), ("max_length", "≤")):
            if getattr(limit, name, None) is not None:
                words.append(f"{sign} {getattr(limit, name)} chars")
        if getattr(limit, "pattern", None) is not None:
            words.append(f"`{limit.pattern}`")
    return ", ".join(words)


def _field_row(layer: Layer, spec: FieldSpec) -> tuple[str, ...]:
    key = " (key)" if spec.name == layer.key else ""
    refers = f"→ `{spec.refers}`" if spec.refers else ""
    codes = f"[{spec.codes}](codes.md#{spec.codes})" if spec.codes else ""
    return (
        f"`{spec.name}`{key}",
        spec.title.zh,
        spec.title.en,
        spec.kind.value + (", required" if spec.required else ""),
        spec.unit or "",
        " ".join(part for part in (codes, refers, _limits(spec)) if part),
        spec.standard or "",
        max(spec.sensitivity, layer.sensitivity).name.lower(),
    )


def _precision(layer: Layer) -> list[str]:
    found = layer.precision
    if found is None:
        return []
    zh, en = (found.said.zh, found.said.en) if found.metres else ("精确位置", "exact places")
    return [f"- 公众所见 / the public meets: {zh} / {en} ({found.reason.zh} / {found.reason.en})"]


def layers_page() -> str:
    """The data dictionary: every layer and every field."""
    lines = [NOTE, "# 图层与数据字典 / Layers and data dictionary", ""]
    lines += ["由图层声明生成。Every layer and field as declared; geometry is EPSG:4490, longitude first.", ""]
    rows: list[tuple[str, ...]] = [
        (f"[`{x.id}`](#{x.id})", x.title.zh, x.title.en, THEMES[x.theme].zh, x.geometry.value, str(len(x.fields)))
        for x in CATALOGUE
    ]
    lines += _table(("id", "图层", "Layer", "专题", "geometry", "fields"), rows)
    headings = ("field", "名称", "Title", "type", "unit", "codes, references, limits", "standard", "sensitivity")
    for layer in CATALOGUE:
        shared = ", shared beyond its area" if layer.shared else ""
        shape = "no geometry" if layer.geometry is Geometry.NONE else layer.geometry.value
        lines += [
            f"## {layer.id} {{: #{layer.id} }}",
            "",
            f"**{layer.title.zh}** {layer.about.zh}。{layer.about.en}.",
            "",
        ]
        lines += [
            f"- {shape}; key `{layer.key}`; {Sensitivity(layer.sensitivity).name.lower()}{shared}",
            *_precision(layer),
            f"- 责任单位 / owner: {layer.owner.zh} / {layer.owner.en}",
            f"- 来源 / lineage: {layer.lineage.zh} / {layer.lineage.en}; {layer.frequency.zh} / {layer.frequency.en}",
            "",
        ]
        lines += _table(headings, [_field_row(layer, spec) for spec in layer.fields.values()])
    return "\n".join(lines)


def codes_page() -> str:
    """The code lists with source and status; a long one is given by its size and its file."""
    lines = [NOTE, "# 代码表 / Code lists", ""]
    lines += ["status: `verified` read in the law, `secondary` found in a second source, `unverified`, `own`.", ""]
    for list_id in sorted(list_ids()):
        codes = code_list(list_id)
        lines += [f"## {list_id} {{: #{list_id} }}", "", f"{codes.title.zh} / {codes.title.en}"]
        lines += [f"({codes.source}, `{codes.status.value}`, {len(codes)})", ""]
        if len(codes) > LONGEST:
            lines += [f"Full list: `layers/codes/data/{list_id}.csv`.", ""]
            continue
        rows: list[tuple[str, ...]] = [(f"`{c.code}`", c.title.zh, c.title.en, "、".join(c.aliases)) for c in codes]
        lines += _table(("code", "中文", "English", "also read as"), rows)
    lines += ["## 事故等级规则 / Accident level rules", ""]
    rules: list[tuple[str, ...]] = [
        (
            str(r.level),
            str(r.deaths),
            str(r.serious_injuries),
            f"{r.direct_loss:,.0f}",
            str(r.valid_from),
            r.source,
            r.status,
        )
        for r in level_rules()
    ]
    headings = ("level", "deaths ≥", "serious injuries ≥", "direct loss ≥ (CNY)", "from", "source", "status")
    lines += _table(headings, rules)
    lines += ["## 记录保存期限规则 / Rules on how long records are kept", ""]
    kept = [
        (rule.record, str(rule.months), rule.valid_from.isoformat(), rule.source, rule.status)
        for rule in retention_rules()
    ]
    return "\n".join(lines + _table(("record", "months ≥", "from", "source", "status"), kept))


def errors_page() -> str:
    """Every kind of error an answer or a command may carry."""
    lines = [NOTE, "# 错误代码 / Error codes", ""]
    kinds = [core.errors.OneMapError]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    rows: list[tuple[str, ...]] = [
        (f"`{kind.code}`", str(kind.status), (kind.__doc__ or "").split("\n")[0])
        for kind in kinds
        if kind.__module__ == "core.errors"
    ]
    return "\n".join(lines + _table(("code", "HTTP", "meaning"), rows))


def casework_page() -> str:
    """The procedures of the business systems: states, steps, limits with source and status, reminders, a diagram."""
    day = date(2026, 11, 28)
    lines = [NOTE, "# 业务流程 / Procedures of the business systems", ""]
    lines += ["由业务声明生成。As declared; the same with `onemap casework show ID`.", ""]
    for of in SYSTEMS:
        lines += [f"## {of.id} {{: #{of.id} }}", "", f"**{of.title.zh}** {of.about.zh}。{of.about.en}.", ""]
        lines += [f"- 依据 / law: {of.law.zh} / {of.law.en}"]
        lines += [f"- 登记 / register: [`{of.register.id}`](layers.md#{of.register.id}), {of.numbering}YYYY-NNNNNN"]
        if of.public is not None:
            lines += [f"- 公开 / published: [`{of.public.id}`](layers.md#{of.public.id})"]
        lines += ["", "```mermaid", mermaid(of), "```", ""]
        steps = [
            (
                f"`{step.name}`", f"{step.title.zh} / {step.title.en}",
                f"{'、'.join(of.state_title(str(one)).zh for one in step.source) or '—'} → "
                f"{'不变' if step.target is None else of.state_title(str(step.target)).zh}",
                roles_words(step, Lang.ZH), " ".join(f"`{name}`{'*' if name in step.needs else ''}" for name in step.asks),
                guard_words(step), deadline_words(of, step, day, Lang.ZH), step.law.zh if step.law else "",
            )
            for step in of.steps
        ]  # fmt: skip
        headings = ("step", "名称", "状态", "办理", "asks (* needed)", "rules", "期限", "依据")
        lines += _table(headings, steps)
        rules = [
            (f"`{one.id}`", f"{one.title.zh} / {one.title.en}", one.term.title.zh, one.starts.zh, one.cited,
             f"`{one.status.value}` {STATUS[one.status].zh}")
            for one in limits_of(of, day)
        ]  # fmt: skip
        lines += _table(("limit", "期限", "时长", "起算", "source", "status"), rules)
        lines += ["提醒 / reminders: " + "; ".join(rung_words(rung, Lang.ZH) for rung in of.reminders), ""]
    return "\n".join(lines)


WAYS = {Way.LICENCE: "审批 / decided", Way.FILING: "备案 / filed", Way.ELSEWHERE: "只登记 / registered only"}


def permits_page() -> str:
    """The kinds of licences and filings: who issues, how long valid, by when decided and renewed, by which source."""
    day = date(2026, 11, 28)
    lines = [NOTE, "# 证照种类 / Kinds of licences", ""]
    lines += [
        "`casework/data/permits.csv`;期限为 `casework/data/limits/` 的规则。Limits are rules of `casework/data/limits/`.",
        "",
    ]
    rows = []
    for one in permits():
        lead = one.lead(day)
        decision = one.decision_words.zh or (rule_of(one.decision, day).term.title.zh if one.decision else "—")
        since = "自受理 " if one.from_acceptance else "自收到材料 "
        rows.append(
            (
                one.id, f"{one.title.zh} / {one.title.en}", WAYS[one.way] + (f":{one.note.zh}" if one.note.zh else ""),
                one.issuer.zh, "—" if one.validity is None else one.validity.title.zh + (
                    f"({one.validity_words.zh})" if one.validity_words.zh else ""),
                decision if one.decision_words.zh or not one.decision else since + decision, one.renewal_words.zh or ("—" if lead is None else f"届满前 {lead.term.title.zh}"),
                str(len(one.papers)), one.source, f"`{one.status.value}` {STATUS[one.status].zh}",
            )
        )  # fmt: skip
    headings = ("id", "证照", "办理", "发证机关", "有效期", "决定期限", "申请延续", "材料项", "source", "status")
    return "\n".join(lines + _table(headings, rows))


PAGES: dict[str, Callable[[], str]] = {
    "layers.md": layers_page,
    "codes.md": codes_page,
    "errors.md": errors_page,
    "casework.md": casework_page,
    "permits.md": permits_page,
}


def main() -> None:
    """Write the pages, or with --check say which are out of date."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    stale = []
    for name, page in PAGES.items():
        path, text = FOLDER / name, page()
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
    if stale:
        sys.exit(f"out of date, run scripts/make_reference.py: {', '.join(stale)}")


if __name__ == "__main__":
    main()
