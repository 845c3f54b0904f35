"""What a document says of a case: dates and values as an official writes them, and what every form may ask for."""

from datetime import date, datetime
from typing import Any

from core.clock import CHINA
from layers.codes import Status, code_list
from layers.fields import FieldSpec, Kind

GENERAL = frozenset({
    "organ", "number", "date", "code", "seal", "qr", "unverified", "party", "party_code", "address", "head", "officers",
    "law", "reason", "until", "review_days", "review_organ", "suit_months", "court", "case_no", "case_title",
    "opened_on", "found", "requirements",
})  # fmt: skip
"""What every form may ask for, whichever the business; a register's field of the same name gives way to it."""

GRAVE = "重大事故隐患，排除前或者排除过程中无法保证安全"
"""What measures on the spot are taken against, where a system says nothing else (Work Safety Law, article 65)."""

DIGITS, PLACES, GROUPS = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"), ("", "万", "亿")

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


def in_capitals(yuan: float) -> str:
    """An amount as papers spell it, so that no digit can be put before it; to the cent.

    >>> [in_capitals(one) for one in (20000, 100450.5, 3000.07, 10010000, 0)]
    ['贰万元整', '壹拾万零肆佰伍拾元伍角', '叁仟元零柒分', '壹仟零壹万元整', '零元整']
    """
    whole, cents = divmod(round(yuan * 100), 100)
    said, gap = "", False
    for place, digit in zip(reversed(range(len(str(whole)))), str(whole), strict=True):
        if digit != "0":
            said += ("零" if gap else "") + DIGITS[int(digit)] + PLACES[place % 4]
        gap = digit == "0" and bool(said)
        if place % 4 == 0 and whole // 10**place % 10_000:
            said += GROUPS[place // 4]
    said = (said or "零") + "元"
    if not cents:
        return said + "整"
    tenths, hundredths = divmod(cents, 10)
    return said + (DIGITS[tenths] + "角" if tenths else "零") + (DIGITS[hundredths] + "分" if hundredths else "")
