"""The numbers by which a rule fired, in words and back: what was measured, and what it was measured against."""

import re

from core.texts import Text
from video.rules.kinds import Needs, kinds
from video.rules.rule import Kind, Rule
from video.thresholds import threshold

NAMES: dict[str, Text] = {
    "people": Text("人数", "People"),
    "things": Text("移动物数", "Things that move"),
    "needed": Text("应到", "Needed"),
    "limit": Text("限值", "Limit"),
    "seconds": Text("持续秒数", "Seconds"),
    "after": Text("须持续秒数", "Seconds it must last"),
    "share": Text("占画面比例", "Share of the picture"),
    "share_least": Text("占画面比例门槛", "Least share"),
    "grey": Text("平均灰度", "Mean grey"),
    "grey_limit": Text("平均灰度下限", "Least mean grey"),
    "bits": Text("画面信息量", "Entropy, bits"),
    "bits_limit": Text("画面信息量下限", "Least entropy, bits"),
    "sharp": Text("清晰度", "Sharpness"),
    "sharp_limit": Text("清晰度下限", "Least sharpness"),
    "sharpness": Text("清晰度与平常之比", "Sharpness beside the usual"),
    "sharpness_limit": Text("清晰度与平常之比下限", "Least sharpness beside the usual"),
    "edges": Text("仍在原处的轮廓占比", "Share of outlines still in place"),
    "edges_limit": Text("仍在原处的轮廓占比下限", "Least share of outlines in place"),
    "same": Text("画面不变秒数", "Seconds without any change"),
    "same_least": Text("画面不变秒数门槛", "Seconds without change that count"),
    "measure": Text("量值", "Measured"),
    "votes": Text("判定次数", "Votes"),
    "votes_needed": Text("至少判定次数", "Votes needed"),
    "against": Text("未佩戴占比", "Share of votes against"),
    "against_needed": Text("未佩戴占比门槛", "Share needed"),
    "least": Text("人员最低得分", "Least score of a person"),
}
"""What `Finding.why` and `settings` call each number; by `measure` faults of cameras were told before December 2026."""

LEAST = {Kind.FIRE: "flames.share", Kind.LEFT_OBJECT: "left.smallest"}
"""Kinds that take what covers a share of the picture, and the threshold it is."""

SAID = re.compile(r"(?P<name>[^\s,]+) (?P<value>-?[0-9.]+(?:e-?[0-9]+)?)")
_CODES = {one.zh: code for code, one in NAMES.items()}


def settings(rule: Rule) -> dict[str, float]:
    """What a rule measures against, of what its finding does not say itself."""
    needs = kinds()[rule.kind].needs
    told = {"after": rule.timing.after} if rule.timing.after > 0 else {}
    if rule.kind in LEAST:
        told["share_least"] = threshold(LEAST[rule.kind])
    if needs is Needs.EQUIPMENT:
        return told | {"votes_needed": threshold("equipment.votes"), "against_needed": threshold("equipment.absent")}
    return told | ({"least": rule.least} if needs is Needs.PEOPLE else {})


def words(why: dict[str, float]) -> str:
    """As a row of events keeps it; numbers without a name keep their code."""
    return ",".join(f"{NAMES[name].zh if name in NAMES else name} {value:g}" for name, value in why.items())


def parsed(text: str) -> tuple[tuple[Text, str], ...]:
    """What `words` wrote, each number with its name; what is not of that form is left out."""
    found = (SAID.fullmatch(part.strip()) for part in text.split(","))
    return tuple(
        (NAMES[_CODES[one["name"]]] if one["name"] in _CODES else Text(one["name"], one["name"]), one["value"])
        for one in found
        if one is not None
    )
