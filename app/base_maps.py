"""External base maps as the operator listed them: checked before anything is served, none by default."""

import re
from urllib.parse import urlsplit

from app.settings import ExternalBaseMap, Settings
from core.errors import BadInputError
from core.texts import Text
from dashboards.screens import OWN_BASE_MAP, BaseMap

_HOST = re.compile(r"^[A-Za-z0-9.-]+(:\d{1,5})?$")
_PLACES = re.compile(r"\{([^}]*)\}")
_WANTED = frozenset({"z", "x", "y"})


def base_maps(settings: Settings) -> tuple[BaseMap, ...]:
    """Our own base map first, then the external ones. Raises BadInputError for one that cannot be shown rightly."""
    seen = {OWN_BASE_MAP.id}
    for one in settings.external_base_maps:
        _check(one, seen)
        seen.add(one.id)
    return (OWN_BASE_MAP, *(_filled(one) for one in settings.external_base_maps))


def image_hosts(maps: tuple[BaseMap, ...]) -> tuple[str, ...]:
    """Scheme and host of each external base map, for the content security policy."""
    parts = [urlsplit(one.url) for one in maps if one is not OWN_BASE_MAP]
    return tuple(dict.fromkeys(f"{part.scheme}://{part.netloc}" for part in parts))


def _filled(one: ExternalBaseMap) -> BaseMap:
    return BaseMap(
        id=one.id,
        title=Text(one.title_zh, one.title_en),
        url=one.url.replace("{key}", one.key),
        attribution=one.attribution,
        approval=one.map_approval_no,
        max_zoom=one.max_zoom,
    )


def _check(one: ExternalBaseMap, seen: set[str]) -> None:
    if one.id in seen:
        raise _refusal(one, Text(f"id={one.id} 重复", f"id={one.id} is used twice"))
    if one.datum == "GCJ-02":
        raise _refusal(
            one,
            Text(
                "datum=GCJ-02:瓦片已加偏,与本系统 CGCS2000 坐标错位数百米,不能叠加;"
                "请改用 CGCS2000 或 WGS84 的底图(如天地图)",
                "datum=GCJ-02: its tiles are shifted by hundreds of metres against CGCS2000 and cannot lie under our"
                " layers; use a base map in CGCS2000 or WGS84, such as Tianditu",
            ),
        )
    parts = urlsplit(one.url)
    if parts.scheme not in ("http", "https") or not _HOST.match(parts.netloc):
        raise _refusal(
            one, Text("url 须以 http:// 或 https:// 加主机名开头", "url must begin with http(s):// and a host")
        )
    places = set(_PLACES.findall(one.url))
    if not places >= _WANTED or not places <= _WANTED | {"key"}:
        rule = Text("url 须含 {z} {x} {y},另只可有 {key}", "url must have {z} {x} {y} and besides only {key}")
        raise _refusal(one, rule)
    if "key" in places and not one.key:
        raise _refusal(one, Text("url 用到 {key},但未给 key", "url uses {key} but key is empty"))


def _refusal(one: ExternalBaseMap, why: Text) -> BadInputError:
    return BadInputError(
        Text(
            f"外部底图“{one.title_zh}”(ONEMAP_EXTERNAL_BASE_MAPS):{why.zh}",
            f"external base map {one.title_en!r} (ONEMAP_EXTERNAL_BASE_MAPS): {why.en}",
        )
    )
