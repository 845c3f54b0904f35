"""`/api/cases/import`: many cases of one system out of a CSV or XLSX, checked as its form is; and the file to fill in.

The answer comes as it is made: one JSON object a line, how far it is, and the outcome last.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any

import orjson
import pyarrow as pa
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, one_of, only, words
from app.doors.case_forms import FORMS
from app.doors.case_lists import Lists, role_of
from app.doors.cases import MEDIA, signed
from app.doors.files import IN_MEMORY, received
from casework.bulk import KEY, Bulk, Outcome, Wish, columns, registers
from casework.casetype import CaseType, Role
from core.caller import Caller, current_caller
from core.clock import Clock
from core.errors import ForbiddenError, OneMapError
from core.texts import Lang, Text
from dashboards.brief.door import disposition
from layers.cells import guarded
from layers.codes import code_list
from layers.fields import FieldSpec
from layers.readers.delivery import Stated
from layers.readers.process import read
from layers.writers.columns import Headings
from layers.writers.sheets import Workbook
from store.audit import AuditLog, by
from store.audit import Kind as AuditKind
from store.audit import Outcome as How

LARGEST = 20_000_000
TOLD = 2_000
"""Faults that are listed; a file with more is wrong as a whole."""
FLAGS = ("1", "")
MUST, MAY = Text("必填", "required"), Text("选填", "optional")
TEMPLATE, ABOUT = Text("模板", "Template"), Text("填写说明", "How to fill it in")
KEYED = Text(
    "可不填;同一标识只导入一次,不填时内容完全相同的行只导入一次",
    "may be left out; each key is taken once, and without one so is each row of the same content",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imports:
    """Files of cases as one caller sends them."""

    bulk: Bulk
    lists: Lists
    audit: AuditLog
    clock: Clock

    def template(self, caller: Caller, given: Given) -> tuple[bytes, str, str]:
        """GET /import/template?system=&form=csv|xlsx[&standing=1]: the labels of the form, and what each takes."""
        only(given, "system", "form", "standing")
        of = self._allowed(caller, given)
        form = one_of({"form": given.get("form") or "xlsx"}, "form", ("csv", "xlsx"))
        lang, standing = caller.lang, _flag(given, "standing")
        found = list(columns(of, standing=standing))
        names = [f"{title.of(lang)}{f'({MUST.of(lang)})' if must else ''}" for _, title, must, _ in found]
        name = f"{of.title.of(lang)}{TEMPLATE.of(lang)}.{form}"
        if form == "csv":
            line = ",".join('"' + one.replace('"', '""') + '"' if "," in one or '"' in one else one for one in names)
            return f"\ufeff{line}\r\n".encode(), name, form
        told = [(title.of(lang), (MUST if must else MAY).of(lang), self._takes(spec, lang, title))
                for _, title, must, spec in found]  # fmt: skip
        about = pa.table(
            {
                word: guarded(pa.array([row[n] for row in told], pa.string()))
                for n, word in enumerate(
                    (Text("栏目", "Column").of(lang), Text("要求", "Needed").of(lang), Text("填写", "Takes").of(lang))
                )
            }
        )
        empty = pa.table({one: pa.array([], pa.string()) for one in names})
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "template.xlsx"
            with Workbook(path, headings=Headings.ZH) as book:
                book.table(TEMPLATE, empty)
                book.table(ABOUT, about)
            return path.read_bytes(), name, form

    def taken(self, caller: Caller, given: Given, file: IO[bytes]) -> Iterator[bytes]:
        """What is done with a file as it is done; the audit has an entry whatever comes of it."""
        of, wish = self._allowed(caller, given), _wish(given)
        name = words(given, "name", longest=120).replace("\\", "/").rpartition("/")[2].strip()
        acting = signed(caller, of)
        said: SimpleQueue[bytes | None] = SimpleQueue()
        entry = by(caller, AuditKind.CHANGE, at=self.clock(), what=of.register.id, where=f"import {name}",
                   outcome=How.BEGUN)  # fmt: skip
        folder = tempfile.TemporaryDirectory(prefix="onemap-cases-")
        path = Path(folder.name) / ("file.xlsx" if name.lower().endswith(".xlsx") else "file.csv")
        with path.open("wb") as kept:
            while block := file.read(IN_MEMORY):
                kept.write(block)
        if not wish.dry_run:
            self.audit.record(entry)

        def work() -> None:
            try:
                with folder:
                    delivery = read(path, Stated())
                done = self.bulk.take(
                    of, delivery, wish, by=acting, name=name,
                    progress=lambda what, n, all_: said.put(
                        _line({"doing": what.of(caller.lang), "done": n, "of": all_})
                    ),
                )  # fmt: skip
                if not wish.dry_run:
                    told = by(caller, AuditKind.CHANGE, at=self.clock(), what=of.register.id, rows=done.kept,
                              where=f"import {name}: {done.first} - {done.last}")  # fmt: skip
                    self.audit.record(told)
                said.put(_line({"outcome": outcome_told(of, done, caller.lang)}))
            except OneMapError as refused:
                faults = [_fault(of, one, caller.lang) for one in getattr(refused, "faults", ())][:TOLD]
                said.put(_line({"failed": refused.text.of(caller.lang), "faults": faults}))
            except Exception:
                failed = Text("导入中断,请重新导入:已导入的行不会重复", "the import broke off: send it again")
                said.put(_line({"failed": failed.of(caller.lang), "faults": []}))
                raise
            finally:
                said.put(None)

        Thread(target=work, name="cases-import", daemon=True).start()
        while (line := said.get()) is not None:
            yield line

    def _takes(self, spec: FieldSpec | None, lang: Lang, title: Text) -> str:
        if spec is None:
            return KEYED.of(lang) if title == KEY else Text("度,CGCS2000", "degrees, CGCS2000").of(lang)
        if spec.codes is not None:
            return "、".join(one.title.of(lang) for one in code_list(spec.codes))
        about = "" if spec.about is None else f";{spec.about.of(lang)}"
        return f"{FORMS[spec.kind].of(lang)}{about}"

    def _allowed(self, caller: Caller, given: Given) -> CaseType:
        of, _ = self.lists.of(caller, given)
        if role_of(caller, of) not in of.opening.by:
            title = of.opening.title
            raise ForbiddenError(Text(f"您不能办理“{title.zh}”", f"{title.en!r} is not yours to do"))
        return of


def outcome_told(of: CaseType, done: Outcome, lang: Lang) -> Given:
    """What became of a file, its faults by row, field and value, and the same as a file."""
    faults = [_fault(of, one, lang) for one in done.faults[:TOLD]]
    return {
        "rows": done.rows, "good": done.good, "known": done.known, "kept": done.kept, "refused": done.refused,
        "batches": done.batches, "first": done.first, "last": done.last, "unused": list(done.unused),
        "faults": faults, "more": max(0, len(done.faults) - TOLD), "faults_csv": faults_csv(faults, lang),
        "may_stand": registers(of) is not None and Role.OFFICER in of.opening.by,
    }  # fmt: skip


def faults_csv(faults: list[Given], lang: Lang) -> str:
    """The list of faults as a spreadsheet opens it; what begins like a formula does not act as one."""
    names = ("row", "title", "value", "rule")
    heads = (Text("行号", "Row"), Text("栏目", "Column"), Text("值", "Value"), Text("问题与要求", "What is wrong"))
    cells = [guarded(pa.array([str(one[name]) for one in faults], pa.string())).to_pylist() for name in names]
    out = StringIO()
    out.write("\ufeff" + ",".join(head.of(lang) for head in heads) + "\r\n")
    for row in zip(*cells, strict=True):
        out.write(",".join('"' + str(cell).replace('"', '""') + '"' for cell in row) + "\r\n")
    return out.getvalue()


def _fault(of: CaseType, one: Any, lang: Lang) -> Given:
    spec = of.register.fields.get(one.field)
    title = KEY if one.field == "key" else None if spec is None else spec.title
    place = Text("位置", "Place") if one.field in ("geometry", "lon", "lat") else Text("整行", "The row")
    return {
        "row": one.row or 0, "field": one.field, "title": (title or place).of(lang), "value": one.value,
        "rule": one.rule.of(lang),
    }  # fmt: skip


def _wish(given: Given) -> Wish:
    only(given, "system", "name", "dry", "good", "standing")
    return Wish(dry_run=_flag(given, "dry"), good_only=_flag(given, "good"), standing=_flag(given, "standing"))


def _flag(given: Given, name: str) -> bool:
    return one_of({name: given.get(name) or ""}, name, FLAGS) == "1"


def _line(said: Given) -> bytes:
    return orjson.dumps(said) + b"\n"


def import_routes(imports: Imports) -> list[BaseRoute]:
    """The doors of files of cases."""

    async def give(request: Request) -> Response:
        caller, given = current_caller.get(), dict(request.query_params)
        body, name, form = await run_in_threadpool(imports.template, caller, given)
        headers = {"content-disposition": disposition(name, f"template.{form}"), "cache-control": "no-store"}
        return Response(body, media_type=MEDIA[form], headers=headers)

    async def receive(request: Request) -> Response:
        caller, given = current_caller.get(), dict(request.query_params)
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
            await received(request, file, LARGEST)
            lines = imports.taken(caller, given, file)
            first = await run_in_threadpool(next, lines, b"")  # what is refused at once is refused as a whole
        rest = iter((first,)), lines
        body = (line for part in rest for line in part)
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(body, media_type="application/x-ndjson", headers=headers)

    return [
        Route("/api/cases/import/template", give, methods=["GET"]),
        Route("/api/cases/import", receive, methods=["POST"]),
    ]
