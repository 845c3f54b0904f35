"""The register of official documents that were issued: number, file, code of the check, and whether it still holds."""

from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Unit
from layers.catalogue.casework import CASE_NO, ENGINE, INTERNAL, Person
from layers.fields import Codes, Refers, Title
from layers.layer import Geometry, Layer, Publish, Theme
from layers.record import Moment, Record

SHA256 = r"^[0-9a-f]{64}$"
CHECK_CODE = r"^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$"
"""Sixteen characters of Crockford's alphabet in fours: eighty bits that nobody guesses."""


class IssuedDocument(Record):
    """One document as it left the organ; its files are attached to this row, its area and enterprise are the case's."""

    code: Annotated[
        str,
        Title("文书登记号", "Register number", Text("机关/字/年-序号,每号一份", "organ/word/year-serial, each once")),
        Field(pattern=r"^[^/\s]{1,20}/[^/\s]{1,20}/[0-9]{4}-[0-9]{6}$"),
    ]
    number: Annotated[str, Title("文号", "Number"), Field(min_length=1, max_length=80)]
    kind: Annotated[str, Title("文书种类", "Kind"), Field(pattern=r"^[a-z][a-z0-9-]*$")]
    title: Annotated[str, Title("文书名称", "Title"), Field(min_length=1, max_length=80)]
    document: Annotated[str, Title("流程文书", "Paper of the procedure"), Field(max_length=40)]
    of_layer: Annotated[str, Title("业务登记", "Register"), Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    of_key: Annotated[str, Title("案件编号", "Case"), Field(pattern=CASE_NO)]
    step: Annotated[int, Title("步骤序号", "Number of the step"), Field(ge=1, le=9999)]
    enterprise: Annotated[
        str, Title("企业代码", "Enterprise", Text("机关留存的内部文书为空", "blank where the organ keeps it")),
        Refers("enterprises"),
    ] = ""  # fmt: skip
    party: Annotated[str, Title("当事人", "Addressed to"), Field(max_length=120)] = ""
    organ: Annotated[str, Title("印发机关", "Issued by"), Field(min_length=1, max_length=80)]
    issued_at: Annotated[Moment, Title("印发时间", "Issued at")]
    signer: Annotated[Person, Title("签发人", "Signed by")]
    account: Annotated[Person, Title("签发账号", "Account"), INTERNAL] = ""
    sha256: Annotated[str, Title("PDF 的 SHA-256", "SHA-256 of the PDF"), Field(pattern=SHA256)]
    size: Annotated[int, Title("PDF 大小", "Size of the PDF"), Unit("byte"), Field(gt=0)]
    form_sha256: Annotated[str, Title("模板的 SHA-256", "SHA-256 of the form"), Field(pattern=SHA256)]
    status: Annotated[str, Title("式样核对状态", "How far its form was checked"), Codes("basis_status")]
    check_code: Annotated[str, Title("核验码", "Code of the check"), INTERNAL, Field(pattern=CHECK_CODE)]
    state: Annotated[str, Title("文书状态", "State"), Codes("document_state")] = "valid"
    state_at: Annotated[Moment | None, Title("撤回或更换时间", "Withdrawn or replaced at")] = None
    state_by: Annotated[Person, Title("撤回或更换人", "Withdrawn or replaced by")] = ""
    state_reason: Annotated[str, Title("撤回或更换理由", "Why"), Field(max_length=400)] = ""
    replaced_by: Annotated[str, Title("更换为", "Replaced by"), Field(max_length=60)] = ""


ISSUED_DOCUMENTS = Layer(
    id="issued_documents",
    title=Text("印发文书", "Issued documents"),
    about=Text(
        "各业务案件印发的文书登记:文号、文件哈希、签发人和状态;公众只能凭核验码核验",
        "Documents issued in cases: number, hash of the file, signer and state; the public checks by code alone",
    ),
    record=IssuedDocument,
    key="code",
    label="title",
    time="issued_at",
    counted=("check_code",),
    geometry=Geometry.NONE,
    owner=Text("各印发机关", "The organ that issues"),
    made_by=ENGINE,
    theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL,
    publish=Publish.NONE,
)
