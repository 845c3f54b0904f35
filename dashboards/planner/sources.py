"""A tank or a hazard source as the beginning of a scenario: what its rows say is filled, the rest is named."""

from dataclasses import dataclass, field
from typing import Any

import shapely

from core.errors import BadInputError, NotFoundError
from core.scope import Scope
from core.texts import Lang, Text
from core.units import Pascal
from emergency.chemicals import substance, substances
from layers.catalogue.hazards import HAZARD_SOURCES, TANKS
from layers.filters import Compare, Op
from layers.layer import Layer
from store.protocol import Store
from store.query import Query

Json = dict[str, Any]
Row = dict[str, Any]
KELVIN = 273.15
ATMOSPHERE: Pascal = 101325.0
"""What a gauge stands against where nobody says: the scenario's own air is not known when the form is filled."""

UNSTATED = Text("未说明", "not stated")
CLOSED = Text("您无权查看", "not open to you")


@dataclass
class _Found:
    """What was read so far: values by the scenario's fields, each with where from, and what is not known and why."""

    lang: Lang
    release: Json = field(default_factory=dict)
    said: list[Json] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def take(self, name: str, value: float | None, origin: Text, closed: bool) -> None:
        """A value of the release, or that it is not known."""
        if value is None:
            self.lack(origin, CLOSED if closed else UNSTATED)
            return
        self.release[name] = value
        self.said.append({"field": f"release.{name}", "value": value, "from": origin.of(self.lang)})

    def lack(self, what: Text, why: Text) -> None:
        """One line of what stays empty."""
        self.missing.append(Text(f"{what.zh}:{why.zh}", f"{what.en}: {why.en}").of(self.lang))


def begun_from(store: Store, layer_id: str, key: str, *, scope: Scope, lang: Lang) -> Json:
    """The place, chemical, amount and condition that the rows open to the caller give.

    Raises NotFoundError for a row that is not there or not theirs, BadInputError for another layer.
    """
    if layer_id not in (TANKS.id, HAZARD_SOURCES.id):
        raise BadInputError(
            Text("layer 应为 tanks 或 hazard_sources", "layer must be tanks or hazard_sources"),
            field="layer", value=layer_id[:40],
        )  # fmt: skip
    layer = TANKS if layer_id == TANKS.id else HAZARD_SOURCES
    row = _row(store, layer, key, scope)
    found = _Found(lang)
    told = _tank(row, scope, found) if layer is TANKS else _source(store, row, scope, found)
    return {
        "title": row["name"], "layer": layer.id, "layer_title": layer.title.of(lang), "key": key, "place": row["place"],
        **told, "release": found.release, "said": found.said, "missing": found.missing,
    }  # fmt: skip


def _row(store: Store, layer: Layer, key: str, scope: Scope) -> Row:
    rows = _rows(store, layer, Compare(layer.key, Op.EQ, key), scope) if layer.visible(scope) else []
    if not rows:
        raise NotFoundError(Text(f"没有 {layer.title.zh}“{key}”", f"no such row {key!r}"), layer=layer.id, key=key[:60])
    return rows[0]


def _rows(store: Store, layer: Layer, where: Compare, scope: Scope) -> list[Row]:
    rows = store.read(layer, Query(where=where), scope=scope).to_pylist()
    return [{**one, "place": _place(one.get("geometry"))} for one in rows]


def _place(geometry: bytes | None) -> Json | None:
    point = None if geometry is None else shapely.point_on_surface(shapely.from_wkb(geometry))
    return None if point is None else {"lon": round(point.x, 6), "lat": round(point.y, 6)}


