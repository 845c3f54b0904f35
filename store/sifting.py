"""The rows of a table a scope shows: what `store.compile.scope_clause` asks in SQL, of columns that are in memory."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.scope import Scope
from layers.layer import Layer


def needed(layer: Layer) -> tuple[str, ...]:
    """The columns `sifted` looks at: they, and the rows, are read under a scope that hides nothing."""
    own = layer.enterprise_field
    return ("sensitivity", "area", *(() if own is None else (own,)))


def sifted(layer: Layer, rows: pa.Table, scope: Scope) -> NDArray[np.bool_]:
    """Which of some rows of a layer, read as the system, are the scope's to see.

    Words are looked up once each, so a city of points costs a scope a few milliseconds.
    """
    if not layer.visible(scope):
        return np.zeros(rows.num_rows, bool)
    seen = pc.less_equal(rows["sensitivity"], int(scope.clearance)).fill_null(False)
    if not layer.shared and not scope.everywhere:
        seen = pc.and_(seen, _says(rows["area"], scope.covers))
    own = layer.narrowed_by(scope)
    if own is not None:
        theirs = scope.enterprises or frozenset()
        seen = pc.and_(seen, _says(rows[own], theirs.__contains__))
    return np.asarray(seen.to_numpy())


def _says(column: pa.ChunkedArray, wanted: Callable[[str], bool]) -> pa.ChunkedArray:
    """Where a column holds a word that is wanted; nowhere where it holds none."""
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    parts = []
    for part in coded.chunks:
        fits = pa.array([wanted(word) for word in part.dictionary.to_pylist()], pa.bool_())
        parts.append(fits.take(part.indices).fill_null(False))
    return pa.chunked_array(parts, pa.bool_())
