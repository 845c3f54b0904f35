"""What one version of a procedure changes over another, in sentences that an administrator reads before publishing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.casetype import CaseType, Clock, Role
from casework.designing import sentence
from casework.documents.kinds import kinds
from casework.engine import ROLES
from casework.limits import limit
from casework.reminders import Rung, Tier
from casework.telling import rung_words
from casework.versions import Data
from core.errors import NotFoundError
from core.texts import Lang, Text
from layers.codes import code_list

CLOCKS = {
    Clock.GOES_ON: Text("继续计时", "the clock goes on"),
    Clock.KEEPS: Text("期限照旧", "the limit that runs holds on"),
    Clock.STOPS: Text("暂停计时", "the clock stops"),
    Clock.RESUMES: Text("恢复计时", "the clock resumes"),
}
NOTHING = Text("无", "none")
Say = Callable[[Any], Text]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference; `step` names the step it is in, or nothing."""

    step: str
    text: Text


class Wording:
    """Codes of a procedure's parts in words, as either version has them."""

    def __init__(self, now: CaseType, on: date, *versions: Data) -> None:
        self.now = now
        self.on = on
        self.states = {one.code: one.title for one in code_list(now.state_list)}
        self.papers: dict[str, Text] = {}
        for data in versions:
            self.states |= {one["code"]: _text(one["title"]) for one in data.get("own", ())}
            self.papers |= {one["id"]: _text(one["title"]) for one in data["documents"]}

    def state(self, code: Any) -> Text:
        """A state, or that it stays."""
        return Text("不变", "stays") if code is None else self.states.get(code, Text(code, code))

    def role(self, code: Any) -> Text:
        """As whom."""
        return ROLES[Role(code)] if code in set(Role) else Text(code, code)

    def field(self, name: Any) -> Text:
        """A field of the register."""
        if name is None or name == "geometry":
            return Text("位置", "Place") if name else NOTHING
        spec = self.now.register.fields.get(name)
        return Text(name, name) if spec is None else spec.title

    def rule(self, name: Any) -> Text:
        """A guard or an effect."""
        return NOTHING if name is None else sentence(name)

    def paper(self, id: Any) -> Text:
        """A document."""
        return self.papers.get(id, Text(id, id))

    def form(self, id: Any) -> Text:
        """The form of a document."""
        found = kinds().get(id)
        return Text(id, id) if found is None else found.title

    def limit(self, id: Any) -> Text:
        """A rule of a time limit with how long it gives."""
        if id is None:
            return NOTHING
        try:
            found = limit(id, self.on)
        except NotFoundError:
            return Text(id, id)
        return Text(f"{found.title.zh} {found.term.title.zh}", f"{found.title.en}, {found.term.title.en}")


def differences(then: Data, after: Data, now: CaseType, on: date) -> tuple[Change, ...]:
    """Everything `after` changes over `then`, in the order of the page."""
    return tuple(_changes(then, after, Wording(now, on, then, after)))


def _changes(then: Data, after: Data, words: Wording) -> Iterator[Change]:
    for name, zh, en in (("title", "名称", "Title"), ("about", "说明", "About"), ("law", "依据", "Law")):
        yield from _moved("", Text(zh, en), then[name], after[name], _text)
    yield from _listed("", Text("状态", "States"), then["states"], after["states"], words.state)
    yield from _listed("", Text("办结状态", "Final states"), then["final"], after["final"], words.state)
    yield from _moved("", Text("起始状态", "Start"), then["start"], after["start"], words.state)
    before_own, own = ({one["code"]: one for one in data.get("own", ())} for data in (then, after))
    for code in before_own.keys() & own.keys():
        yield from _moved("", Text("状态名称", "State"), before_own[code]["title"], own[code]["title"], _text)
        turn = Text(f"状态“{words.state(code).zh}”待办方", f"who acts in {words.state(code).en!r}")
        yield from _moved("", turn, before_own[code]["turn"], own[code]["turn"], words.role)
    yield from _papers(then, after, words)
    ladders = [[(one["days"], one["tier"]) for one in data["reminders"]] for data in (then, after)]
    yield from _listed("", Text("提醒", "Reminders"), ladders[0], ladders[1], _rung)
    yield from _steps(then, after, words)


def _papers(then: Data, after: Data, words: Wording) -> Iterator[Change]:
    old, new = ({one["id"]: one for one in data["documents"]} for data in (then, after))
    yield from _listed(
        "", Text("文书", "Documents"), list(old), list(new), lambda id: _text((new.get(id) or old[id])["title"])
    )
    for id in old.keys() & new.keys():
        yield from _moved("", Text("文书名称", "Document"), old[id]["title"], new[id]["title"], _text)
        yield from _moved("", _of(new[id], "式样", "form"), old[id]["form"], new[id]["form"], words.form)
        when = _of(new[id], "印发条件", "made where")
        yield from _moved("", when, old[id].get("when"), new[id].get("when"), words.rule)
        was, now = old[id].get("fills", []), new[id].get("fills", [])
        yield from _listed("", _of(new[id], "由程序填写", "filled in by the program"), was, now, words.rule)


def _of(paper: Data, zh: str, en: str) -> Text:
    return Text(f"文书“{paper['title'][0]}”{zh}", f"document {paper['title'][1]!r}, {en}")


