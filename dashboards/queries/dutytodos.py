"""What waits at the duty desk as to-dos of the portal: calls to return, receipts that are missing."""

from collections.abc import Iterator

from core.caller import UserClass
from core.clock import CHINA
from core.texts import Text
from dashboards.queries.dutycalls import OPEN_CALLS
from dashboards.queries.todos import Desk, Todo
from layers.catalogue import DUTY_CALLS, DUTY_FORWARDS
from layers.filters import And, Compare, Op
from store.query import Order, Query

MOST, FEW = 20, 2
"""Lines of one rule, and where the page folds what is long: no rule hides the others."""


def duty(desk: Desk) -> Iterator[Todo]:
    """Of the reader's own areas, the oldest first; for the authority alone."""
    calls, forwards = (desk.store.catalogue.find(one.id, desk.scope) for one in (DUTY_CALLS, DUTY_FORWARDS))
    if desk.user_class is not UserClass.REGULATOR or calls is None or forwards is None:
        return
    system, most = Text("值守", "Duty").of(desk.lang), FEW if desk.folded else MOST
    query = Query(where=OPEN_CALLS, fields=("code", "what", "at"), geometry=False, order=(Order("at"),), limit=most)
    for row in desk.store.read(calls, query, scope=desk.scope).to_pylist():
        yield Todo(
            id=f"call_back:{row['code']}", title=Text("须回电", "To be called back").of(desk.lang), system=system,
            subject=row["what"][:60], link=f"roster?tab=calls&code={row['code']}",
            due=row["at"].astimezone(CHINA).date(),
        )  # fmt: skip
    where = And((Compare("state", Op.EQ, "waiting"), Compare("due_at", Op.LT, desk.now)))
    fields = ("code", "call", "to", "due_at")
    late = Query(where=where, fields=fields, geometry=False, order=(Order("due_at"),), limit=most)
    for row in desk.store.read(forwards, late, scope=desk.scope).to_pylist():
        yield Todo(
            id=f"receipt:{row['code']}", title=Text("未回执", "Receipt missing").of(desk.lang), system=system,
            subject=row["to"], link=f"roster?tab=calls&code={row['call']}", due=row["due_at"].astimezone(CHINA).date(),
        )  # fmt: skip
