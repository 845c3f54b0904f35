"""Pages that only say something: of a door that is not theirs, under which post they came, and where else to go."""

from collections.abc import Sequence
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from core.caller import Caller
from core.texts import Lang, Text

WORDS = {
    "title": Text("无权打开此页", "Not open to you"),
    "why": Text(
        "您以“{name}”登录,当前岗位无权打开此页。", "You are signed in as {name}; your role does not open this page."
    ),
    "what": Text(
        "如需办理,请在个人中心切换岗位,或联系系统管理员授权。",
        "Switch to another post in your profile, or ask your administrator.",
    ),
    "home": Text("返回首页", "Back to the start"),
}

PAGE = """<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{title}</title><link rel="icon" href="{root}/static/favicon.svg">
<link rel="stylesheet" href="{root}/static/signin.css"></head>
<body><main class="alone"><section class="form"><div class="sheet"><h2>{title}</h2>{said}
<a class="primary" href="{root}{path}">{onward}</a></div></section></main></body></html>"""


def forbidden_page(request: Request, caller: Caller, lang: Lang) -> Response:
    """403 for somebody who opened a page in a browser."""
    sentences = [WORDS["why"].of(lang).format(name=caller.actor.name), WORDS["what"].of(lang)]
    return told_page(request, lang, WORDS["title"], sentences, WORDS["home"], "/", 403)


def told_page(
    request: Request, lang: Lang, title: Text, sentences: Sequence[str], onward: Text, path: str, status: int
) -> Response:
    """A page that only says something and leads on."""
    root = escape(request.scope.get("root_path", ""), quote=True)
    page = PAGE.format(
        lang="zh-CN" if lang is Lang.ZH else "en", title=escape(title.of(lang)), root=root, path=escape(path),
        said="".join(f"<p>{escape(sentence)}</p>" for sentence in sentences), onward=escape(onward.of(lang)),
    )  # fmt: skip
    return HTMLResponse(page, status_code=status)
