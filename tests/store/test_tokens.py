"""Words cut from many texts at once are those cut from each alone."""

import unicodedata
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from core.scope import Sensitivity
from layers.catalogue import ENTERPRISES
from store.tokens import tokens, tokens_of_many, words_of

CHARACTERS = st.one_of(
    st.sampled_from("液氨储罐一㐀鿿䶿（Ａ）［］ 　ａﬁⅣ½İΣςσ_-·\n\x00e\u0301가が\U00020000\U000323af①ﾊﾟ"), st.characters()
)
TEXTS = st.lists(st.text(CHARACTERS, max_size=12), min_size=1, max_size=8)


@given(TEXTS)
@example(["ΑΣ", "ΣΑ", "Σ"])
@example(["Ａ", "\u0301", "e", "\u0301"])
@example(["", "液", "", "液氨 LT-201", ""])
def test_many_texts_are_cut_up_as_each_alone_is(texts: list[str]) -> None:
    assert tokens_of_many(texts) == [tokens((text,)) for text in texts]


def test_every_character_is_of_the_same_kind_either_way() -> None:
    everything = [chr(number) for number in range(1, 0x110000) if unicodedata.category(chr(number)) != "Cs"]
    assert tokens_of_many(everything) == [tokens((text,)) for text in everything]


WORD = st.one_of(st.just(""), st.text(CHARACTERS.filter(lambda c: unicodedata.category(c) != "Cs"), max_size=6))


@given(st.lists(st.tuples(WORD, WORD, st.lists(WORD, max_size=2)), min_size=1, max_size=4))
def test_a_row_has_the_words_of_all_its_fields_and_a_row_without_any_has_none(
    rows: list[tuple[str, str, list[str]]],
) -> None:
    plain: dict[str, list[Any]] = {name: [""] * len(rows) for name in ENTERPRISES.search}
    plain |= dict(zip(("products", "legal_person", "key_chems"), map(list, zip(*rows, strict=True)), strict=True))
    words = words_of(ENTERPRISES, plain)[Sensitivity.INTERNAL].to_pylist()
    assert words == [tokens([first, *chemicals, last]) for first, last, chemicals in rows]
