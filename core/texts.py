"""Words people read, in Chinese and English; Chinese is the default."""

from dataclasses import dataclass
from enum import StrEnum


class Lang(StrEnum):
    """A language the system speaks."""

    ZH = "zh"
    EN = "en"


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
