"""Rasters declared once, as layers are, and what is checked before one is kept."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from core.errors import BadInputError, Fault, FaultsError, NotFoundError
from core.scope import Scope, Sensitivity
from core.texts import Text
from gis.shapes import Bounds

LARGEST = 400_000_000
"""Cells; a bigger raster is delivered in pieces."""

UNREDUCED = 4_000_000
"""Cells a drawing may read at full size; a bigger raster is kept with reduced copies of itself."""


class Kind(StrEnum):
    """What the cells of a raster say, from which follows how they may be joined, drawn and asked."""

    COUNT = "count"
    SURFACE = "surface"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The meaning of one raster: unit, owner, and the values a cell may hold."""

    id: str
    title: Text
    about: Text
    kind: Kind
    unit: str
    unit_text: Text
    crs: str
    owner: Text
    lineage: Text
    sensitivity: Sensitivity = Sensitivity.PUBLIC
    bands: int = 1
    least: float | None = None
    most: float | None = None
    nodata_needed: bool = True

    def visible(self, scope: Scope) -> bool:
        """A caller with this scope may know that the coverage exists."""
        return (scope.layers is None or self.id in scope.layers) and scope.clearance >= self.sensitivity


@dataclass(frozen=True, slots=True, kw_only=True)
class RasterFacts:
    """What a raster file says of itself; `total` is the sum over the cells that have a value (first band)."""

    driver: str
    crs: str
    width: int
    height: int
    bands: int
    nodata: float | None
    bounds: Bounds
    resolution: tuple[float, float]
    least: float
    most: float
    total: float
    cells: int


POPULATION = Coverage(
    id="population",
    title=Text("人口栅格", "Population"),
    about=Text("每格常住人口数", "Residents in each cell"),
    kind=Kind.COUNT,
    unit="{people}",
    unit_text=Text("人/格", "people/cell"),
    crs="EPSG:4490",
    owner=Text("统计部门", "Statistics"),
    lineage=Text("人口普查分摊到格网", "Census counts spread over a grid"),
    sensitivity=Sensitivity.INTERNAL,
    least=0.0,
    most=1_000_000.0,
)

TERRAIN = Coverage(
    id="terrain",
    title=Text("地形", "Terrain"),
    about=Text("地面高程", "Height of the ground"),
    kind=Kind.SURFACE,
    unit="m",
    unit_text=Text("m", "m"),
    crs="EPSG:4490",
    owner=Text("自然资源部门", "Natural resources"),
    lineage=Text("数字高程模型", "Digital elevation model"),
    least=-500.0,
    most=9000.0,
    nodata_needed=False,
)

IMAGERY = Coverage(
    id="imagery",
    title=Text("影像", "Imagery"),
    about=Text("正射影像", "Orthophoto"),
    kind=Kind.PICTURE,
    unit="1",
    unit_text=Text("", ""),
    crs="EPSG:4490",
    owner=Text("自然资源部门", "Natural resources"),
    lineage=Text("航空航天遥感", "Air and space survey"),
    sensitivity=Sensitivity.INTERNAL,
    bands=3,
    least=0.0,
    most=65535.0,
    nodata_needed=False,
)

COVERAGES: tuple[Coverage, ...] = (POPULATION, TERRAIN, IMAGERY)


def coverage(coverage_id: str) -> Coverage:
    """One coverage by its id."""
    for found in COVERAGES:
        if found.id == coverage_id:
            return found
    known = "、".join(one.id for one in COVERAGES)
    raise NotFoundError(
        Text(f"没有栅格图层“{coverage_id}”,可用:{known}", f"no coverage {coverage_id!r}; there are: {known}"),
        coverage=coverage_id,
    )


