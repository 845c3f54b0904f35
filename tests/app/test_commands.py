"""The command line from outside: backup, restore, refusals."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.commands import run as onemap
from tests.rasterfiles import geotiff
from tests.server import demo_city


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo city in it and nobody serving it."""
    return demo_city(tmp_path_factory.mktemp("loaded") / "data")


def test_a_backup_restores_to_a_fresh_place_with_equal_counts(loaded: Path, tmp_path: Path) -> None:
    assert onemap("backup", str(tmp_path / "full"), "--data", str(loaded)).returncode == 0
    restored = onemap("restore", str(tmp_path / "full"), "--data", str(tmp_path / "fresh"))
    assert restored.returncode == 0, restored.stderr
    manifest = json.loads((tmp_path / "full" / "manifest.json").read_text())
    assert manifest["rows"]["enterprises"] > 800
    assert "与备份一致" in restored.stdout


def test_an_incremental_backup_copies_only_what_changed(loaded: Path, tmp_path: Path) -> None:
    onemap("backup", str(tmp_path / "full"), "--data", str(loaded))
    second = onemap("backup", str(tmp_path / "next"), "--since", str(tmp_path / "full"), "--data", str(loaded))
    assert second.returncode == 0, second.stderr
    day = next((tmp_path / "full" / "series" / "days").glob("*.parquet"))
    assert (tmp_path / "next" / "series" / "days" / day.name).stat().st_ino == day.stat().st_ino
    assert onemap("restore", str(tmp_path / "next"), "--data", str(tmp_path / "fresh")).returncode == 0


def test_a_damaged_backup_is_refused_and_nothing_is_written(loaded: Path, tmp_path: Path) -> None:
    onemap("backup", str(tmp_path / "full"), "--data", str(loaded))
    with (tmp_path / "full" / "identity.db").open("r+b") as file:
        file.seek(2000)
        file.write(b"tampered")
    refused = onemap("restore", str(tmp_path / "full"), "--data", str(tmp_path / "fresh"))
    assert refused.returncode == 1
    assert "identity.db" in refused.stderr
    assert not (tmp_path / "fresh").exists()


