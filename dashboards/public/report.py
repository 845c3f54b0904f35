"""The pages on which the public reports to 12350 and follows a report: forms that work without any script."""

from collections.abc import Mapping
from datetime import date
from html import escape
from pathlib import Path

from casework.limits import limit
from casework.telling import STATUS
from casework.terms import local_day
from core.clock import CHINA
from core.texts import Lang, Text
from dashboards.queries.wording import code_label, number
from dashboards.screens import Screens
from layers.catalogue.complaints import Complaint
from layers.codes import code_list

PAGE = (Path(__file__).parent / "report.html").read_text("utf-8")
PHOTOS = 3
PICTURES = "image/jpeg,image/png,image/webp"
FIELDS = ("kind", "accused_name", "area", "place", "happened_on", "description")
"""What the public fills in of the register, besides the mark of deaths and a place on the map."""

TITLE = Text("安全生产举报 12350", "Report a danger (12350)")
TABS = (("/public/report", Text("我要举报", "Report")), ("/public/report/progress", Text("凭码查询", "Follow by code")))
LABELS: dict[str, Text] = {
    "kind": Text("举报类别", "What it is"), "accused_name": Text("被举报单位", "Who"),
    "area": Text("所在区县", "District"), "place": Text("地点", "Where"), "happened_on": Text("发生日期", "When"),
    "description": Text("情况说明", "What you saw"),
}  # fmt: skip
HINTS: dict[str, Text] = {
    "accused_name": Text("单位名称，不清楚可不填", "its name; leave out if unknown"),
    "place": Text("镇街、路名、车间或设施，写到找得到", "town, road, workshop: so that it can be found"),
    "description": Text(
        "什么时候、什么地方、什么人做了什么、有什么危险。请勿写本人姓名和电话",
        "When, where, who does what, what may happen. Do not write your own name or phone",
    ),
}
NEEDED = ("kind", "area", "place", "description")
LONGEST = {"accused_name": 120, "place": 200, "description": 2000}
SAID = {
    "choose": Text("请选择", "choose"), "needed": Text("必填", "required"),
    "deaths": Text("涉及人员死亡", "People died"), "photo": Text("现场照片", "Photographs"),
    "photo_hint": Text(
        f"至多 {PHOTOS} 张。照片可能带有拍摄位置和手机型号，浏览器启用脚本时先去除再上传",
        f"{PHOTOS} at most. They may tell place and phone; with scripts on, that is taken off before they are sent",
    ),
    "contact": Text("留下联系方式（可不填）", "Leave a contact (you need not)"),
    "contact_hint": Text(
        "密封保存，只有指定人员可拆阅，每次拆阅都有记录。被举报单位和一般承办人员看不到",
        "Kept sealed: a few named people may open it, each time on record. Neither the firm nor who handles it can",
    ),
    "name": Text("姓名", "Name"), "phone": Text("电话", "Phone"), "send": Text("提交举报", "Send the report"),
    "locate": Text("取本机位置", "Use my position"), "located": Text("已取得位置", "position taken"),
    "unlocated": Text("未能取得位置，可只写地点", "no position; the words will do"),
    "offline": Text(
        "没有网络，尚未提交。所填内容仍在本页，恢复后再点提交，不会重复登记",
        "No network: not sent. What you typed stays on this page; press again later, it is taken once",
    ),
    "sending": Text("正在提交", "Sending"), "filed": Text("举报已提交", "Your report was received"),
    "keep": Text(
        "请抄下或截屏保存查询码。它只显示这一次，本系统只留标记，丢失后无法找回。",
        "Write the code down. It is shown this once; the system keeps only a mark of it and cannot find it again.",
    ),
    "code": Text("查询码", "Code"), "ask": Text("查询", "Ask"), "number": Text("举报编号", "Number"),
    "state": Text("办理状态", "State"), "received": Text("提交时间", "Received"),
    "accepted": Text("受理时间", "Accepted"), "close_by": Text("办结期限", "To be closed by"),
    "handler": Text("承办单位", "Handled by"), "handed": Text("转交部门", "Handed on to"),
    "outcome": Text("核查结论", "Outcome"), "answer": Text("答复", "Answer"), "answered": Text("答复时间", "Answered"),
    "reward": Text("奖励金额", "Reward"), "yuan": Text("{n} 元", "CNY {n}"), "added": Text("已补充", "Added"),
    "paid": Text("兑付时间", "Paid"), "add": Text("补充材料", "Add material"), "urge": Text("催办", "Urge"),
    "claim": Text("申领奖励", "Claim the reward"),
    "claim_hint": Text(
        "凭查询码到受理单位领取的不用填写；需要其他方式的写明，密封保存",
        "Leave blank to be paid at the office against the code; else say how, it is kept sealed",
    ),
    "extended": Text("（已延期）", " (extended)"),
}  # fmt: skip
DONE = {
    "add": Text("材料已补充", "Added"), "urge": Text("已催办", "Urged"), "claim": Text("奖励已申领", "Claimed"),
}  # fmt: skip
NOTE = Text("举报须知", "Before you report")
NOTES = (
    Text("正在发生的险情请先拨打 119、110 或 120。", "In an emergency call 119, 110 or 120 first."),
    Text("可以匿名。本系统不保存提交举报的网络地址和登录账号。",
         "You may stay anonymous: neither your network address nor an account is kept."),
    Text("受理之日起 {close}内办结，情况复杂的延长不超过 {more}（期限依据：{status}）。",
         "Closed within {close} of acceptance, {more} longer where it is complex (the rule: {status})."),
    Text("查证属实的按规定奖励，匿名举报凭查询码申领。",
         "What is found true is rewarded by the rules, an anonymous report against its code."),
    Text("捏造事实诬告他人的，依法承担责任。", "Whoever invents what they report answers for it by law."),
    Text("依据《中华人民共和国安全生产法》第七十三条、第七十四条、第七十六条。", "Work Safety Law, art. 73, 74, 76."),
)  # fmt: skip


