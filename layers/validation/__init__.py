"""Every fault of many rows at once, columnar: types, codes, ranges, references, places, duplicates."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import BadInputError
from core.texts import Text
from gis.shapes import Bounds
from layers.codes import code_list
from layers.fields import FieldSpec, Kind
from layers.identifiers import cas_is_valid, uscc_is_valid
from layers.layer import Layer
from layers.validation.conversion import EXPECTED, converted, month_only
from layers.validation.faults import Faults, Finding, Rule, Severity, findings
from layers.validation.jurisdiction import Jurisdictions, told_areas
from layers.validation.rows import ROW_RULES
from layers.validation.shapes import CHINA, check_shapes

__all__ = ["CHINA", "Checked", "Finding", "Rule", "Severity", "Terms", "check"]

_AREA = r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What rows are checked against besides their layer.

    `on` is the day codes must hold; `known` gives the present keys of other layers, so that references can be checked
    (those of a layer not named are not); `merged` says into which of their rows others were merged; `areas` the known
    area codes; `bounds` None switches the place check off; `taken` are this layer's present keys, when rows of a key
    that exists are to be refused; `kept` are they, when such rows keep what they have in the columns not given.
    `jurisdictions` tell the areas of rows that do not state theirs.
    """

    on: date
    known: Mapping[str, pa.Array] = field(default_factory=dict)
    merged: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    areas: pa.Array | None = None
    bounds: Bounds | None = CHINA
    taken: pa.Array | None = None
    kept: pa.Array | None = None
    jurisdictions: Jurisdictions | None = None


@dataclass(frozen=True, kw_only=True)
class Checked:
    """Typed rows and what was found; `good` leaves out the rows with an error, `typed` holds all of them.

    `areas` says how many of the good rows have their area from what, when they did not state it.
    """

    typed: pa.Table
    good: pa.Table
    faults: pa.Table
    areas: tuple[tuple[Text, int], ...] = ()

    @property
    def errors(self) -> int:
        """How many faults keep a row out."""
        return self._count(Severity.ERROR)

    @property
    def warnings(self) -> int:
        """How many faults are only listed."""
        return self._count(Severity.WARNING)

    @property
    def refused(self) -> int:
        """How many rows are kept out."""
        return int(self.typed.num_rows - self.good.num_rows)

    def listed(self, limit: int | None = None) -> Iterator[Finding]:
        """Faults one by one, in row order."""
        return findings(self.faults, limit)

    def _count(self, severity: Severity) -> int:
        return int(pc.sum(pc.equal(self.faults["severity"], severity.value)).as_py() or 0)


def check(layer: Layer, table: pa.Table, terms: Terms, spoilt: np.ndarray | None = None) -> Checked:
    """Every fault of every row; columns are named by field, `geometry` is WKB in EPSG:4490; text is converted.

    Rows that whoever read them found `spoilt` are kept out too, and not blamed again for the place they lost.
    """
    unknown = sorted(set(table.column_names) - {*layer.fields, "geometry"})
    if unknown:
        names = ", ".join(unknown)
        raise BadInputError(
            Text(f"图层“{layer.title.zh}”没有这些字段:{names}", f"layer {layer.id} has no such fields: {names}"),
            fields=unknown,
        )
    rows = table.num_rows
    whole = {name: _whole(table[name]) for name in table.column_names}
    keys = whole[layer.key] if layer.key in whole else pa.nulls(rows, pa.string())
    faults = Faults(keys=pc.fill_null(_text(keys), ""))
    columns: dict[str, pa.Array] = {}
    fresh = np.ones(rows, bool)
    if terms.kept is not None:
        fresh = ~_mask(pc.is_in(converted(keys, layer.fields[layer.key])[0], value_set=terms.kept))
    for name, spec in layer.fields.items():
        if name in whole:
            columns[name] = _checked(layer, spec, whole[name], faults, terms)
        elif spec.required:
            faults.add(fresh, name, None, Rule.MISSING, Text("缺少必填列", "required column is missing"))
    if layer.key in columns:
        _check_duplicates(layer, columns[layer.key], faults, terms.taken)
    spoilt = np.zeros(rows, bool) if spoilt is None else spoilt
    faults.refuse(spoilt)
    asked = ~spoilt if "geometry" in whole else ~spoilt & fresh
    shapes = check_shapes(layer, whole.get("geometry"), faults, asked, terms.bounds)
    for rule in ROW_RULES.get(layer.id, ()):
        rule(columns, faults, terms.on)
    told = [] if terms.jurisdictions is None else told_areas(layer, columns, shapes, faults, terms.jurisdictions)
    if "geometry" in whole:
        columns["geometry"] = whole["geometry"].cast(pa.binary())
    typed = pa.table(columns)
    good = faults.good(rows)
    areas = tuple((one.by, count) for one in told if (count := int((one.rows & good).sum())))
    return Checked(typed=typed, good=typed.filter(pa.array(good)), faults=faults.table(), areas=areas)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    joined = column.combine_chunks()
    return joined if isinstance(joined, pa.Array) else pa.concat_arrays(joined.chunks)


