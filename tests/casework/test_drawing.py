"""The draw: nobody who avoids, two different officers, by weight, the same again from seed and inputs in any order."""

import hashlib
import hmac
from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.drawing import METHOD, Avoided, Candidate, Inputs, Officer, drawn, inputs_of, lot

AREAS, SECTORS = ("990106201", "990106202"), ("hazchem", "machine", "trade")
SEED = "5eed" * 16


def unit(n: int, weight: int = 1, **more: str) -> Candidate:
    plain = {"area": AREAS[0], "sector": "hazchem", "risk": "", "checked": "", "name": f"企业{n}"}
    return Candidate(key=f"U{n:03d}", weight=weight, **{**plain, **more})


def officer(n: int, **more: str) -> Officer:
    return Officer(no=f"ZF{n:02d}", name=f"人员{n}", area=more.get("area", "990106"), out=more.get("out", ""))


def inputs(units: int, candidates: list[Candidate], officers: list[Officer], *avoided: Avoided) -> Inputs:
    return Inputs(
        units=units, each=2, candidates=tuple(candidates), officers=tuple(officers), avoided=tuple(avoided)
    )  # fmt: skip


UNITS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 1), st.integers(0, 2), st.integers(0, 3)), min_size=1,
                 max_size=16)  # fmt: skip
PEOPLE = st.lists(st.tuples(st.sampled_from(["990106", *AREAS]), st.integers(0, 7), st.integers(0, 3)), max_size=7)
AWAY = st.sets(st.tuples(st.integers(0, 6), st.integers(0, 15)), max_size=9)


@st.composite
def some(draw: st.DrawFn) -> Inputs:
    """Units and officers of several areas and industries, some out, some avoided; as many asked for as there may be."""
    candidates = [unit(n, weight, area=AREAS[area], sector=SECTORS[sector], out="" if out else "closed")
                  for n, (weight, area, sector, out) in enumerate(draw(UNITS))]  # fmt: skip
    officers = [replace(officer(n, area=area, out="" if out else "expired"), sectors=_chosen(bits))
                for n, (area, bits, out) in enumerate(draw(PEOPLE))]  # fmt: skip
    away = [Avoided(no=f"ZF{no:02d}", key=f"U{key:03d}", why="relative") for no, key in sorted(draw(AWAY))]
    found = inputs(0, candidates, officers, *away)
    return replace(found, units=draw(st.integers(0, len(found.standing))))


def _chosen(bits: int) -> tuple[str, ...]:
    return tuple(one for n, one in enumerate(SECTORS) if bits >> n & 1 and bits < 7)


@given(found=some(), seed=st.binary(min_size=16, max_size=32).map(bytes.hex), order=st.integers(0, 999))
@settings(max_examples=60)
def test_whatever_is_drawn_may_be_and_is_the_same_again_from_any_order(found: Inputs, seed: str, order: int) -> None:
    picks = drawn(found, seed)
    away = {(one.no, one.key) for one in found.avoided}
    assert len({one.unit.key for one in picks}) == found.units == len(picks)
    for one in picks:
        first, second = one.officers
        assert first.no != second.no
        assert one.unit.weight > 0
        assert not one.unit.out
        for person in one.officers:
            assert (person.no, one.unit.key) not in away
            assert not person.out
            assert one.unit.area.startswith(person.area)
            assert not person.sectors or one.unit.sector in person.sectors
    shuffled = [list(part) for part in (found.candidates, found.officers, found.avoided)]
    for part in shuffled:
        Random(order).shuffle(part)
    candidates, officers, avoided = (tuple(part) for part in shuffled)
    again = replace(found, candidates=candidates, officers=officers, avoided=avoided)
    assert (again.digest, drawn(again, seed)) == (found.digest, picks)
    kept = inputs_of(found.body)
    assert (kept.body, drawn(kept, seed)) == (found.body, picks)
    with pytest.raises(ValueError, match="units stand"):
        drawn(replace(found, units=len(found.standing) + 1), seed)


def test_the_method_is_as_it_is_written_down() -> None:
    """One draw done again from the words of the method alone, with nothing of its code."""
    weights = {"U001": 8, "U002": 1, "U003": 4, "U004": 2}
    found = inputs(3, [unit(int(key[1:]), weight) for key, weight in weights.items()], [officer(n) for n in range(4)])

    def below(label: str, most: int) -> int:
        for count in range(100):
            told = hmac.new(bytes.fromhex(SEED), f"{label}:{count}".encode(), hashlib.sha256).digest()[:16]
            if (number := int(told.hex(), 16)) < 2**128 - 2**128 % most:
                return number % most
        raise AssertionError

    left, load, expected = dict(weights), Counter({f"ZF{n:02d}": 0 for n in range(4)}), []
    for k in (1, 2, 3):
        tickets = [key for key in sorted(left) for _ in range(left[key])]
        chosen = tickets[below(f"unit:{k}", len(tickets))]
        del left[chosen]
        pair: list[str] = []
        for j in (1, 2):
            fewest = min(load[no] for no in load if no not in pair)
            idle = sorted(no for no in load if no not in pair and load[no] == fewest)
            pair.append(idle[below(f"officer:{k}:{j}", len(idle))])
        load.update(pair)
        expected.append("|".join((str(k), chosen, *pair)))
    assert [str(one) for one in drawn(found, SEED)] == expected
    assert METHOD.encode() in found.body


def test_a_unit_is_drawn_as_often_as_its_weight_has_it() -> None:
    found = inputs(1, [unit(1, 8), unit(2, 4), unit(3, 2), unit(4, 1), unit(5, 0)], [officer(1), officer(2)])
    counts = Counter(drawn(found, f"{n:032x}")[0].unit.key for n in range(3000))
    for key, weight in (("U001", 8), ("U002", 4), ("U003", 2), ("U004", 1)):
        share = weight / 15
        assert counts[key] == pytest.approx(3000 * share, abs=4 * (3000 * share * (1 - share)) ** 0.5)
    assert "U005" not in counts


def test_a_unit_that_fewer_than_two_officers_are_left_for_is_out_and_says_so() -> None:
    away = Avoided(no="ZF01", key="U001", why="employed")
    found = inputs(1, [unit(1, 9), unit(2, 1)], [officer(1), officer(2)], away)
    assert [(one.key, out) for one, _, out in found.judged] == [("U001", "officers"), ("U002", "")]
    assert drawn(found, SEED)[0].unit.key == "U002"


def test_work_is_shared_evenly_among_officers_who_may_do_it() -> None:
    found = inputs(20, [unit(n, 1 + n % 4) for n in range(40)], [officer(n) for n in range(8)])
    load = Counter(person.no for one in drawn(found, SEED) for person in one.officers)
    assert set(load.values()) == {5}


def test_lots_stay_below_and_another_seed_draws_otherwise() -> None:
    assert {lot(b"k", f"unit:{n}", 3) for n in range(60)} == {0, 1, 2}
    found = inputs(10, [unit(n) for n in range(60)], [officer(n) for n in range(6)])
    assert drawn(found, SEED) != drawn(found, "00" * 32)
    with pytest.raises(ValueError, match="twice"):
        drawn(inputs(1, [unit(1), unit(1)], [officer(1), officer(2)]), SEED)
    with pytest.raises(ValueError, match="no inputs of a draw"):
        inputs_of(b"[]")
