"""Who may write what: checked before anything is written, the same for every engine."""

from collections.abc import Iterable, Mapping, Sequence

from core.errors import ConflictError, Fault, FaultsError, ForbiddenError
from core.scope import Scope
from core.texts import Text
from layers.layer import Catalogue, Layer

MAX_FAULTS = 1000
NAMED = 5
"""Enterprises a refusal lists."""


def writable(catalogue: Catalogue, layer_id: str, scope: Scope) -> Layer:
    """The layer, if this caller may change it."""
    layer = catalogue.find(layer_id, scope)
    if layer is None or not scope.may_write(layer_id):
        raise ForbiddenError(Text(f"无权修改图层 {layer_id}", f"may not change layer {layer_id}"), layer=layer_id)
    _exact(layer, scope)
    with_owner(layer, scope)
    return layer


def loadable(layer: Layer, scope: Scope) -> None:
    """Refuse a bulk load of a layer this caller may not change."""
    if not layer.visible(scope) or not scope.may_write(layer.id):
        raise ForbiddenError(Text(f"无权装载图层 {layer.id}", f"may not load layer {layer.id}"))
    _exact(layer, scope)
    with_owner(layer, scope)


def _exact(layer: Layer, scope: Scope) -> None:
    """Refuse who meets rounded places only: they would write them back as exact, or learn by what is unchanged."""
    if layer.masked(scope):
        raise ForbiddenError(
            Text(
                f"您只能看到图层 {layer.id} 的概略位置,不能修改",
                f"you meet rounded places of layer {layer.id} only and may not change it",
            ),
            layer=layer.id,
        )


def with_owner(layer: Layer, scope: Scope) -> None:
    """Refuse a layer whose rows belong to no enterprise to a caller who may change only rows of some."""
    if scope.enterprises is not None and layer.enterprise_field is None:
        raise ForbiddenError(
            Text(
                f"图层 {layer.id} 的记录不属于任何企业,您只能修改本企业的数据({_named(scope, '、')})",
                f"rows of layer {layer.id} belong to no enterprise; you may change those of {_named(scope, ', ')} only",
            ),
            layer=layer.id,
        )


def theirs(layer: Layer, enterprise: str | None, scope: Scope) -> bool:
    """A row that names this enterprise is the caller's to change, as far as enterprises go."""
    return scope.enterprises is None or (layer.enterprise_field is not None and enterprise in scope.enterprises)


def owned(layer: Layer, key: str, enterprise: str | None, scope: Scope) -> None:
    """Refuse a row of another enterprise, or of none, to a caller limited to some; whose it is is not said."""
    if not theirs(layer, enterprise, scope):
        raise ForbiddenError(
            Text(
                f"“{key}”不属于您的企业,您只能修改 {_named(scope, '、')} 的数据",
                f"{key!r} is not of your enterprise; you may change rows of {_named(scope, ', ')} only",
            ),
            layer=layer.id,
            key=key,
        )


def all_owned(layer: Layer, keys: Sequence[str], plain: Mapping[str, Sequence[str | None]], scope: Scope) -> None:
    """The same for many rows; the first that is not theirs is named."""
    if scope.enterprises is None:
        return
    with_owner(layer, scope)
    whose = plain[layer.enterprise_field or layer.key]
    if not set(whose) <= scope.enterprises:
        for key, enterprise in zip(keys, whose, strict=True):
            owned(layer, key, enterprise, scope)


def _named(scope: Scope, separator: str) -> str:
    listed = sorted(scope.enterprises or ())
    more = " …" if len(listed) > NAMED else ""
    return separator.join(listed[:NAMED]) + more if listed else "—"


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
