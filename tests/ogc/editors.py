"""People who may edit wells at the services, and what they send."""

from dataclasses import replace
from typing import Any

from core.actors import Actor
from core.caller import Caller, Right
from core.scope import Scope, Sensitivity
from layers.layer import Catalogue
from tests.ogc.wells import FENCES, OFFICER, PUBLIC, VAULTS, WELLS, ZONES

LAYERS = Catalogue(WELLS, FENCES, VAULTS, ZONES)
EDIT = frozenset({Right.SERVICES, Right.EDIT})
EDITOR = replace(OFFICER, rights=EDIT, scope=replace(OFFICER.scope, writable=frozenset({"wells", "fences", "zones"})))
"""Sees and writes everything but vaults in area 9901."""

CLERK = Caller(
    actor=Actor(id="clerk", name="Clerk", door="ogc"), rights=EDIT, lang=EDITOR.lang,
    scope=Scope(areas=("990102",), clearance=Sensitivity.INTERNAL, writable=frozenset({"wells"})),
)  # fmt: skip
"""Does not see telephones, and writes wells of one district."""

READER = replace(OFFICER, rights=frozenset({Right.SERVICES}), scope=EDITOR.scope)
BROWSER = replace(EDITOR, session="a-session")
STRANGER = PUBLIC


def well(code: str, lon: float = 121.5, lat: float = 33.5, **properties: Any) -> dict[str, Any]:
    """A GeoJSON feature of the layer of wells."""
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": {"code": code, "area": "990102", **properties},
    }
