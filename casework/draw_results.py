"""What the public reads of a draw: each unit after its check, never before, until it is withdrawn.

国办发〔2015〕58号 (results are published; its text was not at hand). Written in the transaction of the step.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from casework.following import Signed
from casework.progress import DONE
from casework.terms import local_day
from core.errors import NotFoundError
from core.scope import SYSTEM_SCOPE, Sensitivity
from layers.catalogue.documents import IssuedDocument
from layers.catalogue.enforcement import SITE_CHECKS, SiteCheck
from layers.catalogue.inspections import DRAW_LISTINGS, DrawListing, RandomDraw
from layers.filters import Compare, In, Op, every
from store.feed import Edit, Put
from store.protocol import Store
from store.query import Query


def result(check: SiteCheck) -> str:
    """What came of a check, as far as it has come."""
    if check.failing == 0:
        return "未发现问题"
    found = f"发现 {check.failing} 项问题"
    if check.mend_by is None:
        return f"{found}，{'已当场改正' if check.state == 'closed' else '依法处理中'}"
    if check.state == "closed":
        return f"{found}，已责令限期整改，复查合格"
    return f"{found}，已责令限期整改，整改期限至 {check.mend_by}"


class DrawResults:
    """Writes what is published of the checks of a draw."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def published(self, row: RandomDraw, _: Signed, __: tuple[IssuedDocument, ...]) -> Sequence[Edit]:
        """Each unit whose record is signed, with what came of it by now."""
        where = every(Compare("draw", Op.EQ, row.code), In("state", DONE))
        at = row.results_at
        assert at is not None
        return [self._put(self._listing(row, check, at)) for check in self._checks(where)]

    def withdrawn(self, row: RandomDraw, _: Signed, __: tuple[IssuedDocument, ...]) -> Sequence[Edit]:
        """Each unit published, without what was said of it."""
        where = every(Compare("draw", Op.EQ, row.code))
        query = Query(where=where, fields=("code",), geometry=False)
        codes = self._store.read(DRAW_LISTINGS, query, scope=SYSTEM_SCOPE)["code"].to_pylist()
        found = [self._store.get(DRAW_LISTINGS, code, scope=SYSTEM_SCOPE) for code in codes]
        over: dict[str, Any] = {"result": "", "withdrawn_at": row.results_at, "withdrawn_why": row.results_why}
        return [
            Put(layer=DRAW_LISTINGS.id, record=kept.record.model_copy(update=over), expected=kept.version)
            for kept in found
        ]

    def _checks(self, where: Any) -> list[SiteCheck]:
        query = Query(where=where, fields=("code",), geometry=False)
        codes = self._store.read(SITE_CHECKS, query, scope=SYSTEM_SCOPE)["code"].to_pylist()
        records = (self._store.get(SITE_CHECKS, code, scope=SYSTEM_SCOPE).record for code in sorted(codes))
        return [one for one in records if isinstance(one, SiteCheck)]

    def _listing(self, row: RandomDraw, check: SiteCheck, at: datetime) -> DrawListing:
        return DrawListing(
            code=check.code, title=f"{check.enterprise_name}双随机抽查结果", draw=row.code, scope=row.scope,
            enterprise_name=check.enterprise_name, enterprise=check.enterprise, area=check.area, published_at=at,
            drawn_on=local_day(row.drawn_at or row.opened_at), result=result(check),
            checked_on=None if check.arrived_at is None else local_day(check.arrived_at),
            sensitivity=Sensitivity.PUBLIC,
        )  # fmt: skip

    def _put(self, one: DrawListing) -> Put:
        try:
            version = self._store.get(DRAW_LISTINGS, one.code, scope=SYSTEM_SCOPE).version
        except NotFoundError:
            version = 0
        return Put(layer=DRAW_LISTINGS.id, record=one, expected=version)
