"""HJ 212-2017: frames of the standard, garbage between them, a device that is answered when its readings are kept."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.monitoring.hj212 import Hj212
from core.actors import SYSTEM_ACTOR
from core.scope import SYSTEM_SCOPE
from layers.catalogue import SENSORS
from monitoring.devices import Carrier
from monitoring.formats.hj212 import Frames, check, framed, message, moment, qualities
from store.feed import Put
from tests.monitoring.plant import Plant

STANDARD = "QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&"
DEVICE = "330211000001TANK00000001"
READING = (
    f"QN=20261128195959123;ST=31;CN=2011;PW=123456;MN={DEVICE};Flag=5;"
    "CP=&&DataTime=20261128200000;a19001-Rtd=20.9,a19001-Flag=N;a01012-Rtd=36.5,a01012-Flag=D;x-Rtd=1&&"
)


def test_the_frame_printed_in_the_standard_checks() -> None:
    """HJ 212-2017, example of CN 1062: length 0101, check 1C80."""
    assert check(STANDARD.encode()) == "1C80"
    assert framed(STANDARD) == b"##0101" + STANDARD.encode() + b"1C80\r\n"
    read = message(STANDARD)
    assert read is not None
    assert (read.device, read.password, read.wants_answer, read.real_time) == (
        "010000A8900016F000169DC0", "100000", True, False,
    )  # fmt: skip


def test_times_are_those_of_china() -> None:
    assert moment("20261128200000") == datetime(2026, 11, 28, 12, tzinfo=UTC)
    assert moment("20261128200000250") == datetime(2026, 11, 28, 12, 0, 0, 250_000, tzinfo=UTC)
    assert [moment(one) for one in ("", "2026112820000", "20261328200000", "20261128200000x")] == [None] * 4


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.binary(max_size=40) | st.sampled_from([b"##", b"##0101QN", b"##9999", b"\r\n"]), max_size=4), st.data()
)
def test_a_frame_is_found_whatever_garbage_stands_before_it(garbage: list[bytes], data: st.DataObject) -> None:
    """However the bytes are cut; a frame that garbage claims as its own data is given up for the one after it."""
    stream = b"".join(garbage) + b"\r\n" + framed(STANDARD) + framed(READING)
    frames, found = Frames(), []
    while stream:
        cut = data.draw(st.integers(1, len(stream)))
        found += list(frames.fed(stream[:cut]))
        stream = stream[cut:]
    assert READING in found


def test_a_frame_that_does_not_check_is_counted_and_passed_over() -> None:
    frames = Frames()
    assert list(frames.fed(framed(READING).replace(b"36.5", b"36.6") + framed(STANDARD))) == [STANDARD]
    assert frames.damaged == 1


def test_every_mark_of_the_standard_has_a_quality() -> None:
    assert set(qualities()) == set("NFMSDCTB")


def known(mn: str, password: str) -> Carrier | None:
    """The one device there is."""
    return Carrier(code=mn, mn=mn) if (mn, password) == (DEVICE, "123456") else None


@pytest.fixture
def tagged(plant: Plant) -> Plant:
    for code, tag in (("P1", "a19001"), ("P2", "a01012")):
        record = plant.store.get(SENSORS, code, scope=SYSTEM_SCOPE).record.model_copy(
            update={"device": DEVICE, "tag": tag}
        )
        plant.store.commit([Put(layer="sensors", record=record)], actor=SYSTEM_ACTOR, reason="", scope=SYSTEM_SCOPE)
    return plant


def talked(plant: Plant, said: list[bytes], answers: int) -> tuple[bytes, Hj212]:
    """What a device hears over a real connection."""
    heard = Hj212(plant.inbox, lambda: datetime(2026, 11, 28, 12, 0, 1, tzinfo=UTC), known)

    async def talk() -> bytes:
        async with heard.serving("127.0.0.1", 0) as server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
            for one in said:
                writer.write(one)
                await writer.drain()
            found = b"".join([await reader.readuntil(b"\r\n") for _ in range(answers)])
            writer.write_eof()
            found += await reader.read()
            writer.close()
            return found

    with ThreadPoolExecutor(1) as apart:  # a browser test before this one may have left a loop in this thread
        return apart.submit(asyncio.run, talk()).result(), heard


def test_a_device_is_answered_when_its_readings_are_kept(tagged: Plant) -> None:
    said, server = talked(tagged, [b"noise" + framed(READING)[:30], framed(READING)[30:], framed(READING)], 2)
    answer = f"QN=20261128195959123;ST=91;CN=9014;PW=123456;MN={DEVICE};Flag=4;CP=&&&&"
    assert said == framed(answer) * 2
    noon = datetime(2026, 11, 28, 12, tzinfo=UTC)
    assert [(at, value) for at, value, _ in tagged.values("P1")] == [(noon, 20.9)], "once, though it was sent twice"
    assert tagged.series.latest(SENSORS, ["P2"], scope=SYSTEM_SCOPE)["quality"].to_pylist() == [2]
    counts = tagged.inbox.told()
    assert (counts.kept, counts.repeated, counts.refused, server.damaged) == (2, 2, 2, 0)


def test_a_connection_too_many_is_turned_away_and_the_others_go_on(tagged: Plant) -> None:
    server_of_one = Hj212(tagged.inbox, lambda: datetime(2026, 11, 28, 12, 0, 1, tzinfo=UTC), known, most=1)

    async def talk() -> tuple[bytes, bytes]:
        async with server_of_one.serving("127.0.0.1", 0) as server:
            address = server.sockets[0].getsockname()[:2]
            reader, writer = await asyncio.open_connection(*address)
            writer.write(framed(READING))
            await reader.readuntil(b"\r\n")
            other, away = await asyncio.open_connection(*address)
            turned = await other.read()
            writer.write(framed(READING))
            again = await reader.readuntil(b"\r\n")
            for one in (away, writer):
                one.close()
            return turned, again

    with ThreadPoolExecutor(1) as apart:
        turned, again = apart.submit(asyncio.run, talk()).result()
    assert turned == b""
    assert b"CN=9014" in again


def test_strangers_and_wrong_passwords_are_neither_answered_nor_kept(tagged: Plant) -> None:
    wrong = [READING.replace("PW=123456", "PW=654321"), READING.replace(DEVICE, "0" * 24), "rubbish"]
    said, server = talked(tagged, [framed(one) for one in wrong], 0)
    assert (said, server.strangers, server.damaged, tagged.inbox.told().received) == (b"", 2, 1, 0)


def test_what_cannot_be_kept_is_not_answered(tagged: Plant) -> None:
    tagged.inbox.stop()
    assert talked(tagged, [framed(READING)], 0)[0] == b""
