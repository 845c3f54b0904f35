"""The pages of signing in, written by the server so that they work before anything else does."""

from dataclasses import dataclass
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.auth import factors
from app.language import asked
from app.problems import language
from app.settings import Settings
from core.texts import Lang, Text

WORDS = {
    "title": Text("登录", "Sign in"),
    "motto": Text("企业、监管、应急,同一张图", "Enterprises, supervision, emergency: one map"),
    "demo": Text("演示数据", "Demo data"),
    "account": Text("账号", "Account"),
    "password": Text("口令", "Password"),
    "show": Text("显示", "Show"),
    "duty": Text("值班专机,保持登录 {hours} 小时", "Duty terminal, stay signed in {hours} hours"),
    "enter": Text("登录", "Sign in"),
    "next_step": Text("继续", "Continue"),
    "trace": Text("登录与查询均留痕。", "Sign-ins and queries are recorded."),
    "public": Text("公共服务,不用登录", "Public services, no sign-in"),
    "other": Text("English", "中文"),
    "again": Text("换个账号", "Another account"),
    "code": Text("动态口令", "One-time code"),
    "code_about": Text("请输入身份验证器上的 6 位数字。", "Enter the six digits your authenticator app shows."),
    "renew": Text("设置新口令", "Choose a new password"),
    "renew_about": Text(
        "首次登录或口令到期,请设置只有自己知道的口令:至少 {length} 个字符,大写、小写、数字、符号至少 {classes} 类。",
        "First sign-in, or the password is due: at least {length} characters of {classes} kinds.",
    ),
    "new_password": Text("新口令", "New password"),
    "repeated": Text("再输一遍", "Once more"),
    "enrol": Text("绑定动态口令", "Enrol a second factor"),
    "enrol_about": Text(
        "本岗位须双因素登录。用身份验证器(支持 RFC 6238)扫描下图,再输入显示的 6 位数字。",
        "This role needs a second factor. Scan this with an authenticator app (RFC 6238), then enter its six digits.",
    ),
    "secret": Text("无法扫描时手工输入", "Or type"),
    "provider": Text("统一身份认证", "Single sign-on"),
}

FRAME = """<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{title} · {city}</title><link rel="icon" href="{root}/static/favicon.svg">
<link rel="stylesheet" href="{root}/static/signin.css"></head>
<body><main>
<section class="map"><div class="name"><h1>{city}</h1><p>{motto}</p></div>
<nav class="open"><a href="{root}/public">{public}</a></nav></section>
<section class="form">{form}</section></main><script src="{root}/static/signin.js"></script></body></html>"""

SIGN_IN = """<form method="post" action="{root}/signin" autocomplete="on">
<header><h2>{title}</h2>{tag}</header>
<input type="hidden" name="next" value="{next}">
<label for="login">{account}</label>
<input id="login" name="login" value="{login}" autocomplete="username" required{on_login} maxlength="64">
<label for="password">{password}</label>
<div class="secret"><input id="password" name="password" type="password" autocomplete="current-password"{on_password}
 required maxlength="256"{invalid}><button type="button" class="show" aria-controls="password">{show}</button></div>
{error}
<label class="tick"><input type="checkbox" name="duty" value="1"> {duty}</label>
<button class="primary" type="submit">{enter}</button>
{provider}
<footer>{trace} <a href="{root}/signin?lang={other_lang}&amp;next={next}">{other}</a></footer>
</form>"""

CODE = """<form method="post" action="{root}/signin/code" autocomplete="off">
<header><h2>{code}</h2>{tag}</header><p class="about">{code_about}</p>
<input type="hidden" name="next" value="{next}">
<label for="code">{code}</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9 ]{{6,7}}" required autofocus
 maxlength="7"{invalid}>
{error}
<button class="primary" type="submit">{enter}</button>
<footer>{trace} <a href="{root}/signin">{again}</a></footer>
</form>"""

