"""A scenario as a GeoPackage: drawn layers with their styles, and tables of all they rest on."""

import tempfile
from pathlib import Path
from typing import Any

from core.clock import iso
from dashboards.handout.contents import LIMITS, Handout
from dashboards.handout.looks import LOOKS, qml, sld
from dashboards.handout.rows import every_table, own_fields
from layers.layer import Catalogue
from store.geopackage import GeoPackage


def geopackage(handout: Handout, catalogue: Catalogue) -> bytes:
    """The whole file."""
    with tempfile.TemporaryDirectory(prefix="handout-") as folder:
        path = Path(folder) / "scenario.gpkg"
        with GeoPackage(path, at=handout.made_at) as file:
            for layer, rows in every_table(handout, catalogue):
                file.write(layer, own_fields(layer), [rows])
                if layer.id in LOOKS:
                    file.style(layer, qml=qml(layer.id, handout.lang), sld=sld(layer.id, handout.lang))
            file.describe(_said(handout))
        return path.read_bytes()


def _said(handout: Handout) -> dict[str, Any]:
    return {
        "title": handout.title,
        "form": "onemap-handout/1",
        "made_at": iso(handout.made_at),
        "made_by": handout.maker,
        "rights": {"areas": handout.areas, "clearance": handout.clearance},
        "demo": handout.demo,
        "limits": LIMITS.of(handout.lang),
        "crs": "EPSG:4490 (CGCS2000), degrees, longitude before latitude",
        "scenarios": [
            {
                "mark": side.mark, "title": side.scenario.title, "verified": side.result.verified,
                "evidence": int(side.result.receipt.evidence), "fingerprint": side.result.receipt.fingerprint,
                "code_version": side.result.receipt.code_version,
                "computed_at": iso(side.result.receipt.computed_at), "inputs": side.result.receipt.given,
            }
            for side in handout.sides
        ],
    }  # fmt: skip
