"""The outputs of an execution as they are sent: one document, one value as it is, or several as parts of a message."""

from uuid import uuid4

import orjson

from ogc import services as ogc_services
from ogc.processes.asked import Asked, Sending
from ogc.processes.process import Json, Process, Value, Values

JSON = "application/json"


def document(process: Process, asked: Asked, values: Values) -> Json:
    """All outputs that were asked for by name; a number stands with its unit and whether it is within validity."""
    wanted = [name for name in (*asked.outputs, *process.always) if name in values]
    return {name: _qualified(values[name]) for name in dict.fromkeys(wanted)}


def sent(process: Process, asked: Asked, values: Values) -> ogc_services.Response:
    """The answer to a synchronous request."""
    if asked.sending is Sending.DOCUMENT:
        return of_document(document(process, asked, values))
    wanted = {name: values[name] for name in asked.outputs if name in values}
    if len(wanted) == 1:
        (one,) = wanted.values()
        return ogc_services.Response(media_type=one.media_type, body=_bytes(one.value), headers=_marks(one))
    return _several(wanted)


def of_document(found: Json) -> ogc_services.Response:
    """A document of results, fresh or from a job."""
    return ogc_services.Response(media_type=JSON, body=_bytes(found), headers={"Cache-Control": "no-store"})


def _qualified(one: Value) -> Json:
    found: Json = {"value": one.value}
    if one.media_type != JSON:
        found["mediaType"] = one.media_type
    if one.valid is not None:
        found |= {"unit": one.unit, "valid": one.valid}
    return found


def _several(values: Values) -> ogc_services.Response:
    """Several raw outputs: a multipart message, each part by the id of its output."""
    edge = f"outputs-{uuid4().hex}"
    parts = []
    for name, one in values.items():
        marks = "".join(f"{key}: {said}\r\n" for key, said in _marks(one).items())
        head = f"--{edge}\r\nContent-Type: {one.media_type}\r\nContent-ID: <{name}>\r\n{marks}\r\n"
        parts.append(head.encode() + _bytes(one.value) + b"\r\n")
    body = b"".join(parts) + f"--{edge}--\r\n".encode()
    return ogc_services.Response(
        media_type=f"multipart/related; boundary={edge}", body=body, headers={"Cache-Control": "no-store"}
    )  # fmt: skip


def _marks(one: Value) -> dict[str, str]:
    """What a raw number must not be without."""
    if one.valid is None:
        return {"Cache-Control": "no-store"}
    return {"Cache-Control": "no-store", "OneMap-Unit": one.unit, "OneMap-Valid": str(one.valid).lower()}


def _bytes(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY)
