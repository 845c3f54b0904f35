"""WFS transactions: Insert, Update, Replace and Delete of 2.0.0, 1.1.0 and 1.0.0 as one batch of edits."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import shapely
from lxml import etree

from core.caller import Caller
from core.errors import BadInputError, Fault
from core.scope import Scope
from core.texts import Text
from layers.fields import Kind
from layers.filters import In
from layers.layer import Geometry, Layer
from ogc.editing import MOST, Act, Wanted, admit, carry_out
from ogc.editing.shapes import settled_shape
from ogc.editing.wanted import KEPT, Shape, Value, unknown_field
from ogc.encode.crs import OgcCrs, wfs_crs
from ogc.exceptions import OgcError
from ogc.filter.fes import Element, fes, local, named
from ogc.filter.gml_shapes import written
from ogc.filter.limits import GEOMETRY_NAMES
from ogc.kvp import MissingParameterError
from ogc.services import Response, Services
from ogc.wfs.editions import V1_0, V2_0, Edition
from ogc.wfs.names import XSI, layer_named
from ogc.wfs.transacted import transacted
from store.query import Query

NIL = f"{{{XSI}}}nil"
LOCKS = ("LockFeature", "GetFeatureWithLock", "GetGmlObject")
ACTS = {"Insert": Act.CREATE, "Update": Act.UPDATE, "Replace": Act.REPLACE, "Delete": Act.DELETE}
_GML = "http://www.opengis.net/gml"


def transaction(root: Element, edition: Edition, caller: Caller, services: Services) -> Response:
    """All actions in one commit; the answer names every feature in the version's own form."""
    _refuse_locks(root)
    reading = _Reading(edition, caller, services)
    for action in root:
        reading.read(action)
    word = f"WFS {edition.number} 事务"
    handle = (root.get("handle") or "").strip()[:100]
    outcome = carry_out(reading.wanted, caller, services, f"{word} {handle}".strip())
    return transacted(outcome, reading.handles, edition)


def no_locks(operation: str) -> OgcError:
    """Locks that a desktop leaves behind would stop everybody else (decision 0014)."""
    return OgcError(
        "OperationNotSupported",
        Text(f"不提供要素锁定({operation})", f"features are not locked here ({operation})"),
        locator=operation,
    )


def _refuse_locks(root: Element) -> None:
    if root.get("lockId") or any(local(part) == "LockId" for part in root):
        raise no_locks("lockId")
    if root.get("releaseAction", "ALL").upper() != "ALL":
        raise no_locks("releaseAction")


@dataclass(slots=True)
class _Reading:
    """What of the transaction was read so far; `handles` are those of the actions, by the row of a feature."""

    edition: Edition
    caller: Caller
    services: Services
    wanted: list[Wanted] = field(default_factory=list)
    handles: dict[int, str] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        return self.caller.scope

    def read(self, action: Element) -> None:
        """One action; those of other services are refused unless they may be passed over."""
        name = local(action)
        if name == "Native" and action.get("safeToIgnore", "false").lower() in ("true", "1"):
            return
        if name not in ACTS or (name == "Replace" and self.edition is not V2_0):
            allowed = ", ".join(known for known in ACTS if known != "Replace" or self.edition is V2_0)
            raise OgcError(
                "OperationNotSupported",
                Text(f"不支持 {name},可用:{allowed}", f"no {name}; use {allowed}"),
                locator=name,
            )
        before = len(self.wanted)
        getattr(self, "_" + name.lower())(action)
        if action.get("handle"):
            self.handles |= {one.row: str(action.get("handle")) for one in self.wanted[before:]}
        if len(self.wanted) > MOST:
            raise BadInputError(Text(f"一次至多修改 {MOST} 个要素", f"at most {MOST} features at once"))

    def _layer(self, name: str) -> Layer:
        layer = layer_named(name, self.services.catalogue, self.scope, "typeName")
        admit(layer, self.caller, self.services)
        return layer

    def _insert(self, action: Element) -> None:
        crs = self._system(action)
        for node in _features(action):
            layer = self._layer(local(node))
            values, shape, faults = self._properties(node, layer, crs)
            self._add(layer, Act.CREATE, _key(values, layer), values, shape, faults)

    def _replace(self, action: Element) -> None:
        node = next(_features(action), None)
        if node is None:
            raise MissingParameterError("Replace")
        layer = self._layer(local(node))
        keys = self._keys(action, layer)
        values, shape, faults = self._properties(node, layer, self._system(action))
        for key in keys:
            if _key(values, layer) not in ("", key):
                rule = Text(f"与要素的标识“{key}”不符", f"differs from the feature's id {key!r}: a key is not changed")
                faults = (*faults, Fault(field=layer.key, value=_key(values, layer), rule=rule, row=self._row, key=key))
            self._add(layer, Act.REPLACE, key, values | {layer.key: key}, shape, faults)

    def _update(self, action: Element) -> None:
        layer = self._layer(action.get("typeName") or action.get("typeNames") or "")
        keys = self._keys(action, layer)
        crs = self._system(action)
        node = etree.Element("changed")
        for part in action:
            if local(part) == "Property":
                node.append(_changed(part))
        values, shape, faults = self._properties(node, layer, crs)
        if node.find("geometry") is None:
            shape = KEPT
        for key in keys:
            given, more = dict(values), faults
            if given.pop(layer.key, key) not in (key, None):
                rule = Text("主键不能更改", "a key is not changed")
                more = (*faults, Fault(field=layer.key, value=_key(values, layer), rule=rule, row=self._row, key=key))
            self._add(layer, Act.UPDATE, key, given, shape, more)

    def _delete(self, action: Element) -> None:
        layer = self._layer(action.get("typeName") or action.get("typeNames") or "")
        for key in self._keys(action, layer):
            self._add(layer, Act.DELETE, key, {}, KEPT, ())

    def _system(self, action: Element) -> OgcCrs:
        name = action.get("srsName")
        return wfs_crs(name) if name else self.edition.crs

    @property
    def _row(self) -> int:
        return len(self.wanted) + 1

    def _add(
        self, layer: Layer, act: Act, key: str, values: dict[str, Value], shape: Shape, faults: tuple[Fault, ...]
    ) -> None:
        told = Wanted(layer=layer, act=act, row=self._row, key=key, values=values, shape=shape, faults=faults)
        self.wanted.append(told)

    def _keys(self, action: Element, layer: Layer) -> tuple[str, ...]:
        """The features a filter means; none means none, and without one everything would be meant."""
        filters = [part for part in action if local(part) == "Filter"]
        if len(filters) != 1:
            raise OgcError(
                "MissingParameterValue",
                Text(f"{local(action)} 须有 Filter", f"{local(action)} needs a Filter"),
                locator="Filter",
            )
        where = fes(filters[0], layer, self.scope, self.edition.crs)
        if isinstance(where, In) and where.field == layer.key:
            return tuple(dict.fromkeys(str(value) for value in where.values))
        query = Query(where=where, fields=(layer.key,), geometry=False, limit=MOST + 1)
        return tuple(self.services.store.read(layer, query, scope=self.scope)[layer.key].to_pylist())

    def _properties(
        self, node: Element, layer: Layer, crs: OgcCrs
    ) -> tuple[dict[str, Value], Shape, tuple[Fault, ...]]:
        seen, row = layer.fields_in(self.scope), self._row
        found: dict[str, list[str | None]] = {}
        faults: list[Fault] = []
        shape: Shape = None
        for part in node:
            name = named(local(part))
            if str(etree.QName(part).namespace or "").startswith(_GML):
                continue
            if name in GEOMETRY_NAMES and name not in seen:
                shape, why = _shape(part, layer, crs, across=self.edition is V1_0)
                if why is not None:
                    faults.append(Fault(field="geometry", value=_kind(part), rule=why, row=row))
            elif name not in seen:
                faults.append(unknown_field(name, layer, self.scope, row, ""))
            else:
                found.setdefault(name, []).append(_text(part))
        values: dict[str, Value] = {}
        for name, texts in found.items():
            many = seen[name].kind is Kind.LIST and len(texts) > 1
            values[name] = [text for text in texts if text is not None] if many else texts[-1]
        return values, shape, tuple(faults)


