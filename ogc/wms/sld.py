"""SLD_BODY (SLD 1.0.0, and 1.1.0 with SE) read into our own style type; what it does not hold is refused by name."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from core.errors import BadInputError
from core.scope import Scope, Sensitivity
from core.texts import Text, real
from layers.filters import Filter, every, fields_named
from layers.layer import Geometry, Layer
from ogc.exceptions import OgcError
from ogc.filter.fes import fes, local, named, parsed
from ogc.kvp import KVP
from ogc.limits import LIMITS
from ogc.render.customs import SHAPES, Drawn, Fill, Icon, Mark, Stroke, StyleRule, Words
from ogc.render.symbols import known

Element = etree._Element

LARGEST = LIMITS.style_bytes
MOST_RULES = LIMITS.style_rules
LARGEST_MARK, WIDEST_LINE = 64, 32.0
SMALLEST_TEXT, LARGEST_TEXT = 6.0, 48.0
OWN_SYMBOL = "onemap:symbol/"
"""How a style names one of our pictures: `onemap:symbol/ent-ammonia`, or an address that says `symbol=ent-ammonia`."""

PERSONAL = Sensitivity.SENSITIVE
_HEX = re.compile(r"^#[0-9a-fA-F]{6}$")
_QUIET = (
    "Name",
    "Title",
    "Abstract",
    "Description",
    "IsDefault",
    "FeatureTypeName",
    "SemanticTypeIdentifier",
    "LegendGraphic",
    "VendorOption",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Styled:
    """One named layer: a style of ours by name, or rules; `where` is its own constraint on the rows."""

    layer: str
    style: str = ""
    rules: tuple[StyleRule, ...] = ()
    where: Filter | None = None


def sld_of(kvp: KVP) -> bytes | None:
    """The body, if one was sent; an address to fetch it from is refused, for nothing is fetched here."""
    if kvp.text("sld", ""):
        raise _refused(
            Text("不支持以网址(SLD)引用样式,请用 SLD_BODY", "styles are not fetched by address (SLD); send SLD_BODY"),
            "sld",
        )
    text = kvp.text("sld_body", "")
    return text.encode() if text else None


def read(body: bytes, layer_of: Mapping[str, Layer], scope: Scope) -> tuple[Styled, ...]:
    """The layers it names, in order; `layer_of` are the layers whose rows the caller may see."""
    if len(body) > LARGEST:
        raise _refused(Text(f"SLD_BODY 超过 {LARGEST} 字节", f"SLD_BODY is larger than {LARGEST} bytes"))
    try:
        root = parsed(body)
        if local(root) != "StyledLayerDescriptor":
            raise _refused(Text("根元素应为 StyledLayerDescriptor", "the root must be StyledLayerDescriptor"))
        found = tuple(_named(node, layer_of, scope) for node in _parts(root, "NamedLayer", "UserLayer"))
    except BadInputError as error:
        raise error if isinstance(error, OgcError) else _refused(error.text) from error
    if not found:
        raise _refused(Text("没有 NamedLayer", "there is no NamedLayer"))
    if sum(len(one.rules) for one in found) > MOST_RULES:
        raise _refused(Text(f"规则超过 {MOST_RULES} 条", f"more than {MOST_RULES} rules"))
    return found


def _parts(node: Element, *allowed: str) -> Iterator[Element]:
    """The children there is something to do with; one that is neither of these nor idle is refused."""
    for part in node:
        name = local(part)
        if name in _QUIET:
            continue
        if name not in allowed:
            raise _refused(
                Text(
                    f"{local(node)} 中的 {name} 不支持,可用:{'、'.join(allowed)}",
                    f"{name} in {local(node)} is not supported; use {', '.join(allowed)}",
                )
            )
        yield part


def _named(node: Element, layer_of: Mapping[str, Layer], scope: Scope) -> Styled:
    if local(node) == "UserLayer":
        raise _refused(Text("不支持 UserLayer,请用 NamedLayer", "UserLayer is not supported; use NamedLayer"))
    name = _name(node)
    layer, where = layer_of.get(name), None
    style = ""
    rules: tuple[StyleRule, ...] = ()
    for part in _parts(node, "NamedStyle", "UserStyle", "LayerFeatureConstraints"):
        match local(part):
            case "NamedStyle":
                style = _name(part)
                continue
            case "LayerFeatureConstraints":
                where = every(where, *_constraints(part, _drawable(name, layer), scope))
                continue
        rules = tuple(
            rule for block in _parts(part, "FeatureTypeStyle") for rule in _rules(block, _drawable(name, layer), scope)
        )
        if not rules:
            raise _refused(Text(f"图层“{name}”的样式没有规则", f"the style of {name!r} has no rules"))
    return Styled(layer=name, style=style, rules=rules, where=where)


def _drawable(name: str, layer: Layer | None) -> Layer:
    if layer is None:
        raise OgcError(
            "LayerNotDefined",
            Text(f"没有可另定样式的图层“{name}”", f"no layer {name!r} to be styled"),
            locator="sld_body",
        )
    return layer


def _name(node: Element) -> str:
    found = next((part for part in node if local(part) == "Name"), None)
    return "" if found is None or not found.text else found.text.strip()


def _constraints(node: Element, layer: Layer, scope: Scope) -> Iterator[Filter]:
    for constraint in _parts(node, "FeatureTypeConstraint"):
        for part in _parts(constraint, "Filter"):
            yield fes(part, layer, scope)


def _rules(block: Element, layer: Layer, scope: Scope) -> Iterator[StyleRule]:
    for node in _parts(block, "Rule"):
        where, otherwise = None, False
        scales: dict[str, float | None] = {"MinScaleDenominator": None, "MaxScaleDenominator": None}
        drawn: list[Drawn] = []
        for part in _parts(node, "Filter", "ElseFilter", *scales, *_SYMBOLIZERS):
            name = local(part)
            if name == "Filter":
                where = _condition(part, layer, scope)
            elif name == "ElseFilter":
                otherwise = True
            elif name in scales:
                scales[name] = _number(part, 0.0, 1e10)
            else:
                if unit := part.get("uom"):
                    _only_pixels(unit)
                drawn.extend(_SYMBOLIZERS[name](part, layer, scope))
        yield StyleRule(
            title=_title(node), where=where, otherwise=otherwise, closest=scales["MinScaleDenominator"],
            widest=scales["MaxScaleDenominator"], drawn=tuple(drawn),
        )  # fmt: skip


def _condition(node: Element, layer: Layer, scope: Scope) -> Filter:
    """A rule's filter: it sorts what is drawn anyway, so it may not sort by what each look at is put on record."""
    found = fes(node, layer, scope)
    hidden = [
        name for name in fields_named(found) if name in layer.fields and layer.fields[name].sensitivity >= PERSONAL
    ]
    if hidden:
        raise _refused(
            Text(f"样式不能按敏感字段“{hidden[0]}”分类", f"a style may not read {hidden[0]!r}, which is sensitive")
        )
    return found


