"""The requests of signing in and out, and of letting in a wall screen."""

from collections.abc import Callable
from urllib.parse import parse_qs, quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.auth import factors
from app.auth.callers import KIOSK_PREFIX, Locked, WrongPassword
from app.auth.entering import Entrance, Pending, Step
from app.auth.guard import COOKIE, address_of, cookie_of, same_origin
from app.auth.limits import limits
from app.auth.refusals import Why
from app.auth.signin_pages import SignInPages
from app.problems import FOREIGN, language, problem
from app.settings import Settings
from core.errors import BadInputError, ConflictError, ForbiddenError, NotFoundError
from core.texts import Text
from store.identity import Stage

LARGEST_FORM = 8192
PENDING = "onemap_signin"
"""The cookie of a sign-in under way: it opens nothing."""

KIOSK_AGE = 400 * 86400
"""The longest a browser keeps a cookie; a wall screen renews it at every start."""

PATHS = {Stage.CODE: "/signin/code", Stage.RENEW: "/signin/renew", Stage.ENROL: "/signin/enrol"}
Form = dict[str, str]


def local_target(wanted: str) -> str:
    """Where to go after signing in: a path of this site, whatever was asked for."""
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return "/"
    return wanted


class SignIn:
    """Password, code, new password, second factor: one form each, one step each."""

    def __init__(self, entrance: Entrance, settings: Settings, *, demo: bool, provider: Text | None = None) -> None:
        rules = limits()
        self.entrance = entrance
        self.settings = settings
        self.pages = SignInPages(
            settings=settings, demo=demo, length=rules.password_length, classes=rules.password_classes,
            provider=provider,
        )  # fmt: skip

    def routes(self) -> list[BaseRoute]:
        """The addresses of all of it."""
        return [
            Route("/signin", self.show, methods=["GET"]),
            Route("/signin", self.enter, methods=["POST"]),
            Route("/signin/code", self.code, methods=["GET", "POST"]),
            Route("/signin/renew", self.renew, methods=["GET", "POST"]),
            Route("/signin/enrol", self.enrol, methods=["GET", "POST"]),
            Route("/signout", self.leave, methods=["POST"]),
            Route("/kiosk/{token}", self.kiosk, methods=["GET"]),
        ]

    async def show(self, request: Request) -> Response:
        """GET /signin."""
        return self.pages.sign_in(request, target=local_target(request.query_params.get("next", "/")))

    async def enter(self, request: Request) -> Response:
        """POST /signin: account and password."""
        if not same_origin(request):
            return problem(403, "foreign-origin", FOREIGN, language(request))
        form = await form_of(request)
        login, password = form.get("login", "").strip()[:64], form.get("password", "")[:256]
        target, duty = local_target(form.get("next", "/")), form.get("duty") == "1"
        hours = self.settings.duty_session_hours if duty else self.settings.session_hours
        agent = request.headers.get("user-agent", "")[:200]

        def ask() -> Step:
            return self.entrance.with_password(
                login, password, hours=hours, duty=duty, agent=agent, address=address_of(request)
            )

        try:
            step = await run_in_threadpool(ask)
        except (WrongPassword, Locked, ForbiddenError) as refused:
            return self.pages.sign_in(request, error=refused.text, login=login, target=target)
        return self.onward(request, step, target)

    async def code(self, request: Request) -> Response:
        """GET and POST /signin/code: the second factor."""

        def ask(waiting: Pending, form: Form) -> Step:
            return self.entrance.with_code(waiting, form.get("code", "")[:16])

        def page(waiting: Pending, form: Form, target: str, error: Text | None) -> Response:
            return self.pages.code(request, target=target, error=error)

        return await self._step(request, Stage.CODE, ask, page)

    async def renew(self, request: Request) -> Response:
        """GET and POST /signin/renew: a password of one's own."""

        def ask(waiting: Pending, form: Form) -> Step:
            if form.get("password") != form.get("repeated"):
                raise BadInputError(Text("两次输入不一致", "the two are not the same"), field="repeated")
            return self.entrance.with_new_password(waiting, form.get("password", "")[:1000])

        def page(waiting: Pending, form: Form, target: str, error: Text | None) -> Response:
            return self.pages.renew(request, target=target, login=waiting.account.login, error=error)

        return await self._step(request, Stage.RENEW, ask, page)

    async def enrol(self, request: Request) -> Response:
        """GET and POST /signin/enrol: a second factor, when the role needs one."""
        sealer = self.entrance.sealer

        def ask(waiting: Pending, form: Form) -> Step:
            return self.entrance.with_factor(waiting, form.get("sealed", ""), form.get("code", "")[:16])

        def page(waiting: Pending, form: Form, target: str, error: Text | None) -> Response:
            sealed = form.get("sealed") or sealer.seal(factors.new_secret())
            try:
                secret = sealer.unseal(sealed)
            except ConflictError:
                sealed = sealer.seal(secret := factors.new_secret())
            return self.pages.enrol(
                request, target=target, login=waiting.account.login, secret=secret, sealed=sealed, error=error
            )

        return await self._step(request, Stage.ENROL, ask, page)

    async def leave(self, request: Request) -> Response:
        """POST /signout: end the session here and on the server."""
        if not same_origin(request):
            return problem(403, "foreign-origin", FOREIGN, language(request))
        token = cookie_of(request)
        if token is not None:
            await run_in_threadpool(self.entrance.leave, token)
        answer = RedirectResponse(request.scope.get("root_path", "") + "/signin", status_code=303)
        answer.delete_cookie(COOKIE, path="/")
        return answer

    async def kiosk(self, request: Request) -> Response:
        """GET /kiosk/TOKEN: a wall screen comes in; the token moves from the address into a cookie."""
        token = KIOSK_PREFIX + request.path_params["token"][:128]
        caller = await run_in_threadpool(self.entrance.doorman.by_session, token)
        if caller is None:
            await run_in_threadpool(self.entrance.doorman.refusals.note, Why.KIOSK, "GET /kiosk/{token}")
            return problem(
                404, "not-found", Text("大屏令牌无效或已吊销", "no such wall screen, or revoked"), language(request)
            )
        screen = await run_in_threadpool(self.entrance.screen_of, token)
        answer = RedirectResponse(request.scope.get("root_path", "") + screen, status_code=303)
        keep(request, answer, COOKIE, token, KIOSK_AGE)
        return answer

    async def _step(
        self,
        request: Request,
        stage: Stage,
        ask: Callable[[Pending, Form], Step],
        page: Callable[[Pending, Form, str, Text | None], Response],
    ) -> Response:
        """One step after the password: shows its form, or takes it a stage further."""
        root = request.scope.get("root_path", "")
        posted = request.method == "POST"
        if posted and not same_origin(request):
            return problem(403, "foreign-origin", FOREIGN, language(request))
        form = await form_of(request) if posted else {}
        target = local_target(form.get("next") or request.query_params.get("next", "/"))
        token = cookie_of(request, PENDING)
        waiting = None if token is None else await run_in_threadpool(self.entrance.pending, token)
        if waiting is None or waiting.session.stage is not stage:
            if token is not None:
                door = f"{request.method} {PATHS[stage]}"
                await run_in_threadpool(self.entrance.doorman.refusals.note, Why.STEP, door)
            return RedirectResponse(f"{root}/signin?next={quote(target, safe='')}", status_code=303)
        if not posted:
            return page(waiting, form, target, None)
        try:
            step = await run_in_threadpool(ask, waiting, form)
        except (BadInputError, ForbiddenError, NotFoundError, ConflictError) as refused:
            return await run_in_threadpool(page, waiting, form, target, refused.text)
        return self.onward(request, step, target)

    def onward(self, request: Request, step: Step, target: str) -> Response:
        """To the next form, or in."""
        root = request.scope.get("root_path", "")
        if step.stage is Stage.OPEN:
            answer = RedirectResponse(root + target, status_code=303)
            keep(request, answer, COOKIE, step.token, step.hours * 3600)
            answer.delete_cookie(PENDING, path="/")
            return answer
        answer = RedirectResponse(f"{root}{PATHS[step.stage]}?next={quote(target, safe='')}", status_code=303)
        keep(request, answer, PENDING, step.token, limits().steps_minutes * 60)
        return answer


def keep(request: Request, answer: Response, name: str, token: str, seconds: int) -> None:
    """Have the browser keep a token that no script reads and no other site's form sends."""
    secure = request.url.scheme == "https"
    answer.set_cookie(name, token, max_age=seconds, httponly=True, samesite="lax", secure=secure, path="/")


async def form_of(request: Request) -> Form:
    """The fields of a posted form, each once; what is longer than any of ours is cut off."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_FORM:
            break
    read = parse_qs(body[:LARGEST_FORM].decode("utf-8", "replace"))
    return {name: values[0] for name, values in read.items()}
