"""The requests of signing in with the identity provider: out to it, and back from it."""

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.auth.callers import Locked
from app.auth.entering import Step
from app.auth.forbidden import told_page
from app.auth.guard import address_of, cookie_of
from app.auth.limits import limits
from app.auth.person import UNPROVEN, Asked, ProviderError, UnprovenError
from app.auth.signin import SignIn, keep, local_target
from app.auth.vouched import GIVER, Vouched
from app.problems import NOT_FOUND, language, problem
from core.caller import current_address
from core.clock import from_iso, iso
from core.errors import ConflictError, ForbiddenError, OneMapError
from core.texts import Text
from store.audit import AuditEntry, Kind, Outcome

if TYPE_CHECKING:  # a city without such a provider does without the libraries that ask it
    from app.auth.provider import Provider

ASKED = "onemap_provider"
"""The cookie of somebody who is at the provider now: sealed, good for minutes, and it opens nothing."""

BACK = "/signin/provider/back"
TITLE = Text("未能登录", "Not signed in")
AGAIN = Text("返回登录", "Back to sign-in")


class ProviderDoors:
    """`/signin/provider` and the way back; 404 both while no provider is configured."""

    def __init__(self, sign_in: SignIn, provider: "Provider | None", vouched: Vouched) -> None:
        self.sign_in = sign_in
        self.entrance = sign_in.entrance
        self.clock = sign_in.entrance.clock
        self.provider = provider
        self.vouched = vouched
        self.sealer = sign_in.entrance.sealer.for_purpose("sign-in at the provider")

    def routes(self) -> list[BaseRoute]:
        """The two addresses."""
        return [
            Route("/signin/provider", self.leave, methods=["GET"]),
            Route(BACK, self.back, methods=["GET"]),
        ]

    async def leave(self, request: Request) -> Response:
        """GET /signin/provider: to the provider, with what must come back unchanged kept in a cookie."""
        provider = self.provider
        if provider is None:
            return problem(404, "not-found", NOT_FOUND, language(request))
        target = local_target(request.query_params.get("next", "/"))
        root = request.scope.get("root_path", "")
        own = f"{request.url.scheme}://{request.headers.get('host', request.url.netloc)}{root}{BACK}"
        try:
            place, asked = await run_in_threadpool(provider.ask, own)
        except ProviderError as failed:
            return await self._refused(request, failed)
        answer = RedirectResponse(place, status_code=303)
        kept = {**asdict(asked), "target": target, "at": iso(self.clock())}
        sealed = self.sealer.seal(orjson.dumps(kept).decode())
        keep(request, answer, ASKED, sealed, limits().steps_minutes * 60)
        return answer

    async def back(self, request: Request) -> Response:
        """GET /signin/provider/back: the browser comes with a code; who it is decides whether it enters."""
        provider = self.provider
        if provider is None:
            return problem(404, "not-found", NOT_FOUND, language(request))
        given = {name: value[:4096] for name, value in request.query_params.items()}
        sealed, address = cookie_of(request, ASKED), address_of(request)

        def enter() -> tuple[Step, str]:
            if self.entrance.doorman.floods(address):
                raise Locked(Text("尝试次数过多,请稍后再试", "too many tries, wait a while"))
            asked, target = self._kept(sealed)
            person = provider.person(asked, given)
            account = self.vouched.account(person)
            how = "oidc+mfa" if person.second_factor else "oidc"
            hours, agent = self.sign_in.settings.session_hours, request.headers.get("user-agent", "")[:200]
            return self.entrance.enter(account, how=how, hours=hours, duty=False, agent=agent, address=address), target

        try:
            step, target = await run_in_threadpool(enter)
        except (ProviderError, UnprovenError, ForbiddenError, ConflictError, Locked) as refused:
            return await self._refused(request, refused)
        answer = self.sign_in.onward(request, step, target)
        answer.delete_cookie(ASKED, path="/")
        return answer

    def _kept(self, sealed: str | None) -> tuple[Asked, str]:
        """What was asked of the provider. Raises UnprovenError when the cookie is missing, forged or old."""
        try:
            kept = orjson.loads(self.sealer.unseal(sealed or ""))
        except ConflictError as error:
            raise UnprovenError(UNPROVEN, reason="no sign-in under way") from error
        at, target = from_iso(kept.pop("at")), kept.pop("target")
        if self.clock() - at > timedelta(minutes=limits().steps_minutes):
            raise UnprovenError(UNPROVEN, reason="took too long")
        return Asked(**kept), target

    async def _refused(self, request: Request, error: OneMapError) -> Response:
        """Says why, counts it against the address, and records what was not recorded yet."""

        def record() -> None:
            if isinstance(error, UnprovenError):
                self.entrance.doorman.flooded(address_of(request))
            entry = AuditEntry(
                at=self.clock(), kind=Kind.REFUSED, actor=GIVER, door="page", address=current_address.get(),
                what="account", where=str(error.facts.get("reason", error.code)), outcome=Outcome.REFUSED,
            )  # fmt: skip
            self.entrance.doorman.audit.record(entry)

        if not isinstance(error, ForbiddenError):
            await run_in_threadpool(record)
        lang = language(request)
        answer = told_page(request, lang, TITLE, [error.text.of(lang)], AGAIN, "/signin", error.status)
        answer.delete_cookie(ASKED, path="/")
        return answer
