"""What the index is computed from: tables, each of which may be missing, and is then unknown and not nought."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import Fault, FaultsError
from core.texts import Text

NEEDED: dict[str, tuple[str, ...]] = {
    "enterprises": ("uscc", "area", "sector", "std_grade", "credit_grade", "blacklist"),
    "sources": ("code", "enterprise", "grade", "r_value"),
    "sensors": ("code", "enterprise", "kind", "hazard_source"),
    "alarms": ("point", "enterprise", "condition", "state", "raised_at", "acknowledged_at", "extreme"),
    "dangers": ("code", "enterprise", "major", "due_at"),
    "permits": ("code", "enterprise", "expires_at"),
    "penalties": ("code", "enterprise", "at"),
    "tickets": ("code", "enterprise", "kind", "from", "to"),
    "violations": ("code", "enterprise", "at"),
    "analysed": ("code", "enterprise"),
    "promises": ("enterprise", "at", "start_stop"),
    "weather": ("code", "area", "level", "from", "to"),
    "periods": ("code", "area", "from", "to"),
}
"""The columns of each table; `code` names a row as its source. More columns do no harm.

`dangers` are those not yet closed, `penalties` those that were decided, with when.
`violations` are events on video that a person called true, `analysed` the cameras at which rules look for violations:
an enterprise that has none of these is not known by video.
`alarms` have the fields of the layer of alarms; one without a `code` is named by
its point and condition. `promises` of the last day say with `start_stop` whether there are trial runs,
start-ups or shut-downs.
"""


OUTER, INNER = ("HH", "LL"), ("H", "L")
OPEN = ("raised", "acknowledged", "shelved")
"""States in which the condition of an alarm still holds."""


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """The tables as of one moment; None is unknown, a table without rows says that there is nothing."""

    at: datetime
    enterprises: pa.Table
    sources: pa.Table | None = None
    sensors: pa.Table | None = None
    alarms: pa.Table | None = None
    dangers: pa.Table | None = None
    permits: pa.Table | None = None
    penalties: pa.Table | None = None
    tickets: pa.Table | None = None
    violations: pa.Table | None = None
    analysed: pa.Table | None = None
    promises: pa.Table | None = None
    weather: pa.Table | None = None
    periods: pa.Table | None = None

    def __post_init__(self) -> None:
        faults = [
            Fault(field=f"{name}.{column}", value="", rule=Text("缺少该列", "is a column that is missing"))
            for name, columns in NEEDED.items()
            if (table := getattr(self, name)) is not None
            for column in columns
            if column not in table.column_names
        ]
        if faults:
            raise FaultsError(faults)

    def frame(self, name: str) -> pd.DataFrame | None:
        """A table's needed columns with a `code`, and the `place` of its enterprise; None where it is unknown.

        Rows of an enterprise that is not in the table of them are left out. Made once: several terms read one table.
        """
        if name not in self._frames:
            table: pa.Table | None = getattr(self, name)
            self._frames[name] = None if table is None else self._made(name, table)
        return self._frames[name]

    def _made(self, name: str, table: pa.Table) -> pd.DataFrame:
        columns = [*NEEDED[name], *(["code"] if "code" in table.column_names and "code" not in NEEDED[name] else [])]
        frame: pd.DataFrame = table.select(columns).to_pandas()
        if "enterprise" in frame:
            place = pc.index_in(table["enterprise"].cast(pa.string()), value_set=self._keys)
            frame["place"] = place.fill_null(-1).to_numpy()
            frame = frame[frame["place"] >= 0]
        if "code" not in frame:
            frame["code"] = frame["point"] + " " + frame["condition"] if name == "alarms" else frame["enterprise"]
        return frame

    @cached_property
    def standing(self) -> pd.DataFrame | None:
        """Alarms whose condition holds, the gravest of each point (rank 0 outer, 1 inner, 2 others).

        `sensor` is the kind of point; it and `hazard_source` are null where the layer of sensors does not have it.
        """
        alarms, sensors = self.frame("alarms"), self.frame("sensors")
        if alarms is None:
            return None
        alarms = alarms[alarms["state"].isin(OPEN)]
        rank = np.select([alarms["condition"].isin(OUTER), alarms["condition"].isin(INNER)], [0, 1], 2)
        ranked = alarms.assign(rank=rank).sort_values(["rank", "raised_at"], kind="stable").drop_duplicates("point")
        if sensors is None:
            return ranked.assign(sensor=None, hazard_source=None)
        about = sensors[sensors["code"].isin(ranked["point"])].drop_duplicates("code").set_index("code")
        return ranked.join(about[["kind", "hazard_source"]].rename(columns={"kind": "sensor"}), on="point")

    @cached_property
    def _keys(self) -> pa.Array:
        return self.enterprises["uscc"].cast(pa.string()).combine_chunks()

    @cached_property
    def _frames(self) -> dict[str, pd.DataFrame | None]:
        return {}
