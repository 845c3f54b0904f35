"""Many cases of one system out of a table: read by the labels of its form, refused by the same rules, kept once.

Every row is what the form that opens a case would be, filled in: the same steps, guards and limits say why not. With
`standing` a row of a register goes on to stand, by the step that registers it. A row that was kept before is known by
its key, of its own or of what it holds, and not kept again.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import shapely

from casework.casetype import CaseType, Role, Step
from casework.desk import Desk
from casework.engine import StepRefusedError, Taken, opened, taken
from casework.following import Signed
from casework.rows import edits, wide
from casework.terms import local_day
from core.errors import BadInputError, ConflictError, Fault, ForbiddenError
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from layers.catalogue.casework import CASE_FILINGS, CaseFiling
from layers.catalogue.enterprises import ENTERPRISES
from layers.codes import code_list
from layers.fields import FieldSpec, Kind
from layers.filters import In
from layers.importing import headings, plain
from layers.layer import Geometry
from layers.readers.delivery import ROW, Delivery
from layers.readers.formats import Format
from layers.validation.conversion import EXPECTED, converted
from store.feed import Edit, Put
from store.query import Query

MOST_ROWS = 50_000
AT_ONCE = 200
"""Rows of one transaction, so that nobody who works waits long; more are kept in as many as it takes, all on record."""
ASKED_AT_ONCE = 500
SHOWN = 30
TRIES = 5
KEY = Text("导入标识", "Import key")
KEYS = (KEY.zh, KEY.en, "标识", "key")
PLACE = {"lon": Text("经度", "Longitude"), "lat": Text("纬度", "Latitude")}
Progress = Callable[[Text, int, int], None]
"""Told what is done, of how many rows how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How a file is to be taken."""

    dry_run: bool = False
    good_only: bool = False
    standing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a file held and what was kept; the numbers of the cases, first and last, where any were."""

    rows: int
    good: int
    known: int
    kept: int
    refused: int
    faults: tuple[Fault, ...]
    unused: tuple[str, ...]
    batches: int = 0
    first: str = ""
    last: str = ""


@dataclass(slots=True)
class _Line:
    """One row of the file as values of the form."""

    row: int
    key: str
    values: dict[str, Any]
    faults: list[Fault] = field(default_factory=list)


def registers(of: CaseType) -> Step | None:
    """The step by which what was just opened stands, where one does that at once."""
    found = (
        step for step in of.out_of(str(of.start))
        if step.target in of.standing and Role.OFFICER in step.by and not step.files
    )  # fmt: skip
    return next(found, None)


def asked(of: CaseType, *, standing: bool = False) -> tuple[str, ...]:
    """The fields of a file, in the order of the form."""
    more = registers(of) if standing else None
    return tuple(dict.fromkeys((*of.opening.asks, *(() if more is None else more.asks))))


def needed(of: CaseType, name: str, *, standing: bool = False) -> bool:
    """A row without it is refused, whatever else it says."""
    more = registers(of) if standing else None
    spec = of.register.fields.get(name)
    by_itself = spec is not None and spec.required and name in of.opening.asks and not (
        name == "title" and of.named is not None
    )  # fmt: skip
    return name in of.opening.needs or (more is not None and name in more.needs) or by_itself


def columns(of: CaseType, *, standing: bool = False) -> Iterator[tuple[str, Text, bool, FieldSpec | None]]:
    """Each column of a template: name, heading, whether it must be filled in, and the field it is."""
    yield "key", KEY, False, None
    for name in asked(of, standing=standing):
        if name in of.register.fields:
            spec = of.register.fields[name]
            yield name, spec.title, needed(of, name, standing=standing), spec
        elif of.register.geometry is Geometry.POINT:
            for part, title in PLACE.items():
                yield part, title, name in of.opening.needs, None


