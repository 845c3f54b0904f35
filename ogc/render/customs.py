"""A style somebody sends: a closed list of what may be drawn, and its sheet; none of its text passes through."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from core.errors import BadInputError
from core.texts import Text
from layers.fields import FieldSpec, Kind
from layers.filters import And, Between, Compare, Filter, In, Missing, Not, Op, Or, Value, fields_named
from ogc.render.sheet import REGULAR, attributes, quoted
from ogc.render.symbols import SymbolFiles

SHAPES = ("circle", "square", "triangle", "diamond", "star", "cross", "x")
"""The well-known marks that are drawn; `diamond` is ours."""

UNSEEN = '<LineSymbolizer stroke-opacity="0" stroke-width="0"/>'
"""What a rule that draws nothing draws: Mapnik forgets empty rules, and would leave their features to the rest."""

_OPS = {Op.EQ: "=", Op.NE: "!=", Op.LT: "<", Op.LE: "<=", Op.GT: ">", Op.GE: ">="}
_COLOUR = re.compile(r"^#[0-9a-fA-F]{6}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A plain shape at each point, `size` pixels high."""

    shape: str
    fill: str
    edge: str | None = None
    size: int = 6
    opacity: float = 1.0
    shift: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Icon:
    """One of our own symbols at each point."""

    symbol: str
    size: int = 24
    opacity: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """A line, or an outline."""

    colour: str
    width: float = 1.0
    opacity: float = 1.0
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """The inside of a polygon."""

    colour: str
    opacity: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A field's text."""

    field: str
    colour: str = "#000000"
    size: float = 12.0
    halo: str | None = None
    halo_radius: float = 1.0
    shift: tuple[float, float] = (0.0, 0.0)
    along: bool = False


Drawn = Mark | Icon | Stroke | Fill | Words


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleRule:
    """What is drawn for the features a filter chooses, between two scale denominators; `otherwise` takes the rest."""

    title: str = ""
    where: Filter | None = None
    otherwise: bool = False
    closest: float | None = None
    widest: float | None = None
    drawn: tuple[Drawn, ...] = ()

    def fields(self) -> tuple[str, ...]:
        """Every field it reads."""
        return (*fields_named(self.where), *(one.field for one in self.drawn if isinstance(one, Words)))


def columns(rules: tuple[StyleRule, ...]) -> tuple[str, ...]:
    """The fields a sheet of these rules reads."""
    return tuple(dict.fromkeys(name for rule in rules for name in rule.fields()))


def sheet_style(
    name: str, rules: tuple[StyleRule, ...], seen: dict[str, FieldSpec], files: SymbolFiles
) -> tuple[tuple[str, str], ...]:
    """The rules as Mapnik writes them: points, lines and areas in one style, names in one above it."""
    found = []
    for kind, text in ((name, False), (f"{name}-names", True)):
        if any(isinstance(one, Words) is text for rule in rules for one in rule.drawn):
            # a rule that draws nothing is written too: it takes its features from the rule for the rest
            parts = [_rule(rule, seen, files, text=text) for rule in rules]
            found.append((kind, f'<Style name="{kind}">{"".join(parts)}</Style>'))
    return tuple(found) or ((name, f'<Style name="{name}"/>'),)


def _rule(rule: StyleRule, seen: dict[str, FieldSpec], files: SymbolFiles, *, text: bool) -> str:
    body = "".join(_drawn(one, files) for one in rule.drawn if isinstance(one, Words) is text) or UNSEEN
    parts = []
    if rule.where is not None:
        parts.append(f"<Filter>{_escaped(expression(rule.where, seen))}</Filter>")
    if rule.otherwise:
        parts.append("<ElseFilter/>")
    if rule.widest is not None:
        parts.append(f"<MaxScaleDenominator>{rule.widest:.3f}</MaxScaleDenominator>")
    if rule.closest is not None:
        parts.append(f"<MinScaleDenominator>{rule.closest:.3f}</MinScaleDenominator>")
    return f"<Rule>{''.join(parts)}{body}</Rule>"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def expression(where: Filter, seen: dict[str, FieldSpec]) -> str:
    """A filter in Mapnik's language; what that cannot say is refused by name."""
    match where:
        case And(parts):
            return _joined(parts, " and ", "true", seen)
        case Or(parts):
            return _joined(parts, " or ", "false", seen)
        case Not(part):
            known = " and ".join(f"[{one}] != null" for one in dict.fromkeys(_compared(part)))
            return f"(not ({expression(part, seen)}){' and ' + known if known else ''})"
        case Missing(name):
            return f"[{name}] = null"
        case Compare(name, op, value):
            known = "" if op is Op.EQ else f" and [{name}] != null"
            return f"([{name}] {_OPS[op]} {_literal(name, value, seen)}{known})"
        case Between(name, low, high):
            first, last = (_literal(name, value, seen) for value in (low, high))
            return f"([{name}] >= {first} and [{name}] <= {last} and [{name}] != null)"
        case In(name, values):
            return _joined(tuple(Compare(name, Op.EQ, value) for value in values), " or ", "false", seen)
    raise BadInputError(
        Text(
            "样式规则只能用比较、区间、列举、空值与逻辑条件;其余请写在 CQL_FILTER 中",
            "style rules compare, list, test for null and combine; write anything else in CQL_FILTER",
        ),
        field="sld_body",
    )


