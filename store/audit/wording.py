"""A question to a layer in words that stay the same for the same question, for the record."""

from datetime import date, datetime

import shapely

from core.clock import iso
from layers.filters import And, Between, Compare, During, Filter, In, Like, Missing, Not, Or, Spatial, Under
from store.query import Query

_DIGITS = 1e-6
_MANY = 50


def asked(query: Query) -> str:
    """Its filter and box, and as of which entry."""
    parts = []
    if query.where is not None:
        parts.append(worded(query.where))
    if query.bbox is not None:
        box = query.bbox
        parts.append(f"bbox({box.west:.6f},{box.south:.6f},{box.east:.6f},{box.north:.6f})")
    if query.at_seq is not None:
        parts.append(f"as of #{query.at_seq}")
    return "; ".join(parts)


def worded(where: Filter) -> str:
    """A filter, nearly as CQL2 writes it."""
    match where:
        case Compare(field, op, value):
            return f"{field} {op} {_value(value)}"
        case Like(field, pattern, ignore_case):
            return f"{field} {'ILIKE' if ignore_case else 'LIKE'} {_value(pattern)}"
        case In(field, values):
            more = f", … {len(values)}" if len(values) > _MANY else ""
            return f"{field} IN ({', '.join(_value(value) for value in values[:_MANY])}{more})"
        case Between(field, low, high):
            return f"{field} BETWEEN {_value(low)} AND {_value(high)}"
        case Missing(field):
            return f"{field} IS NULL"
        case Under(field, prefix):
            return f"{field} UNDER {_value(prefix)}"
        case Spatial(op, shape, distance):
            far = f", {distance:g} m" if distance else ""
            return f"{op}({shapely.to_wkt(shapely.set_precision(shape, _DIGITS))}{far})"
        case During(field, start, end):
            return f"{field} DURING {'..' if start is None else iso(start)}/{'..' if end is None else iso(end)}"
        case And(parts):
            return "(" + " AND ".join(worded(part) for part in parts) + ")"
        case Or(parts):
            return "(" + " OR ".join(worded(part) for part in parts) + ")"
        case Not(part):
            return f"NOT {worded(part)}"


def _value(value: object) -> str:
    match value:
        case str():
            return "'" + value.replace("'", "''") + "'"
        case datetime():
            return iso(value)
        case date():
            return value.isoformat()
    return str(value)
