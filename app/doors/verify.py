"""`/verify` and `/api/verify`: anybody who holds a document and its code learns whether it was issued and still holds.

A file is compared byte for byte (SHA-256) with the one that was issued under the code; it is not opened.
"""

import hashlib
import re
from dataclasses import dataclass
from math import ceil
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from app.auth.guard import address_of, by_cookie, same_origin
from app.auth.rates import Rates
from app.bounds import LARGEST_BODY
from app.doors.bodies import body_of
from app.doors.public import TooOftenError
from app.language import asked as asked_language
from app.language import kept
from app.problems import FOREIGN, language, later, problem
from core.clock import iso
from core.errors import BadInputError
from core.scope import SYSTEM_SCOPE
from core.texts import Lang, Text
from dashboards.public.verify import document
from dashboards.screens import Screens
from layers.catalogue.documents import CHECK_CODE, ISSUED_DOCUMENTS, IssuedDocument
from layers.codes import code_list
from layers.filters import Compare, Op
from store.query import Query

A_MINUTE = 20
"""Checks one address may make in a minute; a code has eighty bits, so nobody finds one by trying."""
MISREAD = str.maketrans("OIL", "011")
"""Letters that the codes do not have, and what they are read for."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """Answers for one site."""

    screens: Screens
    rates: Rates

    def checked(self, request: Request, words: str, sha256: str, lang: Lang) -> dict[str, Any]:
        """What is known of a code and, where a file was given, of that file. Raises BadInputError, TooOftenError."""
        code = as_code(words)
        address = address_of(request)
        if not self.rates.hit(address, most=A_MINUTE):
            after = ceil(self.rates.wait(address, most=A_MINUTE))
            raise TooOftenError(
                Text(f"核验过于频繁，请 {after} 秒后再试", f"too many checks; try again in {after} seconds"),
                retry_after=after,
            )
        found = self._found(code)
        told: dict[str, Any] = {"code": code, "found": found is not None, "at": iso(self.screens.clock())}
        if found is not None:
            told["document"] = _told(found, lang)
        if sha256:
            told["file"] = "unknown" if found is None else "same" if found.sha256 == sha256 else "different"
        return told

    def _found(self, code: str) -> IssuedDocument | None:
        query = Query(where=Compare("check_code", Op.EQ, code), fields=("code",), limit=1, geometry=False)
        store = self.screens.store
        keys = store.read(ISSUED_DOCUMENTS, query, scope=SYSTEM_SCOPE)["code"].to_pylist()
        if not keys:
            return None
        record = store.get(ISSUED_DOCUMENTS, keys[0], scope=SYSTEM_SCOPE).record
        assert isinstance(record, IssuedDocument)
        return record


def as_code(words: str) -> str:
    """The code as it is printed, however it was typed. Raises BadInputError.

    >>> as_code(" d7q2o000 1111-ZZZZ ")
    'D7Q2-0000-1111-ZZZZ'
    """
    plain = re.sub(r"[\s-]", "", words).upper().translate(MISREAD)
    code = "-".join(plain[n : n + 4] for n in range(0, len(plain), 4))
    if not re.fullmatch(CHECK_CODE, code):
        raise BadInputError(
            Text(
                f"核验码“{words[:30]}”应为文书上所印的 16 位字母数字",
                f"the code {words[:30]!r} must be the 16 letters and digits printed on the document",
            ),
            field="code",
        )
    return code


def verify_routes(screens: Screens) -> list[BaseRoute]:
    """The page and its door, open to everybody."""
    verifier = Verifier(screens, Rates())

    async def page(request: Request) -> Response:
        """GET /verify?code=."""
        lang = asked_language(request, "/verify") or kept(request) or language(request)
        words = request.query_params.get("code", "").strip()
        found, fault, status, headers = None, "", 200, dict[str, str]()
        if words:
            try:
                found = await run_in_threadpool(verifier.checked, request, words, "", lang)
            except (BadInputError, TooOftenError) as refused:
                fault, status, headers = refused.text.of(lang), refused.status, later(refused)
        body = document(screens, words[:40], lang=lang, found=found, fault=fault)
        return HTMLResponse(body, status_code=status, headers=headers | {"cache-control": "no-store"})

    async def door(request: Request) -> Response:
        """GET /api/verify?code=, and POST with the file as body: whether it is the one that was issued."""
        words, sha256 = request.query_params.get("code", ""), ""
        if request.method == "POST":
            if by_cookie(request) and not same_origin(request):
                return problem(403, "foreign-origin", FOREIGN, language(request))
            body = await body_of(request, LARGEST_BODY)
            if not body:
                raise BadInputError(Text("请求体应为文书文件", "the body must be the document's file"), field="file")
            sha256 = hashlib.sha256(body).hexdigest()
        told = await run_in_threadpool(verifier.checked, request, words, sha256, language(request))
        return Response(orjson.dumps(told), media_type="application/json", headers={"cache-control": "no-store"})

    return [Route("/verify", page, methods=["GET"]), Route("/api/verify", door, methods=["GET", "POST"])]


def _told(one: IssuedDocument, lang: Lang) -> dict[str, Any]:
    states = {item.code: item for item in code_list("document_state")}
    return {
        "number": one.number, "title": one.title, "organ": one.organ, "issued_at": iso(one.issued_at),
        "state": one.state, "state_word": states[one.state].title.of(lang),
        "state_at": None if one.state_at is None else iso(one.state_at), "sha256": one.sha256,
    }  # fmt: skip
