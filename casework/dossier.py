"""The file of a case (案卷) as one: cover and contents with hashes, then every document and attachment in their order.

Documents stay the files they are, or their signatures would be lost; so it is a folder in a ZIP and no single PDF.
"""

import hashlib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import IO

from casework.casetype import CaseType
from casework.desk import Desk
from casework.documents.wording import moment
from casework.issuing import PDF
from casework.terms import local_day
from core.errors import ConflictError, NotFoundError
from core.scope import Scope
from core.texts import Text
from layers.catalogue.casework import CaseRow, CaseStep
from layers.catalogue.documents import IssuedDocument
from layers.codes import code_list
from layers.layer import Layer
from store.attachments import Attached, Cabinet

BLOCK = 1 << 20
COVER, SUMS = "000-案卷首页和卷内目录.pdf", "SHA256SUMS"
PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><style>
@page{{size:A4;margin:22mm 18mm 20mm;@bottom-center{{content:"{code} 第 " counter(page) " 页 共 " counter(pages) " 页";
font:9pt "Noto Sans SC"}}}}
body{{font:10.5pt/1.5 "Noto Sans SC",sans-serif;margin:0}}h1{{font-size:22pt;text-align:center;margin:0 0 8mm}}
h2{{font-size:14pt;margin:8mm 0 3mm}}table{{border-collapse:collapse;width:100%}}
td,th{{border:.75pt solid #000;padding:1.5mm 2mm;vertical-align:top;text-align:left;overflow-wrap:anywhere}}
th{{font-weight:600}}tr{{break-inside:avoid}}thead{{display:table-header-group}}.hash{{font-size:7.5pt}}
td:first-child,th{{white-space:nowrap}}td.day{{white-space:nowrap}}.hash{{width:60mm}}
</style></head><body><h1>案卷</h1>{cover}<h2>卷内目录</h2>{contents}<h2>办理经过</h2>{course}</body></html>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing in the file; `path` None where it was destroyed by law since."""

    name: str
    title: str
    made: str
    state: str
    sha256: str
    path: Path | None


def gather(
    desk: Desk, cabinet: Cabinet, of: CaseType, layer: Layer, key: str, into: IO[bytes], *, scope: Scope
) -> int:  # fmt: skip
    """The whole file of a case that the caller may see, as ZIP; how many things lie in it.

    Raises: ConflictError where a file is not as it was registered.
    """
    found, registry = desk.find(of, key, scope=scope), desk.registry
    if registry is None:
        raise NotFoundError(Text("本系统没有配置文书印发", "no documents are made here"))
    log = desk.log(of, key, scope=scope)
    issued = [(one, registry.file(one, PDF)) for one in registry.of_log(log, scope=scope)]
    inside = parts(log, issued, cabinet.of(layer, key, scope=scope))
    packed(into, registry.press.page(cover(found.procedure, found.row, log, inside)), inside)
    return len(inside)


def parts(
    log: Sequence[CaseStep], issued: Sequence[tuple[IssuedDocument, Attached]], files: Sequence[Attached]
) -> tuple[Part, ...]:  # fmt: skip
    """Step by step: the documents that a step made, then what was attached to it; last what no step took up."""
    by_hash = {one.record.sha256: one for one in files}
    taken = [sha256 for step in log for sha256 in step.files]
    loose = [one.record.sha256 for one in files if one.record.sha256 not in taken]
    found: list[Part] = []
    states = {one.code: one.title.zh for one in code_list("document_state")}
    for step in log:
        for document, file in (pair for pair in issued if pair[0].step == step.number):
            found.append(
                Part(
                    name=f"{len(found) + 1:03d}-{_plain(document.title + document.number)}.pdf", title=document.title,
                    made=local_day(document.issued_at).isoformat(), state=states[document.state],
                    sha256=document.sha256, path=file.path,
                )
            )  # fmt: skip
        found += _attached(step.files, by_hash, len(found), step.step_title, local_day(step.at).isoformat())
    return (*found, *_attached(loose, by_hash, len(found), "未随步骤提交", ""))


def _attached(
    hashes: Sequence[str], by_hash: dict[str, Attached], before: int, title: str, when: str
) -> Iterator[Part]:  # fmt: skip
    for n, sha256 in enumerate(hashes, start=before + 1):
        file = by_hash.get(sha256)
        if file is None:
            yield Part(name="", title=f"{title}附件", made=when, state="已依法删除", sha256=sha256, path=None)
        else:
            yield Part(
                name=f"{n:03d}-{_plain(title)}-{_plain(file.record.name)}", title=f"{title}附件：{file.record.name}",
                made=when or local_day(file.record.added_at).isoformat(), state=file.record.note, sha256=sha256,
                path=file.path,
            )  # fmt: skip


def cover(of: CaseType, row: CaseRow, log: Sequence[CaseStep], inside: Sequence[Part]) -> str:
    """The first pages: which case it is, what lies in it with hashes, and every step."""
    archive = getattr(row, "archive_no", "")
    about = [
        ("案件编号", row.code), ("案卷号", archive), ("案由", row.title), ("业务", of.title.zh),
        ("当事人", row.enterprise_name),
        ("统一社会信用代码", row.enterprise),
        ("办理状态", of.state_title(row.state).zh), ("立案登记", moment(row.opened_at)),
        ("办结", "" if row.closed_at is None else moment(row.closed_at)),
    ]  # fmt: skip
    contents = [
        (str(n), one.name or one.title, one.made, one.state, one.sha256) for n, one in enumerate(inside, start=1)
    ]
    course = [(str(one.number), moment(one.at), one.step_title, one.by, one.reason) for one in log]
    return PAGE.format(
        code=escape(row.code),
        cover=_table((), about),
        contents=_table(("序号", "文件", "日期", "状态、说明", "SHA-256"), contents),
        course=_table(("序号", "时间", "步骤", "办理人", "意见"), course),
    )


def packed(into: IO[bytes], first: bytes, inside: Sequence[Part]) -> None:
    """The ZIP: cover, parts and a list that `sha256sum -c` reads.

    Raises: ConflictError naming a file that is not as it was registered; half a file of a case is none.
    """
    sums = [f"{hashlib.sha256(first).hexdigest()}  {COVER}"]
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(COVER, first)
        for one in inside:
            if one.path is None:
                continue
            _check(one, archive)
            sums.append(f"{one.sha256}  {one.name}")
        archive.writestr(SUMS, "\n".join(sums) + "\n")


def _check(one: Part, archive: zipfile.ZipFile) -> None:
    assert one.path is not None
    digest = hashlib.sha256()
    try:
        with one.path.open("rb") as kept, archive.open(one.name, "w", force_zip64=True) as entry:
            while block := kept.read(BLOCK):
                digest.update(block)
                entry.write(block)
    except FileNotFoundError as error:
        raise _unlike(one) from error
    if digest.hexdigest() != one.sha256:
        raise _unlike(one)


def _unlike(one: Part) -> ConflictError:
    return ConflictError(
        Text(
            f"“{one.title}”的文件缺失或者与登记的哈希不符,不能成卷",
            f"the file of {one.title!r} is missing or not as it was registered: no case file is made",
        ),
        sha256=one.sha256,
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = f"<thead><tr>{''.join(f'<th>{one}</th>' for one in head)}</tr></thead>" if head else ""
    body = "".join("<tr>" + "".join(_cell(one) for one in row) + "</tr>" for row in rows)
    return f"<table>{top}<tbody>{body}</tbody></table>"


def _cell(words: str) -> str:
    dated = len(words) == len("2026-01-01") and words.replace("-", "").isdigit()
    tight = ' class="hash"' if len(words) == 64 and words.isascii() else ' class="day"' if dated else ""
    return f"<td{tight}>{escape(words)}</td>"


def _plain(name: str) -> str:
    """A name that any file system takes."""
    return "".join("_" if one in '/\\:*?"<>|' or ord(one) < 32 else one for one in name)[:80]
