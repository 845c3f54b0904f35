"""What may be chosen in a scenario, taken from its own form: kinds of release, their fields, weather, substances."""

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from core.texts import Lang, Text
from core.units import Unit
from dashboards.queries.readings import STALE_AFTER
from emergency.chain import CHAINS
from emergency.chemicals import substances
from emergency.models.dispersion.air import Stability, Terrain
from emergency.models.sources.vessel import Shape
from emergency.quantities import QUANTITIES
from emergency.releases import ESCAPES, BlastModel, Ignited
from emergency.scenario import Choice, Ground, Period, Release, Weather
from emergency.written import SPELLINGS, Scale

KINDS = {
    "direct": Text("给定速率连续泄漏", "Given rate"),
    "instantaneous": Text("瞬时全部泄漏", "All at once"),
    "liquid-hole": Text("液相孔泄漏", "Liquid through a hole"),
    "gas-hole": Text("气相孔泄漏", "Gas through a hole"),
    "pool": Text("液池蒸发", "Evaporating pool"),
    "pool-fire": Text("池火", "Pool fire"),
    "jet-fire": Text("喷射火", "Jet fire"),
    "fireball": Text("火球", "Fireball"),
    "vapour-cloud-explosion": Text("蒸气云爆炸(给定质量)", "Vapour cloud explosion of a known mass"),
    "flash-fire": Text("闪火(泄漏后延迟点火)", "Flash fire, lit late"),
    "vapour-cloud": Text("气云爆炸(泄漏后延迟点火)", "Explosion of a leak's cloud, lit late"),
    "vessel-burst": Text("容器物理爆炸", "Bursting vessel"),
    "tnt": Text("凝聚相爆炸(TNT 当量)", "Condensed explosive (as TNT)"),
}
STABILITIES = {
    Stability.A: Text("A 极不稳定", "A very unstable"),
    Stability.B: Text("B 不稳定", "B unstable"),
    Stability.C: Text("C 弱不稳定", "C slightly unstable"),
    Stability.D: Text("D 中性", "D neutral"),
    Stability.E: Text("E 弱稳定", "E slightly stable"),
    Stability.F: Text("F 稳定", "F stable"),
}
WORDS = {
    **{str(one): text for one, text in STABILITIES.items()},
    str(Terrain.RURAL): Text("乡村", "rural"),
    str(Terrain.URBAN): Text("城市", "urban"),
    str(Period.DAY): Text("白天", "day"),
    str(Period.NIGHT): Text("夜间", "night"),
    str(Choice.AUTO): Text("自动选择", "automatic"),
    str(Choice.PASSIVE): Text("被动扩散", "passive"),
    str(Choice.DENSE): Text("重气扩散", "dense gas"),
    str(Shape.HORIZONTAL): Text("卧式圆筒", "horizontal cylinder"),
    str(Shape.VERTICAL): Text("立式圆筒", "vertical cylinder"),
    str(Shape.SPHERE): Text("球罐", "sphere"),
    str(Choice.INTEGRAL): Text("重气积分模型", "integral model"),
    str(Choice.SLAB): Text("SLAB 积分模型", "SLAB"),
    "low": Text("低", "low"),
    "medium": Text("中", "medium"),
    "high": Text("高", "high"),
    str(BlastModel.BAKER_STREHLOW_TANG): Text("Baker-Strehlow-Tang", "Baker-Strehlow-Tang"),
    str(BlastModel.ALOHA): Text("ALOHA 的 BST 拟合", "as in ALOHA"),
    str(BlastModel.TNT): Text("TNT 当量", "TNT equivalence"),
    "aegl": Text("AEGL", "AEGL"),
    "erpg": Text("ERPG", "ERPG"),
}
TITLES = {
    "wind_from": Text("风向(来向)", "wind from"),
    "mixing_height": Text("混合层高度", "mixing height"),
    "leak": Text("泄漏方式", "how it escapes"),
    "reactivity": Text("燃料反应性", "reactivity of the fuel"),
    "congestion": Text("拥塞程度", "congestion"),
    "blast_model": Text("爆炸模型", "blast model"),
    "vessel_shape": Text("容器形状", "shape of the vessel"),
    "stability": Text("大气稳定度", "stability class"),
    "terrain": Text("地表", "terrain"),
}
"""Fields that are no quantity of their own."""
SHOWN = {"K": "℃", "1": "%", "Pa": "kPa"}
SHOWN_OF = {"hole_diameter": "mm", "duration": "min"}
"""The units a form is filled in where people use another than SI: of a unit, and of one field."""


