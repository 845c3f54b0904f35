"""Whatever happens to the file of tiles, no half tile, no tile of before a change, and no error comes out of it."""

import subprocess
import sys
from pathlib import Path

import pytest

from gis.shapes import Bounds
from store.tilecache import NewTile, TileCache, tag_of

HERE, THERE = Bounds(121.7, 33.1, 121.8, 33.2), Bounds(122.7, 33.1, 122.8, 33.2)


def new(name: str, body: bytes = b"picture", box: Bounds = HERE, layer: str = "sites") -> NewTile:
    return NewTile(name=name, layers=(layer,), bounds=box, tag=tag_of(body), body=body)


def opened(path: Path, largest: int = 100_000_000, maker: str = "one") -> TileCache:
    cache = TileCache(path, largest=largest, maker=maker)
    if cache.as_of() is None:
        cache.settle(1, "chain", ())
    return cache


def test_a_change_drops_the_tiles_it_touches_of_its_layer_and_no_others(tmp_path: Path) -> None:
    cache = opened(tmp_path / "tiles.db")
    assert cache.put([new("a"), new("b", box=THERE), new("c", layer="roads")], as_of=1)
    cache.settle(2, "x", [("sites", HERE)])
    assert [cache.get(name) is None for name in "abc"] == [True, False, False]
    assert cache.get("b") == (b"picture", tag_of(b"picture"), 2)
    cache.settle(3, "y", [("roads", None)])
    assert cache.get("c") is None


def test_a_tile_drawn_before_the_newest_change_looked_through_is_not_taken_in(tmp_path: Path) -> None:
    first, second = opened(tmp_path / "tiles.db"), opened(tmp_path / "tiles.db")
    second.settle(5, "x", [("sites", HERE)])
    assert not first.put([new("a")], as_of=4)
    assert first.get("a") is None


def test_tiles_outlive_a_restart_and_go_when_something_else_draws(tmp_path: Path) -> None:
    cache = opened(tmp_path / "tiles.db")
    cache.put([new("a")], as_of=1)
    cache.close()
    again = opened(tmp_path / "tiles.db")
    assert again.get("a") is not None
    again.close()
    other = opened(tmp_path / "tiles.db", maker="two")
    assert other.get("a") is None


def test_the_file_stays_within_its_room_and_keeps_what_is_used(tmp_path: Path) -> None:
    cache = opened(tmp_path / "tiles.db", largest=200_000)
    cache.put([new("first", b"f" * 2000)], as_of=1)
    for number in range(300):
        cache.put([new(str(number), bytes([number % 256]) * 2000)], as_of=1)
        cache.get("first")
    assert cache.size() <= 200_000 + 64 * 2000
    assert cache.get("first") is not None
    assert cache.get("0") is None


def test_a_process_killed_while_it_writes_leaves_whole_tiles(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom tests.store.test_tilecache import new, opened\n"
        "cache = opened(Path(sys.argv[1]))\nnumber = 0\n"
        "while True:\n    cache.put([new(f'{number + k}', bytes([k]) * 50_000) for k in range(16)], as_of=1)\n"
        "    number += 16\n    print(number, flush=True)\n"
    )
    path = tmp_path / "tiles.db"
    child = subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    for _ in range(5):
        child.stdout.readline()
    child.kill()
    child.wait()
    child.stdout.close()
    cache = opened(path)
    found = [cache.get(str(number)) for number in range(80)]
    assert all(one is not None and one[0] == bytes([n % 16]) * 50_000 for n, one in enumerate(found))


@pytest.mark.parametrize("ruin", ["torn", "other"])
def test_a_spoilt_file_is_begun_anew(tmp_path: Path, ruin: str) -> None:
    path = tmp_path / "tiles.db"
    cache = opened(path)
    cache.put([new("a", b"x" * 40_000)], as_of=1)
    cache.close()
    path.write_bytes(b"no database" * 1000 if ruin == "other" else path.read_bytes()[:20_000])
    again = opened(path)
    assert again.get("a") is None
    assert again.put([new("b")], as_of=1) == again.on


def test_a_full_disk_costs_the_keeping_and_nothing_else(tmp_path: Path) -> None:
    cache = opened(tmp_path / "tiles.db")
    cache.put([new("a")], as_of=1)
    assert cache._db is not None
    pages = cache._db.execute("PRAGMA page_count").fetchone()[0]
    cache._db.execute(
        f"PRAGMA max_page_count = {pages + 2}"
    )  # the file may not grow: what SQLite says then is the same
    assert not cache.put([new("b", b"x" * 400_000)], as_of=1)
    assert cache.get("b") is None
    assert cache.get("a") == (b"picture", tag_of(b"picture"), 1)
