"""The sign-in page and its form: server-rendered, so that it works before anything else does."""

from html import escape
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.auth.callers import Doorman, Locked, WrongPassword
from app.auth.guard import COOKIE, cookie_of, same_origin
from app.language import asked
from app.problems import FOREIGN, language, problem
from app.settings import Settings
from core.texts import Lang, Text

WORDS = {
    "title": Text("登录", "Sign in"),
    "motto": Text("企业、监管、应急,同一张图", "Enterprises, supervision, emergency: one map"),
    "demo": Text("演示数据", "Demo data"),
    "account": Text("账号", "Account"),
    "password": Text("口令", "Password"),
    "show": Text("显示", "Show"),
    "duty": Text("值班专机,保持登录 12 小时", "Duty terminal, stay signed in 12 hours"),
    "enter": Text("登录", "Sign in"),
    "trace": Text("登录与查询均留痕。", "Sign-ins and queries are recorded."),
    "other": Text("English", "中文"),
}

PAGE = """<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{title} · {city}</title><link rel="icon" href="{root}/static/favicon.svg">
<link rel="stylesheet" href="{root}/static/signin.css"></head>
<body><main>
<section class="map" aria-hidden="true"><div class="name"><h1>{city}</h1><p>{motto}</p></div></section>
<section class="form"><form method="post" action="{root}/signin" autocomplete="on">
<header><h2>{title}</h2>{demo}</header>
<input type="hidden" name="next" value="{next}">
<label for="login">{account}</label>
<input id="login" name="login" value="{login}" autocomplete="username" required autofocus maxlength="64">
<label for="password">{password}</label>
<div class="secret"><input id="password" name="password" type="password" autocomplete="current-password" required
 maxlength="256"{invalid}><button type="button" id="show" aria-controls="password">{show}</button></div>
{error}
<label class="tick"><input type="checkbox" name="duty" value="1"> {duty}</label>
<button class="primary" type="submit">{enter}</button>
<footer>{trace} <a href="{root}/signin?lang={other_lang}&amp;next={next}">{other}</a></footer>
</form></section></main><script src="{root}/static/signin.js"></script></body></html>"""


def local_target(wanted: str) -> str:
    """Where to go after signing in: a path of this site, whatever was asked for."""
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return "/map"
    return wanted


class SignIn:
    """The three requests of signing in and out."""

    def __init__(self, doorman: Doorman, settings: Settings, *, demo: bool) -> None:
        self.doorman = doorman
        self.settings = settings
        self.demo = demo

    def _page(self, request: Request, *, error: Text | None = None, login: str = "", target: str = "/map") -> Response:
        lang = asked(request, "/signin") or language(request)
        words = {name: escape(text.of(lang)) for name, text in WORDS.items() if name != "demo"}
        city = self.settings.city_title if lang is Lang.ZH else self.settings.city_title_en
        page = PAGE.format(
            **words,
            lang="zh-CN" if lang is Lang.ZH else "en",
            other_lang="en" if lang is Lang.ZH else "zh",
            root=request.scope.get("root_path", ""),
            city=escape(city),
            demo=f'<span class="tag">{escape(WORDS["demo"].of(lang))}</span>' if self.demo else "",
            next=escape(target, quote=True),
            login=escape(login, quote=True),
            invalid=' aria-invalid="true" aria-describedby="error"' if error else "",
            error=f'<p class="error" id="error" role="alert">✕ {escape(error.of(lang))}</p>' if error else "",
        )
        return HTMLResponse(page, status_code=401 if error else 200)

    async def show(self, request: Request) -> Response:
        """GET /signin."""
        return self._page(request, target=local_target(request.query_params.get("next", "/map")))

    async def enter(self, request: Request) -> Response:
        """POST /signin: check, start a session, go on."""
        if not same_origin(request):
            return problem(403, "foreign-origin", FOREIGN, language(request))
        body = await request.body()
        form = {name: values[0] for name, values in parse_qs(body[:8192].decode("utf-8", "replace")).items()}
        login, password = form.get("login", "").strip()[:64], form.get("password", "")[:256]
        target = local_target(form.get("next", "/map"))
        duty = form.get("duty") == "1"
        hours = self.settings.duty_session_hours if duty else self.settings.session_hours
        agent = request.headers.get("user-agent", "")[:200]
        try:
            token = await run_in_threadpool(self.doorman.sign_in, login, password, hours, agent)
        except (WrongPassword, Locked) as refused:
            return self._page(request, error=refused.text, login=login, target=target)
        answer = RedirectResponse(request.scope.get("root_path", "") + target, status_code=303)
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, token, max_age=hours * 3600, httponly=True, samesite="lax", secure=secure, path="/")
        return answer

    async def leave(self, request: Request) -> Response:
        """POST /signout: end the session here and on the server."""
        if not same_origin(request):
            return problem(403, "foreign-origin", FOREIGN, language(request))
        token = cookie_of(request.headers)
        if token is not None:
            await run_in_threadpool(self.doorman.sign_out, token)
        answer = RedirectResponse(request.scope.get("root_path", "") + "/signin", status_code=303)
        answer.delete_cookie(COOKIE, path="/")
        return answer
