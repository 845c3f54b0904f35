"""Cartography of the base layers: land, water, buildings, roads and names, for the base map and for single layers."""

from collections.abc import Callable, Iterable

from core.texts import Lang
from ogc.render.palette import MapTheme, Palette
from ogc.render.sheet import fill, line, quoted, rule, style, words

Styles = tuple[tuple[str, str], ...]

MAIN = ("motorway", "trunk", "primary", "secondary")
ROAD_ORDER = (
    "CASE kind WHEN 'motorway' THEN 9 WHEN 'trunk' THEN 8 WHEN 'primary' THEN 7 WHEN 'secondary' THEN 6"
    " WHEN 'tertiary' THEN 5 ELSE 1 END"
)

WIDTHS: dict[str, dict[int, float]] = {
    "motorway": {7: 0.8, 8: 1.0, 9: 1.4, 10: 2.0, 11: 2.6, 12: 3.4, 13: 4.4, 14: 6.0, 15: 9.0, 16: 13.0, 17: 18.0},
    "trunk": {8: 0.6, 9: 0.9, 10: 1.3, 11: 1.8, 12: 2.4, 13: 3.4, 14: 5.0, 15: 7.5, 16: 11.0, 17: 16.0},
    "primary": {9: 0.6, 10: 1.0, 11: 1.4, 12: 2.0, 13: 3.0, 14: 4.5, 15: 7.0, 16: 10.5, 17: 15.0},
    "secondary": {11: 0.5, 12: 1.0, 13: 1.8, 14: 3.2, 15: 5.5, 16: 9.0, 17: 13.0},
    "other": {11: 0.3, 12: 0.5, 13: 0.9, 14: 2.0, 15: 4.0, 16: 7.0, 17: 11.0},
}
"""Pixels by class and zoom; the last zoom holds for all beyond it."""


def _role(kind: str) -> str:
    return "motorway" if kind == "motorway" else "street" if kind == "other" else "trunk"


def _where(kind: str) -> str:
    if kind != "other":
        return f"[kind] = {quoted(kind)}"
    return " and ".join(f"[kind] != {quoted(k)}" for k in MAIN)


def _bands(kind: str) -> Iterable[tuple[tuple[float, float], float]]:
    steps = sorted(WIDTHS[kind].items())
    for place, (zoom, width) in enumerate(steps):
        yield (zoom, 24 if place == len(steps) - 1 else zoom), width


def roads(colours: Palette, prefix: str = "roads") -> Styles:
    """Casings first, then fills, narrow streets under wide ones; by night motorways are two thin lines."""
    night = colours.theme is MapTheme.NIGHT
    casings, fills = [], []
    for kind in WIDTHS:
        role = _role(kind)
        for zooms, width in _bands(kind):
            case = colours.case.get(role) if zooms[0] >= (11 if role != "street" else 14) else None
            if kind == "secondary" and zooms[0] < 13:
                case = None
            if night and role == "motorway":
                fills.append(rule(line(colours.fill(role), width), where=_where(kind), zooms=zooms))
                if zooms[0] >= 11:
                    fills.append(rule(line(colours.fill("land"), width * 0.45), where=_where(kind), zooms=zooms))
                continue
            if case is not None:
                casings.append(rule(line(case, width + 1.6), where=_where(kind), zooms=zooms))
            tint = colours.fill("street") if kind == "secondary" and night else colours.fill(role)
            if not night and zooms[0] < 12 and role != "motorway" and case is None:
                tint = "#DDD9CF" if kind in ("secondary", "other") else colours.case["trunk"]
            fills.append(rule(line(tint, width), where=_where(kind), zooms=zooms))
    return (
        (f"{prefix}-case", style(f"{prefix}-case", casings or [rule()])),
        (f"{prefix}-fill", style(f"{prefix}-fill", fills)),
    )


def road_names(colours: Palette, prefix: str = "road-names") -> Styles:
    """Names along the roads, main ones first."""

    def named(size: float, where: str, low: int) -> str:
        text = words("name", colours.label_minor, colours.halo, size, along=True, halo_radius=1.6)
        return rule(text, where=f"[name] != '' and ({where})", zooms=(low, 24))

    return (
        (prefix, style(prefix, [
            named(12, "[kind] = 'motorway' or [kind] = 'trunk' or [kind] = 'primary'", 13),
            named(11.5, "[kind] = 'secondary'", 15),
            named(11, _where("other"), 16),
        ])),
    )  # fmt: skip


def landuse(colours: Palette, prefix: str = "landuse") -> Styles:
    """Land first, what stands on it after; parks of industry and parks of trees are told apart."""
    green = fill(colours.fill("park"))
    built = fill(colours.fill("urban"))
    works = fill(colours.fill("industrial"))
    return (
        (f"{prefix}-land", style(f"{prefix}-land", [
            rule(fill(colours.fill("land")), where="[kind] = 'land' or [kind] = 'farm'")])),
        (f"{prefix}-use", style(f"{prefix}-use", [
            rule(built, where="[kind] = 'urban'"),
            rule(works, where="[kind] = 'industrial' or [kind] = 'chemical_park' or [kind] = 'port'"),
            rule(green, where="[kind] = 'park' or [kind] = 'forest'"),
        ])),
    )  # fmt: skip


