"""`onemap simulate`: a park that reports as real ones do, to files or to a server, with the truth beside it."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import httpx
import orjson
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import typer

from app.commands.options import Data, settings_with
from core.clock import CHINA, utc_now
from core.errors import BadInputError, BusyError
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from core.units import Second
from layers.catalogue import CATALOGUE
from monitoring.simulate import Park, Simulator, incident, made_up, park_of, truth
from monitoring.simulate.park import EVERY
from store.opening import open_store
from store.query import EVERYTHING

SENT = ("point", "ts", "v", "q")
"""Columns as the door for readings names them, so that a file can be sent as it is."""
ENDINGS = (".parquet", ".csv", ".jsonl")
DOOR = "/api/readings"
ARROW = "application/vnd.apache.arrow.stream"
PATIENCE = 30.0
TRIES = 20

Sink = Callable[[pa.Table], None]


def simulate(
    data: Data = None,
    points: Annotated[
        int | None, typer.Option(min=1, max=1_000_000, help="虚构点数,不给则用数据目录的监测点 / points to make up")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="随机种子 / seed")] = 1,
    start: Annotated[str, typer.Option(metavar="TIME", help="开始时间,缺省为现在 / ISO 8601, now unless given")] = "",
    minutes: Annotated[float, typer.Option(min=0.01, max=527_040, help="模拟时长(分钟)/ simulated minutes")] = 10.0,
    step: Annotated[float, typer.Option(min=0.1, max=3600, help="每批秒数 / simulated seconds of a batch")] = 5.0,
    events: Annotated[float, typer.Option(min=0, max=10_000, help="每小时事件数 / events an hour")] = 6.0,
    accident: Annotated[
        str, typer.Option(metavar="USCC", help="在中点时刻模拟该企业事故 / an accident there, half-way through")
    ] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="读数文件 / readings: .parquet .csv .jsonl")
    ] = None,
    truth_file: Annotated[
        Path | None, typer.Option("--truth", help="真值文件 / what should have been said: .parquet .csv .jsonl")
    ] = None,
    to: Annotated[str, typer.Option("--to", metavar="URL", help="发送到服务器 / a server to send to")] = "",
    key: Annotated[str, typer.Option(envvar="ONEMAP_SIMULATE_KEY", help="接入密钥 / the key to send with")] = "",
    every: Annotated[
        float, typer.Option(min=0, help="每点上报间隔,秒;0 为按登记 / seconds between readings, 0 as registered")
    ] = EVERY,
    speed: Annotated[
        float | None, typer.Option(min=0, help="时间倍速,0 为尽快;发送时缺省 1 / times real time, 0 as fast as can be")
    ] = None,
) -> None:
    """模拟化工园区监测数据及其真值 / Simulate a chemical park's readings, and the truth about them."""
    if output is None and not to:
        raise BadInputError(Text("请给出 --output 或 --to", "give --output or --to"), field="output")
    begin = _moment(start)
    end = begin + timedelta(minutes=minutes)
    park = made_up(points) if points is not None else _city(data, every or None)
    story = incident(park, accident, begin + timedelta(minutes=minutes / 2)).events if accident else ()
    simulator = Simulator(park=park, seed=seed, events=story, drawn_per_hour=events)
    pace = speed if speed is not None else (1.0 if to else 0.0)
    with _sinks(output, to, key) as sinks:
        count = _run(simulator, begin, end, step, pace, sinks)
    if truth_file is not None:
        _write_whole(truth_file, truth(simulator, begin, end))
    print(f"{len(park)} 个监测点 / points, {count} 条读数 / readings, {begin.isoformat()} → {end.isoformat()}")


def _run(simulator: Simulator, begin: datetime, end: datetime, step: float, speed: float, sinks: list[Sink]) -> int:
    """Every batch to every sink, each no sooner than its time by the speed."""
    count, since = 0, time.monotonic()
    for ends, batch in simulator.stream(begin, end, step):
        if speed > 0:
            time.sleep(max(0.0, (ends - begin).total_seconds() / speed - (time.monotonic() - since)))
        for sink in sinks:
            sink(batch.rename_columns(SENT))
        count += batch.num_rows
    return count


