"""Words people read, in Chinese and English, Chinese by default; and the whole numbers people write."""

from dataclasses import dataclass
from enum import StrEnum


class Lang(StrEnum):
    """A language the system speaks."""

    ZH = "zh"
    EN = "en"

    @classmethod
    def wished(cls, text: str) -> "Lang | None":
        """The first language of a list like Accept-Language's that the system speaks; a weight of 0 is none.

        >>> Lang.wished("fr, en-GB;q=0.8, zh"), Lang.wished("zh-CN"), Lang.wished("de"), Lang.wished("en;q=0,zh")
        (<Lang.EN: 'en'>, <Lang.ZH: 'zh'>, None, <Lang.ZH: 'zh'>)
        """
        for part in text.lower().replace(" ", "").split(","):
            tag, _, weight = part.partition(";q=")
            if tag[:2] in set(cls) and tag[2:3] in ("", "-", "_") and weight.strip("0.") + ("1" if not weight else ""):
                return cls(tag[:2])
        return None


@dataclass(frozen=True, slots=True)
class Text:
    """One phrase in both languages, Chinese first.

    >>> Text("企业", "Enterprise").of(Lang.EN)
    'Enterprise'
    """

    zh: str
    en: str

    def of(self, lang: Lang) -> str:
        """The phrase in one language."""
        return self.en if lang is Lang.EN else self.zh

    def __str__(self) -> str:
        return self.zh


def whole(text: str) -> int | None:
    """The number that up to eighteen ASCII digits write; `str.isdigit` is also true of ², which `int` cannot read.

    >>> whole("042"), whole("²"), whole("１"), whole("1_0"), whole("-1")
    (42, None, None, None, None)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def real(text: str) -> float:
    """The number a text writes in ASCII; ValueError for `1_0` and other scripts' digits, which `float` would take."""
    if not text.isascii() or "_" in text:
        raise ValueError(text)
    return float(text)
