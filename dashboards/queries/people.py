"""How many people live inside a drawn shape: the sum over the population raster, and how far it can be trusted."""

import logging
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from core.clock import iso
from core.errors import BadInputError, OneMapError
from core.scope import Scope
from core.texts import Lang, Text
from gis.measure import area
from gis.shapes import Bounds
from gis.zonal import inside
from layers.coverage import POPULATION
from layers.rasterfacts import date_text, resolution_text, source_text, verified_text
from layers.readers.rasters import grids
from store.rasters import RasterShelf, Shelved

log = logging.getLogger(__name__)

MOST_CELLS = 60_000_000
"""About two seconds of summing; a wider question is for a report, not for a map."""

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
    box = Bounds(*shape.bounds)
    _refuse_too_wide(one, box)
    found = inside(grids(one.path, box), shape)
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


def _refuse_too_wide(one: Shelved, box: Bounds) -> None:
    record, asked = one.record, shapely.box(*box)
    common = asked if record.geometry is None else shapely.intersection(asked, record.geometry)
    if common.is_empty:
        return
    west, south, east, north = common.bounds
    cells = (east - west) / record.resolution_lon * (north - south) / record.resolution_lat
    if cells > MOST_CELLS:
        raise BadInputError(
            Text("范围过大，请缩小后再估算人口", "the shape is too wide to estimate people in; draw a smaller one"),
            cells=int(cells),
        )
