"""Takes jobs one at a time and carries each to an end: done, failed, called off, or put back for another worker."""

import hashlib
import logging
import shutil
import threading
from datetime import timedelta
from pathlib import Path

from app.jobs.kinds import Kinds, Order, Product, Report, Workshop, kind_of, request
from app.jobs.leases import LEASE, CalledOff, Lease, Stopping
from core.actors import Actor
from core.errors import FaultsError, ForbiddenError, OneMapError
from core.scope import Scope
from core.texts import Text
from store.identity import Standing
from store.jobs import Job, JobBook, LostJobError, Outcome

PARTS = "parts"
"""The folder of a job that outlives an attempt: what was finished before a restart."""

_log = logging.getLogger(__name__)


class Runner:
    """One worker; `stop` makes it put its job back at the next report."""

    def __init__(
        self, book: JobBook, kinds: Kinds, workshop: Workshop, folder: Path, *, name: str, lease: timedelta = LEASE
    ) -> None:
        self.book = book
        self.kinds = kinds
        self.workshop = workshop
        self.folder = folder
        self.name = name
        self.lease = lease
        self.stopping = threading.Event()

    def stop(self) -> None:
        """Put the present job back and take no other."""
        self.stopping.set()

    def run_next(self) -> bool:
        """Do the oldest waiting job; False when there was none."""
        if self.stopping.is_set():
            return False
        job = self.book.take(self.name, at=self.workshop.clock(), lease=self.lease)
        if job is None:
            return False
        try:
            with Lease(self.book, job, self.lease, self.workshop.clock, self.stopping) as held:
                self._carry_out(job, folder_of(self.folder, job), held.report)
        except LostJobError:
            _log.warning("job %s was taken over by another worker", job.id)
        return True

    def _carry_out(self, job: Job, folder: Path, report: Report) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            outcome = self._work(job, folder, report)
        except CalledOff:
            shutil.rmtree(folder.parent, ignore_errors=True)
            self.book.called_off(job, at=self.workshop.clock())
        except Stopping:
            shutil.rmtree(folder, ignore_errors=True)
            self.book.put_back(job)
        except LostJobError:
            raise
        except OneMapError as error:
            shutil.rmtree(folder.parent, ignore_errors=True)
            self.book.fail(job, _why(error), at=self.workshop.clock())
        except Exception:
            _log.exception("job %s (%s) failed", job.id, job.kind)
            shutil.rmtree(folder.parent, ignore_errors=True)
            wrong = Text("系统内部错误,已记录", "internal error, recorded")
            self.book.fail(job, wrong, at=self.workshop.clock())
        else:
            self.book.finish(job, outcome, at=self.workshop.clock())
            shutil.rmtree(folder.parent / PARTS, ignore_errors=True)

    def _work(self, job: Job, folder: Path, report: Report) -> Outcome:
        owner = self._owner(job)
        account = owner.account
        kind = kind_of(self.kinds, job.kind)
        if kind.needs not in owner.role.rights:
            raise ForbiddenError(
                Text("提交任务后岗位权限已变化,任务不再执行", "the role may no longer ask for this work")
            )
        order = Order(
            actor=Actor(id=account.login, name=account.name, door="job"), scope=owner.scope, lang=account.lang,
            folder=folder, report=report, account=account.id, post=owner.post.id, parts=folder.parent / PARTS,
        )  # fmt: skip
        product = kind.run(request(kind, job.asked), order, self.workshop)
        return _outcome(product, owner.scope)

    def _owner(self, job: Job) -> Standing:
        """What the owner may do now, under the same post: rights taken away while the job waited are not used."""
        found = self.workshop.identity.standing(job.account, at=self.workshop.clock(), post=job.post)
        if found is None:
            raise ForbiddenError(Text("账号已停用、不存在或已无任职,任务不再执行", "the account is disabled or gone"))
        if job.post is not None and found.post.id != job.post:
            raise ForbiddenError(Text("提交任务时的任职已到期,任务不再执行", "the post it was asked under has ended"))
        if job.key is not None and not self.workshop.identity.keys.get(job.key).open(self.workshop.clock()):
            raise ForbiddenError(
                Text("提交任务所用的密钥已吊销或到期,任务不再执行", "the key it was asked with opens nothing now")
            )
        return found


def folder_of(folder: Path, job: Job) -> Path:
    """Where an attempt at a job puts its files: one that lost its lease never writes into the next one's."""
    return folder / job.id / str(job.attempt)


def _outcome(product: Product, scope: Scope) -> Outcome:
    if product.file is None:
        return Outcome(said=product.said, scope=scope.digest)
    with product.file.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Outcome(
        said=product.said, scope=scope.digest, file=product.file.name, media_type=product.media_type,
        size=product.file.stat().st_size, sha256=digest,
    )  # fmt: skip


def _why(error: OneMapError) -> Text:
    if isinstance(error, FaultsError) and len(error.faults) > 1:
        shown = error.faults[:5]
        return Text(
            error.text.zh + ";" + ";".join(f"{f.field}“{f.value}”{f.rule.zh}" for f in shown),
            error.text.en + "; " + "; ".join(f"{f.field}={f.value!r} {f.rule.en}" for f in shown),
        )
    return error.text
