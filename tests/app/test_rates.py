from hypothesis import given
from hypothesis import strategies as st

from app.auth import rates
from app.auth.rates import Rates


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@given(st.integers(1, 5), st.lists(st.floats(0, 40), max_size=60))
def test_no_window_holds_more_than_may_be_and_nothing_is_refused_without_need(most: int, pauses: list[float]) -> None:
    clock, let_in = Clock(), list[float]()
    kept = Rates(clock)
    for pause in pauses:
        clock.now += pause
        of_late = sum(time + rates.MINUTE > clock.now for time in let_in)
        wait = kept.wait("key", "a", most=most)
        assert (wait == 0) == (of_late < most)
        assert wait == (0 if of_late < most else let_in[-most] + rates.MINUTE - clock.now)
        assert kept.hit("key", "a", most=most) == (of_late < most)
        if of_late < most:
            let_in.append(clock.now)


def test_names_do_not_count_for_each_other() -> None:
    kept = Rates(Clock())
    assert kept.hit("key", "a", most=1)
    assert kept.hit("key", "b", most=1)
    assert not kept.hit("key", "a", most=1)


def test_names_of_long_ago_are_not_kept_and_those_of_late_are() -> None:
    clock = Clock()
    kept = Rates(clock)
    for number in range(rates.FEWEST):
        clock.now += 0.1
        kept.hit(str(number), most=1)
    clock.now += rates.MINUTE - 1
    kept.hit("last", most=1)
    assert not kept.hit(str(rates.FEWEST - 1), most=1)
    assert len(kept._kept) < 20
