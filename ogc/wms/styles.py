"""GetStyles: the look a layer's declaration gives it, as SLD 1.1.0 for others' software, and for SLD_BODY."""

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from core.scope import Scope
from core.texts import Lang
from layers.fields import Kind
from layers.filters import And, Compare, Filter, Missing, Not, Op, Or, Value
from layers.layer import Geometry, Layer
from ogc.render import business
from ogc.render.customs import Drawn, Fill, Icon, Mark, Stroke, StyleRule, Words
from ogc.render.palette import Palette
from ogc.render.sheet import denominator

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<sld:StyledLayerDescriptor version="1.1.0" xmlns:sld="http://www.opengis.net/sld" '
    'xmlns:se="http://www.opengis.net/se" xmlns:ogc="http://www.opengis.net/ogc" '
    'xmlns:xlink="http://www.w3.org/1999/xlink">'
)
_OPS = {
    Op.EQ: "PropertyIsEqualTo", Op.NE: "PropertyIsNotEqualTo", Op.LT: "PropertyIsLessThan",
    Op.LE: "PropertyIsLessThanOrEqualTo", Op.GT: "PropertyIsGreaterThan", Op.GE: "PropertyIsGreaterThanOrEqualTo",
}  # fmt: skip
_SHAPES = {"square": "square", "triangle": "triangle", "circle": "circle"}


def rules_of(
    layer: Layer, scope: Scope, lang: Lang, colours: Palette, *, shapes_only: bool = False
) -> tuple[StyleRule, ...]:
    """The rules of a layer's look under a scope, without what only our own drawing can do (badges, hatching)."""
    seen = layer.fields_in(scope)
    widest = denominator(layer.style.min_zoom - 0.5) if layer.style.min_zoom else None
    if layer.geometry is Geometry.POINT:
        return _points(layer, scope, lang, colours, widest, shapes_only=shapes_only)
    by = layer.style.role_by if layer.style.role_by in seen else None
    found = [
        StyleRule(
            title=code, where=Compare(str(by), Op.EQ, code), widest=widest, drawn=_plain(layer, colours.fill(role))
        )
        for code, role in (layer.style.roles.items() if by is not None else ())
    ]
    rest = _plain(layer, colours.fill(layer.style.role or "boundary"))
    if layer.style.grade in seen:
        found += [
            StyleRule(title=grade.word.of(lang), where=Compare(str(layer.style.grade), Op.EQ, grade.level),
                      widest=widest, drawn=_plain(layer, grade.fill, business.GRADED))
            for grade in colours.grades
        ]  # fmt: skip
    title = layer.title.of(lang)
    return (*found, StyleRule(title=title, otherwise=bool(found), widest=widest, drawn=rest))


def _plain(layer: Layer, colour: str, opacity: float = 0.2) -> tuple[Drawn, ...]:
    outline = Stroke(colour=colour.lower(), width=1.4)
    return (Fill(colour=colour.lower(), opacity=opacity), outline) if layer.geometry is Geometry.POLYGON else (outline,)


def _points(
    layer: Layer, scope: Scope, lang: Lang, colours: Palette, widest: float | None, *, shapes_only: bool
) -> tuple[StyleRule, ...]:
    """From afar the shapes of the grades; near, the symbol of the kind with the grade's shape at its top right."""
    look, seen = layer.style, layer.fields_in(scope)
    near = None if shapes_only else denominator(business.SYMBOLS_FROM - 0.5)
    closest = None if near is None or (widest is not None and widest <= near) else near
    graded = look.grade is not None and look.grade in seen
    found = []
    if shapes_only or closest is not None:
        found = _grades(layer, lang, colours, 12, (0.0, 0.0), closest, widest, graded)
        dot = Mark(shape="circle", fill="#0e1720", edge=colours.plain.lower(), size=9)
        title = layer.title.of(lang)
        found.append(StyleRule(title=title, otherwise=graded, closest=closest, widest=widest, drawn=(dot,)))
    if shapes_only:
        return tuple(found)
    by = look.by if look.by in seen else None
    kinds = look.symbols if by is not None else {}
    kind_of = [(code, symbol, Compare(str(by), Op.EQ, _value(layer, str(by), code))) for code, symbol in kinds.items()]
    rest: Filter | None = None
    if kind_of:
        rest = Or((Missing(str(by)), Not(Or(tuple(where for _, _, where in kind_of)))))
    limit = near if widest is None or near is None else min(near, widest)
    for code, symbol, where in (*kind_of, (layer.title.of(lang), look.symbol or "ent-trade", rest)):
        found.append(StyleRule(title=code, where=where, widest=limit, drawn=(Icon(symbol=symbol),)))
    if graded and look.by != look.grade:
        found += _grades(layer, lang, colours, 13, (11.0, -11.0), None, limit, graded)
    label = business._label(layer, scope, lang)
    if label is not None:
        words = Words(
            field=label, colour=colours.label.lower(), halo=_solid(colours.halo), halo_radius=2.0, shift=(0.0, 18.0)
        )
        found.append(
            StyleRule(
                title=layer.fields[label].title.of(lang), widest=denominator(business.LABELS_FROM - 0.5), drawn=(words,)
            )
        )
    return tuple(found)


