"""Numbers of official documents: organ, word, year in lenticular brackets, serial: （云澜）应急责改〔2026〕12号."""

import re
from dataclasses import dataclass

from casework.calendar import wrong

PLAIN = re.compile(r"[^（）()〔〕\[\]【】\s]{1,20}")
WHOLE = re.compile(r"（(?P<organ>[^（）]+)）(?P<word>[^〔〕（）0-9]+)〔(?P<year>[0-9]{4})〕(?P<serial>[1-9][0-9]*)号")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentNumber:
    """The parts of a number; serials begin at 1 with each organ, word and year, and none is left out."""

    organ: str
    word: str
    year: int
    serial: int
    official: bool = False

    def __str__(self) -> str:
        organ = self.organ if self.official else f"（{self.organ}）"
        return f"{organ}{self.word}〔{self.year}〕{self.serial}号"


def number(organ: str, word: str, year: int, serial: int, *, official: bool = False) -> DocumentNumber:
    """The number so composed.

    >>> str(number("云澜", "应急责改", 2026, 12))
    '（云澜）应急责改〔2026〕12号'
    >>> str(number("云澜", "应急发", 2026, 3, official=True))
    '云澜应急发〔2026〕3号'

    Raises: BadInputError naming the part.
    """
    for field, value in (("organ", organ), ("word", word)):
        if not PLAIN.fullmatch(value) or (field == "word" and re.search("[0-9]", value)):
            raise wrong(field=field, value=value, allowed="1-20 characters without brackets, blanks or digits")
    if not 1949 <= year <= 9999:
        raise wrong(field="year", value=year, allowed="1949 to 9999")
    if serial < 1:
        raise wrong(field="serial", value=serial, allowed=">= 1")
    return DocumentNumber(organ=organ, word=word, year=year, serial=serial, official=official)


def parsed(text: str) -> DocumentNumber:
    """A number as written, half-width and square brackets allowed.

    >>> parsed("(云澜)应急责改[2026]12号").serial
    12

    Raises: BadInputError.
    """
    plain = text.strip().translate(str.maketrans("()[]【】", "（）〔〕〔〕"))
    found = WHOLE.fullmatch(plain)
    if not found:
        raise wrong(field="number", value=text, allowed="（机关）字〔年〕序号号")
    return number(found["organ"], found["word"], int(found["year"]), int(found["serial"]))
