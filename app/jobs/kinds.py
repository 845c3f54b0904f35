"""What a kind of long work is: a checked request and a function that does it and reports as it goes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from core.actors import Actor
from core.caller import Right
from core.clock import Clock
from core.errors import BadInputError, Fault, FaultsError
from core.scope import Scope
from core.texts import Lang, Text
from store.audit import AuditLog
from store.identity import Identity
from store.protocol import Store
from store.rasters import RasterShelf
from store.series import Series

Report = Callable[[int, int | None, Text], None]
"""Units done, units in all (None: not known), and the present step; raises when the work has to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """On whose behalf the work is done, where its file goes, and how it says how far it is.

    `folder` is of this attempt alone; what is put into `parts` is there for the next one too, until the job has ended.
    """

    actor: Actor
    scope: Scope
    lang: Lang
    folder: Path
    report: Report
    account: str = ""
    post: str = ""
    parts: Path = Path()


@dataclass(frozen=True, slots=True)
class Product:
    """What came of it: one sentence, and perhaps a file in the order's folder."""

    said: Text
    file: Path | None = None
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Workshop:
    """The parts of the system that long work may use."""

    store: Store
    identity: Identity
    audit: AuditLog
    clock: Clock
    series: Series | None = None
    shelf: RasterShelf | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of long work; `asked` says what a request may hold, `title` names one request for its owner.

    `needs` is asked when it is ordered and again when it is done.
    """

    id: str
    title: Callable[[Any], Text]
    asked: type[BaseModel]
    run: Callable[[Any, Order, Workshop], Product]
    needs: Right = Right.EXPORT


Kinds = dict[str, Kind]


def kind_of(kinds: Kinds, kind_id: str) -> Kind:
    """A kind by its id; BadInputError lists those there are."""
    if kind_id not in kinds:
        known = "、".join(kinds)
        raise BadInputError(
            Text(f"没有任务类型“{kind_id}”,可用:{known}", f"no kind of job {kind_id!r}; there are: {known}"),
            field="kind",
        )
    return kinds[kind_id]


def request(kind: Kind, given: object) -> BaseModel:
    """What was asked, checked; every fault of it at once."""
    try:
        return kind.asked.model_validate(given)
    except ValidationError as error:
        faults = [
            Fault(
                field=".".join(str(part) for part in wrong["loc"]) or "asked",
                value=str(wrong["input"])[:80],
                rule=Text(f"不符合要求({wrong['type']})", wrong["msg"]),
            )
            for wrong in error.errors()
        ]
        raise FaultsError(faults) from error
