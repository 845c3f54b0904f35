"""Checks as rows of the store."""

import json
from datetime import datetime

from core.scope import Scope
from emergency.limits.checking import Check, Reading
from emergency.limits.rows import LimitRow
from emergency.limits.standing import NOBODY, Standing
from layers.catalogue.limits import LIMIT_CHECKS, LimitCheck
from store.protocol import Store
from store.query import Query


def standing_of(store: Store, scope: Scope) -> Standing:
    """What has been verified, as far as this caller may know; who may not know meets every row unverified."""
    if not LIMIT_CHECKS.visible(scope):
        return NOBODY
    layer = store.catalogue[LIMIT_CHECKS.id]
    seen = LIMIT_CHECKS.fields_in(scope)
    if not {"digest", "first_account", "first_numbers", "second_account", "second_numbers"} <= set(seen):
        return NOBODY
    rows = store.read(layer, Query(), scope=scope).to_pylist()
    return Standing({row["code"]: _check(row) for row in rows})


def check_of(record: LimitCheck) -> Check:
    """A check from its record."""
    return _check(record.model_dump())


def record_of(row: LimitRow, check: Check, area: str) -> LimitCheck:
    """The record of a check; `area` is the one whose limits these are."""
    second = check.second
    return LimitCheck(
        code=row.id, title=row.title.zh, digest=check.digest, area=area, sensitivity=LIMIT_CHECKS.sensitivity,
        source="limits", observed_at=(second or check.first).at,
        first_account=check.first.account, first_name=check.first.name, first_at=check.first.at,
        first_document=check.first.document, first_page=check.first.page, first_numbers=_spelt(check.first),
        second_account="" if second is None else second.account, second_name="" if second is None else second.name,
        second_at=None if second is None else second.at, second_document="" if second is None else second.document,
        second_page="" if second is None else second.page, second_numbers="" if second is None else _spelt(second),
    )  # fmt: skip


def _check(row: dict[str, object]) -> Check:
    first = _reading(row, "first")
    return Check(
        row=str(row["code"]), digest=str(row["digest"]), first=first,
        second=_reading(row, "second") if row["second_account"] else None,
    )  # fmt: skip


def _reading(row: dict[str, object], which: str) -> Reading:
    at = row[f"{which}_at"]
    assert isinstance(at, datetime)
    numbers = json.loads(str(row[f"{which}_numbers"]))
    return Reading(
        account=str(row[f"{which}_account"]), name=str(row[f"{which}_name"]), at=at,
        document=str(row[f"{which}_document"]), page=str(row[f"{which}_page"]),
        numbers=tuple(sorted((str(name), str(said)) for name, said in numbers.items())),
    )  # fmt: skip


def _spelt(reading: Reading) -> str:
    return json.dumps(dict(reading.numbers), ensure_ascii=False, sort_keys=True)
