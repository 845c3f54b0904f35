"""What others read of an investigation: the outcome as it is published, and the case study; neither names a person.

Decree 493 article 34: how an accident was handled is told to the public, but for what the law keeps secret.
"""

import re
from contextlib import suppress
from datetime import datetime
from typing import Any

from casework.accidents import State
from casework.engine import Asked
from casework.following import Signed
from casework.masking import NUMBERS
from casework.terms import local_day
from core.errors import NotFoundError
from core.scope import SYSTEM_SCOPE, Sensitivity
from core.texts import Text
from layers.catalogue.documents import IssuedDocument
from layers.catalogue.incidents import INCIDENTS, Incident
from layers.catalogue.investigations import Investigation
from layers.catalogue.knowledge import EMERGENCY_CASES, EmergencyCase
from store.feed import Edit, Put
from store.protocol import Store

Given = Asked[Investigation]
STUDIED = (State.MENDING, State.EVALUATED, State.ARCHIVED)
NAME_ENDS = re.compile(r"[\s,，、:：;；(（]")
"""What follows a name in the list of members."""


def outcome_not_published_yet(asked: Given) -> Text | None:
    """It is published once."""
    return None if asked.row.published_at is None else Text("处理情况已公布", "it was published already")


def outcome_names_nobody(asked: Given) -> Text | None:
    """What the public reads holds no number and nobody of the group."""
    return _names(asked.row, asked.row.public_summary)


def notes_the_publishing(asked: Given) -> dict[str, Any]:
    """When."""
    return {"published_at": asked.at}


def not_studied_yet(asked: Given) -> Text | None:
    """One case study of an investigation; afterwards it is edited in the library."""
    return None if asked.row.studied_at is None else Text("已编为案例", "there is a case of it already")


def study_names_nobody(asked: Given) -> Text | None:
    """What a case study says holds no number and nobody of the group."""
    row = asked.row
    return _names(row, "\n".join((row.study_course, row.study_cause, row.study_lessons)))


def notes_the_study(asked: Given) -> dict[str, Any]:
    """When."""
    return {"studied_at": asked.at}


def _names(row: Investigation, said: str) -> Text | None:
    if NUMBERS.search(said):
        return Text("不得含身份证号、电话等个人信息", "no identity or telephone numbers")
    people = [row.group_head, *(NAME_ENDS.split(line.strip(), maxsplit=1)[0] for line in row.group_members.split("\n"))]
    named = next((one for one in people if len(one) > 1 and one in said), "")
    return Text(f"不得写明个人姓名:{named}", f"no person is named: {named}") if named else None


class CaseStudies:
    """The case library of investigations: their facts, and what an officer wrote for others to learn from."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def made(self, row: Investigation, _: Signed, __: tuple[IssuedDocument, ...]) -> list[Edit]:
        """The case, for internal use until somebody opens it to more; none where one stands."""
        code = f"AL-{row.code}"
        with suppress(NotFoundError):
            self._store.get(EMERGENCY_CASES, code, scope=SYSTEM_SCOPE)
            return []
        case = EmergencyCase(
            code=code, title=(row.incident_title or row.title)[:120], nature="real", kind=self._kind(row),
            occurred_on=None if row.occurred_at is None else local_day(row.occurred_at), place=row.address,
            chemical_names=(row.chemical_name,) if row.chemical_name else (), level=row.level, deaths=row.deaths,
            serious_injuries=row.serious_injuries, minor_injuries=row.minor_injuries, direct_loss=row.direct_loss,
            summary=row.public_summary, course=row.study_course, cause=row.study_cause, lessons=row.study_lessons,
            reference=" ".join(part for part in (row.reply_organ, row.reply_no) if part)[:200], incident=row.incident,
            area=row.area, geometry=row.geometry, sensitivity=Sensitivity.INTERNAL, source=f"事故调查 {row.code}",
            observed_at=_at(row),
        )  # fmt: skip
        return [Put(layer=EMERGENCY_CASES.id, record=case, expected=0)]

    def _kind(self, row: Investigation) -> str:
        try:
            found = self._store.get(INCIDENTS, row.incident, scope=SYSTEM_SCOPE).record
        except NotFoundError:
            return "other"
        assert isinstance(found, Incident)
        return found.kind


def _at(row: Investigation) -> datetime | None:
    return row.studied_at
