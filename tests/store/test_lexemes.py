"""The words PostgreSQL is given in binary are those search cuts texts into, each once and in order."""

import struct

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from core.scope import Sensitivity
from layers.catalogue import ENTERPRISES
from store.postgis.layout import Script, word_levels
from store.postgis.lexemes import LONGEST_WORD, lexemes
from store.tokens import of_han, searched, texts_of_field, tokens

TEXTS = st.one_of(
    st.text(max_size=8),
    st.text("液氨氯甲醇aB1é ,(（\0\n", max_size=12),
    st.sampled_from(["", "液氨", "氨", "LT-201", "𠀀𠀁", "a" * (LONGEST_WORD + 1), "Ⅳ", "가나", "İ"]),
)


@st.composite
def ledgers(draw: st.DrawFn) -> dict[str, list[str | list[str] | None]]:
    rows = draw(st.integers(1, 5))
    return {
        name: draw(
            st.lists(
                st.lists(TEXTS, max_size=2) if name == "key_chems" else st.none() | TEXTS, min_size=rows, max_size=rows
            )
        )
        for name in ENTERPRISES.search
    }


def _cut(level: Sensitivity, script: Script, plain: dict[str, list[str | list[str] | None]], row: int) -> list[bytes]:
    texts = [texts_of_field(plain[name])[row] for name in searched(ENTERPRISES, level)]
    words = [word for word in tokens(texts).split(" ") if word and len(word) <= LONGEST_WORD]
    return sorted({word.encode() for word in words if of_han(word) == (script is Script.HAN)})


def _read(sent: bytes) -> list[bytes]:
    found = sent[4:].split(b"\0\0\0")[:-1]
    assert struct.unpack(">i", sent[:4])[0] == len(found)
    return found


@given(ledgers())
def test_every_row_gets_its_own_words_by_script(plain: dict[str, list[str | list[str] | None]]) -> None:
    kinds = [(level, script) for level in word_levels(ENTERPRISES) for script in Script]
    for (level, script), column in zip(kinds, lexemes(ENTERPRISES, plain), strict=True):
        assert isinstance(column, pa.Array)
        for row, sent in enumerate(column.to_pylist()):
            assert sorted(_read(sent)) == _cut(level, script, plain, row)


def test_words_come_in_the_order_the_index_compares_them() -> None:
    plain = {name: [""] for name in ENTERPRISES.search} | {"name": ["液氨 b 液 a 氨氯"], "uscc": ["9b"]}
    han, word, *_ = ([word.decode() for word in _read(column[0].as_py())] for column in lexemes(ENTERPRISES, plain))
    assert (han, word) == (sorted(["液氨", "氨", "液", "氨氯", "氯"]), ["9b", "a", "b"])
