"""The processes' part of the OpenAPI document: pygeoapi's, with what each request holds and what is answered."""

from collections.abc import Mapping

from core.texts import Lang, Text
from ogc.processes.asked import Sending
from ogc.processes.jobs import CHOICES, STATUS
from ogc.processes.process import Json, Mode, Part, Process

PROBLEM: Json = {
    "description": "problem",
    "content": {"application/problem+json": {"schema": {"type": "object", "required": ["type", "title", "status"]}}},
}
JOB: Json = {"name": "jobId", "in": "path", "required": True, "schema": {"type": "string"}}
PAGES = ("limit", "offset")
PREFER = Text("respond-async:放入任务队列", "respond-async: queue it as a job")


def described(made: Json, processes: Mapping[str, Process], lang: Lang) -> Json:
    """pygeoapi's document with the bodies of its execute requests said in full, every reference within itself."""
    paths = made["paths"]
    for name in [one for one in paths if one.startswith(("/processes", "/jobs"))]:
        del paths[name]
    if not processes:
        return made
    problems = {str(status): PROBLEM for status in (400, 401, 403, 404)}
    paths["/processes"] = {"get": _read("getProcesses", "processes", Text("全部处理过程", "every process"), lang)}
    listed = _read("getJobs", "jobs", Text("本人提交的执行", "one's own executions"), lang)
    listed["parameters"] += [{"name": name, "in": "query", "schema": _choice(name)} for name in (*CHOICES, *PAGES)]
    paths["/jobs"] = {"get": listed}
    paths |= {"/jobs/{jobId}": _job(lang)}
    results = _read("getResults", "jobs", Text("执行结果", "what came of an execution"), lang)
    paths["/jobs/{jobId}/results"] = {"parameters": [JOB], "get": results}
    for process in processes.values():
        base = f"/processes/{process.id}"
        name = "".join(word.capitalize() for word in process.id.split("-"))
        paths[base] = {"get": _read(f"describe{name}", process.id, process.title, lang)}
        paths[base + "/execution"] = {
            "post": {
                "operationId": f"execute{name}",
                "summary": process.title.of(lang),
                "description": process.about.of(lang),
                "tags": [process.id],
                "parameters": _prefer(process, lang),
                "requestBody": {"required": True, "content": {"application/json": {"schema": _request(process, lang)}}},
                "responses": {**_answers(process, lang), **problems},
            }
        }
    return made


def _read(operation: str, tag: str, summary: Text, lang: Lang) -> Json:
    return {
        "operationId": operation,
        "summary": summary.of(lang),
        "tags": [tag],
        "parameters": [{"$ref": "#/components/parameters/f"}],
        "responses": {"200": {"description": "OK", "content": {"application/json": {}}}, "404": PROBLEM},
    }


def _choice(name: str) -> Json:
    if name in (*PAGES, "minDuration", "maxDuration"):
        return {"type": "integer", "minimum": 0}
    if name == "datetime":
        return {"type": "string"}
    told = {"type": "string", **({"enum": list(STATUS.values())} if name == "status" else {})}
    return {"type": "array", "items": told}


def _job(lang: Lang) -> Json:
    called_off = _read("dismissJob", "jobs", Text("取消执行", "call an execution off"), lang)
    return {
        "parameters": [JOB],
        "get": _read("getStatus", "jobs", Text("执行状态", "where an execution stands"), lang),
        "delete": called_off,
    }


def _answers(process: Process, lang: Lang) -> Json:
    """200 for what is done at once, 201 for what is queued."""
    found: Json = {"200": _results(process, lang)} if Mode.SYNC in process.modes else {}
    if Mode.ASYNC in process.modes:
        found["201"] = {
            "description": Text("已提交", "queued").of(lang),
            "headers": {"Location": {"schema": {"type": "string", "format": "uri"}}},
            "content": {"application/json": {"schema": {"type": "object", "required": ["jobID", "status"]}}},
        }
    return found


def _prefer(process: Process, lang: Lang) -> list[Json]:
    if Mode.ASYNC not in process.modes:
        return []
    schema = {"type": "string", "enum": ["respond-async", "wait"]}
    return [{"name": "Prefer", "in": "header", "description": PREFER.of(lang), "schema": schema}]


def _request(process: Process, lang: Lang) -> Json:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "inputs": {
                "type": "object",
                "additionalProperties": False,
                "required": [part.name for part in process.inputs if part.required],
                "properties": {part.name: _part(part, lang) for part in process.inputs},
            },
            "outputs": {
                "type": "object",
                "additionalProperties": False,
                "properties": {part.name: {"type": "object"} for part in process.outputs},
            },
            "response": {"type": "string", "enum": [str(one) for one in Sending], "default": "document"},
        },
        "required": ["inputs"],
    }


def _part(part: Part, lang: Lang) -> Json:
    if "$defs" in part.schema:  # its references are within the process description
        return {"type": "object", "title": part.title.of(lang)}
    return {**part.schema, "title": part.title.of(lang)}


def _results(process: Process, lang: Lang) -> Json:
    told = {
        part.name: {
            "type": "object",
            "required": ["value"],
            "properties": {"value": _part(part, lang), "unit": {"type": "string"}, "valid": {"type": "boolean"}},
        }
        for part in process.outputs
    }
    return {
        "description": process.title.of(lang),
        "content": {"application/json": {"schema": {"type": "object", "properties": told}}},
    }
