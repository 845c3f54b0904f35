"""Rules of investigations of accidents: who investigates, by when, what the report says, and the register of accidents.

Decree 493 of the State Council (2007) articles 19 to 34; Work Safety Law (2021) article 86.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from casework.casetype import Chosen, Role
from casework.engine import Asked
from casework.following import Signed
from casework.gathering import Gathered
from casework.terms import last_day, local_day
from core.errors import NotFoundError
from core.scope import SYSTEM_SCOPE, Sensitivity
from core.texts import Text
from layers.catalogue.documents import IssuedDocument
from layers.catalogue.events import ACCIDENTS, Accident
from layers.catalogue.investigations import INVESTIGATIONS, Investigation
from layers.codes import code_list
from layers.codes.accidents import accident_level
from layers.filters import Compare, Op
from store.feed import Delete, Edit, Put
from store.protocol import Store
from store.query import Query

Given = Asked[Investigation]
GRAVEST = 1
BY_LEVEL = {1: ("state",), 2: ("state", "province"), 3: ("state", "province", "city")}
"""Who may investigate a level at least: a government above may take what one below would (articles 19 and 20)."""

LOSSES = ("deaths", "serious_injuries", "minor_injuries", "direct_loss")


class State(StrEnum):
    """Where an investigation stands (code list `inquiry_state`)."""

    FILED = "filed"
    INVESTIGATING = "investigating"
    APPRAISING = "appraising"
    REPORTED = "reported"
    MENDING = "mending"
    EVALUATED = "evaluated"
    ARCHIVED = "archived"
    HANDED_UP = "handed_up"
    DISMISSED = "dismissed"


def named_after_the_incident(known: Mapping[str, Any]) -> str:
    """What an investigation is called."""
    return f"{known.get('incident_title') or known.get('incident') or ''}事故调查"[-120:]


def one_of_an_incident(store: Store, given: Mapping[str, Any], _: datetime) -> Gathered:
    """Investigations of the same incident that were not dismissed."""
    where = Compare("incident", Op.EQ, given.get("incident") or "")
    rows = store.read(INVESTIGATIONS, Query(where=where, fields=("code", "state")), scope=SYSTEM_SCOPE).to_pylist()
    return Gathered(facts={"same": [row["code"] for row in rows if row["state"] != State.DISMISSED]})


def not_investigated_yet(asked: Given) -> Text | None:
    """One incident, one investigation."""
    same = (asked.facts or {}).get("same") or ()
    return Text(f"该事件已立项调查 {same[0]}", f"it is investigated already: {same[0]}") if same else None


def when_it_happened_is_known(asked: Given) -> Text | None:
    """The sixty days run from when it happened (article 29)."""
    if asked.row.occurred_at is not None:
        return None
    return Text("事件的发生时间未填,调查期限无从起算", "nobody told when it happened: the time has no beginning")


def is_investigated_high_enough(asked: Given) -> Text | None:
    """Grave accidents are investigated by the State Council, by provinces, by cities (article 19)."""
    row = asked.row
    allowed = BY_LEVEL.get(row.known_level or 4)
    if not row.group_by or allowed is None or row.group_by in allowed:
        return None
    level, by = _word("accident_level", str(row.known_level)), _word("inquiry_by", allowed[-1])
    return Text(f"{level.zh}由{by.zh}负责调查(第十九条)", f"a {level.en.lower()} is for {by.en} (article 19)")


def the_unit_investigates_what_hurt_nobody(asked: Given) -> Text | None:
    """The unit itself may be entrusted only where nobody was hurt (article 19)."""
    row = asked.row
    if row.group_by != "unit":
        return None
    known = (row.known_deaths, row.known_serious, row.known_minor)
    if all(one == 0 for one in known):
        return None
    said = "伤亡未报齐" if None in known and not any(known) else "有人员伤亡"
    return Text(
        f"{said},不能委托事故发生单位组织调查(第十九条)",
        "people were hurt, or it is not known",
    )


def report_not_extended_yet(asked: Given) -> Text | None:
    """The time for the report is extended once."""
    return None if asked.row.extended_from is None else Text("已延长一次", "it was extended already")


def extension_is_later_and_within_the_rule(asked: Given) -> Text | None:
    """Later than it was due, and by no more than the rule gives (article 29)."""
    due, to = None if asked.before is None else asked.before.due_at, asked.row.report_by
    if due is None or to is None:
        return None
    most = last_day(asked.ends("accident-report-extend", due - timedelta(seconds=1)))
    if last_day(due) < to <= most:
        return None
    return Text(
        f"应晚于原期限 {last_day(due)},且不晚于 {most}(第二十九条)", f"between {last_day(due)} and {most} (article 29)"
    )


def all_losses_are_told(asked: Given) -> Text | None:
    """A report says what was lost: nothing is taken for none."""
    lacking = [name for name in LOSSES if getattr(asked.row, name) is None]
    if not lacking:
        return None
    titles = [INVESTIGATIONS.fields[name].title for name in lacking]
    return Text(
        f"报告须写明{'、'.join(one.zh for one in titles)}(没有的填 0)",
        f"the report says {', '.join(one.en.lower() for one in titles)} (0 where there is none)",
    )


def is_of_the_gravest(asked: Given) -> Text | None:
    """Only the reply to a report on one of the gravest may take longer (article 32)."""
    return (
        None if asked.row.level == GRAVEST else Text("只有特别重大事故的批复可以延长(第三十二条)", "the gravest alone")
    )


def reply_not_extended_yet(asked: Given) -> Text | None:
    """The time for the reply is extended once."""
    return Text("已延长一次", "it was extended already") if asked.row.reply_extended else None


def replied_by_today(asked: Given) -> Text | None:
    """Neither before the report was there nor later than today."""
    on, since = asked.row.reply_on, asked.row.submitted_at
    if on is None or since is None or local_day(since) <= on <= local_day(asked.at):
        return None
    return Text(f"批复日期应在 {local_day(since)} 至今天之间", f"between {local_day(since)} and today")


def counts_the_level(asked: Given) -> dict[str, Any]:
    """The level the losses of the report reach by the rules of the day it happened; whether it came late."""
    row, due = asked.row, None if asked.before is None else asked.before.due_at
    losses: list[Any] = [getattr(row, name) for name in LOSSES]
    level = None
    if None not in losses and any(losses) and row.occurred_at is not None:
        deaths, serious, _, loss = losses
        level = int(accident_level(deaths, serious, loss, local_day(row.occurred_at)))
    return {"level": level, "submitted_at": asked.at, "late": due is not None and asked.at >= due}


def keeps_what_was_due(asked: Given) -> dict[str, Any]:
    """When the report was due before the extension."""
    return {"extended_from": None if asked.before is None else asked.before.due_at}


def extends_the_reply(_: Given) -> dict[str, Any]:
    """Once."""
    return {"reply_extended": True}


def notes_a_late_reply(asked: Given) -> dict[str, Any]:
    """A reply later than the rule has it is taken and marked."""
    due = None if asked.before is None else asked.before.due_at
    on = asked.row.reply_on
    return {"reply_late": due is not None and on is not None and on > last_day(due)}


def adds_the_transfer(asked: Given) -> dict[str, Any]:
    """To whom what was handed over, with its day; what was handed over before stays."""
    row = asked.row
    return {"transfers": (*row.transfers, f"{local_day(asked.at)} {row.transferred_to}:{row.transfer_list}"[:2000])}


def is_evaluated(asked: Given) -> dict[str, Any]:
    """Notes when."""
    return {"evaluated_at": asked.at}


def time_to_report(row: Investigation, _: datetime) -> Chosen:
    """Sixty days from when it happened, or the day it was extended to (article 29)."""
    if row.extended_from is not None:
        return Chosen(until="report_by")
    return Chosen(rule="accident-report", since=row.occurred_at)


def time_to_reply(row: Investigation, at: datetime) -> Chosen:
    """Fifteen days from the report, thirty of the gravest, and once as much more (article 32)."""
    rule = "accident-reply-gravest" if row.level == GRAVEST else "accident-reply"
    return Chosen(rule=rule, since=at)


def office_investigates(_: Investigation) -> Role:
    """The office acts at each step."""
    return Role.OFFICER


class AccidentRegister:
    """What the register of accidents holds of an investigated one: from the report on, when its losses are known."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def kept(self, row: Investigation, _: Signed, __: tuple[IssuedDocument, ...]) -> list[Edit]:
        """The row of the register as the report has it; none where its losses make it no accident of a level, also
        where a report before had told others.

        What the report says of course, cause and persons is for officers: the public reads what was published, and
        nothing before.
        """
        code, version = row.code, 0
        with suppress(NotFoundError):
            version = self._store.get(ACCIDENTS, code, scope=SYSTEM_SCOPE).version
        if row.level is None or row.occurred_at is None:
            return [Delete(layer=ACCIDENTS.id, key=code, expected=version)] if version else []
        told = Accident(
            code=code, name=(row.incident_title or row.title)[:120], kind=row.accident_kind, level=row.level,
            occurred_at=row.occurred_at, enterprise=row.unit, enterprise_name=row.unit_name, sector=row.sector,
            deaths=row.deaths or 0, serious_injuries=row.serious_injuries or 0, minor_injuries=row.minor_injuries or 0,
            direct_loss=row.direct_loss or 0.0, chemical=row.chemical_name, address=row.address,
            summary=row.public_summary[:2000], state="open" if row.state == State.REPORTED else "closed",
            area=row.area, geometry=row.geometry, source=f"事故调查 {row.code}",
            sensitivity=Sensitivity.INTERNAL if row.published_at is None else Sensitivity.PUBLIC,
        )  # fmt: skip
        return [Put(layer=ACCIDENTS.id, record=told, expected=version)]


def _word(codes: str, code: str) -> Text:
    return next((one.title for one in code_list(codes) if one.code == code), Text(code, code))
