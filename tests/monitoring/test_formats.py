"""Messages of readings: whole and wrong ones, in every format; a wrong row is named and never half kept."""

from datetime import UTC, datetime

import orjson
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInputError
from monitoring.formats import FORMATS, parsed
from monitoring.readings import BATCH, MOST_ROWS, Sent, entered, known

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
MILLISECONDS = int(NOON.timestamp() * 1000)
STREAM = "application/vnd.apache.arrow.stream"
POINTS = known({"sensors": ["P1", "P2"], "weather_stations": ["W1", "P2"]})


def arrow(table: pa.Table, *, file: bool = False, compression: str | None = None) -> bytes:
    sink = pa.BufferOutputStream()
    new = pa.ipc.new_file if file else pa.ipc.new_stream
    with new(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression=compression)) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue().to_pybytes())


def kept(sent: Sent) -> pa.Table:
    return entered(sent, POINTS, source="test", arrived=NOON)


def faults(sent: Sent) -> list[tuple[int | None, str, str]]:
    return [(fault.row, fault.field, fault.value) for fault in sent.faults.ordered()]


TWO = pa.table({"point": ["P1", "P2"], "ts": pa.array([MILLISECONDS, MILLISECONDS - 1000]), "v": [1.5, None]})
MESSAGES = {
    "rows": ("application/json", orjson.dumps([
        {"point": "P1", "ts": "2026-11-28T20:00:00+08:00", "v": 1.5}, {"point": "P2", "ts": MILLISECONDS - 1000},
    ])),
    "columns": ("application/json; charset=utf-8", orjson.dumps({
        "point": ["P1", "P2"], "ts": [MILLISECONDS, MILLISECONDS - 1000], "v": [1.5, None], "q": 0,
    })),
    "csv": ("text/csv", b"\xef\xbb\xbfpoint,ts,v\r\nP1,2026-11-28T12:00:00Z,1.5\r\nP2,2026-11-28T11:59:59Z,\r\n"),
    "chinese csv": (
        "text/csv", f"监测值,点位编码,采集时间\n1.5,P1,{MILLISECONDS}\n,P2,{MILLISECONDS - 1000}\n".encode("gb18030")
    ),
    "arrow stream": (STREAM, arrow(TWO)),
    "arrow file": ("application/vnd.apache.arrow.file", arrow(TWO, file=True)),
}  # fmt: skip


@pytest.mark.parametrize("name", MESSAGES)
def test_the_same_readings_come_out_of_every_format(name: str) -> None:
    media, body = MESSAGES[name]
    sent = parsed(body, media)
    table = kept(sent)
    assert (sent.received, sent.faults.count, table.schema) == (2, 0, BATCH)
    first, second = table.to_pylist()
    assert (first["layer"], first["key"], first["element"], first["at"]) == ("sensors", "P1", "value", NOON)
    assert (first["value"], first["quality"], first["arrived"], first["source"]) == (1.5, 0, NOON, "test")
    assert (second["key"], second["value"], second["quality"]) == ("P2", None, 3), "no value is a missing one, said so"


def test_every_wrong_row_is_named_and_the_others_are_kept() -> None:
    rows = [
        {"point": "P1", "ts": NOON.isoformat(), "v": 1},
        {"point": "P1", "ts": NOON.isoformat(), "v": True},
        17,
        {"point": "无此点", "ts": NOON.isoformat(), "v": 1},
        {"point": "P1", "ts": "2026-11-28 20:00:00", "v": 1},
        {"point": "P1", "ts": 1_795_824_000, "v": 1},
        {"point": "P1", "ts": "2026-11-30T00:00:00Z", "v": 1},
        {"point": "P1", "ts": NOON.isoformat(), "v": 1, "q": 7},
        {"point": "W1", "ts": NOON.isoformat(), "v": 3, "element": "wind_speed"},
        {"ts": NOON.isoformat(), "v": 1},
        {"point": "P2", "ts": NOON.isoformat(), "v": 1, "layer": "weather_stations"},
        {"point": "P1", "ts": NOON.isoformat(), "v": 1, "layer": "weather_stations"},
    ]
    sent = parsed(orjson.dumps(rows), "application/json")
    table = kept(sent)
    assert [(row["layer"], row["key"]) for row in table.to_pylist()] == [
        ("sensors", "P1"), ("weather_stations", "W1"), ("weather_stations", "P2"),
    ]  # fmt: skip
    assert [row[:2] for row in faults(sent)] == [
        (2, "v"), (3, "reading"), (4, "point"), (5, "ts"), (6, "ts"), (7, "ts"), (8, "q"), (10, "point"), (12, "point"),
    ]  # fmt: skip
    assert (4, "point", "无此点") in faults(sent)
    assert sent.received == table.num_rows + sent.faults.count


