"""What a file is by its own first bytes, for the few kinds that may be attached to a record."""

import zipfile
from pathlib import Path

from core.errors import BadInputError
from core.texts import Text

_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_INSIDE = (
    ("word/document.xml", _OFFICE + "wordprocessingml.document"),
    ("xl/workbook.xml", _OFFICE + "spreadsheetml.sheet"),
    ("ppt/presentation.xml", _OFFICE + "presentationml.presentation"),
)
SHOWN_INLINE = frozenset({"image/jpeg", "image/png", "image/webp"})
"""Kinds a browser may draw inside our pages; all others are handed over as files."""

ALLOWED = Text(
    "JPEG、PNG、WebP 图片,MP4 视频,PDF,DOCX、XLSX、PPTX", "JPEG, PNG, WebP, MP4, PDF, DOCX, XLSX, PPTX"
)  # fmt: skip


def media_type(path: Path, name: str) -> str:
    """The media type of a file; its name is not asked. BadInputError when it is none of those allowed."""
    with path.open("rb") as file:
        start = file.read(32)
    for mark, kind in _STARTS:
        if start.startswith(mark):
            return kind
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "image/webp"
    if start[4:8] == b"ftyp":
        return "video/mp4"
    if start.startswith(b"PK\x03\x04"):
        office = _office(path)
        if office is not None:
            return office
    raise BadInputError(
        Text(
            f"“{name}”的内容不是可以附加的文件类型,可用:{ALLOWED.zh}",
            f"what is in {name!r} is of no kind that may be attached: {ALLOWED.en}",
        ),
        field="file",
        value=name,
    )


def _office(path: Path) -> str | None:
    """Only the archive's table of contents is read, nothing is unpacked; macros are refused."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        return None
    if any(name.endswith("vbaProject.bin") for name in names):
        return None
    return next((kind for part, kind in _INSIDE if part in names), None)
