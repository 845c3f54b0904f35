"""Words cut from many texts at once are those cut from each alone."""

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from store.tokens import tokens, tokens_of_many

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
