"""The Dash application on the server it is given: one root layout, pages by path, the caller's language."""

from collections.abc import Callable
from html import escape

from dash import Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component
from dash.exceptions import DependencyException, InvalidResourceError
from fastapi import FastAPI

from core.caller import Caller, Right, current_caller
from core.texts import Lang, Text
from dashboards.bundle import ASSETS, SCRIPTS, STYLES, Assets, address
from dashboards.guarding import needs
from dashboards.pages import (
    admin,
    alarms,
    audit,
    camera_rules,
    cases,
    chemicals,
    design,
    devices,
    duty,
    enterprise,
    exercises,
    field,
    hall,
    home,
    knowledge,
    limits,
    map,
    notices,
    planner,
    points,
    profile,
    risk,
    roster,
    rules,
    trend,
    violations,
    warnings,
)
from dashboards.screens import Screens

PAGES: dict[str, tuple[Right, Callable[[Screens, Caller], Component]]] = {
    "/home": (Right.PORTAL, home.page),
    "/profile": (Right.PORTAL, profile.page),
    "/notices": (Right.PUBLISH_NOTICES, notices.page),
    "/audit": (Right.AUDIT, audit.page),
    "/admin": (Right.ACCOUNTS, admin.page),
    "/hall": (Right.HALL, hall.page),
    "/map": (Right.MAP, map.page),
    "/alarms": (Right.MAP, alarms.page),
    "/duty": (Right.MAP, duty.page),
    "/exercises": (Right.MAP, exercises.page),
    "/field": (Right.FIELD, field.page),
    "/planner": (Right.PLAN, planner.page),
    "/risk": (Right.MAP, risk.page),
    "/warnings": (Right.WARN, warnings.page),
    "/chemicals": (Right.MAP, chemicals.page),
    "/knowledge": (Right.MAP, knowledge.page),
    "/limits": (Right.PLAN, limits.page),
    "/points": (Right.MAP, points.page),
    "/devices": (Right.MAP, devices.page),
    "/violations": (Right.MAP, violations.page),
    "/violations/accuracy": (Right.MAP, violations.accuracy),
    "/roster": (Right.MAP, roster.page),
    "/cameras/rules": (Right.EDIT, camera_rules.page),
    "/trend": (Right.MAP, trend.page),
    "/rules": (Right.EDIT, rules.page),
    "/cases": (Right.CASES, cases.page),
    "/enterprise": (Right.CASES, enterprise.page),
    "/cases/design": (Right.DESIGN, design.page),
}
"""Each page, and the right it needs: the guard asks for it at the address, the callback that fills the page again."""

NO_SUCH_FILE: tuple[type[Exception], ...] = (DependencyException, InvalidResourceError)
"""What Dash raises when it is asked for a file that none of its components has."""

_INDEX = """<!DOCTYPE html>
<html lang="{language}">
<head>
{metas}
<title>{title}</title>
<link rel="icon" href="{root}/assets/favicon.svg">
{css}
<link rel="stylesheet" href="{styles}">
</head>
<body>
{app_entry}
<footer>{config}{scripts}<script src="{ours}"></script>{renderer}</footer>
</body>
</html>"""


class _Site(Dash):
    """Writes the caller's language into the document, because Dash's own index is fixed at start."""

    names: Text

    def interpolate_index(self, **parts: str) -> str:
        """The document of every page."""
        caller = current_caller.get(None)
        lang = caller.lang if caller is not None else Lang.ZH
        root = self.config.requests_pathname_prefix.rstrip("/")
        own = {
            "language": "en" if lang is Lang.EN else "zh-CN",
            "root": root,
            "title": escape(self.names.of(lang)),
            "styles": address(root, STYLES),
            "ours": address(root, SCRIPTS),
        }
        return _INDEX.format(**{**parts, **own})


def _page(path: object, search: object, screens: Screens, caller: Caller) -> Component:
    """The page at a path below the root; the wall has two, one of what is real and one of exercises."""
    asked = path if isinstance(path, str) else ""  # a request may hold anything here
    name = asked.removeprefix(screens.root_path).rstrip("/") or "/home"
    right, page = PAGES.get(name, (None, None))
    if page is not None and right is not None and caller.may(right):
        asks = search if isinstance(search, str) else ""
        if page is duty.page and hall.of_the_past(asks):
            return hall.apart(screens, caller, asks) or page(screens, caller)
        return (page is hall.page and hall.apart(screens, caller, asks)) or page(screens, caller)
    words = (
        Text("没有这个页面", "No such page") if page is None else Text("您的岗位无权打开此页", "Not open to your role")
    )
    return html.Main(html.P(words.of(caller.lang)), className="screen", **{"data-theme": "night"})


def build(server: FastAPI, screens: Screens) -> Dash:
    """Dash on this server; `csp_hashes()` of the answer belong into the content security policy."""
    server.mount("/assets", Assets(directory=ASSETS))  # before Dash's own of that folder
    app = _Site(
        "dashboards",
        server=server,
        assets_folder=str(ASSETS),
        include_assets_files=False,
        requests_pathname_prefix=screens.root_path + "/",
        routes_pathname_prefix="/",
        title=screens.title.zh,
        update_title="",
        meta_tags=[{"name": "viewport", "content": "width=device-width,initial-scale=1,viewport-fit=cover"}],
        suppress_callback_exceptions=True,
        enable_mcp=False,
    )
    app.names = screens.title
    loading = html.Div(Text("载入中", "Loading").zh, className="sr", role="status")
    app.layout = [dcc.Location(id="at", refresh=False), dcc.Store(id="beat"), html.Div(loading, id="page")]

    @app.callback(Output("page", "children"), Input("at", "pathname"), State("at", "search"))
    @needs()
    def show(path: object, search: object) -> Component:
        return _page(path, search, screens, current_caller.get())

    hall.wire(app, screens)
    app._setup_server()  # Dash registers its files at its first own request, and /hall would come before that
    return app
