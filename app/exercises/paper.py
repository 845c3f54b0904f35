"""The score sheet of an exercise on paper: every expected action with its time, replies and the evaluator's remark."""

import re
from collections.abc import Sequence
from datetime import datetime

from casework.documents.filling import Values, filled_form
from casework.documents.kinds import kind as form_of
from casework.documents.printing import printed
from casework.documents.wording import SAID, moment
from casework.press import Made, Press
from core.clock import CHINA
from core.texts import Text
from core.units import Second
from emergency.exercises.course import played
from emergency.exercises.score import RESULTS, Result, Scored, counts, measure
from layers.catalogue.exercises import ExerciseRun
from layers.codes import code_list

_SAID = re.compile(r"^【[^】]*】[^:：]*[:：]")
"""What a line of the log begins with: number and to whom, which the sheet has beside it."""

FORM, MARK = "exercise-score", "演练"
PLACES = "、"


def paper(
    run: ExerciseRun, lines: Sequence[Scored], names: dict[str, str], press: Press, *, by: str, at: datetime
) -> Made:
    """The sheet as DOCX and PDF, of the log as it stands."""
    form = form_of(FORM)
    values = {**words(run, lines, names, by=by, at=at), "unverified": SAID[form.status]}
    docx = filled_form(form.template.read_bytes(), values)
    return Made(docx=docx, pdf=printed(docx, press.page, mark=MARK))


def words(run: ExerciseRun, lines: Sequence[Scored], names: dict[str, str], *, by: str, at: datetime) -> Values:
    """What the form is filled with."""
    found = counts(lines)
    fired = len(lines) - found[Result.UNFIRED]
    state = code_list("exercise_state").label(run.state) or run.state
    when = "尚未开始" if run.started_at is None else f"{moment(run.started_at)}开始"
    if run.ended_at is not None:
        when += f"，{moment(run.ended_at)}结束"
    stood = f"，其中暂停 {len(run.pauses)} 次不计时" if run.pauses else ""
    return {
        "played": "演　练", "organ": "应急演练评估表", "title": run.title, "number": f"{run.code}　脚本 {run.script}",
        "lead": f"{when}{stood}；演练时间共 {spell(played(run, at).total_seconds())}，现为“{state}”。参演地区："
        f"{PLACES.join(names.get(area, area) for area in run.areas)}。导调人：{run.director}。",
        "total": f"导调信息 {len(lines)} 条，已注入 {fired} 条，有回应 {measure(lines).done} 条；预期处置按时完成 "
        f"{found[Result.DONE]} 项，逾期完成 {found[Result.LATE]} 项，未完成 {found[Result.MISSED]} 项，时限内未办 "
        f"{found[Result.OPEN]} 项，未注入 {found[Result.UNFIRED]} 项。",
        "lines": [_line(one, names) for one in lines],
        "remarks": [
            f"{one.inject.number:02d}　{one.inject.remark}（评估员 {one.inject.remark_by}，"
            f"{_clock(one.inject.remark_at)}）"
            for one in lines
            if one.inject.remark
        ] or ["没有填写评估意见。"],
        "made": f"制作：{by}　{moment(at)}", "foot": f"【演练】{run.code} 评估表",
        "basis": "按演练日志成文；划去的记录不计。时间为演练时间，暂停不计。本表所列均为演练，不是真实事件。",
    }  # fmt: skip


def _line(one: Scored, names: dict[str, str]) -> dict[str, str]:
    inject = one.inject
    took = "" if one.took is None else f"（用时 {spell(one.took)}）"
    last = one.done or (one.replies[-1] if one.replies else None)
    return {
        "number": f"{inject.number:02d}", "at": _clock(inject.fired_at) or f"T+{spell(inject.offset)}",
        "to": f"{inject.to}（{names.get(inject.area, inject.area)}）",
        "text": f"{code_list('inject_kind').label(inject.kind) or inject.kind}：{inject.text}",
        "expected": f"{inject.expected}（{spell(inject.within)}内）",
        "result": f"{RESULTS[one.result].zh}{took}",
        "reply": "无回应" if last is None else f"{_clock(last.at)} {_SAID.sub('', last.text)}",
    }  # fmt: skip


def spell(seconds: Second) -> str:
    """Minutes and seconds in words.

    >>> spell(60), spell(135), spell(45)
    ('1分', '2分15秒', '45秒')
    """
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}分" * bool(minutes) + f"{rest}秒" * (bool(rest) or not minutes)


def result_word(result: Result) -> Text:
    """In a word."""
    return RESULTS[result]


def _clock(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(CHINA):%H:%M:%S}"
