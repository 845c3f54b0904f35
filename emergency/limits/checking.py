"""How a limit becomes verified: one person reads its source and types what stands there, then another does the same.

Neither is shown what the other typed before typing; a number that differs stops the row until somebody says why.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from core.errors import ConflictError, Fault, FaultsError, ForbiddenError
from core.texts import Text
from emergency.limits.rows import NOT_RECOMMENDED, LimitRow


class State(StrEnum):
    """What stands of a row; only `confirmed` takes its mark away."""

    OPEN = "open"
    READ = "read"
    CONFIRMED = "confirmed"
    DIFFERS = "differs"
    LAPSED = "lapsed"

    @property
    def label(self) -> Text:
        """What it is called on screen."""
        return _LABELS[self]


_LABELS = {
    State.OPEN: Text("未核实", "unverified"),
    State.READ: Text("已核对一次,待复核", "read once, to be confirmed"),
    State.CONFIRMED: Text("已核实", "verified"),
    State.DIFFERS: Text("与原件不符", "differs from its source"),
    State.LAPSED: Text("数值已变,需重新核对", "changed since it was read"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one person found in a document: its title and edition, the page, each number as printed."""

    account: str
    name: str
    at: datetime
    document: str
    page: str
    numbers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The readings of one row, of the numbers it had then."""

    row: str
    digest: str
    first: Reading
    second: Reading | None = None


def state_of(row: LimitRow, check: Check | None) -> State:
    """What stands of a row now."""
    if check is None:
        return State.OPEN
    if check.digest != row.digest:
        return State.LAPSED
    read_by = [check.first] if check.second is None else [check.first, check.second]
    if not all(agrees(row, one) for one in read_by):
        return State.DIFFERS
    return State.READ if check.second is None else State.CONFIRMED


def agrees(row: LimitRow, reading: Reading) -> bool:
    """Every number was found in the document as it is shipped."""
    found = dict(reading.numbers)
    return all(_value(found[one.name]) == _value(one.value) for one in row.numbers)


def read(row: LimitRow, before: Check | None, reading: Reading) -> Check:
    """The check after one more person has read the source.

    Raises FaultsError for a number left out or not a number, ForbiddenError where the second reader is the first,
    ConflictError where the row is confirmed, or stopped by a number that differs.
    """
    _spelt(row, reading)
    state = state_of(row, before)
    if before is None or state is State.LAPSED:
        return Check(row=row.id, digest=row.digest, first=reading)
    if state is State.CONFIRMED:
        raise ConflictError(Text("该限值已经两人核实", "two persons have verified it"), row=row.id)
    if state is State.DIFFERS:
        raise ConflictError(
            Text("已有读数与现值不符;查明后先撤销该核对", "a reading differs; withdraw it first, with the reason"),
            row=row.id,
        )
    if before.first.account == reading.account:
        raise ForbiddenError(
            Text("复核须由另一人进行", "the second reading is another person's"), row=row.id,
        )  # fmt: skip
    return replace(before, second=reading)


def _spelt(row: LimitRow, reading: Reading) -> None:
    found, faults = dict(reading.numbers), []
    for one in row.numbers:
        said = found.get(one.name, "").strip()
        if not said:
            faults.append(Fault(field=one.name, value="", rule=Text("请填写原件上的数值", "type what the source says")))
        elif said.upper() != NOT_RECOMMENDED and _value(said) is None:
            rule = Text("应为数,或 NR(未推荐)", "must be a number, or NR (not recommended)")
            faults.append(Fault(field=one.name, value=said[:40], rule=rule))
    names = {one.name for one in row.numbers}
    faults += [
        Fault(field=name, value="", rule=Text("该限值没有这一项", "is no number of this row"))
        for name in found
        if name not in names
    ]
    if faults:
        raise FaultsError(faults)


def _value(said: str) -> float | str | None:
    """The number as printed; NR as it is; None for what is neither."""
    plain = said.strip().upper().replace(",", "")
    if plain == NOT_RECOMMENDED:
        return plain
    try:
        number = float(plain)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None


def numbers_of(given: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What was typed, in a fixed order."""
    return tuple(sorted((name, said.strip()) for name, said in given.items()))
