"""The export as long work: the rows the map shows under its filters, into a file, under the rights of who asked."""

import zipfile
from datetime import datetime
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.exports import Exported, Format, Wish, export
from app.jobs.kinds import Kind, Order, Product, Workshop
from core.clock import CHINA
from core.texts import Lang, Text
from dashboards.queries.selection import allowed, condition, selection
from layers.catalogue import CATALOGUE
from layers.writers.columns import Headings
from layers.writers.delimited import Encoding

MEDIA_TYPES = {
    Format.GPKG: "application/geopackage+sqlite3",
    Format.CSV: "text/csv",
    Format.GEOJSON: "application/geo+json",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
WRITING = Text("写出", "writing")
Words = Annotated[str, Field(max_length=200)]


class Filters(BaseModel):
    """The map's own filters, as its address has them; BadInputError names one that is wrong."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    area: Words = ""
    sector: Words = ""
    industry: Words = ""
    risk: Words = ""
    hazard: Words = ""
    since: Words = ""
    until: Words = ""

    @model_validator(mode="after")
    def _understood(self) -> Self:
        selection(self.model_dump())
        return self


class ExportAsked(BaseModel):
    """Layers (none: all), how they are written, and the map's own filters."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    layers: Annotated[tuple[str, ...], Field(max_length=60)] = ()
    format: Format = Format.GPKG
    headings: Headings = Headings.ZH
    encoding: Encoding = Encoding.UTF8
    filters: Filters = Filters()


def title(asked: ExportAsked) -> Text:
    """What the owner reads in the list of jobs; unknown layers are named as they were asked for."""
    named = [CATALOGUE[one].title if one in CATALOGUE else Text(one, one) for one in asked.layers]
    if not named:
        return Text(f"导出全部图层({asked.format.value})", f"Export of all layers ({asked.format.value})")
    more_zh, more_en = ("", "") if len(named) < 4 else (f"等 {len(named)} 个图层", f" … {len(named)} layers")
    zh, en = "、".join(one.zh for one in named[:3]), ", ".join(one.en for one in named[:3])
    return Text(f"导出{zh}{more_zh}({asked.format.value})", f"Export of {en}{more_en} ({asked.format.value})")


def run(asked: ExportAsked, order: Order, workshop: Workshop) -> Product:
    """Write the file; where it comes with a description beside it, both go into one archive."""
    now = workshop.clock()
    target = order.folder / f"{_stem(asked, order.lang, now)}.{asked.format.value}"
    given = asked.filters.model_dump()
    store = workshop.store
    chosen, ignored = allowed(selection(given), store.catalogue, order.scope)
    seen = store.catalogue.seen_by(order.scope)
    wanted = [layer for layer in seen if not asked.layers or layer.id in asked.layers]
    narrowed = {layer.id: condition(store, layer, chosen, scope=order.scope) for layer in wanted}
    wish = Wish(
        target=target, format=asked.format, layers=asked.layers, headings=asked.headings, encoding=asked.encoding,
        narrowed=narrowed,
        narrowed_by="; ".join(f"{name}={value}" for name, value in given.items() if value and name not in ignored),
    )  # fmt: skip
    done = export(
        store, wish, scope=order.scope, actor=order.actor, clock=workshop.clock, audit=workshop.audit,
        account=order.account, post=order.post,
        progress=lambda rows, total: order.report(rows, total, WRITING),
    )  # fmt: skip
    rows = sum(one.rows for one in done.taken)
    said = Text(
        f"{len(done.taken)} 个图层,{rows:,} 行;数据截至变更 #{done.head}",
        f"{len(done.taken)} layers, {rows:,} rows; as of change #{done.head}",
    )
    if len(done.files) == 1:
        return Product(said, done.files[0], MEDIA_TYPES[asked.format])
    return Product(said, _together(done, target.with_suffix(".zip")), "application/zip")


def _together(done: Exported, archive: Path) -> Path:
    with zipfile.ZipFile(archive, "x", zipfile.ZIP_DEFLATED) as packed:
        for file in done.files:
            packed.write(file, file.name)
    for file in done.files:
        file.unlink()
    return archive


def _stem(asked: ExportAsked, lang: Lang, now: datetime) -> str:
    one = CATALOGUE[asked.layers[0]].title.of(lang) if len(asked.layers) == 1 and asked.layers[0] in CATALOGUE else ""
    name = one or Text("一张图数据", "OneMap").of(lang)
    return f"{name.replace('/', '-')}_{now.astimezone(CHINA):%Y%m%d-%H%M%S}"


EXPORT = Kind(id="export", title=title, asked=ExportAsked, run=run)
