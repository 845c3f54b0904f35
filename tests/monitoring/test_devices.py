"""A device reports for its own points with its own secret, until it is retired; an overdue calibration is a doubt."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.auth.devices import DeviceGate
from app.auth.opening import open_identity
from app.auth.sealing import Sealer
from app.cli import command_line
from core.actors import SYSTEM_ACTOR
from core.caller import Right
from core.errors import ConflictError, NotFoundError
from core.scope import SYSTEM_SCOPE
from layers.catalogue import DEVICES, SENSORS
from layers.catalogue.alarms import AlarmInhibition
from layers.catalogue.devices import Device
from monitoring.devices import LastHeard
from monitoring.formats.json import from_rows
from monitoring.quality import Flag
from monitoring.readings import entered
from monitoring.register import CHECKED, Register
from store.feed import Put
from tests.monitoring.plant import NOON, Plant, plant

__all__ = ["plant"]


def put(plant: Plant, record: Device) -> None:
    plant.store.commit([Put(layer=DEVICES.id, record=record)], actor=SYSTEM_ACTOR, reason="", scope=SYSTEM_SCOPE)


@pytest.fixture
def gate(plant: Plant, tmp_path: Path):  # type: ignore[no-untyped-def]
    identity = open_identity(tmp_path, None)
    yield DeviceGate(identity, Register(plant.store), Sealer(tmp_path / "key"), lambda: NOON, {"MN9": "654321"})
    identity.close()


def test_a_key_opens_the_door_of_readings_for_the_points_the_device_carries_and_dies_with_it(
    plant: Plant, gate: DeviceGate, tmp_path: Path
) -> None:
    sensor = plant.store.get(SENSORS, "P2", scope=SYSTEM_SCOPE).record.model_copy(update={"device": "D1"})
    plant.store.commit([Put(layer="sensors", record=sensor)], actor=SYSTEM_ACTOR, reason="", scope=SYSTEM_SCOPE)
    device = Device(code="D1", name="网关", points=("P1", "W1"))
    put(plant, device)
    key = gate.make_key("D1", given_by="test")
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("identity.db*"))
    assert key.encode() not in kept
    found = gate.by_key(key)
    assert found is not None
    caller, _ = found
    assert (caller.device, caller.rights, caller.scope.areas) == ("D1", frozenset({Right.REPORT}), ())
    assert Register(plant.store).devices().by_code["D1"].points == {"P1", "P2", "W1"}
    again = gate.make_key("D1", given_by="test")
    assert gate.by_key(key) is None
    assert gate.by_key(again) is not None
    put(plant, device.model_copy(update={"state": "retired"}))
    gate._register = Register(plant.store)
    assert gate.by_key(again) is None


def test_a_registered_device_is_known_over_hj212_by_its_own_password_and_others_by_the_settings(
    plant: Plant, gate: DeviceGate
) -> None:
    for code, mn in (("D1", "MN1"), ("D2", "MN2"), ("D9", "MN9")):
        put(plant, Device(code=code, name=code, protocol="hj212", mn=mn))
    gate.make_password("D1", given_by="test", password="123456")
    gate.make_password("D2", given_by="test", password="123456")
    assert [one and one.code for one in map(gate.by_password, ("MN1", "MN2"), ("123456",) * 2)] == ["D1", "D2"]
    refused = (("MN1", "123457"), ("MN1", ""), ("MN9", "654321"), ("MN8", "654321"))
    assert [gate.by_password(*one) for one in refused] == [None] * 4


def test_readings_after_the_calibration_ran_out_are_doubted_and_those_before_are_not(plant: Plant) -> None:
    put(plant, Device(code="D1", name="探测器", points=("G1",), calibrated_until=date(2026, 11, 28)))
    day_over = NOON + timedelta(hours=4)  # midnight in China
    rows = [
        {"point": point, "ts": at.isoformat(), "v": 1.0 + n}
        for n, at in enumerate((day_over - timedelta(minutes=1), day_over))
        for point in ("G1", "P1")
    ]
    batch = entered(from_rows(rows), Register(plant.store).known(), source="test", arrived=day_over)
    plant.inbox.offer(batch).result()
    assert [flags for _, _, flags in plant.values("G1")] == [0, Flag.CALIBRATION]
    assert [flags for _, _, flags in plant.values("P1")] == [0, 0]


def test_when_a_device_was_last_heard_is_no_version_of_its_row(plant: Plant, gate: DeviceGate) -> None:
    put(plant, Device(code="D1", name="网关", points=("P1",)))
    head, register = plant.store.head(), Register(plant.store)
    heard = LastHeard(gate._secrets, lambda: NOON)
    batch = entered(from_rows([{"point": "P1", "ts": NOON.isoformat(), "v": 1}]), register.known(),
                    source="hj212:MN1", arrived=NOON)  # fmt: skip
    heard.note(batch, register.devices())
    heard.write_down()
    LastHeard(gate._secrets, lambda: NOON - timedelta(days=1)).note(batch, register.devices())
    heard.write_down()
    assert {code: (one.at, one.source) for code, one in gate._secrets.seen().items()} == {"D1": (NOON, "hj212:MN1")}
    assert plant.store.head() == head


def run(*words: str) -> str:
    found = CliRunner().invoke(command_line("device"), ["device", *words], catch_exceptions=False)
    if found.exception is not None:
        raise found.exception
    return found.output


def test_the_command_registers_shows_the_key_once_and_retires(tmp_path: Path) -> None:
    where = ("--data", str(tmp_path))
    spoken = ("--protocol", "hj212", "--mn", "MN1", "--calibrated-until", "2020-01-31")
    made = run("add", "D1", "--name", "数采仪", *spoken, *where)
    password = made.split()[-1]
    assert len(password) == 6
    listed = run("list", *where)
    assert "MN1" in listed
    assert "校准过期" in listed
    assert password not in listed
    assert run("key", "D1", *where).split()[-1] != password
    with pytest.raises(ConflictError):
        run("add", "D2", "--name", "又一", "--mn", "MN1", *where)
    with pytest.raises(NotFoundError):
        run("add", "D3", "--name", "又一", "--enterprise", "91990106MATYEK5E8U", *where)
    run("retire", "D1", "--reason", "报废", *where)
    with pytest.raises(ConflictError, match="retired"):
        run("key", "D1", *where)
    assert "已停用" in run("list", *where)


def test_points_are_read_again_when_they_changed_and_not_for_what_else_is_written(plant: Plant) -> None:
    register = Register(plant.store)
    before = register.known()
    note = AlarmInhibition(code="I1", starts=NOON, ends=NOON, who="何川", why="检修", points=("P1",))
    plant.store.commit(
        [Put(layer="alarm_inhibitions", record=note)], actor=SYSTEM_ACTOR, reason="", scope=SYSTEM_SCOPE
    )  # fmt: skip
    register._looked = -CHECKED
    assert register.known() is before
    put(plant, Device(code="D1", name="网关", points=("P1",)))
    register._looked = -CHECKED
    assert register.devices().by_point["P1"].code == "D1"