def park_names(colours: Palette, prefix: str = "park-names") -> Styles:
    """Names of parks and woods inside them."""
    text = words("name", colours.label_minor, colours.halo, 11.5, inside=True, wrap=70.0)
    return ((prefix, style(prefix, [rule(text, where="[name] != '' and ([kind] = 'park' or [kind] = 'forest')",
                                         zooms=(13, 24))])),)  # fmt: skip


def sea(colours: Palette, prefix: str = "sea") -> Styles:
    """The sea under the land."""
    return ((prefix, style(prefix, [rule(fill(colours.fill("sea")), where="[kind] = 'sea'")])),)


def water(colours: Palette, prefix: str = "water") -> Styles:
    """Rivers, lakes and reservoirs over the land."""
    return ((prefix, style(prefix, [rule(fill(colours.fill("sea")), where="[kind] != 'sea'")])),)


def all_water(colours: Palette, prefix: str = "all-water") -> Styles:
    """Every water, when the layer is asked for by itself."""
    return ((prefix, style(prefix, [rule(fill(colours.fill("sea")))])),)


def buildings(colours: Palette, prefix: str = "buildings") -> Styles:
    """Footprints from the zoom at which a house is a shape."""
    body = fill(colours.fill("building"))
    return ((prefix, style(prefix, [
        rule(body, zooms=(13, 15)),
        rule(body, line(colours.fill("boundary"), 0.5, opacity=0.5), zooms=(16, 24)),
    ])),)  # fmt: skip


def boundaries(colours: Palette, prefix: str = "boundaries") -> Styles:
    """District lines dash-dot, town lines dashed and later."""
    return ((prefix, style(prefix, [
        rule(line(colours.boundary, 0.9, dash="9,4,2,4", opacity=0.85), where="[level] = 'district'", zooms=(6, 10)),
        rule(line(colours.boundary, 1.2, dash="12,5,2,5"), where="[level] = 'district'", zooms=(11, 24)),
        rule(line(colours.boundary, 0.7, dash="5,4", opacity=0.6), where="[level] = 'town'", zooms=(12, 24)),
    ])),)  # fmt: skip


def areas(colours: Palette, prefix: str = "areas") -> Styles:
    """Outlines of whole areas, when the layer is asked for by itself."""
    edge = colours.boundary
    return ((prefix, style(prefix, [
        rule(line(edge, 1.4), where="[level] = 'city' or [level] = 'district'"),
        rule(line(edge, 0.8, opacity=0.8), where="[level] = 'town' or [level] = 'village'", zooms=(11, 24)),
    ])),)  # fmt: skip


def places(colours: Palette, lang: Lang = Lang.ZH, prefix: str = "places") -> Styles:
    """Names: districts bold and spaced, towns plain, waters spaced and quiet; each halo is the land's dark or light."""
    field, wide = ("name_en", 0.0) if lang is Lang.EN else ("name", 1.0)

    def name(size: float, *, bold: bool = False, spacing: float = 0.0, colour: str = "", halo: float = 2.0) -> str:
        return words(field, colour or colours.label, colours.halo, size, bold=bold, spacing=spacing * wide,
                     halo_radius=halo, padding=2.0)  # fmt: skip

    district, town = "[kind] = 'district'", "[kind] = 'town'"
    wet = "[kind] = 'water' or [kind] = 'sea' or [kind] = 'river' or [kind] = 'lake'"
    minor = colours.label_minor
    rules = [
        rule(name(12, bold=True, spacing=2), where=f"{district} or [kind] = 'city'", zooms=(7, 9)),
        rule(name(15, bold=True, spacing=4), where=district, zooms=(10, 10)),
        rule(name(18, bold=True, spacing=5), where=district, zooms=(11, 12)),
        rule(name(22, bold=True, spacing=7), where=district, zooms=(13, 14)),
        rule(name(12, colour=minor), where=town, zooms=(11, 11)),
        rule(name(14, colour=minor), where=town, zooms=(12, 13)),
        rule(name(16, colour=colours.label), where=town, zooms=(14, 16)),
        rule(name(12, colour=colours.label_water, spacing=4), where=wet, zooms=(10, 11)),
        rule(name(15, colour=colours.label_water, spacing=6), where=wet, zooms=(12, 15)),
        rule(name(12, colour=minor), where="[kind] = 'industrial' or [kind] = 'island'", zooms=(11, 12)),
        rule(name(14, colour=minor), where="[kind] = 'industrial' or [kind] = 'island'", zooms=(13, 16)),
        rule(name(12, colour=minor), where="[kind] = 'village' or [kind] = 'suburb' or [kind] = 'neighbourhood'",
             zooms=(13, 24)),
    ]  # fmt: skip
    return ((prefix, style(prefix, rules)),)


SINGLE: dict[str, Callable[[Palette], Styles]] = {
    "roads": lambda colours: (*roads(colours), *road_names(colours)),
    "landuse": landuse,
    "water": all_water,
    "buildings": buildings,
    "areas": areas,
    "places": places,
}
"""How each base layer looks alone."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "roads": ("kind", "name"),
    "landuse": ("kind", "name"),
    "water": ("kind",),
    "buildings": ("kind",),
    "areas": ("level",),
    "places": ("kind", "rank", "name", "name_en"),
}
ORDER = {"roads": ROAD_ORDER, "places": "rank"}
