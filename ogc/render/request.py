"""What a door asks to be drawn: layers with styles under a scope, a window, a look."""

from dataclasses import dataclass

from core.scope import Scope
from core.texts import Lang, Text
from layers.filters import Filter
from ogc.render.customs import StyleRule
from ogc.render.drawing import Extent, Format
from ogc.render.palette import MapTheme

BASEMAP = "basemap"

DEFAULT_STYLE = "default"
SHAPES_STYLE = "shapes"
CLUSTERS_STYLE = "clusters"
HEAT_STYLE = "heat"
STYLES: dict[str, Text] = {
    DEFAULT_STYLE: Text("默认:符号、风险角标与名称", "Default: symbols, risk badges and names"),
    SHAPES_STYLE: Text("仅风险形状 ■▲◆●", "Risk shapes only ■▲◆●"),
    CLUSTERS_STYLE: Text("聚合:数量与最高风险", "Clusters: how many, and the worst risk"),
    HEAT_STYLE: Text("格网密度", "Density by squares"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerRequest:
    """One layer in one of its styles, or by a sender's own `rules`; `where` narrows its rows within the scope."""

    layer: str
    style: str = DEFAULT_STYLE
    where: Filter | None = None
    rules: tuple[StyleRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MapRequest:
    """A picture of layers, bottom first. `extent` is x, y in the units of the EPSG code `crs`."""

    layers: tuple[LayerRequest, ...]
    extent: Extent
    crs: int
    width: int
    height: int
    scope: Scope
    lang: Lang = Lang.ZH
    theme: MapTheme = MapTheme.DAY
    format: Format = Format.PNG
    background: str | None = None
    scale: float = 1.0
