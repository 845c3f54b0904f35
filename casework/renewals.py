"""Licences as time goes by: what nears its end or has passed it, and which rung of its kind's ladder has come."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from casework.calendar import end_of
from casework.permits import permit, standing
from casework.reminders import Tier, ladders, passed
from casework.terms import local_day
from core.actors import SYSTEM_ACTOR
from core.clock import Clock
from core.errors import ConflictError
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from layers.catalogue.licences import LICENCE_CASES, LICENCES, Licence
from layers.filters import And, Compare, In, Missing, Op
from store.feed import Edit, Put
from store.protocol import Store
from store.query import Query

AT_ONCE = 50
"""Licences of one commit, so that nobody who works waits long for it."""

AHEAD = timedelta(days=1 - min(rung.days for name in ("expiry-quarter", "expiry-month") for rung in ladders()[name]))


def as_of(row: Licence, now: datetime, renewing: bool = False) -> tuple[Licence, Text] | None:
    """The row with its state of the day and the reminders that have come, and what is said; None where nothing is new.

    A rung that passed while nobody looked is not made up for: what is said is where it stands now. What is `renewing`
    does not run out before that is decided.
    """
    until = row.valid_until
    if until is None:
        return None
    today = local_day(now)
    state = standing(row.state, row.kind, max(until, today) if renewing else until, today)
    ladder = permit(row.kind, today).ladder
    climbed = passed(ladder, end_of(until), now)
    if state == row.state and climbed <= row.reminded:
        return None
    changes: dict[str, object] = {"state": state}
    if climbed > row.reminded:
        changes |= {"reminded": climbed, "told": ladder[climbed - 1].tier.value, "told_at": now}
    return row.model_copy(update=changes), _said(state, (until - today).days, ladder[max(0, climbed - 1)].tier)


def _said(state: str, days: int, tier: Tier) -> Text:
    if state == "expired":
        return Text("证照已过有效期", "the licence has run out")
    if days < 0:
        return Text("有效期已过,延续申请尚未决定", "past its end, its renewal not decided yet")
    who = Text("持证单位", "its holder") if tier is Tier.ENTERPRISE else Text("监管部门", "the authority")
    return Text(f"证照到期提醒:距届满 {days} 天,告知{who.zh}", f"runs out in {days} days: {who.en} is told")


def being_renewed(store: Store) -> frozenset[str]:
    """Licences whose renewal was asked for before they ran out and is not decided: deemed renewed (article 50)."""
    running = And((Missing("closed_at"), Compare("matter", Op.EQ, "renew")))
    query = Query(where=running, fields=("licence",), geometry=False)
    return frozenset(store.read(LICENCE_CASES, query, scope=SYSTEM_SCOPE)["licence"].to_pylist())


def climb(store: Store, clock: Clock) -> int:
    """Tell of every licence whose rung has come and say what has run out; how many. Nobody is told twice."""
    now = clock()
    near = And((In("state", ("valid", "soon")), Compare("valid_until", Op.LE, local_day(now) + AHEAD)))
    query = Query(where=near, fields=(LICENCES.key,), geometry=False)
    keys = store.read(LICENCES, query, scope=SYSTEM_SCOPE)[LICENCES.key].to_pylist()
    renewing = being_renewed(store)
    return sum(_climbed(store, keys[n : n + AT_ONCE], now, renewing) for n in range(0, len(keys), AT_ONCE))


def _climbed(store: Store, keys: Sequence[str], now: datetime, renewing: frozenset[str]) -> int:
    edits: dict[str, list[Edit]] = {}
    for key in keys:
        kept = store.get(LICENCES, key, scope=SYSTEM_SCOPE)
        assert isinstance(kept.record, Licence)
        done = as_of(kept.record, now, key in renewing)
        if done is not None:
            row, said = done
            edits.setdefault(said.zh, []).append(Put(layer=LICENCES.id, record=row, expected=kept.version))
    told = 0
    for reason, some in edits.items():
        try:
            store.commit(some, actor=SYSTEM_ACTOR, reason=reason, scope=SYSTEM_SCOPE)
        except ConflictError:  # one of them was renewed meanwhile: the next round asks again
            continue
        told += len(some)
    return told
