"""Batches as jobs: under the right to plan, within limits, gone on with after a restart, called off, summed up."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.csv as pacsv
import pytest

import app.jobs.sweeping as sweeping
from app.auth.opening import open_identity
from app.jobs.kinds import Kind, Order, Product, Workshop, request
from app.jobs.runner import PARTS, Runner, folder_of
from app.jobs.sweeping import MOST, MOST_INTEGRAL, SWEEP
from core.caller import UserClass
from core.clock import utc_now
from core.errors import BadInputError, FaultsError
from core.texts import Text
from emergency.scenario import scenario
from emergency.sweep import swept
from emergency.weathers import every_combination
from layers.catalogue import CATALOGUE
from store.identity import Account, Post
from store.jobs import Job, JobBook, State
from store.opening import open_audit, open_jobs, open_store
from tests.emergency.test_scenario import with_change

VARY: dict[str, list[Any]] = {
    "wind_speed": [1.5 + 0.1 * step for step in range(30)],
    "wind_from": list(range(0, 360, 20)),
}


class Bench:
    """A job book, an owner with one role, and workers that may be stopped midway."""

    def __init__(self, folder: Path, role: str = "committee") -> None:
        self.folder = folder
        self.book: JobBook = open_jobs(folder, None)
        self.identity = open_identity(folder, None)
        self.audit = open_audit(folder, None)
        self.store = open_store(folder, None, CATALOGUE, utc_now)
        now = utc_now()
        self.identity.people.add(Account(id="1", login="one", name="甲", user_class=UserClass.REGULATOR), at=now)
        post = Post(id="p1", account="1", role=role, areas=("9901",), since=now, given_by="t", given_at=now)
        self.identity.posts.give(post)

    def ask(self, **more: Any) -> Job:
        asked = request(SWEEP, {"scenario": with_change(), "vary": VARY, **more})
        return self.book.add(
            kind=SWEEP.id, title=Text("批", "batch"), asked=asked.model_dump(mode="json"), account="one", at=utc_now()
        )

    def runner(self, kind: Kind = SWEEP) -> Runner:
        workshop = Workshop(self.store, self.identity, self.audit, utc_now)
        return Runner(self.book, {kind.id: kind}, workshop, self.folder / "jobs", name="tests")

    def now(self, job: Job) -> Job:
        return self.book.one(job.id, account=None)

    def archive(self, job: Job) -> zipfile.ZipFile:
        done = self.now(job)
        assert done.state is State.DONE, done.doing.zh
        assert done.outcome is not None
        return zipfile.ZipFile(folder_of(self.folder / "jobs", done) / done.outcome.file)

    def parts(self, job: Job) -> list[str]:
        return sorted(path.name for path in (self.folder / "jobs" / job.id / PARTS).rglob("*.parquet"))

    def close(self) -> None:
        for one in (self.book, self.identity, self.audit, self.store):
            one.close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


def meddled(meanwhile: Callable[[int], None]) -> Kind:
    """The same work, with what else happens in the world at each report."""

    def run(asked: Any, order: Order, workshop: Workshop) -> Product:
        def report(done: int, total: int | None, doing: Text) -> None:
            meanwhile(done)
            order.report(done, total, doing)

        given = {name: getattr(order, name) for name in Order.__dataclass_fields__} | {"report": report}
        return SWEEP.run(asked, Order(**given), workshop)

    return Kind(id=SWEEP.id, title=SWEEP.title, asked=SWEEP.asked, run=run, needs=SWEEP.needs)


def test_a_batch_leaves_its_table_and_what_it_comes_to(bench: Bench) -> None:
    job = bench.ask()
    assert bench.runner().run_next()
    with bench.archive(job) as packed:
        table = pacsv.read_csv(io.BytesIO(packed.read("weathers.csv")))
        told = json.loads(packed.read("summary.json"))
    direct = swept(scenario(with_change()), every_combination(VARY), code_version="x")
    assert table["level_1_distance_m"].to_pylist() == pytest.approx(direct["level_1_distance_m"].to_pylist())
    assert table["row"].to_pylist() == list(range(1, 541))
    assert told["weathers"] == 540
    done = bench.now(job)
    assert done.outcome is not None
    assert "540" in done.outcome.said.zh
    assert bench.parts(job) == []


def test_a_restarted_batch_goes_on_where_it_stood_and_comes_to_the_same(bench: Bench) -> None:
    job, whole = bench.ask(format="parquet"), bench.ask(format="parquet")
    runner: Runner
    runner = bench.runner(meddled(lambda done: runner.stop() if done >= 250 else None))
    assert runner.run_next()
    assert bench.now(job).state is State.QUEUED
    assert bench.parts(job) == ["000000-000250.parquet"]
    seen: list[int] = []
    again = bench.runner(meddled(seen.append))
    assert again.run_next()
    assert seen == [250, 500, 540]
    assert again.run_next()
    with bench.archive(job) as one, bench.archive(whole) as other:
        assert one.read("summary.json") == other.read("summary.json")
        assert one.read("weathers.parquet") == other.read("weathers.parquet")


def test_parts_of_other_code_are_not_gone_on_with(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    job = bench.ask()
    runner: Runner
    runner = bench.runner(meddled(lambda done: runner.stop() if done >= 250 else None))
    runner.run_next()
    seen: list[int] = []
    monkeypatch.setattr(sweeping, "version", lambda _: "another")
    bench.runner(meddled(seen.append)).run_next()
    assert seen[0] == 0
    assert bench.now(job).state is State.DONE


def test_a_batch_called_off_leaves_nothing(bench: Bench) -> None:
    job = bench.ask()

    def regret(done: int) -> None:
        if done == 0:
            bench.book.cancel(job.id, account="one", at=utc_now())

    bench.runner(meddled(regret)).run_next()
    assert bench.now(job).state is State.CANCELLED
    assert not (bench.folder / "jobs" / job.id).exists()


def test_who_may_not_plan_any_more_has_no_batch_done(tmp_path: Path) -> None:
    bench = Bench(tmp_path, role="intermediary")
    job = bench.ask()
    bench.runner().run_next()
    assert bench.now(job).state is State.FAILED
    assert "权限已变化" in bench.now(job).doing.zh
    bench.close()


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "weathers"),
        ({"rose": True, "vary": {"wind_speed": [1.0]}}, "weathers"),
        ({"vary": {"wind_speed": [1.0] * (MOST + 1)}}, "weathers"),
        ({"vary": {"wind_speed": ["2 knots"]}}, "wind_speed"),
        ({"vary": {"wind_speed": [3.0, "3 m/s"]}}, "weathers"),
        ({"vary": {"wind": [3.0]}}, "weathers"),
        ({"weathers": [{"wind_speed": 3.0}, {"wind_from": 400.0}]}, "wind_from"),
        ({"weathers": []}, "weathers"),
        ({"weathers": [{"wind_from": 3.0}] * (MOST_INTEGRAL + 1), "scenario": with_change(model="slab")}, "weathers"),
        ({"vary": {"wind_speed": [3.0]}, "scenario": with_change(chemical="x")}, "chemical"),
        ({"vary": {"wind_speed": [3.0]}, "format": "xlsx"}, "format"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_batch_is_refused_by_its_field_when_it_is_ordered(asked: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInputError) as refused:
        request(SWEEP, {"scenario": with_change(), **asked})
    error = refused.value
    named = [fault.field for fault in error.faults] if isinstance(error, FaultsError) else [error.facts["field"]]
    assert field in [name.rpartition(".")[2] for name in named], named
