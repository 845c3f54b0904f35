"""A case drafted of an incident that is over: its facts and its steps, without who reported, wrote, led or did.

Lines that people write freely (calls, notes, orders, tasks given to somebody) may name persons and are left out; what
is unknown stays blank. The draft is internal until a person has read it and says otherwise.
"""

from collections.abc import Sequence
from datetime import datetime

from core.clock import CHINA
from core.errors import ConflictError
from core.scope import Sensitivity
from core.texts import Text
from emergency.incidents.log import SENT, TAKEN
from layers.catalogue.incidents import Incident, IncidentEntry
from layers.catalogue.knowledge import EmergencyCase, ExerciseCase

OVER = ("closed",)
LONGEST = 4000
TOLD = (TAKEN, SENT, "plan/taken")
"""What a line refers to that is a step, a report or a plan taken up."""


def drafted(row: Incident, lines: Sequence[IncidentEntry], at: datetime) -> EmergencyCase:
    """The case of an incident, of an exercise one of another layer; ConflictError while it is not closed."""
    if row.state not in OVER:
        raise ConflictError(
            Text(f"事件 {row.code} 尚未结束,不能起草案例", f"incident {row.code} is not closed yet"), code=row.code
        )
    began = row.occurred_at or row.reported_at
    return (ExerciseCase if row.exercise else EmergencyCase)(
        code=f"AL-{row.code}", title=row.title, nature="exercise" if row.exercise else "real", kind=row.kind,
        occurred_on=began.astimezone(CHINA).date(), place=row.address,
        chemicals=(row.chemical,) if row.chemical else (),
        chemical_names=(row.chemical_name,) if row.chemical_name else (), level=row.level, deaths=row.deaths,
        serious_injuries=row.serious_injuries, minor_injuries=row.minor_injuries, evacuated=row.evacuated,
        direct_loss=row.direct_loss, summary=row.summary, course=_course(row, lines), incident=row.code, area=row.area,
        geometry=None if row.exercise else row.geometry, sensitivity=Sensitivity.INTERNAL, observed_at=at,
        source="由事件结案整理",
    )  # fmt: skip


def _course(row: Incident, lines: Sequence[IncidentEntry]) -> str:
    told = []
    for line in lines:
        if line.struck_at is None and any(ref.startswith(TOLD) for ref in line.refs):
            minutes = round((line.happened_at - row.reported_at).total_seconds() / 60)
            words = line.text if not any(ref.startswith(SENT) for ref in line.refs) else line.text.split(",")[0]
            told.append(f"接报后 {minutes} 分 {words}")
    if row.measures:
        told.append(f"采取的措施:{row.measures}")
    return "\n".join(told)[:LONGEST]
