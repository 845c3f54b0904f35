"""What every row of a batch has in common, told to an empty table once as the default of a column."""

from typing import Any

import pyarrow as pa
from psycopg import sql

from store.arrays import alike, whole
from store.postgis.connections import Connection


class Standing:
    """Defaults that stand while an empty table is filled: half the columns of a ledger say nothing, in every row.

    Only for a transaction that holds the table alone, and gone before it ends. Columns that have a default of their own
    are left alone.
    """

    def __init__(self, db: Connection, table: str) -> None:
        self._db = db
        self._table = table
        self._values: dict[str, Any] = {}
        bare = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        bare += " AND NOT attisdropped AND NOT atthasdef"
        self._free = {str(row[0]) for row in db.execute(bare.encode(), (table,)).fetchall()}

    def left_out(self, columns: pa.Table) -> list[str]:
        """The columns COPY need not be sent, their values being told."""
        common: dict[str, Any] = {}
        for name in columns.column_names:
            column = whole(columns.column(name))
            if name.strip('"') in self._free and _plain(column.type) and alike(column):
                common[name] = column[0].as_py()
        self._tell({name: value for name, value in common.items() if self._values.get(name) != value})
        return list(common)

    def clear(self) -> None:
        """Leave the table as it was."""
        self._tell(dict.fromkeys(self._values))

    def _tell(self, values: dict[str, Any]) -> None:
        if values:
            self._values |= values
            said = [
                sql.SQL(f"ALTER {name} ") + (sql.SQL("DROP DEFAULT") if value is None else _set(value))
                for name, value in values.items()
            ]
            self._db.execute(sql.SQL(f"ALTER TABLE {self._table} ") + sql.SQL(", ").join(said))


def _set(value: Any) -> sql.Composed:
    return sql.SQL("SET DEFAULT ") + sql.Literal(value)


def _plain(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(kind))
