"""The bodies of many rows, written by column, are spelt exactly as one row is."""

from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from core.canonical import canonical_json, sha256
from core.clock import iso
from layers.fields import Kind
from store.bodies import bodies_of, hashes_of
from store.columns import bodies
from store.schema import ARROW

VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, -0.0, 1, 1.0, True, "", "氯", "a,b", '"', "\\", "}", "1"]), st.text(max_size=6),
    st.lists(st.text(max_size=3), max_size=2),
)  # fmt: skip
NAMES = st.sampled_from(["area", "name", "risk", "goods", "企业", 'a"b', "geometry", "z"])


@st.composite
def tables(draw: st.DrawFn) -> dict[str, list[Any]]:
    """Columns of any values: all different, all alike, or a few in turn."""
    rows = draw(st.integers(1, 12))
    names = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    few = {name: draw(st.lists(VALUES, min_size=1, max_size=3)) for name in names}
    return {
        name: draw(
            st.one_of(
                st.lists(VALUES, min_size=rows, max_size=rows),
                st.just([few[name][0]] * rows),
                st.lists(st.sampled_from(few[name]), min_size=rows, max_size=rows),
            )
        )
        for name in names
    }


@given(tables())
def test_bodies_are_canonical(plain: dict[str, list[Any]]) -> None:
    rows = [dict(zip(plain, row, strict=True)) for row in zip(*plain.values(), strict=True)]
    assert bodies(plain) == [canonical_json(row) for row in rows]


def test_no_rows_have_no_bodies() -> None:
    assert bodies({"name": []}) == []


TEXTS = st.one_of(st.text(max_size=6), st.sampled_from(["", '"', "\\", "a\nb", "\x7f", "\u2028", "氯", '","']))
KINDS: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: TEXTS,
    Kind.INTEGER: st.integers(-(2**63), 2**63 - 1),
    Kind.REAL: st.floats(allow_nan=False, allow_infinity=False).map(lambda value: value + 0.0),
    Kind.BOOLEAN: st.booleans(),
    Kind.DATE: st.dates(),
    Kind.DATETIME: st.dates(date(1000, 1, 1)).map(lambda day: datetime(day.year, day.month, day.day, 1, 2, 3, 45, UTC)),
    Kind.LIST: st.lists(TEXTS, max_size=2),
}


@st.composite
def arrow_tables(draw: st.DrawFn) -> pa.Table:
    """Columns as a load has them: each of one kind, with gaps or without, all different, alike or a few in turn."""
    rows = draw(st.integers(1, 12))
    columns: dict[str, pa.Array] = {"key": pa.array([f"k{row}" for row in range(rows)], pa.string())}
    for name in draw(st.lists(NAMES, max_size=5, unique=True)):
        kind = draw(st.sampled_from(list(Kind)))
        one = draw(st.sampled_from([KINDS[kind], st.none() | KINDS[kind], st.just(draw(KINDS[kind]))]))
        columns[name] = pa.array(draw(st.lists(one, min_size=rows, max_size=rows)), ARROW[kind])
    if draw(st.booleans()):
        places = st.lists(st.none() | st.binary(max_size=4), min_size=rows, max_size=rows)
        columns["geometry"] = pa.array(draw(places), pa.binary())
    return pa.table(columns)


def _plain(value: Any) -> Any:
    match value:
        case bytes():
            return value.hex()
        case datetime():
            return iso(value)
        case date():
            return value.isoformat()
    return value


@given(arrow_tables(), st.integers(0, 3))
def test_bodies_spelt_from_arrow_are_canonical(table: pa.Table, first: int) -> None:
    """Of a slice too, whose buffers begin elsewhere."""
    table = table.slice(min(first, len(table) - 1))
    expected = [canonical_json({name: _plain(value) for name, value in row.items()}) for row in table.to_pylist()]
    assert [body for some in bodies_of(table, "key") for body in some.to_pylist()] == expected
    assert hashes_of(table, "key").to_pylist() == [sha256(body) for body in expected]
