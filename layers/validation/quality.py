"""The quality report: for each field how much is missing, wrongly coded, out of range or otherwise wrong."""

import pyarrow as pa
import pyarrow.compute as pc

from layers.layer import Layer
from layers.validation import Checked, Rule

COLUMNS = (
    ("missing", (Rule.MISSING,)),
    ("wrong_type", (Rule.TYPE,)),
    ("wrong_code", (Rule.CODE, Rule.AREA)),
    ("out_of_range", (Rule.RANGE, Rule.LENGTH, Rule.PATTERN, Rule.OUTSIDE)),
    ("wrong_check_digit", (Rule.CHECK_DIGIT,)),
    ("lost_reference", (Rule.REFERENCE,)),
    ("duplicate", (Rule.DUPLICATE,)),
    ("other", (Rule.GEOMETRY, Rule.CONSISTENCY)),
)


def quality(layer: Layer, checked: Checked) -> pa.Table:
    """One row for each field delivered, geometry included: rows, empty, and faults by kind."""
    counts = checked.faults.group_by(["field", "rule"]).aggregate([("row", "count")]).to_pylist()
    found = {(row["field"], row["rule"]): row["row_count"] for row in counts}
    lines = []
    for name in [*(n for n in layer.fields if n in checked.typed.column_names), "geometry"]:
        given = checked.typed[name] if name in checked.typed.column_names else None
        empty = checked.typed.num_rows if given is None else pc.sum(pc.is_null(given)).as_py() or 0
        line: dict[str, str | int] = {"field": name, "rows": checked.typed.num_rows, "empty": int(empty)}
        for heading, rules in COLUMNS:
            line[heading] = sum(found.get((name, rule.value), 0) for rule in rules)
        lines.append(line)
    return pa.Table.from_pylist(lines)