def report_page(
    screens: Screens, areas: Mapping[str, str], *, lang: Lang, key: str, given: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """The form, empty or as it was filled in with what is wrong beside each field."""
    given, faults = given or {}, faults or {}
    say = _say(lang)
    kinds = {one.code: one.title.of(lang) for one in code_list("complaint_kind")}
    fields = "".join((
        _select("kind", kinds, given, faults, lang), _line("accused_name", given, faults, lang),
        _select("area", areas, given, faults, lang), _line("place", given, faults, lang),
        _row("happened_on", f'<input type="date" {_named("happened_on", faults)} '
             f'value="{_value(given, "happened_on")}">', faults, lang),
        _row("description", f'<textarea {_named("description", faults)} rows="7" maxlength="2000" required>'
             f'{escape(given.get("description", ""))}</textarea>', faults, lang, wide=True),
    ))  # fmt: skip
    deaths = " checked" if given.get("deaths") == "1" else ""
    whole = [rule for name, rule in faults.items() if name not in LABELS]
    body = (
        f"{''.join(f'<p class="fault" role="alert">{escape(one)}</p>' for one in whole)}"
        f'<form class="report-form" method="post" action="{screens.root_path}/public/report" '
        f'enctype="multipart/form-data"{_said("locate", "located", "unlocated", "offline", "sending", lang=lang)}>'
        f'<input type="hidden" name="key" value="{escape(key, quote=True)}">'
        f'<input type="hidden" name="lon" value="{_value(given, "lon")}">'
        f'<input type="hidden" name="lat" value="{_value(given, "lat")}">{fields}'
        f'<label class="tick"><input type="checkbox" name="deaths" value="1"{deaths}> {say("deaths")}</label>'
        f'<div class="wide"><label for="photo">{say("photo")}</label><input id="photo" name="photo" type="file" '
        f'accept="{PICTURES}" multiple><p class="small">{say("photo_hint")}</p></div>'
        f'<details class="wide"{" open" if given.get("name") or given.get("phone") else ""}><summary><span>'
        f"{say('contact')}</span></summary><div>"
        f'<p class="small">{say("contact_hint")}</p><div class="two">{_plain("name", given, lang, "name")}'
        f"{_plain('phone', given, lang, 'tel')}</div></div></details>"
        f'<p class="fault send-said" role="status" hidden></p>'
        f'<button class="button" type="submit">{say("send")}</button></form>'
    )
    return _page(screens, "/public/report", body, lang)


def filed(screens: Screens, code: str, *, lang: Lang) -> str:
    """The code, once."""
    say = _say(lang)
    body = (
        f'<div class="filed" role="status"><p class="verdict yes">{say("filed")}</p><p class="small">{say("code")}</p>'
        f'<p class="the-code">{escape(code)}</p><p>{say("keep")}</p></div>'
    )
    return _page(screens, "/public/report", body, lang)


def followed(
    screens: Screens, *, lang: Lang, code: str = "", row: Complaint | None = None, may: tuple[str, ...] = (),
    done: str = "", faults: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """Where a code is typed, and what became of the report it belongs to."""
    say, action = _say(lang), f"{screens.root_path}/public/report/progress"
    wrong = "".join(f'<p class="fault" role="alert">{escape(one)}</p>' for one in (faults or {}).values())
    ask = (
        f'<form class="ask" method="post" action="{action}"><input name="code" value="{escape(code, quote=True)}" '
        f'placeholder="XXXX-XXXX-XXXX-XXXX" aria-label="{say("code")}" minlength="16" maxlength="40" autocomplete="off"'
        f' spellcheck="false" required><button class="button" type="submit">{say("ask")}</button></form>{wrong}'
    )
    if row is None:
        return _page(screens, "/public/report/progress", ask, lang)
    told = f'<p class="verdict yes" role="status">{DONE[done].of(lang)}</p>' if done in DONE else ""
    pairs = "".join(
        f"<div><dt>{say(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in _pairs(row, lang) if value
    )
    hidden = f'<input type="hidden" name="code" value="{escape(code, quote=True)}">'
    forms = "".join(
        _act(act, action, hidden, lang)
        for step, act in (("claim_reward", "claim"), ("add_material", "add"), ("urge", "urge"))
        if step in may
    )
    return _page(screens, "/public/report/progress", f'{ask}{told}<dl class="paper">{pairs}</dl>{forms}', lang)


def _pairs(row: Complaint, lang: Lang) -> list[tuple[str, str]]:
    extended = SAID["extended"].of(lang) if row.extended else ""
    answered = row.replied_at is not None
    return [
        ("number", row.code), ("state", code_label("complaint_state", row.state, lang)),
        ("received", _day(row.opened_at)), ("accepted", _day(row.accepted_at)),
        ("close_by", f"{row.close_by}{extended}" if row.close_by and not answered else ""),
        ("handler", row.handler), ("handed", row.transferred_to),
        ("added", "\n".join(row.supplements)), ("answered", _day(row.replied_at)),
        ("outcome", code_label("complaint_outcome", row.outcome, lang) if answered and row.outcome else ""),
        ("answer", row.answer if answered else ""),
        ("reward", "" if row.reward is None else SAID["yuan"].of(lang).format(n=number(row.reward))),
        ("paid", _day(row.paid_at)),
    ]  # fmt: skip


def _act(act: str, action: str, hidden: str, lang: Lang) -> str:
    say = _say(lang)
    hint = f'<p class="small">{say("claim_hint")}</p>' if act == "claim" else ""
    photo = (
        f'<input name="photo" type="file" accept="{PICTURES}" multiple aria-label="{say("photo")}">'
        if act == "add" else ""
    )  # fmt: skip
    needed = " required" if act == "add" else ""
    lines = 4 if act == "add" else 2
    return (
        f'<form class="act" method="post" action="{action}" enctype="multipart/form-data"'
        f'{_said("offline", "sending", lang=lang)}>{hidden}<input type="hidden" name="act" value="{act}">'
        f'<h3>{say(act)}</h3>{hint}<textarea name="words" rows="{lines}" maxlength="2000" aria-label="{say(act)}"'
        f"{needed}></textarea>{photo}"
        f'<p class="fault send-said" role="status" hidden></p>'
        f'<button class="button" type="submit">{say(act)}</button></form>'
    )


def _page(screens: Screens, here: str, body: str, lang: Lang) -> str:
    other_lang = Lang.ZH if lang is Lang.EN else Lang.EN
    now = screens.clock().astimezone(CHINA)
    mark, said = ' class="here" aria-current="page"', _limits(screens, lang)
    return PAGE.format(
        tag="en" if lang is Lang.EN else "zh-CN", title=escape(TITLE.of(lang)), city=escape(screens.title.of(lang)),
        root=screens.root_path, here=here, other_lang=other_lang.value,
        other_tag="en" if other_lang is Lang.EN else "zh-CN", other="English" if other_lang is Lang.EN else "中文",
        demo=f'<span class="tag">{escape(Text("演示数据", "Demo data").of(lang))}</span>' if screens.demo else "",
        public=escape(Text("公共服务", "Public service").of(lang)), body=body,
        tabs="".join(
            f'<a href="{screens.root_path}{path}"{mark if path == here else ""}>{escape(title.of(lang))}</a>'
            for path, title in TABS
        ),
        note_title=escape(NOTE.of(lang)),
        notes="".join(f"<p>{escape(one.of(lang).format(**said))}</p>" for one in NOTES),
        asof=escape(Text("时间", "Time").of(lang)), at=now.strftime("%Y-%m-%d %H:%M"),
    )  # fmt: skip


def _limits(screens: Screens, lang: Lang) -> dict[str, str]:
    """The limits that the notes name, as the rules have them today."""
    today = local_day(screens.clock())
    close, more = (limit(one, today) for one in ("complaint-close", "complaint-extend"))
    return {
        "close": close.term.title.of(lang),
        "more": more.term.title.of(lang),
        "status": STATUS[close.status].of(lang),
    }


def _say(lang: Lang) -> "_Words":
    return _Words(lang)


class _Words:
    """A sentence by its name, escaped."""

    def __init__(self, lang: Lang) -> None:
        self._lang = lang

    def __call__(self, name: str) -> str:
        return escape(SAID[name].of(self._lang), quote=True)


def _row(name: str, control: str, faults: Mapping[str, str], lang: Lang, *, wide: bool = False) -> str:
    needed = f' <b class="needed">{escape(SAID["needed"].of(lang))}</b>' if name in NEEDED else ""
    hint = f'<p class="small">{escape(HINTS[name].of(lang))}</p>' if name in HINTS else ""
    fault = f'<p class="wrong" id="{name}-fault">{escape(faults[name])}</p>' if name in faults else ""
    kind = ' class="wide"' if wide else ""
    return f'<div{kind}><label for="{name}">{escape(LABELS[name].of(lang))}{needed}</label>{control}{hint}{fault}</div>'


def _named(name: str, faults: Mapping[str, str]) -> str:
    wrong = f' aria-invalid="true" aria-describedby="{name}-fault"' if name in faults else ""
    return f'id="{name}" name="{name}"{wrong}'


def _line(name: str, given: Mapping[str, str], faults: Mapping[str, str], lang: Lang) -> str:
    needed = " required" if name in NEEDED else ""
    control = (
        f'<input type="text" {_named(name, faults)} value="{_value(given, name)}" maxlength="{LONGEST[name]}"{needed}>'
    )
    return _row(name, control, faults, lang)


def _select(
    name: str, choices: Mapping[str, str], given: Mapping[str, str], faults: Mapping[str, str], lang: Lang
) -> str:  # fmt: skip
    options = "".join(
        f'<option value="{escape(code, quote=True)}"{" selected" if given.get(name) == code else ""}>{escape(title)}'
        "</option>"
        for code, title in choices.items()
    )
    first = f'<option value="">{escape(SAID["choose"].of(lang))}</option>'
    return _row(name, f"<select {_named(name, faults)} required>{first}{options}</select>", faults, lang)


def _plain(name: str, given: Mapping[str, str], lang: Lang, complete: str) -> str:
    kind = "tel" if complete == "tel" else "text"
    return (
        f'<div><label for="{name}">{escape(SAID[name].of(lang))}</label><input id="{name}" name="{name}" type="{kind}" '
        f'value="{_value(given, name)}" maxlength="40" autocomplete="off"></div>'
    )


def _value(given: Mapping[str, str], name: str) -> str:
    return escape(given.get(name, ""), quote=True)


def _said(*names: str, lang: Lang) -> str:
    """Sentences that the script says, as the page carries them."""
    return "".join(f' data-{name}="{escape(SAID[name].of(lang), quote=True)}"' for name in names)


def _day(at: object) -> str:
    if at is None:
        return ""
    if isinstance(at, date) and not hasattr(at, "astimezone"):
        return at.isoformat()
    return str(at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M"))  # type: ignore[attr-defined]
