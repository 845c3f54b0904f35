"""Mapnik style sheets as text: rules by zoom, symbolizers, layers. Pure; nothing here draws."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from core.errors import BadInputError
from core.texts import Text
from ogc.render.drawing import PointPass, RasterPass

SCALE_AT_ZOOM_0 = 559_082_264.028
"""The scale denominator of the whole world on one tile of 256 px, at 0.28 mm a pixel (OGC 07-057r7, annex E)."""

REGULAR = "Noto Sans SC Regular"
BOLD = "Noto Sans CJK SC Bold"


def denominator(zoom: float) -> float:
    """The scale denominator of a web map zoom."""
    return float(SCALE_AT_ZOOM_0 / 2.0**zoom)


def quoted(value: str) -> str:
    """A literal of Mapnik's filter language."""
    if "'" in value or "\\" in value:
        raise BadInputError(Text(f"样式取值“{value}”含引号", f"style value {value!r} holds a quote"))
    return f"'{value}'"


def attributes(values: dict[str, object]) -> str:
    """XML attributes; None is left out, underscores become hyphens, truth is `true`."""
    spelt = ((k, str(v).lower() if isinstance(v, bool) else f"{v:g}" if isinstance(v, float) else str(v))
             for k, v in values.items() if v is not None)  # fmt: skip
    return "".join(f' {k.replace("_", "-")}="{escape(v)}"' for k, v in spelt)


def rule(
    *symbolizers: str, where: str | None = None, otherwise: bool = False, zooms: tuple[float, float] | None = None
) -> str:
    """One rule; `zooms` counts both ends in."""
    parts = []
    if where is not None:
        parts.append(f"<Filter>{escape(where)}</Filter>")
    if otherwise:
        parts.append("<ElseFilter/>")
    if zooms is not None:
        low, high = zooms
        if low > 0:
            parts.append(f"<MaxScaleDenominator>{denominator(low - 0.5):.3f}</MaxScaleDenominator>")
        if high < 24:
            parts.append(f"<MinScaleDenominator>{denominator(high + 0.5):.3f}</MinScaleDenominator>")
    return f"<Rule>{''.join(parts)}{''.join(symbolizers)}</Rule>"


def line(colour: str, width: float, *, dash: str | None = None, opacity: float = 1.0, cap: str = "round") -> str:
    """A stroke."""
    return "<LineSymbolizer" + attributes(
        {"stroke": colour, "stroke_width": width, "stroke_dasharray": dash, "stroke_opacity": opacity,
         "stroke_linecap": "butt" if dash else cap, "stroke_linejoin": "round"}
    ) + "/>"  # fmt: skip


def fill(colour: str, opacity: float = 1.0) -> str:
    """A plain fill; its gamma hides the seams between neighbours."""
    return "<PolygonSymbolizer" + attributes({"fill": colour, "fill_opacity": opacity, "gamma": 0.8}) + "/>"


def pattern(file: str) -> str:
    """A picture repeated over the polygon, fixed to the map so that neighbouring tiles meet."""
    return "<PolygonPatternSymbolizer" + attributes({"file": file, "alignment": "global"}) + "/>"


def marker(file: str, *, free: bool = True) -> str:
    """A picture at each point; `free` markers may cover one another, the others give way."""
    return "<MarkersSymbolizer" + attributes(
        {"file": file, "allow_overlap": free, "ignore_placement": free, "placement": "point", "multi_policy": "whole"}
    ) + "/>"  # fmt: skip


def words(
    field: str,
    colour: str,
    halo: str,
    size: float,
    *,
    bold: bool = False,
    spacing: float = 0.0,
    halo_radius: float = 2.0,
    dy: float | None = None,
    along: bool = False,
    inside: bool = False,
    wrap: float | None = None,
    apart: float | None = None,
    padding: float | None = None,
) -> str:
    """A field's text with a halo; `along` follows the line, `inside` sits within the polygon."""
    return "<TextSymbolizer" + attributes(
        {"face_name": BOLD if bold else REGULAR, "size": size, "fill": colour, "halo_fill": halo,
         "halo_radius": halo_radius, "character_spacing": spacing or None, "dy": dy,
         "placement": "line" if along else "interior" if inside else "point", "wrap_width": wrap,
         "spacing": 320.0 if along else None, "minimum_distance": apart, "minimum_padding": padding,
         "max_char_angle_delta": 25.0 if along else None, "repeat_distance": 200.0 if along else None}
    ) + f">[{field}]</TextSymbolizer>"  # fmt: skip


def style(name: str, rules: Iterable[str], *, opacity: float = 1.0, first_only: bool = False) -> str:
    """A named list of rules; `first_only` stops at the first that holds."""
    mode = {"name": name, "opacity": opacity if opacity < 1 else None, "filter_mode": "first" if first_only else None}
    return f"<Style{attributes(dict(mode))}>{''.join(rules)}</Style>"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLayer:
    """One pass over one datasource: its parameters and its styles (names with bodies), drawn in order."""

    name: str
    datasource: tuple[tuple[str, str], ...]
    styles: tuple[tuple[str, str], ...]
    srs: str = "epsg:4490"
    zooms: tuple[float, float] | None = None


def sheet(layers: Iterable[SheetLayer], srs: str) -> str:
    """The whole sheet."""
    head: list[str] = []
    body: list[str] = []
    for layer in layers:
        head.extend(text for _, text in layer.styles)
        limits: dict[str, object] = {"name": layer.name, "srs": layer.srs, "cache_features": len(layer.styles) > 1}
        if layer.zooms is not None:
            low, high = layer.zooms
            limits["maximum_scale_denominator"] = f"{denominator(low - 0.5):.3f}" if low > 0 else None
            limits["minimum_scale_denominator"] = f"{denominator(high + 0.5):.3f}" if high < 24 else None
        names = "".join(f"<StyleName>{name}</StyleName>" for name, _ in layer.styles)
        source = "".join(f'<Parameter name="{k}">{escape(v, quote=False)}</Parameter>' for k, v in layer.datasource)
        body.append(f"<Layer{attributes(limits)}>{names}<Datasource>{source}</Datasource></Layer>")
    return f'<?xml version="1.0" encoding="utf-8"?><Map{attributes({"srs": srs})}>{"".join(head)}{"".join(body)}</Map>'


Pass = SheetLayer | RasterPass | PointPass


def parts(layers: Iterable[Pass], srs: str) -> tuple[str | RasterPass | PointPass, ...]:
    """Layers as sheets with the other passes between them, in order; labels give way to one another within a sheet."""
    found: list[str | RasterPass | PointPass] = []
    run: list[SheetLayer] = []
    for layer in layers:
        if isinstance(layer, SheetLayer):
            run.append(layer)
            continue
        if run:
            found.append(sheet(run, srs))
            run = []
        found.append(layer)
    if run or not found:
        found.append(sheet(run, srs))
    return tuple(found)
