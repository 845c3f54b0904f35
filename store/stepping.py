"""Declared steps applied to kept rows at start-up, the same for every engine, inside one write transaction.

A rename costs nothing: rows keep their hashes under the name they were written with. A new kind or new codes write the
rows that change as a new version, in entries of at most 50,000 rows, and keep the old ones as they were.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any, Protocol

from pydantic import BaseModel, create_model

from core.actors import SYSTEM_ACTOR
from core.errors import ConflictError, Fault, FaultsError
from core.scope import Sensitivity
from core.texts import Text
from layers.fields import Kind, Title
from layers.layer import Layer, Style
from layers.record import Record
from layers.steps import Recode, Rename, Retype, Step, converted, looked_at, recoded
from store.chain import hash_of_hashes
from store.columns import Plain, bodies, plain_default
from store.commits import Engine, draft
from store.feed import Change
from store.history import History, as_written
from store.present import Present
from store.rows import hash_of
from store.schema import nullable

MAX_FAULTS = 1000
TYPES: dict[Kind, Any] = {
    Kind.TEXT: str | None,
    Kind.INTEGER: int | None,
    Kind.REAL: float | None,
    Kind.BOOLEAN: bool | None,
    Kind.DATE: date | None,
    Kind.DATETIME: datetime | None,
    Kind.LIST: tuple[str, ...] | None,
}


@dataclass(frozen=True, slots=True)
class Stamp:
    """What rows written anew carry: the entry, and each one's hash; their versions go up by one."""

    seq: int
    hashes: Sequence[str]


class Stepper(Engine, Protocol):
    """What an engine does further, to apply steps. `layer` is the layer as the file keeps it at that moment."""

    def pages(self, layer: Layer) -> Iterator[Present]:
        """Every present row, 50,000 at most at a time, while they are being rewritten."""

    def rename_column(self, layer: Layer, old: str, new: str) -> None:
        """Give a column its new name, in the table and in what the file knows of it."""

    def new_column(self, layer: Layer, name: str, kind: Kind) -> str:
        """Add an empty column beside one that gets a new kind; its provisional name."""

    def swap_column(self, layer: Layer, name: str, provisional: str, kind: Kind) -> None:
        """Put the column of the new kind in the place of the old one."""

    def set_values(self, layer: Layer, rows: Present, column: str, kind: Kind, values: Sequence[Any]) -> None:
        """Write one column of some rows."""

    def stamp(self, layer: Layer, rows: Present, stamp: Stamp) -> None:
        """Mark rows as written anew."""

    def step_done(self, name: str, seq: int) -> None:
        """Write down that a step was applied, and the last entry before it."""

    def schema_since(self, layer: Layer, version: int, seq: int) -> None:
        """Write down the last entry written before a schema version."""

    def under(self, layer: Layer, history: History) -> "Stepper":
        """The same transaction, archiving the layer's rows under this history."""


def step_name(layer: Layer, step: Step) -> str:
    """What the file calls a step."""
    return f"{layer.id}:{step.id}"


def refuse_forgotten(layer: Layer, applied: Mapping[str, int]) -> None:
    """A step that was applied must stay declared: kept versions are read through it."""
    known = {step_name(layer, step) for step in layer.steps}
    forgotten = sorted(name for name in applied if name.startswith(f"{layer.id}:") and name not in known)
    if forgotten:
        listed = "、".join(forgotten)
        raise ConflictError(
            Text(
                f"数据已按步骤 {listed} 迁移,程序中却没有声明这些步骤",
                f"the data went through the steps {listed}, which the code no longer declares",
            )
        )


def recorded(layer: Layer, history: History, applied: Mapping[str, int]) -> History:
    """The history with the steps the file says were applied."""
    for step in layer.steps:
        since = applied.get(step_name(layer, step), 0)
        if since:
            history = replace(history, steps=(*history.steps, *History().stepped(step, since).steps))
    return history


def step_through(
    engine: Stepper, layer: Layer, columns: Mapping[str, Kind], history: History, since: int, at: datetime
) -> dict[str, Kind]:
    """Apply the steps declared after schema version `since`; the columns there are then."""
    kept = dict(columns)
    pending = [step for step in layer.steps if step.schema_version > since]
    for place, step in enumerate(pending):
        before = engine.head()
        interim = as_kept(layer, kept, pending[place:])
        if isinstance(step, Rename):
            engine.rename_column(interim, step.old, step.new)
            kept = {step.new if name == step.old else name: kind for name, kind in kept.items()}
            _say(engine, layer, step, [], at)
        else:
            history = _begun(engine, layer, step.schema_version, history)
            kept = _rewritten(engine.under(layer, history), layer, interim, step, kept, history, at)
        engine.step_done(step_name(layer, step), before)
        history = history.stepped(step, before)
        if _last_rename(pending, place):
            history = _begun(engine, layer, step.schema_version, history)
    return kept


def _begun(engine: Stepper, layer: Layer, version: int, history: History) -> History:
    """From here on rows are written under a schema version."""
    if any(known == version for known, _ in history.schemas):
        return history
    since = engine.head()
    engine.schema_since(layer, version, since)
    return replace(history, schemas=(*history.schemas, (version, since)))


def _last_rename(pending: Sequence[Step], place: int) -> bool:
    """Rows are written under a schema version's own names from here on: its renames are done."""
    step, after = pending[place], pending[place + 1 :]
    return isinstance(step, Rename) and not any(
        isinstance(later, Rename) and later.schema_version == step.schema_version for later in after[:1]
    )


