"""The card of a substance: everything a duty officer reads of it, with where each number is from."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.texts import Text
from emergency.chemicals.levels import Level, levels
from emergency.chemicals.substance import Kind, Substance
from emergency.gb18218.tables import Entry, entries

ROOM = 293.15

CONSTANTS: dict[str, tuple[Text, str, float]] = {
    "molar_mass": (Text("摩尔质量", "molar mass"), "g/mol", 1000.0),
    "boiling_temperature": (Text("沸点", "boiling point"), "Cel", 1.0),
    "melting_temperature": (Text("熔点", "melting point"), "Cel", 1.0),
    "critical_temperature": (Text("临界温度", "critical temperature"), "Cel", 1.0),
    "critical_pressure": (Text("临界压力", "critical pressure"), "MPa", 1e-6),
    "flash_point": (Text("闪点", "flash point"), "Cel", 1.0),
    "autoignition_temperature": (Text("引燃温度", "autoignition temperature"), "Cel", 1.0),
    "lower_flammability": (Text("爆炸下限(体积)", "lower flammability limit (volume)"), "%", 100.0),
    "upper_flammability": (Text("爆炸上限(体积)", "upper flammability limit (volume)"), "%", 100.0),
    "heat_of_combustion": (Text("低位燃烧热", "lower heat of combustion"), "MJ/kg", 1e-6),
}
"""Title, unit for reading and factor from SI; temperatures are shifted instead."""

CURVES: dict[str, tuple[Text, str, float, tuple[str, ...]]] = {
    "vapour_pressure": (Text("蒸气压", "vapour pressure"), "kPa", 1e-3, ("vapour_pressure",)),
    "liquid_density": (
        Text("液体密度", "liquid density"), "kg/m3", 1.0, ("liquid_density", "liquid_molar_density"),
    ),
    "latent_heat": (Text("汽化热", "latent heat"), "kJ/kg", 1e-3, ("molar_latent_heat",)),
    "liquid_heat_capacity": (
        Text("液体比热容", "heat capacity of the liquid"), "kJ/(kg.K)", 1e-3, ("liquid_molar_heat_capacity",),
    ),
    "gas_heat_capacity": (
        Text("气体定压比热容", "heat capacity of the gas"), "kJ/(kg.K)", 1e-3, ("gas_molar_heat_capacity",),
    ),
}  # fmt: skip
"""Title, unit for reading, factor and the curves any of which serves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A line of the card; `at` is the temperature in kelvin, `continued` that it lies beyond the table's range,
    `estimated` that there is no table."""

    name: str
    title: Text
    value: float
    unit: str
    source: str
    at: float | None = None
    continued: bool = False
    estimated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChemicalCard:
    """What is known and what is not; limits with status, the rows of GB 18218, remarks to read first."""

    substance: Substance
    properties: tuple[Property, ...]
    missing: tuple[Text, ...]
    levels: tuple[Level, ...]
    thresholds: tuple[Entry, ...]
    remarks: tuple[Text, ...]


def card(one: Substance) -> ChemicalCard:
    """The card; liquid properties at 20 °C, or at the boiling point of what is a gas then."""
    known = (*_constants(one), *_curves(one))
    named = {line.name for line in known}
    titles = {name: said[0] for name, said in CONSTANTS.items()} | {name: said[0] for name, said in CURVES.items()}
    return ChemicalCard(
        substance=one,
        properties=known,
        missing=tuple(title for name, title in titles.items() if name not in named),
        levels=levels(one.cas),
        thresholds=tuple(row for row in entries() if row.serial in one.serials),
        remarks=tuple(_remarks(one)),
    )


def _constants(one: Substance) -> Iterator[Property]:
    for name, (title, unit, factor) in CONSTANTS.items():
        if found := one.constants.get(name):
            value = found.value - 273.15 if unit == "Cel" else found.value * factor
            yield Property(name=name, title=title, value=value, unit=unit, source=found.source)


def _curves(one: Substance) -> Iterator[Property]:
    boiling = one.constants.get("boiling_temperature")
    critical = one.constants.get("critical_temperature")
    for name, (title, unit, factor, curves) in CURVES.items():
        curve = next((one.curves[key] for key in curves if key in one.curves), None)
        if curve is None:
            continue
        at = ROOM
        if name.startswith(("liquid", "latent")) and boiling is not None:
            at = min(ROOM, boiling.value)
        if name == "vapour_pressure" and critical is not None and critical.value < ROOM:
            continue
        value = float(getattr(one, name)(at)) * factor
        yield Property(
            name=name,
            title=title,
            value=value,
            unit=unit,
            source=curve.source,
            at=at,
            continued=not curve.covers(at),
            estimated=curve.estimated,
        )


def _remarks(one: Substance) -> Iterator[Text]:
    if one.kind is Kind.MIXTURE:
        yield Text(
            "混合物:物性取决于组成,这里不给出;请按实际组成选取主要组分",
            "A mixture: its properties follow from the composition and are not given",
        )
    if one.kind is Kind.FAMILY:
        yield Text(
            "一类物质的统称:物性因具体物质而异,这里不给出",
            "A family of substances: properties differ and are not given",
        )
    critical = one.constants.get("critical_temperature")
    if critical is not None and critical.value < ROOM:
        yield Text(
            "20 ℃ 时高于临界温度,不能以液体贮存",
            "Above its critical temperature at 20 °C: no liquid at that temperature",
        )
    if not levels(one.cas):
        yield Text("没有毒性阈值数据;不等于无毒", "No toxic limits are known here, which is no sign of harmlessness")
    yield Text(
        "除标明已核实的以外,数值未由具名人员与原始文献核对",
        "Unless marked verified, no number here has been compared with its printed source by a named person",
    )
