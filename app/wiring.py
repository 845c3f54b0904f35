"""Everything built once from the settings and passed in: the one place where rooms are introduced to each other."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.auth.callers import Doorman
from app.auth.devices import DeviceGate
from app.auth.entering import Entrance
from app.auth.opening import open_identity
from app.auth.provider_settings import configured
from app.auth.sealing import Sealer
from app.directory import Directory
from app.jobs.supervision import Supervisor
from app.monitoring.condition import Condition
from app.monitoring.watching import Watching
from app.remote.fetching import Elsewhere
from app.remote.gate import Gate
from app.remote.kept import Shelf
from app.repeating import Chores
from app.seals import Seals, press
from app.settings import Settings
from app.systems import FOLLOWS, FUNCTIONS, GATHERS, besides
from casework.calendar import china
from casework.desk import Desk
from casework.press import Press
from core.clock import Clock, utc_now
from core.errors import ForbiddenError
from core.texts import Text
from layers.catalogue import CATALOGUE
from layers.codes.retention import kept_until
from layers.coverage import COVERAGES
from monitoring.devices import LastHeard
from monitoring.inbox import Inbox
from monitoring.register import Register
from ogc.basemap import BaseMap
from ogc.rastertiles import RasterTiles
from ogc.render.plates import Plates
from ogc.render.pool import DrawingPool
from ogc.render.renderer import MapnikRenderer
from ogc.render.sources import GeoPackageRows, PostGisRows, Rows
from ogc.tiles.kept import KeptTiles
from ogc.tiles.pictures import TilePictures, drawn_by
from store.attachments import Cabinet
from store.audit import AuditLog
from store.embedded import EmbeddedStore
from store.heads import Heads
from store.identity import Identity
from store.jobs import JobBook
from store.opening import open_audit, open_jobs, open_store
from store.protocol import Store
from store.rasters import RasterShelf
from store.recorded import RecordedStore
from store.series import Series, open_series
from store.tilecache import TileCache
from store.turns import open_turn

if TYPE_CHECKING:
    from app.auth.provider import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """The running parts; `close` releases them in the order that loses nothing."""

    settings: Settings
    clock: Clock
    store: Store
    series: Series
    inbox: Inbox
    gate: DeviceGate
    heard: LastHeard
    watching: Watching
    condition: Condition
    chores: Chores
    shelf: RasterShelf
    cabinet: Cabinet
    cases: Desk
    press: Press
    directory: Directory
    seals: Seals
    audit: AuditLog
    identity: Identity
    doorman: Doorman
    entrance: Entrance
    provider: "Provider | None"
    renderer: MapnikRenderer
    remote: Gate
    base_map: BaseMap
    heads: Heads
    raster_tiles: RasterTiles
    tiles: KeptTiles
    stocks: Plates
    pictures: TilePictures
    jobs: JobBook
    supervisor: Supervisor

    @property
    def demo(self) -> bool:
        """Demo accounts exist: the server stays on the loopback address and every screen says 演示数据."""
        return demo_in(self.identity)

    def close(self) -> None:
        """Release files and processes."""
        self.renderer.close()
        self.tiles.close()
        self.stocks.close()
        self.remote.elsewhere.close()
        self.inbox.stop()
        self.series.close()
        self.store.close()
        self.identity.close()
        self.audit.close()
        self.jobs.close()


def demo_in(identity: Identity) -> bool:
    """Some accounts are the demo's."""
    return any(account.demo for account in identity.people.all())


