"""A printed formula worked out: what a card says, as numbers, to be held against what its model computes."""

import inspect
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from scipy.special import erf, ndtr, ndtri

from emergency.formula import KNOWN, LETTER, Formula
from emergency.model import Model

RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
PLAIN = str.maketrans({"−": "-", "·": "*", "^": "**", "≤": "<=", "≥": ">=", "√": "sqrt", "∛": "cbrt", "…": ","})
FUNCTIONS = {
    "ln": math.log, "log₁₀": math.log10, "exp": math.exp, "sin": math.sin, "cos": math.cos, "tan": math.tan,
    "arcsin": math.asin, "arccos": math.acos, "arctan": math.atan, "erf": erf, "max": max, "min": min, "π": math.pi,
    "Φ": ndtr, "N": ndtri, "Γ": math.gamma,
}  # fmt: skip
TOKEN = re.compile(rf"(?P<letter>{LETTER.pattern})|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)|(?P<number>\d+(?:\.\d+)?)|(?P<rest>.)")


def worked_out(formula: Formula, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of all symbols that follow from those given; a line with an integral, or not to be solved, is left."""
    values: dict[str, Any] = {one.letter: one.value for one in formula.symbols if one.value is not None} | dict(given)
    defined: dict[str, list[tuple[str, str, str]]] = {}
    for line in formula.lines:
        left, right, when = _parts(line)
        if called := re.fullmatch(rf"({LETTER.pattern})\(({LETTER.pattern})\)", left):
            defined.setdefault(called[1], []).append((called[2], right, when))

    def applied(name: str) -> Callable[[float], Any]:
        def function(argument: float) -> Any:
            for letter, right, when in defined[name]:
                scope = values | {letter: argument}
                if not when or _value(when, scope, functions):
                    return _value(right, scope, functions)
            raise KeyError(name)

        return function

    functions = {name: applied(name) for name in defined}
    for line in formula.lines * 2:  # a line may need what is printed below it
        left, right, when = _parts(line)
        try:
            if LETTER.fullmatch(left) and (not when or _value(when, values, functions)):
                values[left] = _value(right, values, functions)
        except (KeyError, SyntaxError, NameError, TypeError):
            continue
    return values


def bound(model: Model[..., Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of a model by their letters in its formula, defaults too."""
    arguments = {
        name: one.default
        for name, one in inspect.signature(model.method).parameters.items()
        if isinstance(one.default, int | float)
    }
    named = arguments | dict(asked)
    return {one.letter: named[one.quantity] for one in model.card.formula.symbols if one.quantity in named}


def _parts(line: str) -> tuple[str, str, str]:
    depth, comma = 0, len(line)
    for place, sign in enumerate(line):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            comma = place
    left, _, right = line[:comma].partition(" = ")
    return left.strip(), right.strip(), line[comma + 1 :].strip()


def _value(text: str, values: Mapping[str, Any], functions: Mapping[str, Any]) -> Any:
    scope: dict[str, Any] = {"sqrt": math.sqrt, "cbrt": math.cbrt, "added": _added, "inf": math.inf}
    return eval(_python(text, values, functions, scope), scope)  # only what this repository prints


def _added(each: Callable[[int], Any], low: float, high: float) -> Any:
    return sum(each(number) for number in range(int(low), int(high) + 1))


def _python(text: str, values: Mapping[str, Any], functions: Mapping[str, Any], scope: dict[str, Any]) -> str:
    if "∫" in text or "∏" in text:
        raise SyntaxError(text)
    if found := re.search(r"∑\[([a-z])\]\(", text):  # over all there are
        many = next(one.rstrip("ᵢ") for one in LETTER.findall(text) if one.endswith("ᵢ"))
        last = len(values[many]) - 1
        return _python(text.replace(found[0], f"∑[{found[1]}=0…{last}]("), values, functions, scope)
    if found := re.search(r"∑\[([a-z])=([^…]+)…([^\]]+)\]\(", text):
        depth, end = 1, found.end()
        while depth:
            depth += (text[end] == "(") - (text[end] == ")")
            end += 1
        index = found[1]
        inner = _python(text[found.end() : end - 1], {**values, index: _Index}, functions, scope)
        low, high = (_python(found[n], values, functions, scope) for n in (2, 3))
        held = f"sum{len(scope)}"
        scope[held] = eval(f"added(lambda {index}_: ({inner}), {low}, {high})", scope)
        return _python(text[: found.start()] + f"<{held}>" + text[end:], values, functions, scope)
    said, before = "", ""
    for piece in re.split(r"(<sum\d+>)", re.sub(r"\|([^|]*)\|", r"⟨\1⟩", text)):
        if piece.startswith("<sum"):
            said += piece[1:-1]
            continue
        for token in TOKEN.finditer(piece):
            kind, word = token.lastgroup, token[0]
            if kind == "letter":
                said += "*" if before == "number" else ""
                said += _named(word, values, functions, scope)
            elif kind == "raised":
                said += f"**({word.translate(RAISED)})"
            elif kind == "rest":
                said += {"⟨": "abs(", "⟩": ")", "∧": " and ", "∞": "inf", "=": "=="}.get(word, word.translate(PLAIN))
            else:
                said += word
            before = kind or ""
    return said.replace("<==", "<=").replace(">==", ">=").strip()


class _Index:
    """What a sum runs over."""


def _named(word: str, values: Mapping[str, Any], functions: Mapping[str, Any], scope: dict[str, Any]) -> str:
    if values.get(word) is _Index:
        return f"{word}_"
    name = "x" + "_".join(str(ord(sign)) for sign in word)
    plain = word.rstrip("ᵢₖ")
    if word in functions:
        scope[name] = functions[word]
    elif word in values:
        scope[name] = values[word]
    elif plain != word and plain in values:
        scope[name] = values[plain]
        return f"{name}[{ {'ᵢ': 'i', 'ₖ': 'k'}[word[-1]] }_]"
    elif word in KNOWN or word in FUNCTIONS:
        scope[name] = FUNCTIONS[word]
    else:
        raise KeyError(word)
    return name
