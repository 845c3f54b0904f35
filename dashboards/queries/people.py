"""How many people live inside a drawn shape: the sum over the population raster, and how far it can be trusted."""

import logging
from typing import Any

from shapely.geometry.base import BaseGeometry

from core.clock import iso
from core.errors import BadInputError, OneMapError
from core.scope import Scope
from core.texts import Lang, Text
from emergency.population import residents
from gis.measure import area
from layers.coverage import POPULATION
from layers.rasterfacts import date_text, resolution_text, source_text, verified_text
from store.rasters import RasterShelf, Shelved

log = logging.getLogger(__name__)

METHOD = Text(
    "按人口栅格逐格求和，边缘格按相交面积折算；是常住人口估算，不是此刻在场人数",
    "summed over the population raster, edge cells by the share inside; residents by estimate, not who is there now",
)
_ABSENT = Text("尚未装入人口栅格，无法估算", "no population raster has been put in")
_FAILED = Text("人口栅格读取失败，无法估算", "the population raster cannot be read")


def people_inside(shelf: RasterShelf | None, shape: BaseGeometry, *, scope: Scope, lang: Lang) -> dict[str, Any] | None:
    """The answer with year, source, resolution and the part of the shape that has no data; None for who may not know.

    `state` is ready, absent or failed; `people` is the exact sum, for whoever rounds it to say.
    """
    if shelf is None or POPULATION not in shelf.declared(scope):
        return None
    one = shelf.find(POPULATION.id, scope)
    if one is None:
        return {"state": "absent", "note": _ABSENT.of(lang)}
    try:
        return _counted(one, shape, lang)
    except BadInputError as error:
        return {"state": "refused", "note": error.text.of(lang)}
    except OneMapError:
        log.exception("the population raster cannot be read")
        return {"state": "failed", "note": _FAILED.of(lang)}


def _counted(one: Shelved, shape: BaseGeometry, lang: Lang) -> dict[str, Any]:
    record = one.record
    (found,) = residents(one, [shape])
    whole = area(shape)
    return {
        "state": "ready",
        "people": round(found.total, 3),
        "uncovered": round(1.0 - found.known, 6),
        "uncovered_area": round(whole * (1.0 - found.known)),
        "area": round(whole),
        "at": None if record.observed_at is None else iso(record.observed_at),
        "date": date_text(record).of(lang),
        "source": source_text(record).of(lang),
        "resolution": resolution_text(record).of(lang),
        "verified": record.verified,
        "verified_text": verified_text(record).of(lang),
        "method": METHOD.of(lang),
        "version": one.version,
    }
