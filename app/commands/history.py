"""What `onemap scenario run --at` prints: a place in time, outdoors and in a house."""

from core.errors import BadInputError
from core.texts import Text
from emergency.chain.history import Above, History
from gis.shapes import LonLat

MINUTE = 60.0


def place_of(said: str) -> LonLat:
    """A place as `LON,LAT`. Raises BadInputError for anything else."""
    try:
        lon, lat = (float(one) for one in said.split(","))
        return LonLat(lon, lat)
    except ValueError as error:
        raise BadInputError(
            Text(f"--at “{said}” 应为 经度,纬度,如 121.47,31.23", f"--at {said!r} is to be LON,LAT, as 121.47,31.23"),
            field="at", value=said,
        ) from error  # fmt: skip


def print_history(found: History) -> None:
    """Where, from when to when, how much, which levels and what dose."""
    print(
        f"该点 / at {found.place.lon:g},{found.place.lat:g}: {found.distance:,.0f} m, 下风 / downwind "
        f"{found.downwind:,.0f} m, 横风 / across {found.crosswind:,.0f} m"
    )
    if not found.reached:
        print("影响不到该点 / nothing comes there")
    print(f"到达 / arrival {_minutes(found.arrival)}, 离开 / departure {_minutes(found.departure)}")
    for figure in found.figures:
        print(f"{figure.title.zh} / {figure.title.en}: {figure.value:.4g} {figure.unit}")
    for one in found.above:
        mark = "" if one.verified else " 未核实 / unverified"
        print(f"{one.level.zh} / {one.level.en}:{mark} {_stretches(one)}")
    for dose in found.doses:
        line = f"{dose.title.zh} / {dose.title.en}: {dose.outdoors:.4g} → {dose.indoors:.4g} {dose.unit}"
        if dose.death_outdoors is not None:
            line += f", 死亡概率 / death {dose.death_outdoors:.2%} → {dose.death_indoors or 0.0:.2%}"
        if dose.of_limit_outdoors is not None:
            line += f", 占限值 / of the limit {dose.of_limit_outdoors:.2%} → {dose.of_limit_indoors or 0.0:.2%}"
        print(f"{line} 未核实 / unverified" if not dose.verified else line)
    for check in found.checks:
        if not check.holds:
            print(f"超出适用范围 / outside validity: {check.title.zh} / {check.title.en} {check.value:g} {check.unit}")
    for note in found.notes:
        print(f"注意 / note: {note.zh} / {note.en}")


def _stretches(one: Above) -> str:
    return f"室外 / outdoors {_stretch(one.outdoors)}, 室内 / indoors {_stretch(one.indoors)}"


def _stretch(stretch: tuple[float, float] | None) -> str:
    return "—" if stretch is None else f"{_minutes(stretch[0])}–{_minutes(stretch[1])}"


def _minutes(seconds: float | None) -> str:
    return "—" if seconds is None else f"{seconds / MINUTE:.1f} min"
