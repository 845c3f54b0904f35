"""Who may write what: checked before anything is written, the same for every engine."""

from collections.abc import Iterable, Mapping

from core.errors import ConflictError, Fault, FaultsError, ForbiddenError
from core.scope import Scope
from core.texts import Text
from layers.layer import Catalogue, Layer

MAX_FAULTS = 1000


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


def merge_kept(layer: Layer, before: Mapping[str, str | None], after: Mapping[str, str | None]) -> None:
    """Refuse to undo a merge, or to feign one, by writing a row: both by key, what the row was merged into."""
    faults = [
        Fault(
            field=str(layer.merged_into),
            value=value or "",
            key=key,
            rule=_merged(key, before[key]),
        )
        for key, value in after.items()
        if key in before and (before[key] or "") != (value or "")
    ]
    if faults:
        raise FaultsError(faults[:MAX_FAULTS])


def _merged(key: str, into: str | None) -> Text:
    if not into:
        return Text("只能用合并操作填写", "is set by a merge only")
    return Text(f"“{key}”已并入“{into}”,请改用后者,或先撤销合并", f"{key!r} was merged into {into!r}: use that one")


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
