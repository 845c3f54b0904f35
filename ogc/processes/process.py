"""A process: what it takes and gives, how it is asked for, and the function that does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from core.caller import Caller
from core.errors import NotFoundError
from core.texts import Lang, Text

Json = dict[str, Any]


class Mode(StrEnum):
    """How a process may be executed, in the standard's words."""

    SYNC = "sync-execute"
    ASYNC = "async-execute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One input or output; `facts` are what a client should know of it beside its schema."""

    name: str
    title: Text
    schema: Json
    about: Text | None = None
    required: bool = True
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One output of an execution: a number has its unit, and whether the method was used within its validity."""

    value: Any
    unit: str = ""
    valid: bool | None = None
    media_type: str = "application/json"


Values = dict[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One process; `run` gets inputs that are all known and all there, and checks what they say."""

    id: str
    title: Text
    about: Text
    inputs: tuple[Part, ...]
    outputs: tuple[Part, ...]
    run: Callable[[Json, Caller], Values]
    version: str = "1"
    modes: tuple[Mode, ...] = (Mode.SYNC,)
    facts: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    """Facts for whoever reads the whole description, not for the list."""

    always: tuple[str, ...] = ()
    """Outputs that go with whatever was asked for."""


Processes = dict[str, Process]

NO_SUCH_PROCESS = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-process"


def process_of(processes: Processes, process_id: str) -> Process:
    """A process by its id. Raises NotFoundError in the standard's own type."""
    if process_id not in processes:
        raise NotFoundError(
            Text(f"没有处理过程“{process_id}”", f"no process {process_id!r}"), process=process_id,
            exception=NO_SUCH_PROCESS,
        )  # fmt: skip
    return processes[process_id]


def told(value: Any, lang: Lang) -> Any:
    """A fact in one language, however deep its texts lie."""
    match value:
        case Text():
            return value.of(lang)
        case Mapping():
            return {name: told(one, lang) for name, one in value.items()}
        case list() | tuple():
            return [told(one, lang) for one in value]
        case _:
            return value
