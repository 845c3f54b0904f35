"""The roster of a month and a hand-over as pages to print: plain HTML, A4, nothing but text."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from html import escape

from core.clock import CHINA
from core.texts import Lang, Text
from emergency.duty.roster import Double, Gap, Watch
from layers.catalogue.duty import DutyHandover
from layers.wording import code_label

STYLE = """
@page{size:A4 %s;margin:15mm 14mm}
body{font:14px/1.6 "Noto Sans SC","Microsoft YaHei",sans-serif;color:#111;max-width:%s;margin:20px auto;padding:0 12px}
h1{font-size:22px;text-align:center;margin:0 0 4px}p.under{text-align:center;margin:0 0 14px;color:#444}
table{border-collapse:collapse;width:100%%}
th,td{border:1px solid #444;padding:4px 7px;text-align:left;vertical-align:top}
th{background:#eee;white-space:nowrap}h2{font-size:16px;margin:16px 0 5px;break-after:avoid}
li{margin:1px 0}ol,ul{margin:0;padding-left:22px}.pre{white-space:pre-line}.none{color:#666}
.sign td{height:52px}.hash{font:12px/1.5 monospace;word-break:break-all}.bad{font-weight:700}
@media print{.screen{display:none}tr{break-inside:avoid}}
.screen{background:#eef3f6;padding:6px 12px;text-align:center}
"""
WEEK = Text("一二三四五六日", "MTWTFSS")


def roster_paper(
    month: date, watches: Iterable[Watch], missing: Iterable[Gap], twice: Iterable[Double], lang: Lang
) -> str:
    """A row for each day, a column for each post and role; what is missing or double stands under it."""
    say = lambda zh, en: Text(zh, en).of(lang)  # noqa: E731
    cells: dict[date, dict[tuple[str, str], list[Watch]]] = defaultdict(lambda: defaultdict(list))
    columns: dict[tuple[str, str], None] = {}
    order = {"leader": 0, "officer": 1, "deputy": 2}
    for one in sorted(watches, key=lambda each: (each.post, order.get(each.role, 3), each.starts_at)):
        columns[one.post, one.role] = None
        cells[one.starts_at.astimezone(CHINA).date()][one.post, one.role].append(one)
    head = "".join(
        f"<th>{escape(post)}<br>{escape(code_label('duty_role', role, lang))}</th>" for post, role in columns
    )
    days, day = [], month
    while day.month == month.month:
        row = "".join(f"<td>{'<br>'.join(_shift(one) for one in cells[day][column])}</td>" for column in columns)
        days.append(f"<tr><td>{day:%m-%d} {WEEK.of(lang)[day.weekday()]}</td>{row}</tr>")
        day += timedelta(days=1)
    faults = [*(gap_words(one, lang) for one in missing), *(double_words(one, lang) for one in twice)]
    told = (
        f"<h2>{say('缺岗与重复', 'Missing and double')}</h2><ol>"
        + "".join(f"<li>{escape(one)}</li>" for one in faults)
        + "</ol>"
        if faults
        else f"<p>{say('没有缺岗和重复。', 'Nobody is missing and nobody is wanted twice.')}</p>"
    )
    day_word = say("日期", "Day")
    title = say(f"{month:%Y}年{month.month}月值班表", f"Duty roster, {month:%Y-%m}")
    body = f"<table><thead><tr><th>{day_word}</th>{head}</tr></thead><tbody>{''.join(days)}</tbody></table>{told}"
    return _page(title, "", body, lang, wide=len(columns) > 4)


def handover_paper(
    one: DutyHandover, version: int, entry: Mapping[str, str], head: Mapping[str, str] | None, lang: Lang
) -> str:
    """A hand-over with both signatures and where the chain stood, to be compared with the system later."""
    say = lambda zh, en: Text(zh, en).of(lang)  # noqa: E731
    lists = (
        (say("未关闭报警", "Open alarms"), one.alarms), (say("处置中事件", "Open incidents"), one.incidents),
        (say("须回电", "Calls to return"), one.calls), (say("待回执", "Receipts awaited"), one.receipts),
        (say("在用资源", "Resources out"), one.resources),
    )  # fmt: skip
    parts = [
        f"<h2>{escape(title)} {len(lines)}</h2>"
        + (
            "<ol>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ol>"
            if lines
            else f'<p class="none">{say("无", "None")}</p>'
        )
        for title, lines in lists
    ]
    for title, text in ((say("设备状况", "Devices"), one.devices), (say("交代事项", "Notes"), one.notes)):
        parts.append(f'<h2>{title}</h2><p class="pre">{escape(text) or say("无", "None")}</p>')
    signed = (
        (say("交班人", "Handed over by"), one.out_name, one.out_at, one.out_how),
        (say("接班人", "Taken over by"), one.in_name, one.in_at, one.in_how),
    )
    parts.append(
        f'<h2>{say("签字", "Signatures")}</h2><table class="sign">'
        + "".join(
            f"<tr><th>{title}</th><td>{escape(name)}</td><td>{_when(at)}</td><td>{escape(_how(how, lang))}</td></tr>"
            for title, name, at, how in signed
        )
        + "</table>"
    )
    if one.late:
        parts.append(f'<p class="bad">{say("迟交接", "Handed over late")}</p>')
    parts.append(f"<h2>{say('存证', 'What it is compared with')}</h2>" + _chain(version, entry, head, lang))
    due = say(f"应于 {_when(one.due_at)} 交接", f"due {_when(one.due_at)}") if one.due_at else ""
    under = " · ".join(
        part for part in (one.code, say(f"汇总 {_when(one.drafted_at)}", _when(one.drafted_at)), due) if part
    )
    return _page(say(f"{one.post} 交接班记录", f"Hand-over, {one.post}"), under, "".join(parts), lang, wide=False)


def gap_words(gap: Gap, lang: Lang) -> str:
    """Where and when a role is missing."""
    role, start, end = code_label("duty_role", gap.role, lang), _when(gap.starts_at), _when(gap.ends_at)
    return Text(f"{gap.post} 缺{role}:{start} 至 {end}", f"{gap.post}: no {role} {start} to {end}").of(lang)


def double_words(double: Double, lang: Lang) -> str:
    """Who is wanted twice, or which role is held by two."""
    one, other = double.one, double.other
    start, end = _when(max(one.starts_at, other.starts_at)), _when(min(one.ends_at, other.ends_at))
    if double.person:
        zh, en = f"{one.person} 同时排在 {one.post} 和 {other.post}", f"{one.person} at {one.post} and {other.post}"
    else:
        role = code_label("duty_role", one.role, lang)
        zh, en = (
            f"{one.post} {role}排了两人:{one.person}、{other.person}",
            f"{one.post}: {one.person} and {other.person}",
        )
    return Text(f"{zh},{start} 至 {end}", f"{en}, {start} to {end}").of(lang)


def _chain(version: int, entry: Mapping[str, str], head: Mapping[str, str] | None, lang: Lang) -> str:
    say = lambda zh, en: Text(zh, en).of(lang)  # noqa: E731
    rows = [
        (say("记录版本", "Version"), str(version)), (say("链上编号", "Entry"), entry["seq"]),
        (say("记录摘要", "Hash of the record"), entry["row_hash"]), (say("链值", "Value of the chain"), entry["chain"]),
    ]  # fmt: skip
    if head is None:
        rows.append((say("签名头", "Signed head"), say("尚未签出,十分钟内签出后再打印", "none yet: print again")))
    else:
        rows += [
            (say("签名头时间", "Signed head of"), head["at"]), (say("签名头编号", "Its entry"), head["seq"]),
            (say("签名头摘要", "Its hash"), head["hash"]),
        ]  # fmt: skip
    lines = "".join(f'<tr><th>{title}</th><td class="hash">{escape(value)}</td></tr>' for title, value in rows)
    how = say(
        "核对:onemap audit verify 通过,且系统中该记录的版本、摘要与本页相同,则内容未改。",
        "To check: onemap audit verify passes, and version and hashes in the system are those of this page.",
    )
    return f"<table>{lines}</table><p>{how}</p>"


def _how(how: str, lang: Lang) -> str:
    words = {
        "password": Text("口令确认", "by password"), "session": Text("统一认证会话", "by session"),
        "demo": Text("演示数据", "demo data"),
    }  # fmt: skip
    return words[how].of(lang) if how in words else Text("未签", "not signed").of(lang)


def _shift(one: Watch) -> str:
    start, end = one.starts_at.astimezone(CHINA), one.ends_at.astimezone(CHINA)
    name = one.person.replace("，", ",").partition(",")[0]
    days = (end.date() - start.date()).days
    stands = f"(代{one.stands_in_for.partition(',')[0]})" if one.stands_in_for else ""
    return (
        f"{escape(name + stands)} {start:%H:%M}-{'次日 ' if days == 1 else f'{end:%m-%d} ' if days else ''}{end:%H:%M}"
    )


def _when(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"


def _page(title: str, under: str, body: str, lang: Lang, *, wide: bool) -> str:
    tag = "en" if lang is Lang.EN else "zh-CN"
    style = STYLE % (("landscape", "270mm") if wide else ("portrait", "182mm"))
    hint = Text("按 Ctrl P 打印,纸张 A4", "Ctrl P prints it on A4").of(lang)
    return (
        f'<!DOCTYPE html><html lang="{tag}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<style>{style}</style></head><body><p class="screen">{hint}</p><h1>{escape(title)}</h1>'
        f'<p class="under">{escape(under)}</p>{body}</body></html>'
    )