class Bulk:
    """Files of cases into one desk."""

    def __init__(self, desk: Desk, clock: Callable[[], Any]) -> None:
        self._desk = desk
        self._clock = clock

    def take(
        self, of: CaseType, delivery: Delivery, wish: Wish, *, by: Signed, name: str,
        progress: Progress = lambda _, __, ___: None,
    ) -> Outcome:  # fmt: skip
        """The rows of a file: all of them or none, the good ones where that was asked, none in a dry run."""
        procedure = self._desk.current(of)
        if by.who.role not in procedure.opening.by:
            title = procedure.opening.title
            raise ForbiddenError(Text(f"您不能办理“{title.zh}”", f"{title.en!r} is not yours to do"))
        if wish.standing and (registers(procedure) is None or by.who.role is not Role.OFFICER):
            raise BadInputError(
                Text("此业务不能直接登记在册", "what is opened here does not stand at once"), field="standing"
            )
        if delivery.format not in (Format.CSV, Format.XLSX):
            raise BadInputError(Text("应为 CSV 或 XLSX 文件", "must be a CSV or XLSX file"), field="file")
        if delivery.table.num_rows > MOST_ROWS:
            most = Text(f"一个文件至多 {MOST_ROWS} 行", f"a file has {MOST_ROWS} rows at most")
            raise BadInputError(most, field="file")
        lines, unused = self._read(procedure, delivery, wish)
        faults = [fault for line in lines for fault in line.faults]
        known = self._known(of, [line.key for line in lines])
        fresh = [line for line in lines if line.key not in known]
        firms = self._firms(fresh, by)
        made, refused = self._made(procedure, [line for line in fresh if not line.faults], firms, wish, by, progress)
        faults += refused
        wrong = {fault.row for fault in faults if fault.row is not None}
        done = Outcome(
            rows=len(lines), good=len(made), known=len(lines) - len(fresh), kept=0, refused=len(wrong),
            faults=tuple(sorted(faults, key=lambda one: one.row or 0)), unused=unused,
        )  # fmt: skip
        if wish.dry_run or not made or (wrong and not wish.good_only):
            return done
        return self._keep(procedure, made, done, firms, wish, by, name, progress)

    def _read(self, of: CaseType, delivery: Delivery, wish: Wish) -> tuple[list[_Line], tuple[str, ...]]:
        """Each row as typed values; what cannot be read is among its faults."""
        table = delivery.table
        rows = table[ROW].to_numpy() if ROW in table.column_names else np.arange(1, table.num_rows + 1)
        wanted = asked(of, standing=wish.standing)
        known = headings(of.register, [name for name in table.column_names if name != ROW])
        used = {name: heading for name, heading in known.fields.items() if name in wanted}
        if not used:
            words = "、".join(title.zh for _, title, _, _ in columns(of, standing=wish.standing))
            raise BadInputError(
                Text(f"表头中没有本业务的栏目;应为:{words}", "no heading is a label of the form of this system"),
                field="file",
            )
        key = next((one for one in table.column_names if plain(one) in {plain(word) for word in KEYS}), None)
        lines = [_Line(row=int(row), key="", values={}) for row in rows]
        for name, heading in used.items():
            self._column(of.register.fields[name], table[heading], lines)
        if "geometry" in table.column_names and "geometry" in wanted:
            for line, wkb in zip(lines, table["geometry"].to_pylist(), strict=True):
                line.values |= {} if wkb is None else {"geometry": shapely.from_wkb(wkb)}
        self._keys(of, lines, None if key is None else table[key].to_pylist(), wish)
        at = {line.row: line for line in lines}
        for one in delivery.faults.to_pylist():
            if one["severity"] == "error":
                fault = Fault(field=one["field"], value=one["value"], rule=Text(one["zh"], one["en"]), row=one["row"])
                line = at.get(one["row"]) or _Line(row=one["row"], key=f"unread-{one['row']}", values={})
                if one["row"] not in at:
                    lines.append(line)
                    at[one["row"]] = line
                line.faults.append(fault)
        left = {*used.values(), ROW, "geometry", "source_datum", *(() if key is None else (key,))}
        places = {plain(title) for part, text in PLACE.items() for title in (part, text.zh, text.en)}
        unused = tuple(
            one for one in table.column_names
            if one not in left and plain(one) not in places
        )  # fmt: skip
        return lines, unused

    def _column(self, spec: FieldSpec, column: pa.ChunkedArray, lines: Sequence[_Line]) -> None:
        plain_ = column.combine_chunks()
        text = plain_.to_pylist()
        if spec.codes is not None and spec.kind is not Kind.LIST:
            plain_ = code_list(spec.codes).codes_of(plain_).cast(pa.string())
        values, wrong = converted(plain_, spec)
        for line, value, bad, sent in zip(lines, values.to_pylist(), wrong, text, strict=True):
            if bad:
                line.faults.append(Fault(field=spec.name, value=str(sent)[:80], rule=EXPECTED[spec.kind], row=line.row))
            elif isinstance(value, list):
                line.values[spec.name] = tuple(self._coded(spec, value))
            elif value is not None:
                line.values[spec.name] = value

    def _coded(self, spec: FieldSpec, value: Sequence[str]) -> Sequence[str]:
        if spec.codes is None:
            return value
        found: list[str] = code_list(spec.codes).codes_of(pa.array(value, pa.string())).to_pylist()
        return found

    def _keys(self, of: CaseType, lines: Sequence[_Line], given: Sequence[Any] | None, wish: Wish) -> None:
        """The key of each row: its own, or of what it holds; equal rows of a file are told apart by their order."""
        seen: Counter[str] = Counter()
        first: dict[str, int] = {}
        for n, line in enumerate(lines):
            own = "" if given is None or given[n] is None else str(given[n]).strip()
            if own and own in first:
                rule = Text(f"与第 {first[own]} 行的导入标识相同", f"row {first[own]} has the same key")
                line.faults.append(Fault(field="key", value=own[:80], rule=rule, row=line.row))
            if own:
                first.setdefault(own, line.row)
            if len(own) > 60:
                rule = Text("导入标识至多 60 个字", "a key has 60 characters at most")
                line.faults.append(Fault(field="key", value=own[:80], rule=rule, row=line.row))
            said = orjson.dumps(
                {name: value.wkt if name == "geometry" else value for name, value in sorted(line.values.items())},
                option=orjson.OPT_SORT_KEYS, default=str,
            )  # fmt: skip
            digest = hashlib.sha256(said).hexdigest()[:40]
            seen[digest] += 1
            kind = "standing" if wish.standing else "opened"
            line.key = f"{of.id}/import/{f'key-{own[:60]}' if own else f'{kind}-{digest}-{seen[digest]}'}"

    def _known(self, of: CaseType, keys: Sequence[str]) -> frozenset[str]:
        """Those of rows that were kept before."""
        store, found = self._desk.store, set[str]()
        for n in range(0, len(keys), ASKED_AT_ONCE):
            query = Query(where=In("code", tuple(keys[n : n + ASKED_AT_ONCE])), fields=("code",), geometry=False)
            found |= set(store.read(CASE_FILINGS, query, scope=SYSTEM_SCOPE)["code"].to_pylist())
        return frozenset(found)

    def _firms(self, lines: Sequence[_Line], by: Signed) -> Mapping[str, Mapping[str, Any]]:
        """What the ledger says of the enterprises that are named, by code, as far as they are the caller's."""
        codes = sorted({str(line.values["enterprise"]) for line in lines if line.values.get("enterprise")})
        found: dict[str, Mapping[str, Any]] = {}
        for n in range(0, len(codes), ASKED_AT_ONCE):
            query = Query(
                where=In("uscc", tuple(codes[n : n + ASKED_AT_ONCE])), fields=("uscc", "name", "sector", "area")
            )
            for row in self._desk.store.read(ENTERPRISES, query, scope=by.scope).to_pylist():
                place = None if row["geometry"] is None else shapely.from_wkb(row["geometry"])
                found[row["uscc"]] = {
                    "enterprise_name": row["name"], "sector": row["sector"] or "", "area": row["area"],
                    "geometry": place,
                }  # fmt: skip
        return found

    def _made(
        self, of: CaseType, lines: Sequence[_Line], firms: Mapping[str, Mapping[str, Any]], wish: Wish, by: Signed,
        progress: Progress,
    ) -> tuple[list[tuple[_Line, list[Taken]]], list[Fault]]:  # fmt: skip
        """The cases of rows, numbered from the next number on; and why others are none."""
        year = local_day(self._clock()).year
        following = int(self._desk.free(of, year)[-6:])
        made: list[tuple[_Line, list[Taken]]] = []
        faults: list[Fault] = []
        for n, line in enumerate(lines):
            code = f"{of.numbering}{year}-{following + len(made):06d}"
            try:
                made.append((line, self._one(of, code, line, firms, wish, by)))
            except StepRefusedError as refused:
                faults += [replace(one, row=line.row, rule=_allowed(of, one)) for one in refused.faults]
            if n % 200 == 199 or n + 1 == len(lines):
                progress(Text("核对", "checking"), n + 1, len(lines))
        return made, faults

    def _one(
        self, of: CaseType, code: str, line: _Line, firms: Mapping[str, Mapping[str, Any]], wish: Wish, by: Signed
    ) -> list[Taken]:  # fmt: skip
        """The case of a row: opened, and registered where that was asked: what stands already has its papers."""
        at, calendar = self._clock(), self._desk.calendar
        begin = {name: value for name, value in line.values.items() if name in of.opening.asks}
        values, about = self._about(of, begin, firms, by)
        facts = self._desk.gathered(of, of.opening.name, values).facts
        done = [opened(of, code, values, who=by.who, at=at, calendar=calendar, about=about, facts=facts)]
        step = registers(of) if wish.standing else None
        if step is not None:
            more = {name: value for name, value in line.values.items() if name in step.asks}
            stands = taken(of, done[0].row, step.name, more, who=by.who, at=at, calendar=calendar)
            done.append(replace(stands, documents=()))
        row = done[-1].row
        rule = None
        if any(one.documents for one in done):
            rule = Text("此步骤印发文书,请逐件办理", "this step makes documents: do it one by one")
        if not by.scope.covers(row.area):
            rule = Text("不在您管辖的区划内", "is in no area of yours")
        if by.scope.enterprises is not None and row.enterprise not in by.scope.enterprises:
            rule = Text("不是您可办理的企业", "is no enterprise open to you")
        if rule is not None:
            name = "enterprise" if "企业" in rule.zh else "area"
            raise StepRefusedError([Fault(field=name, value=row.area if name == "area" else row.enterprise, rule=rule)])
        return done

    def _about(
        self, of: CaseType, values: dict[str, Any], firms: Mapping[str, Mapping[str, Any]], by: Signed
    ) -> tuple[dict[str, Any], dict[str, Any]]:  # fmt: skip
        """What stands in the case besides what the row says."""
        if of.copied is not None and values.get(of.copied.field):
            given, about, _ = self._desk.about(of, values, by.scope)
            return given, about
        uscc = values.get("enterprise")
        if not uscc:
            return values, {}
        if str(uscc) not in firms:
            rule = Text("不是您可办理的企业", "is no enterprise open to you")
            raise StepRefusedError([Fault(field="enterprise", value=str(uscc)[:40], rule=rule)])
        return values, dict(firms[str(uscc)])

    def _keep(
        self, of: CaseType, made: list[tuple[_Line, list[Taken]]], done: Outcome,
        firms: Mapping[str, Mapping[str, Any]], wish: Wish, by: Signed, name: str, progress: Progress,
    ) -> Outcome:  # fmt: skip
        """In as many transactions as it takes; where somebody else was given a number meanwhile, with the next ones."""
        total, kept, batches = len(made), 0, 0
        codes: list[str] = []
        while made:
            part = made[:AT_ONCE]
            for tried in range(TRIES):
                try:
                    self._commit(of, part, by, f"批量导入 {name} 第 {kept + 1} 至 {kept + len(part)} 行")
                    break
                except ConflictError:
                    if tried == TRIES - 1:
                        raise
                    again, refused = self._made(of, [line for line, _ in made], firms, wish, by, lambda *_: None)
                    if refused:
                        raise
                    made, part = again, again[:AT_ONCE]
            codes += [part[0][1][0].row.code, part[-1][1][0].row.code]
            kept, batches, made = kept + len(part), batches + 1, made[AT_ONCE:]
            progress(Text("保存", "keeping"), kept, total)
        return replace(done, kept=kept, batches=batches, first=codes[0], last=codes[-1])

    def _commit(self, of: CaseType, part: Sequence[tuple[_Line, list[Taken]]], by: Signed, reason: str) -> None:
        whole: list[Edit] = []
        for line, steps in part:
            row = steps[-1].row
            for n, one in enumerate(steps):
                found = edits(of, replace(one, row=row), 0)
                whole += found if n == 0 else found[1:]
            filing = CaseFiling(
                code=line.key, of_layer=of.register.id, of_key=row.code, number=1, at=row.opened_at,
                account=by.who.account, enterprise=row.enterprise, area=row.area,
                sensitivity=max(CASE_FILINGS.sensitivity, of.register.sensitivity),
            )  # fmt: skip
            whole.append(Put(layer=CASE_FILINGS.id, record=filing, expected=0))
        self._desk.store.commit(whole, actor=by.actor, reason=reason, scope=wide(by.scope, of))


def _allowed(of: CaseType, fault: Fault) -> Text:
    """What is wrong, and of a field with a list what is allowed."""
    spec = of.register.fields.get(fault.field)
    if spec is None or spec.codes is None or "代码表" not in fault.rule.zh:
        return fault.rule
    titles = [one.title for one in code_list(spec.codes)][:SHOWN]
    zh, en = "、".join(one.zh for one in titles), ", ".join(one.en for one in titles)
    return Text(f"{fault.rule.zh};可填:{zh}", f"{fault.rule.en}; allowed: {en}")
