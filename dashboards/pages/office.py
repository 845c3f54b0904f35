"""The frame of every office page: head with the ways in, search and the account, and the foot."""

from dash import html
from dash.development.base_component import Component

from core.caller import Caller, Right, UserClass
from core.texts import Lang, Text
from dashboards.queries.entries import doors
from dashboards.screens import Screens

CLASSES: dict[UserClass, Text] = {
    UserClass.REGULATOR: Text("监管人员", "Regulator"),
    UserClass.COMMITTEE: Text("安委会成员", "Committee member"),
    UserClass.ENTERPRISE: Text("企业用户", "Enterprise"),
    UserClass.INTERMEDIARY: Text("中介机构", "Intermediary"),
    UserClass.PUBLIC: Text("公众", "Public"),
    UserClass.SYSTEM: Text("系统", "System"),
}


def names(caller: Caller) -> tuple[str, str]:
    """Person and unit, as an account's name joins them with a comma."""
    person, _, unit = caller.actor.name.replace("，", ",").partition(",")
    return person.strip(), unit.strip()


def class_word(caller: Caller) -> Text:
    """What the reader is, in a word."""
    return CLASSES[caller.user_class]


def _account(screens: Screens, caller: Caller) -> Component:
    lang, root = caller.lang, screens.root_path
    other, code, tag = ("中文", "zh", "zh-CN") if lang is Lang.EN else ("English", "en", "en")
    say = lambda zh, en: Text(zh, en).of(lang)  # noqa: E731
    name = Text("，", ", ").of(lang).join(part for part in names(caller) if part)
    rows = [
        html.P([html.B(names(caller)[0]), html.Span(class_word(caller).of(lang), className="t3")]),
        html.A(say("个人设置", "Profile"), href=f"{root}/profile"),
        html.A(other, href=f"?lang={code}", lang=tag, hrefLang=tag),
        html.Button(say("切换深色", "Dark theme"), type="button", className="theme-switch"),
        html.Form(html.Button(say("退出登录", "Sign out"), type="submit"), method="post", action=f"{root}/signout"),
    ]
    label = html.Summary([html.Span(className="face", **{"data-icon": "person"}), html.Span(name, className="el")])
    return html.Details([label, html.Div(rows, className="account-menu")], className="account-box")


def _bell(lang: Lang) -> Component:
    label = Text("消息", "Messages").of(lang)
    parts = [html.Span(className="face", **{"data-icon": "bell"}), html.Span(id="office-unread", className="unread")]
    return html.Button(parts, id="office-bell", type="button", **{"aria-label": label, "title": label})


def head(screens: Screens, caller: Caller, here: str) -> Component:
    """City, ways in, search, account."""
    lang = caller.lang
    tag = [html.Span(Text("演示数据", "Demo data").of(lang), className="demo-tag")] if screens.demo else []
    links = [
        html.A(
            title.of(lang),
            href=f"{screens.root_path}/{path}",
            **({"className": "here", "aria-current": "page"} if path == here else {}),
        )
        for path, title in doors(caller)
    ]
    return html.Header(
        [
            html.H1(screens.title.of(lang)),
            *tag,
            html.Nav(links, **{"aria-label": Text("页面", "Pages").of(lang)}),
            html.Details(
                [html.Summary(Text("更多", "More").of(lang)), html.Nav(id="office-ways")],
                className="ways-more",
                hidden=True,
            ),
            html.Span(className="sp"),
            *([html.Div(id="office-search", className="search")] if caller.may(Right.MAP) else []),
            *([_bell(lang)] if caller.session else []),
            _account(screens, caller),
        ],
        className="office-head",
    )


def lost(lang: Lang) -> Component:
    """The amber bar of a lost link."""
    words = [html.B(**{"data-lost-words": "1"}), html.Span(**{"data-lost-more": "1"})]
    return html.Div(words, className="lost-bar office-lost", role="alert", lang=lang.value)


def panel(name: str, title: Text, lang: Lang, *, body: list[Component] | None = None, skeleton: int = 3) -> Component:
    """A titled box that the page's script fills; grey lines stand in it until then."""
    lines = [html.Span(className="skeleton", style={"width": f"{82 - 18 * (n % 3)}%"}) for n in range(skeleton)]
    return html.Section(
        [
            html.Header([html.H2(title.of(lang)), html.Span(className="more", id=f"{name}-more")]),
            html.Div(body if body is not None else lines, id=f"{name}-body", className="panel-body"),
        ],
        id=name,
        className="panel",
        **{"aria-label": title.of(lang)},
    )
