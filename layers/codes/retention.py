"""How long records are kept at least, by a dated table of rules with their source."""

import csv
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from core.errors import BadInputError
from core.texts import Text
from layers.codes import DATA, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """Records of a kind are kept for at least this many months."""

    record: str
    months: int
    valid_from: date
    valid_to: date | None
    source: str
    status: Status


@cache
def retention_rules() -> tuple[RetentionRule, ...]:
    """Every rule there is, in the order of the table."""
    with (DATA / "retention_rules.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            RetentionRule(
                record=row["record"],
                months=int(row["months"]),
                valid_from=date.fromisoformat(row["valid_from"]),
                valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
                source=row["source"],
                status=Status(row["status"]),
            )
            for row in csv.DictReader(file)
        )


def least(record: str, at: datetime) -> int:
    """The months that records of a kind must be kept by the rules in force at a moment: the longest of them."""
    day = at.date()
    months = [
        rule.months
        for rule in retention_rules()
        if rule.record == record and rule.valid_from <= day and (rule.valid_to is None or day <= rule.valid_to)
    ]
    if not months:
        raise BadInputError(
            Text(f"{day} 没有关于“{record}”保存期限的规则", f"no rule says how long {record!r} is kept on {day}"),
            field="record",
        )
    return max(months)


def kept_until(record: str, at: datetime, months: int) -> datetime:
    """What is older than this may go at a moment, if records are kept for `months`; never less than the law's.

    >>> from datetime import UTC
    >>> kept_until("audit", datetime(2026, 8, 31, tzinfo=UTC), 6).isoformat()
    '2026-02-28T00:00:00+00:00'
    """
    shortest = least(record, at)
    if months < shortest:
        raise BadInputError(
            Text(
                f"“{record}”须保存至少 {shortest} 个月,给出的是 {months} 个月",
                f"{record!r} must be kept for at least {shortest} months, not {months}",
            ),
            field="months",
            value=str(months),
        )
    years, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    return at.replace(year=years, month=month + 1, day=min(at.day, monthrange(years, month + 1)[1]))
