"""The feature provider pygeoapi loads by its dotted path: a thin reading of the store under the caller's scope."""

from typing import Any

import orjson
from pygeoapi.provider.base import BaseProvider, ProviderItemNotFoundError

from core.caller import current_caller
from layers.filters import In
from ogc.encode import geojson
from ogc.oapi import coverages, records
from ogc.oapi.schemas import properties
from ogc.oapi.serving import serving
from store.query import Order, Query


class StoreProvider(BaseProvider):
    """Rows of the layer named by `data`; only what the caller of the request may see."""

    def __init__(self, provider_def: dict[str, Any]) -> None:
        super().__init__(provider_def)
        self._layer = serving.get().catalogue[self.data]
        self._fields = self.get_fields()

    def get_fields(self) -> dict[str, Any]:
        """Fields as JSON Schema."""
        caller = current_caller.get()
        return properties(self._layer, caller.scope, caller.lang)

    def query(self, offset: int = 0, limit: int = 10, **asked: Any) -> dict[str, Any]:
        """A page of features; filters and boxes are the routes' business, which answer items themselves."""
        order = tuple(Order(item["property"], item["order"] == "-") for item in asked.get("sortby") or ())
        return self._collected(Query(order=order, limit=limit, offset=offset))

    def get(self, identifier: str, **_: Any) -> dict[str, Any]:
        """One feature by its key."""
        found = self._collected(Query(where=In(self._layer.key, (identifier,)), limit=1))["features"]
        if not found:
            raise ProviderItemNotFoundError(identifier)
        feature: dict[str, Any] = found[0]
        return feature

    def _collected(self, query: Query) -> dict[str, Any]:
        scope = current_caller.get().scope
        batches = serving.get().store.batches(self._layer, query, scope=scope)
        specs = tuple(self._layer.fields_in(scope).values())
        found: dict[str, Any] = orjson.loads(b"".join(geojson.collection(batches, self._layer, specs)))
        return found


class RecordProvider(BaseProvider):
    """The catalogue: pygeoapi describes it, the routes answer its items."""

    def get_fields(self) -> dict[str, Any]:
        """Fields as JSON Schema."""
        found: dict[str, Any] = records.schema(current_caller.get().lang, "")["properties"]
        return found


class RasterProvider(BaseProvider):
    """The raster named by `data`: pygeoapi describes its grid, the routes cut it."""

    def __init__(self, provider_def: dict[str, Any]) -> None:
        super().__init__(provider_def)
        one = coverages.raster_of(serving.get(), self.data, current_caller.get())
        if one is None:
            raise ProviderItemNotFoundError(self.data)
        self._one = one
        record = one.record
        self._coverage_properties = {
            "width": record.width, "height": record.height, "resx": record.resolution_lon,
            "resy": record.resolution_lat,
        }  # fmt: skip

    def get_fields(self) -> dict[str, Any]:
        """Bands as JSON Schema."""
        found: dict[str, Any] = coverages.schema(self._one, current_caller.get().lang, "")["properties"]
        return found


class MapProvider(BaseProvider):
    """Maps of the collection named by `data`; the routes draw them."""
