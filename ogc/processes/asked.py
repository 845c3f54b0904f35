"""What an execute request asks for: inputs, the outputs wanted, how they are sent; every fault of it at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.errors import BadInputError, Fault, FaultsError
from core.texts import Text
from ogc.json_body import json_of
from ogc.processes.process import Json, Process

MEMBERS = ("inputs", "outputs", "response")
FORMS = ("application/json", "application/geo+json")


class Sending(StrEnum):
    """One document of all outputs, or each as it is."""

    DOCUMENT = "document"
    RAW = "raw"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An execute request that can be carried out."""

    inputs: Json
    outputs: tuple[str, ...]
    sending: Sending = Sending.DOCUMENT


class InputsError(FaultsError):
    """What was asked cannot be done, by member; the standard wants 400 for it."""

    status = 400


def refused(error: BadInputError) -> InputsError:
    """Any refusal of what was asked as one of its members."""
    if isinstance(error, FaultsError):
        return InputsError(error.faults, error.text)
    field = error.facts.get("field") or error.facts.get("parameter") or "inputs"
    value = str(error.facts.get("value", ""))[:100]
    return InputsError([Fault(field=str(field), value=value, rule=error.text)], error.text)


def read(process: Process, body: bytes) -> Asked:
    """An execute request for a process. Raises BadInputError, or FaultsError with each member that is wrong."""
    given = json_of(body) if body.strip() else {}
    if not isinstance(given, dict):
        raise BadInputError(Text("请求应为 JSON 对象", "the request must be a JSON object"), field="body")
    return checked(process, given)


def checked(process: Process, given: Json) -> Asked:
    """The same of a request that was read before."""
    faults = [
        _unknown(name, MEMBERS)
        if name != "subscriber"
        else Fault(
            field=name, value="", rule=Text("不支持回调,请查询任务", "callbacks are not offered; ask for the job")
        )
        for name in given
        if name not in MEMBERS
    ]
    inputs, outputs, response = given.get("inputs", {}), given.get("outputs", {}), given.get("response", "document")
    if not isinstance(inputs, dict):
        faults.append(Fault(field="inputs", value="", rule=Text("应为对象", "must be an object")))
        inputs = {}
    if not isinstance(outputs, dict):
        faults.append(Fault(field="outputs", value="", rule=Text("应为对象", "must be an object")))
        outputs = {}
    if response not in list(Sending):
        allowed = ", ".join(Sending)
        rule = Text(f"应为 {allowed} 之一", f"must be one of {allowed}")
        faults.append(Fault(field="response", value=str(response)[:60], rule=rule))
    faults += _input_faults(process, inputs)
    faults += _output_faults(process, outputs)
    if faults:
        raise FaultsError(faults)
    named = tuple(outputs) or tuple(part.name for part in process.outputs)
    return Asked(
        inputs={name: _bare(one) for name, one in inputs.items()}, outputs=named, sending=Sending(response)
    )  # fmt: skip


def _input_faults(process: Process, inputs: Json) -> Iterator[Fault]:
    known = {part.name: part for part in process.inputs}
    for name, one in inputs.items():
        if name not in known:
            yield _unknown(name, tuple(known))
        elif isinstance(one, dict) and "href" in one:
            yield Fault(field=name, value=str(one["href"])[:100], rule=Text("不接受引用", "references are not taken"))
        elif _is_qualified(one) and (form := one.get("mediaType", FORMS[0])) not in FORMS:
            allowed = ", ".join(FORMS)
            yield Fault(field=name, value=str(form)[:60], rule=Text(f"应为 {allowed}", f"must be {allowed}"))
    for part in process.inputs:
        if part.required and inputs.get(part.name) is None:
            yield Fault(field=part.name, value="", rule=Text("必须填写", "is required"))


def _output_faults(process: Process, outputs: Json) -> Iterator[Fault]:
    known = [part.name for part in process.outputs]
    for name, one in outputs.items():
        if name not in known:
            yield _unknown(name, tuple(known), "outputs.")
        elif isinstance(one, dict) and (how := one.get("transmissionMode", "value")) != "value":
            rule = Text("应为 value", "must be value")
            yield Fault(field=f"outputs.{name}.transmissionMode", value=str(how)[:60], rule=rule)


def _unknown(name: str, known: tuple[str, ...], before: str = "") -> Fault:
    allowed = ", ".join(known)
    rule = Text(f"没有这一项,可用 {allowed}", f"there is no such member, there are {allowed}")
    return Fault(field=before + name[:100], value="", rule=rule)


def _is_qualified(one: Any) -> bool:
    """A value in the standard's wrapping, with or without a media type."""
    return isinstance(one, dict) and "value" in one and set(one) <= {"value", "mediaType", "encoding", "schema"}


def _bare(one: Any) -> Any:
    return one["value"] if _is_qualified(one) else one
