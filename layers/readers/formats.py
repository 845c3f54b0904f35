"""What a delivered file is, by its first bytes; its name decides nothing."""

import os
import re
import stat
from enum import StrEnum
from pathlib import Path

from core.errors import BadInputError
from core.texts import Text

HEAD = 65536
"""Bytes looked at; enough for the longest preamble of a text format."""


class Format(StrEnum):
    """The formats taken; `ZIP` is looked into by the reader, for it may be a workbook or packed shapefiles."""

    CSV = "csv"
    ZIP = "zip"
    XLSX = "xlsx"
    SHAPEFILE = "shapefile"
    GEOPACKAGE = "geopackage"
    GEOJSON = "geojson"
    GEOJSON_LINES = "geojson-lines"
    OSM_XML = "osm-xml"
    OSM_PBF = "osm-pbf"
    GEOTIFF = "geotiff"


TITLES: dict[Format, Text] = {
    Format.CSV: Text("CSV 表格", "CSV table"),
    Format.ZIP: Text("压缩包", "archive"),
    Format.XLSX: Text("XLSX 工作簿", "XLSX workbook"),
    Format.SHAPEFILE: Text("Shapefile", "Shapefile"),
    Format.GEOPACKAGE: Text("GeoPackage", "GeoPackage"),
    Format.GEOJSON: Text("GeoJSON", "GeoJSON"),
    Format.GEOJSON_LINES: Text("逐行 GeoJSON", "newline-delimited GeoJSON"),
    Format.OSM_XML: Text("OpenStreetMap XML", "OpenStreetMap XML"),
    Format.OSM_PBF: Text("OpenStreetMap PBF", "OpenStreetMap PBF"),
    Format.GEOTIFF: Text("GeoTIFF", "GeoTIFF"),
}

_MARKS: tuple[tuple[bytes, Format], ...] = (
    (b"PK\x03\x04", Format.ZIP),
    (b"\x00\x00\x27\x0a", Format.SHAPEFILE),
    (b"II*\x00", Format.GEOTIFF),
    (b"MM\x00*", Format.GEOTIFF),
    (b"II+\x00", Format.GEOTIFF),
    (b"MM\x00+", Format.GEOTIFF),
)

_OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "是旧版 Office 文档(xls、doc),请另存为 xlsx", "is an old Office file; save it as xlsx"),
    (b"PK\x05\x06", "是空的压缩包", "is an empty archive"),
    (b"PK\x07\x08", "是分卷压缩包,请合并后再交", "is a split archive; join it first"),
    (b"\x1f\x8b", "是 gzip 压缩文件,请先解压", "is gzip; unpack it first"),
    (b"BZh", "是 bzip2 压缩文件,请先解压", "is bzip2; unpack it first"),
    (b"\xfd7zXZ", "是 xz 压缩文件,请先解压", "is xz; unpack it first"),
    (b"7z\xbc\xaf", "是 7z 压缩包,请先解压", "is a 7z archive; unpack it first"),
    (b"Rar!", "是 RAR 压缩包,请先解压", "is a RAR archive; unpack it first"),
    (b"%PDF", "是 PDF,不是数据文件", "is a PDF, not a data file"),
    (b"\x89PNG", "是图片,不是数据文件", "is a picture, not a data file"),
    (b"\xff\xd8\xff", "是图片,不是数据文件", "is a picture, not a data file"),
    (b"AC10", "是 DWG 图纸,请导出为 Shapefile 或 GeoPackage", "is a DWG drawing; export it as GeoPackage"),
    (b"PAR1", "是 Parquet,请导出为 CSV 或 GeoPackage", "is Parquet; export it as CSV or GeoPackage"),
)  # fmt: skip

_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_JSON_TYPE = re.compile(rb'"type"\s*:\s*"([A-Za-z]+)"')
_GEOJSON = (b"FeatureCollection", b"Feature")
_ROOTS = {
    b"OGRVRTDataSource": "VRT",
    b"VRTDataset": "VRT",
    b"kml": "KML",
    b"gml": "GML",
    b"gpx": "GPX",
    b"html": "HTML",
}


