"""Cases in numbers and rows: what is to be done, the list with its filters, statistics, supervision, and a CSV."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from app.doors.admin.fields import Given, one_of, only, refused, words
from app.doors.case_sums import sums_told
from app.systems import group_of
from casework.bulk import registers
from casework.casetype import REMIND, CaseType, Role
from casework.procedures import Procedures
from casework.reminders import Tier
from casework.terms import last_day, local_day
from core.caller import Caller, Right, UserClass
from core.clock import CHINA, Clock, iso
from core.errors import BadInputError, NotFoundError
from core.scope import Sensitivity
from core.texts import Lang, Text, whole
from dashboards.queries.wording import area_names, code_label, shown
from layers.catalogue import ENTERPRISES
from layers.catalogue.casework import CASE_STEPS
from layers.cells import guarded
from layers.codes import code_list
from layers.fields import FieldSpec, Kind
from layers.filters import And, Compare, Filter, In, Like, Missing, Not, Op, Or, Under, every
from layers.layer import Layer
from layers.writers.columns import Headings
from layers.writers.sheets import Workbook
from store.audit import AuditLog, by
from store.audit import Kind as AuditKind
from store.protocol import Store
from store.query import COUNT, EVERYTHING, Order, Query

SOON = timedelta(days=7)
PAGE = 200
ONCE = 20_000
"""Rows with a word that are looked for in one pass; more are counted apart."""
TAKEN_OUT = 200_000
SHEET = 20_000
"""Rows of a workbook, which is written cell by cell while others wait; a CSV holds more."""
FORMATS = ("csv", "xlsx")
VIEWS = ("todo", "open", "overdue", "soon", "stopped", "standing", "closed", "all")
NAMED = ("plan_item", "draw")
"""Fields that name where a case came from, by which a list is narrowed where its register has them."""
SUPERVISED, LOOKED_BACK = 200, 10
"""Rows of the list of what is due, and how far back in each log a person's step is looked for, past reminders."""
ROLES = {UserClass.REGULATOR: Role.OFFICER, UserClass.ENTERPRISE: Role.ENTERPRISE}
OPEN = Missing("closed_at")
NOBODY = Or((Missing("turn"), Compare("turn", Op.EQ, "")))
IN_HAND = And((OPEN, Not(NOBODY)))
STANDING = And((OPEN, NOBODY))
"""What was registered and stands: open, and nobody is to act."""

COLUMNS = ("code", "title", "state", "enterprise", "enterprise_name", "sector", "area", "turn", "opened_at", "due_at",
           "due_assumed", "stopped_at", "closed_at", "told")  # fmt: skip


