"""Rules about the scene and the camera: what the picture itself says, without a detector."""

import numpy as np

from video.look import Blob, Look
from video.rules.rule import Finding, Memory, Rule


def left_object(rule: Rule, memory: Memory, look: Look) -> Finding:
    """Something that was not there stands in the zone and nobody is with it."""
    waited = tuple(one for one in look.left if look.at - one.since >= rule.timing.after)
    return _blobs(rule, memory, waited)


def fire(rule: Rule, memory: Memory, look: Look) -> Finding:
    """What may be flames; suspected, until a person has looked."""
    return _blobs(rule, memory, look.flames)


def smoke(rule: Rule, memory: Memory, look: Look) -> Finding:
    """What may be smoke; suspected, until a person has looked."""
    return _blobs(rule, memory, look.smoke)


def fault(rule: Rule, memory: Memory, look: Look) -> Finding:
    """The camera shows nothing, nothing new, nothing sharp, something in front, or another place."""
    measured = look.faults.get(rule.kind.value)
    return Finding(holds=measured is not None, memory=memory, why=measured or {})


def _blobs(rule: Rule, memory: Memory, blobs: tuple[Blob, ...]) -> Finding:
    if not blobs:
        return Finding(holds=False, memory=memory)
    boxes = np.stack([one.box for one in blobs])
    within = [one for one, inside in zip(blobs, rule.zone.meets(boxes), strict=True) if inside]
    return Finding(
        holds=bool(within), memory=memory, began=min((one.since for one in within), default=None),
        boxes=tuple(one.box for one in within), why={} if not within else within[0].why,
    )  # fmt: skip