RENEW = """<form method="post" action="{root}/signin/renew" autocomplete="on">
<header><h2>{renew}</h2>{tag}</header><p class="about">{renew_about}</p>
<input type="hidden" name="next" value="{next}">
<input type="text" class="unseen" name="username" value="{login}" autocomplete="username" readonly tabindex="-1"
 aria-hidden="true">
<label for="password">{new_password}</label>
<div class="secret"><input id="password" name="password" type="password" autocomplete="new-password" required autofocus
 maxlength="256"{invalid}><button type="button" class="show" aria-controls="password">{show}</button></div>
<label for="repeated">{repeated}</label>
<input id="repeated" name="repeated" type="password" autocomplete="new-password" required maxlength="256">
{error}
<button class="primary" type="submit">{next_step}</button>
<footer>{trace} <a href="{root}/signin">{again}</a></footer>
</form>"""

ENROL = """<form method="post" action="{root}/signin/enrol" autocomplete="off">
<header><h2>{enrol}</h2>{tag}</header><p class="about">{enrol_about}</p>
<input type="hidden" name="next" value="{next}"><input type="hidden" name="sealed" value="{sealed}">
<div class="qr">{picture}</div><p class="about">{secret_label} <code>{secret_text}</code></p>
<label for="code">{code}</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9 ]{{6,7}}" required autofocus
 maxlength="7"{invalid}>
{error}
<button class="primary" type="submit">{next_step}</button>
<footer>{trace} <a href="{root}/signin">{again}</a></footer>
</form>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPages:
    """The frame and its four forms; `provider` names the identity provider people may sign in with."""

    settings: Settings
    demo: bool
    length: int
    classes: int
    provider: Text | None = None

    def sign_in(self, request: Request, *, target: str, login: str = "", error: Text | None = None) -> Response:
        """Account and password."""
        return self._page(request, SIGN_IN, target, error, login=login)

    def code(self, request: Request, *, target: str, error: Text | None = None) -> Response:
        """The second factor."""
        return self._page(request, CODE, target, error)

    def renew(self, request: Request, *, target: str, login: str, error: Text | None = None) -> Response:
        """A new password."""
        return self._page(request, RENEW, target, error, login=login)

    def enrol(
        self, request: Request, *, target: str, login: str, secret: str, sealed: str, error: Text | None = None
    ) -> Response:
        """A second factor of one's own."""
        more = {"sealed": escape(sealed, quote=True), "secret_text": escape(" ".join(_fours(secret)))}
        picture = factors.picture(factors.address(secret, login, self.settings.city_title))
        return self._page(request, ENROL, target, error, login=login, picture=picture, **more)

    def _page(
        self, request: Request, form: str, target: str, error: Text | None, *, login: str = "", **more: str
    ) -> Response:
        lang = asked(request, "/signin") or language(request)
        numbers = {"hours": self.settings.duty_session_hours, "length": self.length, "classes": self.classes}
        words = {name: escape(text.of(lang).format(**numbers)) for name, text in WORDS.items()}
        city = self.settings.city_title if lang is Lang.ZH else self.settings.city_title_en
        root = escape(request.scope.get("root_path", ""), quote=True)
        words |= {
            "lang": "zh-CN" if lang is Lang.ZH else "en",
            "other_lang": "en" if lang is Lang.ZH else "zh",
            "root": root,
            "city": escape(city),
            "tag": f'<span class="tag">{words["demo"]}</span>' if self.demo else "",
            "next": escape(target, quote=True),
            "login": escape(login, quote=True),
            "secret_label": words["secret"],
            "on_login": "" if login else " autofocus",
            "on_password": " autofocus" if login else "",
            "invalid": ' aria-invalid="true" aria-describedby="error"' if error else "",
            "error": f'<p class="error" id="error" role="alert">✕ {escape(error.of(lang))}</p>' if error else "",
            "provider": self._provider(lang, root, target),
        }
        body = FRAME.format(**words, form=form.format(**words, **more))
        return HTMLResponse(body, status_code=401 if error else 200)

    def _provider(self, lang: Lang, root: str, target: str) -> str:
        if self.provider is None:
            return ""
        address = f"{root}/signin/provider?next={escape(target, quote=True)}"
        return f'<a class="second" href="{address}">{escape(self.provider.of(lang))}</a>'


def _fours(secret: str) -> list[str]:
    return [secret[start : start + 4] for start in range(0, len(secret), 4)]
