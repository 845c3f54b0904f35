"""The page of a door that is not theirs: says under which post they came, and where else to go."""

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
<body><main class="alone"><section class="form"><div class="sheet"><h2>{title}</h2><p>{why}</p><p>{what}</p>
<a class="primary" href="{root}/">{home}</a></div></section></main></body></html>"""


def forbidden_page(request: Request, caller: Caller, lang: Lang) -> Response:
    """403 for somebody who opened a page in a browser."""
    name = escape(caller.actor.name)
    words = {key: text.of(lang).format(name=name) if key == "why" else text.of(lang) for key, text in WORDS.items()}
    root = escape(request.scope.get("root_path", ""), quote=True)
    page = PAGE.format(**words, lang="zh-CN" if lang is Lang.ZH else "en", root=root)
    return HTMLResponse(page, status_code=403)
