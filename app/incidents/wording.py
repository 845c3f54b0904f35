"""Inputs of a scenario in words: their titles, and what has changed of them, in both languages."""

import re
from collections.abc import Sequence

from app.incidents.prefill import Prefill, fields_of, offered_in
from core.clock import CHINA
from core.texts import Lang, Text
from dashboards.planner.choices import word
from dashboards.queries.wording import compass
from emergency.incidents.changes import Change
from emergency.zones import Cut, Zone
from gis.shapes import LonLat

TITLES: dict[str, Text] = {
    "chemical": Text("化学品", "Chemical"), "place": Text("释放点", "Source"), "place.lon": Text("经度", "Longitude"),
    "place.lat": Text("纬度", "Latitude"), "period": Text("时段", "Period"), "levels": Text("限值", "Levels"),
    "model": Text("扩散模型", "Dispersion model"), "begun_at": Text("释放开始时间", "Release began at"),
}  # fmt: skip


def titled(kind: str, name: str) -> Text:
    """What an input of a kind of release is called on the form."""
    if name in TITLES:
        return TITLES[name]
    part, _, rest = name.partition(".")
    found = []
    for lang in (Lang.ZH, Lang.EN):
        offered = fields_of(kind, lang) if part == "release" else offered_in(lang).get(part, [])
        found.append(next((str(one["title"]) for one in offered if one["name"] == rest), name))
    return Text(*found)


def projected_words(kind: str, what: Sequence[Change], filled: Prefill, zones: Sequence[Zone]) -> Text:
    """What has changed, as of when, and how far the zones reach: amounts are named and not told."""
    told = [_change(kind, one) for one in what]
    wind = next((filled.of(one.name) for one in what if one.name.startswith("weather.")), None)
    origin = None if wind is None else wind.origin
    known = origin is not None and origin.at is not None
    at = f"{origin.at.astimezone(CHINA):%H:%M} " if origin is not None and origin.at is not None else ""
    reach = [_reach(one) for one in sorted(zones, key=lambda one: one.level.severity)]
    return Text(
        f"{at}{filled.station_title + ':' if known else ''}{','.join(one.zh for one in told)}。"
        + ",".join(one.zh for one in reach),
        f"{at}{', '.join(one.en for one in told)}. " + ", ".join(one.en for one in reach),
    )


def _reach(zone: Zone) -> Text:
    far = f"{zone.distance / 1000:.2f} km" if zone.distance >= 1000.0 else f"{zone.distance:.0f} m"
    least = "≥ " if zone.cut is not Cut.NONE else ""
    zh, en = (re.split(r"[ ·(\uff08]", name)[0] for name in (zone.level.name.zh, zone.level.name.en))
    if not zone.reached:
        return Text(f"{zh} 未达到", f"{en} not reached")
    return Text(f"{zh} {least}{far}", f"{en} {least}{far}")


def _change(kind: str, one: Change) -> Text:
    title = titled(kind, one.name)
    if one.name == "weather.wind_from" and isinstance(one.before, float | int) and isinstance(one.after, float | int):
        was, now = compass(float(one.before)), compass(float(one.after))
        return Text(
            f"风向由{was.zh}风({one.before:.0f}°)变为{now.zh}风({one.after:.0f}°)",
            f"wind from {was.en} ({one.before:.0f}°), now {now.en} ({one.after:.0f}°)",
        )
    if one.name == "weather.wind_speed" and isinstance(one.before, float | int) and isinstance(one.after, float | int):
        return Text(
            f"风速由 {one.before:.1f} m/s 变为 {one.after:.1f} m/s",
            f"wind {one.before:.1f} m/s, now {one.after:.1f} m/s",
        )
    if one.name == "weather.ambient_temperature" and isinstance(one.before, float) and isinstance(one.after, float):
        was_, now_ = f"{one.before - 273.15:.0f}", f"{one.after - 273.15:.0f}"
        return Text(f"气温由 {was_} ℃变为 {now_} ℃", f"air {was_} °C, now {now_} °C")
    if isinstance(one.after, str) and not isinstance(one.before, LonLat):
        after = Text(word(one.after, Lang.ZH), word(one.after, Lang.EN))
        return Text(f"{title.zh}变为 {after.zh}", f"{title.en} is {after.en} now")
    return Text(f"{title.zh}有变化", f"{title.en} has changed")