def raster_facts(path: Path) -> RasterFacts:
    """Reads a GeoTIFF and nothing else, block by block, so that a large one fits in memory."""
    import rasterio  # here, for every process knows what is declared above and few open a raster
    from rasterio.errors import RasterioIOError

    try:
        with rasterio.open(path, driver="GTiff") as raster:
            if raster.width * raster.height > LARGEST:
                size = f"{raster.width}x{raster.height}"
                raise BadInputError(Text(f"栅格过大:{size},请分幅", f"raster too large: {size}; deliver it in pieces"))
            least, most, total, cells = float("inf"), float("-inf"), 0.0, 0
            for _, window in raster.block_windows(1):
                block = raster.read(1, window=window, masked=True).astype("float64").compressed()
                block = block[block == block]
                if block.size:
                    least, most = min(least, float(block.min())), max(most, float(block.max()))
                    total, cells = total + float(block.sum()), cells + int(block.size)
            return RasterFacts(
                driver=raster.driver,
                crs="" if raster.crs is None else str(raster.crs.to_string()),
                width=raster.width,
                height=raster.height,
                bands=raster.count,
                nodata=None if raster.nodata is None else float(raster.nodata),
                bounds=Bounds(*raster.bounds),
                resolution=(float(raster.res[0]), float(raster.res[1])),
                least=least,
                most=most,
                total=total,
                cells=cells,
            )
    except RasterioIOError as error:
        raise BadInputError(
            Text(f"不是可读的 GeoTIFF:{path.name}", f"not a readable GeoTIFF: {path.name}"), file=path.name
        ) from error


def check_raster(declared: Coverage, facts: RasterFacts) -> tuple[Fault, ...]:
    """What keeps a raster from being this coverage, every fault at once."""
    faults = []

    def fault(name: str, value: object, zh: str, en: str) -> None:
        faults.append(Fault(field=name, value=str(value), rule=Text(zh, en)))

    if facts.crs not in ("EPSG:4490", "EPSG:4326"):
        fault("crs", facts.crs or "-", "坐标系应为 EPSG:4490 或 EPSG:4326", "the CRS must be EPSG:4490 or EPSG:4326")
    if facts.bands < declared.bands:
        fault("bands", facts.bands, f"至少 {declared.bands} 个波段", f"at least {declared.bands} band(s)")
    if declared.nodata_needed and facts.nodata is None:
        fault("nodata", "-", "须声明无数据值", "a nodata value must be declared")
    if facts.cells == 0:
        fault("values", 0, "没有有效像元", "no cell has a value")
    elif declared.least is not None and facts.least < declared.least:
        fault("values", facts.least, f"最小值不得小于 {declared.least:g}", f"no value may be below {declared.least:g}")
    elif declared.most is not None and facts.most > declared.most:
        fault("values", facts.most, f"最大值不得大于 {declared.most:g}", f"no value may be above {declared.most:g}")
    return tuple(faults)


def checked_raster(declared: Coverage, path: Path) -> RasterFacts:
    """The facts of a raster that may be kept; FaultsError lists what is wrong otherwise."""
    facts = raster_facts(path)
    faults = check_raster(declared, facts)
    if faults:
        raise FaultsError(faults)
    return facts


def reduce_raster(declared: Coverage, path: Path) -> None:
    """Write reduced copies beside a large raster that carries none, so that a city is drawn from few cells.

    Values are averaged, never picked, because a picked cell would stand for its neighbours; whole counts are left as
    they are, because their averages would be rounded away.
    """
    import rasterio
    from rasterio.enums import Resampling

    with rasterio.open(path, driver="GTiff") as raster:
        whole = not raster.dtypes[0].startswith("float")
        if raster.width * raster.height <= UNREDUCED or raster.overviews(1) or (declared.kind is Kind.COUNT and whole):
            return
        steps = [2]
        while raster.width * raster.height / (steps[-1] * 2) ** 2 > UNREDUCED / 64:
            steps.append(steps[-1] * 2)
    beside = rasterio.Env(TIFF_USE_OVR=True, COMPRESS_OVERVIEW="DEFLATE", BIGTIFF_OVERVIEW="IF_SAFER")
    with beside, rasterio.open(path, "r+", driver="GTiff") as raster:
        raster.build_overviews(steps, Resampling.average)
