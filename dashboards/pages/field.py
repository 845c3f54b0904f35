"""The phone of a team: its orders, one at a time, the next step under the thumb; its own script fills it."""

from dash import html
from dash.development.base_component import Component

from core.caller import Caller
from core.texts import Text
from dashboards.screens import Screens


def page(screens: Screens, caller: Caller) -> Component:
    """The frame."""
    say = lambda zh, en: Text(zh, en).of(caller.lang)  # noqa: E731
    tag = [html.Span(say("演示数据", "Demo data"), className="demo-tag")] if screens.demo else []
    head = html.Header(
        [
            html.H1(say("任务", "Tasks"), id="field-title"), *tag, html.Span(className="sp"),
            html.Span(id="field-link", className="field-link", role="status"),
        ],
        className="field-head",
    )  # fmt: skip
    body = [
        head,
        html.P(id="field-old", className="field-old", hidden=True, role="status"),
        html.Button(id="field-count", className="field-count", hidden=True, type="button"),
        html.Ul(id="field-unsent", className="field-unsent", hidden=True, **{"aria-live": "polite"}),
        html.Div(id="field-one", className="field-one"),
        html.Div(id="field-scene", className="field-scene"),
        html.Section(id="field-others", className="field-others", **{"aria-label": say("其他指令", "Other orders")}),
        html.Div(id="field-account", className="field-account", **{"data-name": caller.actor.name}),
        html.Footer(id="field-acts", className="field-acts"),
    ]
    attributes = {
        "data-screen": "field", "data-theme": "night", "data-account": caller.account,
        "data-rights": " ".join(sorted(caller.rights)), **({"data-away": "1"} if screens.take_along else {}),
    }  # fmt: skip
    return html.Main(body, className="screen field", **attributes)