def role_of(caller: Caller, of: CaseType | None = None) -> Role | None:
    """As what somebody acts in the cases of a system, or in cases at all; others read.

    A member of the safety committee acts in the systems alone that the program gives it a step in.
    """
    if caller.user_class is UserClass.COMMITTEE and of is not None:
        return Role.MEMBER if Role.MEMBER in of.roles and caller.may(Right.CASES) else None
    return ROLES.get(caller.user_class)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """The cases of one caller's areas and enterprises, of every system open to them."""

    store: Store
    systems: tuple[CaseType, ...]
    procedures: Procedures
    audit: AuditLog
    clock: Clock

    def overview(self, caller: Caller, given: Given) -> Given:
        """GET /: the systems open to the caller, with what is open, overdue and theirs to do."""
        only(given)
        now, roles = self.clock(), {of.id: role_of(caller, of) for of in self.systems}
        told = []
        for of in self.systems:
            layer, role = self.store.catalogue.find(of.register.id, caller.scope), roles[of.id]
            if layer is not None and _concerns(of, layer, role):
                counts = self._counts(layer, caller, {view: self.view(view, role, now) for view in VIEWS})
                told.append(
                    {
                        "id": of.id, "title": of.title.of(caller.lang), "group": group_of(of).of(caller.lang),
                        "about": of.about.of(caller.lang),
                        "register": of.register.id, "law": of.law.of(caller.lang), "counts": counts,
                        "may_open": role in of.opening.by, "acts": role is not None,
                        "may_take": layer.sensitivity < Sensitivity.SENSITIVE,
                        "may_stand": role is Role.OFFICER and registers(of) is not None,
                        "open_title": of.opening.title.of(caller.lang),
                    }
                )  # fmt: skip
        acts = next((one.value for one in roles.values() if one is not None), None)
        return {"systems": told, "role": acts, "now": iso(now)}

    def listed(self, caller: Caller, given: Given) -> Given:
        """GET /list: one page of a system's cases, filtered and sorted by the server."""
        of, layer = self.of(caller, given)
        where = self.where(of, layer, caller, given)
        order = self._order(layer, caller, given)
        offset, limit = _whole(given, "offset", 0, 10_000_000), _whole(given, "limit", 50, PAGE)
        graded = layer.style.grade
        names = (*COLUMNS, *([graded] if graded else []))
        query = Query(where=where, order=order, offset=offset, limit=limit, fields=names, geometry=False)
        keys = self._found(layer, caller, query) if given.get("q") and offset + limit <= ONCE else None
        total = self._count(layer, caller, where) if keys is None or len(keys) > ONCE else len(keys)
        if keys is not None:  # words are looked for once
            query = replace(query, where=In(layer.key, tuple(keys[offset : offset + limit])), offset=0)
        rows = self.store.read(layer, query, scope=caller.scope).to_pylist()
        areas, now, titles = area_names(self.store, caller.scope), self.clock(), self.procedures.titles(of)
        self._named(rows, caller)
        return {
            "rows": [self._row(titles, layer, row, areas, caller, now) for row in rows],
            "total": total,
            "filters": self._filters(titles, layer, caller, areas),
        }

    def statistics(self, caller: Caller, given: Given) -> Given:
        """GET /statistics: cases by state, area, industry and month of opening, open and overdue beside all."""
        of, layer = self.of(caller, given)
        only(given, "system", "period")
        areas, now = area_names(self.store, caller.scope), self.clock()
        graded = layer.style.grade
        by = ("area:6", "sector", "opened_month", "state", *((graded,) if graded else ()))
        views = {view: self.view(view, None, now) for view in ("all", "open", "overdue")}
        pass_ = self._totals(layer, caller, views, by)
        by_state = {one["state"]: one["all"] for one in _over(pass_, "state", ("all",))}
        states = [{"code": state, "name": title.of(caller.lang), "count": by_state.get(state, 0)}
                  for state, title in self.procedures.titles(of).items()
                  if state in of.state_codes or state in by_state]  # fmt: skip
        answer: Given = {"states": states, "total": sum(by_state.values())}
        for name, field in (("areas", "area"), ("sectors", "sector"), ("months", "opened_month")):
            answer[name] = [
                {
                    "code": one[field] or "", "name": _named(field, one[field] or "", areas, caller),
                    "count": one["all"], "open": one["open"], "overdue": one["overdue"],
                }
                for one in _over(pass_, field, tuple(views))
            ]  # fmt: skip
        if graded:
            codes = layer.fields[graded].codes
            answer["grades"] = [
                {"code": str(one[graded]), "name": code_label(codes, one[graded], caller.lang), "count": one["open"]}
                for one in _over(pass_, graded, ("open",))
                if one[graded] is not None and one["open"]
            ]
        if of.sums is not None or given.get("period"):
            answer["sums"] = sums_told(self.store, of, layer, caller, given, areas, now)
        return answer

    def supervision(self, caller: Caller, given: Given) -> Given:
        """GET /supervision: what is due soon and overdue, by area and by how far up it has been told."""
        of, layer = self.of(caller, given)
        only(given, "system")
        areas, now = area_names(self.store, caller.scope), self.clock()
        rows: dict[str, Given] = {}
        views = {view: self.view(view, None, now) for view in ("open", "soon", "overdue", "stopped")}
        for one in self._totals(layer, caller, views, ("area:6", "told")).to_pylist():
            if not any(one[view] for view in views):
                continue
            code = one["area"] or ""
            row = rows.setdefault(code, {"code": code, "name": areas.get(code, code), "tiers": {}})
            for view in views:
                row[view] = row.get(view, 0) + one[view]
            if one["overdue"]:
                row["tiers"][one["told"]] = one["overdue"]
        tiers = [{"code": one.value, "name": code_label("case_tier", one.value, caller.lang)} for one in Tier]
        return {
            "areas": [rows[code] for code in sorted(rows)], "tiers": tiers,
            "cases": self._held(of, layer, caller, views, now),
        }  # fmt: skip

    def _held(
        self, of: CaseType, layer: Layer, caller: Caller, views: Mapping[str, Filter | None], now: datetime
    ) -> list[Given]:
        """What is overdue or soon will be, the latest first, with who holds it: whose turn it is, who acted last."""
        due = Or(tuple(one for one in (views["overdue"], views["soon"]) if one is not None))
        graded = layer.style.grade
        names = (*COLUMNS, "steps", *([graded] if graded else []))
        query = Query(where=due, order=(Order("due_at"),), fields=names, geometry=False, limit=SUPERVISED)
        rows = self.store.read(layer, query, scope=caller.scope).to_pylist()
        keys = tuple(
            f"{layer.id}/{row['code']}/{number:04d}"
            for row in rows
            for number in range(max(1, row["steps"] - LOOKED_BACK), row["steps"] + 1)
        )
        log = self.store.catalogue.find(CASE_STEPS.id, caller.scope)
        last: dict[str, Given] = {}
        if log is not None and keys:
            taken = And((In("code", keys), Compare("step", Op.NE, REMIND)))
            asked = Query(
                where=taken, fields=("of_key", "by", "at", "step_title"), order=(Order("code"),), geometry=False
            )
            last = {one["of_key"]: one for one in self.store.read(log, asked, scope=caller.scope).to_pylist()}
        areas, titles = area_names(self.store, caller.scope), self.procedures.titles(of)
        self._named(rows, caller)
        told = []
        for row in rows:
            by = last.get(row["code"], {})
            told.append(
                self._row(titles, layer, row, areas, caller, now)
                | {"by": by.get("by") or "", "step": by.get("step_title") or "",
                   "at": iso(by["at"]) if by.get("at") else None}
            )  # fmt: skip
        return told

    def _named(self, rows: list[Given], caller: Caller) -> None:
        """Give each row the name its enterprise bears in the ledger now, so that two that were merged are one here too.

        The case itself keeps the name it was opened under.
        """
        firms = self.store.catalogue.find(ENTERPRISES.id, caller.scope)
        keys = tuple({row["enterprise"] for row in rows if row["enterprise"]})
        if firms is None or not keys:
            return
        query = Query(where=In(firms.key, keys), fields=(firms.key, "name"), geometry=False)
        found = self.store.read(firms, query, scope=caller.scope)
        names = dict(zip(found[firms.key].to_pylist(), found["name"].to_pylist(), strict=True))
        for row in rows:
            row["enterprise_name"] = names.get(row["enterprise"]) or row["enterprise_name"]

    def export(self, caller: Caller, given: Given) -> tuple[bytes, str]:
        """The rows of the list, all of them, as CSV or XLSX; recorded before it is sent."""
        form = one_of(given, "format", FORMATS) if "format" in given else "csv"
        given = {name: value for name, value in given.items() if name != "format"}
        of, layer = self.of(caller, given)
        where, now, lang = self.where(of, layer, caller, given), self.clock(), caller.lang
        order = self._order(layer, caller, given)
        if form == "xlsx" and (rows := self._count(layer, caller, where)) > SHEET:
            raise BadInputError(
                Text(
                    f"共 {rows:,} 件,XLSX 一次至多导出 {SHEET:,} 件,请缩小筛选范围或导出 CSV",
                    f"{rows:,} cases: at most {SHEET:,} at once as XLSX; narrow the list or take CSV",
                ),
                field="format",
            )
        seen = layer.fields_in(caller.scope)
        fields = tuple(name for name in seen if name not in ("sensitivity", "source", "source_datum", "observed_at"))
        query = Query(where=where, order=order, fields=fields, geometry=False, limit=TAKEN_OUT)
        table = self.store.read(layer, query, scope=caller.scope)
        keys = table[layer.key].to_pylist()
        asked = "; ".join(f"{name}={value}" for name, value in sorted(given.items()))
        self.audit.record(by(caller, AuditKind.EXPORT, at=now, what=layer.id, keys=keys, where=asked, rows=len(keys)))
        titles = {code: title.of(lang) for code, title in self.procedures.titles(of).items()}
        columns = [
            _stated(table[name], titles) if name == "state" else _column(table[name], seen[name], lang)
            for name in fields
        ]  # fmt: skip
        named = pa.table(columns, [seen[name].title.of(lang) for name in fields])
        name = f"{of.title.of(lang)}_{now.astimezone(CHINA):%Y%m%d-%H%M%S}.{form}"
        return _sheet(of.title, named, asked, caller, now) if form == "xlsx" else _csv(named), name

    def of(self, caller: Caller, given: Given) -> tuple[CaseType, Layer]:
        """The system named, if it is there for this caller."""
        name = words(given, "system", longest=40)
        of = next((one for one in self.systems if one.id == name), None)
        layer = None if of is None else self.store.catalogue.find(of.register.id, caller.scope)
        if of is None or layer is None:
            raise NotFoundError(Text(f"没有业务系统“{name}”", f"no business system {name!r}"))
        return of, layer

    def view(self, name: str, role: Role | None, now: datetime) -> Filter | None:
        """The conditions of a view of the list."""
        running = (OPEN, Missing("stopped_at"))
        match name:
            case "todo":
                return every(OPEN, Compare("turn", Op.EQ, "-" if role is None else role.value))
            case "open":
                return IN_HAND
            case "standing":
                return STANDING
            case "overdue":
                return every(*running, Compare("due_at", Op.LE, now))
            case "soon":
                return every(*running, Compare("due_at", Op.GT, now), Compare("due_at", Op.LE, now + SOON))
            case "stopped":
                return every(OPEN, Not(Missing("stopped_at")))
            case "closed":
                return Not(OPEN)
        return None

    def where(self, of: CaseType, layer: Layer, caller: Caller, given: Given) -> Filter | None:
        """Every condition of a list; a field nobody may filter by is refused."""
        coded = _coded(layer, caller)
        only(given, "system", "view", "q", "area", "enterprise", *NAMED, "sort", "desc", "offset", "limit", *coded)
        view = one_of(given, "view", VIEWS) if "view" in given else "all"
        parts: list[Filter | None] = [self.view(view, role_of(caller, of), self.clock())]
        if given.get("q"):
            asked = words(given, "q", longest=80).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
            found = [name for name in layer.search if name in layer.fields_in(caller.scope)]
            parts.append(Or(tuple(Like(name, f"%{asked}%", ignore_case=True) for name in found)))
        if given.get("area"):
            area = words(given, "area", longest=12)
            if not area.isdigit():
                raise refused("area", area, Text("区划代码", "a code of an area"))
            parts.append(Under("area", area))
        if given.get("enterprise"):
            parts.append(Compare("enterprise", Op.EQ, words(given, "enterprise", longest=40)))
        seen = layer.fields_in(caller.scope)
        parts += [Compare(one, Op.EQ, words(given, one, longest=40)) for one in NAMED if given.get(one) and one in seen]
        chosen = [_chosen(layer, name, words(given, name, longest=400)) for name in coded if given.get(name)]
        return every(*parts, *chosen)

    def _order(self, layer: Layer, caller: Caller, given: Given) -> tuple[Order, ...]:
        sort = given.get("sort") or "due_at"
        allowed = [name for name, spec in layer.fields_in(caller.scope).items() if spec.kind is not Kind.LIST]
        name = one_of({"sort": sort}, "sort", allowed)
        return (Order(name, descending=given.get("desc") == "1"),)

    def _row(
        self, titles: Mapping[str, Text], layer: Layer, row: Given, areas: dict[str, str], caller: Caller, now: datetime
    ) -> Given:
        graded = layer.style.grade
        due = row["due_at"]
        return {
            "code": row["code"], "title": row["title"], "state": row["state"],
            "state_word": titles[row["state"]].of(caller.lang) if row["state"] in titles else row["state"],
            "enterprise": row["enterprise"],
            "enterprise_name": row["enterprise_name"], "area": row["area"],
            "area_word": areas.get(row["area"] or "", areas.get((row["area"] or "")[:6], row["area"])),
            "sector_word": code_label("sector", row["sector"], caller.lang) if row["sector"] else "",
            "turn": row["turn"], "turn_word": code_label("case_role", row["turn"], caller.lang) if row["turn"] else "",
            "opened_at": iso(row["opened_at"]), "due_at": None if due is None else iso(due),
            "due_day": None if due is None else last_day(due).isoformat(), "due_assumed": row["due_assumed"],
            "days": None if due is None else (last_day(due) - local_day(now)).days,
            "overdue": due is not None and due <= now and row["closed_at"] is None and row["stopped_at"] is None,
            "stopped": row["stopped_at"] is not None,
            "closed_at": None if row["closed_at"] is None else iso(row["closed_at"]),
            "told": row["told"], "told_word": code_label("case_tier", row["told"], caller.lang),
            "grade": row.get(graded) if graded else None,
            "grade_word": shown(layer.fields[graded], row.get(graded), caller.lang) if graded else "",
        }  # fmt: skip

    def _filters(self, titles: Mapping[str, Text], layer: Layer, caller: Caller, areas: dict[str, str]) -> list[Given]:
        """What the list can be narrowed by, with the codes to choose from."""
        own = own_areas(areas, caller)
        found = [{"name": "area", "title": layer.fields["area"].title.of(caller.lang), "choices": own}]
        for name in _coded(layer, caller):
            spec = layer.fields[name]
            codes = [{"code": one.code, "name": one.title.of(caller.lang)} for one in code_list(str(spec.codes))]
            if name == "state":
                codes = [{"code": state, "name": title.of(caller.lang)} for state, title in titles.items()]
            found.append({"name": name, "title": spec.title.of(caller.lang), "choices": codes})
        return found

    def _found(self, layer: Layer, caller: Caller, query: Query) -> list[str]:
        """The keys of the rows of a list in its order, one more than are looked for at once."""
        asked = replace(query, fields=(layer.key,), offset=0, limit=ONCE + 1)
        keys: list[str] = self.store.read(layer, asked, scope=caller.scope)[layer.key].to_pylist()
        return keys

    def _count(self, layer: Layer, caller: Caller, where: Filter | None) -> int:
        return self.store.count(layer, Query(where=where), scope=caller.scope)

    def _counts(self, layer: Layer, caller: Caller, views: dict[str, Filter | None]) -> dict[str, int]:
        told = self._totals(layer, caller, views, ())
        return {view: int(told[view][0].as_py()) for view in views}

    def _totals(self, layer: Layer, caller: Caller, views: dict[str, Filter | None], by: tuple[str, ...]) -> pa.Table:
        """How many rows of each view, in one pass over what the caller may see."""
        of = tuple(replace(COUNT, name=view, where=where) for view, where in views.items())
        return self.store.totals(layer, EVERYTHING, by=by, of=of, scope=caller.scope)