def _title(node: Element) -> str:
    found = next(node.iter("{*}Title"), None)
    return "" if found is None else (found.text or "").strip()[:80]


def _only_pixels(unit: str) -> None:
    if not unit.endswith("pixel"):
        raise _refused(Text(f"单位“{unit}”不支持,只用像素", f"unit {unit!r} is not supported; pixels only"))


def _point(node: Element, layer: Layer, scope: Scope) -> Iterator[Drawn]:
    for part in _parts(node, "Graphic", "Geometry"):
        if local(part) == "Graphic":
            yield _graphic(part)


def _graphic(node: Element) -> Drawn:
    size, opacity, shift, mark, icon = 6.0, 1.0, (0.0, 0.0), None, None
    for part in _parts(node, "Mark", "ExternalGraphic", "Size", "Opacity", "Displacement", "AnchorPoint"):
        match local(part):
            case "Mark":
                mark = part
            case "ExternalGraphic":
                icon = part
            case "Size":
                size = _number(part, 1.0, LARGEST_MARK)
            case "Opacity":
                opacity = _number(part, 0.0, 1.0)
            case "Displacement":
                shift = _shift(part)
    if icon is not None:
        return Icon(symbol=_symbol(icon), size=round(max(size, 8.0)), opacity=opacity)
    shape, fill, edge = "square", "#808080", None
    for part in _parts(mark, "WellKnownName", "Fill", "Stroke") if mark is not None else ():
        match local(part):
            case "WellKnownName":
                shape = (part.text or "").strip().lower()
            case "Fill":
                fill = _colour(_values(part), "fill", "#808080")
            case "Stroke":
                edge = _colour(_values(part), "stroke", "#000000")
    if shape not in SHAPES:
        raise _refused(
            Text(f"符号“{shape}”不支持,可用:{'、'.join(SHAPES)}", f"mark {shape!r}: use {', '.join(SHAPES)}")
        )
    # SLD counts upwards, the picture down
    return Mark(shape=shape, fill=fill, edge=edge, size=round(size), opacity=opacity, shift=(shift[0], -shift[1]))


def _symbol(node: Element) -> str:
    """One of our own pictures; no other address is opened."""
    link = next(node.iter("{*}OnlineResource"), None)
    target = "" if link is None else link.get("{http://www.w3.org/1999/xlink}href", "")
    name = target.removeprefix(OWN_SYMBOL)
    if name == target:
        name = (parse_qs(urlsplit(target).query).get("symbol") or [""])[0]
    if not known(name):
        raise _refused(
            Text(
                f"图片“{target[:80]}”不在符号库内,应写 {OWN_SYMBOL}名称",
                f"{target[:80]!r} is no symbol of ours; write {OWN_SYMBOL}NAME",
            )
        )
    return name


def _shift(node: Element) -> tuple[float, float]:
    found = {local(part): _number(part, -100.0, 100.0) for part in _parts(node, "DisplacementX", "DisplacementY")}
    return found.get("DisplacementX", 0.0), found.get("DisplacementY", 0.0)


