"""Watching: each rule asked of each look, its condition turned into one event per episode."""

from collections.abc import Callable
from dataclasses import replace

from core.units import Second
from video.episodes import Episode, Turn, advanced
from video.look import Look
from video.rules.equipment import unequipped
from video.rules.people import absence, crowding, intrusion, loitering, movement
from video.rules.rule import Change, Finding, Kind, Memory, Rule
from video.rules.scenes import fault, fire, left_object, smoke

Condition = Callable[[Rule, Memory, Look], Finding]
CONDITIONS: dict[Kind, Condition] = {
    Kind.INTRUSION: intrusion, Kind.ABSENCE: absence, Kind.CROWDING: crowding, Kind.LOITERING: loitering,
    Kind.MOVEMENT: movement, Kind.NO_HELMET: unequipped, Kind.NO_VEST: unequipped,
    Kind.LEFT_OBJECT: left_object, Kind.FIRE: fire, Kind.SMOKE: smoke,
    Kind.BLACK: fault, Kind.FROZEN: fault, Kind.OCCLUDED: fault, Kind.DEFOCUSED: fault, Kind.MOVED: fault,
}  # fmt: skip
FAULTS = frozenset({Kind.BLACK, Kind.FROZEN, Kind.OCCLUDED, Kind.DEFOCUSED, Kind.MOVED})
"""Kinds of the whole picture: their zone is not asked."""

OWN_CLOCK = frozenset({Kind.LOITERING, Kind.LEFT_OBJECT})
"""Kinds whose condition counts the time by itself."""


def watched(rules: tuple[Rule, ...], memories: dict[str, Memory], look: Look) -> tuple[dict[str, Memory], list[Change]]:
    """What each rule remembers after a look, and what was raised or ended by it."""
    now: dict[str, Memory] = {}
    changes: list[Change] = []
    for rule in rules:
        found = CONDITIONS[rule.kind](rule, memories.get(rule.id, Memory()), look)
        timing = replace(rule.timing, after=0.0) if rule.kind in OWN_CLOCK else rule.timing
        before = found.memory.episode
        if found.holds and before.began is None and found.began is not None:
            before = Episode(began=found.began, held=look.at)
        if not found.holds and not look.healthy and before.raised is not None and rule.kind not in FAULTS:
            now[rule.id] = found.memory  # whoever covers a lens is not gone for that
            continue
        after, turn = advanced(before, look.at, found.holds, timing)
        if turn is not Turn.NONE:
            assert after.began is not None
            assert after.held is not None
            changes.append(
                Change(rule=rule, turn=turn, began=after.began, at=look.at, held=after.held, boxes=found.boxes,
                       why=found.why)
            )  # fmt: skip
        after = Episode() if turn is Turn.ENDED else after
        now[rule.id] = found.memory if after is found.memory.episode else replace(found.memory, episode=after)
    return now, changes


def ended(rules: tuple[Rule, ...], memories: dict[str, Memory], at: Second) -> list[Change]:
    """Events still running when a stream ends."""
    running = [(rule, memories[rule.id].episode) for rule in rules if rule.id in memories]
    return [
        Change(rule=rule, turn=Turn.ENDED, began=one.began, at=at, held=one.held)
        for rule, one in running
        if one.raised is not None and one.began is not None and one.held is not None
    ]
