"""Themes of the map beside the grades of the rows: how the licences of enterprises stand, the states of dangers."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from casework.permits import RUNNING
from casework.renewals import being_renewed
from core.clock import CHINA
from core.scope import SYSTEM_SCOPE, Scope
from core.texts import Lang, Text
from layers.catalogue import DANGERS, ENTERPRISES, LICENCE_CASES, LICENCES
from layers.filters import In
from layers.layer import Layer
from store.protocol import Store
from store.query import Query

Grades = NDArray[np.uint8]
NEAR = 90
"""Days before the end of a licence from which on it is drawn as ending."""
VOID = ("suspended", "revoked", "forfeited")
ENDED, ENDING, HELD = 1, 2, 4
LATE, UNDER_WAY, RECHECKED, CLOSED = 1, 2, 3, 4
KEPT = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """What the symbols of one layer say: words of the four shapes (None is not used) and of rows without any.

    `needs` are layers and fields that have to be open to the reader; where `plain`, every row has the layer's symbol.
    """

    id: str
    layer: Layer
    title: Text
    words: tuple[Text | None, ...]
    none: Text
    needs: tuple[tuple[Layer, str], ...]
    plain: bool = False


PERMITS = Theme(
    id="permits", layer=ENTERPRISES, title=Text("证照", "Licences"),
    words=(
        Text("已过期或失效", "Ended"), Text(f"{NEAR} 天内到期", f"Ends in {NEAR} days"), None, Text("有效", "Valid"),
    ),
    none=Text("没有登记证照", "None registered"),
    needs=((ENTERPRISES, "uscc"), (LICENCES, "enterprise"), (LICENCES, "valid_until"), (LICENCES, "state"),
           (LICENCES, "kind")),
)  # fmt: skip
DANGER_STATES = Theme(
    id="danger_states", layer=DANGERS, title=Text("隐患状态", "Danger states"), plain=True,
    words=(
        Text("逾期", "Late"), Text("整改中", "Under way"), Text("待复查", "To be rechecked"), Text("已销号", "Closed"),
    ),
    none=Text("不予认定", "Dismissed"), needs=((DANGERS, "state"), (DANGERS, "due_at")),
)  # fmt: skip
THEMES = (PERMITS, DANGER_STATES)


class Themes:
    """The grades of each theme under a scope; those of licences are kept until the feed tells of another licence."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.clock = clock
        self._kept: OrderedDict[tuple[str, date], tuple[int, pa.Table]] = OrderedDict()
        self._lock = threading.Lock()

    def offered(self, scope: Scope, lang: Lang) -> list[dict[str, Any]]:
        """The themes open to a reader, with their words."""
        return [
            {
                "id": one.id, "layer": one.layer.id, "title": one.title.of(lang), "none": one.none.of(lang),
                "words": ["" if word is None else word.of(lang) for word in one.words],
            }
            for one in THEMES if self.open(one, scope)
        ]  # fmt: skip

    def open(self, theme: Theme, scope: Scope) -> bool:
        """All that the theme is drawn from is open to the reader."""
        return all(layer.visible(scope) and name in layer.fields_in(scope) for layer, name in theme.needs)

    def of(self, name: str, layer: Layer, scope: Scope) -> Theme | None:
        """The theme of that name for a layer, if it is open."""
        return next(
            (one for one in THEMES if one.id == name and one.layer.id == layer.id and self.open(one, scope)), None
        )

    def day(self) -> date:
        """By which day licences are judged."""
        return self.clock().astimezone(CHINA).date()

    def grades(self, theme: Theme, keys: list[str], scope: Scope) -> Grades:
        """One for each key, 0 where the theme has nothing to say of it."""
        table = self._dangers(scope) if theme is DANGER_STATES else self._licences(scope)
        place = pc.index_in(pa.array(keys, pa.string()), value_set=table["key"].combine_chunks().cast(pa.string()))
        found = pc.fill_null(table["grade"].take(place), 0)
        return np.asarray(found.to_numpy(), dtype=np.uint8)

    def _licences(self, scope: Scope) -> pa.Table:
        day = self.day()
        name, moving = (scope.digest, day), frozenset({LICENCES.id, LICENCE_CASES.id})
        with self._lock:
            known = self._kept.get(name)
        if known is not None and not self.store.feed(after=known[0], scope=SYSTEM_SCOPE, layers=moving, limit=1):
            return known[1]
        head = self.store.head()
        table = licence_grades(self.store, day, scope)
        with self._lock:
            self._kept[name] = (head, table)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return table

    def _dangers(self, scope: Scope) -> pa.Table:
        query = Query(fields=("code", "state", "due_at", "closed_at", "stopped_at"), geometry=False)
        rows = self.store.read(DANGERS, query, scope=scope)
        late = pc.and_kleene(pc.is_null(rows["closed_at"]), pc.is_null(rows["stopped_at"]))
        late = pc.and_(
            late, pc.fill_null(pc.less_equal(rows["due_at"], pa.scalar(self.clock(), rows["due_at"].type)), False)
        )
        state = rows["state"]
        grade = pc.case_when(
            pc.make_struct(pc.equal(state, "dismissed"), pc.is_valid(rows["closed_at"]), late,
                           pc.equal(state, "rechecking")),
            *(pa.scalar(one, pa.uint8()) for one in (0, CLOSED, LATE, RECHECKED, UNDER_WAY)),
        )  # fmt: skip
        return pa.table({"key": rows["code"], "grade": grade})


def licence_grades(store: Store, day: date, scope: Scope) -> pa.Table:
    """Of each enterprise that holds any, how the worst kind of its licences stands; of one kind the best counts.

    One past its end whose renewal was asked for in time and is not decided is no more than ending (article 50 of the
    law on administrative licences).
    """
    counted = In("state", (*sorted(RUNNING), *VOID))
    query = Query(where=counted, fields=("code", "enterprise", "kind", "state", "valid_until"), geometry=False)
    rows = store.read(LICENCES, query, scope=scope)
    left = pc.days_between(pa.scalar(day, pa.date32()), rows["valid_until"])
    renewing = pc.is_in(rows["code"], value_set=pa.array(sorted(being_renewed(store)), rows["code"].type))
    over = pc.and_(pc.fill_null(pc.less(left, 0), False), pc.invert(renewing))
    near = pc.fill_null(pc.less_equal(left, NEAR), False)
    grade = pc.case_when(
        pc.make_struct(pc.or_(pc.is_in(rows["state"], value_set=pa.array(VOID)), over), near),
        *(pa.scalar(one, pa.uint8()) for one in (ENDED, ENDING, HELD)),
    )
    table = pa.table({"key": rows["enterprise"], "kind": rows["kind"], "grade": grade})
    kinds = table.group_by(["key", "kind"]).aggregate([("grade", "max")])
    return kinds.group_by("key").aggregate([("grade_max", "min")]).rename_columns(["key", "grade"])