def _steps(then: Data, after: Data, words: Wording) -> Iterator[Change]:
    old, new = ({step["name"]: step for step in data["steps"]} for data in (then, after))
    for name in old:
        if name not in new:
            title = _text(old[name]["title"])
            yield Change(step=name, text=Text(f"删去步骤“{title.zh}”", f"Step {title.en!r} is taken out"))
    for name, step in new.items():
        title = _text(step["title"])
        if name not in old:
            source = _joined([words.state(one) for one in step["source"]])
            target, by = words.state(step["target"]), _joined([words.role(one) for one in step["by"]])
            yield Change(
                step=name,
                text=Text(
                    f"新增步骤“{title.zh}”:{source.zh} → {target.zh},由{by.zh}办理",
                    f"New step {title.en!r}: {source.en} → {target.en}, by {by.en}",
                ),
            )
            continue
        yield from _step(old[name], step, title, words)
    kept_old = [name for name in old if name in new]
    if kept_old != [name for name in new if name in old]:
        order = _joined([_text(new[name]["title"]) for name in new])
        yield Change(step="", text=Text(f"步骤顺序改为:{order.zh}", f"Steps in another order: {order.en}"))


def _step(old: Data, new: Data, title: Text, words: Wording) -> Iterator[Change]:
    def of(zh: str, en: str) -> Text:
        return Text(f"步骤“{title.zh}”{zh}", f"{title.en!r}, {en}")

    at = new["name"]
    yield from _moved(at, of("名称", "title"), old["title"], new["title"], _text)
    yield from _listed(at, of("原状态", "from"), old["source"], new["source"], words.state)
    yield from _moved(at, of("新状态", "to"), old["target"], new["target"], words.state)
    yield from _listed(at, of("办理身份", "by"), old["by"], new["by"], words.role)
    yield from _listed(at, of("填写内容", "asks"), old["asks"], new["asks"], words.field)
    yield from _listed(at, of("必填内容", "needs"), old["needs"], new["needs"], words.field)
    yield from _listed(at, of("办理规则", "rules"), old["guards"], new["guards"], words.rule)
    yield from _moved(at, of("办理结果", "effect"), old["sets"], new["sets"], words.rule)
    yield from _moved(at, of("期限", "time limit"), old["limit"], new["limit"], words.limit)
    yield from _moved(at, of("期限取自", "due by the field"), old["until"], new["until"], words.field)
    yield from _moved(at, of("按案件定期限", "due by the case"), old.get("deadline"), new.get("deadline"), words.rule)
    yield from _moved(at, of("计时", "clock"), old["clock"], new["clock"], lambda one: CLOCKS[Clock(one)])
    yield from _moved(at, of("理由", "reason"), old["reason"], new["reason"], _needed)
    yield from _moved(at, of("附件最少件数", "files at least"), old["files"], new["files"], _plain)
    yield from _listed(at, of("文书", "documents"), old["documents"], new["documents"], words.paper)
    yield from _moved(at, of("依据", "law"), old["law"], new["law"], lambda law: NOTHING if law is None else _text(law))
    was, now = (one.get("afterwards", False) for one in (old, new))
    yield from _moved(at, of("办结后可办理", "after the end"), was, now, _needed)
    yield from _moved(at, of("是否立项", "opens a case"), old["opens"], new["opens"], _needed)


def _moved(step: str, what: Text, old: Any, new: Any, say: Say) -> Iterator[Change]:
    if old == new:
        return
    was, now = say(old), say(new)
    yield Change(
        step=step,
        text=Text(
            f"{what.zh}:{was.zh or '空'} → {now.zh or '空'}", f"{what.en}: {was.en or 'blank'} → {now.en or 'blank'}"
        ),
    )


def _listed(step: str, what: Text, old: list[Any], new: list[Any], say: Say) -> Iterator[Change]:
    """What is more, what is less, or that only the order is another."""
    more, less = [one for one in new if one not in old], [one for one in old if one not in new]
    if more:
        said = _joined([say(one) for one in more])
        yield Change(step=step, text=Text(f"{what.zh}增加:{said.zh}", f"{what.en}: {said.en} added"))
    if less:
        said = _joined([say(one) for one in less])
        yield Change(step=step, text=Text(f"{what.zh}删去:{said.zh}", f"{what.en}: {said.en} taken out"))
    if old != new and not more and not less:
        said = _joined([say(one) for one in new])
        yield Change(step=step, text=Text(f"{what.zh}顺序改为:{said.zh}", f"{what.en} in another order: {said.en}"))


def _rung(one: tuple[int, str]) -> Text:
    rung = Rung(one[0], Tier(one[1]))
    return Text(rung_words(rung, Lang.ZH), rung_words(rung, Lang.EN))


def _needed(value: bool) -> Text:
    return Text("是", "yes") if value else Text("否", "no")


def _plain(value: Any) -> Text:
    return Text(str(value), str(value))


def _joined(texts: list[Text]) -> Text:
    return Text("、".join(one.zh for one in texts) or NOTHING.zh, ", ".join(one.en for one in texts) or NOTHING.en)


def _text(pair: Any) -> Text:
    return Text(pair[0], pair[1])
