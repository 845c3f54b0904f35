"""Limits as rows that named persons hold against their printed source, and what stands of them."""

from emergency.limits.checking import Check, Reading, State, read, state_of
from emergency.limits.rows import TABLES, LimitRow, Number, limit_row, limit_rows
from emergency.limits.standing import NOBODY, Standing, with_standing

__all__ = [
    "NOBODY",
    "TABLES",
    "Check",
    "LimitRow",
    "Number",
    "Reading",
    "Standing",
    "State",
    "limit_row",
    "limit_rows",
    "read",
    "state_of",
    "with_standing",
]
