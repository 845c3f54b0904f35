"""The formula of a model: plain mathematics, one relation a line, with every letter of it explained.

Products carry their point (`2·ρ·Δp`), so that a letter is told from its neighbour; a letter before a bracket is a
function; what follows the last comma of a line, outside brackets, is when the line holds. So a line can be read by a
person and worked out by a program, and a test does that: what is printed is held against what the model computes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from core.texts import Lang, Text
from emergency.quantities import QUANTITIES

LETTER = re.compile(r"[A-Za-zΑ-Ωα-ωϕℓ][A-Za-zΑ-Ωα-ω0-9₀-₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ∞′*]*")
"""A symbol: a letter and what hangs on it."""

KNOWN = frozenset({"π", "ln", "log₁₀", "exp", "sin", "cos", "tan", "arcsin", "arccos", "arctan", "erf", "max", "min"})
"""Nobody needs these explained."""

INDEX = "ᵢⱼₖₙ"
COUNTED = re.compile(r"[∑∏]\[([^\]]*)\]")
"""What a sum or a product runs over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """A letter of a formula: what it stands for, its unit, its value where it is a constant.

    `quantity` is the name in `emergency.quantities` where it is one of these, which is how a parameter is known.
    """

    letter: str
    title: Text
    unit: str
    value: float | None = None
    quantity: str = ""

    def said(self, lang: Lang) -> str:
        """What it stands for, with its value or its unit."""
        unit = "" if self.unit in ("", "1") else self.unit
        if self.value is not None:
            return f"{self.title.of(lang)} {self.value:g} {unit}".rstrip()
        return f"{self.title.of(lang)}{f' [{unit}]' if unit else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """Relations, and their symbols in the order they appear."""

    lines: tuple[str, ...]
    symbols: tuple[Symbol, ...]

    @property
    def text(self) -> str:
        """All of it, a relation a line."""
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a letter stands for where it is no declared quantity."""

    title: Text
    unit: str
    value: float | None = None


Meanings = dict[str, str | Meaning]
"""What letters stand for: quantities by name, and what is none of them."""


def means(zh: str, en: str, unit: str = "", value: float | None = None) -> Meaning:
    """A letter's meaning; `unit` is empty for a function, a table or a coefficient whose unit follows from its power.

    >>> means("重力加速度", "acceleration of gravity", "m/s2", 9.80665).title.en
    'acceleration of gravity'
    """
    return Meaning(Text(zh, en), unit, value)


MOLAR_GAS_CONSTANT = means("气体常数", "gas constant", "J/(mol.K)", 8.314462618)
STANDARD_GRAVITY = means("重力加速度", "acceleration of gravity", "m/s2", 9.80665)


def formula(*lines: str, where: Mapping[str, str | Meaning]) -> Formula:
    """A formula whose letters are quantities, by their names, or meanings of its own.

    Raises `ValueError` naming every letter that is not explained, and every explanation that is not needed.
    """
    found = letters("\n".join(lines), where)
    wrong = [f"{one} is not explained" for one in found if one not in where]
    wrong += [f"{one} is explained but not used" for one in where if one not in found]
    wrong += [f"{one} is no quantity" for one in where.values() if isinstance(one, str) and one not in QUANTITIES]
    if not lines or wrong:
        raise ValueError(f"formula {' | '.join(lines)}: {'; '.join(wrong) or 'no line'}")
    return Formula(lines=lines, symbols=tuple(_symbol(one, where[one]) for one in found))


def letters(text: str, explained: Mapping[str, object]) -> list[str]:
    """The symbols of a formula in the order they appear: without functions everybody knows, without indices.

    >>> letters("q = Cd·A·√(2·ρ·Δp)", {})
    ['q', 'Cd', 'A', 'ρ', 'Δp']
    """
    found: dict[str, None] = {}
    for one in LETTER.findall(text):
        if one not in KNOWN:
            found.setdefault(_bare(one, explained))
    counted = {one for bounds in COUNTED.findall(text) for one in LETTER.findall(bounds)}
    return [one for one in found if one in explained or one not in counted]


def _bare(letter: str, explained: Mapping[str, object]) -> str:
    """The symbol itself: `fᵢ` is one of `f`, `dx` a step of `x`."""
    if letter in explained:
        return letter
    plain = letter.rstrip(INDEX)
    if plain not in explained and len(plain) > 1 and plain[0] == "d" and plain[1:].rstrip(INDEX) in explained:
        return plain[1:].rstrip(INDEX)
    return plain


def _symbol(letter: str, meaning: str | Meaning) -> Symbol:
    if isinstance(meaning, Meaning):
        return Symbol(letter=letter, title=meaning.title, unit=meaning.unit, value=meaning.value)
    quantity = QUANTITIES[meaning]
    return Symbol(letter=letter, title=quantity.title, unit=quantity.unit, quantity=meaning)
