"""What is refused, in a sentence a clerk can act on; and what a reading process cannot do whatever it reads."""

import json
import os
import random
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest
import shapely

from core.errors import BadInputError
from layers.readers import archives
from layers.readers.confinement import Limits
from layers.readers.delivery import Stated
from layers.readers.formats import Format, sniffed
from layers.readers.process import accepted_raster, read
from tests.conftest import ROOT
from tests.imports.maps import POINTS, feature, frame, geojson, geopackage, shapefile

SOURCE = "<OGRVRTLayer name='a'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>"
VRT = f"<OGRVRTDataSource>{SOURCE}</OGRVRTDataSource>"


@pytest.mark.parametrize("name", ["a.csv", "a.shp", "a.tif", "a.geojson", "a.vrt", "a.osm"])
@pytest.mark.parametrize("content", [VRT, "<?xml version='1.0'?>\n<!-- x -->\n" + VRT, "\ufeff " + VRT])
def test_a_vrt_is_refused_under_any_name(tmp_path: Path, name: str, content: str):
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(BadInputError, match="VRT"):
        read(tmp_path / name, Stated())


@pytest.mark.parametrize("path", ["/vsicurl/http://127.0.0.1/a.csv", "vsizip/a.zip", "/vsimem/a"])
def test_gdals_own_paths_are_refused(path: str):
    with pytest.raises(BadInputError, match="/vsi"):
        read(Path(path), Stated())


def test_links_folders_pipes_and_missing_files_are_refused(tmp_path: Path):
    (tmp_path / "real.csv").write_text("a,b\n1,2\n")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    for name, said in (("link.csv", "符号链接"), ("pipe.csv", "普通文件"), ("", "文件夹"), ("none.csv", "不存在")):
        with pytest.raises(BadInputError, match=said):
            read(tmp_path / name, Stated())
    with pytest.raises(BadInputError, match="符号链接"):
        accepted_raster("population", tmp_path / "link.csv")


def test_a_shapefile_with_a_linked_or_missing_part_is_refused(tmp_path: Path):
    path = shapefile(tmp_path / "a.shp", frame())
    (tmp_path / "a.dbf").rename(tmp_path / "b.dbf")
    with pytest.raises(BadInputError, match=r"缺少同名的 \.dbf"):
        read(path, Stated())
    (tmp_path / "a.dbf").symlink_to(tmp_path / "b.dbf")
    with pytest.raises(BadInputError, match="符号链接"):
        read(path, Stated())


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Office"),
        (b"%PDF-1.7", "PDF"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\x89PNG\r\n", "图片"),
        (b"AC1027", "DWG"),
        (b"SQLite format 3\x00" + bytes(100), "不是 GeoPackage"),
        (b"<kml xmlns='x'/>", "KML"),
        (b"<!DOCTYPE osm [<!ENTITY a 'b'>]><osm/>", "内部 DTD"),
        (b'{"type":"Topology","objects":{}}', "TopoJSON"),
        (b'{"a":1}', "不是 GeoJSON"),
        (random.Random(5).randbytes(10_000_000), "既不是文本"),
    ],
)
def test_what_it_is_instead_is_said(tmp_path: Path, head: bytes, said: str):
    (tmp_path / "a.csv").write_bytes(head)
    with pytest.raises(BadInputError, match=said):
        read(tmp_path / "a.csv", Stated())


def test_ten_megabytes_of_letters_are_refused_too(tmp_path: Path):
    letters = "".join(random.Random(5).choices("abc云澜123 \n,;", k=10_000_000))
    (tmp_path / "a.csv").write_text(letters)
    with pytest.raises(BadInputError, match=r"a\.csv") as refused:
        read(tmp_path / "a.csv", Stated())
    assert "Traceback" not in str(refused.value)