def _concerns(of: CaseType, layer: Layer, role: Role | None) -> bool:
    """An enterprise does not meet the systems that are the office's own: it has no step there, nor rows."""
    return role is not Role.ENTERPRISE or layer.shared or any(role in step.by for step in of.steps)


def own_areas(areas: Mapping[str, str], caller: Caller) -> list[Given]:
    """Districts and towns that somebody's scope reaches, to choose from."""
    return [{"code": code, "name": name} for code, name in sorted(areas.items()) if len(code) in (6, 9)
            and any(code.startswith(one) or one.startswith(code) for one in caller.scope.areas)]  # fmt: skip


def _over(table: pa.Table, field: str, sums: tuple[str, ...]) -> list[Given]:
    """Counts by several fields added up to one of them, in its order."""
    added = table.group_by(field).aggregate([(name, "sum") for name in sums]).sort_by(field)
    rows: list[Given] = added.rename_columns([name.removesuffix("_sum") for name in added.column_names]).to_pylist()
    return rows


SHOWN_NOWHERE = frozenset({"sensitivity", "source_datum"})


def _coded(layer: Layer, caller: Caller) -> list[str]:
    """The fields of short code lists, by which lists are narrowed."""
    return [
        name
        for name, spec in layer.fields_in(caller.scope).items()
        if spec.codes is not None and spec.kind is not Kind.LIST and name not in SHOWN_NOWHERE
    ]


