"""Makes the QGIS project of the side-by-side run, in Debian's Python: qgis_project.py FOLDER PORT DATABASE."""

import sys

from qgis.core import (
    QgsApplication,
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsDataSourceUri,
    QgsFillSymbol,
    QgsMarkerSymbol,
    QgsProject,
    QgsRendererCategory,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)

folder, port, database = sys.argv[1:]
application = QgsApplication([], False)
application.initQgis()
project = QgsProject.instance()


def layer(table: str) -> QgsVectorLayer:
    uri = QgsDataSourceUri()
    uri.setConnection("127.0.0.1", port, database, "onemap", "")
    uri.setDataSource("peer", table, "geom", "", "gid")
    uri.setSrid("4326")
    uri.setUseEstimatedMetadata(True)
    made = QgsVectorLayer(uri.uri(), table, "postgres")
    assert made.isValid(), table
    made.setShortName(table)
    return made


parcels, points = layer("parcels"), layer("points")
parcels.setRenderer(
    QgsSingleSymbolRenderer(
        QgsFillSymbol.createSimple(
            {
                "color": "11,107,117,15",
                "outline_color": "11,107,117,230",
                "outline_width": "1.4",
                "outline_width_unit": "Pixel",
            }
        )
    )
)
looks = (
    (1, "square", "192,48,44"), (2, "triangle", "214,120,30"), (3, "diamond", "214,180,30"),
    (4, "circle", "40,110,190"),
)  # fmt: skip
points.setRenderer(
    QgsCategorizedSymbolRenderer(
        "risk",
        [
            QgsRendererCategory(
                level,
                QgsMarkerSymbol.createSimple(
                    {"name": name, "color": colour, "outline_color": "255,255,255", "size": "12", "size_unit": "Pixel"}
                ),
                str(level),
            )
            for level, name, colour in looks
        ],
    )
)
project.addMapLayers([points, parcels])
project.setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
project.writeEntry("WMSServiceCapabilities", "/", True)
project.writeEntry("WMSCrsList", "/", ["EPSG:4326", "EPSG:3857"])
project.writeEntry("WFSLayers", "/", [points.id(), parcels.id()])
project.write(folder + "/bench.qgs")
