"""Jobs as the standard tells of them, over whoever keeps them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import quote

from core.caller import Caller
from core.clock import iso
from core.errors import BadInputError
from core.texts import Lang, Text, whole
from ogc.filter.temporal import end_of, interval, moment, start_of
from ogc.processes.process import Json
from store.jobs import Job, State

NO_SUCH_JOB = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-job"
NOT_READY = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/result-not-ready"
RESULTS = "http://www.opengis.net/def/rel/ogc/1.0/results"
CHOICES = ("type", "processID", "status", "datetime", "minDuration", "maxDuration")
"""The parameters by which the standard's job list is narrowed."""

PROCESS = "process"
STATUS = {
    State.QUEUED: "accepted",
    State.RUNNING: "running",
    State.DONE: "successful",
    State.FAILED: "failed",
    State.CANCELLED: "dismissed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a job left: a document of results, or a file of its own kind."""

    media_type: str
    name: str
    body: bytes


class Jobs(Protocol):
    """Executions that go on without their request; every method sees the caller's own only."""

    def add(self, process_id: str, given: Json, caller: Caller) -> Job:
        """Queue an execution whose request was checked."""

    def all(self, caller: Caller) -> list[Job]:
        """The newest first."""

    def one(self, job_id: str, caller: Caller) -> Job:
        """One of them. Raises NotFoundError."""

    def dismiss(self, job_id: str, caller: Caller) -> Job:
        """Call one off."""

    def result(self, job: Job, caller: Caller) -> Fetched:
        """What came of one that is done."""

    def process_of(self, job: Job) -> str:
        """Which process it executes."""


def status(job: Job, process_id: str, here: str, lang: Lang) -> Json:
    """Where a job stands."""
    address = f"{here}/jobs/{quote(job.id)}"
    message = job.outcome.said if job.outcome is not None else job.doing
    links = [{"rel": "self", "type": "application/json", "href": address, "title": SELF.of(lang)}]
    if job.state is State.DONE:
        kind = job.outcome.media_type if job.outcome is not None else "application/json"
        links.append({"rel": RESULTS, "type": kind, "href": f"{address}/results", "title": RESULT.of(lang)})
    times = {"created": job.made_at, "started": job.started_at, "finished": job.ended_at}
    return {
        "type": PROCESS,
        "processID": process_id,
        "jobID": job.id,
        "title": job.title.of(lang),
        "status": _standing(job),
        "message": message.of(lang),
        "progress": 100 if job.state is State.DONE else _share(job),
        **{name: iso(at) for name, at in times.items() if at is not None},
        "updated": iso(job.ended_at or job.started_at or job.made_at),
        "links": links,
    }


def chosen(jobs: list[Job], given: Mapping[str, str], process_of: Callable[[Job], str], now: datetime) -> list[Job]:
    """Those that the parameters of the standard's job list leave: each is of one kind, made within, ran so long."""
    processes, states = _several(given, "processID"), _several(given, "status")
    for name, said, known in (
        ("type", _several(given, "type"), (PROCESS,)), ("status", states, tuple(STATUS.values()))
    ):  # fmt: skip
        if unknown := next((one for one in said if one not in known), None):
            listed = ", ".join(known)
            raise BadInputError(
                Text(f"{name}“{unknown}”应为 {listed}", f"{name} {unknown!r} must be of {listed}"), field=name
            )
    low, high = _made_between(given.get("datetime", ""))
    least, most = (_seconds(given, name) for name in ("minDuration", "maxDuration"))
    return [
        job
        for job in jobs
        if (not processes or process_of(job) in processes)
        and (not states or _standing(job) in states)
        and (low is None or job.made_at >= low)
        and (high is None or job.made_at < high)
        and (least is None or ((ran := _ran(job, now)) is not None and ran >= least))
        and (most is None or ((ran := _ran(job, now)) is not None and ran <= most))
    ]


def _several(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in given.get(name, "").split(",") if part.strip())


def _made_between(text: str) -> tuple[datetime | None, datetime | None]:
    """An instant (that second), a day or an interval, an end of which may be open."""
    if not text:
        return None, None
    parts = text.split("/")
    if len(parts) > 2:
        raise BadInputError(Text("datetime 应为时刻或时段", "datetime is an instant or an interval"), field="datetime")
    try:
        first, last = (moment(text), moment(text)) if len(parts) == 1 else interval((parts[0], parts[1]))
    except BadInputError as error:
        raise BadInputError(error.text, field="datetime") from error
    start = None if first is None else start_of(first)
    end = None if last is None else end_of(last) + timedelta(seconds=isinstance(last, datetime))
    return start, end


def _seconds(given: Mapping[str, str], name: str) -> float | None:
    said = given.get(name)
    found = None if said is None else whole(said)
    if said is not None and (found is None or found < 0):
        raise BadInputError(
            Text(f"{name}“{said[:20]}”应为秒数", f"{name}={said[:20]!r} must be a number of seconds"), field=name
        )
    return found


def _ran(job: Job, now: datetime) -> float | None:
    """So many seconds; None of one that was not taken up."""
    return None if job.started_at is None else ((job.ended_at or now) - job.started_at).total_seconds()


def _standing(job: Job) -> str:
    """A job that is being called off is told as called off."""
    return STATUS[State.CANCELLED if job.cancelling and job.open else job.state]


def _share(job: Job) -> int:
    return min(99, int(100 * job.done / job.total)) if job.total else 0


SELF = Text("任务状态", "status of the job")
RESULT = Text("结果", "results")
