"""Properties that a case gives as a formula of the temperature, read as arithmetic and nothing else."""

import ast
import operator
import re
from collections.abc import Callable

OPERATIONS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}  # fmt: skip


def evaluated(formula: str, temperature: float) -> float:
    """The value at a temperature T; what follows commas defines further names.

    >>> evaluated("2T^2+1", 3.0), evaluated("1e2*(1-Tr), Tr=T/6", 3.0)
    (19.0, 50.0)
    """
    main, *defined = formula.split(",")
    names = {"T": temperature}
    for one in defined:
        name, _, value = one.partition("=")
        names[name.strip()] = _value(ast.parse(_plain(value), mode="eval").body, names)
    return float(_value(ast.parse(_plain(main.rpartition("=")[2]), mode="eval").body, names))


def _plain(text: str) -> str:
    """Powers by ** and products written out."""
    powers = text.strip().replace("^", "**").replace("·", "*")
    return re.sub(r"(?<![A-Za-z_])(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)\s*(?=[A-DF-Za-df-z(])", r"\1*", powers)


def _value(node: ast.expr, names: dict[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_value(inner, names)
        case ast.BinOp(left=left, op=how, right=right) if type(how) in OPERATIONS:
            return OPERATIONS[type(how)](_value(left, names), _value(right, names))
    raise ValueError(f"no arithmetic: {ast.unparse(node)}")
