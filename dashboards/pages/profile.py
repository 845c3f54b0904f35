"""The reader's own page: who they are here, language, theme; how they sign in has a place of its own below."""

import json

from dash import html
from dash.development.base_component import Component

from core.caller import Caller
from core.texts import Lang, Text
from dashboards.pages import office
from dashboards.queries.wording import area_names, whole_city
from dashboards.screens import Screens

_LANGUAGES = ((Lang.ZH, "中文", "zh-CN"), (Lang.EN, "English", "en"))
_THEMES = (("day", Text("浅色", "Light")), ("night", Text("深色", "Dark")))


def _pair(title: Text, words: str, lang: Lang) -> Component:
    return html.Div([html.Dt(title.of(lang)), html.Dd(words)])


def _areas(screens: Screens, caller: Caller) -> str:
    named = area_names(screens.store, caller.scope)
    if whole_city(caller.scope, named):
        return Text("全市", "Whole city").of(caller.lang)
    joint = Text("、", ", ").of(caller.lang)
    return joint.join(named.get(code, code) for code in caller.scope.areas)


def _who(screens: Screens, caller: Caller) -> list[Component]:
    lang = caller.lang
    person, unit = office.names(caller)
    pairs = [
        _pair(Text("姓名", "Name"), person, lang),
        _pair(Text("账号", "Account"), caller.actor.id, lang),
        _pair(Text("单位", "Unit"), unit or Text("未登记", "Not entered").of(lang), lang),
        _pair(Text("用户类别", "Class of user"), office.class_word(caller).of(lang), lang),
    ]
    pairs.append(_pair(Text("辖区", "Areas"), _areas(screens, caller), lang))
    if caller.scope.enterprises is not None:
        owned = Text("、", ", ").of(lang).join(sorted(caller.scope.enterprises))
        pairs.append(_pair(Text("所属企业", "Enterprises"), owned, lang))
    return [html.Dl(pairs)]


def _language(lang: Lang) -> list[Component]:
    links = [
        html.A(name, href=f"?lang={code.value}", lang=tag, hrefLang=tag, className="here" if code is lang else "")
        for code, name, tag in _LANGUAGES
    ]
    return [html.Div(links, className="choices")]


def page(screens: Screens, caller: Caller) -> Component:
    """Who, language, theme, and the slot for how they sign in."""
    lang, panel = caller.lang, office.panel
    body = [
        html.H2(Text("个人设置", "Profile").of(lang), className="title"),
        panel("profile-who", Text("身份", "Who you are"), lang, body=_who(screens, caller)),
        panel("profile-language", Text("语言", "Language"), lang, body=_language(lang)),
        panel(
            "profile-theme",
            Text("界面颜色", "Theme"),
            lang,
            body=[
                html.Div(
                    className="choices",
                    id="profile-themes",
                    role="radiogroup",
                    **{f"data-{value}": words.of(lang) for value, words in _THEMES},
                )
            ],
        ),
        panel("profile-contacts", Text("消息接收", "Where you are told"), lang, skeleton=2),
        html.Section(id="security", **{"data-areas": json.dumps(area_names(screens.store, caller.scope))}),
    ]
    parts = [
        office.head(screens, caller, "profile"),
        html.Div(body, className="profile"),
        html.Footer(
            html.A(Text("返回门户", "Back to the portal").of(lang), href=f"{screens.root_path}/home"),
            className="office-foot",
        ),
        html.Div(id="office-dialog"),
    ]
    return html.Main(parts, className="screen office", **{"data-screen": "profile", "data-theme": "day"})
