"""What the papers of penalties say beyond the fields of their case."""

from collections.abc import Callable

from casework.documents.filling import Mark
from casework.documents.wording import day, in_capitals
from casework.engine import Asked
from casework.limits import limit
from casework.papers import Drafting
from casework.penalties import bases, number
from casework.penalty_rules import owed_late
from casework.terms import local_day
from core.texts import Text
from layers.catalogue.documents import IssuedDocument
from layers.catalogue.enforcement import Penalty
from layers.codes import code_list

Drawn = Drafting[Penalty]
BINDING = ("file-cover", "file-contents")
"""What binds the file is not in it."""
DECISIONS = ("penalty-unit", "penalty-person", "spot-penalty-unit", "spot-penalty-person")


def party(drafting: Drawn) -> str:
    """Whoever is penalised: the enterprise, or the person named."""
    row = drafting.row
    return row.person if row.party == "person" else row.enterprise_name


def officers(drafting: Drawn) -> str:
    """The two officers with their certificates."""
    row = drafting.row
    pairs = ((row.lead, row.lead_no), (row.second, row.second_no))
    return "、".join(f"{name}（{number_}）" for name, number_ in pairs if name)


def handled_by(drafting: Drawn) -> str:
    """Whoever takes the step."""
    return drafting.who.name


def came_from(drafting: Drawn) -> str:
    """The check the case followed from, or that it was registered by itself."""
    return f"现场检查（{drafting.row.from_case}）" if drafting.row.from_case else "执法人员登记"


def penalties(drafting: Drawn) -> tuple[str, ...]:
    """Each kind of penalty with what it is in this case."""
    row = drafting.row
    titles = {one.code: one.title.zh for one in code_list("penalty_kind")}
    said = [f"罚款人民币{money(row.amount)}元（{in_capitals(row.amount or 0)}）" if kind == "fine" else titles[kind]
            for kind in row.kinds]  # fmt: skip
    return (*said, *([row.details.strip()] if row.details.strip() else []))


def penalties_line(drafting: Drawn) -> str:
    """The same in one line."""
    return "；".join(penalties(drafting))


def grounds(drafting: Drawn) -> str:
    """The provision a fine is based on."""
    basis = bases().get(drafting.row.basis)
    if basis is None:
        return ""
    law, _, article = basis.cited.rpartition(" ")
    return f"《{law.partition('(')[0]}》{article}"


def hearing_told(drafting: Drawn) -> str:
    """Whether a right to a hearing is told of."""
    return "是" if drafting.row.hearing_right else ""


def decide_days(drafting: Drawn) -> str:
    """How long the law gives for the decision."""
    return _days("penalty-decide", drafting)


def hearing_days(drafting: Drawn) -> str:
    """How long the party may be heard."""
    return _days("penalty-hearing-ask", drafting)


def pay_days(drafting: Drawn) -> str:
    """How long the party has to pay."""
    return _days("penalty-pay", drafting)


def late_percent(drafting: Drawn) -> str:
    """What a day of delay costs, of the fine."""
    rate = number("late-rate", local_day(drafting.at))
    return "法定比例" if rate is None or rate.value is None else f"{rate.value * 100:g}%"


def decision(drafting: Drawn) -> str:
    """What the decision is called."""
    found = _decision(drafting)
    return "行政处罚决定" if found is None else found.title


def decision_number(drafting: Drawn) -> str:
    """Its number, where one was issued."""
    found = _decision(drafting)
    return "" if found is None else found.number


def decided_on(drafting: Drawn) -> str:
    """When it was decided."""
    return day(drafting.row.decided_at)


def published_on(drafting: Drawn) -> str:
    """When it was published."""
    return day(drafting.row.published_at)


def owed_now(drafting: Drawn) -> str:
    """What was added by today for paying late, where anything was and the rate in force is known."""
    owed = owed_late(drafting.row, local_day(drafting.at))
    if not owed:
        return ""
    return f"截至{day(drafting.at)}，依法加处罚款{money(owed)}元（{in_capitals(owed)}），此后逐日计算至罚款数额为止。"


def carried_out(drafting: Drawn) -> str:
    """What was paid and when, or how the rest was carried out."""
    row = drafting.row
    late = f"，加处罚款{money(row.paid_late)}元" if row.paid_late else ""
    paid = f"{day(row.paid_on)}缴清罚款{money(row.paid)}元{late}。" if row.paid_on is not None else ""
    return paid + row.executed.strip()


def reported_by(drafting: Drawn) -> str:
    """Whoever held the hearing and reports of it."""
    return drafting.row.hearing_by


def outcome(drafting: Drawn) -> str:
    """How the case ended."""
    state = drafting.row.state
    return next((one.title.zh for one in code_list("penalty_state") if one.code == state), state)


def closed_on(drafting: Drawn) -> str:
    """When it ended."""
    return day(drafting.row.closed_at)


def in_the_file(drafting: Drawn) -> tuple[Mark, ...]:
    """Every document of the case as issued, then every paper attached, numbered through."""
    states = {one.code: one.title.zh for one in code_list("document_state")}
    papers = [
        (one.title, one.number, day(one.issued_at), "" if one.state == "valid" else states[one.state])
        for one in drafting.issued
        if one.document not in BINDING
    ]
    papers += [(name, "", day(at), "附件") for name, at in drafting.files]
    return tuple(
        {"no": str(n), "name": name, "number": number_, "day": on, "note": note}
        for n, (name, number_, on, note) in enumerate(papers, start=1)
    )


def is_of_a_unit(asked: Asked[Penalty]) -> Text | None:
    """Made where a unit is penalised."""
    return None if asked.row.party == "unit" else Text("当事人不是单位", "the party is no unit")


def is_of_a_person(asked: Asked[Penalty]) -> Text | None:
    """Made where a person is penalised."""
    return None if asked.row.party == "person" else Text("当事人不是个人", "the party is no person")


def _decision(drafting: Drawn) -> IssuedDocument | None:
    found = (drafting.last(one) for one in DECISIONS)
    return next((one for one in found if one is not None), None)


def _days(rule: str, drafting: Drawn) -> str:
    return str(limit(rule, local_day(drafting.at)).term.count)


def money(amount: float | None) -> str:
    """An amount as papers write it."""
    return f"{amount or 0:,.2f}".removesuffix(".00")


Fill = Callable[[Drawn], str | tuple[str, ...] | tuple[Mark, ...]]
EVERY: tuple[Fill, ...] = (party, officers, handled_by)
"""What every paper of a penalty may ask for."""