def _solid(colour: str) -> str:
    return colour.lower() if len(colour) == 7 and colour.startswith("#") else "#ffffff"


def _grades(
    layer: Layer, lang: Lang, colours: Palette, size: int, shift: tuple[float, float], closest: float | None,
    widest: float | None, graded: bool,
) -> list[StyleRule]:  # fmt: skip
    if not graded:
        return []
    name = str(layer.style.grade)
    return [
        StyleRule(
            title=f"{grade.level} {grade.word.of(lang)}", where=Compare(name, Op.EQ, grade.level), closest=closest,
            widest=widest,
            drawn=(Mark(shape=_SHAPES.get(grade.shape, "diamond"), fill=grade.fill.lower(), edge=grade.edge.lower(),
                        size=size, shift=shift),),
        )
        for grade in colours.grades
    ]  # fmt: skip


def _value(layer: Layer, field: str, code: str) -> Value:
    return int(code) if layer.fields[field].kind is Kind.INTEGER else code


def document(
    layers: Iterable[tuple[Layer, Sequence[tuple[str, str, tuple[StyleRule, ...]]]]], picture: str, lang: Lang
) -> bytes:
    """The whole document: of each layer its styles (name, title, rules); `picture` is where symbols are fetched."""
    parts = []
    for layer, styles in layers:
        told = "".join(
            f"<sld:UserStyle><se:Name>{name}</se:Name><se:Description><se:Title>{escape(title)}</se:Title>"
            f"</se:Description><sld:IsDefault>{int(place == 0)}</sld:IsDefault><se:FeatureTypeStyle>"
            f"{''.join(_rule(rule, layer, picture) for rule in rules)}</se:FeatureTypeStyle></sld:UserStyle>"
            for place, (name, title, rules) in enumerate(styles)
        )
        title = f"<se:Description><se:Title>{escape(layer.title.of(lang))}</se:Title></se:Description>"
        parts.append(f"<sld:NamedLayer><se:Name>{layer.id}</se:Name>{title}{told}</sld:NamedLayer>")
    return f"{_HEAD}{''.join(parts)}</sld:StyledLayerDescriptor>".encode()


def _rule(rule: StyleRule, layer: Layer, picture: str) -> str:
    parts = [f"<se:Description><se:Title>{escape(rule.title)}</se:Title></se:Description>" if rule.title else ""]
    if rule.where is not None:
        parts.append(f"<ogc:Filter>{_condition(rule.where)}</ogc:Filter>")
    if rule.otherwise:
        parts.append("<se:ElseFilter/>")
    if rule.closest is not None:
        parts.append(f"<se:MinScaleDenominator>{rule.closest:.3f}</se:MinScaleDenominator>")
    if rule.widest is not None:
        parts.append(f"<se:MaxScaleDenominator>{rule.widest:.3f}</se:MaxScaleDenominator>")
    parts += _symbolizers(rule.drawn, layer, picture)
    return f"<se:Rule>{''.join(parts)}</se:Rule>"


