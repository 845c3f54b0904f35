"""Inputs that are quantities: their JSON schema, and numbers, lists or `12 mm` read into SI within what can exist."""

from collections.abc import Iterator
from dataclasses import replace
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import BadInputError, Fault
from core.texts import Text
from emergency.quantities import QUANTITIES, Quantity
from emergency.written import SPELLINGS, read
from ogc.processes.process import Json

MOST = 10_000
"""Numbers of one input, where a model takes many at once."""

LONGEST = {"time_limit": 6 * 3600.0}
"""What can exist but would keep a server busy: here at most so much."""

ANY = Quantity(title=Text("数", "number"), unit="")


def quantity_of(name: str) -> Quantity:
    """The quantity of an input, with what this door takes of it."""
    quantity = QUANTITIES.get(name, ANY)
    return replace(quantity, high=LONGEST[name]) if name in LONGEST else quantity


def schema(quantity: Quantity, unit: str, *, many: bool) -> Json:
    """A number in SI, the same as people write it, and a list of numbers where the model takes one."""
    number: Json = {"type": "number", "x-ogc-unit": unit}
    if isfinite(quantity.low):
        number["exclusiveMinimum" if quantity.open_low else "minimum"] = quantity.low
    if isfinite(quantity.high):
        number["maximum"] = quantity.high
    ways: list[Json] = [number]
    spellings = [way for way in SPELLINGS.get(unit, ()) if way]
    if spellings:
        ways.append({"type": "string", "maxLength": 60, "examples": [f"{1:g} {spellings[0]}"]})
    if many:
        ways.append({"type": "array", "items": number, "minItems": 1, "maxItems": MOST})
    return number if len(ways) == 1 else {"oneOf": ways, "x-ogc-unit": unit}


def numbers(name: str, given: Any, unit: str, *, many: bool) -> float | NDArray[np.float64]:
    """What was given, in SI. Raises BadInputError that names the input, the value and what is allowed."""
    quantity = quantity_of(name)
    if not isinstance(given, list):
        value = read(given, unit, name)
        _refuse_impossible(name, value, value, quantity, unit)
        return value
    if not many:
        raise _refused(name, "list", Text("应为一个数,不是列表", "must be one number, not a list"))
    if not 1 <= len(given) <= MOST:
        raise _refused(
            name, f"{len(given)}", Text(f"列表应有 1 至 {MOST} 个数", f"a list must have 1 to {MOST} numbers")
        )
    for one in given:
        if isinstance(one, bool) or not isinstance(one, int | float):
            raise _refused(name, str(one)[:60], Text("列表中的每一项应为数", "each of a list must be a number"))
    values = np.array(given, dtype=float)
    _refuse_impossible(name, float(values.min()), float(values.max()), quantity, unit)
    return values


def uneven(given: dict[str, Any]) -> Iterator[Fault]:
    """Lists that are not equally long cannot be taken together."""
    lengths = {name: len(one) for name, one in given.items() if isinstance(one, np.ndarray) and len(one) > 1}
    most = max(lengths.values(), default=1)
    for name, length in lengths.items():
        if length != most:
            rule = Text(f"列表应与最长的一样有 {most} 个数", f"must have {most} numbers like the longest list")
            yield Fault(field=name, value=str(length), rule=rule)


def evened(given: dict[str, Any], many: list[str]) -> dict[str, Any]:
    """The same with each single number beside lists repeated as often: some methods sort or sum over lists."""
    most = max((len(one) for one in given.values() if isinstance(one, np.ndarray)), default=0)
    if not most:
        return given
    return {name: np.array(np.broadcast_to(one, most)) if name in many else one for name, one in given.items()}


def _refuse_impossible(name: str, least: float, most: float, quantity: Quantity, unit: str) -> None:
    if isfinite(least) and isfinite(most) and quantity.allows(least, most):
        return
    above = (f"> {quantity.low:g}" if quantity.open_low else f"≥ {quantity.low:g}") if isfinite(quantity.low) else ""
    below = f"≤ {quantity.high:g}" if isfinite(quantity.high) else ""
    spelt = ", ".join(part for part in (above, below) if part) or "finite"
    worst = least if not quantity.allows(least, least) else most
    raise _refused(name, f"{worst:g} {unit}".strip(), Text(f"应为 {spelt} {unit}", f"must be {spelt} {unit}"))


def _refused(name: str, value: str, rule: Text) -> BadInputError:
    return BadInputError(
        Text(f"{name}“{value}”{rule.zh}", f"{name}={value!r} {rule.en}"), field=name, value=value, rule=rule
    )
