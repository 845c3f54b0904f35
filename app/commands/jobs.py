"""`onemap jobs …`: long work seen and called off from the command line, and the worker that does it."""

import os
import shutil
import signal
import socket
import time
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from app.auth.opening import open_identity
from app.commands.options import Data, opened, settings_with
from app.jobs.catalogue import KINDS
from app.jobs.kinds import Workshop
from app.jobs.runner import Runner
from core.clock import CHINA, utc_now
from core.units import Second
from layers.catalogue import CATALOGUE
from layers.coverage import COVERAGES
from store.jobs import Job, JobBook, State
from store.opening import open_audit, open_jobs, open_store
from store.rasters import RasterShelf
from store.series import open_series

STATES = {
    State.QUEUED: "排队",
    State.RUNNING: "执行",
    State.DONE: "完成",
    State.FAILED: "失败",
    State.CANCELLED: "取消",
}
LOOK_EVERY: Second = 0.5
NICE = 5
"""The screens go first."""

jobs = typer.Typer(no_args_is_help=True, help="任务 / long work")


@jobs.command("list")
def list_jobs(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="最多几项 / how many")] = 20, data: Data = None
) -> None:
    """列出最近的任务 / List the newest jobs."""
    with opened(data, open_jobs) as book:
        for job in book.all(account=None, limit=limit):
            print(line_of(job))


@jobs.command("cancel")
def cancel(job: str, data: Data = None) -> None:
    """取消任务:排队的立即取消,执行中的在下一步停下 / Call a job off."""
    with opened(data, open_jobs) as book:
        print(line_of(book.cancel(job, account=None, at=utc_now())))


@jobs.command("run")
def run(
    idle: Annotated[float | None, typer.Option(help="空闲几秒后退出,不填则一直运行 / leave when idle")] = None,
    data: Data = None,
) -> None:
    """执行任务,直到被停止;可在多个进程、多台机器上同时运行 / Do waiting jobs until stopped."""
    os.nice(NICE)
    settings = settings_with(data=data)
    settings.data.mkdir(parents=True, exist_ok=True)
    folder = settings.data / "jobs"
    store = open_store(settings.data, settings.database_url, CATALOGUE, utc_now)
    identity = open_identity(settings.data, settings.database_url)
    audit = open_audit(settings.data, settings.database_url)
    with opened(data, open_jobs) as book, closing(open_series(settings.data / "series", store)) as series:
        shelf = RasterShelf(store, settings.data / "rasters", COVERAGES, utc_now)
        workshop = Workshop(store, identity, audit, utc_now, series, shelf)
        runner = Runner(book, KINDS, workshop, folder, name=f"{socket.gethostname()}:{os.getpid()}")
        for told in (signal.SIGTERM, signal.SIGINT):
            signal.signal(told, lambda *_: runner.stop())
        try:
            work(runner, idle)
            clear(book, folder, before=utc_now() - timedelta(days=settings.job_days))
        finally:
            store.close()
            identity.close()
            audit.close()


def work(runner: Runner, idle: Second | None) -> None:
    """Job after job, until told to stop or until there was none for `idle` seconds."""
    last = time.monotonic()
    while not runner.stopping.is_set():
        if runner.run_next():
            last = time.monotonic()
        elif idle is not None and time.monotonic() - last > idle:
            return
        else:
            runner.stopping.wait(LOOK_EVERY)


def clear(book: JobBook, folder: Path, *, before: datetime) -> None:
    """Forget jobs that ended long ago, with their files."""
    for gone in book.forget(before=before):
        shutil.rmtree(folder / gone, ignore_errors=True)


def line_of(job: Job) -> str:
    """One job as one line."""
    far = f"{job.done}/{job.total}" if job.total else ""
    said = job.outcome.said.zh if job.outcome else job.doing.zh
    made = job.made_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    return f"{job.id}  {STATES[job.state]}  {made}  {job.account:<12} {job.title.zh}  {far} {said}".rstrip()
