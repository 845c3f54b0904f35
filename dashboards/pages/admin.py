"""Administration: people, what opens doors and who is sent warnings, in tabs that the page's own script fills."""

from dash import html
from dash.development.base_component import Component

from core.caller import Caller, Right
from core.texts import Text
from dashboards.pages import office
from dashboards.screens import Screens

TITLE = Text("账号与权限", "Accounts and rights")
TABS = (
    ("accounts", Text("账号", "Accounts"), Right.ACCOUNTS),
    ("groups", Text("分组", "Groups"), Right.ACCOUNTS),
    ("roles", Text("角色", "Roles"), Right.ACCOUNTS),
    ("keys", Text("密钥", "Keys"), Right.KEYS),
    ("walls", Text("大屏", "Wall screens"), Right.KEYS),
    ("recipients", Text("预警接收单位", "Recipients of warnings"), Right.KEYS),
    ("chores", Text("系统运行", "Running"), Right.ACCOUNTS),
)


def page(screens: Screens, caller: Caller) -> Component:
    """Head, tabs and the room they share."""
    lang = caller.lang
    tabs = [
        html.Button(
            title.of(lang),
            type="button",
            role="tab",
            id=f"admin-tab-{name}",
            **{"data-tab": name, "aria-controls": "admin-body"},
        )
        for name, title, right in TABS
        if caller.may(right)
    ]
    body = [
        html.H2(TITLE.of(lang), className="adm-title"),
        html.Div(tabs, role="tablist", className="adm-tabs", **{"aria-label": TITLE.of(lang)}),
        html.Div(id="admin-body", role="tabpanel"),
    ]
    parts = [office.head(screens, caller, "admin"), html.Div(body, className="adm"), html.Div(id="office-dialog")]
    return html.Main(parts, className="screen office", **{"data-screen": "admin", "data-theme": "day"})