def refused(path: Path | str, zh: str, en: str) -> BadInputError:
    """The sentence every refusal of a whole file is."""
    name = Path(path).name
    return BadInputError(Text(f"文件 {name} {zh}", f"file {name} {en}"), field="file", value=name)


def regular(path: Path) -> Path:
    """The path of an ordinary file on this machine; links, devices and GDAL's own paths are refused."""
    if str(path).lstrip("/").startswith("vsi"):
        raise refused(path, "是 GDAL 虚拟路径(/vsi…),不接受", "is a virtual path of GDAL (/vsi…), which is not taken")
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError as error:
        raise refused(path, "不存在", "does not exist") from error
    except OSError as error:
        raise refused(path, f"无法读取({error.strerror})", f"cannot be read ({error.strerror})") from error
    if stat.S_ISLNK(mode):
        raise refused(path, "是符号链接,请给出文件本身", "is a symbolic link; give the file itself")
    if stat.S_ISDIR(mode):
        raise refused(path, "是文件夹;Shapefile 请给出其中的 .shp", "is a folder; of a shapefile give the .shp")
    if not stat.S_ISREG(mode):
        raise refused(path, "不是普通文件", "is not an ordinary file")
    if not os.access(path, os.R_OK):
        raise refused(path, "没有读取权限", "may not be read")
    return path.absolute()


def sniffed(path: Path) -> Format:
    """The format of an ordinary file; BadInputError says what it is instead and what to do."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise refused(path, "是空文件", "is empty")
    for mark, found in _MARKS:
        if head.startswith(mark):
            return found
    for mark, zh, en in _OTHERS:
        if head.startswith(mark):
            raise refused(path, zh, en)
    if head.startswith(b"SQLite format 3\x00"):
        if head[68:72] in (b"GPKG", b"GP10", b"GP11"):
            return Format.GEOPACKAGE
        raise refused(path, "是 SQLite 数据库,但不是 GeoPackage", "is an SQLite database but no GeoPackage")
    if head[4:15] == b"\x0a\x09OSMHeader":
        return Format.OSM_PBF
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Format.CSV
    return _text(path, head)


def _text(path: Path, head: bytes) -> Format:
    if b"\x00" in head:
        raise refused(path, "既不是文本,也不是可识别的格式", "is neither text nor a known format")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        return _xml(path, start)
    if start.startswith((b"{", b"\x1e")):
        return _json(path, start)
    return Format.CSV


def _xml(path: Path, start: bytes) -> Format:
    plain = re.sub(rb"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*>", b"", start, flags=re.DOTALL).lstrip()
    if plain.startswith(b"<!"):
        raise refused(path, "的 XML 带有内部 DTD,不接受", "is XML with an internal DTD, which is not taken")
    found = _ROOT.match(plain)
    root = found[1] if found else b""
    if root == b"osm":
        return Format.OSM_XML
    word = _ROOTS.get(root, root.decode("ascii", "replace") or "?")
    if word == "VRT":
        raise refused(
            path, "是 XML 的 VRT(指向别处数据的说明文件),不接受", "is an XML VRT, which points at other data; not taken"
        )
    raise refused(path, f"是 XML({word}),不是表格或地图数据", f"is XML ({word}), not a table or map data we take")


def _json(path: Path, start: bytes) -> Format:
    if start.startswith(b"\x1e"):
        return Format.GEOJSON_LINES
    kinds = _JSON_TYPE.findall(start)
    first = start.split(b"\n", 1)[0].rstrip()
    if first.endswith(b"}") and b"FeatureCollection" not in kinds[:1] and first.count(b"{") == first.count(b"}"):
        rest = start[len(first) :].lstrip()
        if rest.startswith(b"{") and b"Feature" in kinds:
            return Format.GEOJSON_LINES
    if any(kind in _GEOJSON for kind in kinds):
        return Format.GEOJSON
    if b"Topology" in kinds:
        raise refused(path, "是 TopoJSON,请导出为 GeoJSON", "is TopoJSON; export it as GeoJSON")
    if b'"esriGeometry' in start or b'"geometryType"' in start:
        raise refused(path, "是 Esri JSON,请导出为 GeoJSON", "is Esri JSON; export it as GeoJSON")
    raise refused(path, "是 JSON,但不是 GeoJSON", "is JSON but not GeoJSON")
