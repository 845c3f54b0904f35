"""The double-random draw (双随机): units by weight and officers by lot, from a seed, the same for the same inputs.

Method `onemap-draw-1`, whole numbers throughout, so that it can be done again in any language:

1. Units are put in the order of their keys, officers in the order of their certificates. A unit is out that is given a
   reason, has weight 0, or for which fewer officers than needed are left: one that is not out, whose areas (prefixes of
   the unit's area) and industries (none: all) cover the unit, and who does not avoid it.
2. A lot `below(n)` with a label is HMAC-SHA256 with the seed as key over the label, ":" and a count from 0 in decimal;
   its first 16 bytes are a number, big end first; while it is 2^128 - (2^128 mod n) or more the count grows by one;
   then it is taken modulo n.
3. The k-th unit (from 1): the lot labelled `unit:k` below the sum of the weights left; the unit is the first whose
   weights, added up in order, exceed the lot; it is left out from then on.
4. Its officers: of those left for it, the ones with the fewest units so far, in order; the lot labelled
   `officer:k:j` (j from 1) below their number is the place of the j-th; it is left out for this unit.
"""

import hmac
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

import orjson

from core.canonical import canonical_json, sha256

METHOD = "onemap-draw-1"
SPACE = 1 << 128
NO_OFFICERS, WEIGHTLESS = "officers", "weight"
"""Why a unit is out that nothing else takes out (code list `draw_out`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A unit that might be drawn; `out` is the reason why it is not (code list `draw_out`)."""

    key: str
    name: str
    area: str
    sector: str
    risk: str
    checked: str
    weight: int
    out: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """An officer of enforcement; `out` is why none of the units may be theirs (code list `draw_out`)."""

    no: str
    name: str
    area: str
    sectors: tuple[str, ...] = ()
    out: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Avoided:
    """An officer who stays away from a unit, and why (code list `avoidance_kind`)."""

    no: str
    key: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """All a draw depends on but its seed."""

    units: int
    each: int
    candidates: tuple[Candidate, ...]
    officers: tuple[Officer, ...]
    avoided: tuple[Avoided, ...]

    @cached_property
    def body(self) -> bytes:
        """The inputs as canonical JSON, in one order whatever the order they came in."""
        units = [_as_list(one, UNIT) for one in sorted(self.candidates, key=lambda one: one.key)]
        officers = [_as_list(one, PERSON) for one in sorted(self.officers, key=lambda one: one.no)]
        avoided = sorted([one.no, one.key, one.why] for one in self.avoided)
        return canonical_json({
            "method": METHOD, "units": self.units, "each": self.each, "candidate_fields": UNIT, "candidates": units,
            "officer_fields": PERSON, "officers": officers, "avoided_fields": AWAY, "avoided": avoided,
        })  # fmt: skip

    @cached_property
    def digest(self) -> str:
        """The hash of the inputs."""
        return sha256(self.body)

    @cached_property
    def standing(self) -> tuple[tuple[Candidate, tuple[Officer, ...]], ...]:
        """Units that can be drawn with the officers left for each, in order."""
        return tuple((one, found) for one, found, out in self.judged if not out)

    @cached_property
    def judged(self) -> tuple[tuple[Candidate, tuple[Officer, ...], str], ...]:
        """Every unit in order with the officers left for it, and why it is out (blank: it is not)."""
        away: dict[str, set[str]] = {}
        for one in self.avoided:
            away.setdefault(one.key, set()).add(one.no)
        at_work = sorted((one for one in self.officers if not one.out), key=lambda one: one.no)
        covering: dict[tuple[str, str], tuple[Officer, ...]] = {}
        found = []
        for unit in sorted(self.candidates, key=lambda one: one.key):
            place = (unit.area, unit.sector)
            if place not in covering:
                covering[place] = tuple(one for one in at_work if _covers(one, *place))
            absent = away.get(unit.key, set())
            left = tuple(one for one in covering[place] if one.no not in absent)
            few = NO_OFFICERS if len(left) < self.each else ""
            found.append((unit, left, unit.out or ("" if unit.weight > 0 else WEIGHTLESS) or few))
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A unit drawn: its place in the draw, its weight and the sum it was drawn from, and its officers."""

    place: int
    unit: Candidate
    of_weight: int
    officers: tuple[Officer, ...]

    def __str__(self) -> str:
        return "|".join((str(self.place), self.unit.key, *(one.no for one in self.officers)))


UNIT = ("key", "name", "area", "sector", "risk", "checked", "weight", "out")
PERSON = ("no", "name", "area", "sectors", "out")
AWAY = ("no", "key", "why")


def drawn(inputs: Inputs, seed: str) -> tuple[Pick, ...]:
    """The units and their officers; `seed` in hexadecimal. ValueError where fewer units stand than are asked for."""
    standing = list(inputs.standing)
    if len({one.key for one in inputs.candidates}) < len(inputs.candidates):
        raise ValueError("a unit is listed twice")
    if len({one.no for one in inputs.officers}) < len(inputs.officers):
        raise ValueError("an officer is listed twice")
    if len(standing) < inputs.units:
        raise ValueError(f"{len(standing)} units stand, {inputs.units} are asked for")
    key = bytes.fromhex(seed)
    load: dict[str, int] = {}
    picks = []
    for place in range(1, inputs.units + 1):
        sums = list(accumulate(unit.weight for unit, _ in standing))
        unit, left = standing.pop(bisect_right(sums, lot(key, f"unit:{place}", sums[-1])))
        officers: list[Officer] = []
        for turn in range(1, inputs.each + 1):
            others = [one for one in left if one not in officers]
            least = min(load.get(one.no, 0) for one in others)
            idle = [one for one in others if load.get(one.no, 0) == least]
            officers.append(idle[lot(key, f"officer:{place}:{turn}", len(idle))])
        for one in officers:
            load[one.no] = load.get(one.no, 0) + 1
        picks.append(Pick(place=place, unit=unit, of_weight=sums[-1], officers=tuple(officers)))
    return tuple(picks)


def lot(key: bytes, label: str, below: int) -> int:
    """A number from 0 to below one, each as likely as another."""
    most = SPACE - SPACE % below
    count = 0
    while True:
        number = int.from_bytes(hmac.digest(key, f"{label}:{count}".encode(), "sha256")[:16], "big")
        if number < most:
            return number % below
        count += 1


def inputs_of(body: bytes) -> Inputs:
    """Inputs as they were kept. ValueError where it is no such file."""
    try:
        told: dict[str, Any] = orjson.loads(body)
        if told["method"] != METHOD:
            raise ValueError(f"made by {told['method']}, not {METHOD}")
        return Inputs(
            units=told["units"], each=told["each"],
            candidates=tuple(Candidate(**dict(zip(UNIT, one, strict=True))) for one in told["candidates"]),
            officers=tuple(_officer(dict(zip(PERSON, one, strict=True))) for one in told["officers"]),
            avoided=tuple(Avoided(**dict(zip(AWAY, one, strict=True))) for one in told["avoided"]),
        )  # fmt: skip
    except (KeyError, TypeError) as error:
        raise ValueError(f"no inputs of a draw: {error}") from error


def why_avoided(inputs: Inputs) -> Mapping[str, Sequence[Avoided]]:
    """Who stays away from each unit, and why."""
    found: dict[str, list[Avoided]] = {}
    for one in inputs.avoided:
        found.setdefault(one.key, []).append(one)
    return found


def _covers(one: Officer, area: str, sector: str) -> bool:
    return area.startswith(one.area) and (not one.sectors or sector in one.sectors)


def _officer(told: dict[str, Any]) -> Officer:
    return Officer(**{**told, "sectors": tuple(told["sectors"])})


def _as_list(one: Candidate | Officer, names: tuple[str, ...]) -> list[Any]:
    return [list(value) if isinstance(value := getattr(one, name), tuple) else value for name in names]
