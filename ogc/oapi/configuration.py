"""pygeoapi's configuration as a value, made from the declarations a caller may know of."""

from collections.abc import Mapping
from typing import Any

from core.scope import Scope
from core.texts import Lang, Text
from gis.shapes import Bounds
from layers.layer import THEMES, Layer
from ogc.edr.parameters import EDR_LAYERS
from ogc.encode.crs import CGCS2000, CRS84, SPOKEN
from ogc.limits import LIMITS
from ogc.render.renderer import drawable

TITLE = Text("安全生产一张图 OGC API", "OneMap OGC API")
ABOUT = Text(
    "监管对象、应急资源、事故与监测设备,按调用者权限提供;坐标基准为 CGCS2000",
    "Supervised enterprises, resources, accidents and devices within the caller's rights; datum CGCS2000",
)
PROVIDER = "ogc.oapi.provider.StoreProvider"
READINGS = "ogc.edr.provider.Readings"
MAPS = "ogc.oapi.provider.MapProvider"
MANAGER = {"name": "ogc.processes.plugin.Listing"}
DEFAULT_LIMIT = 100
MOST = LIMITS.items_page
WORLD = Bounds(-180.0, -90.0, 180.0, 90.0)


def _both(text: Text, lang: Lang) -> dict[str, str]:
    return {lang.value: text.of(lang), **{other.value: text.of(other) for other in Lang}}


def configuration(
    layers: list[Layer],
    extents: Mapping[str, Bounds | None],
    base_url: str,
    times: Mapping[str, str],
    *,
    scope: Scope,
    lang: Lang,
    processes: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Everything pygeoapi is told; no files, no environment.

    `times` names the time field of layers that have one, `processes` are entries of their own beside the layers.
    """
    other = Lang.EN if lang is Lang.ZH else Lang.ZH
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": 0},
            "url": base_url,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": [lang.value, other.value],
            "limits": {"default_items": DEFAULT_LIMIT, "max_items": MOST},
            "map": {"url": "", "attribution": ""},
            **({"manager": dict(MANAGER)} if processes else {}),
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": _both(TITLE, lang),
                "description": _both(ABOUT, lang),
                "keywords": {
                    Lang.ZH.value: ["安全生产", "应急管理", "一张图"],
                    Lang.EN.value: ["work safety", "emergency management"],
                },
                "keywords_type": "theme",
                "terms_of_service": base_url,
                "url": base_url,
            },
            "license": {"name": "-", "url": base_url},
            "provider": {"name": "OneMap", "url": base_url},
            "contact": {"name": "OneMap"},
        },
        "resources": {
            layer.id: _collection(layer, extents.get(layer.id), times.get(layer.id), scope, lang) for layer in layers
        }
        | dict(processes or {}),
    }


def _readings(layer: Layer) -> list[dict[str, Any]]:
    """A layer whose readings EDR answers says so."""
    if layer.id not in EDR_LAYERS:
        return []
    return [{"type": "edr", "name": READINGS, "data": layer.id, "storage_crs": CRS84.url, "crs": [CRS84.url]}]


def maps_of(name: str) -> dict[str, Any]:
    """Maps of a collection, drawn by the routes."""
    return {"type": "map", "name": MAPS, "data": name, "format": {"name": "png", "mimetype": "image/png"}}


def _collection(layer: Layer, extent: Bounds | None, moment: str | None, scope: Scope, lang: Lang) -> dict[str, Any]:
    provider: dict[str, Any] = {
        "type": "feature",
        "name": PROVIDER,
        "data": layer.id,
        "id_field": layer.key,
        "storage_crs": CGCS2000.url,
        "crs": [CRS84.url, *(crs.url for crs in SPOKEN if crs is not CRS84)],
    }
    if moment is not None:
        provider["time_field"] = moment
    return {
        "type": "collection",
        "title": _both(layer.title, lang),
        "description": _both(layer.about_to(scope), lang),
        "keywords": {one.value: [THEMES[layer.theme].of(one), layer.owner.of(one)] for one in Lang},
        "links": [],
        "extents": {"spatial": {"bbox": list(extent or WORLD), "crs": CRS84.url}},
        "providers": [
            provider,
            *_readings(layer),
            *([maps_of(layer.id)] if drawable(layer) else []),
        ],
    }
