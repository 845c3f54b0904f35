"""A published warning as the CAP message that tells of it: alert, update or cancel, in Chinese and English."""

from datetime import datetime, timedelta

import shapely
from shapely.geometry.base import BaseGeometry

from core.errors import ConflictError
from core.texts import Lang, Text
from layers.catalogue.warnings import EarlyWarning
from layers.codes import code_list
from monitoring.warnings.cap import Alert, Area, Info, Ring
from monitoring.warnings.levels import levels
from monitoring.warnings.life import State

LANGUAGES = {Lang.ZH: "zh-CN", Lang.EN: "en-US"}
GEOCODE = "GB/T 2260"
LEAST_CORNERS = 3
LEVEL = "突发事件应对法 level"
SOON = timedelta(hours=1)
"""CAP calls Immediate what is to be acted on now; a warning that begins later than this is Expected (ours)."""


def message(warning: EarlyWarning, sender: str, *, status: str = "Actual") -> Alert:
    """The newest message of a warning that is published or lifted; it names every earlier one.

    The English block is left out where there is no English text: nothing is translated here.
    """
    if warning.state not in (State.PUBLISHED, State.LIFTED) or not warning.messages:
        raise ConflictError(
            Text("预警未发布,没有 CAP 消息", "the warning is not published: there is no message"), state=warning.state
        )
    sent = [_sent(line) for line in warning.messages]
    identifier, at = sent[-1]
    lifted = warning.state == State.LIFTED
    kind = "Cancel" if lifted else ("Update" if len(sent) > 1 else "Alert")
    languages = [Lang.ZH, *([Lang.EN] if warning.title_en else [])]
    return Alert(
        identifier=identifier, sender=sender, sent=at, status=status, message=kind, note=warning.lifted_why,
        references=tuple((sender, name, when) for name, when in sent[:-1]),
        infos=tuple(_info(warning, lang, at, lifted) for lang in languages),
    )  # fmt: skip


def _info(warning: EarlyWarning, lang: Lang, at: datetime, lifted: bool) -> Info:
    level, known = levels().levels[warning.level], levels()
    english = lang is Lang.EN
    title = warning.title_en if english else warning.title
    kind = code_list("warning_kind").label(warning.kind, lang) or warning.kind
    cautions = (warning.cautions_en if english else warning.cautions) or warning.cautions
    measures = (warning.measures_en if english else warning.measures) or warning.measures
    if lifted:
        cautions = warning.lifted_why or cautions
    soon = warning.starts_at is None or warning.starts_at <= at + SOON
    return Info(
        language=LANGUAGES[lang],
        categories=known.categories[warning.kind],
        event=kind,
        responses=("AllClear",) if lifted else warning.responses,
        urgency="Past" if lifted else ("Immediate" if soon else "Expected"),
        severity=level.severity,
        certainty=known.certainty,
        onset=warning.starts_at,
        expires=None if lifted else warning.ends_at,
        sender_name=(warning.issuer_en if english else warning.issuer) or warning.issuer,
        headline=f"{level.text.of(lang)} {title}",
        description=cautions,
        instruction="" if lifted else measures,
        contact=warning.contact,
        parameters=((LEVEL, str(warning.level)),),
        areas=(
            Area(
                description=(warning.extent_en if english else warning.extent) or warning.extent,
                polygons=rings(warning.geometry),
                geocodes=tuple((GEOCODE, code) for code in warning.areas),
            ),
        ),
    )


def rings(shape: BaseGeometry | None) -> tuple[Ring, ...]:
    """The outer edge of each polygon, latitude first: CAP knows no holes, so what lies in one counts as inside.

    Corners that are one by their fifth digit are told once; what has no area left then, a metre wide where a zone was
    cut at the edge of a district, is no polygon that anybody takes.
    """
    if shape is None or shape.is_empty:
        return ()
    found = []
    for part in shapely.get_parts(shape):
        if part.geom_type != "Polygon":
            continue
        rounded = [(round(float(lat), 5), round(float(lon), 5)) for lon, lat in shapely.get_coordinates(part.exterior)]
        ring = [place for n, place in enumerate(rounded) if n == 0 or place != rounded[n - 1]]
        if len(set(ring)) >= LEAST_CORNERS and shapely.Polygon(ring).area > 0:
            found.append(tuple(ring))
    return tuple(found)


def _sent(line: str) -> tuple[str, datetime]:
    name, _, at = line.partition(" ")
    return name, datetime.fromisoformat(at)
