"""Rules about people: who stands where, how many, and for how long."""

from dataclasses import replace
from statistics import median

import numpy as np

from core.units import Second
from video.detections import Detections, Floats
from video.look import Look
from video.rules.rule import Finding, Memory, Rule
from video.thresholds import threshold
from video.tracker import Track

SPAN: Second = threshold("people.span")
STRIDE, FAR = threshold("people.stride"), threshold("movers.stride")


def intrusion(rule: Rule, memory: Memory, look: Look) -> Finding:
    """Somebody stands in the zone, met several times and moving."""
    entered = _entered(rule, memory, look.at, look.tracks, still=look.still)
    within = [one for one in look.tracks if one.id in entered and _somebody(one)]
    return Finding(
        holds=bool(within), memory=_with(memory, entered), began=_first(within, entered),
        boxes=tuple(one.box for one in within), why={"people": float(len(within))},
    )  # fmt: skip


def movement(rule: Rule, memory: Memory, look: Look) -> Finding:
    """Something moves in the zone, whatever it is: asked of the picture alone, so that it says nothing of people."""
    entered = _entered(rule, memory, look.at, look.movers)
    within = [one for one in look.movers if one.id in entered and one.confirmed() and one.went >= FAR]
    return Finding(
        holds=bool(within) and look.healthy, memory=_with(memory, entered), began=_first(within, entered),
        boxes=tuple(one.box for one in within), why={"things": float(len(within))},
    )  # fmt: skip


def loitering(rule: Rule, memory: Memory, look: Look) -> Finding:
    """The same person has been in the zone for as long as the rule says."""
    entered = _entered(rule, memory, look.at, look.tracks, still=look.still)
    within = [one for one in look.tracks if one.id in entered and _somebody(one)]
    staying = [one for one in within if look.at - entered[one.id] >= rule.timing.after]
    longest = max((look.at - entered[one.id] for one in staying), default=0.0)
    return Finding(
        holds=bool(staying), memory=_with(memory, entered), began=_first(staying, entered),
        boxes=tuple(one.box for one in staying), why={"seconds": round(longest, 1)},
    )  # fmt: skip


def absence(rule: Rule, memory: Memory, look: Look) -> Finding:
    """Fewer people than the post needs, once they have been seen there; a blind camera says nothing of them."""
    if look.people is None or not look.healthy:
        return Finding(holds=False, memory=memory)
    inside = _inside(rule, memory, look.people)
    there = len(inside)
    met = memory.met or there >= rule.people
    return Finding(
        holds=met and there < rule.people, memory=replace(memory, met=met, inside=(look.people, inside)),
        why={"people": float(there), "needed": float(rule.people)},
    )  # fmt: skip


def crowding(rule: Rule, memory: Memory, look: Look) -> Finding:
    """More people than the zone may hold, by the middle count of three seconds."""
    if look.people is None:
        return Finding(holds=False, memory=memory)
    inside = _inside(rule, memory, look.people)
    counts = (*(one for one in memory.counts if look.at - one[0] <= SPAN), (look.at, len(inside)))
    middle = median([count for _, count in counts])
    return Finding(
        holds=middle > rule.people, memory=replace(memory, counts=counts, inside=(look.people, inside)),
        began=next((at for at, count in counts if count > rule.people), None), boxes=tuple(inside),
        why={"people": float(middle), "limit": float(rule.people)},
    )  # fmt: skip


def _somebody(one: Track) -> bool:
    return one.confirmed() and one.went >= STRIDE


def _first(some: list[Track], entered: dict[int, Second]) -> Second | None:
    return min((entered[one.id] for one in some), default=None)


def _with(memory: Memory, entered: dict[int, Second]) -> Memory:
    return memory if entered == memory.entered else replace(memory, entered=entered)


def _inside(rule: Rule, memory: Memory, people: Detections) -> Floats:
    """The boxes of those in the zone; the same people, where nothing moved, are not asked for again."""
    if memory.inside is not None and memory.inside[0] is people:
        return memory.inside[1]
    sure = people.of("person", rule.least)
    inside: Floats = sure.boxes[rule.zone.meets(sure.boxes)]
    return inside


def _entered(
    rule: Rule, memory: Memory, at: Second, tracks: tuple[Track, ...], *, still: bool = False
) -> dict[int, Second]:
    """Since when each track has been in the zone; who is inside leaves by the wider edge, or by not being seen."""
    there = [one for one in tracks if at - one.seen <= rule.timing.bridge]
    if still:
        return {one.id: memory.entered[one.id] for one in there if one.id in memory.entered}
    now: dict[int, Second] = {}
    for already in (False, True):
        some = [one for one in there if (one.id in memory.entered) is already]
        if some:
            inside = rule.zone.holds(np.array([one.foot for one in some]), already=already)
            now |= {
                one.id: memory.entered.get(one.id, one.seen) for one, holds in zip(some, inside, strict=True) if holds
            }
    return now