def assemble(settings: Settings, clock: Clock = utc_now) -> System:
    """Open the data folder and build every part."""
    settings.data.mkdir(parents=True, exist_ok=True)
    kept = open_store(settings.data, settings.database_url, CATALOGUE, clock)
    identity = open_identity(settings.data, settings.database_url)
    audit = open_audit(settings.data, settings.database_url)
    store = RecordedStore(kept, audit, clock)
    jobs = open_jobs(settings.data, settings.database_url)
    register, sealer = Register(kept), Sealer(settings.identity_key_file)
    passwords = {device: secret.get_secret_value() for device, secret in settings.hj212_devices.items()}
    gate = DeviceGate(identity, register, sealer, clock, passwords)
    doorman = Doorman(identity, audit, clock, gate.by_key, gate.by_signature)
    cache = settings.data / "cache"
    pool = DrawingPool(processes=settings.render_workers)
    shelf = RasterShelf(kept, settings.data / "rasters", COVERAGES, clock)
    renderer = MapnikRenderer(CATALOGUE, kept, rows_of(kept), cache, pool, shelf, relief=settings.base_relief)
    series = open_series(settings.data / "series", kept)
    drawn = TileCache(cache / "tiles.db", largest=settings.tile_cache_mb * 1_000_000, maker=drawn_by(CATALOGUE))
    tiles = KeptTiles(kept, drawn)
    inbox = Inbox(series, register, clock)
    cabinet = Cabinet(store, settings.data / "files", clock, largest=settings.largest_upload)
    turn = open_turn(settings.data, settings.database_url, "alarms")
    seals = Seals(settings, sealer, clock)
    made_by = press(settings, seals, lambda: demo_in(identity))
    directory = Directory(store=store, identity=identity, organs=made_by.organs, clock=clock)
    chores = Chores(clock)
    watching = Watching(kept, series, inbox, clock, turn, settings.data / "judged")
    return System(
        settings=settings,
        clock=clock,
        store=store,
        series=series,
        inbox=inbox,
        gate=gate,
        heard=LastHeard(identity.devices, clock),
        watching=watching,
        condition=Condition(inbox, watching, clock),
        chores=chores,
        shelf=shelf,
        cabinet=cabinet,
        cases=Desk(
            store,
            cabinet,
            china(),
            clock,
            FUNCTIONS,
            FOLLOWS,
            made_by,
            gathers=GATHERS,
            besides=besides(directory, store),
        ),
        press=made_by,
        directory=directory,
        seals=seals,
        audit=audit,
        identity=identity,
        doorman=doorman,
        entrance=Entrance(doorman, sealer),
        provider=configured(settings, identity, clock),
        renderer=renderer,
        remote=Gate(
            store=store,
            elsewhere=Elsewhere(settings.remote_hosts),
            shelf=Shelf(cache / "remote", clock, largest=settings.remote_cache_mb * 1_000_000),
        ),
        base_map=BaseMap(renderer, cache / "tiles"),
        heads=Heads(settings.heads_folder, settings.heads_key_file),
        raster_tiles=RasterTiles(shelf, pool, cache / "rasters"),
        tiles=tiles,
        stocks=Plates(kept, cache / "stocks", stocked=True),
        pictures=TilePictures(renderer, tiles),
        jobs=jobs,
        supervisor=Supervisor(jobs, settings, clock, chores),
    )


def rows_of(store: Store) -> Rows:
    """How a drawing process reaches the rows that this process keeps."""
    if isinstance(store, EmbeddedStore):
        return GeoPackageRows(store.path)
    from store.postgis import PostGisStore

    if isinstance(store, PostGisStore):
        names = ("host", "port", "dbname", "user", "password")
        given = store.connection
        return PostGisRows(tuple((name, given[name]) for name in names if name in given), store.schema)
    raise TypeError(f"no drawing from {type(store).__name__}")


def refuse_unsafe(system: System) -> None:
    """Stop a start that would put demo accounts, or an unapproved public map, where others can reach them."""
    settings = system.settings
    kept_until("audit", system.clock(), settings.audit_months)  # refuses fewer months than the law has
    if system.demo and not settings.loopback:
        raise ForbiddenError(
            Text(
                f"存在演示账号,拒绝在 {settings.host} 上提供服务;请先运行 onemap account remove-demo,或改用 127.0.0.1",
                f"demo accounts exist, so serving on {settings.host} is refused; "
                "run `onemap account remove-demo` first, or use 127.0.0.1",
            )
        )
    if settings.production and not settings.map_approval_no:
        raise ForbiddenError(
            Text(
                "生产模式须配置审图号(ONEMAP_MAP_APPROVAL_NO)",
                "production mode needs a map approval number (ONEMAP_MAP_APPROVAL_NO)",
            )
        )
