"""An OGC process as long work: the request as it was checked, done by the worker under its owner's rights."""

from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field

from app.jobs.kinds import Kind, Order, Product, Workshop
from app.planning import Planning
from app.processes import processes
from core.caller import Caller, Right
from core.errors import OneMapError
from core.texts import Lang, Text
from ogc.processes import asked as requests
from ogc.processes.process import process_of
from ogc.processes.results import document

COMPUTING = Text("计算", "computing")
FILE = "results.json"


class ProcessAsked(BaseModel):
    """A process and an execute request as it was sent; `lang` is the language of its words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    process: Annotated[str, Field(max_length=100)]
    request: dict[str, Any]
    lang: Lang = Lang.ZH


def title(asked: ProcessAsked) -> Text:
    """What the owner reads in the list of jobs."""
    return Text(f"处理过程 {asked.process}", f"Process {asked.process}")


def run(asked: ProcessAsked, order: Order, workshop: Workshop) -> Product:
    """The results as one document."""
    if workshop.series is None:
        raise OneMapError(Text("没有时序库,不能执行", "there is no series to work with"))
    offered = processes(
        Planning(workshop.store, workshop.shelf, workshop.series, workshop.clock, workshop.audit.record)
    )
    process = process_of(offered, asked.process)
    wanted = requests.checked(process, asked.request)
    caller = Caller(
        actor=order.actor, scope=order.scope, rights=frozenset({Right.PLAN}), lang=asked.lang, account=order.account,
        post=order.post,
    )  # fmt: skip
    order.report(0, 1, COMPUTING)
    found = document(process, wanted, process.run(wanted.inputs, caller))
    order.report(1, 1, COMPUTING)
    file = order.folder / FILE
    file.write_bytes(orjson.dumps(found, option=orjson.OPT_SERIALIZE_NUMPY))
    return Product(Text(f"已完成 {process.title.zh}", f"{process.title.en} done"), file, "application/json")


PROCESS = Kind(id="process", title=title, asked=ProcessAsked, run=run, needs=Right.PLAN)
