"""`/api/evaluation`: the course of an incident and its score sheet, marked and filed once it is closed."""

from dataclasses import dataclass

from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, matching, number, only, refused, words
from app.doors.bodies import asked, posted
from app.doors.incidents import COMMAND, LONGEST_CODE, commander, may_command
from app.evaluation.desk import EvaluationDesk
from core.caller import Caller
from core.clock import iso
from core.texts import Lang, Text
from dashboards.queries.wording import code_label
from emergency.evaluation.sheet import LONGEST, POINTS_OF, Mark, Marked

LONGEST_SUMMARY, MANY, MOST = 2000, 40, 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationDoors:
    """Whoever may read the incident reads its sheet; whoever may lead it marks and files."""

    desk: EvaluationDesk

    def one(self, caller: Caller, given: Given) -> Given:
        """GET /one?incident=: the course by the minute and the sheet as it stands."""
        only(given, "incident")
        return self._told(caller, words(given, "incident", longest=LONGEST_CODE))

    def mark(self, caller: Caller, given: Given) -> Given:
        """POST /mark: marks with their grounds, on the version the caller saw (0: none yet)."""
        only(given, "command", "incident", "version", "marks")
        by, command = commander(caller), _command(given)
        incident, marks = words(given, "incident", longest=LONGEST_CODE), _marks(given)
        done = self.desk.mark(incident, number(given, "version", 0, MOST), marks, by=by, command=command)
        return self._told(caller, incident) | {"again": done.again}

    def file(self, caller: Caller, given: Given) -> Given:
        """POST /file: the sheet filed for good, once every criterion is marked."""
        only(given, "command", "incident", "version", "summary")
        by, command = commander(caller), _command(given)
        incident = words(given, "incident", longest=LONGEST_CODE)
        summary = words(given, "summary", longest=LONGEST_SUMMARY, empty=True)
        done = self.desk.file(incident, number(given, "version", 0, MOST), summary, by=by, command=command)
        return self._told(caller, incident) | {"again": done.again}

    def _told(self, caller: Caller, incident: str) -> Given:
        now, lang = self.desk.marking(incident, caller.scope), caller.lang
        kept, found = now.kept, now.sheet
        return {
            "incident": incident, "version": now.version, "state": "open" if kept is None else kept.state,
            "over": now.row.state == "closed", "may_command": may_command(caller),
            "lines": [_line(one, lang) for one in found.lines], "missing": list(found.missing),
            "points": found.points, "most": found.most, "share": found.share, "points_of": POINTS_OF.of(lang),
            "summary": "" if kept is None else kept.summary, "filed_by": "" if kept is None else kept.filed_by,
            "filed_at": iso(kept.filed_at) if kept is not None and kept.filed_at is not None else None,
            "course": [
                {"at": iso(one.at), "minutes": one.minutes, "text": one.text, "entry": one.entry} for one in now.course
            ],
        }  # fmt: skip


def evaluation_routes(doors: EvaluationDoors) -> list[BaseRoute]:
    """The doors of evaluations."""
    root = "/api/evaluation"
    return [
        Route(f"{root}/one", asked(doors.one), methods=["GET"]),
        Route(f"{root}/mark", posted(doors.mark), methods=["POST"]),
        Route(f"{root}/file", posted(doors.file), methods=["POST"]),
    ]


def _command(given: Given) -> str:
    return matching(given, "command", COMMAND, Text("客户端生成的标识", "a key the client made"))


def _marks(given: Given) -> list[Mark]:
    sent = given.get("marks")
    if not isinstance(sent, list) or not 1 <= len(sent) <= MANY or not all(isinstance(one, dict) for one in sent):
        raise refused("marks", sent, Text(f" 1 至 {MANY} 项评分", f"1 to {MANY} marks"))
    found = []
    for one in sent:
        only(one, "criterion", "points", "basis")
        points = one.get("points")
        if points is not None and (isinstance(points, bool) or not isinstance(points, int | float)):
            raise refused("points", points, Text("分数,不适用填 null", "points; null where it does not apply"))
        found.append(
            Mark(
                criterion=words(one, "criterion", longest=40), basis=words(one, "basis", longest=LONGEST),
                points=None if points is None else float(points),
            )
        )  # fmt: skip
    return found


def _line(one: Marked, lang: Lang) -> Given:
    asked_, mark = one.criterion, one.mark
    return {
        "criterion": asked_.id, "title": asked_.title.of(lang), "group": asked_.group.of(lang), "most": asked_.most,
        "source": asked_.source, "article": asked_.article, "status": asked_.status.value,
        "status_word": code_label("basis_status", asked_.status.value, lang), "marked": mark is not None,
        "points": None if mark is None else mark.points, "basis": "" if mark is None else mark.basis,
        "counted": one.counted,
    }  # fmt: skip
