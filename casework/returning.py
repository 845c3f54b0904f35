"""Rules of monthly returns: a month that has begun, one return of an industry and district, numbers that agree."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from typing import Any

from casework.casetype import Role
from casework.engine import Asked
from casework.following import Signed
from casework.gathering import Gathered
from casework.sums import MONTH
from casework.terms import local_day
from core.errors import ConflictError, NotFoundError
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from layers.catalogue.casework import CASE_FILINGS, CaseFiling
from layers.catalogue.documents import IssuedDocument
from layers.catalogue.returns import INDUSTRY_RETURNS, IndustryReturn
from layers.codes import code_list
from layers.filters import Compare, Op, every
from store.feed import Edit, Put
from store.protocol import Store
from store.query import Order, Query

Given = Asked[IndustryReturn]
DISTRICT = 6
"""Digits of GB/T 2260 that name a district; two noughts at the end name a city or province."""
LOSSES = ("deaths", "serious_injuries", "minor_injuries", "direct_loss")


class State(StrEnum):
    """Where a return stands (code list `return_state`)."""

    FILED = "filed"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


def named_after_the_month(known: Mapping[str, Any]) -> str:
    """What a return is called: its month and industry."""
    month, code = str(known.get("month") or ""), str(known.get("industry") or "")
    told = f"{month[:4]}年{int(month[5:])}月" if re.fullmatch(MONTH, month) else month[:7]
    industry = next((one.title.zh for one in code_list("return_industry") if one.code == code), code)
    return f"{told}{industry}事故月报"[:120]


def returns_of_the_month(store: Store, given: Mapping[str, Any], _: datetime) -> Gathered:
    """Other returns of the same month, industry and district that were not withdrawn, and which are accepted."""
    same = (Compare(name, Op.EQ, str(given.get(name) or "")) for name in ("month", "industry", "area"))
    query = Query(where=every(*same), fields=("code", "state"), order=(Order("code"),), geometry=False)
    rows = store.read(INDUSTRY_RETURNS, query, scope=SYSTEM_SCOPE).to_pylist()
    others = [one for one in rows if one["code"] != given.get("code") and one["state"] != State.WITHDRAWN]
    accepted = [one["code"] for one in others if one["state"] == State.ACCEPTED]
    return Gathered(facts={"filed": [one["code"] for one in others], "accepted": accepted})


def month_is_told_and_not_ahead(asked: Given) -> Text | None:
    """A month of the calendar that has begun."""
    month = asked.row.month
    if not re.fullmatch(MONTH, month):
        return Text("报送月份应写作 2026-03 的样式", "the month is written as 2026-03")
    if month > _month(asked):
        return Text(f"{month} 尚未开始,不能报送", f"{month} has not begun")
    return None


def month_is_over(asked: Given) -> Text | None:
    """The numbers of a month are known when it is over."""
    month = asked.row.month
    return None if month < _month(asked) else Text(f"{month} 尚未结束,不能受理", f"{month} is not over yet")


def area_is_a_district(asked: Given) -> Text | None:
    """A return is of one district, so that none is counted twice in the city."""
    area = asked.row.area
    if len(area) == DISTRICT and not area.endswith("00"):
        return None
    return Text("区划须选到区县:一个区县一份", "choose a district: each has a return of its own")


def nil_is_said(asked: Given) -> Text | None:
    """Nobody returns nothing by leaving a number out."""
    row = asked.row
    if row.nil == (row.accidents == 0):
        return None
    if row.nil:
        return Text(f"已填事故 {row.accidents} 起,不是零报告", f"{row.accidents} accidents are no nil return")
    return Text(
        "没有事故的请勾选“零报告”,有事故的请填起数", "tick the nil return, or say how many accidents there were"
    )


def losses_come_of_accidents(asked: Given) -> Text | None:
    """No accidents, no losses."""
    row = asked.row
    if row.accidents or not any(getattr(row, name) for name in LOSSES):
        return None
    return Text("事故为 0 起,伤亡和损失也应为 0", "without accidents there are no deaths, injuries or losses")


def none_is_filed_yet(asked: Given) -> Text | None:
    """One return of a month, industry and district."""
    return _one((asked.facts or {}).get("filed") or (), "已报送", "was filed already")


def none_is_accepted_yet(asked: Given) -> Text | None:
    """One accepted return of a month, industry and district, whoever was faster."""
    return _one((asked.facts or {}).get("accepted") or (), "已受理", "was accepted already")


def is_the_units_own(asked: Given) -> Text | None:
    """Whoever filed it, or a colleague of the same unit, goes on with it."""
    row, who = asked.row, asked.who
    unit = unit_of(who.name)
    if who.account == row.opened_account or (unit and unit == unit_of(row.opened_by)):
        return None
    return Text(f"由填报单位办理:{row.opened_by}", "is for the unit that filed it")


def unit_is_the_accounts(asked: Given) -> dict[str, Any]:
    """The unit as filled in, else that of the account."""
    return {"unit": asked.row.unit.strip() or unit_of(asked.who.name) or asked.who.name}


def unit_of(name: str) -> str:
    """Where somebody works, of a name as accounts are called.

    >>> unit_of("李岚,市住房和城乡建设局"), unit_of("李岚")
    ('市住房和城乡建设局', '')
    """
    return name.replace("\uff0c", ",").partition(",")[2].strip()


def office_accepts_and_the_member_corrects(row: IndustryReturn) -> Role:
    """What was sent back is the member's to correct."""
    return Role.MEMBER if row.state == State.RETURNED else Role.OFFICER


class OneAccepted:
    """Of two returns of a month, industry and district that are accepted at the same moment one is.

    Both write one row of the filings: the second commit finds it changed, and its step is judged anew.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def kept(self, row: IndustryReturn, by: Signed, _: tuple[IssuedDocument, ...]) -> list[Edit]:
        """The row that both would write, at the version there is before others are looked for."""
        key, version = f"industry-return/accepted/{row.month}/{row.industry}/{row.area}", 0
        with suppress(NotFoundError):
            version = self._store.get(CASE_FILINGS, key, scope=SYSTEM_SCOPE).version
        given = {name: getattr(row, name) for name in ("code", "month", "industry", "area")}
        if first := returns_of_the_month(self._store, given, row.state_since).facts["accepted"]:
            raise ConflictError(Text(f"已受理:{first[0]}", f"accepted already: {first[0]}"), key=first[0])
        filing = CaseFiling(
            code=key, of_layer=INDUSTRY_RETURNS.id, of_key=row.code, number=row.steps, at=row.state_since,
            account=by.who.account, area=row.area, sensitivity=INDUSTRY_RETURNS.sensitivity,
        )  # fmt: skip
        return [Put(layer=CASE_FILINGS.id, record=filing, expected=version)]


def _one(codes: tuple[str, ...] | list[str], zh: str, en: str) -> Text | None:
    if not codes:
        return None
    return Text(f"本月本行业本区县{zh}:{codes[0]}", f"the return of this month, industry and district {en}: {codes[0]}")


def _month(asked: Given) -> str:
    return local_day(asked.at).strftime("%Y-%m")