def _condition(where: Filter) -> str:
    match where:
        case Compare(name, op, value):
            return (
                f"<ogc:{_OPS[op]}><ogc:PropertyName>{escape(name)}</ogc:PropertyName>"
                f"<ogc:Literal>{escape(str(value))}</ogc:Literal></ogc:{_OPS[op]}>"
            )
        case Missing(name):
            return f"<ogc:PropertyIsNull><ogc:PropertyName>{escape(name)}</ogc:PropertyName></ogc:PropertyIsNull>"
        case Not(part):
            return f"<ogc:Not>{_condition(part)}</ogc:Not>"
        case And((part,)) | Or((part,)):
            return _condition(part)
        case And(parts) | Or(parts):
            word = "And" if isinstance(where, And) else "Or"
            return f"<ogc:{word}>{''.join(_condition(part) for part in parts)}</ogc:{word}>"
    raise TypeError(f"no look is declared by {type(where).__name__}")


def _symbolizers(drawn: Sequence[Drawn], layer: Layer, picture: str) -> list[str]:
    """Fill and outline of a polygon are one symbolizer; everything else is one each."""
    found, inside = [], ""
    for one in drawn:
        match one:
            case Fill():
                inside = f"<se:Fill>{_svg(('fill', one.colour), ('fill-opacity', one.opacity))}</se:Fill>"
            case Stroke() if layer.geometry is Geometry.POLYGON:
                found.append(f"<se:PolygonSymbolizer>{inside}{_stroke(one)}</se:PolygonSymbolizer>")
            case Stroke():
                found.append(f"<se:LineSymbolizer>{_stroke(one)}</se:LineSymbolizer>")
            case Mark():
                found.append(f"<se:PointSymbolizer><se:Graphic>{_mark(one)}</se:Graphic></se:PointSymbolizer>")
            case Icon():
                href = quoteattr(f"{picture}{one.symbol}")
                found.append(
                    "<se:PointSymbolizer><se:Graphic><se:ExternalGraphic>"
                    f'<se:OnlineResource xlink:type="simple" xlink:href={href}/><se:Format>image/png</se:Format>'
                    f"</se:ExternalGraphic><se:Size>{one.size}</se:Size></se:Graphic></se:PointSymbolizer>"
                )
            case Words():
                found.append(_words(one))
    return found


def _svg(*values: tuple[str, object]) -> str:
    return "".join(
        f'<se:SvgParameter name="{name}">{f"{value:g}" if isinstance(value, float) else value}</se:SvgParameter>'
        for name, value in values
    )


def _stroke(one: Stroke) -> str:
    told = _svg(("stroke", one.colour), ("stroke-opacity", one.opacity), ("stroke-width", one.width))
    return f"<se:Stroke>{told}</se:Stroke>"


def _mark(one: Mark) -> str:
    edge = "" if one.edge is None else f"<se:Stroke>{_svg(('stroke', one.edge))}</se:Stroke>"
    return (
        f"<se:Mark><se:WellKnownName>{one.shape}</se:WellKnownName>"
        f"<se:Fill>{_svg(('fill', one.fill))}</se:Fill>{edge}</se:Mark><se:Size>{one.size}</se:Size>{_moved(one.shift)}"
    )


def _moved(shift: tuple[float, float]) -> str:
    """SLD counts upwards."""
    if not any(shift):
        return ""
    return (
        f"<se:Displacement><se:DisplacementX>{shift[0]:g}</se:DisplacementX>"
        f"<se:DisplacementY>{-shift[1]:g}</se:DisplacementY></se:Displacement>"
    )


def _words(one: Words) -> str:
    halo = ""
    if one.halo is not None:
        inside = f"<se:Fill>{_svg(('fill', one.halo))}</se:Fill>"
        halo = f"<se:Halo><se:Radius>{one.halo_radius:g}</se:Radius>{inside}</se:Halo>"
    return (
        f"<se:TextSymbolizer><se:Label><ogc:PropertyName>{one.field}</ogc:PropertyName></se:Label>"
        f"<se:Font>{_svg(('font-family', 'Noto Sans SC'), ('font-size', one.size))}</se:Font>"
        "<se:LabelPlacement><se:PointPlacement><se:AnchorPoint><se:AnchorPointX>0.5</se:AnchorPointX>"
        f"<se:AnchorPointY>0.5</se:AnchorPointY></se:AnchorPoint>{_moved(one.shift)}</se:PointPlacement>"
        f"</se:LabelPlacement>{halo}<se:Fill>{_svg(('fill', one.colour))}</se:Fill></se:TextSymbolizer>"
    )
