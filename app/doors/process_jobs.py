"""Executions that go on without their request: queued in the job book, fetched under the rights they were made with."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.jobs.kinds import kind_of, request
from app.jobs.processing import PROCESS
from app.jobs.runner import folder_of
from app.jobs.sweeping import SWEEP
from core.caller import Caller
from core.clock import Clock
from core.errors import ForbiddenError, NotFoundError
from core.texts import Text
from ogc.processes.jobs import Fetched
from ogc.processes.process import Json
from store.identity import Identity
from store.jobs import Job, JobBook

KINDS = {kind.id: kind for kind in (PROCESS, SWEEP)}
SWEEPING = "scenario-sweep"
NARROWED = Text(
    "该密钥的权限小于其账号,不能提交任务,请直接执行",
    "this key opens less than its account: it may not queue work, execute at once",
)
CHANGED = Text("生成结果后您的权限已变化,请重新执行", "your rights have changed since it was made; ask again")
GONE = Text("结果文件不存在或已清理,请重新执行", "no result file, or it was cleared away")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessJobs:
    """The job book as the OGC door meets it: an account's own executions and no other work."""

    book: JobBook
    identity: Identity
    folder: Path
    clock: Clock
    nudge: Callable[[], None]

    def add(self, process_id: str, given: Json, caller: Caller) -> Job:
        """Queue an execution. Raises ForbiddenError for a key that opens less than the work would be done under."""
        owner = self.identity.standing(caller.actor.id, at=self.clock(), post=caller.post)
        if owner is None or owner.scope.digest != caller.scope.digest:
            raise ForbiddenError(NARROWED)
        sweeping = process_id == SWEEPING
        kind = kind_of(KINDS, SWEEP.id if sweeping else PROCESS.id)
        told = {"process": process_id, "request": given, "lang": caller.lang}
        wanted = request(kind, given["inputs"] if sweeping else told)
        job = self.book.add(
            kind=kind.id, title=kind.title(wanted), asked=wanted.model_dump(mode="json"), account=caller.actor.id,
            post=caller.post, key=caller.key or None, at=self.clock(),
        )  # fmt: skip
        self.nudge()
        return job

    def all(self, caller: Caller) -> list[Job]:
        """The caller's newest executions."""
        return [job for job in self.book.all(account=caller.actor.id, limit=1000) if job.kind in KINDS]

    def one(self, job_id: str, caller: Caller) -> Job:
        """One of them. Raises NotFoundError for any other."""
        job = self.book.one(job_id, account=caller.actor.id)
        if job.kind not in KINDS:
            raise NotFoundError(Text(f"没有任务“{job_id}”", f"no job {job_id!r}"), job=job_id)
        return job

    def dismiss(self, job_id: str, caller: Caller) -> Job:
        """Call one off."""
        self.one(job_id, caller)
        return self.book.cancel(job_id, account=caller.actor.id, at=self.clock())

    def result(self, job: Job, caller: Caller) -> Fetched:
        """The file of one that is done, as long as the caller's rights are those it was made under."""
        outcome = job.outcome
        file = None if outcome is None else folder_of(self.folder, job) / outcome.file
        if outcome is None or file is None or not outcome.file or not file.is_file():
            raise NotFoundError(GONE, job=job.id)
        if outcome.scope != caller.scope.digest:
            raise ForbiddenError(CHANGED)
        return Fetched(media_type=outcome.media_type, name=outcome.file, body=file.read_bytes())

    @staticmethod
    def process_of(job: Job) -> str:
        """Which process it executes."""
        return SWEEPING if job.kind == SWEEP.id else str(job.asked["process"])
