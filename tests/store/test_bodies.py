"""The bodies of many rows, written by column, are spelt exactly as one row is."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.canonical import canonical_json
from store.columns import bodies

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