def _text(column: pa.Array) -> pa.Array:
    return column if pa.types.is_string(column.type) else column.cast(pa.string())


def _mask(column: pa.Array) -> np.ndarray:
    return np.asarray(pc.fill_null(column, False).to_numpy(zero_copy_only=False), bool)


def _checked(layer: Layer, spec: FieldSpec, raw: pa.Array, faults: Faults, terms: Terms) -> pa.Array:
    """One column converted, with what is wrong with it added."""
    coded = spec.codes is not None and spec.kind is not Kind.LIST
    unknown_code = np.zeros(len(raw), bool)
    source = raw
    if coded and spec.codes is not None:
        codes = code_list(spec.codes)
        plain, _ = converted(raw, FieldSpec(name=spec.name, kind=Kind.TEXT, title=spec.title, required=False))
        source = codes.codes_of(plain)
        unknown_code = _mask(pc.invert(codes.members(source, terms.on)))
        rule = Text(f"不在代码表“{codes.title.zh}”中", f"is not a code of the list {spec.codes}")
        faults.add(unknown_code, spec.name, raw, Rule.CODE, rule)
    column, wrong = converted(source, spec)
    faults.add(wrong & ~unknown_code, spec.name, raw, Rule.TYPE, EXPECTED[spec.kind])
    if spec.required or spec.name == layer.key:
        blank = _mask(pc.is_null(column)) & ~wrong & ~unknown_code
        faults.add(blank, spec.name, None, Rule.MISSING, Text("必填,不得为空", "required, must not be empty"))
    vague = Text("只有年月,按当月 1 日登记", "only a month is given; kept as its first day")
    faults.add(month_only(raw, spec.kind), spec.name, raw, Rule.TYPE, vague, Severity.WARNING)
    if not coded:
        _check_constraints(spec, column, faults)
    _check_meaning(spec, column, faults, terms)
    return column


def _check_constraints(spec: FieldSpec, column: pa.Array, faults: Faults) -> None:
    """The bounds, lengths and patterns the declaration carries."""
    symbol = f" {spec.unit}" if spec.unit else ""
    for limit in spec.constraints:
        for name, compare, zh, en in (
            ("ge", pc.less, "不得小于", "must not be below"),
            ("gt", pc.less_equal, "须大于", "must be above"),
            ("le", pc.greater, "不得大于", "must not be above"),
            ("lt", pc.greater_equal, "须小于", "must be below"),
        ):
            bound = getattr(limit, name, None)
            if bound is not None and spec.kind in (Kind.INTEGER, Kind.REAL):
                text = Text(f"{zh} {bound:g}{symbol}", f"{en} {bound:g}{symbol}")
                faults.add(_mask(compare(column, bound)), spec.name, column, Rule.RANGE, text)
        if spec.kind is not Kind.TEXT:
            continue
        most = getattr(limit, "max_length", None)
        if most is not None:
            text = Text(f"不得超过 {most} 个字", f"must not be longer than {most} characters")
            faults.add(_mask(pc.greater(pc.utf8_length(column), most)), spec.name, column, Rule.LENGTH, text)
        least = getattr(limit, "min_length", None)
        if least is not None and least > 1:
            text = Text(f"不得少于 {least} 个字", f"must not be shorter than {least} characters")
            faults.add(_mask(pc.less(pc.utf8_length(column), least)), spec.name, column, Rule.LENGTH, text)
        pattern = getattr(limit, "pattern", None)
        if pattern is not None:
            misses = pc.invert(pc.match_substring_regex(column, pattern))
            text = Text(f"格式应符合 {pattern}", f"must match {pattern}")
            faults.add(_mask(misses), spec.name, column, Rule.PATTERN, text)


