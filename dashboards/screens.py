"""What every page is given."""

from dataclasses import dataclass

from casework.casetype import CaseType
from core.clock import Clock
from core.texts import Text
from dashboards.brief.window import BasePicture
from dashboards.queries.firmcases import States, declared_states
from dashboards.queries.readings import Readings
from layers.layer import Catalogue
from store.identity import Reading
from store.jobs import JobBook
from store.protocol import Store
from store.rasters import RasterShelf


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseMap:
    """A base map the reader may choose; `url` has {z} {x} {y} and, for our own, {theme}."""

    id: str
    title: Text
    url: str
    attribution: str = ""
    approval: str = ""
    max_zoom: int = 18


CITY = Text("云澜市安全生产一张图", "Yunlan Work-Safety Map")
OWN_BASE_MAP = BaseMap(
    id="own", title=Text("离线底图", "Offline base map"), url="/tiles/base/{theme}/{z}/{x}/{y}{r}.png"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screens:
    """Catalogue, store, rasters, readings, base pictures and clock, and what the city calls itself.

    `systems` are the business systems, `states` says what their states are called, by system, in every version
    published; both for the way from the map to the case.
    """

    catalogue: Catalogue
    store: Store
    clock: Clock
    readings: Readings | None = None
    shelf: RasterShelf | None = None
    picture: BasePicture | None = None
    jobs: JobBook | None = None
    reading: Reading | None = None
    title: Text = CITY
    demo: bool = False
    duty_phone: str = ""
    map_approval_no: str = ""
    take_along: bool = True
    root_path: str = ""
    systems: tuple[CaseType, ...] = ()
    states: States = declared_states
    base_maps: tuple[BaseMap, ...] = (OWN_BASE_MAP,)

    @property
    def registers(self) -> tuple[tuple[str, str], ...]:
        """The layer of each business system with the system's id."""
        return tuple((of.register.id, of.id) for of in self.systems)
