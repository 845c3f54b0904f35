"""Enterprises and sensors by the hundred thousand beside the city's own, as columns: for measurements, not for the demo."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from scripts.city.firms import ALPHABET, GIVEN, KINDS, LUCK, ORG_WEIGHTS, OTHER_RISKS, RISKS, SECTORS, SURNAMES, WEIGHTS
from scripts.city.frame import degrees
from scripts.city.geography import DISTRICTS, PARK, TOWNS, Geography

CHUNK = 50_000
"""Firms made at a time, so that memory does not grow with the size asked for."""
MOST_SENSORS = 440_000
"""As many points as a national system carries."""
CODES = 31**6
STRIDE = 387_420_489
"""Shares no factor with 31, so numbering through the codes by it meets none twice."""

SOURCE = "演示数据生成器"

Numbers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
_CODES = [code for code, *_ in TOWNS]
_SECTORS = list(SECTORS)
_LETTERS = np.array(list(ALPHABET))


def enterprises(seed: int, city: Geography, count: int, schema: pa.Schema) -> Iterator[pa.Table]:
    """Tables of firms with the columns of the city's own."""
    for start in range(0, count, CHUNK):
        rng = np.random.default_rng([seed, start])
        yield _firms(rng, city, np.arange(start, min(start + CHUNK, count), dtype=np.int64), schema)


