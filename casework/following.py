"""Cases that follow from a step of another: opened in the same transaction, each naming the other."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.casetype import CaseType
from casework.engine import Taken, Who
from core.actors import Actor
from core.scope import Scope
from layers.catalogue.casework import CaseRow
from layers.catalogue.documents import IssuedDocument
from store.feed import Edit

FOLLOWED = "followed"
"""The field of a register that names the cases which followed from one of its own."""

FROM = "from_case"
"""The field of a register that names the case from which one of its own followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Who acts, under which scope, and as whom it is recorded."""

    who: Who
    scope: Scope
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """What a step opens: a case of another system, filled in from the row as the step leaves it.

    With `each`, of the row and what was gathered for the step, one case for every enterprise that it names; what the
    opening step does not ask stands in the case as told. With `tells` the case that is opened names the one it followed
    from; who is checked because somebody complained is not told so.
    """

    system: CaseType
    values: Callable[[Any], dict[str, Any]] | None = None
    each: Callable[[Any, Mapping[str, Any]], tuple[dict[str, Any], ...]] | None = None
    tells: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """A case that follows, not kept yet."""

    of: CaseType
    done: Taken


Follows = Mapping[tuple[str, str], Follow]
"""By system and step."""

Beside = Callable[[Any, Signed, tuple[IssuedDocument, ...]], Sequence[Edit]]
"""Of the row as a step leaves it, who takes the step, and the documents of the case: what else is written with it."""

Besides = Mapping[tuple[str, str], Beside]
"""By system and step."""


def linked(row: CaseRow, codes: Iterable[str]) -> CaseRow:
    """The row, naming the cases that followed from it."""
    return row.model_copy(update={FOLLOWED: (*getattr(row, FOLLOWED), *codes)})
