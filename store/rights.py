"""Who may write what: checked before anything is written, the same for every engine."""

from collections.abc import Iterable

from core.errors import ConflictError, ForbiddenError
from core.scope import Scope
from core.texts import Text
from layers.layer import Catalogue, Layer


def writable(catalogue: Catalogue, layer_id: str, scope: Scope) -> Layer:
    """The layer, if this caller may change it."""
    layer = catalogue.find(layer_id, scope)
    if layer is None or not scope.may_write(layer_id):
        raise ForbiddenError(Text(f"无权修改图层 {layer_id}", f"may not change layer {layer_id}"), layer=layer_id)
    return layer


def inside(key: str, area: str | None, sensitivity: int, scope: Scope) -> None:
    """Refuse a row outside the caller's areas or above their clearance."""
    if not scope.covers(area or "") or sensitivity > scope.clearance:
        raise ForbiddenError(
            Text(
                f"“{key}”(行政区划 {area or '未填'})不在您的管辖范围内",
                f"{key!r} (area {area or 'not given'}) is outside your area or clearance",
            ),
            key=key,
        )


def all_inside(areas: Iterable[str], sensitivity: int, scope: Scope) -> None:
    """The same for the areas and the highest sensitivity of many rows."""
    for area in areas:
        inside("*", area, sensitivity, scope)


def expected(layer: Layer, key: str, seen: int | None, version: int) -> None:
    """Refuse a change of what somebody else changed first."""
    if seen is not None and seen != version:
        raise ConflictError(
            Text(
                f"“{key}”已被他人修改(现为第 {version} 版,您看到的是第 {seen} 版),请重新打开后再改",
                f"{key!r} was changed by someone else (now version {version}, you saw {seen}); reopen it first",
            ),
            layer=layer.id,
            key=key,
            version=version,
        )
