"""Documents as web pages for people: own templates, everything inline, nothing fetched from anywhere."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, select_autoescape

from core.texts import Lang, Text
from layers.fields import FieldSpec
from ogc.oapi.configuration import TITLE
from ogc.oapi.schemas import Json

NAMES = {
    "landing": TITLE,
    "collections": Text("数据集", "Collections"),
    "processes": Text("处理过程", "Processes"),
    "jobs": Text("任务", "Jobs"),
    "conformance": Text("符合标准", "Conformance"),
    "openapi": Text("接口说明", "API definition"),
    "problem": Text("请求未能完成", "The request was refused"),
}


@cache
def _templates() -> Environment:
    folder = Path(__file__).parent / "templates"
    return Environment(loader=FileSystemLoader(folder), autoescape=select_autoescape(), trim_blocks=True)


def page(
    kind: str,
    document: Json,
    lang: Lang,
    address: str,
    given: Mapping[str, str],
    *,
    title: str | None = None,
    specs: tuple[FieldSpec, ...] = (),
    layer_id: str = "",
) -> bytes:
    """One page; `given` are the parameters of the request, so the other language shows the same thing."""
    other = Lang.EN if lang is Lang.ZH else Lang.ZH
    name = title or (NAMES[kind].of(lang) if kind in NAMES else str(document.get("title", "")))
    return (
        _templates()
        .get_template(f"{kind}.html")
        .render(
            document=document,
            zh=lang is Lang.ZH,
            title=name,
            site=TITLE.of(lang),
            address=address,
            other="?" + urlencode({**given, "f": "html", "lang": other.value}),
            specs=specs,
            layer_id=layer_id,
        )
        .encode()
    )
