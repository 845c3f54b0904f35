"""GeoJSON features and JSON merge patches as what is wanted; types as the layer's schema says, faults gathered."""

from collections.abc import Mapping
from typing import Any

import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from core.errors import BadInputError, Fault
from core.scope import Scope
from core.texts import Text
from layers.fields import FieldSpec, Kind
from layers.layer import Geometry, Layer
from layers.validation.conversion import EXPECTED
from ogc.editing.shapes import settled_shape
from ogc.editing.wanted import KEPT, Act, Shape, Value, Wanted, shown, unknown_field, wrong_type
from ogc.encode.crs import CRS84, OgcCrs, crs_named
from ogc.json_body import json_of

MEMBERS = frozenset({"type", "id", "geometry", "properties", "bbox", "links", "crs"})
"""What a feature may have beside the foreign members of RFC 7946 that nothing is done with: none."""

_TYPES: dict[Kind, tuple[type, ...]] = {
    Kind.TEXT: (str,),
    Kind.INTEGER: (int,),
    Kind.REAL: (int, float),
    Kind.BOOLEAN: (bool,),
    Kind.DATE: (str,),
    Kind.DATETIME: (str,),
    Kind.LIST: (list,),
}


def features_of(
    body: bytes, layer: Layer, scope: Scope, crs: OgcCrs, act: Act = Act.CREATE, key: str = ""
) -> list[Wanted]:
    """The features of a Feature or a FeatureCollection; `key` is the one the address names."""
    given = document(body)
    if given.get("type") == "FeatureCollection" and act is Act.CREATE:
        found = given.get("features")
        if not isinstance(found, list) or not found:
            raise BadInputError(
                Text("FeatureCollection 应有 features,且不为空", "a FeatureCollection has features, one at least"),
                field="features",
            )
        _system(given)
    elif given.get("type") == "Feature":
        found = [given]
    else:
        kind = shown(given.get("type"))
        raise BadInputError(Text(f"type“{kind}”应为 Feature", f"type {kind!r} must be Feature"), field="type")
    return [feature(one, layer, scope, crs, act, row, key) for row, one in enumerate(found, 1)]


def patch_of(body: bytes, layer: Layer, scope: Scope, crs: OgcCrs, key: str) -> Wanted:
    """A JSON merge patch (RFC 7396) of a GeoJSON feature: null takes a value away, what is not named stays."""
    return feature(document(body), layer, scope, crs, Act.UPDATE, 1, key)


def document(body: bytes) -> dict[str, Any]:
    """The JSON object a body holds."""
    given = json_of(body)
    if not isinstance(given, dict):
        raise BadInputError(Text("请求体应为 JSON 对象", "the body must be a JSON object"), field="body")
    return given


def feature(given: Any, layer: Layer, scope: Scope, crs: OgcCrs, act: Act, row: int, key: str = "") -> Wanted:
    """One feature; `key` is the one its address names."""
    if not isinstance(given, dict):
        raise BadInputError(
            Text(f"第 {row} 个要素应为 JSON 对象", f"feature {row} must be a JSON object"), field="features"
        )
    _system(given)
    faults = [unknown_field(name, layer, scope, row, key) for name in given if name not in MEMBERS]
    properties = given.get("properties")
    if properties is not None and not isinstance(properties, dict):
        rule = Text("应为 JSON 对象", "must be a JSON object")
        faults.append(Fault(field="properties", value=shown(properties), rule=rule, row=row, key=key or None))
        properties = None
    values, found = _values(properties or {}, layer, scope, row, key)
    own, named = _key(given, values, layer, row, key)
    shape: Shape = KEPT
    if "geometry" in given or act is not Act.UPDATE:
        shape, why = _shape(given.get("geometry"), layer, crs)
        if why is not None:
            faults.append(Fault(field="geometry", value=_kind(given), rule=why, row=row, key=own or None))
    return Wanted(
        layer=layer, act=act, row=row, key=own, values=values, shape=shape, faults=(*faults, *found, *named)
    )  # fmt: skip


def _values(
    properties: Mapping[str, Any], layer: Layer, scope: Scope, row: int, key: str
) -> tuple[dict[str, Value], list[Fault]]:
    seen = layer.fields_in(scope)
    values: dict[str, Value] = {}
    faults: list[Fault] = []
    for name, value in properties.items():
        spec = seen.get(name)
        if spec is None:
            faults.append(unknown_field(name, layer, scope, row, key))
        elif value is None:
            values[name] = None
        elif not _fits(spec, value):
            faults.append(wrong_type(spec, value, EXPECTED[spec.kind], row, key))
        elif isinstance(value, list):
            values[name] = value
        else:
            values[name] = ("true" if value else "false") if isinstance(value, bool) else str(value)
    return values, faults


def _fits(spec: FieldSpec, value: Any) -> bool:
    """JSON's own types, as the schema tells them: text is no number and a number no text."""
    if isinstance(value, bool):
        return spec.kind is Kind.BOOLEAN
    if isinstance(value, list):
        return spec.kind is Kind.LIST and all(isinstance(item, str) for item in value)
    if spec.kind is Kind.INTEGER and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _TYPES[spec.kind])


def _key(
    given: Mapping[str, Any], values: dict[str, Value], layer: Layer, row: int, key: str
) -> tuple[str, list[Fault]]:
    """The feature's key by its address, its property or its `id`, which must not contradict each other."""
    said = [str(one) for one in (key, values.get(layer.key), given.get("id")) if one not in (None, "")]
    own = said[0].strip() if said else ""
    if own:
        values[layer.key] = own
    if layer.key in values and values[layer.key] is None:
        del values[layer.key]
    if any(one.strip() != own for one in said):
        rule = Text(
            f"与要素的标识“{own}”不符,主键不能更改", f"differs from the feature's id {own!r}: a key is not changed"
        )
        return own, [Fault(field=layer.key, value=shown(said[-1]), rule=rule, row=row, key=own)]
    return own, []


def _kind(given: Mapping[str, Any]) -> str:
    place = given.get("geometry")
    return shown(place.get("type")) if isinstance(place, dict) else shown(place)


def _shape(given: Any, layer: Layer, crs: OgcCrs) -> tuple[BaseGeometry | None, Text | None]:
    if given is None:
        return None, None
    if layer.geometry is Geometry.NONE:
        return None, Text(f"图层“{layer.title.zh}”没有几何", f"layer {layer.id} has no geometry")
    shape = shapely.from_geojson(orjson.dumps(given), on_invalid="ignore") if isinstance(given, dict) else None
    if shape is None:
        return None, Text("不是 GeoJSON 几何(RFC 7946)", "is no GeoJSON geometry (RFC 7946)")
    return settled_shape(shape, layer, crs)


def _system(given: Mapping[str, Any]) -> None:
    """The `crs` member of old GeoJSON would be passed over by RFC 7946: refused unless it says nothing new."""
    if "crs" not in given:
        return
    named = given["crs"].get("properties", {}).get("name") if isinstance(given["crs"], dict) else None
    if not isinstance(named, str) or crs_named(named, "crs") is not CRS84:
        raise BadInputError(
            Text(
                "坐标系请用请求头 Content-Crs 说明,不用 crs 成员",
                "name the system in the header Content-Crs, not in crs",
            ),
            field="crs",
        )
