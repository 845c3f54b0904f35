"""`POST /api/points/export`: what a chart shows of up to six points as one CSV, recorded before it is sent."""

from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.csv
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, only, refused
from app.doors.bodies import object_of
from app.doors.points import window_of
from core.caller import Caller, current_caller
from core.clock import CHINA, Clock, iso
from core.texts import Lang, Text
from dashboards.brief.door import disposition
from dashboards.queries.curve import Window, asked_point, drawn_of, qualities, why_of
from dashboards.queries.measured import Measured
from layers.cells import guarded
from monitoring.trend import Rows
from store.audit import AuditLog, Kind, by
from store.protocol import Store
from store.series import Series

MOST = 6
HEADINGS = (
    Text("监测点编码", "point"), Text("名称", "name"), Text("监测指标", "quantity"), Text("单位", "unit"),
    Text("时间", "time"), Text("最小值", "low"), Text("最大值", "high"), Text("末值", "last"),
    Text("有效读数", "readings"), Text("质量", "quality"), Text("原因", "reason"),
)  # fmt: skip


def point_export_routes(store: Store, series: Series, audit: AuditLog, clock: Clock) -> list[BaseRoute]:
    """The door of what is taken out of a chart."""

    def made(given: Given, caller: Caller) -> tuple[bytes, str]:
        only(given, "points", "from", "to", "width")
        now = clock()
        window = window_of(given, now)
        points = [asked_point(store, *one, scope=caller.scope, lang=caller.lang) for one in _points(given)]
        parts = [_table(series, point, window, caller) for point in points]
        table = pa.concat_tables(parts)
        where = f"from={iso(window.start)}; to={iso(window.end)}; width={window.width}"
        keys = [f"{point.layer.id}/{point.point}" for point in points]
        audit.record(by(caller, Kind.EXPORT, at=now, what="readings", keys=keys, where=where, rows=table.num_rows))
        sink = pa.BufferOutputStream()
        sink.write("\ufeff".encode())
        pyarrow.csv.write_csv(table, sink, pyarrow.csv.WriteOptions(quoting_style="needed"))
        stamp = now.astimezone(CHINA).strftime("%Y%m%d-%H%M%S")
        name = Text(f"监测曲线_{stamp}.csv", f"trend_{stamp}.csv").of(caller.lang)
        return bytes(sink.getvalue()), name

    async def export(request: Request) -> Response:
        """POST /api/points/export: the rows of a chart, low, high and last of each span, with quality and reason."""
        caller = current_caller.get()
        body, name = await run_in_threadpool(partial(made, await object_of(request), caller))
        headers = {"content-disposition": disposition(name, "trend"), "cache-control": "no-store"}
        return Response(body, media_type="text/csv; charset=utf-8", headers=headers)

    return [Route("/api/points/export", export, methods=["POST"])]


def _points(given: Given) -> list[tuple[str, str, str]]:
    """Layer, code and quantity of each, as a chart names them."""
    asked = given.get("points")
    allowed = Text(
        f" 1 至 {MOST} 个 {{layer, code, element}} 的列表", f"a list of 1 to {MOST} of {{layer, code, element}}"
    )
    if not isinstance(asked, list) or not 1 <= len(asked) <= MOST:
        raise refused("points", asked, allowed)
    found = []
    for one in asked:
        named = isinstance(one, dict) and set(one) <= {"layer", "code", "element"}
        if not named or not all(isinstance(value, str) for value in one.values()) or not {"layer", "code"} <= set(one):
            raise refused("points", one, allowed)
        found.append((one["layer"], one["code"], one.get("element", "")))
    return found


def _table(series: Series, point: Measured, window: Window, caller: Caller) -> pa.Table:
    rows = drawn_of(series, point, window, scope=caller.scope).shown
    lang, count = caller.lang, len(rows)
    same = (point.code, point.name, point.quantity, point.unit)
    at = pa.array(rows.at).cast(pa.timestamp("us", "UTC")).cast(pa.timestamp("us", str(CHINA)))
    numbers = [pa.array(column, mask=np.isnan(column)) for column in (rows.low, rows.high, rows.last)]
    texts = [guarded(pa.repeat(pa.scalar(word, pa.string()), count)) for word in same]
    quality, why = _words(rows, lang)
    columns = [*texts, at, *numbers, pa.array(rows.count), quality, why]
    return pa.table(columns, [heading.of(lang) for heading in HEADINGS])


def _words(rows: Rows, lang: Lang) -> tuple[pa.Array, pa.Array]:
    """Quality and reason of each row; there are few kinds, so each is put into words once."""
    pairs, place = np.unique(np.stack([rows.quality, rows.flags]), axis=1, return_inverse=True)
    titles = qualities(lang)
    join = Text("、", ", ").of(lang)
    said = [(titles[int(q)], join.join(why_of(int(f), 0, lang))) for q, f in pairs.T]
    place = pa.array(np.asarray(place).ravel())
    quality, why = (pa.array([one[n] for one in said], pa.string()) for n in (0, 1))
    return quality.take(place), why.take(place)
