"""Layers of others for the map: looked up in the register, fetched, checked to be what they should be."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import orjson
from PIL import Image, UnidentifiedImageError

from app.remote.fetching import Elsewhere, ElsewhereError, Fetched
from app.remote.kept import Held, Shelf
from core.caller import Caller
from core.errors import BadInputError, NotFoundError
from core.scope import Scope
from core.texts import Text
from gis.shapes import Bounds
from layers.catalogue.remote import REMOTE_LAYERS, RemoteLayer
from ogc.remote.addresses import HALF_WORLD, TILE, features_address, tile_address, tile_box
from ogc.remote.reading import DEGREES, Offered, offered
from store.protocol import Store, Stored
from store.query import Query

_KINDS = {"wms": "WMS", "wmts": "WMTS", "wfs": "WFS"}
_PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp", b"GIF8": "image/gif"}
DEEPEST = 22
LONGEST_URL = 400
ASKED_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The register, the way out and the shelf."""

    store: Store
    elsewhere: Elsewhere
    shelf: Shelf

    def layers(self, scope: Scope) -> list[tuple[RemoteLayer, int]]:
        """The layers a caller may see and the versions of their rows, by title."""
        if not REMOTE_LAYERS.visible(scope):
            return []
        rows = self.store.read(REMOTE_LAYERS, Query(fields=(REMOTE_LAYERS.key,), geometry=False), scope=scope)
        found = [self._stored(key, scope) for key in rows[REMOTE_LAYERS.key].to_pylist()]
        return sorted(((_layer(one), one.version) for one in found), key=lambda one: one[0].title)

    def layer(self, code: str, scope: Scope) -> RemoteLayer:
        """One layer; NotFoundError for none, or none this caller may see."""
        return _layer(self._stored(code, scope))

    def _stored(self, code: str, scope: Scope) -> Stored:
        return self.store.get(REMOTE_LAYERS, code, scope=scope)

    def look(self, url: str, kind: str = "") -> list[Offered]:
        """What a service offers, its capabilities asked for if the address does not ask for them itself."""
        if len(url) > LONGEST_URL:
            raise BadInputError(Text("地址过长", "the address is too long"), field="url")
        self.elsewhere.check(url)
        return offered(self.elsewhere.get(_asking(url, kind)).body, url)

    def tile(self, caller: Caller, code: str, z: int, x: int, y: int) -> Held:
        """One tile of 256 pixels in web mercator."""
        if not (0 <= z <= DEEPEST and 0 <= x < 2**z and 0 <= y < 2**z):
            raise NotFoundError(Text("没有该瓦片", "no such tile"), tile=f"{z}/{x}/{y}")
        layer = self.layer(code, caller.scope)
        url = tile_address(layer, z, x, y)

        def fetch() -> Fetched:
            found = _picture(self.elsewhere.get(url))
            return _unrolled(found, z, x, y) if layer.crs in DEGREES and layer.kind == "wms" else found

        return self._held(layer, url, fetch)

    def features(self, caller: Caller, code: str, box: Bounds) -> Held:
        """The features in a window, as GeoJSON."""
        layer = self.layer(code, caller.scope)
        url = features_address(layer, box)
        return self._held(layer, url, lambda: _collection(self.elsewhere.get(url)))

    def _held(self, layer: RemoteLayer, url: str, fetch: Callable[[], Fetched]) -> Held:
        return self.shelf.get(layer.code, url, timedelta(seconds=layer.fresh_seconds), fetch)


def _layer(stored: Stored) -> RemoteLayer:
    if not isinstance(stored.record, RemoteLayer):
        raise TypeError(type(stored.record))
    return stored.record


def _asking(url: str, kind: str) -> str:
    """The address with what asks for capabilities; one that asks already, or an OGC API, stays as it is."""
    if "request=getcapabilities" in url.lower() or url.lower().split("?")[0].endswith((".xml", ".json")):
        return url
    if kind in _KINDS:
        return f"{url}{'&' if '?' in url else '?'}SERVICE={_KINDS[kind]}&REQUEST=GetCapabilities"
    if kind != "oapif":
        raise BadInputError(Text("请选择服务类型", "choose the kind of service"), field="kind")
    door, _, query = url.partition("?")
    door = door.rstrip("/")
    door = door if door.endswith("/collections") else f"{door}/collections"
    return f"{door}?{query}&f=json" if query else f"{door}?f=json"


def _picture(found: Fetched) -> Fetched:
    """A picture by its first bytes, whatever it calls itself; a report of an error is none."""
    for start, media_type in _PICTURES.items():
        if found.body.startswith(start):
            return Fetched(body=found.body, media_type=media_type)
    raise ElsewhereError(Text("对方服务的回答不是图片", "the service did not answer with a picture"))


def _unrolled(found: Fetched, z: int, x: int, y: int) -> Fetched:
    """A tile drawn in degrees brought to web mercator: columns stay, rows move to where their latitude lies."""
    try:
        picture = np.asarray(Image.open(io.BytesIO(found.body)).convert("RGBA"))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise ElsewhereError(Text("对方服务的图片无法读取", "the service's picture cannot be read")) from error
    _, south, _, north = tile_box(z, x, y)
    edge = np.degrees(2 * np.arctan(np.exp(np.array([south, north]) / HALF_WORLD * np.pi)) - np.pi / 2)
    metres = north - (np.arange(TILE) + 0.5) / TILE * (north - south)
    latitude = np.degrees(2 * np.arctan(np.exp(metres / HALF_WORLD * np.pi)) - np.pi / 2)
    rows = np.clip((edge[1] - latitude) / (edge[1] - edge[0]) * len(picture), 0, len(picture) - 1).astype(int)
    body = io.BytesIO()
    Image.fromarray(picture[rows], "RGBA").save(body, "PNG")
    return Fetched(body=body.getvalue(), media_type="image/png")


def _collection(found: Fetched) -> Fetched:
    """GeoJSON features and nothing else."""
    try:
        document: Any = orjson.loads(found.body)
    except orjson.JSONDecodeError as error:
        raise ElsewhereError(Text("对方服务的回答不是 GeoJSON", "the service did not answer with GeoJSON")) from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise ElsewhereError(
            Text("对方服务的回答不是 GeoJSON 要素", "the service did not answer with GeoJSON features")
        )
    kept = {"type": "FeatureCollection", "features": features, "matched": document.get("numberMatched")}
    return Fetched(body=orjson.dumps(kept), media_type="application/geo+json")
