"""What a bulk load leaves as it is: the fields a file does not have, and those its sender may not see."""

from collections.abc import Callable, Collection, Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from core.scope import Scope
from layers.layer import Geometry, Layer
from store.columns import arrow_column, default_column
from store.present import Present
from store.rights import all_owned

GEOMETRY = "geometry"
Find = Callable[[list[str]], Present]


def keeping(
    layer: Layer, batches: Iterable[pa.RecordBatch], keep: Collection[str], scope: Scope, find: Find
) -> Iterator[pa.RecordBatch]:
    """Batches in which the rows that are there have their present values in the fields kept or unseen.

    Nothing is taken from a row that belongs to an enterprise the caller may not write for: it is refused here.
    The key is never kept, nor what a row was merged into: a merged row that is delivered again is to be refused.
    """
    seen = layer.fields_in(scope)
    names = [name for name in layer.fields if name in keep or name not in seen]
    names = [name for name in names if name not in (layer.key, layer.merged_into)]
    if GEOMETRY in keep and layer.geometry is not Geometry.NONE:
        names.append(GEOMETRY)
    for batch in batches:
        yield _kept(layer, batch, names, find, scope) if names and layer.key in batch.schema.names else batch


def _kept(layer: Layer, batch: pa.RecordBatch, names: list[str], find: Find, scope: Scope) -> pa.RecordBatch:
    """One batch with those columns in place: the present value where there is a row, else the one given or none."""
    keys = batch.column(layer.key).cast(pa.string())
    found = find(pc.drop_null(keys).to_pylist())
    if not len(found):
        return batch
    all_owned(layer, found.keys, found.plain, scope)
    at = pc.index_in(keys, value_set=pa.array(found.keys, pa.string()))
    there = pc.is_valid(at)
    columns = {name: batch.column(name) for name in batch.schema.names}
    for name in names:
        before = arrow_column(layer, name, found.plain[name]).take(at)
        given = columns.get(name)
        if given is None:
            given = _absent(layer, name, before)
        elif given.type != before.type:
            try:
                given = given.cast(before.type)
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
                continue  # refused by name where the batch is completed
        columns[name] = pc.if_else(there, before, given)
    return pa.record_batch(columns)


def _absent(layer: Layer, name: str, like: pa.Array) -> pa.Array:
    """What a new row has in a column nobody gave: its default, or nothing where it must be given."""
    spec = layer.fields.get(name)
    return pa.nulls(len(like), like.type) if spec is None or spec.required else default_column(spec, len(like))
