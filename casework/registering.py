"""Steps that registers share: lodged, checked, standing until a day, renewed, changed, ended; rules by kind."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

from casework.calendar import Unit, china, end_of
from casework.casetype import Chosen, Clock, Guard, Role, Step
from casework.engine import Asked
from casework.limits import limit, limit_ids
from casework.terms import A_DAY, last_day, local_day
from core.texts import Text
from layers.catalogue.registered import Registered

ANYBODY = (Role.ENTERPRISE, Role.OFFICER)
OFFICER = (Role.OFFICER,)
FIRM = (Role.ENTERPRISE,)
Given = Asked[Registered]
GIVEN = ("number", "issuer", "valid_from", "valid_until")


class Registration(StrEnum):
    """Where a row of a register stands (code list `register_state`)."""

    LODGED = "lodged"
    CORRECTING = "correcting"
    STANDING = "standing"
    ENDED = "ended"
    REJECTED = "rejected"


def rule_of(row: Registered, about: str) -> str | None:
    """The rule of a register by the row's kind, else the one for all kinds, else none.

    >>> rule_of(type("Row", (), {"TERMS": "standard", "kind": ""})(), "valid")
    'standard-valid'
    """
    names = (f"{row.TERMS}-{about}-{getattr(row, 'kind', '')}", f"{row.TERMS}-{about}")
    return next((name for name in names if name in limit_ids()), None)


def ends_after_today(asked: Given) -> Text | None:
    """What is registered does not end before it begins to stand."""
    until = asked.row.valid_until
    if until is None or (until > local_day(asked.at) and until >= (asked.row.valid_from or until)):
        return None
    return Text("有效期至须晚于今天且不早于有效期自", "it must end after today, and not before it begins")


def within_the_term_of_its_kind(asked: Given) -> Text | None:
    """It does not stand longer than the rule of its kind has it."""
    longest = _longest(asked)
    if longest is None or asked.row.valid_until is None or asked.row.valid_until <= longest:
        return None
    return Text(f"按规定有效期最迟至 {longest}", f"by its rule it may be valid until {longest} at the latest")


def is_registered(asked: Given) -> dict[str, Any]:
    """Number and validity, as given or by the rule of its kind."""
    row = asked.row
    return {
        "number": row.number or row.code, "valid_from": row.valid_from or local_day(asked.at),
        "valid_until": row.valid_until or _longest(asked),
    }  # fmt: skip


def begins_anew(asked: Given) -> dict[str, Any]:
    """The validity is given anew; until when it ran is kept."""
    return {"valid_from": None, "valid_until": None, "held_until": asked.row.valid_until or asked.row.held_until}


def _longest(asked: Given) -> Any:
    rule = rule_of(asked.row, "valid")
    if rule is None:
        return None
    start = asked.row.counts_from or local_day(asked.at)
    end = china().due(end_of(start - A_DAY), limit(rule, local_day(asked.at)).term)
    assert end is not None
    years = limit(rule, local_day(asked.at)).term.unit in (Unit.YEAR, Unit.MONTH)
    return last_day(end.at) - (A_DAY if years else 0 * A_DAY)


def check_term(row: Registered, _: datetime) -> Chosen:
    """By the rule of its kind."""
    return Chosen(rule=rule_of(row, "check") or "")


def office_checks(row: Registered) -> Role:
    """Who lodged it corrects it; the office does the rest."""
    return Role.ENTERPRISE if row.state == Registration.CORRECTING else Role.OFFICER


def office_registers(_: Registered) -> Role:
    """The office keeps it alone."""
    return Role.OFFICER


WORDS = (Text("申报", "Lodge"), Text("登记", "Register"), Text("注销", "Take off the register"))


def register_steps(
    asks: tuple[str, ...], needs: tuple[str, ...], *, by: tuple[Role, ...] = ANYBODY, law: Text | None = None,
    guards: tuple[Guard, ...] = (), checks: tuple[str, ...] = (), checked: tuple[Guard, ...] = (),
    papers: tuple[str, ...] = (), lodges: Callable[..., dict[str, Any]] | None = None,
    words: tuple[Text, Text, Text] = WORDS, end_files: int = 0,
) -> tuple[Step, ...]:  # fmt: skip
    """Lodged with some fields, corrected, registered or refused, renewed before it runs out, changed, ended.

    `checks` and `checked` are what the office fills in and asks when it registers.
    """
    at = Registration
    again = tuple(name for name in asks if name != "enterprise")
    needed = tuple(name for name in needs if name != "enterprise")
    return (
        Step(
            name="lodge", title=words[0], opens=True, source=(), target=at.LODGED, by=by, asks=asks, needs=needs,
            guards=guards, sets=lodges, deadline=check_term, law=law,
        ),
        Step(
            name="send_back", title=Text("退回补正", "Return for correction"), source=(at.LODGED,),
            target=at.CORRECTING, by=OFFICER, reason=True, clock=Clock.STOPS,
        ),
        Step(
            name="correct", title=Text("补正", "Correct"), source=(at.CORRECTING,), target=at.LODGED, by=by,
            asks=again, needs=needed, guards=guards, clock=Clock.RESUMES,
        ),
        Step(
            name="register", title=words[1], source=(at.LODGED,), target=at.STANDING, by=OFFICER,
            asks=(*checks, *GIVEN), needs=checks, guards=(*checked, ends_after_today, within_the_term_of_its_kind),
            sets=is_registered, until="valid_until", documents=papers, law=law,
        ),
        Step(
            name="reject", title=Text("不予登记", "Refuse"), source=(at.LODGED,), target=at.REJECTED, by=OFFICER,
            reason=True,
        ),
        Step(
            name="renew", title=Text("申请延续", "Renew"), source=(at.STANDING,), target=at.LODGED, by=by, asks=again,
            needs=needed, guards=guards, sets=begins_anew, deadline=check_term,
        ),
        Step(
            name="change", title=Text("变更登记", "Change"), source=(at.STANDING,), target=None, by=OFFICER,
            asks=again, needs=needed, reason=True,
        ),
        Step(
            name="end", title=words[2], source=(at.STANDING,), target=at.ENDED,
            by=OFFICER, reason=True, files=end_files, sets=begins_anew,
        ),
    )  # fmt: skip


def roster_steps(asks: tuple[str, ...], needs: tuple[str, ...]) -> tuple[Step, ...]:
    """Enrolled by the office at once, changed, taken off: what has no term and nobody to decide."""
    at = Registration
    return (
        Step(
            name="enrol", title=Text("入库", "Enrol"), opens=True, source=(), target=at.STANDING, by=OFFICER, asks=asks,
            needs=needs,
        ),
        Step(
            name="change", title=Text("变更登记", "Change"), source=(at.STANDING,), target=None, by=OFFICER, asks=asks,
            needs=needs,
        ),
        Step(
            name="end", title=Text("出库", "Take off the roster"), source=(at.STANDING,), target=at.ENDED, by=OFFICER,
            reason=True,
        ),
    )  # fmt: skip
