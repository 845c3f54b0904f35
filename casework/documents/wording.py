"""What a document says of a case: dates and values as an official writes them, and what every form may ask for."""

from datetime import date, datetime
from typing import Any

from core.clock import CHINA
from layers.codes import Status, code_list
from layers.fields import FieldSpec, Kind

GENERAL = frozenset({
    "organ", "number", "date", "code", "seal", "qr", "unverified", "party", "party_code", "address", "head", "officers",
    "law", "reason", "until", "review_days", "review_organ", "suit_months", "court", "case_no", "case_title",
    "opened_on",
})  # fmt: skip
"""What every form may ask for, whichever the business; a register's field of the same name gives way to it."""

SAID = {
    Status.VERIFIED: "",
    Status.SECONDARY: "本文书式样据二手资料，尚未与原文核对。",
    Status.UNVERIFIED: "本文书式样尚未与原文核对。",
    Status.OWN: "本文书式样由本系统自拟，无规定式样。",
}
"""What a document says of its own form."""


def day(of: date | datetime | None) -> str:
    """A day as documents write it.

    >>> day(date(2026, 12, 9))
    '2026年12月9日'
    """
    if of is None:
        return ""
    plain = of.astimezone(CHINA) if isinstance(of, datetime) else of
    return f"{plain.year}年{plain.month}月{plain.day}日"


def moment(of: datetime) -> str:
    """A time of day with it.

    >>> moment(datetime(2026, 12, 9, 9, 5, tzinfo=CHINA))
    '2026年12月9日9时5分'
    """
    at = of.astimezone(CHINA)
    return f"{day(at)}{at.hour}时{at.minute}分"


def worded(spec: FieldSpec, value: Any) -> str | tuple[str, ...]:
    """One field of a register; a list stays a list, so that a form can set each on a line of its own."""
    if spec.kind is Kind.LIST:
        return tuple(_label(spec, one) for one in value or ())
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if spec.codes is not None:
        return _label(spec, value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, float):
        return f"{value:,.2f}".removesuffix(".00")
    return str(value)


def _label(spec: FieldSpec, value: Any) -> str:
    if spec.codes is None:
        return str(value)
    code = str(int(value)) if isinstance(value, int) else str(value)
    return next((one.title.zh for one in code_list(spec.codes) if one.code == code), code)
