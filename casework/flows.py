"""Rules of the flow of fireworks: whose it is, and that what arrives is what was sent or says why not."""

from collections.abc import Mapping
from typing import Any

from casework.casetype import Role
from casework.engine import Asked
from casework.terms import local_day
from core.texts import Text
from layers.catalogue.fireworks import FireworkFlow

Given = Asked[FireworkFlow]


def named_after_the_product(known: Mapping[str, Any]) -> str:
    """What a consignment is called: product and boxes."""
    return f"{known.get('product') or '烟花爆竹'} {known.get('boxes') or ''} 箱"[:120]


def moved_by_today(asked: Given) -> Text | None:
    """Nobody registers what is yet to move."""
    if asked.row.moved_on is None or asked.row.moved_on <= local_day(asked.at):
        return None
    return Text("出入库日期不能晚于今天", "it cannot have moved later than today")


def arrived_as_sent(asked: Given) -> Text | None:
    """What is confirmed arrived whole; what did not is reported as a difference."""
    sent, arrived = asked.row.boxes, asked.row.arrived
    if sent is None or arrived is None or sent == arrived:
        return None
    return Text(
        f"登记 {sent} 箱,实收 {arrived} 箱,请报告差异", f"{sent} were sent, {arrived} arrived: report the difference"
    )


def who_acts_on_a_flow(row: FireworkFlow) -> Role:
    """The enterprise confirms; the office looks into what differs."""
    return Role.OFFICER if row.state == "differs" else Role.ENTERPRISE
