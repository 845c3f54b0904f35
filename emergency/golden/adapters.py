"""Which of our models answers a golden model id, and how its keys are those of the model's parameters.

An adapter maps names and units and calls the model; it never computes what the model should.
"""

from collections.abc import Callable
from typing import Any

Answer = dict[str, Any]
"""Values under the keys of the case's `expected`."""

Adapter = Callable[..., Answer]

ADAPTERS: dict[str, Adapter] = {}


def golden(*ids: str) -> Callable[[Adapter], Adapter]:
    """Declare the adapter of some golden model ids: called with `inputs` and the `Case` itself."""

    def declare(adapter: Adapter) -> Adapter:
        for one in ids:
            if one in ADAPTERS:
                raise ValueError(f"golden model {one} has two adapters")
            ADAPTERS[one] = adapter
        return adapter

    return declare
