"""What every engine refuses at start-up, and how it knows that words must be indexed anew."""

from collections.abc import Mapping

import orjson

from core.errors import ConflictError
from core.texts import Text
from layers.fields import Kind
from layers.layer import Layer


def newer(layer: Layer, version: int) -> ConflictError:
    """Newer code wrote the layer."""
    return ConflictError(
        Text(
            f"图层 {layer.id} 的数据由更新的版本写成({version} > {layer.schema_version}),请升级程序",
            f"layer {layer.id} was written by newer code ({version} > {layer.schema_version}); upgrade",
        )
    )


def mismatch(layer: Layer, columns: Mapping[str, Kind]) -> ConflictError | None:
    """Columns that are neither as declared nor the subject of a declared step."""
    changed = [name for name, kind in columns.items() if name not in layer.fields or layer.fields[name].kind != kind]
    if not changed:
        return None
    return ConflictError(
        Text(
            f"图层 {layer.id} 的字段 {changed} 已改名、改型或删除,但没有声明迁移步骤",
            f"fields {changed} of layer {layer.id} were renamed, retyped or removed without a declared step",
        )
    )


def search_signature(layer: Layer) -> str:
    """Which fields the layer's words come from, and how far each may travel."""
    return orjson.dumps([[name, int(layer.fields[name].sensitivity)] for name in layer.search]).decode()