def archive(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in members:
            target.writestr(name, data)
    return path


def link() -> zipfile.ZipInfo:
    member = zipfile.ZipInfo("a.shp")
    member.external_attr = 0o120777 << 16
    return member


SHP = ("a.shp", b"\x00\x00\x27\x0a")


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ([SHP, ("a.dbf", b"0" * 200_000_000)], "压缩比"),
        ([SHP, ("inner.zip", b"x")], "内含压缩包"),
        ([SHP, ("book.xlsx", b"x")], "内含压缩包"),
        ([("../a.shp", b"x")], "越出"),
        ([("/etc/a.shp", b"x")], "越出"),
        ([("C:\\a.shp", b"x")], "越出"),
        ([("x/..\\..\\a.shp", b"x")], "越出"),
        ([(link(), b"/etc/passwd")], "符号链接"),
        ([(f"{n}.txt", b"x") for n in range(501)], "多于 500"),
        ([("readme.txt", b"x")], "不是 XLSX"),
        ([("[Content_Types].xml", b"x"), ("word/document.xml", b"x")], "Office 文档"),
    ],
)
def test_an_archive_that_means_harm_is_not_unpacked(tmp_path: Path, members: list[tuple[str, bytes]], said: str):
    with pytest.raises(BadInputError, match=said):
        archives.looked_over(archive(tmp_path / "a.zip", *members))


def test_an_archive_that_lies_about_its_size_is_stopped(tmp_path: Path):
    path = archive(tmp_path / "a.zip", ("a.shp", b"\x00\x00\x27\x0a" + b"0" * 100_000))
    data = path.read_bytes()
    true = (100_004).to_bytes(4, "little")
    path.write_bytes(data.replace(true, (50).to_bytes(4, "little")))
    with pytest.raises((BadInputError, zipfile.BadZipFile)):
        archives.unpacked(path, "a", tmp_path)


