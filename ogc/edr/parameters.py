"""What can be asked for: of measuring points each kind of measurement in its unit, of stations each element observed.

Two points of one kind may report in different units; a parameter has one, so such a kind is several parameters.
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from core.scope import Scope
from core.texts import Lang, Text
from layers.catalogue import SENSORS, WEATHER_STATIONS
from layers.codes import code_list
from layers.layer import Layer
from ogc.services import Services
from store.query import COUNT, Query

EDR_LAYERS = (SENSORS.id, WEATHER_STATIONS.id)
QUALITY = "quality"
_GRADES = (Text("可信", "good"), Text("可疑", "suspect"), Text("无效", "bad"), Text("缺测", "missing"))
_GRADES_ADDRESS = "urn:onemap:reading-quality:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One quantity in one unit; `kind` is the sensor kind or the station's element, `unit` as registered."""

    id: str
    title: Text
    kind: str
    unit: str


def parameters(layer: Layer, services: Services, scope: Scope) -> dict[str, Parameter]:
    """The parameters of a layer by id, as far as the caller sees points that have them."""
    if layer.id == WEATHER_STATIONS.id:
        fields = layer.fields_in(scope)
        return {
            name: Parameter(id=name, title=spec.title, kind=name, unit=spec.unit or "1")
            for name, spec in fields.items()
            if spec.unit and name not in ("elevation", "anemometer_height")
        }
    rows = services.store.totals(layer, Query(), by=("kind", "unit"), of=(COUNT,), scope=scope).to_pylist()
    units = Counter(row["kind"] for row in rows)
    titles = code_list("sensor_kind")
    found = {}
    for row in sorted(rows, key=lambda one: (one["kind"], one["unit"])):
        kind, unit = row["kind"], row["unit"]
        name = kind if units[kind] == 1 else f"{kind}-{_slug(unit)}"
        found[name] = Parameter(
            id=name,
            title=Text(*(titles.label(kind, lang) or kind for lang in (Lang.ZH, Lang.EN))),
            kind=kind,
            unit=unit,
        )
    return found


def _slug(unit: str) -> str:
    """A unit as part of a name: letters and digits stay, everything else is spelt by its code point."""
    return re.sub(r"[^A-Za-z0-9]", lambda one: f"_{ord(one[0]):x}", unit)


def told(one: Parameter, lang: Lang) -> dict[str, Any]:
    """A parameter as CoverageJSON and EDR describe it."""
    return {
        "type": "Parameter",
        "id": one.id,
        "description": {lang.value: one.title.of(lang)},
        "observedProperty": {"id": f"urn:onemap:quantity:{one.kind}", "label": _both(one.title)},
        "unit": {"label": {"zh": one.unit, "en": one.unit}, "symbol": one.unit},
    }


def quality(lang: Lang) -> dict[str, Any]:
    """How far a reading can be trusted, as a parameter of its own beside each value."""
    title = Text("数据质量", "Quality of the reading")
    return {
        "type": "Parameter",
        "id": QUALITY,
        "description": {lang.value: title.of(lang)},
        "observedProperty": {
            "id": "urn:onemap:reading-quality",
            "label": _both(title),
            "categories": [
                {"id": f"{_GRADES_ADDRESS}{code}", "label": _both(text)} for code, text in enumerate(_GRADES)
            ],
        },
        "categoryEncoding": {f"{_GRADES_ADDRESS}{code}": code for code in range(len(_GRADES))},
    }


def _both(text: Text) -> dict[str, str]:
    return {lang.value: text.of(lang) for lang in Lang}
