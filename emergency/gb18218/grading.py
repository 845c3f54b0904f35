"""S and R of a unit from what it holds and who is near, each step with the clause it follows.

The clauses (4.2 identification, 4.3 grading) are those the preface of GB 18218-2018 names, the tables those of a public
copy; neither was seen in print.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import BadInputError, Fault, FaultsError, NotFoundError
from core.texts import Text
from core.units import Fraction, Kilogram
from emergency.gb18218.tables import categories, corrections, entry, named_gases

SOURCE = Text(
    "GB 18218-2018 的临界量与校正系数,据公开转录,未与印刷本逐行核对",
    "thresholds and factors of GB 18218-2018 as publicly transcribed, not compared with the printed standard",
)
FORMULA = "S=sum(q_i/Q_i) >= 1 => major hazard; R=alpha*sum(beta_i*q_i/Q_i)"
LEVELS = ((100.0, 1), (50.0, 2), (10.0, 3))
MARK = Text("危险化学品重大危险源", "major hazard source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What a unit holds at most by design; `category` where table 1 does not name it, or to say its class."""

    mass: Kilogram
    cas: str = ""
    name: str = ""
    category: str = ""

    @property
    def title(self) -> str:
        """How it is called in the steps."""
        return self.name or self.cas or self.category


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One number of the calculation, its clause and how it comes about; `row` is the limit it was read from."""

    symbol: str
    value: float
    clause: Text
    how: Text
    row: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """What one substance adds to R, and which part of it that is."""

    title: str
    r: float
    share: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Grading:
    """The outcome: `level` is None for a unit below the threshold, which is no major hazard source."""

    s: float
    r: float
    alpha: float
    level: int | None
    steps: tuple[Step, ...]
    drivers: tuple[Driver, ...] = ()

    @property
    def is_major(self) -> bool:
        """S reaches one."""
        return self.s >= 1


def correction(people: int) -> float:
    """Alpha by the people always present within 500 m beyond the boundary.

    >>> correction(0), correction(29), correction(100)
    (0.5, 1.0, 2.0)
    """
    if people < 0:
        raise BadInputError(
            Text(f"厂外 500 米人数为 {people},不得小于 0", f"people within 500 m is {people}, at least 0"),
            field="people", value=people,
        )  # fmt: skip
    return next(alpha for least, alpha in corrections() if people >= least)


def hazard_level(r: float) -> int:
    """The level of a major hazard source by its R: 1 is the gravest.

    >>> hazard_level(100), hazard_level(99.9), hazard_level(10), hazard_level(0.5)
    (1, 2, 3, 4)
    """
    return next((level for least, level in LEVELS if r >= least), 4)


def grade(holdings: Sequence[Holding], people: int) -> Grading:
    """Identify and grade a unit; FaultsError lists every holding that cannot be placed in the tables."""
    alpha = correction(people)
    parts: list[tuple[str, float]] = []
    steps: list[Step] = []
    faults: list[Fault] = []
    s = r = 0.0
    for place, one in enumerate(holdings, 1):
        try:
            share, beta, found = _placed(one)
        except (BadInputError, NotFoundError) as fault:
            faults.append(Fault(field="holdings", value=one.title, rule=fault.text, row=place))
            continue
        steps += found
        s += share
        r += share * beta
        parts.append((one.title, share * beta))
    if faults:
        raise FaultsError(faults)
    r *= alpha
    steps.append(Step(symbol="S", value=s, clause=Text("4.2", "4.2"), how=Text("S = Σ q/Q", "S = Σ q/Q")))
    steps.append(
        Step(
            symbol="α", value=alpha, clause=Text("4.3 表5", "4.3 table 5"),
            how=Text(f"厂外边界向外 500 米内常住 {people} 人", f"{people} people live within 500 m of the boundary"),
            row=f"gb18218-5/{next(least for least, _ in corrections() if people >= least)}",
        )
    )  # fmt: skip
    steps.append(
        Step(
            symbol="R", value=r, clause=Text("4.3", "4.3"),
            how=Text("R = α Σ β q/Q", "R = α Σ β q/Q"),
        )
    )  # fmt: skip
    level = hazard_level(r) if s >= 1 else None
    steps.append(
        Step(
            symbol="级别", value=float(level or 0), clause=Text("4.3 表6", "4.3 table 6"),
            how=Text(f"{'一二三四'[level - 1]}级{MARK.zh}", f"{MARK.en} of level {level}")
            if level
            else Text(f"S < 1,不构成{MARK.zh}", f"S < 1: no {MARK.en}"),
        )
    )  # fmt: skip
    drivers = tuple(
        Driver(title=title, r=alpha * part, share=alpha * part / r)
        for title, part in sorted(parts, key=lambda one: -one[1])
    )
    return Grading(s=s, r=r, alpha=alpha, level=level, steps=tuple(steps), drivers=drivers)


def _placed(one: Holding) -> tuple[float, float, list[Step]]:
    """q/Q, beta and the steps to them."""
    if not one.mass > 0:
        raise BadInputError(
            Text(f"{one.title} 的量为 {one.mass} kg,应大于 0", f"{one.title}: {one.mass} kg, must be above 0"),
            field="mass", value=one.mass,
        )  # fmt: skip
    if one.category and one.category not in categories():
        allowed = ", ".join(categories())
        raise BadInputError(
            Text(f"类别“{one.category}”不在 {allowed} 中", f"category {one.category!r}, allowed {allowed}"),
            field="category", value=one.category,
        )  # fmt: skip
    category, basis = one.category, Text("使用者给出", "as given")
    try:
        row = entry(one.cas, one.name)
    except NotFoundError:
        if not category:
            raise
        threshold, clause = categories()[category].threshold, Text(f"表2 {category}", f"table 2 {category}")
        limit = f"gb18218-2/{category}"
    else:
        threshold, clause = row.threshold, Text(f"表1 序号 {row.serial}", f"table 1 row {row.serial}")
        limit = f"gb18218-1/{row.serial}"
        if not category and row.category:
            category, basis = row.category, Text(f"按 {row.basis} 推定,待核实", f"inferred: {row.basis}; unverified")
    beta, beta_clause, beta_how, beta_row = _beta(one, category, basis)
    share = one.mass / threshold
    spelt = f"{one.mass / 1000:g} t / {threshold / 1000:g} t"
    return (
        share,
        beta,
        [
            Step(symbol=f"q/Q({one.title})", value=share, clause=clause, how=Text(spelt, spelt), row=limit),
            Step(symbol=f"β({one.title})", value=beta, clause=beta_clause, how=beta_how, row=beta_row),
        ],
    )


def _beta(one: Holding, category: str, basis: Text) -> tuple[float, Text, Text, str]:
    cas = one.cas
    if not cas:
        cas = next((number for number, found in named_gases().items() if found[0] == one.name), "")
    if (named := named_gases().get(cas)) is not None:
        return (
            named[1],
            Text("表3", "table 3"),
            Text(f"毒性气体 {named[0]}", f"toxic gas {named[0]}"),
            f"gb18218-3/{cas}",
        )
    if not category:
        raise BadInputError(
            Text(
                f"{one.title} 不在表3中,须给出其在表4中的类别符号",
                f"{one.title} is not in table 3: give the symbol of its category in table 4",
            ),
            field="category", value="",
        )  # fmt: skip
    return categories()[category].beta, Text(f"表4 {category}", f"table 4 {category}"), basis, f"gb18218-2/{category}"
