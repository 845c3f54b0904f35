"""A case drafted of an incident that is over: its facts and its steps, without who reported, wrote, led or did.

Lines that people write freely (calls, notes, orders, tasks given to somebody) may name persons and are left out. What
somebody wrote beside a step, and the words that tell of the incident, go in where a person who has read them chooses
them, without telephone and identity numbers. What is unknown stays blank. The draft is internal until a person has read
it and says otherwise.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.masking import masked
from core.clock import CHINA
from core.errors import ConflictError
from core.scope import Sensitivity
from core.texts import Text
from emergency.incidents.life import STEPS
from emergency.incidents.log import REPORTS, SENT, TAKEN
from layers.catalogue.incidents import Incident, IncidentEntry
from layers.catalogue.knowledge import EmergencyCase, ExerciseCase

OVER = ("closed",)
NUMBERED = re.compile(r"\w{2,4}第 \d+ 号")
"""How the system's own line of a report begins; one that a person wrote says whom they rang."""
LONGEST = 4000
PLANNED = "plan/taken"
SUMMARY, MEASURES = "summary", "measures"
"""Free words of the incident itself; every other key of free words is that of a line of the log."""
UNCHECKED = "由事件结案整理,所列文字未核对人名"


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """Words that somebody wrote freely, as they would go in."""

    key: str
    title: Text
    words: str


def free_words(row: Incident, lines: Sequence[IncidentEntry]) -> tuple[Free, ...]:
    """What a person chooses from: the words of the incident, and the reasons given with its steps."""
    own = (
        Free(key=SUMMARY, title=Text("简要经过", "What happened"), words=masked(row.summary)),
        Free(key=MEASURES, title=Text("采取的措施", "Measures taken"), words=masked(row.measures)),
    )
    steps = (
        Free(key=line.code, title=Text(f"{_bare(line)}的说明", f"said with: {_bare(line)}"), words=masked(said))
        for line in lines
        if line.struck_at is None and _is_step(line) and (said := line.text.partition(":")[2].strip())
    )
    return tuple(one for one in (*own, *steps) if one.words)


def drafted(row: Incident, lines: Sequence[IncidentEntry], at: datetime, chosen: Collection[str] = ()) -> EmergencyCase:
    """The case of an incident, of an exercise one of another layer, with the free words that were chosen.

    Raises: ConflictError while it is not closed.
    """
    if row.state not in OVER:
        raise ConflictError(
            Text(f"事件 {row.code} 尚未结束,不能起草案例", f"incident {row.code} is not closed yet"), code=row.code
        )
    began = row.occurred_at or row.reported_at
    said = {one.key: one.words for one in free_words(row, lines) if one.key in chosen}
    return (ExerciseCase if row.exercise else EmergencyCase)(
        code=f"AL-{row.code}", title=masked(row.title), nature="exercise" if row.exercise else "real", kind=row.kind,
        occurred_on=began.astimezone(CHINA).date(), place=masked(row.address),
        chemicals=(row.chemical,) if row.chemical else (),
        chemical_names=(row.chemical_name,) if row.chemical_name else (), level=row.level, deaths=row.deaths,
        serious_injuries=row.serious_injuries, minor_injuries=row.minor_injuries, evacuated=row.evacuated,
        direct_loss=row.direct_loss, summary=said.get(SUMMARY, "")[:LONGEST], course=_course(row, lines, said),
        incident=row.code, area=row.area, geometry=None if row.exercise else row.geometry,
        sensitivity=Sensitivity.INTERNAL, observed_at=at, source=UNCHECKED if said else "由事件结案整理",
    )  # fmt: skip


def _course(row: Incident, lines: Sequence[IncidentEntry], said: dict[str, str]) -> str:
    told = []
    for line in lines:
        words = "" if line.struck_at is not None else _bare(line)
        if words:
            minutes = round((line.happened_at - row.reported_at).total_seconds() / 60)
            why = f":{said[line.code]}" if line.code in said else ""
            told.append(f"接报后 {minutes} 分 {words}{why}")
    if MEASURES in said:
        told.append(f"采取的措施:{said[MEASURES]}")
    return "\n".join(told)[:LONGEST]


def _is_step(line: IncidentEntry) -> bool:
    """A step of the incident's own life: what an order or a mark says is not."""
    return any(ref.removeprefix(TAKEN) in STEPS for ref in line.refs if ref.startswith(TAKEN))


def _bare(line: IncidentEntry) -> str:
    """What the system said in a line, without anybody's words; blank for lines that people write."""
    if _is_step(line):
        return line.text.partition(":")[0]
    kind = next((ref.removeprefix(SENT) for ref in line.refs if ref.startswith(SENT)), "")
    if kind in REPORTS:
        made = NUMBERED.match(line.text)
        return made.group() if made else REPORTS[kind].zh
    return line.text if PLANNED in line.refs else ""
