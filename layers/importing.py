"""From a file's columns to a layer's: which heading means which field, what was left over, what is wrong."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import BadInputError, Fault, FaultsError
from core.texts import Text
from layers.codes import code_list
from layers.fields import FieldSpec
from layers.layer import Layer
from layers.readers.delivery import ROW
from layers.validation import Checked, Severity, Terms, check

OWN = ("geometry", ROW)
"""Columns a reader adds."""
NAMED = 20
"""Columns of a file named in an error message."""

_NOISE = re.compile(r"[\s_\-*:::]|[(\[(【][^)\])】]*[)\])】]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Headings:
    """How a file's headings were understood: field to heading, the constants given, and the headings nobody knows."""

    fields: Mapping[str, str]
    constants: Mapping[str, str]
    unused: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A file understood and checked, not yet kept; `unread` rows are among its faults and not among its rows."""

    layer: Layer
    headings: Headings
    checked: Checked
    unread: int = 0

    @property
    def rows(self) -> int:
        """How many rows the file has."""
        return int(self.checked.typed.num_rows) + self.unread

    @property
    def refused(self) -> int:
        """How many of them are kept out."""
        return self.checked.refused + self.unread


def plain(heading: str) -> str:
    """A heading without case, spaces and bracketed remarks.

    >>> plain("单位名称 (必填)")
    '单位名称'
    """
    return _NOISE.sub("", heading).lower()


def headings(
    layer: Layer,
    given: Sequence[str],
    *,
    stated: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
    cut: bool = False,
) -> Headings:
    """Which heading is which field: what is stated first, then names, titles and known headings, each used once.

    A stated heading may serve several fields, and the key's own name stays the key whatever else it serves; a field
    may be given one value for every row by `constants`. `cut` headings may be the first ten bytes of a longer word, as
    shapefiles keep them.
    """
    stated, constants = stated or {}, constants or {}
    _refuse_unknown(layer, given, stated, constants)
    found: dict[str, str] = dict(stated)
    taken = set(stated.values())
    free = {plain(heading): heading for heading in reversed(given) if heading not in taken and heading not in OWN}
    ranks = (
        lambda spec: (spec.name,),
        lambda spec: (spec.title.zh, spec.title.en),
        lambda spec: spec.headers,
        lambda spec: tuple(f"{layer.title.zh}{word}" for word in (spec.title.zh, *spec.headers)),
    )
    for words in (*ranks, *((_shortened,) if cut else ())):
        for spec in layer.fields.values():
            if spec.name in found or spec.name in constants:
                continue
            word = next((plain(word) for word in words(spec) if plain(word) in free), None)
            if word is not None:
                found[spec.name] = free.pop(word)
    if layer.key not in found and layer.key not in constants:
        own = next((heading for heading in given if plain(heading) == plain(layer.key)), None)
        found |= {} if own is None else {layer.key: own}
    used = set(found.values())
    unused = tuple(heading for heading in given if heading not in used and heading not in OWN)
    return Headings(fields=found, constants=dict(constants), unused=unused)


def _shortened(spec: FieldSpec) -> tuple[str, ...]:
    """A field's words as a shapefile's table cuts them in GB18030, where that leaves five whole characters."""
    words = (word.encode("gb18030", "ignore") for word in (spec.title.zh, *spec.headers))
    return tuple(word[:10].decode("gb18030", "ignore") for word in words if len(word) > 10)


def _refuse_unknown(
    layer: Layer, given: Sequence[str], stated: Mapping[str, str], constants: Mapping[str, str]
) -> None:
    allowed = "、".join(layer.fields)
    known = "、".join(given)
    no_field = Text(f"图层 {layer.id} 没有此字段,可用:{allowed}", f"no such field of {layer.id}; there are: {allowed}")
    no_heading = Text(f"文件中没有此列,现有:{known}", f"no such column in the file; there are: {known}")
    faults = [
        Fault(field="map", value=name, rule=no_field) for name in [*stated, *constants] if name not in layer.fields
    ]
    faults += [Fault(field="map", value=word, rule=no_heading) for word in stated.values() if word not in given]
    if faults:
        raise FaultsError(faults)


def arranged(layer: Layer, table: pa.Table, how: Headings) -> pa.Table:
    """The file's columns under their field names, with the constants and, where there is one, the geometry."""
    columns: dict[str, pa.Array | pa.ChunkedArray] = {}
    for name in layer.fields:
        if name in how.fields:
            columns[name] = table[how.fields[name]]
        elif name in how.constants:
            columns[name] = pa.repeat(pa.scalar(how.constants[name], pa.string()), table.num_rows)
    if "geometry" in table.column_names:
        columns["geometry"] = table["geometry"]
    if layer.key not in columns:
        raise BadInputError(_no_key(layer.fields[layer.key], table), field=layer.key)
    return pa.table(columns)


def _no_key(spec: FieldSpec, table: pa.Table) -> Text:
    given = [name for name in table.column_names if name not in OWN]
    known = "、".join(given[:NAMED]) + (f" 等 {len(given)} 列" if len(given) > NAMED else "")
    words = "、".join((spec.title.zh, *spec.headers))
    return Text(
        f"认不出主键“{spec.title.zh}”的列(可叫:{words});文件中有:{known};请用 --map {spec.name}=列名 说明",
        f"no column for the key {spec.name}; the file has: {known}; state it with --map {spec.name}=HEADING",
    )


def understood(
    layer: Layer,
    table: pa.Table,
    terms: Terms,
    *,
    stated: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
    found: pa.Table | None = None,
    cut: bool = False,
) -> Import:
    """A file's table, columns by heading and `geometry` as WKB in EPSG:4490, mapped and checked.

    `found` are the faults its reader met; with them and with those of the check, rows are named as the file counts
    them (`_row`), or else by their place.
    """
    rows = np.arange(1, table.num_rows + 1)
    if ROW in table.column_names:
        rows = table[ROW].to_numpy()
        table = table.drop_columns([ROW])
    how = headings(layer, table.column_names, stated=stated, constants=constants, cut=cut)
    spoilt, unread = np.zeros(table.num_rows, bool), 0
    if found is not None and found.num_rows:
        errors = found.filter(pc.equal(found["severity"], Severity.ERROR.value))
        wrong = np.unique(errors["row"].to_numpy())
        spoilt = np.isin(rows, wrong)
        unread = len(wrong) - int(spoilt.sum())
    checked = check(layer, arranged(layer, table, how), terms, spoilt)
    return Import(layer=layer, headings=how, checked=_renumbered(layer, checked, rows, found), unread=unread)


def _renumbered(layer: Layer, checked: Checked, rows: np.ndarray, found: pa.Table | None) -> Checked:
    """The faults by the file's own rows, the reader's among them with the keys of their rows."""
    places = checked.faults["row"].to_numpy() - 1
    faults = checked.faults.set_column(0, "row", pa.array(rows[places], pa.int64()))
    if found is not None and found.num_rows:
        at = pc.index_in(found["row"], value_set=pa.array(rows, pa.int64())).combine_chunks()
        keys = checked.typed[layer.key].combine_chunks().cast(pa.string())
        named = found.set_column(1, "key", pc.fill_null(keys.take(at), ""))
        faults = pa.concat_tables([faults, named]).sort_by([("row", "ascending")])
    return replace(checked, faults=faults)


def kinds(layer: Layer, field: str) -> tuple[str, ...]:
    """The codes a coded field may hold, for help texts."""
    codes = layer.fields[field].codes
    return () if codes is None else tuple(code.code for code in code_list(codes))
