"""Analysis of one stream: frames in, looks made, rules asked, changes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from core.texts import Text
from core.units import Second
from video.detections import NOTHING, Detections, Image
from video.detectors import Detector
from video.episodes import Episode
from video.equipment.classifier import Classifier
from video.equipment.crops import judged
from video.gate import Gate
from video.geometry.ground import GroundPlane, Size
from video.grounding import Placed, Trail, placed
from video.look import Look
from video.rules.equipment import THING
from video.rules.kinds import MISSING, OUTSIDE, Needs, kinds
from video.rules.rule import Change, Kind, Memory, Rule
from video.rules.watching import FAULTS, ended, watched
from video.scene.flames import Flames
from video.scene.health import WIDTH as GREY
from video.scene.health import Grey, Health, small
from video.scene.left import LeftThings
from video.scene.movers import Movers, scale_of
from video.scene.smoke import Smoke
from video.shrinking import halfway
from video.thresholds import threshold
from video.tracker import Tracks, followed, stayed

BLIND = frozenset({"black", "occluded", "frozen"})
"""Faults by which the picture says nothing of who is there."""

JOINS, LEAST = threshold("people.joins"), threshold("people.least")
EVIDENCE = int(threshold("evidence.width"))


@dataclass(slots=True, kw_only=True)
class Analyst:
    """One camera's rules and all that is remembered of its picture; frames come with the clock of their stream."""

    rules: tuple[Rule, ...]
    detector: Detector | None = None
    classifier: Classifier | None = None
    memories: dict[str, Memory] = field(default_factory=dict)
    tracks: Tracks = field(default_factory=Tracks)
    gate: Gate = field(default_factory=Gate)
    people: Detections = NOTHING
    grey: Grey | None = None
    narrow: Image | None = None
    """The last frame as wide as evidence is, where that lay on the way to the small grey one."""
    health: Health = field(default_factory=Health)
    movers: Movers = field(default_factory=Movers)
    things: LeftThings = field(default_factory=LeftThings)
    flames: Flames = field(default_factory=Flames)
    smoke: Smoke = field(default_factory=Smoke)
    plane: GroundPlane | None = None
    trail: Trail = field(default_factory=Trail)
    moved: bool = False
    asked: tuple[Rule, ...] = ()
    """The rules of the last look."""
    at: Second = 0.0
    sighted: Second = 0.0
    """When the picture last said something of who is there."""
    outside: frozenset[str] = frozenset()
    """Rules whose zone is not in the picture, in the size it came in last."""
    looks: int = 0
    detections: int = 0
    size: Size = (0, 0)
    """Of the last frame; zones drawn on the picture in another size are brought to it."""

    @property
    def unavailable(self) -> Mapping[str, Text]:
        """Rules that cannot be asked here and why, by id: they find nothing, and that is no finding."""
        lacking = {Needs.PEOPLE, Needs.EQUIPMENT} if self.detector is None else set()
        lacking |= {Needs.EQUIPMENT} if self.classifier is None else set()
        known = () if self.classifier is None else self.classifier.things
        found = {}
        for one in self.rules:
            needs = kinds()[one.kind].needs
            if needs in lacking or (needs is Needs.EQUIPMENT and THING[one.kind] not in known):
                found[one.id] = MISSING[needs]
            elif one.id in self.outside:
                found[one.id] = OUTSIDE
        return found

    def see(self, at: Second, frame: Image) -> list[Change]:
        """One frame looked at: what was raised or ended by it."""
        last, self.at, self.looks = self.at, at, self.looks + 1
        gone: list[Change] = []
        if self.size != (frame.shape[1], frame.shape[0]):
            self.size = (frame.shape[1], frame.shape[0])
            self.rules, self.gate.looked = _brought(self.rules, self.size), None
            self.outside = _outside(self.rules, self.size)
            gone = ended(tuple(one for one in self.rules if one.id in self.outside), self.memories, at)
        unavailable, opened = self.unavailable, True
        asked = tuple(one for one in self.rules if one.id not in unavailable) if unavailable else self.rules
        wanted = {one.kind for one in asked}
        self.narrow = halfway(frame, EVIDENCE, GREY)
        self.grey = grey = small(frame if self.narrow is None else self.narrow)
        faults = self.health.seen(at, grey)
        self.moved = Kind.MOVED.value in faults
        people: Detections | None = None
        equipment: dict[str, dict[int, float]] = {}
        if self.detector is not None and any(
            one is Kind.LEFT_OBJECT or kinds()[one].needs is not Needs.PICTURE for one in wanted
        ):
            opened = self.gate.opens(at, grey)
            if opened:
                before, self.detections = _sure(self.people), self.detections + 1
                self.people = self.detector.detect(frame).of("person", JOINS)
                if _sure(self.people) != before:
                    self.gate.calm = 0  # who was overlooked once is not gone for long
            people = self.people
            self.tracks = followed(self.tracks, at, people) if opened else stayed(self.tracks, last, at)
            if self.plane is not None:
                self.trail.add(at, self.tracks.tracks)
            if opened and any(kinds()[one].needs is Needs.EQUIPMENT for one in wanted):
                equipment = self._equipment(at, frame)
        look = Look(
            at=at, size=self.size, people=people, tracks=self.tracks.tracks, still=not opened and asked == self.asked,
            movers=self.movers.look(at, grey, scale_of(frame.shape[1])) if Kind.MOVEMENT in wanted else (),
            left=self.things.look(at, frame, people) if Kind.LEFT_OBJECT in wanted else (),
            flames=self.flames.look(at, frame) if Kind.FIRE in wanted else (),
            smoke=self.smoke.look(at, frame) if Kind.SMOKE in wanted else (),
            faults=faults, healthy=not faults.keys() & BLIND, equipment=equipment,
        )  # fmt: skip
        self.sighted = at if look.healthy else self.sighted
        self.asked = asked
        self.memories, changes = watched(asked, self.memories, look)
        return gone + changes

    def _equipment(self, at: Second, frame: Image) -> dict[str, dict[int, float]]:
        """What the people seen in this frame wear, of those who can be judged."""
        assert self.classifier is not None
        size = (frame.shape[1], frame.shape[0])
        seen = [one for one in self.tracks.tracks if one.seen == at and one.confirmed() and judged(one.box, size)]
        if not seen:
            return {}
        worn = self.classifier.worn(frame, np.stack([one.box for one in seen]))
        return {
            thing: {one.id: float(p) for one, p in zip(seen, worn[:, n], strict=True)}
            for n, thing in enumerate(self.classifier.things)
        }

    def placed(self, change: Change) -> Placed:
        """Where on the ground stands what this look raised."""
        return placed(change, self.plane, self.size, self.trail, moved=self.moved)

    def take(self, rules: tuple[Rule, ...], plane: GroundPlane | None) -> list[Rule]:
        """Watch by other rules from now on; those that were changed or are gone and of whom an event ran.

        A rule that stays as it was remembers what it saw.
        """
        rules = _brought(rules, self.size) if self.size != (0, 0) else rules
        same = {one.id for one in rules if one in self.rules}
        broken = [one for one in self.rules if one.id not in same and self._runs(one.id)]
        self.memories = {key: one for key, one in self.memories.items() if key in same}
        self.rules, self.plane = rules, plane
        self.outside = _outside(rules, self.size) if self.size != (0, 0) else frozenset()
        return broken

    def lose(self, now: Second, longest: Second) -> list[Rule]:
        """Events that ran and of which nobody knows any more whether they go on, for the camera has shown nothing for
        so long, or nothing but black, a cover or one picture: what holds later is raised anew."""
        away = now - self.at > longest
        if not away and now - self.sighted <= longest:
            return []
        lost = [one for one in self.rules if self._runs(one.id) and (away or one.kind not in FAULTS)]
        for one in lost:
            self.memories[one.id] = replace(self.memories[one.id], episode=Episode())
        return lost

    def _runs(self, rule: str) -> bool:
        return rule in self.memories and self.memories[rule].episode.raised is not None

    def end(self) -> list[Change]:
        """Events that run when the stream ends."""
        return ended(self.rules, self.memories, self.at)


def _sure(people: Detections) -> int:
    return int(np.count_nonzero(people.scores >= LEAST))


def _outside(rules: tuple[Rule, ...], size: Size) -> frozenset[str]:
    return frozenset(one.id for one in rules if one.kind not in FAULTS and not one.zone.shown(size))


def _brought(rules: tuple[Rule, ...], size: Size) -> tuple[Rule, ...]:
    return tuple(replace(one, zone=one.zone.of(size)) for one in rules)
