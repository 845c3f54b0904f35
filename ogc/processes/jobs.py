"""Jobs as the standard tells of them, over whoever keeps them."""

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from core.caller import Caller
from core.clock import iso
from core.texts import Lang, Text
from ogc.processes.process import Json
from store.jobs import Job, State

NO_SUCH_JOB = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-job"
NOT_READY = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/result-not-ready"
RESULTS = "http://www.opengis.net/def/rel/ogc/1.0/results"
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
    ended = State.CANCELLED if job.cancelling and job.open else job.state
    address = f"{here}/jobs/{quote(job.id)}"
    message = job.outcome.said if job.outcome is not None else job.doing
    links = [{"rel": "self", "type": "application/json", "href": address, "title": SELF.of(lang)}]
    if job.state is State.DONE:
        kind = job.outcome.media_type if job.outcome is not None else "application/json"
        links.append({"rel": RESULTS, "type": kind, "href": f"{address}/results", "title": RESULT.of(lang)})
    times = {"created": job.made_at, "started": job.started_at, "finished": job.ended_at}
    return {
        "type": "process",
        "processID": process_id,
        "jobID": job.id,
        "title": job.title.of(lang),
        "status": STATUS[ended],
        "message": message.of(lang),
        "progress": 100 if job.state is State.DONE else _share(job),
        **{name: iso(at) for name, at in times.items() if at is not None},
        "updated": iso(job.ended_at or job.started_at or job.made_at),
        "links": links,
    }


def _share(job: Job) -> int:
    return min(99, int(100 * job.done / job.total)) if job.total else 0


SELF = Text("任务状态", "status of the job")
RESULT = Text("结果", "results")
