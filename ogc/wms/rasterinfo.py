"""What a raster says under a pixel: the value of the cell with its unit, and whose value of which date it is."""

import orjson

from core.clock import iso
from core.texts import Lang, Text
from gis.shapes import LonLat
from layers.coverage import Kind
from layers.ramps import cell_area
from layers.rasterfacts import date_text, resolution_text, source_text, verified_text
from layers.readers.rasters import values_at
from store.rasters import Shelved

Line = tuple[str, str, str]
"""Name, title, text."""

_VALUE = Text("值", "Value")
_DENSITY = Text("密度", "Density")
_DATE, _SOURCE = Text("数据日期", "Date"), Text("来源", "Source")
_CELL, _STATE = Text("格网大小", "Cell"), Text("核实", "Verification")


class Sample:
    """One raster at one place."""

    def __init__(self, one: Shelved, place: LonLat) -> None:
        self.one = one
        self.place = place
        self.values = values_at(one.path, place)

    def lines(self, lang: Lang) -> list[Line]:
        """What a person reads; nothing where the raster has no value."""
        if self.values is None:
            return []
        declared, record = self.one.declared, self.one.record
        value = "、".join(f"{v:g}" for v in self.values[: declared.bands])
        lines = [("value", _VALUE.of(lang), f"{value} {declared.unit_text.of(lang)}".strip())]
        if (density := self._density()) is not None:
            lines.append(("density", _DENSITY.of(lang), f"{density:,.0f} " + Text("人/km²", "people/km²").of(lang)))
        texts = (
            ("date", _DATE, date_text(record)), ("source", _SOURCE, source_text(record)),
            ("cell", _CELL, resolution_text(record)), ("state", _STATE, verified_text(record)),
        )  # fmt: skip
        return [*lines, *((name, title.of(lang), text.of(lang)) for name, title, text in texts)]

    def _density(self) -> float | None:
        if self.values is None or self.one.declared.kind is not Kind.COUNT:
            return None
        return self.values[0] / (cell_area(self.one.record) / 1e6)

    def feature(self, lang: Lang) -> bytes:
        """A GeoJSON point with the value, its unit, and what must be told beside it."""
        record, declared = self.one.record, self.one.declared
        values = [] if self.values is None else list(self.values[: declared.bands])
        properties = {
            "coverage": declared.id,
            "title": declared.title.of(lang),
            "value": values[0] if len(values) == 1 else values,
            "unit": declared.unit,
            "observed_at": None if record.observed_at is None else iso(record.observed_at),
            "source": record.source,
            "verified": record.verified,
        }
        return orjson.dumps(
            {
                "type": "Feature",
                "id": f"{declared.id}.{record.sha256[:12]}",
                "geometry": {"type": "Point", "coordinates": [round(self.place.lon, 7), round(self.place.lat, 7)]},
                "properties": properties,
            }
        )