def test_damage_inside_every_format_is_one_sentence(tmp_path: Path):
    whole = {
        "a.gpkg": geopackage(tmp_path / "whole.gpkg", frame()).read_bytes(),
        "a.geojson": geojson(tmp_path / "whole.geojson", [feature(POINTS[0], 编码="S1")]).read_bytes(),
    }
    for name, data in whole.items():
        (tmp_path / name).write_bytes(data[:1000] + random.Random(5).randbytes(len(data) // 2))
        with pytest.raises(BadInputError, match=name):
            read(tmp_path / name, Stated())


def test_records_of_a_shapefile_that_are_broken_are_named(tmp_path: Path):
    path = shapefile(tmp_path / "a.shp", frame([POINTS[0], shapely.Point()]))
    assert read(path, Stated()).faults.num_rows == 0  # the second says that it has no place
    path.write_bytes(path.read_bytes()[:100] + random.Random(5).randbytes(300))
    found = read(path, Stated())
    assert [(fault["row"], fault["zh"]) for fault in found.faults.to_pylist()] == [
        (1, "几何数据损坏,无法读取"),
        (2, "几何数据损坏,无法读取"),
    ]


def test_entities_that_multiply_without_end_end(tmp_path: Path):
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    rows = "<sheetData><row><c><v>&l11;</v></c></row></sheetData>"
    sheet = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><worksheet>{rows}</worksheet>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    part = f'<Override PartName="/xl/workbook.xml" ContentType="{kind}"/>'
    types = f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{part}</Types>'
    path = archive(
        tmp_path / "a.xlsx", ("[Content_Types].xml", types.encode()), ("xl/workbook.xml", sheet.encode()),
        ("xl/worksheets/sheet1.xml", sheet.encode()),
    )  # fmt: skip
    with pytest.raises(BadInputError, match=r"a\.xlsx"):
        read(path, Stated(), limits=Limits(memory=1 << 30, seconds=60))


def long_table(path: Path, rows: int = 300_000) -> Path:
    path.write_text("编码,名称,备注\n" + "".join(f"S{n},名称{n},一二三四五六七八九十\n" for n in range(rows)))
    return path


def test_too_much_memory_is_one_sentence(tmp_path: Path):
    with pytest.raises(BadInputError, match="所需内存超过"):
        read(long_table(tmp_path / "a.csv", 1_500_000), Stated(), limits=Limits(memory=420 << 20))


def test_too_much_time_is_one_sentence(tmp_path: Path):
    with pytest.raises(BadInputError, match=r"超过 0\.2 秒"):
        read(long_table(tmp_path / "a.csv", 10), Stated(), limits=Limits(seconds=0.2))


def children() -> set[int]:
    """This thread's child processes: the suite's servers and browser are among them."""
    task = threading.get_native_id()
    return {int(pid) for pid in Path(f"/proc/self/task/{task}/children").read_text().split()}


def test_a_reader_that_dies_is_one_sentence(tmp_path: Path):
    others = children()

    def kill(_: int) -> None:
        for pid in children() - others:
            os.kill(pid, 9)

    with pytest.raises(BadInputError, match="读取时出错"):
        read(long_table(tmp_path / "a.csv"), Stated(), progress=kill)


def test_a_reader_is_told_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ONEMAP_DATABASE_URL", "postgresql://onemap:secret@localhost/city")
    seen: list[str] = []
    others = children()

    def look(_: int) -> None:
        seen.extend(Path(f"/proc/{pid}/environ").read_text() for pid in children() - others)

    read(long_table(tmp_path / "a.csv"), Stated(), progress=look)
    assert seen
    assert not any("secret" in environment or "ONEMAP" in environment for environment in seen)


TRIES = """
import ctypes, json, os, sys, threading
from pathlib import Path
import core, gis, layers
from layers.readers.confinement import Limits, confine, libraries
folder, file, other = map(Path, sys.argv[1:])
said = {"enforced": confine([*libraries(), file], [folder], Limits())}
def tried(what, how):
    try:
        how()
        said[what] = "done"
    except OSError as error:
        said[what] = type(error).__name__
libc = ctypes.CDLL(None, use_errno=True)
tried("read it", file.read_bytes)
tried("read another", other.read_bytes)
tried("list", lambda: os.listdir(other.parent))
tried("write", lambda: (folder / "x").write_text("x"))
tried("write elsewhere", lambda: (other.parent / "x").write_text("x"))
tried("change it", lambda: file.write_text("x"))
tried("run", lambda: os.execv("/bin/true", ["true"]))
tried("kill", lambda: os.kill(os.getppid(), 0))
import socket
tried("socket", socket.socket)
said["raw socket"] = libc.socket(2, 1, 0)
said["raw local socket"] = libc.socket(1, 1, 0)
thread = threading.Thread(target=lambda: said.update(thread="done"))
thread.start()
thread.join()
print(json.dumps(said))
"""


def test_a_reading_process_can_read_its_file_and_nothing_else(tmp_path: Path):
    folder, file, other = tmp_path / "folder", tmp_path / "a" / "file", tmp_path / "b" / "other"
    for path in (folder, file.parent, other.parent):
        path.mkdir()
    file.write_text("1")
    other.write_text("2")
    done = subprocess.run(
        [sys.executable, "-c", TRIES, str(folder), str(file), str(other)],
        capture_output=True, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    said = json.loads(done.stdout)
    enforced = said.pop("enforced")
    if {"landlock", "seccomp"} - set(enforced):
        pytest.skip(f"this kernel enforces {enforced} only")
    assert said == {
        "read it": "done",
        "read another": "PermissionError",
        "list": "PermissionError",
        "write": "done",
        "write elsewhere": "PermissionError",
        "change it": "PermissionError",
        "run": "PermissionError",
        "kill": "PermissionError",
        "socket": "PermissionError",
        "raw socket": -1,
        "raw local socket": -1,
        "thread": "done",
    }


@pytest.mark.parametrize(
    ("head", "form"),
    [
        (b"PK\x03\x04", Format.ZIP),
        (b"\x00\x00\x27\x0a", Format.SHAPEFILE),
        (b"II*\x00", Format.GEOTIFF),
        (b"MM\x00+", Format.GEOTIFF),
        (b"<?xml version='1.0'?><osm version='0.6'>", Format.OSM_XML),
        (b"\x00\x00\x00\x0d\x0a\x09OSMHeader\x18", Format.OSM_PBF),
        (b'\xef\xbb\xbf {"type": "FeatureCollection"', Format.GEOJSON),
        (b'{"name": "x", "type": "FeatureCollection", "features": [', Format.GEOJSON),
        (b'{"type": "Feature", "geometry": null}', Format.GEOJSON),
        (b'{"type": "Feature", "geometry": null}\n{"type": "Feature"}\n', Format.GEOJSON_LINES),
        ("编码,名称".encode("gb18030"), Format.CSV),
    ],
)
def test_the_format_is_in_the_first_bytes(tmp_path: Path, head: bytes, form: Format):
    (tmp_path / "whatever.bin").write_bytes(head)
    assert sniffed(tmp_path / "whatever.bin") is form
