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
    "farthest": _positive("最远计算距离", "how far it is followed", "m", 1e6),
    "release_height": _from_zero("释放高度", "release height", "m"),
    "sigma_y": _positive("横风向扩散参数", "crosswind sigma", "m"),
    "latitude": Quantity(title=Text("纬度", "latitude"), unit="deg", low=-90.0, high=90.0),
    # times
    "time": _from_zero("释放后时间", "time since release", "s"),
    "duration": _positive("持续时间", "duration", "s"),
    "exposure_time": _positive("暴露时间", "exposure time", "s"),
    "averaging_time": _positive("平均时间", "averaging time", "s"),
    # release
    "mass_rate": _positive("泄漏速率", "mass rate", "kg/s"),
    "mass": _positive("质量", "mass", "kg"),
    "cloud_volume": _positive("云团初始体积", "initial volume of the cloud", "m3"),
    "initial_fraction": _positive("云团初始体积分数", "part of gas in the cloud at the start", "1", 1.0),
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
    "liquid_fraction": Quantity(title=Text("液相质量分数", "mass fraction of liquid"), unit="1", low=0.0, high=0.999),
    "source_area": _positive("源面积", "area of the source", "m2"),
    "pool_area": _positive("液池面积", "pool area", "m2"),
    "pool_diameter": _positive("液池直径", "pool diameter", "m"),
    "stack_diameter": _positive("烟囱出口内径", "inner diameter of the stack", "m", 100.0),
    "exit_velocity": _positive("出口流速", "exit velocity", "m/s", 2000.0),
    "exit_temperature": _positive("出口温度", "exit temperature", "K", 5000.0),
    # substance
    "molar_mass": _positive("摩尔质量", "molar mass", "kg/mol", 5.0),
    "liquid_density": _positive("液体密度", "liquid density", "kg/m3", 25_000.0),
    "gas_density": _positive("气体密度", "gas density", "kg/m3", 10_000.0),
    "heat_capacity_ratio": Quantity(title=Text("绝热指数", "heat capacity ratio"), unit="1", low=1.0, high=5 / 3),
    "heat_of_combustion": _positive("燃烧热", "heat of combustion", "J/kg", 1.5e8),
    "latent_heat": _positive("汽化热", "latent heat", "J/kg"),
    "boiling_temperature": _positive("沸点", "boiling temperature", "K", 5000.0),
    "vapour_heat_capacity": _positive("蒸气比热容", "heat capacity of the vapour", "J/(kg.K)", 20_000.0),
    "saturation_b": _positive("饱和蒸气压常数 B", "constant B of the vapour pressure", "K", 20_000.0),
    "saturation_c": _any("饱和蒸气压常数 C", "constant C of the vapour pressure", "K"),
    "liquid_heat_capacity": _positive("液体比热容", "heat capacity of the liquid", "J/(kg.K)", 20_000.0),
    "compressibility": _positive("压缩因子", "compressibility factor", "1", 2.0),
    "critical_temperature": _positive("临界温度", "critical temperature", "K", 10_000.0),
    "critical_pressure": _positive("临界压力", "critical pressure", "Pa"),
    "acentric_factor": _any("偏心因子", "acentric factor", "1"),
    "pressure": _positive("绝对压力", "absolute pressure", "Pa"),
    "vapour_pressure": _positive("蒸气压", "vapour pressure", "Pa"),
    # air
    "wind_speed": _positive("风速", "wind speed", "m/s", 120.0),
    "wind_height": _positive("测风高度", "height of the wind measurement", "m", 1000.0),
    "roughness": _positive("地面粗糙度", "roughness length", "m", 10.0),
    "mixing_height": _positive("混合层高度", "mixing height", "m"),
    "relative_humidity": _from_zero("相对湿度", "relative humidity", "1", 1.0),
    "air_density": _positive("空气密度", "air density", "kg/m3", 10.0),
    "inverse_obukhov": _any("奥布霍夫长度的倒数", "inverse of the Obukhov length", "1/m"),
    "obukhov_length": _any("奥布霍夫长度", "Obukhov length", "m"),
    "solar_radiation": _from_zero("太阳辐射", "solar radiation", "W/m2", 1400.0),
    "temperature_difference": _any("垂直温差", "vertical temperature difference", "K"),
    "temperature_gradient": _any("位温梯度", "gradient of potential temperature", "K/m"),
    # harm
    "probability": _from_zero("概率", "probability", "1", 1.0),
    "volume_fraction": _from_zero("体积分数", "volume fraction", "1", 1.0),
    "concentration": _from_zero("质量浓度", "mass concentration", "kg/m3"),
    "probit_a": _any("概率函数常数 a", "probit constant a", "1"),
    "probit_b": _positive("概率函数系数 b", "probit slope b", "1"),
    "probit_n": _positive("毒性指数 n", "toxic exponent n", "1", 20.0),
    "fraction_indoors": _from_zero("室内人员比例", "share of people indoors", "1", 1.0),
    "indoor_factor": _from_zero("室内折减系数", "indoor factor", "1", 1.0),
    "structure_height": _positive("建筑高度", "height of the building", "m", 1000.0),
    "indoor_temperature": _positive("室内温度", "indoor temperature", "K", 350.0),
    "time_constant": _positive("渗入时间常数", "time constant of infiltration", "s"),
    "clothing_factor": _from_zero("衣物折减系数", "clothing factor", "1", 1.0),
    "heat_flux": _from_zero("热辐射通量", "heat flux", "W/m2"),
    "overpressure": _from_zero("超压", "overpressure", "Pa"),
    "impulse": _from_zero("冲量", "impulse", "Pa.s"),
    "blast_yield": _positive("爆炸效率", "blast yield", "1", 1.0),
    "tnt_energy": _positive("TNT 爆炸能", "energy of TNT", "J/kg", 1e7),
    "tnt_mass": _positive("TNT 当量", "TNT equivalent", "kg"),
    "energy": _positive("能量", "energy", "J"),
    # risk
    "event_frequency": _from_zero("事件频率", "event frequency", "1/a"),
    "risk": _from_zero("个人风险", "individual risk", "1/a"),
    "threshold": _positive("风险界限", "risk threshold", "1/a"),
    "upper_limit": _positive("不可接受界限", "limit of the intolerable", "1/a"),
    "lower_limit": _positive("可接受界限", "limit of the broadly acceptable", "1/a"),
    "weather_probability": _from_zero("天气与风向的概率", "probability of the weather and wind direction", "1", 1.0),
    "immediate_ignition": _from_zero("立即点火概率", "probability of immediate ignition", "1", 1.0),
    "delayed_ignition": _from_zero("延迟点火概率", "probability of delayed ignition", "1", 1.0),
    "share_explosion": _from_zero("延迟点火中爆炸的份额", "share of explosions in delayed ignition", "1", 1.0),
    "presence": _from_zero("在场时间比例", "share of time present", "1", 1.0),
    "fatalities": _from_zero("死亡人数", "fatalities", "1"),
    "loss_of_life": _from_zero("潜在生命损失", "potential loss of life", "1/a"),
    "exposed_hours": _positive("年暴露人时", "exposed person-hours a year", "h/a"),
    "fatal_accident_rate": _from_zero("每亿工时死亡人数", "fatalities in 1e8 exposed hours", "1"),
    "upper_fatalities": _positive("上限锚点人数", "fatalities at the upper anchor", "1"),
    "upper_frequency": _positive("上限锚点频率", "frequency at the upper anchor", "1/a"),
    "lower_fatalities": _positive("下限锚点人数", "fatalities at the lower anchor", "1"),
    "lower_frequency": _positive("下限锚点频率", "frequency at the lower anchor", "1/a"),
    "slope": _any("对数斜率", "slope in logarithms", "1"),
    "frequency_reduction": _from_zero("频率降低量", "reduction of frequency", "1/a"),
    "value": _from_zero("避免一次事件的价值", "value of preventing one event", "1"),
    "years": _positive("年数", "years", "1"),
    "disproportion_factor": Quantity(title=Text("不相称系数", "disproportion factor"), unit="1", low=1.0),
    "sectors": Quantity(title=Text("风向扇区数", "number of wind sectors"), unit="1", low=1.0, high=360.0),
    "cutoff": _positive("致死率截止值", "lethality cut-off", "1", 1.0),
    # blast
    "scaled_distance": _positive("比距", "scaled distance", "m/kg^(1/3)"),
    "flame_mach": _positive("火焰马赫数", "flame Mach number", "1", 20.0),
    "sound_speed": _positive("声速", "speed of sound", "m/s", 1000.0),
    "burst_pressure": _positive("爆破时容器内绝对压力", "absolute pressure at burst", "Pa"),
    "gas_volume": _positive("气体体积", "volume of gas", "m3"),
    # fire
    "wind": _from_zero("风速(可为零)", "wind speed, calm too", "m/s", 120.0),
    "burning_flux": _positive("燃烧通量", "burning flux", "kg/(m2.s)", 10.0),
    "large_pool_flux": _positive("大池燃烧通量", "burning flux of a large pool", "kg/(m2.s)", 10.0),
    "extinction": _positive("消光系数 kβ", "extinction kβ", "1/m"),
    "flame_length": _positive("火焰长度", "length of the flame", "m"),
    "flame_radius": _positive("火焰半径", "radius of the flame", "m"),
    "tilt": Quantity(title=Text("火焰倾角", "tilt of the flame"), unit="deg", low=-89.9, high=89.9),
    "distance_over_radius": _positive("距离与半径之比", "distance in radii", "1"),
    "length_over_radius": _positive("长度与半径之比", "length in radii", "1"),
    "radiative_fraction": _positive("辐射份额", "radiated share", "1", 1.0),
    "soot_fraction": _from_zero("烟遮蔽份额", "share hidden by smoke", "1", 1.0),
    "soot_power": _from_zero("烟的表面辐射", "emissive power of smoke", "W/m2"),
    "transmitted": _positive("已知透射率", "known transmissivity", "1", 1.0),
    "vapour_path": _from_zero("水汽分压与路径之积", "vapour pressure times path", "Pa"),
    "flammability_limit": _positive("爆炸下限(体积分数)", "lower flammability limit", "1", 1.0),
    "from_wind": Quantity(
        title=Text("喷射与风向夹角", "angle of the jet to the wind"), unit="deg", low=0.0, high=180.0
    ),
    "elevation": Quantity(title=Text("喷射仰角", "elevation of the jet"), unit="deg", low=-90.0, high=90.0),
    "bearing": Quantity(
        title=Text("喷射方位(自下风向)", "direction of the jet from downwind"), unit="deg", low=-360.0, high=360.0
    ),
    "air_viscosity": _positive("空气运动粘度", "kinematic viscosity of air", "m2/s", 1e-3),
    # vessels and pools
    "pipe_length": _from_zero("短管长度", "length of the short pipe", "m", 1000.0),
    "hole_height": _from_zero("孔距底高度", "height of the hole above the bottom", "m", 1000.0),
    "vessel_volume": _positive("容器容积", "volume of the vessel", "m3", 1e7),
    "vessel_diameter": _positive("容器直径", "vessel diameter", "m", 500.0),
    "vessel_length": _positive("容器长度或高度", "length or height of the vessel", "m", 1000.0),
    "fill_fraction": _from_zero("充装率", "fill fraction", "1", 1.0),
    "time_limit": _positive("计算时限", "time limit", "s"),
    "pool_thickness": _positive("液池厚度", "pool thickness", "m", 100.0),
    "spill_volume": _positive("泄漏体积", "spilt volume", "m3"),
    "ground_temperature": _positive("地面温度", "ground temperature", "K", 350.0),
    "cloud_cover": _from_zero("云量", "cloud cover", "1", 1.0),
    "solar_elevation": Quantity(title=Text("太阳高度角", "elevation of the sun"), unit="deg", low=-90.0, high=90.0),
}
