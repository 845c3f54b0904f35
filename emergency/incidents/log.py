"""The log of an incident: lines are added and struck through, never changed; which of them say that a report went."""

from collections.abc import Iterable
from datetime import datetime

from core.errors import BadInputError, ConflictError, Fault, FaultsError
from core.scope import Sensitivity
from core.texts import Text
from core.units import Second
from emergency.incidents.clocks import Reported
from emergency.incidents.life import AHEAD, oldest
from gis.shapes import Shape
from layers.catalogue.incidents import Incident, IncidentEntry

BY_HAND = ("call", "note", "order", "decision", "report", "position", "photo")
"""Kinds that people write; the others follow from what the system did."""

REPORTS: dict[str, Text] = {
    "phone_flash": Text("电话快报", "Flash by telephone"),
    "flash": Text("快报", "Flash report"),
    "followup": Text("续报", "Follow-up report"),
    "special": Text("终报", "Final report"),
}
"""Reports to the level above, which the clocks know; a line refers to one as `report/KIND`."""

SENT = "report/"
TAKEN = "step/"
"""What the line of a step refers to: the step was taken, whoever strikes words."""


def entry(
    row: Incident,
    number: int,
    kind: str,
    text: str,
    *,
    by: str,
    account: str,
    at: datetime,
    happened_at: datetime | None = None,
    refs: tuple[str, ...] = (),
    place: Shape | None = None,
) -> IncidentEntry:
    """A new line; what happened did so by now."""
    happened = happened_at or at
    if happened > at + AHEAD:
        raise BadInputError(
            Text("发生时间不能晚于现在", "what happened did so by now"), field="happened_at", value=str(happened)
        )
    if happened < oldest(at):
        rule = Text(f"发生时间早于 {oldest(at):%Y-%m-%d},应为误填", f"before {oldest(at):%Y-%m-%d}: written by mistake")
        raise BadInputError(rule, field="happened_at", value=str(happened))
    return IncidentEntry(
        code=f"{row.code}/{number:04d}", incident=row.code, exercise=row.exercise, number=number, kind=kind, at=at,
        happened_at=happened, by=by, account=account, text=text, refs=refs, geometry=place, area=row.area,
        sensitivity=Sensitivity.INTERNAL, observed_at=at,
    )  # fmt: skip


def struck(line: IncidentEntry, *, by: str, at: datetime, why: str) -> IncidentEntry:
    """The line struck through: its words stay, with who struck it, when and why."""
    if not why.strip():
        raise FaultsError([Fault(field="why", value="", rule=Text("须写明划去原因", "say why it is struck"))])
    if line.struck_at is not None:
        raise ConflictError(Text(f"已由{line.struck_by}划去", f"{line.struck_by} struck it already"))
    if line.kind not in BY_HAND or any(ref.startswith(TAKEN) for ref in line.refs):
        raise ConflictError(Text("系统记录不能划去", "what the system wrote is not struck"), kind=line.kind)
    return line.model_copy(update={"struck_at": at, "struck_by": by, "struck_why": why, "observed_at": at})


def reports_in(lines: Iterable[IncidentEntry]) -> tuple[Reported, ...]:
    """The reports that went, by the lines that stand."""
    return tuple(
        Reported(kind=ref.removeprefix(SENT), at=line.happened_at)
        for line in lines
        if line.struck_at is None
        for ref in line.refs
        if ref.startswith(SENT)
    )


LATE: Second = 60.0
"""What was kept longer after the time that its line says was entered afterwards: no commit takes a minute (ours)."""


def entered_afterwards(said: datetime, kept: datetime) -> bool:
    """A line says an earlier time than the feed, which took it down: it was not in the system at the time it says."""
    return (kept - said).total_seconds() > LATE