def test_a_device_reports_for_its_own_points_only() -> None:
    sent = parsed(MESSAGES["rows"][1], "application/json")
    table = entered(sent, POINTS, source="test", arrived=NOON, allowed=frozenset({"P2"}))
    assert (table["key"].to_pylist(), faults(sent)) == (["P2"], [(1, "point", "P1")])


def test_a_table_names_its_misshapen_and_unreadable_lines() -> None:
    body = b"point,ts,v\nP1,2026-11-28T12:00:00Z,1\nP1,2026-11-28T12:00:00Z\nP1,noon,1\nP1,2026-11-28T12:00:00Z,1e999\n"
    sent = parsed(body, "text/csv")
    assert kept(sent).num_rows == 1
    assert [row[:2] for row in faults(sent)] == [(2, "reading"), (3, "ts"), (4, "v")]


@pytest.mark.parametrize(
    ("media", "body", "said"),
    [
        ("application/xml", b"", "Content-Type"),
        ("application/json", b"{", "not JSON"),
        ("application/json", b"[" * 3000, "not JSON"),
        ("application/json", b"5", "must be a list"),
        ("application/json", b'{"point": ["P1"], "ts": [1, 2], "v": 1}', "equally long"),
        ("application/json", b"[" + b"0," * MOST_ROWS + b"0]", "at most"),
        ("text/csv", b"a,b\n1,2\n", "header"),
        ("text/csv", b"", "header"),
        ("text/csv", b"point,ts,v\n" + b"P1,1,1\n" * (MOST_ROWS + 1), "at most"),
        (STREAM, b"", "Arrow"),
        (STREAM, arrow(TWO)[:-60], "Arrow"),
        (STREAM, arrow(TWO.drop_columns(["v"])), "missing"),
        (STREAM, arrow(pa.concat_tables([TWO] * 5000).combine_chunks(), compression="zstd"), "without"),
    ],
)  # fmt: skip
def test_what_is_no_message_is_refused_with_what_is_allowed(media: str, body: bytes, said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        parsed(body, media)


def test_a_hundred_thousand_wrong_rows_are_counted_and_a_hundred_are_named() -> None:
    sent = parsed(b"[" + b'"x",' * (MOST_ROWS - 1) + b"null]", "application/json")
    assert (sent.faults.count, len(sent.faults.shown), sent.table.num_rows) == (MOST_ROWS, 100, 0)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8) | st.sampled_from(["P1", NOON.isoformat(), MILLISECONDS]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["point", "ts", "v", "q", "element"]), inner),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(JSON)
def test_whatever_a_document_holds_every_row_is_kept_or_named(document: object) -> None:
    try:
        sent = parsed(orjson.dumps(document), "application/json")
    except BadInputError:
        return
    assert kept(sent).num_rows + sent.faults.count == sent.received


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(FORMATS)), st.sampled_from([body for _, body in MESSAGES.values()]), st.data())
def test_a_damaged_message_is_read_or_refused_and_nothing_else(media: str, body: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(body) - 1))
    damaged = body[:at] + data.draw(st.binary(max_size=4)) + body[at + data.draw(st.integers(0, 8)) :]
    try:
        sent = parsed(damaged, media)
    except BadInputError:
        return
    assert kept(sent).num_rows + sent.faults.count == sent.received