def choices(lang: Lang) -> dict[str, Any]:
    """Kinds with their fields, and what else a form of a scenario offers."""
    return {
        "kinds": [_kind(one, lang) for one in get_args(Release)],
        "weather": [*_fields(Weather, lang, leave=("source", "observed_at"))],
        "ground": [*_fields(Ground, lang)],
        "stability": _listed(Stability, lang),
        "period": _listed(Period, lang),
        "model": _listed(Choice, lang),
        "levels": _listed(("aegl", "erpg"), lang),
        "stale_after": STALE_AFTER,
        "chemicals": [
            {"cas": one.cas, "name": one.name.of(lang), "un": list(one.un)}
            for one in substances().values()
            if one.cas
        ],
    }  # fmt: skip


def word(value: object, lang: Lang) -> str:
    """A choice as it is read; itself where it has no words."""
    found = WORDS.get(str(value)) or KINDS.get(str(value))
    return str(value) if found is None else found.of(lang)


def _listed(values: Any, lang: Lang) -> list[dict[str, str]]:
    return [{"id": str(one), "title": word(one, lang)} for one in values]


def _kind(part: type[BaseModel], lang: Lang) -> dict[str, Any]:
    name = get_args(part.model_fields["kind"].annotation)[0]
    fields = [*_fields(part, lang, leave=("kind",))]
    if issubclass(part, Ignited):
        fields = [told | _leaks(told["name"]) for told in fields]
    return {"id": name, "title": word(name, lang), "computable": name in CHAINS, "fields": fields}


def _leaks(name: str) -> dict[str, Any]:
    """Which ways to escape ask for a field, where it is not for all of them, and which cannot do without it."""
    if name not in Ignited.model_fields or name == "leak":
        return {}
    asked = {str(leak): kind.model_fields[name] for leak, kind in ESCAPES.items() if name in kind.model_fields}
    return {"leaks": [*asked], "needed": [leak for leak, field in asked.items() if field.is_required()]}


def _fields(part: type[BaseModel], lang: Lang, leave: tuple[str, ...] = ()) -> Iterator[dict[str, Any]]:
    for name, field in part.model_fields.items():
        if name not in leave:
            yield _field(name, field, lang)


def _field(name: str, field: FieldInfo, lang: Lang) -> dict[str, Any]:
    quantity = QUANTITIES.get(name)
    title = TITLES.get(name) or (quantity.title if quantity else Text(name, name))
    unit = _unit(field)
    told: dict[str, Any] = {"name": name, "title": title.of(lang), "unit": unit, "required": field.is_required()}
    if not field.is_required():
        told["default"] = None if field.default is None else field.default
    if unit:
        told["shown"] = _shown(name, unit)
        told["ways"] = [way for way in SPELLINGS.get(unit, {}) if way]
    elif isinstance(field.annotation, type):
        told["options"] = _listed(field.annotation, lang)
    if quantity is not None:
        told |= {
            "low": quantity.low if quantity.low > float("-inf") else None,
            "high": quantity.high if quantity.high < float("inf") else None, "open_low": quantity.open_low,
        }  # fmt: skip
    return told


def _shown(name: str, unit: str) -> dict[str, str | float]:
    """How the form writes it: SI is factor times what is shown, plus the offset."""
    way = SHOWN_OF.get(name) or SHOWN.get(unit, unit)
    scale = SPELLINGS.get(unit, {}).get(way, Scale(1))
    return {"unit": way, "factor": scale.factor, "offset": scale.offset}


def _unit(field: FieldInfo) -> str:
    """The unit of a field, also of one that may be left out."""
    marks = [
        *field.metadata,
        *(mark for part in get_args(field.annotation) for mark in getattr(part, "__metadata__", ())),
    ]
    return next((mark.symbol for mark in marks if isinstance(mark, Unit)), "")
