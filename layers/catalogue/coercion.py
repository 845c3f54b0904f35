"""What the law lets an authority do at once: things sealed or seized, supply cut off where a stop is defied."""

from datetime import date
from typing import Annotated

from pydantic import Field

from core.texts import Text
from layers.catalogue.casework import INTERNAL, CaseRow, Person
from layers.fields import Codes, Standard, Title
from layers.record import Moment

LAW_65 = Standard("安全生产法 第六十五条")
LAW_70 = Standard("安全生产法 第七十条")
Line = Annotated[str, Field(max_length=200)]
Words = Annotated[str, Field(max_length=2000)]


class Seizure(CaseRow):
    """What the register of checks adds for things that are sealed or seized."""

    seize_kind: Annotated[str, Title("查封扣押方式", "Sealed or seized"), Codes("seizure_kind"), LAW_65] = ""
    seized: Annotated[
        tuple[str, ...], Title("查封扣押的物品、场所", "What is sealed or seized",
                               Text("每行:名称|规格型号|数量", "each: name|model|amount")), LAW_65,
    ] = ()  # fmt: skip
    seize_why: Annotated[Words, Title("查封扣押的事实和理由", "Why it is sealed or seized"), LAW_65] = ""
    seize_place: Annotated[Line, Title("存放地点", "Where it is kept")] = ""
    seize_until: Annotated[
        date | None,
        Title("查封扣押期限至", "Sealed or seized until", Text("按行政强制法填写", "by the law on coercion")),
    ] = None
    seize_approver: Annotated[Person, Title("批准查封扣押的负责人", "Who approved it"), INTERNAL] = ""
    seized_at: Annotated[Moment | None, Title("查封扣押时间", "Sealed or seized at")] = None
    seize_outcome: Annotated[Words, Title("查封扣押处理决定", "What was decided on it"), LAW_65] = ""
    seize_done_at: Annotated[Moment | None, Title("查封扣押处理时间", "Decided on it at")] = None


class SupplyCut(CaseRow):
    """What the register of dangers adds for supply that is cut off."""

    cut_kind: Annotated[str, Title("停止供应的种类", "What is cut off"), Codes("supply_kind"), LAW_70] = ""
    cut_supplier: Annotated[Line, Title("供应单位", "Who supplies it"), LAW_70] = ""
    cut_from: Annotated[Moment | None, Title("停止供应时间", "Cut off from"), LAW_70] = None
    cut_urgent: Annotated[
        bool,
        Title("有危及生产安全的紧急情形", "An emergency", Text("不提前二十四小时通知", "told less than a day ahead")),
        LAW_70,
    ] = False  # fmt: skip
    cut_why: Annotated[Words, Title("拒不执行和现实危险的情况", "How the stop is defied, and the danger"), LAW_70] = ""
    cut_approver: Annotated[Person, Title("批准的主要负责人", "Head who approved it"), INTERNAL, LAW_70] = ""
    cut_at: Annotated[Moment | None, Title("决定停止供应时间", "Decided at")] = None
    back_why: Annotated[Words, Title("恢复供应的理由", "Why supply is resumed"), LAW_70] = ""
    back_at: Annotated[Moment | None, Title("恢复供应时间", "Resumed at")] = None