def _check_meaning(spec: FieldSpec, column: pa.Array, faults: Faults, terms: Terms) -> None:
    """Check characters, references and area codes."""
    if spec.standard == "GB 32100":
        wrong = ~uscc_is_valid(pc.fill_null(column, "").to_numpy(zero_copy_only=False)) & _mask(pc.is_valid(column))
        text = Text("统一社会信用代码校验不通过", "the check character of the credit code is wrong")
        faults.add(wrong, spec.name, column, Rule.CHECK_DIGIT, text, Severity.WARNING)
    if spec.standard == "CAS":
        wrong = ~cas_is_valid(pc.fill_null(column, "").to_numpy(zero_copy_only=False)) & _mask(pc.is_valid(column))
        text = Text("CAS 号校验不通过", "the check digit of the CAS number is wrong")
        faults.add(wrong, spec.name, column, Rule.CHECK_DIGIT, text, Severity.WARNING)
    if spec.refers is not None and spec.refers in terms.known:
        lost = _mask(pc.invert(pc.is_in(column, value_set=terms.known[spec.refers].cast(pa.string()))))
        lost &= _mask(pc.is_valid(column))
        severity = Severity.ERROR if spec.required else Severity.WARNING
        for dropped, kept in terms.merged.get(spec.refers, {}).items():
            named = _mask(pc.equal(column, dropped)) & lost
            into = Text(f"已并入“{kept}”,请改填“{kept}”", f"was merged into {kept!r}; give that one")
            faults.add(named, spec.name, column, Rule.REFERENCE, into, severity)
            lost &= ~named
        text = Text(
            f"库中没有此{spec.title.zh}(图层 {spec.refers})", f"refers to a row of {spec.refers} that does not exist"
        )
        faults.add(lost, spec.name, column, Rule.REFERENCE, text, severity)
    if spec.name == "area":
        shape = _mask(pc.invert(pc.match_substring_regex(column, _AREA)))
        text = Text("行政区划代码应为 2、4、6、9 或 12 位数字", "an area code has 2, 4, 6, 9 or 12 digits")
        faults.add(shape, spec.name, column, Rule.AREA, text)
        if terms.areas is not None:
            lost = _mask(pc.invert(pc.is_in(column, value_set=terms.areas))) & _mask(pc.is_valid(column)) & ~shape
            faults.add(lost, spec.name, column, Rule.AREA, Text("行政区划代码未登记", "the area code is not known"))


def _check_duplicates(layer: Layer, keys: pa.Array, faults: Faults, taken: pa.Array | None) -> None:
    """The second and later rows of one key are refused, and where that was asked for, those of a key that exists."""
    encoded = keys.dictionary_encode().indices.to_numpy(zero_copy_only=False)
    given = _mask(pc.is_valid(keys))
    first = np.ones(len(keys), bool)
    _, at = np.unique(np.nan_to_num(encoded.astype(float), nan=-1.0), return_index=True)
    first[:] = False
    first[at] = True
    rule = Text("主键重复,前面已有同一主键的行", "duplicate key: an earlier row has it")
    faults.add(given & ~first, layer.key, keys, Rule.DUPLICATE, rule)
    if taken is not None:
        exists = _mask(pc.is_in(keys, value_set=taken)) & given
        there = Text("该主键已在库中,只收新增的行", "this key is there already, and only new rows are taken")
        faults.add(exists, layer.key, keys, Rule.DUPLICATE, there)
