"""Zip archives: looked over before anything is unpacked, and only packed shapefiles are."""

import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from layers.readers.formats import Format, refused

MOST_MEMBERS = 500
LARGEST_UNPACKED = 2_000_000_000
WORST_RATIO = 100
SLACK = 10_000_000
"""An archive that unpacks to less is no bomb, whatever its ratio."""

SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_NESTED = (".zip", ".7z", ".rar", ".gz", ".tgz", ".bz2", ".xz", ".tar", ".kmz", ".xlsx", ".gpkg")
_COPIED = 1 << 20


@dataclass(frozen=True, slots=True)
class Packed:
    """What an archive turned out to be; `shapefiles` are the stems of those inside."""

    format: Format
    shapefiles: tuple[str, ...] = ()


def looked_over(path: Path) -> Packed:
    """A workbook or an archive of shapefiles; BadInputError for bombs, climbing names, links, archives in archives."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise refused(path, "压缩包已损坏,无法打开", "is a damaged archive") from error
    if len(members) > MOST_MEMBERS:
        raise refused(
            path,
            f"含 {len(members)} 个文件,多于 {MOST_MEMBERS} 个",
            f"holds {len(members)} files, more than {MOST_MEMBERS}",
        )
    unpacked, packed = sum(m.file_size for m in members), max(path.stat().st_size, 1)
    if unpacked > LARGEST_UNPACKED or (unpacked > SLACK and unpacked > WORST_RATIO * packed):
        raise refused(
            path, f"解压后达 {unpacked / 1e6:,.0f} MB(压缩比 {unpacked / packed:,.0f}),已拒绝",
            f"unpacks to too much: {unpacked / 1e6:,.0f} MB, {unpacked / packed:,.0f} times its size",
        )  # fmt: skip
    for member in members:
        _harmless(path, member)
    names = [member.filename for member in members]
    if "[Content_Types].xml" in names:
        if any(name.startswith("xl/") for name in names):
            return Packed(Format.XLSX)
        raise refused(path, "是 Office 文档,但不是 XLSX 工作簿", "is an Office file but no XLSX workbook")
    nested = next((name for name in names if name.lower().endswith(_NESTED)), None)
    if nested is not None:
        raise refused(path, f"内含压缩包或工作簿“{nested}”,请先解压", f"holds {nested!r}: unpack it first")
    stems = tuple(sorted(name[:-4] for name in names if name.lower().endswith(".shp")))
    if not stems:
        raise refused(
            path,
            "不是 XLSX,也没有 .shp;请解压后分别导入",
            "is neither XLSX nor holds a .shp; unpack it and import each file",
        )
    return Packed(Format.ZIP, stems)


def _harmless(path: Path, member: zipfile.ZipInfo) -> None:
    name = member.filename
    pure = PurePosixPath(name.replace("\\", "/"))
    if pure.is_absolute() or ".." in pure.parts or name[1:2] == ":" or "\x00" in name:
        raise refused(path, f"内有越出压缩包的路径“{name}”", f"has a path that climbs out of it: {name!r}")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise refused(path, f"内有符号链接“{name}”", f"has a symbolic link: {name!r}")
    if member.flag_bits & 1:
        raise refused(path, "带有密码,请去掉密码", "has a password; remove it")


def unpacked(path: Path, stem: str, folder: Path) -> Path:
    """The parts of one shapefile under names of our own, no more bytes than the archive declares."""
    with zipfile.ZipFile(path) as archive:
        by_name = {member.filename.lower(): member for member in archive.infolist()}
        for part in SHAPEFILE_PARTS:
            member = by_name.get(f"{stem}{part}".lower())
            if member is None:
                continue
            left = member.file_size
            with archive.open(member) as source, (folder / f"delivered{part}").open("wb") as target:
                while block := source.read(min(_COPIED, left + 1)):
                    left -= len(block)
                    if left < 0:
                        raise refused(path, "的大小与目录不符", "unpacks to more than it declares")
                    target.write(block)
    return folder / "delivered.shp"