def _firms(rng: np.random.Generator, city: Geography, numbers: Numbers, schema: pa.Schema) -> pa.Table:
    rows = len(numbers)
    shares = np.array([count for count, *_ in SECTORS.values()], dtype=float)
    sector = rng.choice(len(_SECTORS), rows, p=shares / shares.sum())
    town, xy = _places(rng, city, sector)
    luck = [np.array(LUCK)[rng.integers(len(LUCK), size=rows)] for _ in range(3)]
    trade = _picked(rng, [words for *_, words in SECTORS.values()], sector)
    lead = np.array([name[:2] for _, name, *_ in TOWNS])[town]
    short = _joined(np.where(rng.random(rows) < 0.3, "云澜", lead), *luck, trade)
    street = np.array(list("一二三四五六七八"))[rng.integers(8, size=rows)]
    district = np.array([next(n for c, n, *_ in DISTRICTS if c == code[:6]) for code in _CODES])[town]
    place = np.array([name for _, name, *_ in TOWNS])[town]
    address = _joined(district, place, street, "路", rng.integers(1, 288, rows).astype("U3"), "号")
    employees = np.clip(rng.lognormal(4.0, 0.9, rows), 6, 4200).astype(np.int64)
    special = (employees * rng.uniform(0.02, 0.2, rows)).astype(np.int64)
    area = np.array(_CODES)[town]
    graded = rng.random(rows) < 0.7
    columns: dict[str, object] = {
        "uscc": codes(np.array([code[:6] for code in _CODES])[town], numbers),
        "name": pc.binary_join_element_wise(short, "有限公司", ""), "short_name": short,
        "sector": np.array(_SECTORS)[sector], "industry_code": np.array([code for _, code, *_ in SECTORS.values()])[sector],
        "status": np.where(rng.random(rows) < 0.96, "open", "suspended"), "risk": _risks(rng, sector),
        "reg_address": address, "address": address, "town": area, "area": area,
        "legal_person": _people(rng, rows), "principal": _people(rng, rows), "principal_phone": _phones(rng, rows),
        "safety_head": _people(rng, rows), "safety_head_phone": _phones(rng, rows), "employees": employees,
        "scale": np.select([employees >= 1000, employees >= 300, employees >= 20], ["large", "medium", "small"], "micro"),
        "revenue": np.round(employees * rng.uniform(40, 160, rows) * 10_000, -3),
        "assets": np.round(employees * rng.uniform(20, 120, rows) * 10_000, -3),
        "founded": pa.array((8035 + rng.integers(0, 11500, rows)).astype(np.int32)).cast(pa.date32()),
        "scope_of_business": np.array([f"{name}相关产品生产、储存、销售" for _, _, name, _ in SECTORS.values()])[sector],
        "safety_org": np.ones(rows, bool), "safety_fulltime": np.maximum(1, employees // 100),
        "safety_parttime": employees // 60, "safety_engineers": employees // 300, "special_ops": special,
        "special_ops_certified": (special * rng.uniform(0.85, 1.0, rows)).astype(np.int64),
        "liability_insurance": rng.random(rows) < 0.8, "injury_insurance": rng.random(rows) < 0.95,
        "std_grade": pa.array(np.array(["2", "3", "3", "3"])[rng.integers(4, size=rows)], mask=~graded),
        "std_expiry": pa.array((20454 + rng.integers(-200, 1000, rows)).astype(np.int32), mask=~graded).cast(pa.date32()),
        "credit_grade": np.array(["A", "B", "C", "D"])[np.searchsorted([0.4, 0.93, 0.98], rng.random(rows))],
        "blacklist": rng.random(rows) < 0.01, "reg_level": np.full(rows, "district"),
        "regulator": _joined(district, "应急管理局"), "audit_state": np.full(rows, "district"),
        "source": np.full(rows, SOURCE), "geometry": _wkb(xy),
    }  # fmt: skip
    return pa.table([_column(columns.get(field.name), field.type, rows) for field in schema], schema=schema)


def sensors(seed: int, firms: pa.Table, start: int, count: int, schema: pa.Schema) -> pa.Table:
    """Points at some of the firms, numbered from `start`, with the columns of the city's own."""
    rng = np.random.default_rng([seed, start, 1])
    at = np.sort(rng.integers(firms.num_rows, size=count))
    chosen = firms.take(pa.array(at))
    kind = np.where(rng.random(count) < 0.7, 0, 2)
    code, letters, word, unit, low, high = (np.array(column)[kind] for column in zip(*KINDS, strict=True))
    numbers = np.char.zfill((start + np.arange(count)).astype("U7"), 5)
    steps = np.where(kind == 0, 25.0, 55.0), np.where(kind == 0, 50.0, 75.0)
    xy = shapely.get_coordinates(shapely.from_wkb(chosen["geometry"].to_numpy())) + rng.uniform(-8e-4, 8e-4, (count, 2))
    columns: dict[str, object] = {
        "code": _joined("P", numbers), "name": _joined(chosen["short_name"].to_numpy(), "车间", word), "kind": code,
        "quantity": word, "unit": unit, "enterprise": chosen["uscc"], "range_low": low, "range_high": high,
        "high": steps[0], "high_high": steps[1], "tag": _joined(letters, "-", numbers), "in_use": np.ones(count, bool),
        "area": chosen["area"], "source": np.full(count, SOURCE), "geometry": _points(np.round(xy, 7)),
    }  # fmt: skip
    return pa.table([_column(columns.get(field.name), field.type, count) for field in schema], schema=schema)


def _places(rng: np.random.Generator, city: Geography, sector: Numbers) -> tuple[Numbers, Floats]:
    """A town and a place in it for each firm: chemical firms in the park, mines in the hills, the rest by size of town."""
    park = _CODES.index("990106201")
    weights = np.array([radius**1.6 for *_, radius in TOWNS])
    weights[park] = 0.0
    hills = np.array([5.0 if code[:6] == "990121" else 0.05 for code in _CODES])
    hills[park] = 0.0
    town = rng.choice(len(TOWNS), len(sector), p=weights / weights.sum())
    mine = sector == _SECTORS.index("mine")
    town[mine] = rng.choice(len(TOWNS), int(mine.sum()), p=hills / hills.sum())
    inside = (sector == _SECTORS.index("hazchem")) & (rng.random(len(sector)) < 0.62)
    town[inside] = park
    spread = np.where(np.isin(sector, [_SECTORS.index(name) for name in ("mine", "firework", "station")]), 2.2, 1.0)
    xy = np.full((len(sector), 2), np.nan)
    for place, (code, _, x, y, radius) in enumerate(TOWNS):
        ground = city.towns[code].difference(city.river)
        shapely.prepare(ground)
        left = np.flatnonzero(town == place)
        while len(left):
            tried = rng.normal((x, y), (radius * 0.5 * spread[left])[:, None], (len(left), 2))
            if place == park:
                tried = rng.uniform((PARK[0] + 0.1, PARK[1] + 0.1), (PARK[2] - 0.3, PARK[3] - 0.1), (len(left), 2))
            good = shapely.contains_xy(ground, tried)
            xy[left[good]] = tried[good]
            left = left[~good]
    return town, xy


def _risks(rng: np.random.Generator, sector: Numbers) -> Numbers:
    steps = np.cumsum([RISKS.get(name, OTHER_RISKS) for name in _SECTORS], axis=1)[sector]
    return 1 + (rng.random(len(sector))[:, None] >= steps).sum(axis=1)


def _picked(rng: np.random.Generator, words: list[tuple[str, ...]], which: Numbers) -> npt.NDArray[np.str_]:
    """One of the words of each row's own list."""
    most = max(len(some) for some in words)
    table = np.array([[*some, *some[:1] * (most - len(some))] for some in words])
    return table[
        which, rng.integers([len(some) for some in words], size=(len(which), len(words)))[range(len(which)), which]
    ]


def _people(rng: np.random.Generator, rows: int) -> pa.Array:
    return _joined(np.array(list(SURNAMES))[rng.integers(len(SURNAMES), size=rows)],
                   np.array(GIVEN)[rng.integers(len(GIVEN), size=rows)])  # fmt: skip


def _phones(rng: np.random.Generator, rows: int) -> pa.Array:
    number = rng.integers(0, 1_000_000, rows)
    digits = np.char.zfill(number.astype("U6"), 6)
    return _joined("0999-55", digits.astype("U2"), "-", np.char.zfill((number % 10_000).astype("U4"), 4))


def _joined(*parts: object) -> pa.Array:
    return pc.binary_join_element_wise(*(part if isinstance(part, str) else pa.array(part) for part in parts), "")


def _wkb(xy: Floats) -> pa.Array:
    """Kilometres of the frame as points in degrees."""
    return _points(shapely.get_coordinates(degrees(shapely.points(xy))))


def _points(lonlat: Floats) -> pa.Array:
    return pa.array(shapely.to_wkb(shapely.points(lonlat)), pa.binary())


def _column(values: object, kind: pa.DataType, rows: int) -> pa.Array:
    if values is None:
        return pa.nulls(rows, kind)
    found = values if isinstance(values, pa.Array | pa.ChunkedArray) else pa.array(values)
    return found.cast(kind)


def codes(regions: npt.NDArray[np.str_], numbers: Numbers) -> npt.NDArray[np.str_]:
    """Social credit codes of GB 32100 with both check characters, one for each number; above the city's own by MB."""
    places = (numbers * STRIDE) % CODES
    body = np.column_stack([np.full((len(numbers), 2), (ALPHABET.index("M"), ALPHABET.index("B"))),
                            *[(places // 31**n) % 31 for n in range(5, -1, -1)]])  # fmt: skip
    letters = _LETTERS[body]
    values = np.array([ord(c) - 48 if c.isdigit() else ord(c) - 55 for c in ALPHABET])[body]
    left = 11 - (values * ORG_WEIGHTS).sum(axis=1) % 11
    check = np.where(left == 10, "X", np.where(left == 11, "0", left.astype("U2")))
    region = np.ascontiguousarray(np.char.add("91", regions)).view("U1").reshape(len(numbers), 8)
    first = np.column_stack([region, letters, check.astype("U1")])
    indexes = np.searchsorted(_LETTERS, first)
    total = (indexes * np.array(WEIGHTS)).sum(axis=1)
    whole = np.column_stack([first, _LETTERS[(31 - total % 31) % 31]])
    return np.ascontiguousarray(whole.astype("U1")).view("U18").ravel()
