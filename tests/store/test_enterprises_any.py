"""Whatever was written and whatever the scope: every read shows exactly the rows in reach and of the caller's own."""

from dataclasses import dataclass
from itertools import pairwise

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import NotFoundError
from core.scope import Scope
from store.feed import Delete, Put
from store.protocol import Store
from store.query import COUNT, EVERYTHING, Query
from tests.store.cityscape import CITY, CLERK
from tests.store.firms import COUNTY, EAST, WEST, WORKS, only, works

KEYS = ("W1", "W2", "W3")
FIRMS = ("A", "B", "C", "")


@dataclass(frozen=True)
class Row:
    """What decides who sees a plant."""

    enterprise: str
    area: str

    def seen(self, scope: Scope) -> bool:
        """By the words of the promise, not by the code."""
        return self.enterprise in (scope.enterprises or ()) and any(self.area.startswith(one) for one in scope.areas)


Step = tuple[str, Row | None]
steps = st.lists(
    st.tuples(st.sampled_from(KEYS), st.none() | st.builds(Row, st.sampled_from(FIRMS), st.sampled_from((EAST, WEST)))),
    max_size=12,
)
scopes = st.builds(
    lambda firms, areas: only(*firms, areas=areas),
    st.sets(st.sampled_from(FIRMS[:3])),
    st.sampled_from((("",), (EAST,), (WEST,), (EAST, WEST))),
)


def written(store: Store, done: list[Step]) -> list[dict[str, Row]]:
    """The rows after each step, as they ought to be; a step that deletes what is not there is left out."""
    states: list[dict[str, Row]] = [{}]
    for key, row in done:
        state = dict(states[-1])
        if row is not None:
            state[key] = row
            edit: Put | Delete = Put(layer=WORKS.id, record=works(key, row.enterprise, area=row.area))
        elif state.pop(key, None) is None:
            continue
        else:
            edit = Delete(layer=WORKS.id, key=key)
        store.commit([edit], actor=CLERK, reason="test", scope=CITY)
        states.append(state)
    return states


def expected_feed(states: list[dict[str, Row]], scope: Scope) -> list[tuple[int, str, str]]:
    """Of each step what may be told: the row as it is now, or that it left."""
    told = []
    for place, (before, after) in enumerate(pairwise(states), 1):
        (key,) = {k for k in KEYS if before.get(k) is not after.get(k)}
        was, now = before.get(key), after.get(key)
        if now is not None and now.seen(scope):
            told.append((place, key, "put"))
        elif was is not None and was.seen(scope):
            told.append((place, key, "delete"))
    return told


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=steps, scope=scopes)
def test_every_door_shows_the_rows_of_their_own_and_no_other(opened, done: list[Step], scope: Scope) -> None:
    store = opened(COUNTY)
    left = store.read(WORKS, EVERYTHING, scope=CITY)["code"].to_pylist()
    store.commit([Delete(layer=WORKS.id, key=key) for key in left], actor=CLERK, reason="test", scope=CITY)
    start = store.head()
    ended = {key: len(store.versions(WORKS, key, scope=CITY)) for key in KEYS}
    states = written(store, done)
    own = sorted(key for key, row in states[-1].items() if row.seen(scope))
    assert sorted(store.read(WORKS, EVERYTHING, scope=scope)["code"].to_pylist()) == own
    assert store.count(WORKS, EVERYTHING, scope=scope) == len(own)
    groups = store.totals(WORKS, EVERYTHING, by=("enterprise",), of=(COUNT,), scope=scope)
    assert set(groups["enterprise"].to_pylist()) == {states[-1][key].enterprise for key in own}
    assert sorted(hit.key for hit in store.search("化工", scope=scope)) == own
    with store.snapshot() as moment:
        table = pa.Table.from_batches(moment.batches(WORKS, EVERYTHING, scope=scope))
        assert sorted(table["code"].to_pylist()) == own
    for place, state in enumerate(states):
        then = store.read(WORKS, Query(at_seq=start + place), scope=scope)["code"].to_pylist()
        assert sorted(then) == sorted(key for key, row in state.items() if row.seen(scope))
    feed = store.feed(after=start, scope=scope)
    assert [(one.seq - start, one.key, str(one.change)) for one in feed] == expected_feed(states, scope)
    for key in KEYS:
        rows = [after.get(key) for before, after in pairwise(states) if before.get(key) is not after.get(key)]
        versions = store.versions(WORKS, key, scope=scope)
        assert sum(one.from_seq > start for one in versions) == sum(row is not None and row.seen(scope) for row in rows)
        assert len(versions) <= ended[key] + len(rows)
        try:
            store.get(WORKS, key, scope=scope)
        except NotFoundError:
            assert key not in own
        else:
            assert key in own