def _moment(text: str) -> datetime:
    if not text:
        return utc_now().replace(microsecond=0)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInputError(
            Text(f"开始时间“{text}”不是 ISO 8601 时间", f"start {text!r} is no ISO 8601 time"),
            field="start",
            value=text,
        ) from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=CHINA)).astimezone(UTC)


def _city(data: Path | None, every: Second | None) -> Park:
    settings = settings_with(data=data)
    store = open_store(settings.data, settings.database_url, CATALOGUE, utc_now)
    try:
        return park_of(store.read(CATALOGUE["sensors"], EVERYTHING, scope=SYSTEM_SCOPE), every)
    finally:
        store.close()


@contextmanager
def _sinks(output: Path | None, to: str, key: str) -> Iterator[list[Sink]]:
    """Where batches go; files are whole when this ends."""
    sinks: list[Sink] = []
    if to:
        sinks.append(_Door(to, key).send)
    if output is None:
        yield sinks
        return
    ending = _ending(output)
    if ending == ".jsonl":
        with output.open("wb") as file:
            yield [*sinks, lambda table: (file.write(_lines(table)), None)[1]]
        return
    writer: pq.ParquetWriter | pacsv.CSVWriter | None = None

    def write(table: pa.Table) -> None:
        nonlocal writer
        table = _plain(table)
        if writer is None:
            kind = pq.ParquetWriter if ending == ".parquet" else pacsv.CSVWriter
            writer = kind(output, table.schema)
        writer.write_table(table)

    try:
        yield [*sinks, write]
    finally:
        if writer is not None:
            writer.close()


class _Door:
    """Sends batches over HTTP; a server that is busy or away gets the same batch again, so nothing is lost."""

    def __init__(self, to: str, key: str) -> None:
        self.address = to.rstrip("/") + DOOR
        self.headers = {"content-type": ARROW, **({"authorization": f"Bearer {key}"} if key else {})}
        self.http = httpx.Client(timeout=PATIENCE, trust_env=False)

    def send(self, table: pa.Table) -> None:
        """One batch; BadInputError where the server refuses it, BusyError when it stays away."""
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as stream:
            stream.write_table(table)
        body = sink.getvalue().to_pybytes()
        for attempt in range(TRIES):
            try:
                answer = self.http.post(self.address, content=body, headers=self.headers)
            except httpx.TransportError as error:
                print(f"{error}", file=sys.stderr)
                time.sleep(min(2.0**attempt, PATIENCE))
                continue
            if answer.status_code in (429, 503):
                wait = answer.headers.get("retry-after", "1")
                time.sleep(min(float(wait) if wait.isdigit() else 1.0, PATIENCE))
                continue
            if answer.is_error:
                said = answer.text[:300]
                raise BadInputError(
                    Text(f"服务器拒收({answer.status_code}):{said}", f"refused ({answer.status_code}): {said}"),
                    field="to", value=self.address,
                )  # fmt: skip
            return
        raise BusyError(
            Text(f"服务器 {self.address} 重试 {TRIES} 次未收下", f"{self.address} took nothing in {TRIES} tries")
        )


def _ending(file: Path) -> str:
    if file.suffix not in ENDINGS:
        allowed = " ".join(ENDINGS)
        raise BadInputError(
            Text(f"文件“{file.name}”应以 {allowed} 之一结尾", f"{file.name!r} must end in one of {allowed}"),
            field="output", value=file.name,
        )  # fmt: skip
    return file.suffix


def _write_whole(file: Path, table: pa.Table) -> None:
    ending = _ending(file)
    if ending == ".parquet":
        pq.write_table(table, file)
    elif ending == ".csv":
        pacsv.write_csv(table, file)
    else:
        file.write_bytes(_lines(table))


def _plain(table: pa.Table) -> pa.Table:
    return table.set_column(0, SENT[0], table[SENT[0]].cast(pa.string()))


def _lines(table: pa.Table) -> bytes:
    """JSON lines, times in UTC."""
    rows = table.to_pylist()
    return b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z) for row in rows)
