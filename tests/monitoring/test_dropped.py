"""Files dropped into a folder are read once they stand still, kept once, and moved with what was wrong beside them."""

from pathlib import Path

import pyarrow as pa
import pytest

from app.monitoring.dropped import STILL, Dropped
from app.repeating import Chores
from core.actors import SYSTEM_ACTOR
from core.scope import SYSTEM_SCOPE
from layers.catalogue import DEVICES
from layers.catalogue.devices import Device
from store.feed import Put
from tests.monitoring.plant import NOON, Plant, plant

__all__ = ["plant"]
HEADER = "point,ts,v\n"


@pytest.fixture
def drop(plant: Plant, tmp_path: Path) -> tuple[Dropped, Path]:
    folder = tmp_path / "drop"
    for name in ("done", "refused", "D1"):
        (folder / name).mkdir(parents=True)
    return Dropped(plant.inbox, lambda: NOON, folder, largest=1_000_000, chores=Chores(lambda: NOON)), folder


def line(point: str = "P1", value: object = 1.5) -> str:
    return f"{point},{NOON.isoformat()},{value}\n"


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_symlink() or path.is_file()}


def settled(dropped: Dropped) -> int:
    return sum(dropped.look() for _ in range(STILL + 1))


def test_a_file_is_read_only_when_it_stands_still_and_a_second_reading_of_it_doubles_nothing(
    plant: Plant, drop: tuple[Dropped, Path]
) -> None:
    dropped, folder = drop
    (folder / "a.csv").write_text(HEADER + line())
    (folder / "b.csv.part").write_text(HEADER + line(value=9))
    assert dropped.look() == 0
    (folder / "a.csv").write_text(HEADER + line() + line("G1", 0.5))
    assert [dropped.look() for _ in range(STILL)] == [0] * STILL
    assert dropped.look() == 1
    assert names(folder) == {"done/a.csv", "b.csv.part"}
    assert [value for _, value, _ in plant.values("G1")] == [0.5]
    (folder / "done" / "a.csv").rename(folder / "a.csv")  # as after a kill between keeping and moving
    assert settled(dropped) == 1
    counts = plant.inbox.told()
    assert (counts.kept, counts.repeated) == (2, 2)
    assert [value for _, value, _ in plant.values()] == [1.5]


def test_what_is_wrong_lies_beside_the_file_and_a_file_of_another_kind_is_refused(
    plant: Plant, drop: tuple[Dropped, Path]
) -> None:
    dropped, folder = drop
    (folder / "some.csv").write_text(HEADER + line() + line("P9") + line("G1", "=x"))
    (folder / "none.json").write_text('[{"point": "P9", "ts": 0, "v": 1}]')
    (folder / "not.csv").write_bytes(b"\x00\x01GIF89a" * 100)
    (folder / "link.csv").symlink_to(folder / "some.csv")
    assert settled(dropped) == 4
    moved = {name for name in names(folder) if not name.endswith(".faults.csv")}
    assert moved == {"done/some.csv", "refused/none.json", "refused/not.csv", "refused/link.csv"}
    said = (folder / "done" / "some.csv.faults.csv").read_text("utf-8-sig").splitlines()
    assert [one.split(",")[:3] for one in said[1:]] == [["2", "point", "P9"], ["3", "v", "'=x"]]
    assert {name for name in names(folder) if name.startswith("refused/") and name.endswith(".faults.csv")} == {
        f"refused/{name}.faults.csv" for name in ("none.json", "not.csv", "link.csv")
    }


def test_a_file_in_a_devices_folder_speaks_for_its_points_alone_and_arrow_is_read(
    plant: Plant, drop: tuple[Dropped, Path]
) -> None:
    dropped, folder = drop
    device = Device(code="D1", name="数采仪", points=("P1",))
    plant.store.commit([Put(layer=DEVICES.id, record=device)], actor=SYSTEM_ACTOR, reason="", scope=SYSTEM_SCOPE)
    table = pa.table({"point": ["P1", "G1"], "ts": pa.array([NOON] * 2, pa.timestamp("us", "UTC")), "v": [1.0, 2.0]})
    with pa.ipc.new_stream(folder / "D1" / "a.arrow", table.schema) as stream:
        stream.write_table(table)
    assert settled(dropped) == 1
    assert "done/D1-a.arrow" in names(folder)
    assert [value for _, value, _ in plant.values()] == [1.0]
    assert plant.values("G1") == []


def test_what_cannot_be_kept_now_stays_where_it_is(plant: Plant, drop: tuple[Dropped, Path]) -> None:
    dropped, folder = drop
    (folder / "a.csv").write_text(HEADER + line())
    plant.series.close()
    assert settled(dropped) == 0
    assert names(folder) == {"a.csv"}
