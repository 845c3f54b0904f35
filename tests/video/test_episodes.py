"""One event per episode, whatever the condition does between looks."""

from hypothesis import given
from hypothesis import strategies as st

from video.episodes import Episode, Timing, Turn, advanced

HOLDING = st.lists(st.booleans(), max_size=120)
TIMING = st.builds(Timing, after=st.floats(0, 5), bridge=st.floats(0, 2), clear=st.floats(0.2, 5))


def turns(holding: list[bool], timing: Timing, step: float = 0.2) -> list[tuple[float, Turn, Episode]]:
    """What changed, at which second."""
    episode, found = Episode(), []
    for n, holds in enumerate(holding):
        after, turn = advanced(episode, n * step, holds, timing)
        if turn is not Turn.NONE:
            found.append((n * step, turn, after))
        episode = Episode() if turn is Turn.ENDED else after
    return found


@given(holding=HOLDING, timing=TIMING)
def test_raised_and_ended_take_turns_and_no_event_is_raised_before_its_time(
    holding: list[bool], timing: Timing
) -> None:
    found = turns(holding, timing)
    assert [turn for _, turn, _ in found] == [Turn.RAISED, Turn.ENDED] * (len(found) // 2) + [Turn.RAISED] * (
        len(found) % 2
    )
    for at, turn, episode in found:
        assert episode.began is not None
        if turn is Turn.RAISED:
            assert at - episode.began >= timing.after
            assert holding[round(episode.began / 0.2)]
        else:
            assert episode.held is not None
            assert at - episode.held >= timing.clear


def test_a_condition_that_trembles_is_one_event() -> None:
    trembling = ([True] * 4 + [False] * 2) * 10 + [False] * 20
    assert [turn for _, turn, _ in turns(trembling, Timing(after=2.0, bridge=0.6, clear=2.0))] == [
        Turn.RAISED, Turn.ENDED,
    ]  # fmt: skip


def test_a_condition_that_is_away_longer_than_its_bridge_begins_anew() -> None:
    found = turns([True] * 5 + [False] * 5 + [True] * 20, Timing(after=2.0, bridge=0.4, clear=2.0))
    assert [(round(at, 1), turn) for at, turn, _ in found] == [(4.0, Turn.RAISED)]


@given(step=st.floats(0.2, 2.9), after=st.floats(0, 20))
def test_what_holds_at_every_look_is_raised_in_its_time_however_seldom_is_looked(step: float, after: float) -> None:
    found = turns([True] * 120, Timing(after=after, bridge=0.3, clear=0.3), step)
    assert [turn for _, turn, _ in found] == [Turn.RAISED]
    assert after <= found[0][0] < after + step + 1e-6


def test_a_stream_that_was_lost_meanwhile_begins_anew() -> None:
    timing, episode = Timing(after=5.0, bridge=1.0, clear=1.0), Episode()
    for at in (0.0, 2.0, 62.0, 64.0):
        episode, turn = advanced(episode, at, holds=True, timing=timing)
        assert (turn, episode.raised) == (Turn.NONE, None)
    assert episode.began == 62.0
