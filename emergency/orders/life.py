"""The life of an order: given, received, under way, arrived, done; or withdrawn. Pure rules, no store.

What a phone tells later than it happened never takes an order back: it fills in the time that was missing, and what
no longer fits is said and kept in the log. What the desk does must fit the state that stands.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.errors import BadInputError, ConflictError
from core.texts import Text
from layers.catalogue.orders import IncidentOrder

OPEN = ("issued", "received", "on_way", "acting", "arrived")
"""States in which something is still to come."""
RANK = {"issued": 0, "received": 1, "on_way": 2, "acting": 2, "arrived": 3, "done": 4, "unable": 4, "withdrawn": 5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A step: from which states it leads where, its name, which fields take time and name, whether it says why."""

    sources: tuple[str, ...]
    state: str
    title: Text
    field: str = ""
    why: bool = False
    booking: str = ""
    """The step that the booking of the team takes with it."""


ACTS: dict[str, Act] = {
    "receive": Act(sources=("issued",), state="received", title=Text("签收", "Received"), field="received"),
    "leave": Act(sources=("issued", "received", "acting"), state="on_way", title=Text("出发", "Left"), field="left",
                 booking="leave"),
    "act": Act(sources=("issued", "received", "arrived"), state="acting", title=Text("执行", "Begun"), field="acting"),
    "arrive": Act(sources=("issued", "received", "on_way"), state="arrived", title=Text("到达", "Arrived"),
                  field="arrived", booking="arrive"),
    "done": Act(sources=OPEN, state="done", title=Text("完成", "Done"), field="ended"),
    "unable": Act(sources=("issued", "received", "on_way"), state="unable", title=Text("不能执行", "Cannot"),
                  field="ended", why=True),
    "urge": Act(sources=("issued",), state="issued", title=Text("催办", "Urge")),
    "withdraw": Act(sources=OPEN, state="withdrawn", title=Text("撤回", "Withdraw"), field="ended", why=True,
                    booking="withdraw"),
}  # fmt: skip
BY_TEAM = ("receive", "leave", "act", "arrive", "done", "unable")
"""What the team itself may tell; urging and withdrawing are the desk's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped:
    """The order after a step and what the log says of it; `moved` where its state is another."""

    row: IncidentOrder
    said: Text
    moved: bool


def acts_of(row: IncidentOrder) -> tuple[str, ...]:
    """What may be done with it at the desk now."""
    return tuple(name for name, act in ACTS.items() if row.state in act.sources)


def stepped(
    row: IncidentOrder, act: str, *, at: datetime, now: datetime, by: str, why: str = "", told_late: bool = False
) -> Stepped:
    """The order after one step, at the time it was taken; `told_late` is for what a phone kept and sends later."""
    if act not in ACTS:
        raise BadInputError(Text(f"没有步骤“{act[:20]}”", f"there is no step {act[:20]!r}"), field="step")
    step = ACTS[act]
    why = why.strip()
    if step.why and not why:
        raise BadInputError(Text(f"{step.title.zh}须写明原因", f"{act!r} says why"), field="why")
    name = f"第 {row.number} 号"
    if row.state not in step.sources:
        if not told_late:
            raise ConflictError(
                Text(f"指令{name}不能{step.title.zh},当前状态已变", f"order {row.number} cannot take {act!r} now"),
                state=row.state,
            )
        return _late(row, act, at, now, by, why)
    values: dict[str, Any] = {"state": step.state, "observed_at": now}
    if act == "urge":
        values |= {"urged": min(row.urged + 1, 999), "urged_at": now}
    values |= _times(row, step.field, at, by)
    if act in ("leave", "act", "arrive", "done") and row.received_at is None:
        values |= {"received_at": at, "received_by": by}
    if act in ("done", "unable", "withdraw"):
        values |= {"said": why, "eta": None}
    if act == "arrive":
        values["eta"] = None
    tail = f":{why}" if why else ""
    zh = f"指令{name}第 {row.urged + 1} 次催办" if act == "urge" else f"指令{name} {row.to_name}{step.title.zh}{tail}"
    return Stepped(
        row=row.model_copy(update=values), moved=step.state != row.state,
        said=Text(zh, f"Order {row.number} ({row.to_name}): {step.title.en}"),
    )  # fmt: skip


def _late(row: IncidentOrder, act: str, at: datetime, now: datetime, by: str, why: str) -> Stepped:
    """Told when the order stood further on, or was over: the time is filled in where none was known."""
    step = ACTS[act]
    values: dict[str, Any] = {}
    over = row.state in ("withdrawn", "unable", "done")
    if RANK[step.state] < 4 and row.state != "withdrawn":
        values = {name: value for name, value in _times(row, step.field, at, by).items()
                  if getattr(row, f"{step.field}_at") is None}  # fmt: skip
    if values:
        values["observed_at"] = now
    stands = Text("此时指令已" + {"withdrawn": "撤回", "unable": "报不能执行", "done": "完成"}[row.state],
                  "the order was over") if over else Text("补报", "told later")  # fmt: skip
    tail = f":{why}" if why else ""
    return Stepped(
        row=row.model_copy(update=values), moved=False,
        said=Text(f"指令第 {row.number} 号 {row.to_name}{step.title.zh}({stands.zh}){tail}",
                  f"Order {row.number} ({row.to_name}): {step.title.en} ({stands.en})"),
    )  # fmt: skip


def _times(row: IncidentOrder, field: str, at: datetime, by: str) -> dict[str, Any]:
    return {f"{field}_at": at, f"{field}_by": by} if field else {}
