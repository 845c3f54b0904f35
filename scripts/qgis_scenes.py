"""What QGIS does before each picture of the guide; `scripts/screenshots_qgis.py` starts QGIS with this file.

It runs in QGIS's own Python with QGIS's own dialogs and buttons, so that a picture shows what a person would see.
"""

import os
import traceback
from collections.abc import Callable

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsMapLayer,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsSettings,
    QgsVectorLayer,
    QgsVectorTileLayer,
)
from qgis.PyQt.QtCore import QEventLoop, QLibraryInfo, QTimer, QTranslator
from qgis.PyQt.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAction,
    QApplication,
    QComboBox,
    QDialog,
    QDockWidget,
    QPushButton,
    QSplitter,
    QTabWidget,
    QTreeView,
    QWidget,
)
from qgis.utils import iface

SERVER = os.environ["ONEMAP_SERVER"]
LOGIN, PASSWORD = os.environ["ONEMAP_LOGIN"].split(":")
IMAGES = os.environ["ONEMAP_IMAGES"]
KEY = SERVER + "/ogc/k/demo-agency"
PORT = QgsRectangle(121.88, 33.15, 121.98, 33.225)
PARK = QgsRectangle(121.92, 33.178, 121.971, 33.208)
WEST = QgsRectangle(121.895, 33.178, 121.927, 33.2)
SHELTER = "QGIS-01"
GATE = QgsPointXY(121.911, 33.191)


def rest(milliseconds: int) -> None:
    """Let QGIS work for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec_()


def until(ready: Callable[[], object], what: str, seconds: int = 90) -> None:
    """Let QGIS work until something is so."""
    for _ in range(seconds * 5):
        if ready():
            rest(400)
            return
        rest(200)
    raise TimeoutError(f"QGIS did not come to: {what}")


def picture(name: str, part: QWidget | None = None) -> None:
    """The whole screen as it is, or one window."""
    rest(600)
    (part.grab() if part else QApplication.primaryScreen().grabWindow(0)).save(f"{IMAGES}/{name}.png")


def window(kind: str) -> QDialog:
    """The open window of a class of QGIS."""
    return next(one for one in QApplication.topLevelWidgets() if one.metaObject().className() == kind)


def press(action: str) -> None:
    """A button of the main window; later, because some open a dialog that waits."""
    QTimer.singleShot(0, iface.mainWindow().findChild(QAction, action).trigger)


def connect(page: str, name: str) -> QDialog:
    """The data source manager at one page, connected, with the layers listed."""
    press({"wms": "mActionAddWmsLayer", "wfs": "mActionAddWfsLayer"}[page])
    rest(1500)
    dialog = window("QgsDataSourceManagerDialog")
    dialog.setGeometry(190, 70, 960, 690)
    dialog.findChild(QSplitter, "mOptionsSplitter").setSizes([210, 750])
    form = dialog.findChild(QDialog, {"wms": "QgsWMSSourceSelectBase", "wfs": "QgsWFSSourceSelectBase"}[page]) or dialog
    form.findChild(QComboBox, "cmbConnections").setCurrentText(name)
    form.findChild(QPushButton, "btnConnect").click()
    return form


def shown(box: QgsRectangle, *layers: QgsMapLayer) -> None:
    """A map of just these layers, the first on top, drawn to the end."""
    project, canvas = QgsProject.instance(), iface.mapCanvas()
    project.removeAllMapLayers()
    for dock in iface.mainWindow().findChildren(QDockWidget):
        dock.setVisible(dock.objectName() == "Layers")
    for layer in reversed(layers):
        if not layer.isValid():
            raise ValueError(f"QGIS could not open {layer.name()}: {layer.error().message()}")
        project.addMapLayer(layer)
    rest(500)
    project.setCrs(QgsCoordinateReferenceSystem("EPSG:3857"))  # QGIS has just taken that of the first layer
    rest(500)
    canvas.setExtent(
        QgsCoordinateTransform(
            QgsCoordinateReferenceSystem("EPSG:4490"), canvas.mapSettings().destinationCrs(), project
        ).transformBoundingBox(box)
    )
    drawn()


def drawn() -> None:
    """Everything on the canvas anew, and finished."""
    canvas = iface.mapCanvas()
    canvas.refreshAllLayers()
    rest(500)
    until(lambda: not canvas.isDrawing(), "a map that is drawn")


def wms(layers: str, title: str) -> QgsRasterLayer:
    """Layers of the WMS as one picture, the first on top, as QGIS has it."""
    chosen = "".join(f"&layers={one}&styles=" for one in layers.split(","))
    return QgsRasterLayer(f"crs=EPSG:3857&format=image/png&url={KEY}/wms{chosen}", title, "wms")


def wfs(layer: str, title: str, *, writing: bool = False) -> QgsVectorLayer:
    """Features; for writing by one's own account and in version 1.0.0, in which QGIS shows what is refused."""
    if writing:
        source = f"url='{SERVER}/ogc/wfs' typename='onemap:{layer}' version='1.0.0' srsname='EPSG:4490'"
        return QgsVectorLayer(f"{source} username='{LOGIN}' password='{PASSWORD}'", title, "WFS")
    source = f"url='{KEY}/wfs' typename='onemap:{layer}' version='2.0.0' srsname='EPSG:4490'"
    return QgsVectorLayer(f"{source} pagingEnabled='true'", title, "WFS")


