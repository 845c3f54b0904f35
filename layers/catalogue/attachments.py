"""The register of files attached to records of other layers: photographs, certificates, plans."""

from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Unit
from layers.fields import Title
from layers.layer import Geometry, Layer, Publish, Theme
from layers.record import Moment, Record


class Attachment(Record):
    """One file at one record; `area` and `sensitivity` are never wider than the record's own."""

    id: Annotated[str, Title("附件编号", "Attachment"), Field(pattern=r"^[0-9a-f-]{36}$")]
    of_layer: Annotated[str, Title("所属图层", "Layer"), Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    of_key: Annotated[str, Title("所属记录", "Record"), Field(min_length=1, max_length=200)]
    name: Annotated[str, Title("文件名", "File name"), Field(min_length=1, max_length=120)]
    note: Annotated[str, Title("说明", "Note"), Field(max_length=400)] = ""
    media_type: Annotated[str, Title("媒体类型", "Media type"), Field(min_length=3, max_length=100)]
    sha256: Annotated[
        str,
        Title("SHA-256", "SHA-256", Text("文件按内容哈希存放", "The file is kept under the hash of its content")),
        Field(pattern=r"^[0-9a-f]{64}$"),
    ]
    size: Annotated[int, Title("文件大小", "File size"), Unit("byte"), Field(gt=0)]
    added_by: Annotated[str, Title("上传人", "Added by"), Field(min_length=1, max_length=60)]
    added_at: Annotated[Moment, Title("上传时间", "Added at")]


ATTACHMENTS = Layer(
    id="attachments",
    title=Text("附件", "Attachments"),
    about=Text("附在其他记录上的照片、证照、图纸等文件", "Photographs, certificates and plans attached to records"),
    record=Attachment,
    key="id",
    label="name",
    time="added_at",
    geometry=Geometry.NONE,
    owner=Text("各记录的主管部门", "Whoever owns the record"),
    theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.PUBLIC,
    publish=Publish.NONE,
    lineage=Text("由有权修改所属记录的人员上传", "Uploaded by whoever may change the record"),
)