def _features(action: Element) -> Iterator[Element]:
    for part in action:
        if local(part) in ("FeatureCollection", "featureMember", "featureMembers", "member"):
            yield from _features(part)
        elif local(part) not in ("boundedBy", "Filter"):
            yield part


def _changed(part: Element) -> Element:
    """A Property of an Update as the element it would be in a feature."""
    texts = {local(leaf): leaf for leaf in part}
    reference = texts.get("ValueReference", texts.get("Name"))
    if reference is None:
        raise MissingParameterError("ValueReference")
    action = reference.get("action", "replace")
    if action not in ("replace", "remove"):
        raise OgcError(
            "OptionNotSupported",
            Text(f"action“{action}”应为 replace 或 remove", f"action {action!r} must be replace or remove"),
            locator="action",
        )
    name = named((reference.text or "").strip())
    made = etree.Element("geometry" if name in GEOMETRY_NAMES else name if _is_name(name) else "_")
    value = texts.get("Value")
    if value is not None and action == "replace":
        made.text = value.text
        made.extend(list(value))
        if value.get(NIL):
            made.set(NIL, str(value.get(NIL)))
    return made


def _is_name(name: str) -> bool:
    return name.isidentifier()


def _key(values: dict[str, Value], layer: Layer) -> str:
    found = values.get(layer.key)
    return found.strip() if isinstance(found, str) else ""


def _text(part: Element) -> str | None:
    if part.get(NIL, "false").lower() in ("true", "1"):
        return None
    text = "".join(str(piece) for piece in part.itertext())
    return text if text.strip() else None


def _kind(part: Element) -> str:
    return local(part[0]) if len(part) else ""


def _shape(part: Element, layer: Layer, crs: OgcCrs, *, across: bool) -> tuple[Shape, Text | None]:
    """GML 2 knows x before y only (`across`), whatever the system is called: QGIS on a connection of 2.0.0 sends a
    transaction of 1.0.0 with longitude first under the URN of 2.0.0.
    """
    if not len(part):
        return None, None
    if layer.geometry is Geometry.NONE:
        return None, Text(f"图层“{layer.title.zh}”没有几何", f"layer {layer.id} has no geometry")
    try:
        shape, system = written(part[0], crs)
    except (BadInputError, shapely.errors.ShapelyError, ValueError) as error:
        why: Any = error.text if isinstance(error, BadInputError) else Text("几何无法理解", "is not understood")
        return None, Text(why.zh.removeprefix("过滤条件有误:"), why.en.removeprefix("filter: "))
    return settled_shape(shape, layer, system.across if across else system)