def settings() -> None:
    """The connections as a person would have made them, and a window that holds the map rather than toolbars."""
    kept = QgsSettings()
    kept.setValue("qgis/dataSourceManagerNonModal", True)
    kept.setValue("qgis/dockAttributeTable", True)
    for kind in ("wms", "wfs"):
        kept.setValue(f"qgis/connections-{kind}/OneMap/url", f"{KEY}/{kind}")
    kept.setValue("qgis/connections-wfs/OneMap/version", "2.0.0")
    kept.setValue("qgis/connections-wms/OneMap WMTS/url", f"{KEY}/wmts/1.0.0/WMTSCapabilities.xml")
    main = iface.mainWindow()
    main.setGeometry(0, 0, 1280, 800)
    main.resizeDocks([main.findChild(QDockWidget, "Layers")], [260], 1)


def scene_sources() -> None:
    """The data source manager lists the layers of the WMS, the tile sets of the WMTS and the types of the WFS."""
    form = connect("wms", "OneMap")
    tree = form.findChild(QTreeView, "lstLayers")
    until(lambda: tree.model().rowCount(), "layers of the WMS")
    tree.expandToDepth(0)
    tree.setColumnWidth(0, 60)
    tree.setColumnWidth(1, 140)
    tree.setColumnWidth(2, 170)
    picture("qgis-wms", form.window())
    form = connect("wms", "OneMap WMTS")
    tabs = form.findChild(QTabWidget, "tabServers")
    until(lambda: form.findChild(QAbstractItemView, "lstTilesets").model().rowCount(), "tile sets")
    tabs.setCurrentIndex(2)
    picture("qgis-wmts-sets", form.window())
    form = connect("wfs", "OneMap")
    tree = form.findChild(QTreeView, "treeView")
    until(lambda: tree.model().rowCount(), "types of the WFS")
    picture("qgis-wfs", form.window())
    window("QgsDataSourceManagerDialog").close()


def scene_map() -> None:
    """Features over a picture, with their table."""
    enterprises = wfs("enterprises", "企业(WFS)")
    shown(PARK, enterprises, wms("hazard_sources,roads,basemap", "危险源、道路、底图(WMS)"))
    iface.showAttributeTable(enterprises)
    rest(1500)
    drawn()
    until(lambda: not iface.mapCanvas().isDrawing(), "a map that is drawn")
    picture("qgis-map")


def scene_wmts() -> None:
    """The whole map as tiles."""
    source = f"url={KEY}/wmts/1.0.0/WMTSCapabilities.xml&layers=onemap&styles=default&format=image/png"
    shown(PORT, QgsRasterLayer(f"{source}&tileMatrixSet=WebMercatorQuad&crs=EPSG:3857", "一张图(WMTS)", "wms"))
    picture("qgis-wmts")


def scene_tiles() -> None:
    """Vector tiles of three layers in QGIS's own style."""

    def tiles(layer: str, title: str) -> QgsVectorTileLayer:
        address = f"{KEY}/api/collections/{layer}/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}?f=mvt"
        return QgsVectorTileLayer(f"type=xyz&url={address}&zmax=16&zmin=0", f"{title}(矢量瓦片)")

    shown(PARK, tiles("buildings", "建筑物"), tiles("roads", "道路"), tiles("landuse", "用地"))
    picture("qgis-vector-tiles")


def scene_editing() -> None:
    """A shelter is added, saved and drawn by the WMS; then a number that is none is refused and the reason shown."""
    shelters = wfs("shelters", "避难场所(WFS,可编辑)", writing=True)
    shown(WEST, shelters, wms("shelters,hazard_sources,roads,basemap", "避难场所、底图(WMS)"))
    iface.setActiveLayer(shelters)
    press("mActionToggleEditing")
    until(shelters.isEditable, "editing")
    new = QgsFeature(shelters.fields())
    new.setGeometry(QgsGeometry.fromPointXY(GATE))
    for field, value in {"code": SHELTER, "name": "园区西门避难场所", "places": 300, "open_now": "true"}.items():
        new[field] = value
    shelters.addFeature(new)
    iface.openFeatureForm(shelters, new, False, False)
    rest(1500)
    form = next(one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible())
    form.setGeometry(800, 110, 470, 640)
    picture("qgis-edit-form")
    form.close()
    press("mActionSaveLayerEdits")
    until(lambda: not shelters.isModified(), "the shelter saved")
    drawn()
    picture("qgis-edit-saved")
    kept = next(one for one in shelters.getFeatures() if one["code"] == SHELTER)
    shelters.changeAttributeValue(kept.id(), shelters.fields().indexOf("places"), -5)
    press("mActionSaveLayerEdits")
    until(lambda: iface.messageBar().currentItem(), "a message about what was refused")
    more = [one for one in iface.messageBar().findChildren(QAbstractButton) if "显示更多" in one.text()]
    QTimer.singleShot(1500, told)  # the button's window waits for a person
    more[0].click()
    shelters.rollBack()


def told() -> None:
    """The window with the reason, which then goes."""
    dialog = QApplication.activeModalWidget()
    dialog.setGeometry(420, 220, 760, 300)
    picture("qgis-edit-refused")
    dialog.reject()


SCENES = (scene_sources, scene_map, scene_wmts, scene_tiles, scene_editing)


def play() -> None:
    """Every scene, or those named; QGIS ends with 1 when one could not be taken."""
    wanted = os.environ.get("ONEMAP_SCENES", "").split()
    try:
        settings()
        for scene in SCENES:
            if not wanted or scene.__name__.removeprefix("scene_") in wanted:
                scene()
    except Exception:
        traceback.print_exc()
        QApplication.primaryScreen().grabWindow(0).save(f"{IMAGES}/failed.png")
        os._exit(1)
    os._exit(0)


translator = QTranslator(QApplication.instance())
if translator.load("qtbase_zh_CN", QLibraryInfo.location(QLibraryInfo.TranslationsPath)):
    QApplication.installTranslator(translator)  # 关闭 and 帮助; QGIS's own words are its own
QTimer.singleShot(3000, play)
