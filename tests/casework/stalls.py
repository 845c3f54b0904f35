"""A business system of the tests: a market stall is applied for, returned, granted or refused, and may be appealed."""

from enum import StrEnum
from typing import Annotated, Any

from casework.casetype import CaseType, Clock, Document, Role, Step
from casework.engine import Asked
from casework.papers import Drafting
from casework.reminders import Rung, Tier
from core.scope import Sensitivity
from core.texts import Text
from layers.catalogue.casework import CaseRow
from layers.fields import Codes, Title
from layers.layer import Geometry, Layer, Publish, Theme

OFFICER, FIRM = (Role.OFFICER,), (Role.ENTERPRISE,)


class Stall(CaseRow):
    """A stall on the market."""

    state: Annotated[str, Title("状态", "State"), Codes("danger_state")] = "reported"
    metres: Annotated[int | None, Title("米数", "Metres")] = None
    paid: Annotated[bool, Title("已缴费", "Paid")] = False


STALLS = Layer(
    id="stalls", title=Text("摊位", "Stalls"), about=Text("集市摊位", "Stalls of the market"), record=Stall, key="code",
    geometry=Geometry.NONE, owner=Text("市场管理所", "Market office"), theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL, publish=Publish.NONE,
)  # fmt: skip


class State(StrEnum):
    """Words of another list do for a test."""

    LODGED = "reported"
    RETURNED = "correcting"
    GRANTED = "closed"
    REFUSED = "dismissed"


def fee_is_paid(asked: Asked[Stall]) -> Text | None:
    """Stalls are paid for before the market opens."""
    return None if asked.row.paid else Text("尚未缴费", "the fee has not been paid")


def fits_the_market(asked: Asked[Stall]) -> Text | None:
    """The square is nine metres wide."""
    return None if (asked.row.metres or 0) <= 9 else Text("超过 9 米", "is wider than 9 m")


def pays(_: Asked[Stall]) -> dict[str, Any]:
    """The fee is taken."""
    return {"paid": True}


def problems(drafting: Drafting[Stall]) -> tuple[str, ...]:
    """What is granted, on the form of something else."""
    return (f"摊位 {drafting.row.metres} 米",)


def ordered_until(_: Drafting[Stall]) -> str:
    """For as long as the market is."""
    return "收市"


def firm_mends(row: Stall) -> Role:
    """The office decides, the firm mends its papers."""
    return Role.ENTERPRISE if row.state == State.RETURNED else Role.OFFICER


STEPS: tuple[Step, ...] = (
    Step(name="lodge", title=Text("申请", "Lodge"), opens=True, source=(), target=State.LODGED, by=FIRM,
         asks=("title", "metres", "enterprise"), needs=("metres",), limit="danger-list"),
    Step(name="pay", title=Text("缴费", "Pay"), source=(State.LODGED,), target=None, by=FIRM, sets=pays),
    Step(name="send_back", title=Text("退回", "Return"), source=(State.LODGED,), target=State.RETURNED, by=OFFICER,
         reason=True, clock=Clock.STOPS),
    Step(name="mend", title=Text("补正", "Correct"), source=(State.RETURNED,), target=State.LODGED, by=FIRM,
         asks=("metres",), clock=Clock.RESUMES),
    Step(name="grant", title=Text("准予", "Grant"), source=(State.LODGED,), target=State.GRANTED, by=OFFICER,
         guards=(fee_is_paid, fits_the_market), documents=("permit",)),
    Step(name="refuse", title=Text("不予", "Refuse"), source=(State.LODGED,), target=State.REFUSED, by=OFFICER,
         reason=True),
)  # fmt: skip
DECLARED: dict[str, Any] = {
    "id": "stall-permit", "title": Text("摊位许可", "Market stall permit"), "about": Text("集市", "The market"),
    "register": STALLS, "states": State, "start": State.LODGED, "final": (State.GRANTED, State.REFUSED),
    "steps": STEPS, "numbering": "TW", "law": Text("集市管理办法", "Rules of the market"), "turn": firm_mends,
    "documents": (
        Document(id="permit", title=Text("摊位证", "Permit"), form="rectify-order", fills=(problems, ordered_until)),
    ),
    "reminders": (Rung(-1, Tier.ENTERPRISE), Rung(0, Tier.TOWN), Rung(3, Tier.DISTRICT)),
}  # fmt: skip
STALL_PERMIT = CaseType(**DECLARED)
