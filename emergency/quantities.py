"""What models ask for: one name, title, unit and physically possible range for each quantity, in every model.

A range here is what can exist; what a method was published for stands in the model's own card.
"""

from dataclasses import dataclass
from math import inf

from core.texts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A quantity in SI; `low` and `high` may be reached unless they are `open_low`."""

    title: Text
    unit: str
    low: float = -inf
    high: float = inf
    open_low: bool = False

    def allows(self, low: float, high: float) -> bool:
        """All values from `low` to `high` can exist."""
        return (low > self.low if self.open_low else low >= self.low) and high <= self.high


def _positive(zh: str, en: str, unit: str, high: float = inf) -> Quantity:
    return Quantity(title=Text(zh, en), unit=unit, low=0.0, high=high, open_low=True)


def _from_zero(zh: str, en: str, unit: str, high: float = inf) -> Quantity:
    return Quantity(title=Text(zh, en), unit=unit, low=0.0, high=high)


def _any(zh: str, en: str, unit: str) -> Quantity:
    return Quantity(title=Text(zh, en), unit=unit)


QUANTITIES: dict[str, Quantity] = {
    # places
    "downwind": _any("下风向距离", "downwind distance", "m"),
    "crosswind": _any("横风向距离", "crosswind distance", "m"),
    "height": _from_zero("受体高度", "receptor height", "m"),
    "distance": _from_zero("距离", "distance", "m"),
    "release_height": _from_zero("释放高度", "release height", "m"),
    # times
    "time": _from_zero("释放后时间", "time since release", "s"),
    "duration": _positive("持续时间", "duration", "s"),
    "exposure_time": _positive("暴露时间", "exposure time", "s"),
    "averaging_time": _positive("平均时间", "averaging time", "s"),
    # release
    "mass_rate": _positive("泄漏速率", "mass rate", "kg/s"),
    "mass": _positive("质量", "mass", "kg"),
    "hole_diameter": _positive("孔径", "hole diameter", "m", 10.0),
    "hole_area": _positive("孔面积", "hole area", "m2", 100.0),
    "discharge_coefficient": _positive("流量系数", "discharge coefficient", "1", 1.0),
    "upstream_pressure": _positive("容器内绝对压力", "upstream absolute pressure", "Pa"),
    "ambient_pressure": _positive("环境气压", "ambient pressure", "Pa", 200_000.0),
    "liquid_head": _from_zero("液位差", "liquid head", "m", 1000.0),
    "temperature": _positive("温度", "temperature", "K", 5000.0),
    "ambient_temperature": _positive("气温", "ambient temperature", "K", 350.0),
    "upstream_temperature": _positive("容器内温度", "upstream temperature", "K", 5000.0),
    "release_temperature": _positive("释放温度", "release temperature", "K", 5000.0),
    "pool_area": _positive("液池面积", "pool area", "m2"),
    "pool_diameter": _positive("液池直径", "pool diameter", "m"),
    # substance
    "molar_mass": _positive("摩尔质量", "molar mass", "kg/mol", 5.0),
    "liquid_density": _positive("液体密度", "liquid density", "kg/m3", 25_000.0),
    "gas_density": _positive("气体密度", "gas density", "kg/m3", 10_000.0),
    "heat_capacity_ratio": Quantity(title=Text("绝热指数", "heat capacity ratio"), unit="1", low=1.0, high=5 / 3),
    "heat_of_combustion": _positive("燃烧热", "heat of combustion", "J/kg", 1.5e8),
    "latent_heat": _positive("汽化热", "latent heat", "J/kg"),
    "boiling_temperature": _positive("沸点", "boiling temperature", "K", 5000.0),
    # air
    "wind_speed": _positive("风速", "wind speed", "m/s", 120.0),
    "wind_height": _positive("测风高度", "height of the wind measurement", "m", 1000.0),
    "roughness": _positive("地面粗糙度", "roughness length", "m", 10.0),
    "mixing_height": _positive("混合层高度", "mixing height", "m"),
    "relative_humidity": _from_zero("相对湿度", "relative humidity", "1", 1.0),
    "air_density": _positive("空气密度", "air density", "kg/m3", 10.0),
    # harm
    "heat_flux": _from_zero("热辐射通量", "heat flux", "W/m2"),
    "overpressure": _from_zero("超压", "overpressure", "Pa"),
    "impulse": _from_zero("冲量", "impulse", "Pa.s"),
    "blast_yield": _positive("爆炸效率", "blast yield", "1", 1.0),
    "tnt_energy": _positive("TNT 爆炸能", "energy of TNT", "J/kg", 1e7),
    "tnt_mass": _positive("TNT 当量", "TNT equivalent", "kg"),
    "energy": _positive("能量", "energy", "J"),
}
