"""Promises of safety: an enterprise judges the risks of its day and promises; the next one takes its place."""

from enum import StrEnum

from casework.casetype import CaseType, Role, Step
from casework.promising import (
    is_for_today,
    named_after_the_firm,
    nobody_acts_on_a_promise,
    promise_is_worded,
    units_add_up,
)
from core.texts import Text
from layers.catalogue.promises import SAFETY_PROMISES

ASKED = (
    "title", "enterprise", "units", "running", "stopped", "special_fires", "first_fires", "second_fires", "confined",
    "other_works", "contractors", "trial", "start_stop", "promiser", "promise",
)  # fmt: skip


class State(StrEnum):
    """Where a promise stands (code list `promise_state`)."""

    PROMISED = "promised"
    WITHDRAWN = "withdrawn"


SAFETY_PROMISE = CaseType(
    id="safety-promise", title=Text("安全承诺", "Promise of safety"),
    about=Text("企业每日安全风险研判与承诺,以最近一次为准", "What an enterprise judges of its day; the latest holds"),
    register=SAFETY_PROMISES, states=State, start=State.PROMISED, final=(State.WITHDRAWN,), standing=(State.PROMISED,),
    numbering="CN",
    law=Text("应急〔2018〕74号(未核对原文)", "Notice 应急〔2018〕74号 (not read in its source)"),
    turn=nobody_acts_on_a_promise, named=named_after_the_firm,
    steps=(
        Step(name="promise", title=Text("作出承诺", "Promise"), opens=True, source=(), target=State.PROMISED,
             by=(Role.ENTERPRISE,), asks=ASKED, needs=("enterprise", "units", "promiser", "promise"),
             guards=(units_add_up, promise_is_worded), sets=is_for_today),
        Step(name="withdraw", title=Text("撤回承诺", "Withdraw"), source=(State.PROMISED,), target=State.WITHDRAWN,
             by=(Role.ENTERPRISE,), reason=True),
    ),
)  # fmt: skip