def as_kept(layer: Layer, columns: Mapping[str, Kind], pending: Sequence[Step]) -> Layer:
    """The layer as the file keeps it before some steps: its columns by name and kind, and nothing else of it."""
    key = layer.key
    for step in reversed(pending):
        if isinstance(step, Rename) and step.new == key:
            key = step.old
    fields: dict[str, Any] = {name: (Annotated[TYPES[kind], Title(name, name)], None) for name, kind in columns.items()}
    fields[key] = (Annotated[str, Title(key, key)], ...)
    model: type[BaseModel] = create_model(f"{layer.id}_kept", **fields)
    record: type[Record] = model  # type: ignore[assignment]  # read for its fields only, never made
    return replace(
        layer, record=record, key=key, label=None, time=None, search=(), style=Style(), steps=(), schema_version=1
    )


def _rewritten(
    engine: Stepper,
    layer: Layer,
    interim: Layer,
    step: Retype | Recode,
    columns: dict[str, Kind],
    history: History,
    at: datetime,
) -> dict[str, Kind]:
    kind = step.now if isinstance(step, Retype) else Kind.TEXT
    column = engine.new_column(interim, step.field, kind) if isinstance(step, Retype) else step.field
    faults: list[Fault] = []
    said = False
    for rows in engine.pages(interim):
        values = _values(layer, step, rows, faults)
        if faults:
            continue
        held = _held(step.field, rows, history)
        old = rows.plain[step.field]
        differing = [i for i, value in enumerate(values) if isinstance(step, Retype) or value != old[i]]
        affected = [i for i in differing if held[i]]
        if affected:
            _write_anew(engine, layer, interim, step, rows, values, affected, at)
            said = True
        moved = rows.only(differing)
        engine.set_values(interim, moved, column, kind, [values[i] for i in differing])
    if faults:
        raise _unconverted(layer, step, faults)
    if not said:
        _say(engine, layer, step, [], at)
    if isinstance(step, Retype):
        engine.swap_column(interim, step.field, column, kind)
    return columns | {step.field: kind}


def _unconverted(layer: Layer, step: Step, faults: list[Fault]) -> FaultsError:
    first, count = faults[0], len(faults)
    return FaultsError(
        faults,
        Text(
            f"图层 {layer.id} 的步骤 {step.id} 有 {count} 个值无法转换,首个:{first.key} 的“{first.value}”",
            f"step {step.id} of {layer.id}: {count} value(s) not convertible, first {first.value!r} of {first.key!r}",
        ),
    )


def _held(field: str, rows: Present, history: History) -> list[bool]:
    """Which rows were written with a value of the field, under whatever name; the others need no new version."""
    written = as_written(rows.plain, history, rows.seqs)
    names = [history.written_name(field, seq) for seq in rows.seqs]
    return [written[name][place] is not None for place, name in enumerate(names)]


def _values(layer: Layer, step: Retype | Recode, rows: Present, faults: list[Fault]) -> list[Any]:
    """The column after the step; what cannot be converted is added to the faults."""
    if isinstance(step, Recode):
        return recoded(step, rows.plain[step.field], {name: rows.plain[name] for name in looked_at(step)})
    default = _default(layer, step)
    values: list[Any] = []
    for key, value in zip(rows.keys, rows.plain[step.field], strict=True):
        try:
            found = converted(step, value)
        except (ValueError, TypeError):
            found = None
            if len(faults) < MAX_FAULTS:
                rule = Text(f"不能转换为 {step.now.value}", f"cannot become {step.now.value}")
                faults.append(Fault(field=step.field, value=str(value), key=key, rule=rule))
        values.append(default if found is None else found)
    return values


def _default(layer: Layer, step: Retype) -> Any:
    """What a row without a value holds afterwards, if the field as it is today must have one of this kind."""
    name = step.field
    for later in layer.steps[layer.steps.index(step) + 1 :]:
        if isinstance(later, Rename) and later.old == name:
            name = later.new
    spec = layer.fields.get(name)
    if spec is None or spec.kind is not step.now or nullable(layer, name):
        return None
    return plain_default(spec)


def _write_anew(
    engine: Stepper,
    layer: Layer,
    interim: Layer,
    step: Step,
    rows: Present,
    values: list[Any],
    affected: list[int],
    at: datetime,
) -> None:
    """Archive the rows that change as they were and mark them as a new version of this step's entry."""
    ordered = sorted(affected, key=lambda place: rows.keys[place])
    old = rows.only(ordered)
    field = step.field if not isinstance(step, Rename) else step.new
    plain: Plain = old.plain | {field: [values[place] for place in ordered]}
    hashes = [hash_of(body) for body in bodies(plain)]
    level = max((value or 0 for value in old.plain["sensitivity"]), default=int(layer.sensitivity))
    seq = _say(engine, layer, step, hashes, at, Sensitivity(level))
    engine.archive(interim, old, seq)
    engine.stamp(interim, old, Stamp(seq, hashes))


def _say(
    engine: Stepper,
    layer: Layer,
    step: Step,
    hashes: Sequence[str],
    at: datetime,
    level: Sensitivity | None = None,
) -> int:
    """Append the step's entry over some rows; its number."""
    highest = layer.sensitivity if level is None else level
    entry = draft(layer, step.id, Change.STEP, SYSTEM_ACTOR, at, _reason(step), "", highest)
    return engine.append(replace(entry, rows=len(hashes), row_hash=hash_of_hashes(hashes))).seq


def _reason(step: Step) -> str:
    match step:
        case Rename():
            return f"字段改名 {step.old} → {step.new}"
        case Retype():
            return f"字段改型 {step.field}:{step.was.value} → {step.now.value}"
        case Recode():
            return f"代码调整 {step.field}:{'、'.join(step.codes)}"
