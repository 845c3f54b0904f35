"""Numbers of persons taken out of words that others will read: telephones, mobile and fixed, and identity cards."""

import re

NUMBERS = re.compile(
    r"(?<![0-9])(?:\+?86[- ]?)?"
    r"(1[3-9][0-9](?:[- ]?[0-9]{4}){2}|[0-9]{6}(?:18|19|20)[0-9]{9}[0-9Xx]|0[0-9]{2,3}[- ]?[0-9]{7,8})(?![0-9A-Za-z])"
)
HIDDEN = "〔号码已隐去〕"


def masked(words: str) -> str:
    """The words without such numbers. Names it cannot know: those a person looks for.

    >>> masked("王某 138 1234 5678 报告,座机0999-1234567,证号 110101199003078515")
    '王某 〔号码已隐去〕 报告,座机〔号码已隐去〕,证号 〔号码已隐去〕'
    >>> masked("SJ20261129-0001 号事件,2026-11-29 14:30 泄漏 27000 千克")
    'SJ20261129-0001 号事件,2026-11-29 14:30 泄漏 27000 千克'
    """
    return NUMBERS.sub(HIDDEN, words)