def _chosen(layer: Layer, name: str, sent: str) -> Filter:
    codes = sent.split(",")
    if layer.fields[name].kind is Kind.INTEGER:
        numbers = [whole(one) for one in codes]
        if None in numbers:
            raise refused(name, sent, Text("代码", "codes"))
        return In(name, tuple(one for one in numbers if one is not None))
    return In(name, tuple(codes))


def _named(field: str, code: str, areas: dict[str, str], caller: Caller) -> str:
    if field == "area":
        return areas.get(code, code)
    return code_label("sector", code, caller.lang) if field == "sector" and code else code


def _whole(given: Given, name: str, default: int, most: int) -> int:
    sent = given.get(name)
    if sent in (None, ""):
        return default
    found = whole(str(sent))
    if found is None or found > most:
        raise BadInputError(
            Text(f"{name} 应为 0 至 {most} 的整数", f"{name} must be a whole number from 0 to {most}"), field=name
        )
    return found


def _csv(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    sink.write("\ufeff".encode())
    pyarrow.csv.write_csv(table, sink, pyarrow.csv.WriteOptions(quoting_style="needed"))
    return bytes(sink.getvalue())


def _sheet(title: Text, table: pa.Table, asked: str, caller: Caller, now: datetime) -> bytes:
    """A workbook whose last sheet says what it holds, for whom and of when."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.xlsx"
        with Workbook(path, headings=Headings.ZH) as book:
            book.table(title, table)
            book.describe(
                {
                    "内容 Content": str(title), "条件 Conditions": asked or "—", "件数 Rows": f"{table.num_rows}",
                    "导出人 By": caller.actor.name, "时间 At": f"{now.astimezone(CHINA):%Y-%m-%d %H:%M:%S}",
                }
            )  # fmt: skip
        return path.read_bytes()


def _stated(column: pa.ChunkedArray, titles: Mapping[str, str]) -> pa.Array:
    """States in words, also those that an administrator added."""
    encoded = column.combine_chunks().dictionary_encode()
    said = pa.array([titles.get(one, one) for one in encoded.dictionary.to_pylist()], pa.string())
    return guarded(said.take(encoded.indices))


def _column(column: pa.ChunkedArray, spec: FieldSpec, lang: Lang) -> pa.Array:
    """A column in words; each value of a column that says few is put into words once."""
    whole_ = column.combine_chunks()
    if spec.codes is None and spec.kind in (Kind.INTEGER, Kind.REAL, Kind.DATE):
        return whole_
    if spec.kind is Kind.DATETIME:
        return pc.strftime(whole_.cast(pa.timestamp("us", str(CHINA))), "%Y-%m-%d %H:%M").cast(pa.string())
    if spec.codes is None and spec.kind is Kind.TEXT:
        return guarded(whole_)
    if spec.kind is Kind.LIST:
        words_ = [shown(spec, tuple(one or ()), lang) for one in whole_.to_pylist()]
        return guarded(pa.array(words_, pa.string()))
    encoded = whole_.dictionary_encode()
    said = pa.array([shown(spec, one, lang) for one in encoded.dictionary.to_pylist()], pa.string())
    return guarded(said.take(encoded.indices))