def test_demo_accounts_keep_the_server_on_loopback(loaded: Path) -> None:
    refused = onemap("serve", "--host", "0.0.0.0", "--port", "0", "--data", str(loaded))
    assert refused.returncode == 1
    assert "remove-demo" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_taken_port_is_said_in_one_sentence(loaded: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = onemap("serve", "--port", str(taken.getsockname()[1]), "--data", str(loaded))
    assert refused.returncode == 1
    assert "--port" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_clerks_table_is_imported_whole_or_not_at_all(loaded: Path, tmp_path: Path) -> None:
    good = "编码,名称,可容纳人数,行政区划代码,经度,纬度\nNEW1,云湖新体育馆,1200,990102001,121.80,33.10\n"
    (tmp_path / "a.csv").write_bytes(good.encode("gb18030"))
    bad = good + "NEW2,望海新公园,很多,990102001,121.80,33.10\n"
    (tmp_path / "b.csv").write_text(bad)
    refused = onemap("import", str(tmp_path / "b.csv"), "--layer", "shelters", "--data", str(loaded))
    assert refused.returncode == 1, refused.stderr
    assert "很多" in refused.stdout
    assert "未装入任何行" in refused.stdout
    kept = onemap("import", str(tmp_path / "a.csv"), "--layer", "shelters", "--data", str(loaded))
    assert kept.returncode == 0, kept.stdout + kept.stderr
    assert "已装入 1 行" in kept.stdout
    assert onemap("audit", "verify", "--data", str(loaded)).returncode == 0


def test_a_raster_is_put_into_use_told_and_verified(loaded: Path, tmp_path: Path) -> None:
    file = geotiff(tmp_path / "people.tif", np.full((4, 5), 3, np.int32))
    about = ("--source", "普查", "--observed", "2020-11")
    told = onemap("import", str(file), "--coverage", "population", *about, "--data", str(loaded))
    assert told.returncode == 0, told.stderr
    assert "合计 60" in told.stdout
    assert "数据日期 2020-11-01,未核实" in told.stdout
    kept = next(p for p in (loaded / "rasters").glob("population-*.tif") if p.read_bytes() == file.read_bytes())
    assert onemap("audit", "verify", "--data", str(loaded)).returncode == 0
    kept.write_bytes(kept.read_bytes()[:-1] + b"x")
    wrong = onemap("audit", "verify", "--data", str(loaded))
    assert wrong.returncode == 1
    assert "栅格文件内容与登记哈希不符" in wrong.stdout


def test_a_phone_is_erased_after_a_question_and_verification_says_by_whom(loaded: Path) -> None:
    key = "S-TEST"
    heading = "编码,名称,可容纳人数,联系电话,行政区划代码,经度,纬度"
    (loaded / "shelter.csv").write_text(f"{heading}\n{key},云湖西体育馆,900,0999-7654321,990102001,121.8,33.1\n")
    assert onemap("import", str(loaded / "shelter.csv"), "--layer", "shelters", "--data", str(loaded)).returncode == 0
    wanted = ("erase", "shelters", key, "--field", "contact_phone", "--reason", "本人申请", "--data", str(loaded))
    declined = onemap(*wanted)
    assert declined.returncode == 1
    assert "不可恢复" in declined.stdout
    assert b"0999-7654321" in (loaded / "city.gpkg").read_bytes()
    refused = onemap(*wanted, "--field", "code", "--yes")
    assert refused.returncode == 1
    assert "主键" in refused.stderr
    done = onemap(*wanted, "--yes")
    assert done.returncode == 0, done.stderr
    assert b"0999-7654321" not in (loaded / "city.gpkg").read_bytes()
    verified = onemap("audit", "verify", "--data", str(loaded)).stdout
    assert f"shelters {key}:1 个版本已依法删除(cli:" in verified
    assert f"✕ #1 shelters {key}" not in verified


def test_two_records_of_one_enterprise_are_merged_and_taken_apart_again(loaded: Path) -> None:
    from app.settings import Settings
    from app.wiring import assemble
    from core.scope import SYSTEM_SCOPE
    from layers.catalogue import ENTERPRISES, SITES
    from store.query import Query

    system = assemble(Settings(data=loaded))
    sites = system.store.read(SITES, Query(geometry=False, limit=400), scope=SYSTEM_SCOPE)["enterprise"].to_pylist()
    keep, drop = sorted(set(sites))[:2]
    count = system.store.count(ENTERPRISES, Query(), scope=SYSTEM_SCOPE)
    system.close()
    there = ("--data", str(loaded))
    declined = onemap("enterprise", "merge", keep, drop, "--reason", "重复登记", *there)
    assert declined.returncode == 1
    assert "将转移" in declined.stdout
    assert "厂区" in declined.stdout
    done = onemap("enterprise", "merge", keep, drop, "--reason", "重复登记", "--fill", "--yes", *there)
    assert done.returncode == 0, done.stderr
    again = onemap("enterprise", "merge", keep, drop, "--reason", "重复登记", "--yes", *there)
    assert again.returncode == 1
    assert f"“{drop}”已并入“{keep}”" in again.stderr
    system = assemble(Settings(data=loaded))
    assert system.store.count(ENTERPRISES, Query(), scope=SYSTEM_SCOPE) == count - 1
    system.close()
    undone = onemap("enterprise", "unmerge", drop, "--reason", "并非同一企业", "--yes", *there)
    assert undone.returncode == 0, undone.stderr
    assert "将退回 / will return  厂区" in undone.stdout
    system = assemble(Settings(data=loaded))
    after = system.store.read(SITES, Query(geometry=False, limit=400), scope=SYSTEM_SCOPE)["enterprise"].to_pylist()
    system.close()
    assert sorted(after) == sorted(sites)
