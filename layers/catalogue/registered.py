"""What first-form registers carry besides a case: number, validity and who registered it."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from core.texts import Text
from layers.catalogue.casework import CaseRow
from layers.fields import Codes, Header, Title

BUREAU = Text("应急管理局", "Emergency management bureau")
Words = Annotated[str, Field(max_length=2000)]


class Registered(CaseRow):
    """A row that is lodged, checked, stands until a day and is renewed or ended; `TERMS` begins the names of its rules.

    A register whose rules depend on a kind names the kind in a field `kind`.
    """

    TERMS: ClassVar[str] = ""

    state: Annotated[str, Title("登记状态", "State"), Codes("register_state")] = "lodged"
    number: Annotated[
        str, Title("登记编号", "Number given", Text("不填时用案件编号", "left out: the case's own")),
        Header("证书编号", "备案编号"), Field(max_length=80),
    ] = ""  # fmt: skip
    issuer: Annotated[str, Title("登记机关", "Registered by"), Field(max_length=120)] = ""
    valid_from: Annotated[date | None, Title("有效期自", "Valid from"), Header("登记日期", "发证日期")] = None
    valid_until: Annotated[
        date | None, Title("有效期至", "Valid until", Text("不填时按规定期限", "left out: as the rule has it")),
        Header("届满日期"),
    ] = None  # fmt: skip
    held_until: Annotated[date | None, Title("原有效期至", "It ran until")] = None

    @property
    def counts_from(self) -> date | None:
        """From when its validity counts, None for the day it is registered."""
        return self.valid_from
