"""Flow of fireworks: a consignment is registered, its arrival confirmed, and what differs is looked into."""

from enum import StrEnum

from casework.casetype import CaseType, Role, Step
from casework.flows import arrived_as_sent, moved_by_today, named_after_the_product, who_acts_on_a_flow
from casework.reminders import ladders
from core.texts import Text
from layers.catalogue.fireworks import FIREWORK_FLOWS

ANYBODY, OFFICER = (Role.ENTERPRISE, Role.OFFICER), (Role.OFFICER,)
SENT = ("title", "enterprise", "kind", "product", "grade", "batch", "boxes", "other", "permit", "moved_on", "vehicle")
NEEDED = ("enterprise", "product", "batch", "boxes", "other", "permit", "moved_on")


class State(StrEnum):
    """Where a consignment stands (code list `firework_state`)."""

    SENT = "sent"
    DIFFERS = "differs"
    ARRIVED = "arrived"
    CANCELLED = "cancelled"


FIREWORK_FLOW = CaseType(
    id="firework-flow", title=Text("烟花爆竹流向", "Flow of fireworks"),
    about=Text("购销流向登记,到货确认,差异核查", "Registered, confirmed on arrival, looked into where it differs"),
    register=FIREWORK_FLOWS, states=State, start=State.SENT, final=(State.ARRIVED, State.CANCELLED), numbering="YX",
    law=Text("《烟花爆竹安全管理条例》第二十条;步骤由本系统约定", "Fireworks regulation, art. 20; own steps"),
    turn=who_acts_on_a_flow, reminders=ladders()["register"], named=named_after_the_product, video=True,
    steps=(
        Step(name="send", title=Text("登记流向", "Register"), opens=True, source=(), target=State.SENT, by=ANYBODY,
             asks=SENT, needs=NEEDED, guards=(moved_by_today,), limit="firework-arrive"),
        Step(name="confirm", title=Text("确认到货", "Confirm arrival"), source=(State.SENT,), target=State.ARRIVED,
             by=ANYBODY, asks=("arrived",), needs=("arrived",), guards=(arrived_as_sent,)),
        Step(name="report_difference", title=Text("报告差异", "Report a difference"), source=(State.SENT,),
             target=State.DIFFERS, by=ANYBODY, asks=("arrived", "difference"), needs=("arrived", "difference"),
             limit="firework-check"),
        Step(name="settle", title=Text("核查办结", "Settle"), source=(State.DIFFERS,), target=State.ARRIVED,
             by=OFFICER, reason=True),
        Step(name="cancel", title=Text("撤销登记", "Cancel"), source=(State.SENT,), target=State.CANCELLED, by=ANYBODY,
             reason=True),
    ),
)  # fmt: skip
