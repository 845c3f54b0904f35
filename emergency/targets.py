"""How many protection targets shapes touch: every target that somebody may see, read once and indexed."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc
import shapely
from shapely.geometry.base import BaseGeometry

from core.canonical import sha256
from core.scope import Scope
from emergency.exposure import TARGETS
from store.protocol import Store
from store.query import Query

NONE = np.empty(0, dtype=object)
Counts = npt.NDArray[np.int64]


def touching(store: Store, scope: Scope) -> tuple[Callable[[Sequence[BaseGeometry]], Counts], str] | None:
    """What counts targets in shapes, and a hash that is another's where one is; None where no kind is open."""
    layers = [layer for layer in TARGETS if layer.visible(scope)]
    if not layers:
        return None
    with store.snapshot() as moment:
        parts = [
            one.column("geometry").filter(pc.is_valid(one.column("geometry")))
            for layer in layers
            for one in moment.batches(layer, Query(fields=(layer.key,)), scope=scope)
        ]
    places = np.concatenate([part.to_numpy(zero_copy_only=False) for part in parts] or [NONE])
    tree = shapely.STRtree(shapely.from_wkb(places))

    def count(shapes: Sequence[BaseGeometry]) -> Counts:
        asked, _ = tree.query(np.asarray(shapes, dtype=object), predicate="intersects")
        return np.bincount(asked, minlength=len(shapes)).astype(np.int64)

    return count, sha256(b"".join(sorted(places)))
