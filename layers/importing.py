"""From a file's columns to a layer's: which heading means which field, what was left over, what is wrong."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from core.errors import BadInputError, Fault, FaultsError
from core.texts import Text
from layers.codes import code_list
from layers.fields import FieldSpec
from layers.layer import Layer
from layers.validation import Checked, Terms, check

_NOISE = re.compile(r"[\s_\-*:::]|[(\[(【][^)\])】]*[)\])】]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Headings:
    """How a file's headings were understood: field to heading, the constants given, and the headings nobody knows."""

    fields: Mapping[str, str]
    constants: Mapping[str, str]
    unused: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A file understood and checked, not yet kept."""

    layer: Layer
    headings: Headings
    checked: Checked


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
) -> Headings:
    """Which heading is which field: what is stated first, then names, titles and known headings, each used once.

    A stated heading may serve several fields; a field may be given one value for every row by `constants`.
    """
    stated, constants = stated or {}, constants or {}
    _refuse_unknown(layer, given, stated, constants)
    found: dict[str, str] = dict(stated)
    taken = set(stated.values())
    free = {plain(heading): heading for heading in reversed(given) if heading not in taken and heading != "geometry"}
    ranks = (
        lambda spec: (spec.name,),
        lambda spec: (spec.title.zh, spec.title.en),
        lambda spec: spec.headers,
        lambda spec: tuple(f"{layer.title.zh}{word}" for word in (spec.title.zh, *spec.headers)),
    )
    for words in ranks:
        for spec in layer.fields.values():
            if spec.name in found or spec.name in constants:
                continue
            word = next((plain(word) for word in words(spec) if plain(word) in free), None)
            if word is not None:
                found[spec.name] = free.pop(word)
    used = set(found.values())
    unused = tuple(heading for heading in given if heading not in used and heading != "geometry")
    return Headings(fields=found, constants=dict(constants), unused=unused)


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
    known = "、".join(name for name in table.column_names if name != "geometry")
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
) -> Import:
    """A file's table, columns by heading and `geometry` as WKB in EPSG:4490, mapped and checked."""
    how = headings(layer, table.column_names, stated=stated, constants=constants)
    return Import(layer=layer, headings=how, checked=check(layer, arranged(layer, table, how), terms))


def kinds(layer: Layer, field: str) -> tuple[str, ...]:
    """The codes a coded field may hold, for help texts."""
    codes = layer.fields[field].codes
    return () if codes is None else tuple(code.code for code in code_list(codes))