def _line(node: Element, layer: Layer, scope: Scope) -> Iterator[Drawn]:
    for part in _parts(node, "Stroke", "Geometry"):
        if local(part) == "Stroke":
            yield _stroke(part)


def _stroke(node: Element) -> Stroke:
    values = _values(node)
    dash = tuple(
        _real(part, "stroke-dasharray", 0.0, 200.0)
        for part in re.split(r"[\s,]+", values.get("stroke-dasharray", ""))
        if part
    )
    return Stroke(
        colour=_colour(values, "stroke", "#000000"),
        width=_real(values.get("stroke-width", "1"), "stroke-width", 0.0, WIDEST_LINE),
        opacity=_real(values.get("stroke-opacity", "1"), "stroke-opacity", 0.0, 1.0),
        dash=dash[:8] if len(dash) % 2 == 0 else dash * 2,
    )


def _polygon(node: Element, layer: Layer, scope: Scope) -> Iterator[Drawn]:
    if layer.geometry is not Geometry.POLYGON:
        raise _refused(Text(f"图层“{layer.id}”不是面,不能填充", f"{layer.id!r} has no areas to fill"))
    for part in _parts(node, "Fill", "Stroke", "Geometry"):
        match local(part):
            case "Fill":
                values = _values(part)
                opacity = _real(values.get("fill-opacity", "1"), "fill-opacity", 0.0, 1.0)
                yield Fill(colour=_colour(values, "fill", "#808080"), opacity=opacity)
            case "Stroke":
                yield _stroke(part)


def _text(node: Element, layer: Layer, scope: Scope) -> Iterator[Drawn]:
    field, size, colour, halo, radius, along = "", 12.0, "#000000", None, 1.0, False
    shift = (0.0, 0.0)
    for part in _parts(node, "Label", "Font", "Fill", "Halo", "LabelPlacement", "Geometry"):
        match local(part):
            case "Label":
                field = _label(part, layer, scope)
            case "Font":
                text = _values(part).get("font-size", "12")
                size = _real(text, "font-size", SMALLEST_TEXT, LARGEST_TEXT)
            case "Fill":
                colour = _colour(_values(part), "fill", "#000000")
            case "Halo":
                halo = "#ffffff"
                for inner in _parts(part, "Radius", "Fill"):
                    if local(inner) == "Radius":
                        radius = _number(inner, 0.0, 8.0)
                    else:
                        halo = _colour(_values(inner), "fill", "#ffffff")
            case "LabelPlacement":
                along = any(local(inner) == "LinePlacement" for inner in part)
                shift = next((_shift(inner) for inner in part.iter("{*}Displacement")), shift)
    if not field:
        raise _refused(Text("TextSymbolizer 缺少 Label", "a TextSymbolizer needs a Label"))
    yield Words(
        field=field, colour=colour, size=size, halo=halo, halo_radius=radius, along=along, shift=(shift[0], -shift[1])
    )


def _label(node: Element, layer: Layer, scope: Scope) -> str:
    reference = next((part for part in node if local(part) in ("PropertyName", "ValueReference")), None)
    field = "" if reference is None else named((reference.text or "").strip())
    offered = [name for name, spec in layer.fields_in(scope).items() if spec.sensitivity < PERSONAL]
    if field not in offered:
        allowed = ", ".join(offered)
        raise _refused(Text(f"标注字段“{field}”不可用,可用:{allowed}", f"label field {field!r}: use {allowed}"))
    return field


_SYMBOLIZERS = {
    "PointSymbolizer": _point, "LineSymbolizer": _line, "PolygonSymbolizer": _polygon, "TextSymbolizer": _text,
}  # fmt: skip


def _values(node: Element) -> dict[str, str]:
    """The CssParameters (1.0.0) or SvgParameters (1.1.0) of a fill, a stroke or a font."""
    found = {}
    for part in _parts(node, "CssParameter", "SvgParameter"):
        if len(part) and any(local(inner) != "Literal" for inner in part):
            raise _refused(Text("参数只能是常量", "a parameter must be a literal"))
        found[part.get("name", "")] = "".join(map(str, part.itertext())).strip()
    return found


def _colour(values: dict[str, str], name: str, default: str) -> str:
    found = values.get(name, default)
    if not _HEX.match(found):
        raise _refused(Text(f"颜色“{found[:20]}”应为 #RRGGBB", f"colour {found[:20]!r} must be #RRGGBB"))
    return found.lower()


def _number(node: Element, low: float, high: float) -> float:
    return _real("".join(map(str, node.itertext())).strip(), local(node), low, high)


def _real(text: str, name: str, low: float, high: float) -> float:
    try:
        found = real(text)
    except ValueError:
        found = float("nan")
    if not low <= found <= high:
        raise _refused(
            Text(
                f"{name}“{text[:20]}”应为 {low:g} 至 {high:g} 的数", f"{name} {text[:20]!r} must be {low:g} to {high:g}"
            )
        )
    return found


def _refused(text: Text, locator: str = "sld_body") -> OgcError:
    return OgcError("InvalidParameterValue", text, locator=locator)
