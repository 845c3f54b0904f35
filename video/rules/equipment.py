"""Rules about what people wear, by the votes of a track: a single frame says nothing."""

from dataclasses import replace

import numpy as np

from video.equipment.stills import HELMET, VEST
from video.look import Look
from video.rules.rule import Finding, Kind, Memory, Rule
from video.thresholds import threshold
from video.tracker import Track

ENOUGH = int(threshold("equipment.votes"))
ABSENT = threshold("equipment.absent")
UNLIKELY, LIKELY = threshold("equipment.unlikely"), threshold("equipment.likely")
KEPT = 3 * ENOUGH
"""Votes a track keeps: who takes the hat off is found again, and one turn of the head is not."""

THING = {Kind.NO_HELMET: HELMET, Kind.NO_VEST: VEST}


def unequipped(rule: Rule, memory: Memory, look: Look) -> Finding:
    """Somebody in the zone was judged often enough, and most votes are against; the doubtful count for neither."""
    votes = {one.id: memory.votes.get(one.id, ()) for one in look.tracks if one.id in memory.votes}
    for track, worn in look.equipment.get(THING[rule.kind], {}).items():
        if worn <= UNLIKELY or worn >= LIKELY:
            votes[track] = (*votes.get(track, ()), (look.at, worn <= UNLIKELY))[-KEPT:]
    within = [one for one in look.tracks if _within(rule, one, look)]
    bare = [one for one in within if _share(votes.get(one.id, ())) >= ABSENT]
    return Finding(
        holds=bool(bare), memory=replace(memory, votes=votes),
        began=min((votes[one.id][0][0] for one in bare), default=None), boxes=tuple(one.box for one in bare),
        why={} if not bare else {
            "people": float(len(bare)), "against": round(max(_share(votes[one.id]) for one in bare), 2),
            "votes": float(max(len(votes[one.id]) for one in bare)),
        },
    )  # fmt: skip


def _within(rule: Rule, one: Track, look: Look) -> bool:
    return (
        one.confirmed() and look.at - one.seen <= rule.timing.bridge and bool(rule.zone.holds(np.array([one.foot]))[0])
    )


def _share(votes: tuple[tuple[float, bool], ...]) -> float:
    """The share of votes against, none where they are too few."""
    return sum(against for _, against in votes) / len(votes) if len(votes) >= ENOUGH else 0.0
