"""A kit made on the machine itself, by the operator: rights of everything but fields of persons."""

import getpass
from contextlib import closing
from pathlib import Path

from app.auth.opening import open_identity
from app.incidents.desk import IncidentDesk
from app.incidents.kit import Kit, KitMaker
from app.incidents.situations import Situations
from app.incidents.warnings import WarningLog
from app.pictures import base_picture
from app.settings import Settings
from app.wiring import demo_in, rows_of
from casework.press import Press, Signing
from core.actors import Actor
from core.caller import Caller, Right
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from dashboards.handout.typeset import setter
from layers.catalogue import CATALOGUE
from layers.coverage import COVERAGES
from ogc.render.pool import DrawingPool
from ogc.render.renderer import MapnikRenderer
from store.attachments import Cabinet
from store.opening import open_audit, open_store
from store.rasters import RasterShelf


def kit_on_this_machine(settings: Settings, code: str, out: Path) -> Kit:
    """Over a data folder, with a drawing process of its own; recorded as taken out."""
    operator = Caller(
        actor=Actor(id=f"cli:{getpass.getuser()}", name="命令行", door="cli"), scope=SYSTEM_SCOPE,
        rights=frozenset({Right.WARN}),
    )  # fmt: skip
    with closing(open_identity(settings.data, settings.database_url)) as identity:
        demo = demo_in(identity)
    store = open_store(settings.data, settings.database_url, CATALOGUE, utc_now)
    audit, pool = open_audit(settings.data, settings.database_url), DrawingPool(processes=1)
    with closing(store), closing(audit), closing(pool):
        shelf = RasterShelf(store, settings.data / "rasters", COVERAGES, utc_now)
        renderer = MapnikRenderer(
            CATALOGUE, store, rows_of(store), settings.data / "cache", pool, shelf, relief=settings.base_relief
        )
        desk = IncidentDesk(store=store, clock=utc_now)
        cabinet = Cabinet(store, settings.data / "files", utc_now, largest=settings.largest_upload)
        press = Press(set_type=setter, organs=list, signing=_unsigned, site="")
        base = base_picture(renderer)
        maker = KitMaker(
            situations=Situations(
                desk=desk, cabinet=cabinet, press=press, warnings=WarningLog(desk=desk), base=base, shelf=shelf
            ),
            audit=audit, base=base, city=Text(settings.city_title, settings.city_title_en), demo=demo,
            approval=settings.map_approval_no, sender=settings.cap_sender, status="Exercise" if demo else "Actual",
        )  # fmt: skip
        return maker.make(code, operator, out)


def _unsigned() -> Signing:
    raise AssertionError("nothing of a kit is signed")
