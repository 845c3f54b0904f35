"""`/public/report`: whoever has no account reports, and follows the report by the code that only they hold.

Nobody's address or account is written down; one address may only do so much in a while.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from app.auth.guard import address_of, same_origin
from app.auth.rates import Rates
from app.doors.case_forms import said, values_of
from app.doors.public import TooOftenError
from app.doors.verify import as_code
from app.language import asked as asked_language
from app.language import kept
from app.problems import FOREIGN, language, later, problem
from app.reports import Reports
from casework.engine import StepRefusedError
from casework.systems.complaint import COMPLAINT
from core.errors import BadInputError, Fault, OneMapError
from core.texts import Lang, Text
from core.units import Second
from dashboards.public.lookup import PUBLIC
from dashboards.public.report import FIELDS, PHOTOS, filed, followed, report_page
from dashboards.queries.wording import area_names
from dashboards.screens import Screens

A_WHILE: Second = 600.0
REPORTS, QUESTIONS = 6, 40
"""Reports, and questions by code, of one address in ten minutes; people of one works come from one address."""
LARGEST_TEXT = 20_000
KEY = re.compile(r"[0-9A-Za-z_-]{32,64}")
OFTEN = Text("操作过于频繁，请 {after} 秒后再试", "too often; try again in {after} seconds")
UNREAD = Text("表单未能读取，请重新填写", "the form could not be read; fill it in again")
CONTACT = (("name", 40), ("phone", 40))


@dataclass(frozen=True, slots=True)
class ReportDoor:
    """The page for one site."""

    screens: Screens
    reports: Reports
    rates: Rates

    async def page(self, request: Request) -> Response:
        """GET /public/report: the form."""
        lang = _lang(request)
        body = report_page(self.screens, await self._areas(), lang=lang, key=secrets.token_urlsafe(32))
        return _html(body)

    async def file(self, request: Request) -> Response:
        """POST /public/report: the form as it was filled in; the code, or what is wrong with it."""
        if not same_origin(request):
            return problem(403, "foreign-origin", FOREIGN, language(request))
        lang, areas, given, key = _lang(request), await self._areas(), dict[str, str](), ""
        try:
            async with request.form(max_files=PHOTOS, max_fields=20, max_part_size=LARGEST_TEXT) as form:
                given, key = _texts(form), str(form.get("key", ""))
                values = self._values(given, areas)
                if not KEY.fullmatch(key):
                    raise BadInputError(UNREAD, field="key")
                self._often(request, "report", REPORTS)
                photos = [one.file for one in _files(form)]
                contact = {name: given.get(name, "")[:longest] for name, longest in CONTACT}
                code = await run_in_threadpool(self.reports.file, values, contact, key, photos)
        except (OneMapError, HTTPException) as error:
            again = key if KEY.fullmatch(key) else secrets.token_urlsafe(32)
            status, faults, headers = _refusal(error, lang)
            body = report_page(self.screens, areas, lang=lang, key=again, given=given, faults=faults)
            return _html(body, status, headers)
        return _html(filed(self.screens, code, lang=lang), 201)

    async def asked(self, request: Request) -> Response:
        """GET /public/report/progress: where the code is typed."""
        return _html(followed(self.screens, lang=_lang(request)))

    async def progress(self, request: Request) -> Response:
        """POST /public/report/progress: what became of it; with `act`, more material, haste or the reward."""
        if not same_origin(request):
            return problem(403, "foreign-origin", FOREIGN, language(request))
        lang, code, words, done = _lang(request), "", "", ""
        try:
            async with request.form(max_files=PHOTOS, max_fields=10, max_part_size=LARGEST_TEXT) as form:
                code, words, act = (str(form.get(name, "")).strip() for name in ("code", "words", "act"))
                self._often(request, "question", QUESTIONS)
                code = query_of(code)
                if act:
                    self._often(request, "report", REPORTS)
                    photos = [one.file for one in _files(form)]
                    await run_in_threadpool(self._act(act, photos), code, words[:2000])
                    done, words = act, ""
            row, may = await run_in_threadpool(self.reports.progress, code)
        except (OneMapError, HTTPException) as error:
            status, faults, headers = _refusal(error, lang)
            return _html(followed(self.screens, lang=lang, code=code[:40], faults=faults), status, headers)
        return _html(followed(self.screens, lang=lang, code=code, row=row, may=may, done=done))

    def _act(self, act: str, photos: list[Any]) -> Callable[[str, str], None]:
        acts: dict[str, Callable[[str, str], None]] = {
            "add": lambda code, words: self.reports.add(code, words, photos), "urge": self.reports.urge,
            "claim": self.reports.claim,
        }  # fmt: skip
        if act not in acts:
            raise BadInputError(UNREAD, field="act")
        return acts[act]

    def _values(self, given: dict[str, str], areas: dict[str, str]) -> dict[str, Any]:
        """What was typed, as values of the register; a district that is none is refused."""
        sent: dict[str, Any] = {name: value for name, value in given.items() if name in FIELDS and value}
        sent["deaths"] = given.get("deaths") == "1"
        if given.get("lon") and given.get("lat"):
            sent["geometry"] = {name: _degrees(given[name]) for name in ("lon", "lat")}
        if sent.get("area") and sent["area"] not in areas:
            raise StepRefusedError([Fault(field="area", value="", rule=Text("请选择区县", "choose a district"))])
        return values_of(COMPLAINT, COMPLAINT.opening, sent | {"channel": "web"})

    async def _areas(self) -> dict[str, str]:
        named = await run_in_threadpool(area_names, self.screens.store, PUBLIC)
        return {code: name for code, name in sorted(named.items()) if len(code) == 6 and not code.endswith("00")}

    def _often(self, request: Request, what: str, most: int) -> None:
        address = address_of(request)
        if not self.rates.hit(what, address, most=most, within=A_WHILE):
            after = ceil(self.rates.wait(what, address, most=most))
            said_ = Text(OFTEN.zh.format(after=after), OFTEN.en.format(after=after))
            raise TooOftenError(said_, retry_after=after)


def report_routes(screens: Screens, reports: Reports) -> list[BaseRoute]:
    """The two addresses."""
    door = ReportDoor(screens, reports, Rates())
    return [
        Route("/public/report", door.page, methods=["GET"]),
        Route("/public/report", door.file, methods=["POST"]),
        Route("/public/report/progress", door.asked, methods=["GET"]),
        Route("/public/report/progress", door.progress, methods=["POST"]),
    ]


def query_of(words: str) -> str:
    """The code of a report, however it was typed. Raises: BadInputError."""
    try:
        return as_code(words)
    except BadInputError as error:
        rule = Text(
            "查询码应为提交举报时显示的 16 位字母数字", "the code has the 16 letters and digits shown when you filed"
        )
        raise BadInputError(rule, field="code") from error


def _lang(request: Request) -> Lang:
    return asked_language(request, request.url.path) or kept(request) or language(request)


def _texts(form: FormData) -> dict[str, str]:
    return {name: value.strip()[:2000] for name, value in form.multi_items() if isinstance(value, str)}


def _files(form: FormData) -> list[UploadFile]:
    return [one for one in form.getlist("photo") if isinstance(one, UploadFile) and one.size]


def _degrees(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _refusal(error: Exception, lang: Lang) -> tuple[int, dict[str, str], dict[str, str]]:
    """Status, sentences by field (blank: the whole form), headers."""
    if isinstance(error, StepRefusedError):
        return 422, {one["field"]: one["rule"] for one in said(error.faults, COMPLAINT, lang)}, {}
    if isinstance(error, OneMapError):
        return error.status, {"": error.text.of(lang)}, later(error)
    return 400, {"": UNREAD.of(lang)}, {}


def _html(body: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return HTMLResponse(body, status_code=status, headers={"cache-control": "no-store", **(headers or {})})
