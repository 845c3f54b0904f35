"""Errors that say what happened, what was given and what is allowed, in both languages."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.texts import Text


class OneMapError(Exception):
    """A failure a person can act on; `code` is stable and documented, `text` is what they read."""

    code = "error"
    status = 500

    def __init__(self, text: Text, **facts: object) -> None:
        super().__init__(f"{text.zh} / {text.en}")
        self.text = text
        self.facts = facts


class BadInputError(OneMapError):
    """The request itself is wrong: name the field, the value and what is allowed."""

    code = "bad-input"
    status = 400


class ForbiddenError(OneMapError):
    """The caller is known but may not do this."""

    code = "forbidden"
    status = 403


class NotFoundError(OneMapError):
    """Nothing by that name exists, or the caller may not know that it does."""

    code = "not-found"
    status = 404


class ConflictError(OneMapError):
    """Somebody else changed it first, or it exists already."""

    code = "conflict"
    status = 409


class BusyError(OneMapError):
    """The server is at its limit; try again after `retry_after` seconds."""

    code = "busy"
    status = 503


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with one value; `row` counts from 1 as a clerk's spreadsheet does, header excluded."""

    field: str
    value: str
    rule: Text
    row: int | None = None
    key: str | None = None


class FaultsError(BadInputError):
    """Every fault found, so that a person can mend them all at once."""

    code = "faults"
    status = 422

    def __init__(self, faults: Sequence[Fault], text: Text | None = None) -> None:
        first = faults[0]
        zh, en = (f"“{first.value}”", f"={first.value!r}") if first.value else ("", "")
        super().__init__(
            text
            or Text(
                f"共 {len(faults)} 处错误,首处:{first.field}{zh},{first.rule.zh}",
                f"{len(faults)} fault(s), first: {first.field}{en}, {first.rule.en}",
            )
        )
        self.faults = tuple(faults)