def _compared(where: Filter) -> Iterator[str]:
    """The fields whose value a filter compares: of a row without one the store holds neither it nor its opposite."""
    if isinstance(where, And | Or):
        for part in where.parts:
            yield from _compared(part)
    elif isinstance(where, Not):
        yield from _compared(where.part)
    elif not isinstance(where, Missing):
        yield from fields_named(where)


def _joined(parts: tuple[Filter, ...], word: str, none: str, seen: dict[str, FieldSpec]) -> str:
    return f"({word.join(expression(part, seen) for part in parts)})" if parts else none


def _literal(name: str, value: Value, seen: dict[str, FieldSpec]) -> str:
    kind = seen[name].kind
    if kind in (Kind.DATE, Kind.DATETIME) or isinstance(value, date):
        raise BadInputError(
            Text(f"样式规则不按时间字段“{name}”分类,请用 TIME", f"style rules do not compare times ({name}); use TIME"),
            field="sld_body",
        )
    if kind is Kind.BOOLEAN:
        return "1" if value in (True, 1, "true", "1") else "0"
    if kind in (Kind.INTEGER, Kind.REAL):
        return f"{float(value):.17g}"
    return quoted(str(value))


def _checked(colour: str) -> str:
    if not _COLOUR.match(colour):
        raise BadInputError(Text(f"颜色“{colour}”应为 #RRGGBB", f"colour {colour!r} must be #RRGGBB"), field="sld_body")
    return colour.lower()


def _drawn(one: Drawn, files: SymbolFiles) -> str:
    match one:
        case Mark():
            file = files.mark(one.shape, _checked(one.fill), None if one.edge is None else _checked(one.edge), one.size)
            return _picture(file, one.opacity, one.shift)
        case Icon():
            return _picture(files.plate(one.symbol, one.size), one.opacity, (0.0, 0.0))
        case Stroke():
            dash = ",".join(f"{part:g}" for part in one.dash) or None
            return "<LineSymbolizer" + attributes(
                {"stroke": _checked(one.colour), "stroke_width": one.width, "stroke_opacity": one.opacity,
                 "stroke_dasharray": dash, "stroke_linejoin": "round"}
            ) + "/>"  # fmt: skip
        case Fill():
            return "<PolygonSymbolizer" + attributes(
                {"fill": _checked(one.colour), "fill_opacity": one.opacity, "gamma": 0.8}
            ) + "/>"  # fmt: skip
        case Words():
            return "<TextSymbolizer" + attributes(
                {"face_name": REGULAR, "size": one.size, "fill": _checked(one.colour),
                 "halo_fill": None if one.halo is None else _checked(one.halo),
                 "halo_radius": one.halo_radius if one.halo else None,
                 "dx": one.shift[0] or None, "dy": one.shift[1] or None,
                 "placement": "line" if one.along else "interior"}
            ) + f">[{one.field}]</TextSymbolizer>"  # fmt: skip


def _picture(file: str, opacity: float, shift: tuple[float, float]) -> str:
    moved = f"translate({shift[0]:g}, {shift[1]:g})" if any(shift) else None
    return "<MarkersSymbolizer" + attributes(
        {"file": file, "opacity": opacity, "allow_overlap": True, "ignore_placement": True, "transform": moved,
         "placement": "point", "multi_policy": "whole"}
    ) + "/>"  # fmt: skip
