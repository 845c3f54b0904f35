"""The numbers by which a rule fired, in words and back: what was measured, and what it was measured against."""

import re

from core.texts import Text
from video.rules.kinds import Needs, kinds
from video.rules.rule import Rule
from video.thresholds import threshold

NAMES: dict[str, Text] = {
    "people": Text("人数", "People"),
    "things": Text("移动物数", "Things that move"),
    "needed": Text("应到", "Needed"),
    "limit": Text("限值", "Limit"),
    "seconds": Text("持续秒数", "Seconds"),
    "after": Text("须持续秒数", "Seconds it must last"),
    "share": Text("占画面比例", "Share of the picture"),
    "measure": Text("量值", "Measured"),
    "votes": Text("判定次数", "Votes"),
    "votes_needed": Text("至少判定次数", "Votes needed"),
    "against": Text("未佩戴占比", "Share of votes against"),
    "against_needed": Text("未佩戴占比门槛", "Share needed"),
    "least": Text("人员最低得分", "Least score of a person"),
}
"""What `Finding.why` and `settings` call each number."""

SAID = re.compile(r"(?P<name>[^\s,]+) (?P<value>-?[0-9.]+(?:e-?[0-9]+)?)")
_CODES = {one.zh: code for code, one in NAMES.items()}


def settings(rule: Rule) -> dict[str, float]:
    """What a rule measures against, of what its finding does not say itself."""
    needs = kinds()[rule.kind].needs
    told = {"after": rule.timing.after} if rule.timing.after > 0 else {}
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
