"""What pygeoapi asks of an EDR collection to describe it; the queries are answered by the routes."""

from typing import Any

from pygeoapi.provider.base import ProviderQueryError
from pygeoapi.provider.base_edr import BaseEDRProvider

from core.caller import current_caller
from ogc.edr.parameters import parameters, told
from ogc.oapi.serving import serving


class Readings(BaseEDRProvider):
    """The parameters of the layer named by `data`, as far as the caller of the request sees points that have them."""

    def __init__(self, provider_def: dict[str, Any]) -> None:
        super().__init__(provider_def)
        self._layer = serving.get().catalogue[self.data]

    def get_fields(self) -> dict[str, Any]:
        """Parameters by id."""
        caller = current_caller.get()
        found = parameters(self._layer, serving.get(), caller.scope)
        return {
            name: {"type": "number", "title": one.title.of(caller.lang), "x-ogc-unit": one.unit}
            for name, one in found.items()
        }

    def get_parameters(self, parameters_: Any = (), as_list: bool = False) -> Any:
        """Parameters as EDR describes them."""
        caller = current_caller.get()
        found = {
            name: told(one, caller.lang)
            for name, one in parameters(self._layer, serving.get(), caller.scope).items()
            if not parameters_ or name in parameters_
        }
        return list(found.values()) if as_list else found

    def locations(self, **_: Any) -> Any:
        """Answered by the routes."""
        raise ProviderQueryError

    def position(self, **_: Any) -> Any:
        """Answered by the routes."""
        raise ProviderQueryError

    def area(self, **_: Any) -> Any:
        """Answered by the routes."""
        raise ProviderQueryError

    def radius(self, **_: Any) -> Any:
        """Answered by the routes."""
        raise ProviderQueryError

    def cube(self, **_: Any) -> Any:
        """Answered by the routes."""
        raise ProviderQueryError
