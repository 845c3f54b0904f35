"""A business system declared wrongly fails at once, and says everything that is wrong with it."""

from dataclasses import replace

import pytest

from app.systems import SYSTEMS
from casework.casetype import CaseType, Document, Role, Step
from core.errors import FaultsError
from core.texts import Text
from tests.casework.stalls import DECLARED, OFFICER, STALL_PERMIT, STEPS, State


def test_every_fault_of_a_declaration_is_said_at_once() -> None:
    wrong = (
        *STEPS,
        Step(name="pay", title=Text("再缴", ""), source=(State.GRANTED,), target="gone", by=(),
             asks=("state", "colour"), needs=("metres",), limit="no-rule", until="metres",
             guards=(lambda asked: None,), documents=("seal",)),
    )  # fmt: skip
    with pytest.raises(FaultsError) as raised:
        CaseType(**DECLARED | {"steps": wrong, "numbering": "stall"})
    said = {(one.field, one.value) for one in raised.value.faults}
    assert said >= {
        ("numbering", "stall"), ("steps", "pay"), ("steps.pay.title", "再缴"), ("steps.pay", "closed"),
        ("steps.pay", "gone"), ("steps.pay", "pay"), ("steps.pay.asks", "state"), ("steps.pay.asks", "colour"),
        ("steps.pay.needs", "metres"), ("steps.pay.limit", "no-rule"), ("steps.pay.until", "metres"),
        ("steps.pay.documents", "seal"),
    }  # fmt: skip
    assert any(field == "steps.pay.guards" for field, _ in said)


def test_a_state_that_nothing_reaches_or_leaves_is_a_fault() -> None:
    steps = tuple(one for one in STEPS if one.name not in ("send_back", "refuse"))
    with pytest.raises(FaultsError) as raised:
        CaseType(**DECLARED | {"steps": steps})
    said = {(one.value, one.rule.en) for one in raised.value.faults}
    assert said == {("correcting", "cannot be reached"), ("dismissed", "cannot be reached")}
    steps = tuple(one for one in STEPS if one.name != "mend")
    with pytest.raises(FaultsError) as raised:
        CaseType(**DECLARED | {"steps": steps})
    assert [(one.value, one.rule.en) for one in raised.value.faults] == [("correcting", "has no way to an end")]


def test_only_one_step_opens_a_case_and_nobody_takes_the_name_of_the_reminder() -> None:
    again = replace(STEPS[0], name="remind")
    with pytest.raises(FaultsError) as raised:
        CaseType(**DECLARED | {"steps": (*STEPS, again)})
    assert {one.field for one in raised.value.faults} == {"steps", "steps.remind"}


def test_a_document_nobody_declared_is_a_fault() -> None:
    with pytest.raises(FaultsError, match="permit"):
        CaseType(**DECLARED | {"documents": (Document(id="seal", title=Text("印章", "Seal")),)})


@pytest.mark.parametrize("of", [*SYSTEMS, STALL_PERMIT], ids=lambda of: of.id)
def test_every_guard_says_in_one_sentence_what_it_asks(of: CaseType) -> None:
    for step in of.steps:
        assert all((one.__doc__ or "").strip() for one in step.guards), step.name
    assert OFFICER == (Role.OFFICER,)
