"""Cartography of everything that is not base map: symbols with grades, outlines of sites and cells."""

from core.scope import Scope
from core.texts import Lang
from layers.layer import Geometry, Layer
from ogc.render.palette import Grade, Palette
from ogc.render.sheet import fill, line, marker, pattern, quoted, rule, style, words
from ogc.render.symbols import SymbolFiles

Styles = tuple[tuple[str, str], ...]

SYMBOLS_FROM = 13
LABELS_FROM = 15
WIDE_FROM = 12
SMALL, LARGE = 24, 32
GRADED = 0.22
"""How opaque a graded polygon is: the streets below it are still read. Such are wide: their names stand from afar."""


def columns(layer: Layer, scope: Scope) -> tuple[str, ...]:
    """The fields the pictures are chosen by, none that the scope hides."""
    seen = layer.fields_in(scope)
    look = layer.style
    wanted = (look.by, look.grade, look.role_by, look.verified)
    return tuple(name for name in wanted if name is not None and name in seen)


def name_columns(layer: Layer, scope: Scope, lang: Lang) -> tuple[str, ...]:
    """The fields the names are written from."""
    label = _label(layer, scope, lang)
    return () if label is None else (label,)


def order(layer: Layer, scope: Scope, *, worst_first: bool = False) -> str:
    """Worst drawn last: the ungraded, then blue up to red; of names the worst takes its place first."""
    grade = layer.style.grade
    if grade is None or grade not in layer.fields_in(scope):
        return ""
    return f'("{grade}" IS NULL), "{grade}"' if worst_first else f'("{grade}" IS NULL) DESC, "{grade}" DESC'


def _label(layer: Layer, scope: Scope, lang: Lang) -> str | None:
    seen = layer.fields_in(scope)
    english = f"{layer.label}_en"
    if lang is Lang.EN and english in seen:
        return english
    return layer.label if layer.label in seen else None


def styles(layer: Layer, colours: Palette, files: SymbolFiles, *, scope: Scope, shapes_only: bool = False) -> Styles:
    """The layer's styles under a scope."""
    if layer.geometry is Geometry.POINT:
        return _points(layer, colours, files, scope, shapes_only)
    if layer.geometry is Geometry.LINE:
        stroke = line(colours.fill(layer.style.role), 2.0)
        return ((layer.id, style(layer.id, [rule(stroke, zooms=(layer.style.min_zoom, 24))])),)
    return _polygons(layer, colours, files, scope)


def _polygons(layer: Layer, colours: Palette, files: SymbolFiles, scope: Scope) -> Styles:
    plain, seen = colours.fill(layer.style.role or "boundary"), layer.fields_in(scope)
    low, checked = layer.style.min_zoom, layer.style.verified
    rules = []
    for _, where, grade in _graded(layer, colours, None, layer.style.grade in seen):
        colour = plain if grade is None else grade.fill
        body = fill(colour, 0.06 if grade is None else GRADED)
        rules.append(rule(body, line(colour, 1.4, opacity=0.9), where=where, zooms=(low, 24)))
        if checked in seen:
            doubtful = " and ".join(part for part in (where, f"not [{checked}]") if part)
            rules.append(rule(pattern(files.hatch(colour)), where=doubtful, zooms=(low, 24)))
    return ((layer.id, style(layer.id, rules)),)


def names(layer: Layer, colours: Palette, *, scope: Scope, lang: Lang) -> tuple[str, str] | None:
    """The style of the layer's names, None where it has none; they are a pass of their own."""
    label = _label(layer, scope, lang)
    if label is None or layer.geometry is Geometry.LINE:
        return None
    name = f"{layer.id}-names"
    if layer.geometry is Geometry.POINT:
        text = words(label, colours.label, colours.halo, 12, dy=18.0, wrap=130.0)
    else:
        text = words(label, colours.label, colours.halo, 12, inside=True, wrap=110.0)
    return name, style(name, [rule(text, zooms=(names_from(layer, scope), 24))])


def names_from(layer: Layer, scope: Scope) -> int:
    """The zoom from which names are drawn."""
    wide = layer.geometry is Geometry.POLYGON and layer.style.grade in layer.fields_in(scope)
    return max(layer.style.min_zoom, WIDE_FROM if wide else LABELS_FROM)


def _points(layer: Layer, colours: Palette, files: SymbolFiles, scope: Scope, shapes_only: bool) -> Styles:
    look, seen = layer.style, layer.fields_in(scope)
    by = look.by if look.by in seen else None
    graded = look.grade is not None and look.grade in seen
    low = float(look.min_zoom)
    rules: list[str] = []
    for zooms, size in _sizes(low, shapes_only):
        for picture_size, where, grade in _graded(layer, colours, size, graded):
            if picture_size is None:
                file = files.dot(9, colours.theme) if grade is None else files.shape(grade, 12, colours.theme)
                rules.append(rule(marker(file), where=where, zooms=zooms))
                continue
            badge = None if by is not None and by == look.grade else grade
            kinds = look.symbols if by is not None else {}
            for code, symbol in kinds.items():
                file = files.symbol(symbol, badge, picture_size, colours.theme)
                both = " and ".join(part for part in (where, _equals(layer, str(by), code)) if part)
                rules.append(rule(marker(file), where=both, zooms=zooms))
            rest = [f"not ({_equals(layer, str(by), code)})" for code in kinds]
            file = files.symbol(look.symbol or "ent-trade", badge, picture_size, colours.theme)
            others = " and ".join([*([where] if where else []), *rest]) or None
            rules.append(rule(marker(file), where=others, zooms=zooms))
    return ((layer.id, style(layer.id, rules)),)


def _sizes(low: float, shapes_only: bool) -> list[tuple[tuple[float, float], int | None]]:
    if shapes_only:
        return [((low, 24), None)]
    bands: list[tuple[tuple[float, float], int | None]] = []
    if low < SYMBOLS_FROM:
        bands.append(((low, SYMBOLS_FROM - 1), None))
    if low < 16:
        bands.append(((max(low, SYMBOLS_FROM), 15), SMALL))
    bands.append(((max(low, 16), 24), LARGE))
    return bands


def _graded(
    layer: Layer, colours: Palette, size: int | None, graded: bool
) -> list[tuple[int | None, str | None, Grade | None]]:
    if not graded:
        return [(size, None, None)]
    name = layer.style.grade
    found: list[tuple[int | None, str | None, Grade | None]] = [
        (size, f"[{name}] = {grade.level}", grade) for grade in colours.grades
    ]
    none = " and ".join(f"[{name}] != {grade.level}" for grade in colours.grades)
    return [(size, f"([{name}] = null or ({none}))", None), *found]


def _equals(layer: Layer, field: str, code: str) -> str:
    number = layer.fields[field].kind.value in ("integer", "real")
    return f"[{field}] = {code if number else quoted(code)}"
