"""Publishing decisions on penalties: in time, without persons, for as long as they may be shown, then taken off.

Work Safety Law (安全生产法, 2021) article 78; Law on Administrative Penalties (行政处罚法, 2021) article 48;
regulation on disclosure (政府信息公开条例, 2019) article 15.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from casework.casetype import Chosen
from casework.engine import Asked
from casework.masking import NUMBERS
from casework.penalty_rules import State
from casework.terms import last_day, local_day
from core.actors import SYSTEM_ACTOR
from core.clock import Clock
from core.scope import SYSTEM_SCOPE, Sensitivity
from core.texts import Text
from layers.catalogue.enforcement import PENALTY_LISTINGS, Penalty, PenaltyListing
from layers.filters import And, Compare, Missing, Op
from store.feed import Put
from store.protocol import Store
from store.query import Query

Given = Asked[Penalty]
OVER = "公示期满"


def is_published(asked: Given) -> Text | None:
    """A case is closed after the decision was published (Work Safety Law, article 78)."""
    if asked.row.published_at is not None:
        return None
    return Text("处罚决定尚未公开,须先登记公开", "the decision has not been published")


def is_not_published(asked: Given) -> Text | None:
    """It is published once."""
    return Text("已登记公开", "published already") if asked.row.published_at is not None else None


def publishes(asked: Given) -> dict[str, Any]:
    """When it was published, until when it is shown, and whether that came late."""
    decided = asked.row.decided_at or asked.at
    return {
        "published_at": asked.at, "published_late": asked.at >= asked.ends("penalty-publish", decided),
        "public_until": last_day(asked.ends("penalty-public", decided)),
    }  # fmt: skip


def summary_names_nobody(asked: Given) -> Text | None:
    """What is published names no person and holds no number of one (regulation on disclosure, article 15)."""
    said, row = asked.row.public_summary, asked.row
    if NUMBERS.search(said):
        return Text("公开内容不得含身份证号、电话等个人信息", "no identity or telephone numbers may be published")
    named = [one for one in (row.person.strip(),) if one and one in said]
    if not named:
        return None
    return Text(f"公开内容不得写明个人姓名:{named[0]}", f"no person is named in what is published: {named[0]}")


def due_after_deciding(row: Penalty, _: datetime) -> Chosen:
    """Service within seven working days, payment by its day, publishing within seven working days: which is first."""
    if row.state in (State.ENFORCING, State.CLOSING):
        return published_in_time(row, _)
    if row.served_on is None:
        return Chosen(rule="penalty-serve", since=row.decided_at)
    return replace(published_in_time(row, _), until="pay_by")


def published_in_time(row: Penalty, _: datetime) -> Chosen:
    """Publishing within seven working days of the decision (Work Safety Law, article 78); then nothing."""
    return Chosen() if row.published_at is not None else Chosen(rule="penalty-publish", since=row.decided_at)


def penalty_listing(row: Penalty) -> PenaltyListing | None:
    """What the public reads of a decision: of a person the family name alone, and neither firm nor place."""
    if row.published_at is None or row.decided_at is None:
        return None
    person = row.party == "person"
    name = f"{row.person[:1]}某" if person else row.enterprise_name or "某单位"
    over = row.public_until is not None and local_day(row.state_since) > row.public_until
    if row.revoked_at is not None:  # article 48: what was published is withdrawn, and the public told why
        return PenaltyListing(
            code=row.code, title=f"{name}行政处罚信息（已撤回）", party=row.party, party_name=name,
            decision_no=row.decision_no, organ=row.decided_by, decided_on=local_day(row.decided_at),
            published_at=row.published_at, public_until=row.public_until, withdrawn_at=row.revoked_at,
            withdrawn_why=row.revoked_why[:400], enterprise="" if person else row.enterprise, area=row.area,
            geometry=None if person else row.geometry, sensitivity=Sensitivity.PUBLIC,
        )  # fmt: skip
    return PenaltyListing(
        code=row.code, title=f"{name}行政处罚信息", party=row.party, party_name=name, decision_no=row.decision_no,
        organ=row.decided_by, summary=row.public_summary, violated=row.violated, basis=row.basis, kinds=row.kinds,
        amount=row.amount, decided_on=local_day(row.decided_at), published_at=row.published_at,
        public_until=row.public_until, enterprise="" if person else row.enterprise, area=row.area,
        geometry=None if person else row.geometry, sensitivity=Sensitivity.INTERNAL if over else Sensitivity.PUBLIC,
    )  # fmt: skip


def take_off(store: Store, clock: Clock) -> int:
    """Take off the public list what was shown for its whole time; how many that were. Done again, it finds none."""
    now = clock()
    over = And((Compare("public_until", Op.LT, local_day(now)), Missing("withdrawn_at")))
    keys = store.read(PENALTY_LISTINGS, Query(where=over, fields=("code",), geometry=False), scope=SYSTEM_SCOPE)
    edits = []
    for key in keys["code"].to_pylist():
        kept = store.get(PENALTY_LISTINGS, key, scope=SYSTEM_SCOPE)
        off = {"withdrawn_at": now, "withdrawn_why": OVER, "sensitivity": Sensitivity.INTERNAL}
        edits.append(Put(layer=PENALTY_LISTINGS.id, record=kept.record.model_copy(update=off), expected=kept.version))
    if edits:
        store.commit(edits, actor=SYSTEM_ACTOR, reason=OVER, scope=SYSTEM_SCOPE)
    return len(edits)