def _tank(row: Row, scope: Scope, found: _Found) -> Json:
    open_fields = TANKS.fields_in(scope)
    closed = "mass" not in open_fields
    now, design = row.get("mass"), row.get("design_mass")
    origin = Text("现存量", "present mass") if now is not None else Text("设计储量(现存量未说明)", "design mass")
    found.take("mass", design if now is None else now, origin if not closed else Text("现存量", "mass"), closed)
    temperature = row.get("temperature")
    celsius = None if temperature is None else round(temperature + KELVIN, 6)
    found.take(
        "upstream_temperature", celsius, Text("工作温度", "working temperature"), "temperature" not in open_fields
    )
    found.take("pool_area", row.get("bund") or None, Text("围堰面积", "bund area"), "bund" not in open_fields)
    _pressure(row, found, closed="pressure" not in open_fields)
    chemical = _chemical(row.get("cas") or "", row.get("chemical") or "", found)
    return {"chemical": chemical, "hazard_source": row.get("hazard_source") or None, "choices": [], "tanks": []}


def _pressure(row: Row, found: _Found, closed: bool) -> None:
    """The absolute pressure inside, where the row says what its own is counted from; else why it is not filled."""
    title, filed, reference = (
        Text("容器内绝对压力", "absolute pressure"),
        row.get("pressure"),
        row.get("pressure_reference"),
    )
    if filed is None or closed:
        found.lack(title, CLOSED if closed else UNSTATED)
        return
    said = f"{filed / 1000:g} kPa"
    absolute = {"absolute": filed, "gauge": filed + ATMOSPHERE}.get(reference or "")
    if absolute is None:
        why = Text(
            f"登记为 {said},未注明表压或绝压,请核对后填写",
            f"recorded as {said}, gauge or absolute not stated: check and type it",
        )
        found.lack(title, why)
    elif absolute <= 0.0:
        found.lack(title, Text(f"登记为 {said},折算不大于零,请核对", f"recorded as {said}, which is none: check it"))
    elif reference == "gauge":
        origin = Text(
            f"工作压力(表压 {said},加标准大气压 {ATMOSPHERE / 1000:g} kPa)",
            f"working pressure (gauge {said} and the standard atmosphere of {ATMOSPHERE / 1000:g} kPa)",
        )
        found.take("upstream_pressure", round(absolute, 3), origin, closed=False)
    else:
        found.take("upstream_pressure", absolute, Text("工作压力(绝压)", "working pressure, absolute"), closed=False)


def _source(store: Store, row: Row, scope: Scope, found: _Found) -> Json:
    """A hazard source: its one substance, or the choice among several; its tanks say more than it does."""
    names, numbers = row.get("substances") or (), row.get("cas_numbers") or ()
    amounts = row.get("quantities") or ()
    closed = "quantities" not in HAZARD_SOURCES.fields_in(scope)
    choices = [
        {"cas": cas, "name": name, "mass": float(amounts[n]) if n < len(amounts) else None}
        for n, (cas, name) in enumerate(zip(numbers, names, strict=False))
        if cas in substances()
    ]
    chemical, design = None, Text("设计最大量", "design amount")
    if len(choices) == 1:
        chemical = choices[0]["cas"]
        found.take("mass", choices[0]["mass"], design, closed)
    elif choices:
        found.lack(Text("化学品", "chemical"), Text("涉及多种,请选一种或选储罐", "several: choose one, or a tank"))
    else:
        chemical = _chemical("", row.get("main_chemical") or "", found)
        found.lack(design, CLOSED if closed else UNSTATED)
    found.lack(Text("储存温度和压力", "temperature and pressure"), Text("见储罐", "recorded of tanks only"))
    tanks: list[Row] = []
    if TANKS.visible(scope):
        tanks = _rows(store, TANKS, Compare("hazard_source", Op.EQ, row["code"]), scope)[:50]
    return {
        "chemical": chemical, "hazard_source": row["code"], "choices": choices if len(choices) > 1 else [],
        "tanks": [{"key": one["code"], "name": one["name"], "chemical": one.get("chemical", "")} for one in tanks],
    }  # fmt: skip


def _chemical(cas: str, name: str, found: _Found) -> str | None:
    """The CAS number where it is a substance we know; a name counts only when it is exactly one's own."""
    for word in (cas, name):
        if word:
            try:
                return substance(word).cas or None
            except NotFoundError:
                continue
    words = name or cas
    why = Text(f"“{words}”不在物质库中", f"{words!r} is not among the substances here") if words else UNSTATED
    found.lack(Text("化学品", "chemical"), why)
    return None
